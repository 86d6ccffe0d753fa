/** What the decorators of the project put around handlers, which frameworks call in their place. */
import { handlerOf } from './definitions.ts';
import { KindSet } from './kinds.ts';
import type { FunctionInfo, Passed, Program, Summary, WatchedCall } from './program.ts';
import { type FunctionShape, plainKey, run } from './summaries.ts';
import { type Arguments, joinTaint, NO_TAINT, type Value } from './values.ts';

/**
 * A framework calls the outermost wrapper of a handler: what that, and those inside it, check before they call the
 * handler holds there, and what they give of their own does not come from the framework.
 */
export function lookIntoWrappers(program: Program, fn: FunctionInfo, key: string): void {
  const { wrappers } = fn;
  fn.wrappers = [];
  if (!handlerOf(program, fn)) return;
  // What was run before did not tell of the calls of the handler.
  const before = wrappers.map((wrapper) => takeSummary(wrapper));
  fn.isWatched = true;
  fn.summaries.set(key, 'running');
  let calls: readonly WatchedCall[] = [];
  try {
    calls = run(program, wrappers.at(-1)!, null, null).watched;
  } finally {
    fn.isWatched = false;
    fn.summaries.delete(key);
    wrappers.forEach((wrapper, i) => {
      takeSummary(wrapper);
      const summary = before[i];
      if (summary) wrapper.fn.summaries.set(plainKey(wrapper), summary);
    });
  }
  fn.passed = fn.params.map((_, index) => passedAt(calls.map((call) => call[index])));
}

/** Takes away the summary of a function that knows nothing of its arguments. */
function takeSummary(shape: FunctionShape): Summary | 'running' | undefined {
  const key = plainKey(shape);
  const summary = shape.fn.summaries.get(key);
  shape.fn.summaries.delete(key);
  return summary;
}

/** The arguments of a call of a watched function: undefined where it is not known that one was given. */
export function watchedCall(
  { params }: FunctionInfo,
  self: Value | null,
  { positional, keywords }: Arguments,
  bound: readonly Value[],
): WatchedCall {
  const places = positional.length + (self ? 1 : 0);
  return bound.map((value, index) => {
    const isGiven = index < places || keywords.has(params[index]?.name ?? '');
    return isGiven || value.taint.length > 0 ? value : undefined;
  });
}

function passedAt(values: readonly (Value | undefined)[]): Passed {
  const taint = values.flatMap((value) => value?.taint ?? []);
  const isOwn =
    values.length > 0 &&
    values.every((value) => value !== undefined) &&
    taint.every(({ origin }) => origin.type === 'source');
  return {
    own: isOwn ? joinTaint(NO_TAINT, taint) : null,
    clean:
      taint.length > 0
        ? taint.map(({ clean }) => clean).reduce((all, clean) => all.and(clean))
        : KindSet.none,
  };
}
