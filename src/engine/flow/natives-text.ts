/** Functions on texts and addresses whose result the interpreter computes itself. */
import type { Call, Subscript } from '../syntax/ast.ts';
import type { Frame } from './frame.ts';
import { charactersAfter, kindsWithout } from './guards-pattern.ts';
import { KindSet } from './kinds.ts';
import { knownElements } from './sequences.ts';
import {
  type Arguments,
  cleaned,
  constant,
  constantOf,
  joinTaint,
  makeValue,
  NO_TAINT,
  tainted,
  templateOf,
  textOf,
  type Value,
} from './values.ts';

const ELSEWHERE = KindSet.of('url', 'redirect');

/** `re.sub('[^a-z]', '', text)`: what is left holds none of these characters. Undefined: nothing is known. */
export function substituted(
  frame: Frame,
  pattern: Value | undefined,
  replacement: Value | undefined,
  text: Value | undefined,
): Value | undefined {
  const source = pattern && constantOf(pattern);
  const put = replacement && constantOf(replacement);
  if (typeof source !== 'string' || typeof put !== 'string' || !text || /\\/.test(put)) return undefined;
  const left = charactersAfter(source, put);
  return left && tainted(cleaned(frame.taintOf(text), kindsWithout(left)));
}

/** `dedent(text)`: the margin that all lines have in common is gone. */
export function dedented(frame: Frame, args: Arguments): Value | undefined {
  const [text] = args.positional;
  const template = text && templateOf(text);
  if (!text || template === undefined) return undefined;
  const margins = [...template.matchAll(/^([ \t]*)[^ \t\n]/gm)].map(([, margin]) => margin!.length);
  const margin = Math.min(...margins);
  const lines = Number.isFinite(margin)
    ? template.replace(new RegExp(`^[ \\t]{${margin}}`, 'gm'), '')
    : template;
  return textOf(lines, frame.taintOf(text));
}

/** `urlunsplit(('', '', path, query, ''))`: an address without a host leads to this one. */
export function joinedAddress(frame: Frame, args: Arguments): Value | undefined {
  const [parts] = args.positional;
  const host = parts && knownElements(frame, parts)?.[1];
  if (!parts || !host) return undefined;
  const taint = frame.taintOf(parts);
  return tainted(
    constantOf(host) !== undefined || host.taint.length === 0 ? cleaned(taint, ELSEWHERE) : taint,
  );
}

/** `urlparse(target)._replace(netloc='')`; where the host is kept, the other parts stay behind it. */
export function replacedParts(frame: Frame, args: Arguments, receiver: Value | null): Value | undefined {
  if (!receiver || args.extraKeywords) return undefined;
  const host = args.keywords.get('netloc');
  let taint = host && host.taint.length === 0 ? cleaned(receiver.taint, ELSEWHERE) : receiver.taint;
  for (const [part, value] of args.keywords) {
    const given = frame.taintOf(value);
    taint = joinTaint(taint, part === 'netloc' ? given : cleaned(given, ELSEWHERE));
  }
  return { shape: receiver.shape, taint };
}

/** The parts of a split address as a list: scheme, host, path and three more, each as outside as the whole. */
export function addressParts(value: Value): readonly Value[] | undefined {
  if (value.shape.kind !== 'instance' || value.shape.node.path !== 'urllib.parse.ParseResult')
    return undefined;
  return Array.from({ length: 6 }, () => tainted(value.taint.length > 0 ? value.taint : NO_TAINT));
}

const NO_SEPARATOR = KindSet.of('path', 'archive-member');

/** `os.path.splitext(name)`: the extension has no separator in it. */
export function splitExtension(frame: Frame, args: Arguments): Value | undefined {
  const [name] = args.positional;
  const taint = name && frame.taintOf(name);
  if (!taint || taint.length === 0) return undefined;
  return makeValue({ kind: 'tuple', elements: [tainted(taint), tainted(cleaned(taint, NO_SEPARATOR))] });
}

/** `name.rsplit('.', 1)[-1]`: behind the last dot nothing leads to a directory above. */
export function isExtension(node: Subscript): boolean {
  const { value, index } = node;
  return (
    value.kind === 'Call' &&
    value.func.kind === 'Attribute' &&
    /^r?(split|partition)$/.test(value.func.attr) &&
    value.args[0]?.kind === 'Str' &&
    value.args[0].value === '.' &&
    (index.kind === 'UnaryOp' || (value.func.attr.startsWith('r') && index.kind === 'Num' && index.value > 0))
  );
}

/** The last piece of a name, as an extension. */
export function extensionOf(value: Value): Value {
  return value.taint.length > 0 ? { shape: value.shape, taint: cleaned(value.taint, NO_SEPARATOR) } : value;
}

/**
 * `f'ping {host}'.split()`, `shlex.split('ping ' + host)`: the words before the first that is not known. Outside
 * input is none of them, so it does not choose the program.
 */
export function splitWords(frame: Frame, text: Value, node: Call): Value | undefined {
  const template = templateOf(text);
  if (template === undefined) return undefined;
  const [known = ''] = template.split('\0', 1);
  const whole = known === template ? known : known.slice(0, known.search(/\S*$/));
  const elements = whole.split(/\s+/).filter((word) => word !== '');
  if (elements.length === 0 || elements.length > 50 || /['"\\]/.test(whole)) return undefined;
  const list = elements.map((word) => constant(word));
  // All that follows counts as one word.
  if (known !== template) list.push(tainted(frame.taintOf(text)));
  return frame.make(node, { kind: 'list', elements: list, rest: null }, NO_TAINT);
}
