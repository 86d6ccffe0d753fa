import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type {
  Enqueued,
  EnqueueOptions,
  Job,
  JsonObject,
  MergePayloads,
  NewJob,
  QueueState,
} from './queue.ts';

/** A job that a worker took: with `error` it has failed for good, and what is left is to say so. */
export interface ClaimedJob extends Job {
  readonly error?: string;
}

interface Row {
  readonly id: number;
  readonly kind: string;
  readonly key: string;
  readonly payload: string;
  readonly state: 'waiting' | 'running' | 'superseded';
  readonly attempts: number;
  readonly error: string | null;
}

/** GitHub redelivers what is at most 3 days old, an Enterprise Server 7: a month is more than enough. */
const REMEMBER_DELIVERIES_FOR = 30 * 24 * 60 * 60_000;

/** The queue's tables. Every method is one transaction; times are milliseconds since 1970. */
export class JobTable {
  readonly #database: DatabaseSync;
  readonly #merge: MergePayloads;
  readonly #statements = new Map<string, StatementSync>();

  constructor(database: DatabaseSync, merge: MergePayloads) {
    this.#database = database;
    this.#merge = merge;
  }

  /** `superseded` is the id of the running job that the new one takes the place of. */
  enqueue(
    job: NewJob,
    now: number,
    options: EnqueueOptions = {},
  ): { readonly result: Enqueued; readonly superseded?: number } {
    return this.#transaction(() => {
      const delivery = this.#get('SELECT job_id FROM deliveries WHERE id = ?', job.deliveryId);
      if (delivery) return { result: delivery.job_id === null ? 'processed' : 'known' };
      const older = this.#get("SELECT * FROM jobs WHERE key = ? AND state <> 'superseded'", job.key) as
        | Row
        | undefined;
      if (older && options.onlyIfIdle) return { result: 'busy' };
      if (older) this.#run("UPDATE jobs SET state = 'superseded' WHERE id = ?", older.id);
      const payload = older ? this.#merge(JSON.parse(older.payload), job.payload) : job.payload;
      const inserted = this.#run(
        "INSERT INTO jobs (kind, key, payload, state, run_at) VALUES (?, ?, ?, 'waiting', ?)",
        job.kind,
        job.key,
        JSON.stringify(payload),
        now,
      );
      const id = inserted.lastInsertRowid;
      this.#run('INSERT INTO deliveries (id, job_id) VALUES (?, ?)', job.deliveryId, id);
      if (!older) return { result: 'queued' };
      this.#run('UPDATE deliveries SET job_id = ? WHERE job_id = ?', id, older.id);
      if (older.state === 'running') return { result: 'queued', superseded: older.id };
      this.#run('DELETE FROM jobs WHERE id = ?', older.id);
      return { result: 'queued' };
    });
  }

  /** Takes the oldest job that is due and whose key no worker holds. */
  claim(now: number): ClaimedJob | undefined {
    const row = this.#get(
      `UPDATE jobs SET state = 'running', attempts = attempts + 1
       WHERE id = (
         SELECT id FROM jobs AS candidate
         WHERE state = 'waiting' AND run_at <= ?
           AND NOT EXISTS (SELECT 1 FROM jobs WHERE key = candidate.key AND state = 'superseded')
         ORDER BY id LIMIT 1
       )
       RETURNING *`,
      now,
    ) as Row | undefined;
    if (!row) return undefined;
    return {
      id: row.id,
      kind: row.kind,
      key: row.key,
      payload: JSON.parse(row.payload),
      attempt: row.attempts,
      ...(row.error === null ? {} : { error: row.error }),
    };
  }

  /** When the next waiting job is due. */
  nextRunAt(): number | undefined {
    const time = this.#get("SELECT MIN(run_at) AS time FROM jobs WHERE state = 'waiting'")?.time;
    return typeof time === 'number' ? time : undefined;
  }

  /** The job is done, or has been superseded and its worker has let go of it. */
  finish(id: number, now: number): void {
    this.#transaction(() => {
      // A superseded job has no deliveries any more: they went to the newer job.
      this.#run('UPDATE deliveries SET job_id = NULL, processed_at = ? WHERE job_id = ?', now, id);
      this.#run('DELETE FROM jobs WHERE id = ?', id);
      this.#run('DELETE FROM deliveries WHERE processed_at < ?', now - REMEMBER_DELIVERIES_FOR);
    });
  }

  /** Puts a running job back; with `giveBack` the attempt does not count. A superseded job is removed instead. */
  retry(id: number, runAt: number, giveBack: boolean): void {
    this.#transaction(() => {
      this.#run("DELETE FROM jobs WHERE id = ? AND state = 'superseded'", id);
      this.#run(
        "UPDATE jobs SET state = 'waiting', run_at = ?, attempts = attempts - ? WHERE id = ?",
        runAt,
        giveBack ? 1 : 0,
        id,
      );
    });
  }

  /** The attempts are used up: the job comes back at once, with the error, to say so. */
  fail(id: number, error: string, now: number): void {
    this.#transaction(() => {
      this.#run("DELETE FROM jobs WHERE id = ? AND state = 'superseded'", id);
      this.#run(
        "UPDATE jobs SET state = 'waiting', run_at = ?, attempts = 0, error = ? WHERE id = ?",
        now,
        error,
        id,
      );
    });
  }

  /** Forgets a job and its deliveries, so that they can come again. */
  bury(id: number): void {
    this.#run('DELETE FROM jobs WHERE id = ?', id);
  }

  save(id: number, payload: JsonObject): void {
    this.#run("UPDATE jobs SET payload = ? WHERE id = ? AND state = 'running'", JSON.stringify(payload), id);
  }

  /** After a start: nobody works on what the last process left as running. */
  recover(now: number, attempts: number): void {
    this.#transaction(() => {
      this.#run("DELETE FROM jobs WHERE state = 'superseded'");
      this.#run("DELETE FROM jobs WHERE state = 'running' AND error IS NOT NULL AND attempts >= ?", attempts);
      this.#run(
        "UPDATE jobs SET error = 'The process ended each time while it worked on it.', attempts = 0 WHERE state = 'running' AND attempts >= ?",
        attempts,
      );
      this.#run("UPDATE jobs SET state = 'waiting', run_at = ? WHERE state = 'running'", now);
    });
  }

  state(): QueueState {
    const row = this.#get(
      "SELECT COUNT(*) FILTER (WHERE state = 'waiting') AS waiting, COUNT(*) FILTER (WHERE state <> 'waiting') AS running FROM jobs",
    );
    return { waiting: Number(row?.waiting), running: Number(row?.running) };
  }

  close(): void {
    this.#database.close();
  }

  #transaction<T>(work: () => T): T {
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      const result = work();
      this.#database.exec('COMMIT');
      return result;
    } catch (error) {
      // SQLite has already rolled back by itself after some errors, such as a full disk.
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      throw error;
    }
  }

  #prepare(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (!statement) {
      statement = this.#database.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }

  #get(sql: string, ...values: (string | number | bigint)[]): Record<string, unknown> | undefined {
    return this.#prepare(sql).get(...values);
  }

  #run(sql: string, ...values: (string | number | bigint)[]) {
    return this.#prepare(sql).run(...values);
  }
}
