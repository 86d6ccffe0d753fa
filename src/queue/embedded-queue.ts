import type { Logger } from 'pino';
import { type Backoff, DEFAULT_BACKOFF, waitAfter } from './backoff.ts';
import { type Clock, systemClock } from './clock.ts';
import { type OpenOptions, openDatabase } from './database.ts';
import { type ClaimedJob, JobTable } from './job-table.ts';
import {
  type Enqueued,
  type EnqueueOptions,
  type JobHandlers,
  type JobQueue,
  type JsonObject,
  type MergePayloads,
  type NewJob,
  type QueueState,
  RetryLater,
  type RunOptions,
  Stopping,
  Superseded,
  TimedOut,
} from './queue.ts';

export interface EmbeddedQueueOptions extends OpenOptions {
  readonly log: Pick<Logger, 'info' | 'warn' | 'error'>;
  readonly merge: MergePayloads;
  readonly backoff?: Backoff;
  /** How long one attempt may take, in milliseconds. */
  readonly jobTimeout?: number;
  /** How long `close` waits for jobs that do not end though they were aborted, in milliseconds. */
  readonly closingPatience?: number;
  readonly clock?: Clock;
  readonly random?: () => number;
}

const DEFAULT_JOB_TIMEOUT = 20 * 60_000;
/** A container gets 10 s to stop. */
const DEFAULT_CLOSING_PATIENCE = 8_000;
/** How long to wait until the outcome of a job is written again, where the disk refused it. */
const STORAGE_RETRY = 5_000;

interface Worker {
  readonly controller: AbortController;
  readonly ended: Promise<void>;
}

/**
 * Opens the queue that lives in one SQLite file: durable (an answer is given after the disk has it), for one process
 * at a time. Throws `QueueFileError` when the file cannot be used.
 */
export async function openEmbeddedQueue(path: string, options: EmbeddedQueueOptions): Promise<JobQueue> {
  return new EmbeddedQueue(new JobTable(await openDatabase(path, options), options.merge), options);
}

class EmbeddedQueue implements JobQueue {
  readonly #table: JobTable;
  readonly #log: EmbeddedQueueOptions['log'];
  readonly #backoff: Backoff;
  readonly #jobTimeout: number;
  readonly #closingPatience: number;
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #workers = new Map<number, Worker>();
  #handlers: JobHandlers | undefined;
  #concurrency = 0;
  #cancelWakeUp: () => void = () => {};
  #closing = false;

  constructor(table: JobTable, options: EmbeddedQueueOptions) {
    this.#table = table;
    this.#log = options.log;
    this.#backoff = options.backoff ?? DEFAULT_BACKOFF;
    this.#jobTimeout = options.jobTimeout ?? DEFAULT_JOB_TIMEOUT;
    this.#closingPatience = options.closingPatience ?? DEFAULT_CLOSING_PATIENCE;
    this.#clock = options.clock ?? systemClock;
    this.#random = options.random ?? Math.random;
    table.recover(this.#clock.now(), this.#backoff.attempts);
  }

  async enqueue(job: NewJob, options?: EnqueueOptions): Promise<Enqueued> {
    const { result, superseded } = this.#table.enqueue(job, this.#clock.now(), options);
    if (superseded !== undefined) {
      this.#workers.get(superseded)?.controller.abort(new Superseded(`A newer job for ${job.key} came in.`));
    }
    this.#fill();
    return result;
  }

  run(handlers: JobHandlers, options: RunOptions): void {
    this.#handlers = handlers;
    this.#concurrency = options.concurrency;
    this.#fill();
  }

  async state(): Promise<QueueState> {
    return this.#table.state();
  }

  async close(): Promise<void> {
    if (this.#closing) return;
    this.#closing = true;
    this.#cancelWakeUp();
    for (const { controller } of this.#workers.values()) controller.abort(new Stopping('The process stops.'));
    const ended = Promise.all([...this.#workers.values()].map((worker) => worker.ended));
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise((resolve) => {
      timer = setTimeout(resolve, this.#closingPatience);
    });
    await Promise.race([ended, patience]);
    clearTimeout(timer);
    this.#table.close();
  }

  /** Gives every free worker a job, and sees to it that this happens again when the next one is due. */
  #fill(): void {
    this.#cancelWakeUp();
    if (this.#closing || !this.#handlers) return;
    try {
      // One look at the clock for both questions: a job that falls due between two would wait for ever.
      const now = this.#clock.now();
      while (this.#workers.size < this.#concurrency) {
        const job = this.#table.claim(now);
        if (!job) break;
        this.#start(job, this.#handlers);
      }
      // With all workers busy, the first that ends looks again.
      const next = this.#workers.size < this.#concurrency ? this.#table.nextRunAt() : undefined;
      // A job that is due but not claimed waits for a worker that still holds its key.
      if (next !== undefined && next > now) this.#wakeUpAt(next);
    } catch (error) {
      this.#log.error({ err: error }, 'The queue cannot be read; trying again soon');
      this.#wakeUpAt(this.#clock.now() + STORAGE_RETRY);
    }
  }

  #wakeUpAt(time: number): void {
    this.#cancelWakeUp = this.#clock.at(time, () => this.#fill());
  }

  #start(job: ClaimedJob, handlers: JobHandlers): void {
    const controller = new AbortController();
    const { signal } = controller;
    const cancelTimeout = this.#clock.at(this.#clock.now() + this.#jobTimeout, () =>
      controller.abort(new TimedOut(`It took longer than ${Math.round(this.#jobTimeout / 60_000)} minutes.`)),
    );
    const context = {
      signal,
      save: async (payload: JsonObject) => this.#table.save(job.id, payload),
    };
    const work = async () => {
      let outcome: () => void;
      try {
        if (job.error === undefined) await handlers.run(job, context);
        else await handlers.onDead(job, job.error, context);
        outcome = this.#afterSuccess(job);
      } catch (error) {
        outcome = this.#afterFailure(job, error, signal);
      }
      cancelTimeout();
      await this.#store(outcome, job);
    };
    const ended = Promise.resolve()
      .then(work)
      .finally(() => {
        this.#workers.delete(job.id);
        this.#fill();
      });
    this.#workers.set(job.id, { controller, ended });
  }

  #afterSuccess(job: ClaimedJob): () => void {
    if (job.error === undefined) return () => this.#table.finish(job.id, this.#clock.now());
    return () => this.#table.bury(job.id);
  }

  #afterFailure(job: ClaimedJob, thrown: unknown, signal: AbortSignal): () => void {
    const now = this.#clock.now();
    const about = { job: job.id, kind: job.kind, key: job.key, attempt: job.attempt };
    const reason: unknown = signal.aborted ? signal.reason : undefined;
    if (reason instanceof Superseded) return () => this.#table.finish(job.id, now);
    if (reason instanceof Stopping) return () => this.#table.retry(job.id, now, true);
    // What a handler throws once it was aborted says less than why it was aborted.
    const error = reason instanceof TimedOut ? reason : thrown;
    if (error instanceof RetryLater) {
      this.#log.info({ ...about, until: error.until, reason: error.message }, 'Job postponed');
      return () => this.#table.retry(job.id, Math.max(now, error.until.getTime()), true);
    }
    if (job.attempt < this.#backoff.attempts) {
      const wait = waitAfter(job.attempt, this.#backoff, this.#random);
      this.#log.warn({ ...about, err: error, wait }, 'Job failed; it is tried again');
      return () => this.#table.retry(job.id, now + wait, false);
    }
    if (job.error === undefined) {
      this.#log.error({ ...about, err: error }, 'Job failed for good');
      const message = error instanceof Error ? error.message : String(error);
      return () => this.#table.fail(job.id, message, now);
    }
    this.#log.error({ ...about, err: error }, 'The failure of a job could not be reported; it is forgotten');
    return () => this.#table.bury(job.id);
  }

  /** Keeps the worker until the outcome is on disk: a job that was done must not be done again. */
  async #store(outcome: () => void, job: ClaimedJob): Promise<void> {
    for (;;) {
      try {
        return outcome();
      } catch (error) {
        // The job is still there as running, and is taken up at the next start.
        if (this.#closing) return;
        this.#log.error(
          { err: error, job: job.id },
          'The outcome of a job cannot be stored; trying again soon',
        );
        await new Promise<void>((resolve) => {
          this.#clock.at(this.#clock.now() + STORAGE_RETRY, resolve);
        });
      }
    }
  }
}
