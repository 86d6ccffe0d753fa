/** What a normal end of a function says: the value that it returns, and what was checked on the way. */

import type { Expression } from '../syntax/ast.ts';
import { isGroup } from './caught.ts';
import { handlerOf } from './definitions.ts';
import { NO_ENTRIES, withEntry } from './empty.ts';
import type { Frame } from './frame.ts';
import { refine } from './guards.ts';
import type { KindSet } from './kinds.ts';
import { reachValue } from './sinks.ts';
import { joinObject } from './state.ts';
import { join, optionsOf, truth, type Value } from './values.ts';

/** Of `return False, 'too long'` the first says how it went. */
function verdictOf(value: Value): Value {
  const { shape } = value;
  return shape.kind === 'tuple' && shape.elements.length > 1 ? shape.elements[0]! : value;
}

/** Notes a `return`: its value, and what having come here says about the parameters. */
export function noteReturn(frame: Frame, node: Expression | null, value: Value): void {
  const { fn } = frame;
  if (!fn) return;
  const handler = handlerOf(frame.program, fn)?.handler;
  if (handler?.returns && node) {
    // `return body, status, headers`
    const page = value.shape.kind === 'tuple' ? (value.shape.elements[0] ?? value) : value;
    const site = { module: frame.module, fn, node, call: null, path: '' };
    reachValue(frame, 'response', page, undefined, site);
    // A dict or list is made JSON.
    if (handler.returns !== 'response' && page.shape.kind !== 'object') {
      reachValue(frame, handler.returns, page, undefined, site);
    }
  }
  const judged = node?.kind === 'Tuple' ? (node.elements[0] ?? node) : node;
  const verdict = verdictOf(value);
  if (frame.guarded && judged) {
    const known = truth(verdict);
    for (const outcome of [true, false]) {
      if (known !== undefined && known !== outcome) continue;
      const base = frame.state;
      frame.state = base.fork();
      if (known === undefined) refine(frame, judged, outcome);
      const established = cleanParameters(frame);
      frame.state = base;
      if (outcome) frame.whenTrue = meet(frame.whenTrue, established);
      else frame.whenFalse = meet(frame.whenFalse, established);
    }
  } else if (judged && judged.kind !== 'Constant') {
    noteBooleanExpression(frame, judged, verdict);
  } else {
    const known = truth(verdict);
    if (known !== false) frame.whenTrue = NO_ENTRIES;
    if (known !== true) frame.whenFalse = NO_ENTRIES;
  }
  noteExit(frame, value, false);
}

/** `return name in ALLOWED`: a check whose outcome callers act upon. */
function noteBooleanExpression(frame: Frame, node: Expression, value: Value): void {
  const isTest =
    node.kind === 'Compare' || node.kind === 'BoolOp' || node.kind === 'UnaryOp' || node.kind === 'Call';
  const known = truth(value);
  for (const outcome of [true, false]) {
    if (known !== undefined && known !== outcome) continue;
    let established: ReadonlyMap<number, KindSet> = NO_ENTRIES;
    if (isTest && known === undefined) {
      const base = frame.state;
      frame.state = base.fork();
      refine(frame, node, outcome);
      established = cleanParameters(frame);
      frame.state = base;
    }
    if (outcome) frame.whenTrue = meet(frame.whenTrue, established);
    else frame.whenFalse = meet(frame.whenFalse, established);
  }
}

/** Notes a `yield`: what a loop over the generator gives. */
export function noteYield(frame: Frame, value: Value): void {
  keepObjects(frame, value);
  frame.yielded = frame.yielded ? join(frame.yielded, value) : value;
}

/** Notes what a `raise` raises, for the handlers around it, here or in a caller. */
export function noteRaise(frame: Frame, value: Value): void {
  if (value.shape.kind !== 'object' && value.taint.length === 0 && !isGroup(value.shape)) return;
  keepObjects(frame, value);
  frame.raised = frame.raised ? join(frame.raised, value) : value;
}

/** Notes a normal end of the function. */
export function noteExit(frame: Frame, value: Value, fallsThrough = true): void {
  keepObjects(frame, value);
  for (const effect of frame.effects) keepObjects(frame, effect.value);
  frame.returned = frame.returned ? join(frame.returned, value) : value;
  const established = frame.guarded ? cleanParameters(frame) : NO_ENTRIES;
  frame.whenReturned = meet(frame.whenReturned, established);
  if (fallsThrough) frame.whenFalse = meet(frame.whenFalse, established);
}

/** Per parameter what it is clean for in the current state. */
function cleanParameters(frame: Frame): ReadonlyMap<number, KindSet> {
  let out: ReadonlyMap<number, KindSet> = NO_ENTRIES;
  frame.fn?.params.forEach((param, index) => {
    const value = frame.state.get(param.name);
    const item = value?.taint.find(
      ({ origin }) => origin.type === 'parameter' && origin.index === index && origin.path.length === 0,
    );
    if (item) out = withEntry(out, index, item.clean);
  });
  return out;
}

/** What holds at both ends; neither map is changed any more. */
function meet(
  before: ReadonlyMap<number, KindSet> | null,
  now: ReadonlyMap<number, KindSet>,
): ReadonlyMap<number, KindSet> {
  if (!before || now.size === 0) return now;
  if (before.size === 0) return before;
  let out: ReadonlyMap<number, KindSet> = NO_ENTRIES;
  for (const [index, kinds] of before) {
    const other = now.get(index);
    if (other) out = withEntry(out, index, kinds.and(other));
  }
  return out;
}

/** Keeps the heap objects that a returned value refers to, through each other: the branch that made them ends here. */
function keepObjects(frame: Frame, value: Value): void {
  const { kind } = value.shape;
  if (kind !== 'object' && kind !== 'tuple' && kind !== 'choice') return;
  const seen = new Set<number>();
  const visit = (one: Value, depth: number): void => {
    if (depth > 4 || seen.size > 40) return;
    for (const shape of optionsOf(one.shape)) {
      if (shape.kind === 'tuple') for (const element of shape.elements) visit(element, depth + 1);
      if (shape.kind !== 'object' || seen.has(shape.id)) continue;
      const object = frame.state.object(shape.id);
      if (!object) continue;
      seen.add(shape.id);
      const before = frame.returnedObjects.get(shape.id);
      const kept = before ? joinObject(before, object) : object;
      frame.returnedObjects = withEntry(frame.returnedObjects, shape.id, kept);
      if (object.kind === 'instance')
        for (const attribute of object.attributes.values()) visit(attribute, depth + 1);
      else {
        if (object.kind === 'dict') for (const entry of object.entries.values()) visit(entry, depth + 1);
        else for (const element of object.elements) visit(element, depth + 1);
        if (object.rest) visit(object.rest, depth + 1);
      }
    }
  };
  visit(value, 0);
}
