import type { SourceView } from '../views.ts';

/** Whether it is what the one who starts a tool gives it. */
export function isOwnInput(source: SourceView): boolean {
  return source.level === 'local' && /argument|variable|typed|input/.test(source.what);
}

/** Whether others put it where the code takes it from: a queue, or the answer of a model that anyone may have steered. */
export function isSentByOthers(source: SourceView): boolean {
  return (
    source.level === 'stored' &&
    /message of|answer of a language model|argument of the task/.test(source.what)
  );
}
