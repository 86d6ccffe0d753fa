import { parentPort } from 'node:worker_threads';
import { analyse } from '../engine/analyse.ts';
import type { Project } from '../engine/project.ts';
import { directoryProject } from '../git/project.ts';
import { answer } from '../review/worker-side.ts';
import type { WorkerOutcome, WorkerRequest } from '../review/workers.ts';

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

parentPort?.on('message', (request: ScanRequest) => {
  parentPort?.postMessage(scan(request));
});

function scan(request: ScanRequest): WorkerOutcome {
  try {
    const project = directoryProject(request.root, new Set(request.paths));
    return { answer: answer({ ...request, texts: new FileTexts(project) }, analyse) };
  } catch (error) {
    const detail = error instanceof Error ? `${error.name}: ${error.message}` : 'unknown error';
    return { failure: 'crash', detail };
  }
}
