/** Checks of the type of a value, and conversions that only text of one form survives. */
import type { Call, Expression } from '../syntax/ast.ts';
import { isHarmless } from './annotations.ts';
import { clean, evaluateQuietly } from './facts.ts';
import type { Frame } from './frame.ts';
import { KindSet, WORD } from './kinds.ts';
import { typesNamed } from './value-types.ts';
import type { Arguments } from './values.ts';

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
