/** Checks of everything that a text or a list holds: all of it is among what is allowed. */
import type { Comprehension, Expression, For, Statement } from '../syntax/ast.ts';
import { ownName } from '../syntax/headers.ts';
import { clean, evaluateQuietly } from './facts.ts';
import type { Frame } from './frame.ts';
import { kindsWithout } from './guards-pattern.ts';
import { KindSet, WORD } from './kinds.ts';
import { mapObject } from './state.ts';
import { cleaned, constantOf, type Value, withTaint } from './values.ts';

const NAMES = KindSet.of('attribute', 'mass-assignment');

/** `text.isalnum()`; and `text.replace('-', '').isalnum()`: letters, digits and what is left out. */
export function refineWord(frame: Frame, word: Expression, others: KindSet = KindSet.none): void {
  let subject = word;
  let leftOut = '';
  for (let piece = leftOutOf(frame, subject); piece; piece = leftOutOf(frame, subject)) {
    leftOut += piece.text;
    subject = piece.subject;
  }
  if (subject === word) clean(frame, word, WORD.with(others));
  else clean(frame, subject, kindsWithout({ has: (codePoint) => isOneOf(codePoint, leftOut) }));
}

/** The characters that `text.replace('-', '')` leaves out, and the text. */
function leftOutOf(frame: Frame, call: Expression): { text: string; subject: Expression } | undefined {
  if (call.kind !== 'Call' || call.func.kind !== 'Attribute' || call.func.attr !== 'replace')
    return undefined;
  const [piece, put] = call.args.map((argument) => constantOf(evaluateQuietly(frame, argument)));
  return typeof piece === 'string' && put === '' ? { text: piece, subject: call.func.value } : undefined;
}

function isOneOf(codePoint: number, characters: string): boolean {
  const character = String.fromCodePoint(codePoint);
  return /[\p{L}\p{N}]/u.test(character) || characters.includes(character);
}

/** `set(text)`, `frozenset(names)`: what it was made of. */
function setOf(expression: Expression): Expression | undefined {
  return expression.kind === 'Call' &&
    expression.func.kind === 'Name' &&
    /^(?:frozen)?set$/.test(expression.func.id)
    ? expression.args[0]
    : undefined;
}

/** `set(fields).issubset(ALLOWED)`, `set(text) <= ALLOWED`, `not set(text) - ALLOWED`: there is nothing else in it. */
export function refineSubset(frame: Frame, subset: Expression): void {
  const made = setOf(subset);
  if (made) clean(frame, made, WORD.with(NAMES));
  else clean(frame, subset, NAMES);
}

/** Whether a set is made right here, so that an order or a difference is one of sets. */
export function isMadeSet(expression: Expression | undefined): expression is Expression {
  return expression !== undefined && setOf(expression) !== undefined;
}

/** `all(c in ALLOWED for c in subject)` */
export function refineAll(frame: Frame, { element, generators }: Comprehension): void {
  const [generator] = generators;
  if (!generator || generators.length > 1) return;
  if (!allows(element)) return;
  clean(frame, generator.iter, WORD);
  cleanElements(frame, evaluateQuietly(frame, generator.iter));
}

/** What a list holds was looked at one by one. */
function cleanElements(frame: Frame, { shape }: Value): void {
  const object = shape.kind === 'object' ? frame.state.object(shape.id) : undefined;
  if (shape.kind !== 'object' || !object || object.kind === 'dict' || object.kind === 'instance') return;
  frame.guarded = true;
  const change = (part: Value): Value => withTaint(part, cleaned(part.taint, WORD));
  frame.state.setObject(shape.id, mapObject(object, change));
}

function allows(element: Expression): boolean {
  return (
    (element.kind === 'Compare' && element.ops[0] === 'in') ||
    (element.kind === 'Call' &&
      element.func.kind === 'Attribute' &&
      /^is(alnum|digit|alpha|decimal)$/.test(element.func.attr)) ||
    (element.kind === 'BoolOp' && element.op === 'or')
  );
}

/** `for c in text: if c not in ALLOWED: raise …`: behind the loop all of them are allowed. */
export function refineAfterLoop(frame: Frame, { body, iter, target }: For): void {
  const [check] = body;
  if (body.length !== 1 || check?.kind !== 'If' || check.elifs.length > 0 || check.orelse.length > 0) return;
  if (target.kind === 'Name' && refuses(check.test, target.id) && leaves(check.body.at(-1)))
    clean(frame, iter, WORD);
}

/** `c not in ALLOWED`, `not c.isalnum()`, and both of them. */
function refuses(test: Expression, name: string): boolean {
  switch (test.kind) {
    case 'Compare':
      return test.ops.length === 1 && test.ops[0] === 'not in' && isName(test.left, name);
    case 'UnaryOp': {
      const { operand } = test;
      if (test.op !== 'not' || operand.kind !== 'Call' || operand.func.kind !== 'Attribute') return false;
      return allows(operand) && isName(operand.func.value, name);
    }
    case 'BoolOp':
      return test.op === 'and' && test.values.every((part) => refuses(part, name));
    default:
      return false;
  }
}

function isName(expression: Expression, name: string): boolean {
  return expression.kind === 'Name' && expression.id === name;
}

function leaves(statement: Statement | undefined): boolean {
  if (statement?.kind === 'Raise' || statement?.kind === 'Return') return true;
  return (
    statement?.kind === 'ExpressionStatement' &&
    statement.value.kind === 'Call' &&
    /^(?:abort|exit|_exit)$/.test(ownName(statement.value.func))
  );
}
