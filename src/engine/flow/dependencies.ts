/** What FastAPI puts into parameters: `Depends(function)`. https://fastapi.tiangolo.com/tutorial/dependencies/ */
import type { Expression } from '../syntax/ast.ts';
import { evaluate } from './expressions.ts';
import type { Frame } from './frame.ts';
import { callFunction } from './functions.ts';
import type { FunctionInfo } from './program.ts';
import { NO_ARGUMENTS, optionsOf, type Value } from './values.ts';

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

/** What the function of a dependency returns, which is called with parts of the request; undefined where it is no function. */
export function provided(frame: Frame, dependency: Value): Value | undefined {
  const { shape } = dependency;
  const function_ = shape.kind === 'instance' ? shape.madeBy?.positional[0] : undefined;
  for (const option of function_ ? optionsOf(function_.shape) : []) {
    if (option.kind === 'function') return callFunction(frame, option, NO_ARGUMENTS, option.fn.node);
  }
  return undefined;
}
