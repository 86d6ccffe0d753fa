/** Operators on abstract values: constants are folded, texts keep what is known of them, taint passes on. */
import { kindsOf } from '../libraries/api.ts';
import type { BinaryOperator, Node } from '../syntax/ast.ts';
import { HOST } from './addresses.ts';
import { isHarmless } from './annotations.ts';
import { mappingOf } from './containers.ts';
import type { Frame } from './frame.ts';
import { PATH } from './guards-path.ts';
import { KindSet, NUMBER_IS_HARMLESS } from './kinds.ts';
import { makeSequence, SequenceBuilder, sequenceOf } from './sequences.ts';
import { asText, operated } from './special-methods.ts';
import { anyOf, joinObject } from './state.ts';
import {
  cleaned,
  constant,
  constantOf,
  join,
  joinTaint,
  makeValue,
  NO_TAINT,
  optionsOf,
  PLAIN,
  stepped,
  type Taint,
  tainted,
  templateOf,
  textOf,
  unmarked,
  type Value,
} from './values.ts';

/** A value as it appears in formatted text; `\0` where that is not known, `PLAIN` for numbers and a choice of constants. */
export function formatted(value: Value): string {
  const { shape } = value;
  if (shape.kind === 'text') return shape.template;
  if (shape.kind === 'choice' && shape.options.every(({ kind }) => kind === 'constant')) return PLAIN;
  if (
    (shape.kind === 'instance' && isHarmless(shape.node)) ||
    (shape.kind === 'parameter' && isHarmless(shape.type))
  )
    return PLAIN;
  if (shape.kind !== 'constant' || shape.bytes) return '\0';
  if (shape.value === null) return 'None';
  if (shape.value === true) return 'True';
  if (shape.value === false) return 'False';
  return String(shape.value);
}

/** Whether all of it is written in the code, but for numbers and a choice of constants. */
export function isPlain({ shape }: Value): boolean {
  return optionsOf(shape).every(
    (option) => option.kind === 'constant' || !formatted(makeValue(option)).includes('\0'),
  );
}

/** What happened to text when it was put together: what was established of the parts does not hold for the whole. */
export function combined(frame: Frame, taint: Taint, node: Node): Taint {
  return taint.length === 0
    ? taint
    : stepped(
        unmarked(taint, 'normalized', 'url-host-checked', 'file-name', 'host', 'rooted'),
        frame.module,
        node,
        'combined',
      );
}

/** Format specifications that take nothing but numbers: `{:d}`, `{:.2f}`; dates may have them, too. */
export const NUMBER_FORMAT = /^[^{}]*[bdoxXneEfFgG%]$/;

/** Where a line break would begin something new. */
export const ONE_LINE = KindSet.of('log', 'header', 'mail-header');

/** An address whose host is not complete: `https://`, `//api.`; and one that has not come to it: `http`. */
const OPEN_HOST = /^(?:(?:https?|ftp|wss?):?\/?|(?:[a-z][a-z0-9+.-]*:)?\/\/[^/?#\\\0\uE000]*)$/i;
const WHOLE_HOST = /^https?:\/\/[^/?#\\\0\uE000]+$/i;
/** Two slashes begin a host, and browsers take a backslash for a slash. */
const OPEN_PATH = /^[/\\]$/;
const DECIDED_BY_OTHERS = KindSet.of('url', 'redirect', 'import', 'attribute');

/**
 * Taint in a part of a text that other text stands before. Where a request or redirect goes, and which module or
 * attribute is meant, is decided by the beginning of the text.
 */
export function behind(before: string, taint: Taint): Taint {
  if (taint.length === 0 || before === '') return taint;
  if (before.startsWith('\0')) return cleaned(taint, DECIDED_BY_OTHERS);
  let clean = KindSet.of('attribute');
  if (before.includes('.')) clean = clean.with(KindSet.of('import'));
  if (!OPEN_HOST.test(before)) {
    clean = clean.with(OPEN_PATH.test(before) ? KindSet.of('url') : KindSet.of('url', 'redirect'));
  }
  const inside = /[/\\]/.test(before) ? belowDirectory(taint) : taint;
  return cleaned(WHOLE_HOST.test(before) ? behindHost(inside) : inside, clean);
}

/** Behind a host the slash with which a path begins ends it. */
function behindHost(taint: Taint): Taint {
  return taint.some((item) => item.clean.has('rooted'))
    ? taint.map((item) => (item.clean.has('rooted') ? { ...item, clean: item.clean.with(HOST) } : item))
    : taint;
}

/** Behind a directory a name without `..` stays in it. */
function belowDirectory(taint: Taint): Taint {
  return taint.some((item) => item.clean.has('no-parent'))
    ? taint.map((item) => (item.clean.has('no-parent') ? { ...item, clean: item.clean.with(PATH) } : item))
    : taint;
}

/** `Model | None` as the value of an alias. */
function isType({ shape }: Value): boolean {
  return (
    shape.kind === 'class' ||
    (shape.kind === 'api' && /^(?:[A-Z]\w*[a-z]|str$|int$|list$|dict$)/.test(shape.node.name))
  );
}

export function binary(frame: Frame, op: BinaryOperator, left: Value, right: Value, node: Node): Value {
  const own = operated(frame, op, left, right, node) ?? escaping(frame, op, left, right, node);
  if (own) return own;
  switch (op) {
    case '+':
      return add(frame, left, right, node);
    case '%':
      if (templateOf(left) !== undefined || isBytes(left)) return percent(frame, left, right, node);
      if (typeof constantOf(left) === 'number') break;
      // A template from elsewhere, such as the settings, filled with a tuple or dict.
      return tainted(combined(frame, joinTaint(left.taint, behind('\0', frame.taintOf(right))), node));
    case '/':
      if (isPathLike(left) || isPathLike(right) || dividesByText(left, right))
        return joinPaths(frame, left, right, node);
      break;
    case '*':
      return multiply(frame, left, right);
    case '|': {
      if (isType(left) || isType(right)) return join(left, right);
      const merged = mergeDicts(frame, left, right, node);
      if (merged) return merged;
      return isSet(frame, left) || isSet(frame, right)
        ? combineSets(frame, op, left, right, node)
        : fallback(frame, op, left, right);
    }
    case '&':
    case '-':
      if (isSet(frame, left) || isSet(frame, right)) return combineSets(frame, op, left, right, node);
      break;
    default:
      break;
  }
  return fallback(frame, op, left, right);
}

const ESCAPING_OPERATORS: Partial<Record<BinaryOperator, readonly [string, string]>> = {
  '+': ['__add__', '__radd__'],
  '%': ['__mod__', '__rmod__'],
};

/** `Markup('<b>%s</b>') % value`: the class of one operand makes the other harmless. */
function escaping(
  frame: Frame,
  op: BinaryOperator,
  left: Value,
  right: Value,
  node: Node,
): Value | undefined {
  const names = ESCAPING_OPERATORS[op];
  if (!names) return undefined;
  const pairs = [[left, right, names[0]] as const, [right, left, names[1]] as const];
  for (const [owner, other, name] of pairs) {
    if (owner.shape.kind !== 'instance') continue;
    const kinds = owner.shape.node.member(name).sanitizers.map((sanitizer) => kindsOf(sanitizer.kinds));
    if (kinds.length === 0) continue;
    const escaped = kinds.reduce((taint, set) => cleaned(taint, set), frame.taintOf(other));
    return makeValue(
      { ...owner.shape, madeBy: null },
      combined(frame, joinTaint(owner.taint, escaped), node),
    );
  }
  return undefined;
}

function fallback(frame: Frame, op: BinaryOperator, left: Value, right: Value): Value {
  const folded = fold(op, constantOf(left), constantOf(right));
  if (folded !== undefined) return constant(folded);
  return tainted(joinTaint(frame.taintOf(left), frame.taintOf(right)));
}

function isSet(frame: Frame, value: Value): boolean {
  const kind = frame.objectOf(value)?.kind;
  return kind === 'set' || kind === 'list';
}

/** `a | b`, `a - b`, `a & b` of sets. What two sets share is in both: the one that is not from outside says what it is. */
export function combineSets(frame: Frame, op: '|' | '-' | '&', left: Value, right: Value, node: Node): Value {
  const [first, second] = [left, right].map((value) =>
    anyOf(sequenceOf(frame, value) ?? { elements: [], rest: tainted(frame.taintOf(value)) }),
  );
  const shared = frame.taintOf(left).length === 0 ? first : second;
  const rest =
    op === '&' ? shared : op === '-' ? first : first && second ? join(first, second) : (first ?? second);
  return frame.make(node, { kind: 'set', elements: [], rest: rest ?? null }, NO_TAINT);
}

function isBytes(value: Value): boolean {
  return value.shape.kind === 'constant' && value.shape.bytes;
}

function add(frame: Frame, left: Value, right: Value, node: Node): Value {
  const a = constantOf(left);
  const b = constantOf(right);
  if (typeof a === 'number' && typeof b === 'number') return constant(a + b);
  if (typeof a === 'string' && typeof b === 'string' && (isBytes(left) || isBytes(right)))
    return constant(a + b, true);
  const taint = combined(frame, joinTaint(left.taint, behind(formatted(left), right.taint)), node);
  if (templateOf(left) !== undefined || templateOf(right) !== undefined) {
    return textOf(formatted(left) + formatted(right), taint);
  }
  const first = sequenceOf(frame, left);
  const second = sequenceOf(frame, right);
  if (first || second) {
    const elements = new SequenceBuilder();
    elements.addAll(first ?? { elements: [], rest: tainted(frame.taintOf(left)) });
    elements.addAll(second ?? { elements: [], rest: tainted(frame.taintOf(right)) });
    return makeSequence(frame, node, elements.build(), left.shape.kind === 'tuple' ? 'tuple' : 'list');
  }
  return tainted(joinTaint(frame.taintOf(left), behind('\0', frame.taintOf(right))));
}

/** `'…%s…' % args`, https://docs.python.org/3/library/stdtypes.html#printf-style-string-formatting */
function percent(frame: Frame, left: Value, right: Value, node: Node): Value {
  const template = templateOf(left);
  if (template === undefined)
    return tainted(combined(frame, joinTaint(left.taint, frame.taintOf(right)), node));
  const elements =
    right.shape.kind === 'tuple'
      ? right.shape.elements.map((element) => asText(frame, element, node))
      : [asText(frame, right, node)];
  const named = mappingOf(frame, right);
  let taint = left.taint;
  let next = 0;
  let out = '';
  let end = 0;
  for (const match of template.matchAll(CONVERSION)) {
    const [whole, name, width, type] = match;
    out += template.slice(end, match.index);
    end = match.index + whole.length;
    if (type === '%') {
      out += '%';
      continue;
    }
    const entry = name === undefined ? undefined : named?.entries.get(name);
    const value = name !== undefined ? entry : elements[next++];
    const part = behind(out, frame.taintOf(value ?? right));
    taint = joinTaint(taint, cleaned(part, convertedTo(type!)));
    const shown = value && !width && (type === 's' || type === 'd') ? formatted(value) : '\0';
    out += shown === '\0' && convertedTo(type!) === NUMBER_IS_HARMLESS ? PLAIN : shown;
  }
  return textOf(out + template.slice(end), combined(frame, taint, node));
}

/** What a conversion makes harmless: `%r` writes line breaks as `\\n`, and `%d` takes nothing but numbers. */
function convertedTo(type: string): KindSet {
  if (type === 's' || type === 'c') return KindSet.none;
  return type === 'r' || type === 'a' ? ONE_LINE : NUMBER_IS_HARMLESS;
}

const CONVERSION = /%(?:\((\w+)\))?[-#0 +]*(\*|\d+)?(?:\.(?:\*|\d+))?[hlL]?([diouxXeEfFgGcrsa%])/g;

function multiply(frame: Frame, left: Value, right: Value): Value {
  const a = constantOf(left);
  const b = constantOf(right);
  if (typeof a === 'number' && typeof b === 'number') return constant(a * b);
  const text = typeof a === 'string' ? a : typeof b === 'string' ? b : undefined;
  const times = typeof a === 'number' ? a : typeof b === 'number' ? b : undefined;
  if (text !== undefined && times !== undefined && times * text.length <= 1000) {
    return constant(text.repeat(Math.max(0, Math.trunc(times))), isBytes(left) || isBytes(right));
  }
  return tainted(joinTaint(frame.taintOf(left), frame.taintOf(right)));
}

function fold(
  op: BinaryOperator,
  a: ReturnType<typeof constantOf>,
  b: ReturnType<typeof constantOf>,
): number | undefined {
  const x = typeof a === 'boolean' ? Number(a) : a;
  const y = typeof b === 'boolean' ? Number(b) : b;
  if (typeof x !== 'number' || typeof y !== 'number') return undefined;
  switch (op) {
    case '-':
      return x - y;
    case '/':
      return y === 0 ? undefined : x / y;
    case '//':
      return y === 0 ? undefined : Math.floor(x / y);
    case '%':
      return y === 0 ? undefined : x - y * Math.floor(x / y);
    case '**':
      return Math.abs(y) < 1024 ? x ** y : undefined;
    case '<<':
      return y >= 0 && y < 53 ? x * 2 ** y : undefined;
    case '>>':
      return y >= 0 && y < 64 ? Math.floor(x / 2 ** y) : undefined;
    case '&':
      return bitwise(x, y, (p, q) => p & q);
    case '|':
      return bitwise(x, y, (p, q) => p | q);
    case '^':
      return bitwise(x, y, (p, q) => p ^ q);
    default:
      return undefined;
  }
}

function bitwise(x: number, y: number, apply: (p: bigint, q: bigint) => bigint): number | undefined {
  return Number.isSafeInteger(x) && Number.isSafeInteger(y) ? Number(apply(BigInt(x), BigInt(y))) : undefined;
}

function isPathLike(value: Value): boolean {
  return (
    value.shape.kind === 'instance' && /^(pathlib|anyio|trio|upath|py\.path)\./.test(value.shape.node.path)
  );
}

/** `folder / f'{name}.txt'`: of what the engine does not know, only a path can be divided by text. */
function dividesByText(left: Value, right: Value): boolean {
  const isUnknown = /^(?:unknown|parameter|method)$/.test(left.shape.kind);
  return isUnknown && templateOf(right) !== undefined;
}

/** `Path(a) / b` */
function joinPaths(frame: Frame, left: Value, right: Value, node: Node): Value {
  const known = [left, right].find(isPathLike)?.shape;
  const shape = known ?? { kind: 'instance', node: frame.program.api.lookup('pathlib.Path'), madeBy: null };
  return makeValue(shape, combined(frame, joinTaint(left.taint, right.taint), node));
}

function mergeDicts(frame: Frame, left: Value, right: Value, node: Node): Value | undefined {
  const a = frame.objectOf(left);
  const b = frame.objectOf(right);
  if (a?.kind !== 'dict' || b?.kind !== 'dict') return undefined;
  const entries = new Map([...a.entries, ...b.entries]);
  const { rest, keys } = joinObject({ ...a, entries }, { ...b, entries }) as typeof a;
  return frame.make(node, { kind: 'dict', entries, rest, ...(keys && { keys }) }, NO_TAINT);
}
