/** Writing attributes, keys and elements of abstract values. */
import type { Expression, Node } from '../syntax/ast.ts';
import type { Frame } from './frame.ts';
import { ClassInfo } from './program.ts';
import { reachSinks } from './sinks.ts';
import { type HeapObject, joinObject } from './state.ts';
import {
  constantOf,
  join,
  joinTaint,
  NO_TAINT,
  optionsOf,
  type Shape,
  type Taint,
  tainted,
  UNKNOWN,
  type Value,
  withTaint,
} from './values.ts';

/** `object.name = value`; `byCallee` when a function that was called does it to its argument. */
export function writeAttribute(
  frame: Frame,
  object: Value,
  name: string,
  value: Value,
  node: Node,
  byCallee = false,
): void {
  for (const shape of optionsOf(object.shape))
    writeToShape(frame, { shape, taint: object.taint }, name, value, node, byCallee);
}

function writeToShape(
  frame: Frame,
  object: Value,
  name: string,
  value: Value,
  node: Node,
  byCallee: boolean,
): void {
  // What a constructor stores for one caller says what the attribute is, not that others pass the same input.
  const shared = byCallee ? withTaint(value, NO_TAINT) : value;
  const { shape } = object;
  switch (shape.kind) {
    case 'object': {
      const content = frame.state.object(shape.id);
      if (content?.kind !== 'instance') return;
      frame.state.setObject(shape.id, {
        ...content,
        attributes: new Map(content.attributes).set(name, value),
      });
      if (content.cls) storeInClass(frame, content.cls, name, shared);
      return;
    }
    case 'parameter': {
      const { origin, type } = shape;
      const id = frame.parameterObject(origin) ?? frame.newParameterObject(origin);
      const content = frame.state.object(id);
      const attributes = content?.kind === 'instance' ? content.attributes : new Map<string, Value>();
      frame.state.setObject(id, {
        kind: 'instance',
        cls: type instanceof ClassInfo ? type : null,
        attributes: new Map(attributes).set(name, value),
        underlying: null,
      });
      frame.addEffect(origin, `.${name}`, value);
      if (type instanceof ClassInfo) storeInClass(frame, type, name, shared);
      else if (type) reachSinks(frame, type.member(name), 'attribute', [value], node);
      return;
    }
    case 'class':
      shape.cls.members.set(name, join(shape.cls.members.get(name) ?? value, value));
      return;
    case 'module': {
      const before = shape.module.globalWrites.get(name);
      shape.module.globalWrites.set(name, before ? join(before, value) : value);
      return;
    }
    case 'instance':
    case 'api':
      reachSinks(frame, shape.node.member(name), 'attribute', [value], node);
      rememberPath(frame, node, value);
      return;
    default:
      rememberPath(frame, node, value);
  }
}

function rememberPath(frame: Frame, node: Node, value: Value): void {
  frame.setFact(`@${frame.source(node)}`, value);
}

/** Remembers for all methods of a class what one of them stores; readers that came too early are run again. */
function storeInClass(frame: Frame, cls: ClassInfo, name: string, value: Value): void {
  const lasting = outliving(value);
  if (cls.store(name, lasting)) {
    const readers = cls.readers.get(name);
    if (readers && (lasting.taint.length > 0 || lasting.shape.kind !== 'unknown')) {
      for (const fn of readers) if (fn !== frame.fn) frame.program.collector.again(fn);
    }
  }
}

/** What of a value still means something outside of the function: no parameters, no objects of its heap. */
export function outliving(value: Value): Value {
  const taint = value.taint.filter((item) => item.origin.type === 'source');
  const options = optionsOf(value.shape).filter((shape) => shape.kind !== 'object');
  const lasting = options.flatMap((shape) => lastingShape(shape) ?? []);
  if (lasting.length === 0) return tainted(taint);
  // `session or Session()`: one of the two is known wherever it is used.
  if (lasting.length < options.length) lasting.push(UNKNOWN.shape);
  return { shape: lasting.length === 1 ? lasting[0]! : { kind: 'choice', options: lasting }, taint };
}

function lastingShape(shape: Shape): Shape | undefined {
  switch (shape.kind) {
    case 'tuple':
    case 'partial':
    case 'method':
    case 'unknown':
      return undefined;
    case 'parameter':
      return shape.type && !(shape.type instanceof ClassInfo)
        ? { kind: 'instance', node: shape.type, madeBy: null }
        : undefined;
    default:
      return shape;
  }
}

/** `object[index] = value` */
export function writeItem(frame: Frame, object: Value, index: Value, value: Value, node: Node): void {
  const key = constantOf(index);
  for (const shape of optionsOf(object.shape)) {
    if (shape.kind === 'instance' || shape.kind === 'api') {
      reachSinks(frame, shape.node, 'item', [index, value], node);
      continue;
    }
    const one: Value = { shape, taint: object.taint };
    const content = frame.objectOf(one);
    if (shape.kind === 'parameter') {
      frame.addEffect(
        shape.origin,
        typeof key === 'string' || typeof key === 'number' ? `[${key}]` : '[]',
        value,
      );
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
    shareObject(frame, id, withItem(content ?? EMPTY_DICT, outliving(index), outliving(value)));
  }
}

/** A list or dict of a module, changed by a function: other functions will see it changed. */
function shareObject(frame: Frame, id: number, changed: HeapObject): void {
  const { heap } = frame.program;
  const before = heap.get(id);
  if (before && frame.fn) heap.set(id, joinObject(before, changed));
}

const EMPTY_DICT: HeapObject = { kind: 'dict', entries: new Map(), rest: null };

/** Dicts with more keys are one value. */
const MAX_ENTRIES = 120;

function withItem(content: HeapObject, index: Value, value: Value): HeapObject {
  const key = constantOf(index);
  if (content.kind === 'instance') return content;
  if (content.kind === 'dict') {
    if ((typeof key === 'string' || typeof key === 'number') && content.entries.size < MAX_ENTRIES) {
      return { ...content, entries: new Map(content.entries).set(key, value) };
    }
    return joinObject(content, { kind: 'dict', entries: content.entries, rest: value, keys: index });
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

/** Adds an element to a list, set or something list-like. */
export function addElement(frame: Frame, container: Value, element: Value, atEnd: boolean): boolean {
  for (const shape of optionsOf(container.shape)) {
    if (shape.kind === 'parameter') {
      frame.addEffect(shape.origin, '[]', element);
      continue;
    }
    if (shape.kind !== 'object') return false;
    const content = frame.state.object(shape.id);
    if (!content || content.kind === 'instance' || content.kind === 'dict') return false;
    const keep = atEnd && content.elements.length < 60 && !content.rest;
    frame.state.setObject(
      shape.id,
      keep
        ? { ...content, elements: [...content.elements, element] }
        : { ...content, rest: content.rest ? join(content.rest, element) : element },
    );
    const lasting = outliving(element);
    shareObject(frame, shape.id, { ...content, rest: content.rest ? join(content.rest, lasting) : lasting });
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
    rememberPath(frame, target, tainted(taint));
  } else if (target.kind === 'Subscript') {
    taintTarget(frame, target.value, taint);
  }
}
