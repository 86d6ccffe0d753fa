import { parentPort } from 'node:worker_threads';
import { analyseInTurns } from '../engine/analyse.ts';
import type { Project } from '../engine/project.ts';
import { directoryProject } from '../git/project.ts';
import { answer, outcomeOf } from '../review/worker-side.ts';
import type { WorkerAnswer, WorkerRequest } from '../review/workers.ts';

/** A part of a scan. Texts do not cross into the worker: it reads the files itself. */
export interface ScanRequest extends WorkerRequest {
  /** Absolute; paths are relative to it. */
  readonly root: string;
}

/** Looks like the texts of a request, and reads each file when it is asked for. */
class FileTexts extends Map<string, string> {
  private readonly project: Project;

  constructor(project: Project) {
    super();
    this.project = project;
  }

  override get(path: string): string | undefined {
    return this.project.read(path);
  }
}

parentPort?.on('message', async (request: ScanRequest) => {
  parentPort?.postMessage(await outcomeOf(() => scan(request)));
});

async function scan(request: ScanRequest): Promise<WorkerAnswer> {
  const project = directoryProject(request.root, new Set(request.paths));
  return answer({ ...request, texts: new FileTexts(project) }, analyseInTurns);
}
