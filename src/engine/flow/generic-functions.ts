/**
 * Functions with an implementation for each type of their first argument.
 * https://docs.python.org/3/library/functools.html#functools.singledispatch
 */
import type { Call, Expression } from '../syntax/ast.ts';
import { typeOfAnnotation, typesOfUnion } from './annotations.ts';
import { withEntry } from './empty.ts';
import { evaluate } from './expressions.ts';
import type { Frame } from './frame.ts';
import { callFunction } from './functions.ts';
import { ClassInfo, type FunctionInfo } from './program.ts';
import type { FunctionShape } from './summaries.ts';
import { typeOf, typesNamed } from './value-types.ts';
import { type Arguments, makeValue, optionsOf, type Value } from './values.ts';

/** `@render.register` or `@render.register(list)`: one more implementation. False where it decorates something else. */
export function registerDecorated(frame: Frame, decorator: Expression, value: Value): boolean {
  const func = decorator.kind === 'Call' ? decorator.func : decorator;
  if (func.kind !== 'Attribute' || func.attr !== 'register') return false;
  const generic = evaluate(frame, func.value).shape;
  if (generic.kind !== 'function' || !generic.fn.implementations || value.shape.kind !== 'function')
    return false;
  const named = decorator.kind === 'Call' ? decorator.args[0] : undefined;
  register(frame, generic.fn, value.shape, named ? evaluate(frame, named) : undefined);
  return true;
}

/** `render.register(list, render_list)` */
export function registerCalled(frame: Frame, generic: FunctionInfo, args: Arguments): Value | undefined {
  const [named, implementation] = args.positional;
  if (!generic.implementations || !named || implementation?.shape.kind !== 'function') return undefined;
  register(frame, generic, implementation.shape, named);
  return implementation;
}

function register(frame: Frame, generic: FunctionInfo, shape: FunctionShape, named: Value | undefined): void {
  const { fn } = shape;
  const first = generic.owner ? 1 : 0;
  const annotation = fn.params[first]?.annotation;
  const types = named
    ? typesNamed(named)
    : annotation
      ? typesOfUnion(annotation).map((part) => typeOfAnnotation(frame, part))
      : [null];
  // What is registered for one type gets nothing else.
  if (types.length === 1 && !fn.types.get(first)) fn.types = withEntry(fn.types, first, types[0]!);
  generic.implementations?.push({ types, shape });
}

/** Calls the implementations that the type of the first argument chooses: all, where it is not known. */
export function callGeneric(frame: Frame, generic: FunctionShape, args: Arguments, node: Call): Value {
  const [first] = args.positional;
  const chosen = new Set(
    first
      ? optionsOf(first.shape).flatMap((option) => implementations(frame, generic, makeValue(option)))
      : [],
  );
  return frame.forEachOption([...chosen], (shape) =>
    callFunction(frame, { ...shape, self: generic.self }, args, node),
  );
}

function implementations(frame: Frame, generic: FunctionShape, argument: Value): readonly FunctionShape[] {
  const all = generic.fn.implementations ?? [];
  const type = typeOf(frame, argument);
  const order = type instanceof ClassInfo ? type.lookupOrder : type ? [type] : [];
  for (const one of order) {
    const fitting = all.filter(({ types }) =>
      types.some((other) => other !== null && (one === other || one.path === other.path)),
    );
    if (fitting.length > 0) return fitting.map(({ shape }) => shape);
  }
  // Of abstract types (`Mapping`) nobody says here what belongs to them.
  const possible = type
    ? all.filter(({ types }) =>
        types.some((other) => other === null || isAbstract(other.path) || type.isA(other.path)),
      )
    : all;
  return [...possible.map(({ shape }) => shape), generic];
}

function isAbstract(path: string): boolean {
  return /^(?:collections\.abc|typing|numbers)\./.test(path);
}
