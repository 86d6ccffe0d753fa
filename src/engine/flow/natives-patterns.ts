/** What a pattern that is known lets through: `re.match(r'(\d+)', text).group(1)` holds nothing but digits. */
import { has } from '../regex/charset.ts';
import { parseRegex } from '../regex/parse.ts';
import { charactersOfGroup } from '../regex/questions.ts';
import type { Regex } from '../regex/syntax.ts';
import type { Frame } from './frame.ts';
import { kindsWithout } from './guards-pattern.ts';
import type { Native } from './native.ts';
import {
  type CallRecord,
  type ConstantValue,
  cleaned,
  constantOf,
  makeValue,
  NO_TAINT,
  type Taint,
  tainted,
  UNKNOWN,
  type Value,
} from './values.ts';

/** Whether what a function is called on is a compiled pattern; else it is the module `re`. */
function isCompiled(receiver: Value | null): receiver is Value {
  return receiver?.shape.kind === 'instance';
}

/** The pattern that is given first to a function of `re`, or to the `re.compile` that made the receiver. */
function patternOf(receiver: Value | null, positional: readonly Value[]): Regex | undefined {
  const compiled = receiver?.shape.kind === 'instance' ? receiver.shape.madeBy : null;
  if (isCompiled(receiver) && !compiled) return undefined;
  const pattern = compiled ? compiled.positional[0] : positional[0];
  const text = pattern && constantOf(pattern);
  if (typeof text !== 'string') return undefined;
  let regex = known.get(text);
  if (regex === undefined) {
    // Flags may let a dot match line breaks.
    const parsed = parseRegex(text, { dotAll: true });
    regex = parsed.ok ? parsed.regex : null;
    if (known.size >= MOST_PATTERNS) known.clear();
    known.set(text, regex);
  }
  return regex ?? undefined;
}

/** Functions are run several times, with the same patterns. */
const known = new Map<string, Regex | null>();
const MOST_PATTERNS = 1000;

/** The pattern of the call that made a match. */
function patternOfMatch(match: Value | null): Regex | undefined {
  const record: CallRecord | null = match?.shape.kind === 'instance' ? match.shape.madeBy : null;
  return record ? patternOf(record.receiver, record.positional) : undefined;
}

function groupValue(regex: Regex, group: number | string, taint: Taint): Value {
  if (taint.length === 0) return UNKNOWN;
  const characters = charactersOfGroup(regex, group);
  return tainted(
    characters ? cleaned(taint, kindsWithout({ has: (codePoint) => has(characters, codePoint) })) : taint,
  );
}

/** `match.group(which)`, `match[which]`; undefined where nothing is known of the pattern. */
export function matchedGroup(
  frame: Frame,
  match: Value,
  which: ConstantValue | undefined,
): Value | undefined {
  const regex = patternOfMatch(match);
  if (!regex || (typeof which !== 'number' && typeof which !== 'string')) return undefined;
  return groupValue(regex, which, frame.taintOf(match));
}

const group: Native = (frame, args, _node, match) => {
  const [first] = args.positional;
  if (!match || args.positional.length > 1) return undefined;
  return matchedGroup(frame, match, first ? constantOf(first) : 0);
};

const groups: Native = (frame, _args, _node, match) => {
  const regex = patternOfMatch(match);
  if (!match || !regex) return undefined;
  const taint = frame.taintOf(match);
  const elements = Array.from({ length: regex.groupCount }, (_, i) => groupValue(regex, i + 1, taint));
  return makeValue({ kind: 'tuple', elements });
};

/** `re.findall(pattern, text)`: the only group of each match, or all of it. */
const findAll: Native = (frame, args, node, compiled) => {
  const regex = patternOf(compiled, args.positional);
  const subject = args.positional[isCompiled(compiled) ? 0 : 1];
  if (!regex || !subject || regex.groupCount > 1) return undefined;
  const rest = groupValue(regex, regex.groupCount, frame.taintOf(subject));
  return frame.make(node, { kind: 'list', elements: [], rest }, NO_TAINT);
};

/** `re.finditer(pattern, text)`: matches like those of `re.match`. */
const findEach: Native = (frame, args, node, compiled) => {
  const subject = args.positional[isCompiled(compiled) ? 0 : 1];
  if (!subject) return undefined;
  const madeBy: CallRecord = {
    node,
    callee: isCompiled(compiled) ? 're.Pattern.finditer' : 're.finditer',
    module: frame.module,
    receiver: compiled,
    positional: args.positional,
    keywords: args.keywords,
  };
  const match = frame.program.api.lookup('re.Match');
  const rest = makeValue({ kind: 'instance', node: match, madeBy }, frame.taintOf(subject));
  return frame.make(node, { kind: 'list', elements: [], rest }, NO_TAINT);
};

export const PATTERN_NATIVES: readonly (readonly [string, Native])[] = [
  ['re.Match.group', group],
  ['re.Match.groups', groups],
  ['re.findall', findAll],
  ['re.Pattern.findall', findAll],
  ['re.finditer', findEach],
  ['re.Pattern.finditer', findEach],
];
