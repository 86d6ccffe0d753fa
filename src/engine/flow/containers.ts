/** Classes of the project that are dicts, lists or texts, and the dicts in which instances keep their attributes. */

import { classOf } from './access.ts';
import type { Frame } from './frame.ts';
import { ANY_ITEM, partOfParameter } from './parameter-parts.ts';
import type { ClassInfo } from './program.ts';
import type { DictObject, Sequence } from './state.ts';
import { constant, joinTaint, makeValue, NO_TAINT, type Taint, tainted, type Value } from './values.ts';

export type ContainerKind = 'dict' | 'list' | 'text';

const BASES: readonly (readonly [string, ContainerKind])[] = [
  ['builtins.dict', 'dict'],
  ['collections.UserDict', 'dict'],
  ['collections.OrderedDict', 'dict'],
  ['collections.defaultdict', 'dict'],
  ['collections.Counter', 'dict'],
  ['typing.TypedDict', 'dict'],
  ['typing_extensions.TypedDict', 'dict'],
  ['builtins.list', 'list'],
  ['builtins.set', 'list'],
  ['builtins.frozenset', 'list'],
  ['builtins.tuple', 'list'],
  ['collections.UserList', 'list'],
  ['collections.deque', 'list'],
  ['builtins.str', 'text'],
  ['builtins.bytes', 'text'],
  ['collections.UserString', 'text'],
];

const kinds = new WeakMap<ClassInfo, ContainerKind | null>();

/** What the instances of a class are besides; null for those of most classes. */
export function containerKind(cls: ClassInfo): ContainerKind | null {
  let kind = kinds.get(cls);
  if (kind === undefined) {
    const found = BASES.find(([path]) => cls.isA(path));
    kind = found && !cls.isA('enum.Enum') ? found[1] : null;
    kinds.set(cls, kind);
  }
  return kind;
}

/** `thing.__dict__`, `vars(thing)` */
export const OWN_DICT = '__dict__';

/** Under what an instance keeps attributes whose names are not known. */
export const ANY_ATTRIBUTE = '*';

/** What a dict, an instance of a class that is one, or the `__dict__` of an instance holds. */
export function mappingOf(frame: Frame, value: Value): DictObject | undefined {
  const { shape } = value;
  if (shape.kind === 'method')
    return shape.name === OWN_DICT ? attributesOf(frame, shape.receiver) : undefined;
  if (shape.kind === 'instance') return namesOf(frame, shape.node.path);
  const object = frame.objectOf(value);
  if (object?.kind === 'dict') return object;
  const cls = classOf(frame, value);
  if (!cls || containerKind(cls) !== 'dict') return undefined;
  const entries = new Map<string, Value>();
  let rest: Value | null = shape.kind === 'parameter' ? partOfParameter(value, ANY_ITEM) : null;
  for (const [name, part] of object?.kind === 'instance' ? object.attributes : []) {
    if (name === '[]') rest = part;
    else if (name.startsWith('[')) entries.set(name.slice(1, -1), part);
  }
  return { kind: 'dict', entries, rest };
}

/** `locals()`, `globals()`: the variables of the function, or of the module. */
function namesOf(frame: Frame, path: string): DictObject | undefined {
  const isLocal = path === 'builtins.locals()';
  if (!isLocal && path !== 'builtins.globals()') return undefined;
  const state = isLocal ? frame.state : (frame.module.state ?? frame.state);
  const entries = new Map([...state.names()].filter(([name]) => /^\w/.test(name)));
  return { kind: 'dict', entries, rest: null };
}

function attributesOf(frame: Frame, value: Value): DictObject | undefined {
  const object = frame.objectOf(value);
  if (object?.kind !== 'instance')
    return value.shape.kind === 'parameter'
      ? { kind: 'dict', entries: new Map(), rest: tainted(value.taint) }
      : undefined;
  const entries = new Map([...object.attributes].filter(([name]) => /^\w/.test(name)));
  const rest = object.attributes.get(ANY_ATTRIBUTE) ?? null;
  return { kind: 'dict', entries, rest: value.shape.kind === 'parameter' ? tainted(value.taint) : rest };
}

/** The order of what an instance of a class that is a list holds; undefined for all others. */
export function elementsOf(cls: ClassInfo, attributes: ReadonlyMap<string, Value>): Sequence | undefined {
  if (containerKind(cls) !== 'list') return undefined;
  const elements: Value[] = [];
  for (;;) {
    const element = attributes.get(`[${elements.length}]`);
    if (!element) break;
    elements.push(element);
  }
  return { elements, rest: attributes.get('[]') ?? null };
}

/** The names of the keys that are known, as a loop gives them. */
export function keysOf({ entries }: DictObject): Value[] {
  return [...entries.keys()].map((key) => constant(key));
}

export function isException(cls: ClassInfo): boolean {
  return cls.isA('builtins.Exception') || cls.isA('builtins.BaseException');
}

/** The text of an exception is what it was raised with. */
export function textOfException(frame: Frame, value: Value): Value | undefined {
  const object = frame.objectOf(value);
  if (object?.kind !== 'instance' || !object.cls || !isException(object.cls)) return undefined;
  const args = object.attributes.get('args');
  const taint: Taint = args ? frame.taintOf(args) : NO_TAINT;
  return makeValue({ kind: 'unknown' }, joinTaint(value.taint, taint));
}
