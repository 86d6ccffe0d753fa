/** A durable queue of work, one job for each thing that a webhook asked for. */

/** What can be stored: plain JSON. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: Json };

export interface NewJob {
  readonly kind: string;
  /** Jobs of one key never run side by side, and a newer one takes the place of an older one. */
  readonly key: string;
  /** The webhook delivery that asked for it (`X-GitHub-Delivery`); a redelivery has the same. */
  readonly deliveryId: string;
  readonly payload: JsonObject;
}

export interface Job {
  readonly id: number;
  readonly kind: string;
  readonly key: string;
  readonly payload: JsonObject;
  /** From 1. */
  readonly attempt: number;
}

/**
 * queued: it waits for a worker.
 * known: the same delivery already waits or runs; that job stays.
 * processed: the same delivery's job was done before; nothing happens.
 * busy: another job of the key waits or runs, and the caller asked not to disturb it.
 */
export type Enqueued = 'queued' | 'known' | 'processed' | 'busy';

export interface EnqueueOptions {
  /** Leave a job of the same key that waits or runs alone, and put nothing in. */
  readonly onlyIfIdle?: boolean;
}

/** What a handler gets beside the job. */
export interface JobContext {
  /** Aborted with `Superseded`, `Stopping` or `TimedOut` as its reason; the handler then ends soon, in any way. */
  readonly signal: AbortSignal;
  /**
   * Replaces the job's payload durably: what a later attempt, or the job that supersedes this one, must know.
   * Has no effect once the job is superseded: the newer job has what was saved before.
   */
  save(payload: JsonObject): Promise<void>;
}

export interface JobHandlers {
  /** Does the job. May be called again for the same job after a failure or after the process was killed. */
  run(job: Job, context: JobContext): Promise<void>;
  /**
   * Called when the attempts are used up, to say so where people see it. Tried again like `run` when it fails; the
   * error is a message only, since it may come from a process that is gone.
   */
  onDead(job: Job, error: string, context: JobContext): Promise<void>;
}

export interface RunOptions {
  /** How many jobs run at once. */
  readonly concurrency: number;
}

/** What waits and runs at this moment, for the health check and for people. */
export interface QueueState {
  readonly waiting: number;
  readonly running: number;
}

/**
 * A delivery counts as processed when its job is done, or when the job that superseded it is done. After a failure for
 * good it is forgotten, so that it can be redelivered.
 */
export interface JobQueue {
  /** Durable before it returns. Throws when the job could not be stored (for example: disk full). */
  enqueue(job: NewJob, options?: EnqueueOptions): Promise<Enqueued>;
  /** Starts the workers; jobs of a process that was killed are taken up first. */
  run(handlers: JobHandlers, options: RunOptions): void;
  /** Throws when the storage cannot be read. */
  state(): Promise<QueueState>;
  /** Takes no more jobs, aborts the running ones, waits for them, and closes. They run again at the next start. */
  close(): Promise<void>;
}

/**
 * Combines the payload of a job with that of the newer job that takes its place: for what must not be lost, such as
 * who is waiting for an answer.
 */
export type MergePayloads = (older: JsonObject, newer: JsonObject) => JsonObject;

/** Thrown by a handler: GitHub asked to come back later. Uses up no attempt. */
export class RetryLater extends Error {
  override readonly name = 'RetryLater';
  readonly until: Date;

  constructor(until: Date, message: string, options?: ErrorOptions) {
    super(message, options);
    this.until = until;
  }
}

/** A newer job of the same key has taken the place of this one. */
export class Superseded extends Error {
  override readonly name = 'Superseded';
}

/** The process is about to end; the job runs again at the next start. */
export class Stopping extends Error {
  override readonly name = 'Stopping';
}

/** The job took longer than a job may. Counts as a failure. */
export class TimedOut extends Error {
  override readonly name = 'TimedOut';
}
