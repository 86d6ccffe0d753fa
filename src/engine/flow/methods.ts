/** Methods of strings, lists, dicts and of things of unknown class. https://docs.python.org/3/library/stdtypes.html */
import type { Call } from '../syntax/ast.ts';
import { classOf, elementOf, readItem } from './access.ts';
import { behind, combined, combineSets, formatted, NUMBER_FORMAT, ONE_LINE } from './arithmetic.ts';
import type { Frame } from './frame.ts';
import { KindSet, NUMBER_IS_HARMLESS } from './kinds.ts';
import { splitWords } from './natives-text.ts';
import { fieldsAsDict, replacedFields } from './records.ts';
import { sequenceOf } from './sequences.ts';
import { reachArguments } from './sinks.ts';
import { asText } from './special-methods.ts';
import { anyElement, otherKeys } from './state.ts';
import { addElement, taintTarget, writeItem } from './storing.ts';
import {
  type Arguments,
  cleaned,
  constant,
  constantOf,
  join,
  joinTaint,
  makeValue,
  NO_TAINT,
  NONE,
  type Taint,
  tainted,
  templateOf,
  textOf,
  UNKNOWN,
  unmarked,
  type Value,
} from './values.ts';

/** Methods whose result carries no text: numbers and truth values. */
export const PREDICATES: ReadonlySet<string> = new Set(
  `isdigit isalnum isalpha isdecimal isnumeric isidentifier isspace isupper islower isascii isprintable istitle startswith
  endswith count find rfind index rindex exists is_file is_dir is_absolute is_relative_to is_symlink fileno tell seek close
  __len__ __eq__ bit_length is_valid has_key isatty readable writable flush`.split(/\s+/),
);

/** Methods that put their arguments into the result. */
const COMBINES = new Set([
  'format',
  'format_map',
  'join',
  'replace',
  'joinpath',
  '__add__',
  '__mod__',
  'union',
  'zfill',
  'ljust',
  'rjust',
  'center',
  'with_name',
  'with_suffix',
  'urljoin',
]);

const ADDS = new Set([
  'append',
  'add',
  'appendleft',
  'put',
  'put_nowait',
  'write',
  'writelines',
  'extend',
  'insert',
  'update',
  'push',
  'setdefault',
  'extendleft',
]);

/** `receiver.name(…)` where the class is not a known one. */
export function callMethod(frame: Frame, receiver: Value, name: string, args: Arguments, node: Call): Value {
  const object = frame.objectOf(receiver);
  if (object && object.kind !== 'instance') {
    const value =
      object.kind === 'dict'
        ? dictMethod(frame, receiver, name, args, node)
        : listMethod(frame, receiver, name, args, node);
    if (value) return value;
  }
  if (name === '_replace' || name === '_asdict') {
    const value =
      name === '_replace' ? replacedFields(frame, receiver, args, node) : fieldsAsDict(frame, receiver, node);
    if (value) return value;
  }
  if (templateOf(receiver) !== undefined || receiver.shape.kind === 'constant') {
    const value = textMethod(frame, receiver, name, args, node);
    if (value) return value;
  }
  frame.program.collector.unknownCall(frame, args, node, receiver);
  duckSinks(frame, receiver, name, args, node);
  if (PREDICATES.has(name)) return UNKNOWN;
  if (
    name === 'get' ||
    name === 'pop' ||
    name === '__getitem__' ||
    name === 'setdefault' ||
    name === 'getlist' ||
    name === 'getfirst'
  ) {
    const key = args.positional[0];
    if ((receiver.shape.kind === 'parameter' || object?.kind === 'instance') && key) {
      const value = readItem(frame, receiver, key, node);
      const fallback = args.positional[1];
      return fallback ? join(value, fallback) : value;
    }
  }
  if (name === 'update' && classOf(frame, receiver)) {
    updateMapping(frame, receiver, args, node);
    return NONE;
  }
  if (ADDS.has(name)) {
    let added: Taint = NO_TAINT;
    for (const value of args.positional) added = joinTaint(added, frame.taintOf(value));
    for (const value of args.keywords.values()) added = joinTaint(added, frame.taintOf(value));
    if (added.length > 0) {
      if (receiver.shape.kind === 'parameter')
        frame.addEffect({ target: receiver.shape.origin, key: '[]', value: tainted(added) });
      if (node.func.kind === 'Attribute' && name !== 'write')
        taintTarget(frame, node.func.value, cleaned(added, ENTRIES));
    }
    return name === 'setdefault' ? tainted(joinTaint(frame.taintOf(receiver), added)) : NONE;
  }
  let taint = frame.taintOf(receiver);
  if (COMBINES.has(name)) {
    // What is put into an unknown text in place of a piece does not stand at its beginning.
    const put = (value: Value) => {
      const given = frame.taintOf(value);
      return name === 'replace' ? behind('\0', given) : given;
    };
    for (const value of args.positional) taint = joinTaint(taint, put(value));
    for (const value of args.keywords.values()) taint = joinTaint(taint, frame.taintOf(value));
    taint = combined(frame, taint, node);
  }
  if (name === 'replace') taint = cleaned(taint, withoutText(args));
  return tainted(name === 'copy' ? taint : unmarked(taint, 'entries'));
}

const ENTRIES = KindSet.of('entries');

/** `text.replace('\n', …)`: what a text cannot do any more that lacks a piece. */
function withoutText(args: Arguments): KindSet {
  const [from, to] = args.positional.map(constantOf);
  if (typeof from !== 'string' || typeof to !== 'string' || to.includes(from)) return KindSet.none;
  if (from === '\n' || from === '\r\n') return ONE_LINE;
  // `..` alone is the directory above, which no file is.
  if (from === '/' || from === '\\') return PATHS;
  return from === '<' ? MARKUP : KindSet.none;
}

const PATHS = KindSet.of('path', 'archive-member');
const MARKUP = KindSet.of('html', 'mail-html', 'xml');

/** Sinks that are known by the method's name and what the receiver is called. */
export function duckSinks(frame: Frame, receiver: Value, name: string, args: Arguments, node: Call): void {
  const ducks = frame.program.api.ducks(name);
  if (ducks.length === 0 || node.func.kind !== 'Attribute') return;
  const called = lastName(frame.source(node.func.value));
  for (const duck of ducks) {
    if (!duck.receiver.test(called)) continue;
    const count = args.positional.length;
    if (duck.positional && (count < duck.positional[0] || count > duck.positional[1])) continue;
    reachArguments(frame, duck, `${called}.${name}`, receiver, args, node);
  }
}

/** The name by which something is known: `self.db.cursor()` → `cursor`, `conn` → `conn`. Lower case. */
function lastName(source: string): string {
  return (/(\w+)\s*(?:\((?:[^()]|\([^()]*\))*\)|\[[^[\]]*\])*\s*$/.exec(source)?.[1] ?? '').toLowerCase();
}

function textMethod(
  frame: Frame,
  receiver: Value,
  name: string,
  args: Arguments,
  node: Call,
): Value | undefined {
  const text = constantOf(receiver);
  const template = templateOf(receiver);
  const first = args.positional[0];
  switch (name) {
    case 'format':
    case 'format_map': {
      if (template === undefined) return undefined;
      duckSinks(frame, receiver, name, args, node);
      return formatText(frame, template, receiver, args, node, name === 'format_map');
    }
    case 'join': {
      if (!first || template === undefined) return undefined;
      const { elements, rest } = sequenceOf(frame, first) ?? { elements: [], rest: elementOf(frame, first) };
      let taint = receiver.taint;
      let out = '';
      for (const [i, element] of [...elements, ...(rest ? [rest] : [])].entries()) {
        if (i > 0) out += template;
        taint = joinTaint(taint, behind(out, frame.taintOf(element)));
        out += element === rest ? '\0' : formatted(element);
      }
      return textOf(out, combined(frame, taint, node));
    }
    case 'encode':
    case 'decode':
      return receiver;
    case 'lower':
    case 'upper':
    case 'strip':
    case 'lstrip':
    case 'rstrip':
    case 'title':
    case 'capitalize':
      if (typeof text !== 'string') break;
      if (args.positional.length > 0) return tainted(receiver.taint);
      return constant(changed(text, name), receiver.shape.kind === 'constant' && receiver.shape.bytes);
    case 'replace': {
      const [from, to] = args.positional;
      const a = from && constantOf(from);
      const b = to && templateOf(to);
      if (template !== undefined && typeof a === 'string' && a !== '' && b !== undefined && to) {
        const kept = cleaned(receiver.taint, withoutText(args));
        return textOf(template.replaceAll(a, b), combined(frame, joinTaint(kept, to.taint), node));
      }
      break;
    }
    case 'startswith':
    case 'endswith': {
      const other = first && constantOf(first);
      if (template !== undefined && typeof other === 'string') {
        const known =
          name === 'startswith'
            ? template.split('\0', 1)[0]!
            : template.slice(template.lastIndexOf('\0') + 1);
        if (typeof text === 'string' || known.length >= other.length) {
          return constant(name === 'startswith' ? known.startsWith(other) : known.endsWith(other));
        }
      }
      return UNKNOWN;
    }
    case 'isdigit':
      return typeof text === 'string' ? constant(/^\d+$/.test(text)) : UNKNOWN;
    case 'split': {
      const separator = first && constantOf(first);
      if (
        typeof text === 'string' &&
        typeof separator === 'string' &&
        separator !== '' &&
        args.positional.length === 1
      ) {
        const elements = text
          .split(separator)
          .slice(0, 50)
          .map((part) => constant(part));
        return frame.make(node, { kind: 'list', elements, rest: null }, NO_TAINT);
      }
      return args.positional.length === 0 ? splitWords(frame, receiver, node) : undefined;
    }
    default:
      break;
  }
  return undefined;
}

function changed(text: string, name: string): string {
  switch (name) {
    case 'lower':
      return text.toLowerCase();
    case 'upper':
      return text.toUpperCase();
    case 'strip':
      return text.trim();
    case 'lstrip':
      return text.trimStart();
    case 'rstrip':
      return text.trimEnd();
    case 'capitalize':
      return text.charAt(0).toUpperCase() + text.slice(1).toLowerCase();
    default:
      return text.replace(/\w+/g, (word) => word.charAt(0).toUpperCase() + word.slice(1).toLowerCase());
  }
}

/** `'{} {name}'.format(…)`, https://docs.python.org/3/library/string.html#format-string-syntax */
function formatText(
  frame: Frame,
  template: string,
  receiver: Value,
  args: Arguments,
  node: Call,
  fromMapping: boolean,
): Value {
  let taint = receiver.taint;
  if (args.extraPositional) taint = joinTaint(taint, args.extraPositional.taint);
  if (args.extraKeywords) taint = joinTaint(taint, args.extraKeywords.taint);
  let next = 0;
  let out = '';
  let end = 0;
  for (const match of template.matchAll(REPLACEMENT_FIELD)) {
    const [whole, field, conversion, spec] = match;
    out += template.slice(end, match.index);
    end = match.index + whole.length;
    if (whole === '{{' || whole === '}}') {
      out += whole[0];
      continue;
    }
    const given = fromMapping ? args.positional[0] : fieldValue(args, field ?? '', () => next++);
    const value = given && asText(frame, given, node);
    if (value) {
      const part = behind(out, frame.taintOf(value));
      const isNumber = spec !== undefined && !conversion && NUMBER_FORMAT.test(spec);
      const isQuoted = conversion === '!r' || conversion === '!a';
      taint = joinTaint(
        taint,
        cleaned(part, isNumber ? NUMBER_IS_HARMLESS : isQuoted ? ONE_LINE : KindSet.none),
      );
    }
    const plain = !fromMapping && !conversion && !spec && /^\w*$/.test(field ?? '');
    out += value && plain ? formatted(value) : '\0';
  }
  return textOf(out + template.slice(end), combined(frame, taint, node));
}

const REPLACEMENT_FIELD = /\{\{|\}\}|\{([^{}:!]*)(![rsa])?(:[^{}]*(?:\{[^{}]*\}[^{}]*)*)?\}/g;

/** What a replacement field such as `{}`, `{0}`, `{name}` or `{user.name}` speaks of. */
function fieldValue(args: Arguments, field: string, next: () => number): Value | undefined {
  const name = /^[^.[]*/.exec(field)![0];
  if (name === '') return args.positional[next()];
  return /^\d+$/.test(name) ? args.positional[Number(name)] : args.keywords.get(name);
}

/** `mapping.update(other, name=value)`, of a dict or of an instance whose class is one. */
function updateMapping(frame: Frame, receiver: Value, args: Arguments, node: Call): void {
  const [first] = args.positional;
  const other = first && frame.objectOf(first);
  if (other?.kind === 'dict') {
    for (const [key, value] of other.entries) writeItem(frame, receiver, constant(key), value, node);
    if (other.rest) writeItem(frame, receiver, otherKeys(other) ?? UNKNOWN, other.rest, node);
  } else if (first && frame.taintOf(first).length > 0) {
    writeItem(frame, receiver, UNKNOWN, tainted(frame.taintOf(first)), node);
  }
  for (const [key, value] of args.keywords) writeItem(frame, receiver, constant(key), value, node);
}

function dictMethod(
  frame: Frame,
  receiver: Value,
  name: string,
  args: Arguments,
  node: Call,
): Value | undefined {
  const object = frame.objectOf(receiver);
  if (object?.kind !== 'dict') return undefined;
  const [first, second] = args.positional;
  switch (name) {
    case 'get':
    case 'pop':
    case '__getitem__': {
      if (!first) return undefined;
      const key = constantOf(first);
      if (
        (typeof key === 'string' || typeof key === 'number') &&
        !object.entries.has(key) &&
        !object.rest &&
        receiver.shape.kind === 'object'
      ) {
        return second ?? NONE;
      }
      const value = readItem(frame, receiver, first, node);
      return second && !(typeof key === 'string' && object.entries.has(key)) ? join(value, second) : value;
    }
    case 'setdefault':
      if (!first) return undefined;
      writeItem(
        frame,
        receiver,
        first,
        second ? join(readItem(frame, receiver, first, node), second) : UNKNOWN,
        node,
      );
      return readItem(frame, receiver, first, node);
    case 'update':
      updateMapping(frame, receiver, args, node);
      return NONE;
    case 'values':
      return frame.make(
        node,
        { kind: 'list', elements: [...object.entries.values()], rest: object.rest },
        NO_TAINT,
      );
    case 'keys':
      return frame.make(
        node,
        {
          kind: 'list',
          elements: [...object.entries.keys()].map((key) => constant(key)),
          rest: otherKeys(object),
        },
        NO_TAINT,
      );
    case 'items': {
      const pairs = [...object.entries].map(([key, value]) =>
        makeValue({ kind: 'tuple', elements: [constant(key), value] }),
      );
      const rest = object.rest
        ? makeValue({ kind: 'tuple', elements: [otherKeys(object) ?? UNKNOWN, object.rest] })
        : null;
      return frame.make(node, { kind: 'list', elements: pairs, rest }, NO_TAINT);
    }
    case 'copy':
      return frame.make(node, object, receiver.taint);
    case 'clear':
      if (receiver.shape.kind === 'object')
        frame.state.setObject(receiver.shape.id, { kind: 'dict', entries: new Map(), rest: null });
      return NONE;
    default:
      return undefined;
  }
}

const SET_OPERATORS = { union: '|', difference: '-', intersection: '&' } as const;

function listMethod(
  frame: Frame,
  receiver: Value,
  name: string,
  args: Arguments,
  node: Call,
): Value | undefined {
  const object = frame.objectOf(receiver);
  if (!object || object.kind === 'dict' || object.kind === 'instance') return undefined;
  const [first, second] = args.positional;
  switch (name) {
    case 'append':
    case 'add':
    case 'appendleft':
      if (first) addElement(frame, receiver, first, name === 'append');
      return NONE;
    case 'insert': {
      if (!second || receiver.shape.kind !== 'object') return undefined;
      const at = first && constantOf(first);
      if (typeof at === 'number' && at >= 0 && at <= object.elements.length) {
        frame.state.setObject(receiver.shape.id, {
          ...object,
          elements: object.elements.toSpliced(at, 0, second),
        });
      } else {
        addElement(frame, receiver, second, false);
      }
      return NONE;
    }
    case 'extend':
    case 'update': {
      if (!first) return undefined;
      const { elements, rest } = sequenceOf(frame, first) ?? { elements: [], rest: elementOf(frame, first) };
      for (const element of elements) addElement(frame, receiver, element, true);
      if (rest) addElement(frame, receiver, rest, false);
      return NONE;
    }
    case 'pop': {
      const at = first ? constantOf(first) : -1;
      if (typeof at === 'number' && (!object.rest || at >= 0) && receiver.shape.kind === 'object') {
        const index = at < 0 ? object.elements.length + at : at;
        const element = object.elements[index];
        if (element) {
          frame.state.setObject(receiver.shape.id, {
            ...object,
            elements: object.elements.toSpliced(index, 1),
          });
          return element;
        }
      }
      return anyElement(object) ?? UNKNOWN;
    }
    case 'clear':
      if (receiver.shape.kind === 'object')
        frame.state.setObject(receiver.shape.id, { kind: object.kind, elements: [], rest: null });
      return NONE;
    case 'remove':
    case 'discard':
      return NONE;
    case 'sort':
    case 'reverse':
      if (receiver.shape.kind === 'object') {
        const isKnown = name === 'reverse' && !object.rest;
        frame.state.setObject(receiver.shape.id, {
          kind: object.kind,
          elements: isKnown ? object.elements.toReversed() : [],
          rest: isKnown ? null : anyElement(object),
        });
      }
      return NONE;
    case 'copy':
      return frame.make(node, object, receiver.taint);
    case 'union':
    case 'difference':
    case 'intersection':
      return first && combineSets(frame, SET_OPERATORS[name], receiver, first, node);
    case 'index':
    case 'count':
      return UNKNOWN;
    default:
      return undefined;
  }
}
