/** What the project's classes make of operators, loops, indexes and text. https://docs.python.org/3/reference/datamodel.html#special-method-names */
import type { BinaryOperator, CompareOperator, Node } from '../syntax/ast.ts';
import { classOf } from './access.ts';
import { textOfException } from './containers.ts';
import type { Frame } from './frame.ts';
import { callFunction } from './functions.ts';
import { argumentsOf, joinAll, makeValue, optionsOf, truth, type Value } from './values.ts';

/** `__getattr__` that asks for an attribute of what it is asked for: so often one is looked into for another. */
const MAX_NESTED = 3;

/** Calls a method of the class of a value; undefined where its class is not known or has no such method. */
export function callSpecial(
  frame: Frame,
  object: Value,
  name: string,
  args: readonly Value[],
  node: Node,
): Value | undefined {
  if (object.shape.kind !== 'object') return undefined;
  const method = classOf(frame, object)?.member(name)?.value.shape;
  if (method?.kind !== 'function') return undefined;
  if (frame.specialCalls >= MAX_NESTED) return undefined;
  frame.specialCalls++;
  const result = callFunction(frame, { ...method, self: object }, argumentsOf(args, node), node);
  frame.specialCalls--;
  return result;
}

/** What `str(value)` and `f'{value}'` give. */
export function asText(frame: Frame, value: Value, node: Node): Value {
  const options = optionsOf(value.shape);
  if (options.length > 1 && options.some(({ kind }) => kind === 'object'))
    return joinAll(options.map((shape) => asText(frame, makeValue(shape, value.taint), node)));
  return (
    callSpecial(frame, value, '__str__', [], node) ??
    callSpecial(frame, value, '__repr__', [], node) ??
    textOfException(frame, value) ??
    value
  );
}

const OPERATORS: Record<BinaryOperator, string> = {
  '+': '__add__',
  '%': '__mod__',
  '/': '__truediv__',
  '|': '__or__',
  '&': '__and__',
  '-': '__sub__',
  '*': '__mul__',
  '//': '__floordiv__',
  '@': '__matmul__',
  '<<': '__lshift__',
  '>>': '__rshift__',
  '^': '__xor__',
  '**': '__pow__',
};

/** `left + right`, where the class of the left one says what that is. */
export function operated(
  frame: Frame,
  op: BinaryOperator,
  left: Value,
  right: Value,
  node: Node,
): Value | undefined {
  const name = OPERATORS[op];
  return (
    callSpecial(frame, left, name, [right], node) ??
    callSpecial(frame, right, name.replace('__', '__r'), [left], node)
  );
}

const COMPARISONS: Record<CompareOperator, string | null> = {
  '==': '__eq__',
  '!=': '__ne__',
  '<': '__lt__',
  '<=': '__le__',
  '>': '__gt__',
  '>=': '__ge__',
  in: '__contains__',
  'not in': '__contains__',
  is: null,
  'is not': null,
};

/** `left == right`, `left in right`: what the class says whose method decides; undefined where that is not known. */
export function compared(
  frame: Frame,
  op: CompareOperator,
  left: Value,
  right: Value,
  node: Node,
): boolean | undefined {
  const name = COMPARISONS[op];
  if (!name) return undefined;
  const [asked, other] = name === '__contains__' ? [right, left] : [left, right];
  const outcome = callSpecial(frame, asked, name, [other], node);
  const known = outcome && truth(outcome);
  return op === 'not in' && known !== undefined ? !known : known;
}
