/**
 * Generators: what they yield, what is sent to them in exchange, and what they return at the end. What is sent is a
 * parameter more, behind those that are written.
 * https://docs.python.org/3/reference/expressions.html#generator-iterator-methods
 */
import type { Call, Yield } from '../syntax/ast.ts';
import { withEntry } from './empty.ts';
import { noteYield } from './exits.ts';
import { evaluate } from './expressions.ts';
import type { Frame } from './frame.ts';
import { callFunction } from './functions.ts';
import { elementOf } from './items.ts';
import type { HeapObject } from './state.ts';
import type { FunctionShape } from './summaries.ts';
import {
  type Arguments,
  makeValue,
  NO_ARGUMENTS,
  NONE,
  tainted,
  taintItem,
  UNKNOWN,
  type Value,
} from './values.ts';

/** `received = yield given` */
export function evaluateYield(frame: Frame, node: Yield): Value {
  const value = node.value ? evaluate(frame, node.value) : NONE;
  const { fn } = frame;
  if (!fn || fn.isCoroutine) return value;
  if (node.isFrom) {
    noteYield(frame, elementOf(frame, value));
    return outcomeOf(frame, value);
  }
  noteYield(frame, value);
  return tainted([taintItem(frame.activation.origin(fn.params.length))]);
}

/** What a call of a generator function gives: its elements one after the other. */
export function generated(frame: Frame, shape: FunctionShape, yielded: Value): Value {
  const id = frame.program.nextObject();
  const generator = { shape, outcome: frame.returned ?? NONE };
  const object: HeapObject = { kind: 'list', elements: [], rest: yielded, generator };
  frame.returnedObjects = withEntry(frame.returnedObjects, id, object);
  return makeValue({ kind: 'object', id });
}

/** The value of `yield from`: what the generator inside returns. */
function outcomeOf(frame: Frame, value: Value): Value {
  const object = frame.objectOf(value);
  return object?.kind === 'list' && object.generator ? object.generator.outcome : UNKNOWN;
}

/** `generator.send(value)`: the next element, after the value took the place of a `yield`. */
export function sendTo(
  frame: Frame,
  receiver: Value,
  { positional: [sent] }: Arguments,
  node: Call,
): Value | undefined {
  const object = frame.objectOf(receiver);
  if (object?.kind !== 'list' || !object.generator || !sent) return undefined;
  return elementOf(frame, callFunction(frame, object.generator.shape, { ...NO_ARGUMENTS, sent }, node));
}
