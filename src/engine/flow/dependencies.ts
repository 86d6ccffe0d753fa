/** What FastAPI puts into parameters: `Depends(function)`. https://fastapi.tiangolo.com/tutorial/dependencies/ */
import type { Expression } from '../syntax/ast.ts';
import type { Type } from './annotations.ts';
import { evaluate } from './expressions.ts';
import type { Frame } from './frame.ts';
import { callFunction } from './functions.ts';
import { instantiateClass } from './instances.ts';
import { ClassInfo, type FunctionInfo } from './program.ts';
import { type Arguments, NO_ARGUMENTS, optionsOf, type Shape, UNKNOWN, type Value } from './values.ts';

function isDependency(value: Value | undefined): boolean {
  return value?.shape.kind === 'instance' && /\.(?:Depends|Security)$/.test(value.shape.node.path);
}

/** `Annotated[User, Depends(current_user)]`: the same as a default. */
export function annotatedDependency(frame: Frame, annotation: Expression): Value | undefined {
  if (annotation.kind !== 'Subscript' || annotation.index.kind !== 'Tuple') return undefined;
  for (const element of annotation.index.elements.slice(1)) {
    if (element.kind !== 'Call') continue;
    const value = evaluate(frame, element);
    if (isDependency(value)) return value;
  }
  return undefined;
}

/** The dependency that fills a parameter: the value that `Depends(…)` makes. */
export function dependencyOf(fn: FunctionInfo, index: number): Value | undefined {
  const fallback = fn.defaults.get(index);
  return isDependency(fallback) ? fallback : undefined;
}

/**
 * What the function of a dependency returns, which is called with parts of the request, or the instance of its class.
 * Undefined where neither is of the project.
 */
export function provided(frame: Frame, dependency: Value, annotated: Type | null): Value | undefined {
  for (const option of dependedOn(dependency, annotated)) {
    if (option.kind === 'function') return callFunction(frame, option, asked(option.fn), option.fn.node);
    const init = option.kind === 'class' ? constructorOf(option.cls) : undefined;
    if (option.kind !== 'class' || !init) continue;
    const handler = frame.program.api.lookup('fastapi.Depends').registers[0]?.handler;
    if (!init.handler && handler) {
      init.handler = { handler, route: '' };
      frame.program.collector.again(init);
    }
    return instantiateClass(frame, option.cls, asked(init), option.cls.node);
  }
  return undefined;
}

/** Whether the request fills the fields of a dataclass or model: a dependency that has no constructor of its own. */
export function isOfFields(dependency: Value, annotated: Type | null): boolean {
  return dependedOn(dependency, annotated).some(
    (option) => option.kind === 'class' && !constructorOf(option.cls),
  );
}

/** The function or class of a dependency: that of the annotation where `Depends()` names none. */
function dependedOn({ shape }: Value, annotated: Type | null): readonly Shape[] {
  if (shape.kind !== 'instance') return [];
  const given = shape.madeBy?.positional[0] ?? shape.madeBy?.keywords.get('dependency');
  if (given) return optionsOf(given.shape);
  return annotated instanceof ClassInfo ? [{ kind: 'class', cls: annotated }] : [];
}

function constructorOf(cls: ClassInfo): FunctionInfo | undefined {
  const shape = cls.member('__init__')?.value.shape;
  return shape?.kind === 'function' ? shape.fn : undefined;
}

/** The request fills every parameter: no default stands for what it holds. */
function asked(fn: FunctionInfo): Arguments {
  const names = fn.params.slice(fn.isBound ? 1 : 0).map(({ name }) => name);
  return { ...NO_ARGUMENTS, keywords: new Map(names.map((name) => [name, UNKNOWN])) };
}
