/** Writing attributes, keys and elements of abstract values. */

import type { Expression, Node } from '../syntax/ast.ts';
import { ANY_ATTRIBUTE, elementsOf, OWN_DICT } from './containers.ts';
import { contextOf } from './contexts.ts';
import type { Frame } from './frame.ts';
import { callFunction } from './functions.ts';
import { elementOf, elementsIn } from './items.ts';
import { changeShared, dependsOnCaller, keptInClass, outliving, sharedId } from './lasting.ts';
import { ClassInfo } from './program.ts';
import { reachSinks } from './sinks.ts';
import { callSpecial } from './special-methods.ts';
import { anyOf, elsewhereSlot, type HeapObject, joinObject, storedSlot } from './state.ts';
import {
  argumentsOf,
  constant,
  constantOf,
  join,
  joinTaint,
  makeValue,
  NO_TAINT,
  optionsOf,
  type Taint,
  tainted,
  UNKNOWN,
  type Value,
  withTaint,
} from './values.ts';

/** What one call stores: the maps of attributes that were made for it, and may be changed until it is over. */
export type Stores = Set<ReadonlyMap<string, Value>>;

/** `object.name = value`; `byCallee` when a function that was called does it to its argument. */
export function writeAttribute(
  frame: Frame,
  object: Value,
  name: string,
  value: Value,
  node: Node,
  byCallee: Stores | null = null,
): void {
  if (object.shape.kind !== 'choice') writeToShape(frame, object, name, value, node, byCallee);
  else
    for (const shape of object.shape.options)
      writeToShape(frame, { shape, taint: object.taint }, name, value, node, byCallee);
}

function writeToShape(
  frame: Frame,
  object: Value,
  name: string,
  value: Value,
  node: Node,
  byCallee: Stores | null,
): void {
  const { shape } = object;
  switch (shape.kind) {
    case 'object': {
      const before = frame.state.object(shape.id);
      if (before?.kind !== 'instance' || before.attributes.get(name) === value) return;
      if (before.cls && callSetter(frame, before.cls, object, name, value, node, byCallee)) return;
      // The class may have stored something else meanwhile.
      const content = before.cls ? frame.state.object(shape.id) : before;
      if (content?.kind !== 'instance') return;
      if (byCallee?.has(content.attributes)) (content.attributes as Map<string, Value>).set(name, value);
      else {
        const attributes = new Map(content.attributes).set(name, value);
        byCallee?.add(attributes);
        frame.state.setObject(shape.id, { ...content, attributes });
      }
      if (content.cls && isName(name)) storeInClass(frame, content.cls, name, value, byCallee);
      return;
    }
    case 'parameter': {
      const { origin, type } = shape;
      if (type instanceof ClassInfo && callSetter(frame, type, object, name, value, node, byCallee)) return;
      const id = frame.parameterObject(origin) ?? frame.newParameterObject(origin);
      const content = frame.state.object(id);
      const attributes = content?.kind === 'instance' ? content.attributes : new Map<string, Value>();
      frame.state.setObject(id, {
        kind: 'instance',
        cls: type instanceof ClassInfo ? type : null,
        attributes: new Map(attributes).set(name, value),
        underlying: null,
      });
      frame.addEffect({ target: origin, key: `.${name}`, value });
      if (type instanceof ClassInfo && isName(name)) storeInClass(frame, type, name, value, byCallee);
      else if (type && !(type instanceof ClassInfo))
        reachSinks(frame, type.member(name), 'attribute', [value], node);
      return;
    }
    case 'class':
      shape.cls.define(name, join(shape.cls.members.get(name) ?? value, value));
      // `cls.name = value` of a class method: what that is, its callers know.
      if (frame.fn?.decoration === 'classmethod' && frame.fn.owner === shape.cls && dependsOnCaller(value))
        frame.addEffect({ target: frame.activation.origin(0), key: `.${name}`, value });
      return;
    case 'module': {
      const before = shape.module.globalWrites.get(name);
      shape.module.globalWrites.set(name, before ? join(before, value) : value);
      return;
    }
    case 'instance':
    case 'api': {
      const context = shape.kind === 'api' ? contextOf(frame, shape.node.path) : undefined;
      if (context) {
        writeToShape(frame, context, name, value, node, byCallee);
        return;
      }
      reachSinks(frame, shape.node.member(name), 'attribute', [value], node);
      rememberPath(frame, node, value, object.taint);
      return;
    }
    default:
      rememberPath(frame, node, value, object.taint);
  }
}

/** `object.name = value`, where the class has a property with a setter. */
function callSetter(
  frame: Frame,
  cls: ClassInfo,
  self: Value,
  name: string,
  value: Value,
  node: Node,
  byCallee: Stores | null,
): boolean {
  setGenerally(frame, cls, self, name, value, node, byCallee);
  const property = cls.member(name)?.value.shape;
  if (
    property?.kind === 'object' &&
    callSpecial(frame, makeValue(property), '__set__', [self, value], node)
  ) {
    byCallee?.clear();
    writeAttribute(frame, self, managed(name), value, node, byCallee);
    return true;
  }
  if (property?.kind !== 'function' || !property.fn.setter) return false;
  // What it does may keep the object as it is now.
  byCallee?.clear();
  callFunction(frame, { ...property, fn: property.fn.setter, self }, argumentsOf([value], node), node);
  return true;
}

/** `__setattr__` of the class: whatever it does, what it was given can be read as the attribute. */
function setGenerally(
  frame: Frame,
  cls: ClassInfo,
  self: Value,
  name: string,
  value: Value,
  node: Node,
  byCallee: Stores | null,
): void {
  const general = cls.member('__setattr__')?.value.shape;
  if (!general || frame.specialCalls > 0 || frame.fn?.name === '__setattr__') return;
  byCallee?.clear();
  frame.specialCalls++;
  const given = [constant(name), value];
  if (general.kind === 'function') callFunction(frame, { ...general, self }, argumentsOf(given, node), node);
  // `__setattr__ = dict.__setitem__`
  else if (general.kind === 'api' && general.node.name === '__setitem__')
    writeItem(frame, self, given[0]!, value, node);
  frame.specialCalls--;
}

/** Whether it is the name of one attribute. */
function isName(name: string): boolean {
  return name !== ANY_ATTRIBUTE && !name.startsWith('=');
}

/** Under what an instance keeps the value that a descriptor was given. */
export function managed(name: string): string {
  return `=${name}`;
}

function rememberPath(frame: Frame, node: Node, value: Value, taint: Taint): void {
  const slot = storedSlot(frame.source(node));
  frame.setFact(slot, value);
  frame.state.set(elsewhereSlot(slot), tainted(taint));
}

/** Remembers for all methods of a class what one of them stores; readers that came too early are run again. */
function storeInClass(
  frame: Frame,
  cls: ClassInfo,
  name: string,
  value: Value,
  byCallee: Stores | null,
): void {
  if (byCallee) {
    // What only a test passes says nothing of the code under test, and the same value nothing new.
    if (frame.module.role === 'test' && cls.module.role !== 'test') return;
    if (cls.lastStored.get(name) === value) return;
    cls.lastStored.set(name, value);
  }
  // What a constructor stores for one caller says what the attribute is, not that others pass the same input.
  const lasting = keptInClass(frame, cls, name, value, byCallee === null);
  if (cls.store(name, lasting)) {
    if (lasting.taint.length > 0 || lasting.shape.kind !== 'unknown') {
      for (const fn of cls.readersOf(name)) if (fn !== frame.fn) frame.program.collector.again(fn);
    }
  }
}

/** `object[index] = value`; without `tells`, what the caller hears of it is said elsewhere. */
export function writeItem(
  frame: Frame,
  object: Value,
  index: Value,
  value: Value,
  node: Node,
  tells = true,
): void {
  const key = effectKey(index);
  for (const shape of optionsOf(object.shape)) {
    if (shape.kind === 'instance' || shape.kind === 'api') {
      reachSinks(frame, shape.node, 'item', [index, value], node);
      continue;
    }
    if (shape.kind === 'method') {
      // `self.__dict__[name] = value`
      const name = shape.name === OWN_DICT ? constantOf(index) : undefined;
      if (typeof name === 'string') writeAttribute(frame, shape.receiver, name, value, node);
      continue;
    }
    const one: Value = { shape, taint: object.taint };
    const content = frame.objectOf(one);
    if (shape.kind === 'parameter') {
      if (tells) frame.addEffect({ target: shape.origin, key, index, value });
      if (shape.type && !(shape.type instanceof ClassInfo))
        reachSinks(frame, shape.type, 'item', [index, value], node);
    }
    const id =
      shape.kind === 'object'
        ? shape.id
        : shape.kind === 'parameter'
          ? (frame.parameterObject(shape.origin) ?? frame.newParameterObject(shape.origin))
          : null;
    if (id === null) continue;
    frame.state.setObject(id, withItem(content ?? EMPTY_DICT, index, value));
    const shared = sharedId(frame, id);
    if (shared === undefined) continue;
    if (dependsOnCaller(value) || dependsOnCaller(index) || isNewList(frame, value))
      frame.addEffect({ target: shared, key, index, value });
    changeShared(frame, id, (before) => {
      const lasting = outliving(value);
      // An object with settings for all: what one unknown name brings is not under every other.
      const isAnyName = key === '[]' && before.kind === 'instance';
      return withItem(before, outliving(index), isAnyName ? withTaint(lasting, NO_TAINT) : lasting);
    });
  }
}

/** `handlers.setdefault(name, [])`: what the list will hold in the end is known when the function is over. */
function isNewList(frame: Frame, { shape }: Value): boolean {
  return optionsOf(shape).some((option) => {
    if (option.kind !== 'object' || frame.program.heap.has(option.id)) return false;
    const object = frame.state.object(option.id);
    return object?.kind === 'list' && object.elements.length === 0 && !object.rest;
  });
}

/** How an effect, or an instance that is a mapping, names a key: `[name]`, `[]` for one that is not known. */
export function effectKey(index: Value): string {
  const key = constantOf(index);
  return typeof key === 'string' || typeof key === 'number' ? `[${key}]` : '[]';
}

const EMPTY_DICT: HeapObject = { kind: 'dict', entries: new Map(), rest: null };

/** Dicts with more keys are one value. */
const MAX_ENTRIES = 120;

function withItem(content: HeapObject, index: Value, value: Value): HeapObject {
  const key = constantOf(index);
  if (content.kind === 'instance') {
    const slot = effectKey(index);
    const before = slot === '[]' ? content.attributes.get(slot) : undefined;
    return {
      ...content,
      attributes: new Map(content.attributes).set(slot, before ? join(before, value) : value),
    };
  }
  if (content.kind === 'dict') {
    if ((typeof key === 'string' || typeof key === 'number') && content.entries.size < MAX_ENTRIES) {
      return { ...content, entries: new Map(content.entries).set(key, value) };
    }
    return joinObject(content, { ...content, rest: value, keys: index });
  }
  const { elements, rest } = content;
  if (typeof key === 'number') {
    const at = key < 0 && !rest ? elements.length + key : key;
    if (at >= 0 && at < elements.length) return { ...content, elements: elements.with(at, value) };
    return { ...content, rest: rest ? join(rest, value) : value };
  }
  // Any of them may be the one that is replaced.
  return {
    ...content,
    elements: elements.map((element) => join(element, value)),
    rest: rest ? join(rest, value) : elements.length === 0 ? value : null,
  };
}

/** Adds all elements of another value to a list, set or something list-like. */
export function addElements(frame: Frame, container: Value, added: Value): void {
  const { elements, rest } = elementsIn(frame, added);
  for (const element of elements) addElement(frame, container, element, true);
  if (rest) addElement(frame, container, rest, false);
}

/** Adds an element to a list, set or something list-like. */
export function addElement(frame: Frame, container: Value, element: Value, atEnd: boolean): boolean {
  for (const shape of optionsOf(container.shape)) {
    if (shape.kind === 'parameter') {
      frame.addEffect({ target: shape.origin, key: '[]', value: element });
      continue;
    }
    if (shape.kind !== 'object') return false;
    const content = frame.state.object(shape.id);
    if (!content || content.kind === 'dict') return false;
    if (content.kind === 'instance') {
      const sequence = content.cls && elementsOf(content.cls, content.attributes);
      if (!sequence) return false;
      const place = atEnd && !sequence.rest ? constant(sequence.elements.length) : UNKNOWN;
      writeItem(frame, makeValue(shape), place, element, content.cls.node);
      continue;
    }
    const keep = atEnd && content.elements.length < 60 && !content.rest;
    frame.state.setObject(
      shape.id,
      keep
        ? { ...content, elements: [...content.elements, element] }
        : { ...content, rest: content.rest ? join(content.rest, element) : element },
    );
    const shared = sharedId(frame, shape.id);
    if (shared === undefined) continue;
    if (dependsOnCaller(element)) frame.addEffect({ target: shared, key: '[]', value: element });
    changeShared(frame, shape.id, (before) => {
      const lasting = outliving(element);
      if (before.kind === 'instance' || before.kind === 'dict') return before;
      return { ...before, rest: before.rest ? join(before.rest, lasting) : lasting };
    });
  }
  return true;
}

/** Puts taint into whatever an expression names, where a call fills or changes it. */
export function taintTarget(frame: Frame, target: Expression, taint: Taint): void {
  if (taint.length === 0) return;
  if (target.kind === 'Name') {
    const before = frame.state.get(target.id);
    if (before) frame.state.set(target.id, withTaint(before, joinTaint(before.taint, taint)));
  } else if (target.kind === 'Attribute') {
    rememberPath(frame, target, tainted(taint), NO_TAINT);
  } else if (target.kind === 'Subscript') {
    taintTarget(frame, target.value, taint);
  }
}

/** `items[1:] = others`: what is added may stand anywhere. */
export function writeSlice(frame: Frame, container: Value, added: Value): void {
  const { shape } = container;
  const object = shape.kind === 'object' ? frame.state.object(shape.id) : undefined;
  if (shape.kind !== 'object' || object?.kind !== 'list') {
    addElements(frame, container, added);
    return;
  }
  const before = anyOf(object);
  const element = elementOf(frame, added);
  const rest = before ? join(before, element) : element;
  frame.state.setObject(shape.id, { kind: 'list', elements: [], rest });
}

/** `del object[index]`, where it is known what stands there. */
export function deleteItem(frame: Frame, { shape }: Value, index: Value): void {
  const object = shape.kind === 'object' ? frame.state.object(shape.id) : undefined;
  const key = constantOf(index);
  if (shape.kind !== 'object' || !object || (typeof key !== 'string' && typeof key !== 'number')) return;
  if (object.kind === 'dict') {
    const entries = new Map(object.entries);
    if (entries.delete(key)) frame.state.setObject(shape.id, { ...object, entries });
  } else if (object.kind === 'list' && typeof key === 'number' && (key >= 0 || !object.rest)) {
    const at = key < 0 ? object.elements.length + key : key;
    frame.state.setObject(shape.id, { ...object, elements: object.elements.toSpliced(at, 1) });
  }
}
