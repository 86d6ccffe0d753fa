import { Worker } from 'node:worker_threads';
import type { AnalysisResult, Callers, FileRole, Focus, Limits } from '../engine/project.ts';
import type { IgnoreComment } from './suppressions.ts';

/** A request as it crosses into a worker: data only. */
export interface WorkerRequest {
  readonly paths: readonly string[];
  readonly texts: ReadonlyMap<string, string>;
  readonly targets: readonly string[];
  readonly callers?: Callers;
  /** What the configuration says files are. */
  readonly roles?: ReadonlyMap<string, FileRole>;
  readonly focus?: Focus;
  readonly limits?: Partial<Limits>;
  /** Leaves out what only a review of a change asks for. */
  readonly findingsOnly?: boolean;
}

export interface WorkerAnswer extends AnalysisResult {
  /** The comments in the targets and callers that ask to ignore a finding. */
  readonly ignoreComments: readonly IgnoreComment[];
}

export type WorkerOutcome =
  | { readonly answer: WorkerAnswer }
  | { readonly failure: 'timeout' | 'out-of-memory' | 'crash'; readonly detail: string };

export interface PoolOptions {
  /** Workers at most; each is a thread with a heap of its own. */
  readonly size?: number;
  /** Wall-clock time for one request, in milliseconds. */
  readonly timeoutMs?: number;
  /** The heap of one worker, in megabytes. */
  readonly memoryMb?: number;
  /** The stack of one worker, in megabytes: recursion over deeply nested code. */
  readonly stackMb?: number;
  /** The module that a worker runs. */
  readonly entry?: URL;
}

const ENTRY = new URL('./analysis-worker.ts', import.meta.url);

interface Job {
  readonly request: WorkerRequest;
  resolve(outcome: WorkerOutcome): void;
}

interface Seat {
  worker: Worker | undefined;
  job: Job | undefined;
  timer: NodeJS.Timeout | undefined;
}

/**
 * Threads in which the engine runs, so that no file can take the process with it: each request has a time limit, each
 * thread a memory and a stack limit. A thread that breaks one is ended and a new one takes its seat.
 */
export class AnalysisPool {
  private readonly options: Required<PoolOptions>;
  private readonly seats: Seat[];
  private readonly waiting: Job[] = [];
  private closed = false;

  constructor(options: PoolOptions = {}) {
    this.options = {
      size: options.size ?? 2,
      timeoutMs: options.timeoutMs ?? 60_000,
      memoryMb: options.memoryMb ?? 1024,
      stackMb: options.stackMb ?? 16,
      entry: options.entry ?? ENTRY,
    };
    this.seats = Array.from({ length: this.options.size }, () => ({
      worker: undefined,
      job: undefined,
      timer: undefined,
    }));
  }

  /** Never rejects for what a file does to the engine: that is an outcome. */
  analyse(request: WorkerRequest): Promise<WorkerOutcome> {
    if (this.closed) throw new Error('the analysis pool is closed');
    return new Promise((resolve) => {
      this.waiting.push({ request, resolve });
      this.dispatch();
    });
  }

  /** Ends all threads; what is still running ends as a crash. */
  async close(): Promise<void> {
    this.closed = true;
    for (const job of this.waiting.splice(0))
      job.resolve({ failure: 'crash', detail: 'the analysis was stopped' });
    await Promise.all(this.seats.map((seat) => this.vacate(seat, 'crash', 'the analysis was stopped')));
  }

  private dispatch(): void {
    for (const seat of this.seats) {
      if (seat.job) continue;
      const job = this.waiting.shift();
      if (!job) return;
      seat.job = job;
      seat.worker ??= this.start(seat);
      seat.worker.ref();
      seat.timer = setTimeout(
        () => this.vacate(seat, 'timeout', `it took longer than ${this.options.timeoutMs / 1000} s`),
        this.options.timeoutMs,
      );
      seat.worker.postMessage(job.request);
    }
  }

  private start(seat: Seat): Worker {
    const worker = new Worker(this.options.entry, {
      resourceLimits: {
        maxOldGenerationSizeMb: this.options.memoryMb,
        stackSizeMb: this.options.stackMb,
      },
      // The engine reads no environment, and a thread needs none of the process's secrets.
      env: {},
      stdout: false,
    });
    const isSeated = () => seat.worker === worker;
    worker.on('message', (outcome: WorkerOutcome) => isSeated() && this.finish(seat, outcome));
    worker.on('messageerror', (error) => isSeated() && this.vacate(seat, 'crash', error.message));
    worker.on('error', (error: NodeJS.ErrnoException) => {
      if (!isSeated()) return;
      if (error.code === 'ERR_WORKER_OUT_OF_MEMORY') {
        this.vacate(seat, 'out-of-memory', `it needed more than ${this.options.memoryMb} MB of memory`);
      } else this.vacate(seat, 'crash', error.message);
    });
    worker.on('exit', () => isSeated() && this.vacate(seat, 'crash', 'the worker ended'));
    return worker;
  }

  private finish(seat: Seat, outcome: WorkerOutcome): void {
    const job = seat.job;
    clearTimeout(seat.timer);
    seat.job = undefined;
    seat.worker?.unref();
    job?.resolve(outcome);
    this.dispatch();
  }

  /** Ends the seat's thread; its job ends with the failure. */
  private async vacate(
    seat: Seat,
    failure: 'timeout' | 'out-of-memory' | 'crash',
    detail: string,
  ): Promise<void> {
    const worker = seat.worker;
    seat.worker = undefined;
    const ended = worker?.terminate();
    this.finish(seat, { failure, detail });
    await ended;
  }
}
