import type { Flags, MatchMode } from '../../regex/syntax.ts';
import type { Node } from '../../syntax/ast.ts';
import type { CallView } from '../views.ts';

/** The pattern that a call of `re` (or of the `regex` module) uses, as far as it is a constant. */
export interface UsedRegex {
  readonly pattern: string;
  readonly mode: MatchMode;
  readonly flags: Flags;
  /** Where the pattern stands in this call, or the call where it was compiled before. */
  readonly node: Node;
}

/** Functions of `re` that take a pattern: https://docs.python.org/3/library/re.html#functions */
export const PATTERN_CALLS = [
  'compile',
  'match',
  'search',
  'fullmatch',
  'sub',
  'subn',
  'split',
  'findall',
  'finditer',
].flatMap((name) => [`re.${name}`, `regex.${name}`]);

/** The pattern given to a call of `re`, or with which the receiver was compiled. */
export function regexOf(call: CallView): UsedRegex | undefined {
  const source = call.callee.startsWith('re.Pattern.') ? call.receiver?.madeBy : call;
  const value = source?.argument(0, 'pattern');
  if (!source || typeof value?.constant !== 'string') return undefined;
  const node = source.argumentNode(0, 'pattern');
  // A parameter: the pattern belongs to the caller.
  if (node?.kind === 'Name' && call.function?.node.params.some(({ name }) => name === node.id))
    return undefined;
  return {
    pattern: value.constant,
    mode: call.name === 'match' ? 'match' : call.name === 'fullmatch' ? 'fullmatch' : 'search',
    flags: { ...flagsOf(source), ...(value.isBytes ? { ascii: true } : {}) },
    node: node ?? call.node,
  };
}

/** The position of `flags` in each function; in the others it is the third argument. */
const FLAGS_POSITION: Readonly<Record<string, number>> = { compile: 1, split: 3, sub: 4, subn: 4 };

export const NO_FLAGS: Flags = {
  ignoreCase: false,
  multiline: false,
  dotAll: false,
  verbose: false,
  ascii: false,
};

/** Read from the source: `re.I | re.DOTALL` is no constant. */
function flagsOf(call: CallView): Flags {
  const node = call.argumentNode(FLAGS_POSITION[call.name] ?? 2, 'flags');
  if (!node) return NO_FLAGS;
  const written = call.sourceOf(node);
  const has = (names: string) => new RegExp(`\\b(${names})\\b`).test(written);
  return {
    ignoreCase: has('I|IGNORECASE'),
    multiline: has('M|MULTILINE'),
    dotAll: has('S|DOTALL'),
    verbose: has('X|VERBOSE'),
    ascii: has('A|ASCII'),
  };
}
