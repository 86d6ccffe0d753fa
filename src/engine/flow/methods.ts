/** Methods of strings, lists, dicts and of things of unknown class. https://docs.python.org/3/library/stdtypes.html */
import type { Call } from '../syntax/ast.ts';
import { classOf } from './access.ts';
import { behind, combined } from './arithmetic.ts';
import { containerMethod, dictMethod, listMethod } from './collection-methods.ts';
import type { Frame } from './frame.ts';
import { isInside } from './guards-path.ts';
import { instantiateClass } from './instances.ts';
import { readItem } from './items.ts';
import { KindSet } from './kinds.ts';
import { ANY_ITEM, partOfParameter } from './parameter-parts.ts';
import { fieldsAsDict, replacedFields } from './records.ts';
import { knownElements } from './sequences.ts';
import { reachArguments } from './sinks.ts';
import { updateItems } from './spreading.ts';
import { taintTarget } from './storing.ts';
import { textMethod, withoutText } from './text-methods.ts';
import {
  type Arguments,
  argumentsOf,
  cleaned,
  constantOf,
  join,
  joinTaint,
  makeValue,
  NO_TAINT,
  NONE,
  type Taint,
  tainted,
  templateOf,
  UNKNOWN,
  unmarked,
  type Value,
} from './values.ts';

/** Methods whose result carries no text: numbers, their digits, and truth values. */
export const PREDICATES: ReadonlySet<string> = new Set(
  `isdigit isalnum isalpha isdecimal isnumeric isidentifier isspace isupper islower isascii isprintable istitle startswith
  endswith count find rfind index rindex exists is_file is_dir is_absolute is_relative_to is_symlink fileno tell seek close
  __len__ __eq__ hex hexdigest bit_length is_valid has_key isatty readable writable flush`.split(/\s+/),
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
  'set_result',
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
  } else if (object || receiver.shape.kind === 'method') {
    const value = containerMethod(frame, receiver, name, args, node);
    if (value) return value;
  }
  if (name === '_replace' || name === '_asdict') {
    const value =
      name === '_replace' ? replacedFields(frame, receiver, args, node) : fieldsAsDict(frame, receiver, node);
    if (value) return value;
  }
  if (name === '_make' && receiver.shape.kind === 'class' && args.positional[0]) {
    const elements = knownElements(frame, args.positional[0]);
    if (elements) return instantiateClass(frame, receiver.shape.cls, argumentsOf(elements, node), node);
  }
  if (templateOf(receiver) !== undefined || receiver.shape.kind === 'constant') {
    const value = textMethod(frame, receiver, name, args, node);
    if (value) return value;
  }
  const parts = receiver.shape.kind === 'parameter' && partsOfParameter(frame, receiver, name, args, node);
  if (parts) return parts;
  frame.program.collector.unknownCall(frame, args, node, receiver);
  duckSinks(frame, receiver, name, args, node);
  if (PREDICATES.has(name)) return UNKNOWN;
  // A path whose class is not known: `relative_to` raises where it lies outside.
  if (name === 'relative_to' && node.func.kind === 'Attribute') isInside(frame, node.func.value);
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
      const fallback = mayBeMapping(frame, receiver) ? fallbackOf(args) : undefined;
      return fallback ? join(value, fallback) : value;
    }
  }
  if (name === 'update' && classOf(frame, receiver)) {
    updateItems(frame, receiver, args, node);
    return NONE;
  }
  if (ADDS.has(name)) {
    const added = frame.taintOfAll(args);
    const element = addedElement(name, args);
    if (receiver.shape.kind === 'parameter' && (added.length > 0 || element))
      frame.addEffect({ target: receiver.shape.origin, key: '[]', value: element ?? tainted(added) });
    if (added.length > 0) {
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
  // What stood behind a text that is taken out may be a slash.
  if (name === 'replace') taint = cleaned(unmarked(taint, 'relative'), withoutText(args));
  if (name === 'lstrip' && args.positional[0] && constantOf(args.positional[0]) === '/')
    taint = belowRoot(taint);
  // Where the application shows an object, by its own routes: https://docs.djangoproject.com/en/stable/ref/models/instances/#get-absolute-url
  if (name === 'get_absolute_url') taint = cleaned(taint, OWN_ADDRESS);
  return tainted(name === 'copy' ? taint : unmarked(taint, 'entries', 'rooted'));
}

/** `items.append(thing)`: the thing that is now an element, where more is known of it than where it comes from. */
function addedElement(name: string, { positional }: Arguments): Value | undefined {
  const element = positional[name === 'insert' ? 1 : 0];
  return element && ADDS_ONE.has(name) && KEPT.has(element.shape.kind) ? element : undefined;
}

const ADDS_ONE = new Set(['append', 'appendleft', 'add', 'insert', 'push']);
const KEPT: ReadonlySet<Value['shape']['kind']> = new Set([
  'object',
  'function',
  'class',
  'partial',
  'tuple',
]);

/** `self.get('name', name)` of a registry is a method of a base that is not known, where nothing says that it has items. */
function mayBeMapping(frame: Frame, receiver: Value): boolean {
  const cls = classOf(frame, receiver);
  if (!cls || cls.member('__getitem__')) return true;
  return cls.lookupOrder.some(({ path }) => /(?:dict|map|mapping)$/i.test(path));
}

/** What is used to look other things up with, and is no key. */
const NO_KEY = /^_?(?:context|ctxt|ctx|request|req|session|db|conn|connection|cursor|client)$/;

/** `mapping.get(key, fallback)`; `api.get(context, id)` and what takes options looks something up by its arguments. */
export function fallbackOf({ positional, positionalNodes, keywords }: Arguments): Value | undefined {
  const [first] = positionalNodes;
  const name = first?.kind === 'Name' ? first.id : first?.kind === 'Attribute' ? first.attr : '';
  return positional.length === 2 && keywords.size === 0 && !NO_KEY.test(name) ? positional[1] : undefined;
}

/** `values()` and `items()` of whatever the caller passes: the values apart from the keys. */
function partsOfParameter(
  frame: Frame,
  receiver: Value,
  name: string,
  { positional }: Arguments,
  node: Call,
): Value | undefined {
  if ((name !== 'values' && name !== 'items') || positional.length > 0) return undefined;
  const value = partOfParameter(receiver, ANY_ITEM);
  const key = tainted(partOfParameter(receiver, '[]').taint);
  const rest = name === 'values' ? value : makeValue({ kind: 'tuple', elements: [key, value] });
  return frame.make(node, { kind: 'list', elements: [], rest }, NO_TAINT);
}

/** `name.replace('..', '').lstrip('/')`: with the slashes at its beginning a path without `..` loses the root. */
function belowRoot(taint: Taint): Taint {
  return cleaned(taint, RELATIVE).map((item) =>
    item.clean.has('no-parent') ? { ...item, clean: item.clean.with(PATHS) } : item,
  );
}

const RELATIVE = KindSet.of('relative');
const PATHS = KindSet.of('path', 'archive-member');
const ENTRIES = KindSet.of('entries');
const OWN_ADDRESS = KindSet.of('redirect', 'url');

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
