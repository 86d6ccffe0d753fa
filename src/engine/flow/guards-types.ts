/** Checks of the type of a value, and conversions that only text of one form survives. */
import type { Call, Expression } from '../syntax/ast.ts';
import { isHarmless } from './annotations.ts';
import { allClean, clean, establish, evaluateQuietly } from './facts.ts';
import type { Frame } from './frame.ts';
import { KindSet, WORD } from './kinds.ts';
import { typesNamed } from './value-types.ts';
import { type Arguments, type Value, withTaint } from './values.ts';

/** `isinstance(subject, (int, float))` */
export function refineType(frame: Frame, subject: Expression, named: Expression): void {
  const types = typesNamed(evaluateQuietly(frame, named));
  if (types.every(isHarmless)) clean(frame, subject, WORD);
  else if (types.every((type) => type?.path === 'builtins.str')) clean(frame, subject, NO_DOCUMENT);
}

/** A text is no query document. */
const NO_DOCUMENT = KindSet.of('nosql');

/** The subject of `type(subject)`. */
export function subjectOfType(test: Expression): Expression | undefined {
  const isAsked =
    test.kind === 'Call' && test.func.kind === 'Name' && test.func.id === 'type' && test.args.length === 1;
  return isAsked ? test.args[0] : undefined;
}

/** `TABLE[name]`: it raises unless the table has it, and what the table has is written in it. */
export function guardByLookup(frame: Frame, table: Value, key: Expression): void {
  const object = table.shape.kind === 'object' ? frame.state.object(table.shape.id) : undefined;
  if (key.kind !== 'Name' || object?.kind !== 'dict' || object.rest || object.factory) return;
  if (object.entries.size > 0) establish(frame, key, (before) => withTaint(before, allClean(before.taint)));
}

/** `int(text)`: it raises unless the text is a number, so where the code goes on that is what the text is. */
export function guardByConversion(
  frame: Frame,
  { positionalNodes: [converted] }: Arguments,
  call: Call,
): void {
  if (converted?.kind !== 'Name' || call.args[0] !== converted) return;
  const before = frame.state.get(converted.id);
  if (before && before.taint.length > 0) clean(frame, converted, WORD);
}
