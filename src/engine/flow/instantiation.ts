/** A callee's values, sinks and effects, put into the terms of its caller. */
import type { Node } from '../syntax/ast.ts';
import { readAttribute } from './access.ts';
import { withEntry } from './empty.ts';
import type { Frame } from './frame.ts';
import { elementOf, readItem } from './items.ts';
import { ANY_ITEM, partOfParameter } from './parameter-parts.ts';
import type { Effect, FunctionInfo, ParameterSink, Summary } from './program.ts';
import { selectedElements } from './sinks.ts';
import { ALL_ATTRIBUTES, ALL_ITEMS, spreadAttributes, spreadItems } from './spreading.ts';
import { mapObject } from './state.ts';
import { addElement, type Stores, writeAttribute, writeItem } from './storing.ts';
import {
  constant,
  join,
  joinTaint,
  makeValue,
  NO_TAINT,
  type Origin,
  type ParameterOrigin,
  type Shape,
  type Step,
  type Taint,
  type TaintItem,
  tainted,
  templateOf,
  textOf,
  UNKNOWN,
  type Value,
} from './values.ts';

/** One call, while its summary is being put into the caller's terms. */
export interface Application {
  readonly frame: Frame;
  readonly fn: FunctionInfo;
  readonly summary: Summary;
  readonly bound: readonly Value[];
  readonly node: Node;
  objects: ReadonlyMap<number, number>;
  /** What was found where the callee speaks of a part of a parameter: as it was when the call began. */
  parts: ReadonlyMap<ParameterOrigin, Value>;
  readonly stores: Stores;
  depth: number;
}

/** What the caller passed where the callee speaks of a parameter. */
function argumentAt(call: Application, origin: ParameterOrigin): Value {
  if (origin.path.length === 0) return call.bound[origin.index] ?? UNKNOWN;
  let part = call.parts.get(origin);
  if (!part) {
    part = partAt(call, origin);
    call.parts = withEntry(call.parts, origin, part);
  }
  return part;
}

function partAt(call: Application, origin: ParameterOrigin): Value {
  const { frame } = call;
  let value = call.bound[origin.index] ?? UNKNOWN;
  for (const key of origin.path) {
    if (key.startsWith('.')) {
      const object = frame.objectOf(value);
      const own = object?.kind === 'instance' ? object.attributes.get(key.slice(1)) : undefined;
      value =
        own ??
        (value.shape.kind === 'parameter'
          ? partOfParameter(value, key)
          : readAttribute(frame, value, key.slice(1), call.node));
      if (value.shape.kind === 'method') value = tainted(value.taint);
    } else if (key === '[]') {
      value = elementOf(frame, value);
    } else if (key === ANY_ITEM) {
      value = readItem(frame, value, UNKNOWN, call.node);
    } else {
      const name = key.slice(1, -1);
      const object = frame.objectOf(value);
      const isPosition =
        (object && object.kind !== 'dict' && object.kind !== 'instance') || value.shape.kind === 'tuple';
      value = readItem(frame, value, constant(isPosition ? Number(name) : name), call.node);
    }
  }
  return value;
}

/** Whether a symbol belongs to the function that was called. */
function isOwn(call: Application, origin: ParameterOrigin): boolean {
  return origin.activation.fn === call.fn;
}

/** A value of the callee in the caller's terms. */
export function instantiate(call: Application, value: Value): Value {
  if (call.depth > 6) return UNKNOWN;
  call.depth++;
  const shape = instantiateShape(call, value.shape);
  const taint = instantiateTaint(call, value.taint);
  call.depth--;
  return shape === value.shape && taint === value.taint ? value : { shape, taint };
}

function instantiateShape(call: Application, shape: Shape): Shape {
  const { frame } = call;
  switch (shape.kind) {
    case 'parameter':
      if (isOwn(call, shape.origin)) return argumentAt(call, shape.origin).shape;
      return shape.origin.activation === frame.activation ? shape : UNKNOWN.shape;
    case 'tuple': {
      const elements = shape.elements.map((element) => instantiate(call, element));
      return isSame(elements, shape.elements) ? shape : { kind: 'tuple', elements };
    }
    case 'choice': {
      const options = shape.options.map((option) => instantiateShape(call, option));
      return isSame(options, shape.options)
        ? shape
        : options.map((option) => makeValue(option)).reduce(join).shape;
    }
    case 'object':
      return instantiateObject(call, shape.id);
    case 'function':
      return shape.self ? { ...shape, self: instantiate(call, shape.self) } : shape;
    case 'partial':
      return {
        kind: 'partial',
        callee: instantiate(call, shape.callee),
        positional: shape.positional.map((one) => instantiate(call, one)),
        keywords: new Map([...shape.keywords].map(([name, one]) => [name, instantiate(call, one)])),
      };
    case 'method':
      return { ...shape, receiver: instantiate(call, shape.receiver) };
    case 'super':
      return UNKNOWN.shape;
    default:
      return shape;
  }
}

function isSame<T>(some: readonly T[], others: readonly T[]): boolean {
  return some.every((one, i) => one === others[i]);
}

/** A copy of the callee's object for this call. */
function instantiateObject(call: Application, id: number): Shape {
  const { frame } = call;
  const known = call.objects.get(id);
  if (known !== undefined) return { kind: 'object', id: known };
  const object = call.summary.objects.get(id);
  if (!object) return frame.state.object(id) ? { kind: 'object', id } : UNKNOWN.shape;
  const copy = frame.objectId(call.node, id);
  call.objects = withEntry(call.objects, id, copy);
  frame.state.setObject(
    copy,
    mapObject(object, (part) => instantiate(call, part)),
  );
  return { kind: 'object', id: copy };
}

function instantiateTaint(call: Application, taint: Taint): Taint {
  if (taint.length === 0) return taint;
  let out: Taint = NO_TAINT;
  for (const item of taint) {
    if (item.origin.type === 'source') out = joinTaint(out, [item]);
    else if (isOwn(call, item.origin)) out = joinTaint(out, carried(call, item));
    else if (item.origin.activation === call.frame.activation) out = joinTaint(out, [item]);
  }
  return out;
}

/** The taint of the argument that a symbol stands for, after what the callee did to it. */
function carried(call: Application, item: TaintItem): Taint {
  const argument = argumentAt(call, item.origin as ParameterOrigin);
  return call.frame.taintOf(argument).map((one) => ({
    origin: one.origin,
    clean: one.clean.with(item.clean),
    steps: chain(item.steps, passedStep(call, one.steps)),
  }));
}

function passedStep(call: Application, prev: Step | null): Step {
  return {
    module: call.frame.module,
    node: call.node,
    what: 'passed',
    prev,
    length: (prev?.length ?? 0) + 1,
  };
}

/** The callee's steps behind the caller's. */
function chain(steps: Step | null, onto: Step): Step {
  if (!steps || onto.length > 16) return onto;
  const prev = chain(steps.prev, onto);
  return { module: steps.module, node: steps.node, what: steps.what, prev, length: prev.length + 1 };
}

/** A parameter of the callee reaches a sink: now it is known what it is. */
export function applySink(call: Application, sink: ParameterSink): void {
  const { frame } = call;
  if (!isOwn(call, sink.origin)) {
    if (sink.origin.activation === frame.activation) frame.addSink(sink);
    return;
  }
  let value: Value | null = null;
  /** Where the elements come from that the sink speaks of, if only some do. */
  let origins: Set<Origin> | null = null;
  if (sink.element) {
    value = instantiateSinkValue(call, sink);
    const selected = selectedElements(frame, value, sink.element);
    const items = selected?.flatMap((one) => frame.taintOf(one));
    if (items)
      origins = new Set(items.filter(({ clean }) => !clean.has(sink.kind)).map(({ origin }) => origin));
  }
  for (const item of frame.taintOf(argumentAt(call, sink.origin))) {
    const clean = item.clean.with(sink.clean);
    if (clean.has(sink.kind) || (origins && !origins.has(item.origin))) continue;
    const steps = chain(sink.steps, passedStep(call, item.steps));
    value ??= instantiateSinkValue(call, sink);
    if (item.origin.type === 'source') {
      const { kind, site } = sink;
      frame.program.collector.flow(frame, { kind, source: item.origin, steps, value, site });
    } else {
      frame.addSink({ ...sink, origin: item.origin, clean, steps, value });
    }
  }
}

function instantiateSinkValue(call: Application, sink: ParameterSink): Value {
  const template = templateOf(sink.value);
  if (template !== undefined) {
    // A text that begins with the parameter begins with what the caller passed.
    const argument = templateOf(argumentAt(call, sink.origin));
    if (argument !== undefined && template.startsWith('\0'))
      return textOf(argument + template.slice(1), sink.value.taint);
    return sink.value;
  }
  return sink.value.shape.kind === 'parameter' ? instantiate(call, sink.value) : sink.value;
}

/**
 * Whether an object is what a class keeps for all its instances, where the method was called on an instance that only
 * the caller has: the method's effect on `self` says what becomes of that one.
 */
function belongsToOthers({ frame, fn, bound }: Application, id: number): boolean {
  const self = bound[0]?.shape;
  return (
    fn.isBound &&
    self?.kind === 'object' &&
    frame.program.owners.has(id) &&
    !frame.program.heap.has(self.id) &&
    !frame.kept.has(self.id)
  );
}

export function applyEffect(call: Application, effect: Effect): void {
  const { frame } = call;
  const { target, key } = effect;
  const isShared = typeof target === 'number';
  if (isShared ? belongsToOthers(call, target) : !isOwn(call, target)) return;
  const object = isShared ? makeValue({ kind: 'object', id: target }) : argumentAt(call, target);
  const value = instantiate(call, effect.value);
  if (key === ALL_ITEMS) spreadItems(frame, object, value, call.node);
  else if (key === ALL_ATTRIBUTES) spreadAttributes(frame, object, value, call.node);
  else if (key.startsWith('.')) writeAttribute(frame, object, key.slice(1), value, call.node, call.stores);
  else if (key !== '[]') writeItem(frame, object, constant(key.slice(1, -1)), value, call.node);
  else if (effect.index) writeItem(frame, object, instantiate(call, effect.index), value, call.node);
  else addElement(frame, object, value, false);
}
