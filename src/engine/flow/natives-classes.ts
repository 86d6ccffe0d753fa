/** What Python's own functions make of the project's classes, and its types' methods called through the type. */

import type { Call } from '../syntax/ast.ts';
import { containerMethod } from './collection-methods.ts';
import { containerKind } from './containers.ts';
import type { Frame } from './frame.ts';
import { hold, instanceOf } from './instances.ts';
import { callMethod } from './methods.ts';
import type { Native } from './native.ts';
import { callSpecial } from './special-methods.ts';
import { writeAttribute } from './storing.ts';
import {
  type Arguments,
  constantOf,
  makeValue,
  NO_TAINT,
  NONE,
  tainted,
  templateOf,
  UNKNOWN,
  type Value,
} from './values.ts';

/** `property(get, set)` */
const property: Native = (_frame, args) => {
  const getter = args.positional[0] ?? args.keywords.get('fget');
  const setter = args.positional[1] ?? args.keywords.get('fset');
  if (getter?.shape.kind !== 'function') return undefined;
  const fn = getter.shape.fn.asProperty(setter?.shape.kind === 'function' ? setter.shape.fn : null);
  return makeValue({ ...getter.shape, fn });
};

/** `repr(value)`, `os.fspath(value)`: what a method of the class says, or else the argument. */
function said(method: string): Native {
  return (frame, args, node) => {
    const [first] = args.positional;
    return (first && callSpecial(frame, first, method, [], node)) ?? tainted(frame.taintOfAll(args));
  };
}

const toBytes: Native = (frame, args, node) => {
  const [first] = args.positional;
  if (first && templateOf(first) !== undefined) return first;
  return (first && callSpecial(frame, first, '__bytes__', [], node)) ?? tainted(frame.taintOfAll(args));
};

/** `object.__new__(cls)`, `str.__new__(cls, text)`, and `type.__new__(meta, cls, …)`: see `callMetaclass`. */
export function newInstance(frame: Frame, args: Arguments, node: Call): Value {
  const [first, second] = args.positional;
  if (!first) return UNKNOWN;
  if (args.positional.length === 4) return second!;
  if (first.shape.kind !== 'class') {
    frame.matters(first);
    return UNKNOWN;
  }
  const { cls } = first.shape;
  const instance = instanceOf(frame, cls, node, NO_TAINT);
  if (second && containerKind(cls) === 'text') hold(frame, instance, second);
  return instance;
}

/** `dict.__setitem__(self, name, value)`, `map(str.upper, names)`: the first argument is what the method belongs to. */
function unbound(name: string): Native {
  return (frame, args, node, receiver) => {
    const [self] = args.positional;
    // `text.upper()` is called on something.
    if (!self || (receiver && receiver.shape.kind !== 'api')) return undefined;
    const rest = {
      ...args,
      positional: args.positional.slice(1),
      positionalNodes: args.positionalNodes.slice(1),
    };
    return containerMethod(frame, self, name, rest, node) ?? callMethod(frame, self, name, rest, node);
  };
}

const setAttribute: Native = (frame, args, node) => {
  const [object, nameValue, value] = args.positional;
  const name = nameValue && constantOf(nameValue);
  if (object && value && typeof name === 'string') writeAttribute(frame, object, name, value, node);
  return NONE;
};

const METHODS: Readonly<Record<string, string>> = {
  str: 'upper lower strip lstrip rstrip title capitalize casefold encode split rsplit join replace partition format',
  dict: '__init__ __getitem__ __setitem__ get pop update setdefault items values keys copy',
  list: '__init__ __getitem__ append extend insert pop',
  set: 'add update pop',
};

export const CLASS_NATIVES: readonly (readonly [string, Native])[] = [
  ['builtins.property', property],
  ['builtins.repr', said('__repr__')],
  ['builtins.bytes', toBytes],
  ['os.fspath', said('__fspath__')],
  ['builtins.object.__setattr__', setAttribute],
  ...['object', 'str', 'bytes', 'int', 'float', 'dict', 'list', 'tuple', 'set', 'type'].map(
    (name): [string, Native] => [`builtins.${name}.__new__`, newInstance],
  ),
  ...Object.entries(METHODS).flatMap(([type, names]) =>
    names.split(' ').map((name): [string, Native] => [`builtins.${type}.${name}`, unbound(name)]),
  ),
];
