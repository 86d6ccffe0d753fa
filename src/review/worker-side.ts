import { parentPort } from 'node:worker_threads';
import type { AnalysisRequest, AnalysisResult, Project } from '../engine/project.ts';
import { parseModule } from '../engine/syntax/parse.ts';
import { inLinesOfDiff } from './line-breaks.ts';
import { type IgnoreComment, ignoreComments, mayHaveIgnoreComments } from './suppressions.ts';
import type { WorkerAnswer, WorkerOutcome, WorkerRequest } from './workers.ts';

export type Analyse = (request: AnalysisRequest) => AnalysisResult | Promise<AnalysisResult>;

/** Answers the pool's requests in this thread until the pool ends it. */
export function serveAnalyses(analyse: Analyse): void {
  const port = parentPort;
  if (!port) throw new Error('this module runs in a worker of the analysis pool');
  port.on('message', async (request: WorkerRequest) =>
    port.postMessage(await outcomeOf(() => answer(request, analyse))),
  );
}

/** What an error says comes from the engine, never from a person; the stack stays here. */
export async function outcomeOf(work: () => Promise<WorkerAnswer>): Promise<WorkerOutcome> {
  try {
    return { answer: await work() };
  } catch (error) {
    return {
      failure: 'crash',
      detail: error instanceof Error ? `${error.name}: ${error.message}` : 'unknown error',
    };
  }
}

/** One request, in whatever thread this is called. */
export async function answer(request: WorkerRequest, analyse: Analyse): Promise<WorkerAnswer> {
  const project: Project = { paths: new Set(request.paths), read: (path) => request.texts.get(path) };
  const result = await analyse({
    project,
    targets: request.targets,
    ...(request.callers ? { callers: request.callers } : {}),
    ...(request.roles ? { roles: request.roles } : {}),
    ...(request.focus ? { focus: request.focus } : {}),
    ...(request.limits ? { limits: request.limits } : {}),
    ...(request.findingsOnly ? { findingsOnly: true } : {}),
  });
  const asked = [...request.targets, ...(request.callers?.paths ?? [])];
  const comments = asked.flatMap((path) => commentsOf(path, request.texts.get(path)));
  return inLinesOfDiff({ ...result, ignoreComments: comments }, request.texts);
}

function commentsOf(path: string, text: string | undefined): IgnoreComment[] {
  if (text === undefined || !mayHaveIgnoreComments(text)) return [];
  return ignoreComments(path, text, parseModule(text).module.comments);
}
