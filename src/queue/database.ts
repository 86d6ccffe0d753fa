import { existsSync, mkdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';

/** The queue's file cannot be used; the message says why and what to do. */
export class QueueFileError extends Error {
  override readonly name = 'QueueFileError';
}

/**
 * Each entry takes the schema one version further; `PRAGMA user_version` counts those that were applied.
 * Never change an entry that was released: add one.
 */
const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE jobs (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    payload TEXT NOT NULL,
    -- waiting, running, or superseded: it was running when a newer job of its key took its place
    state TEXT NOT NULL CHECK (state IN ('waiting', 'running', 'superseded')),
    attempts INTEGER NOT NULL DEFAULT 0,
    -- milliseconds since 1970
    run_at INTEGER NOT NULL,
    -- why it failed for good; what is left is to say so
    error TEXT
  ) STRICT;
  -- one job of a key is the current one; superseded ones only wait for their worker to let go
  CREATE UNIQUE INDEX jobs_current ON jobs (key) WHERE state <> 'superseded';
  CREATE TABLE deliveries (
    id TEXT PRIMARY KEY,
    -- the job that must be done before the delivery counts as processed; null once it is
    job_id INTEGER REFERENCES jobs (id) ON DELETE CASCADE,
    processed_at INTEGER
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX deliveries_job ON deliveries (job_id) WHERE job_id IS NOT NULL;
  CREATE INDEX deliveries_processed ON deliveries (processed_at) WHERE processed_at IS NOT NULL;
  `,
];

const SQLITE_BUSY = 5;
const SQLITE_CORRUPT = 11;
const SQLITE_NOTADB = 26;

export interface OpenOptions {
  /** How long to wait for another process to let go of the file, in milliseconds: a deployment overlaps a little. */
  readonly patience?: number;
}

/**
 * Opens the queue's file, or makes it. One process at a time: the lock is the operating system's, held on the open
 * file, so it ends with the process however that ends, and there is no stale lock to take over.
 *
 * Throws `QueueFileError` when another process has the file, when it is damaged (nothing is deleted or moved: that is
 * for a person to decide), or when a newer version of Patchwarden wrote it.
 */
export async function openDatabase(path: string, options: OpenOptions = {}): Promise<DatabaseSync> {
  const file = resolve(path);
  const deadline = Date.now() + (options.patience ?? 10_000);
  for (;;) {
    try {
      mkdirSync(dirname(file), { recursive: true });
      return open(file);
    } catch (error) {
      const code = sqliteCode(error);
      if (code === SQLITE_BUSY && Date.now() < deadline) {
        await sleep(100);
        continue;
      }
      throw explain(error, code, file);
    }
  }
}

function open(file: string): DatabaseSync {
  const database = new DatabaseSync(file, { timeout: 0, enableForeignKeyConstraints: true });
  try {
    // EXCLUSIVE before WAL: the write-ahead log then needs no shared memory, and no other process can join.
    database.exec('PRAGMA locking_mode = EXCLUSIVE');
    database.exec('PRAGMA journal_mode = WAL');
    database.exec('PRAGMA synchronous = FULL');
    database.exec('BEGIN EXCLUSIVE; COMMIT');
    const check = database.prepare('PRAGMA quick_check(1)').get()?.quick_check;
    if (check !== 'ok') throw new QueueFileError(damaged(file, String(check).replaceAll('\n', ' ')));
    migrate(database, file);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function migrate(database: DatabaseSync, file: string): void {
  const version = Number(database.prepare('PRAGMA user_version').get()?.user_version);
  if (version > MIGRATIONS.length) {
    throw new QueueFileError(
      `${file} was written by a newer version of Patchwarden (schema ${version}, this one knows ${MIGRATIONS.length}). Run that version, or set QUEUE_FILE to another path.`,
    );
  }
  for (const [index, migration] of MIGRATIONS.entries()) {
    if (index < version) continue;
    database.exec(`BEGIN; ${migration}; PRAGMA user_version = ${index + 1}; COMMIT`);
  }
}

function sqliteCode(error: unknown): number | undefined {
  // Extended result codes keep the primary one in their lowest byte (https://sqlite.org/rescode.html).
  const code = (error as { errcode?: unknown } | null)?.errcode;
  return typeof code === 'number' ? code & 0xff : undefined;
}

function explain(error: unknown, code: number | undefined, file: string): Error {
  if (error instanceof QueueFileError) return error;
  const reason = error instanceof Error ? error.message : String(error);
  if (code === SQLITE_BUSY) {
    return new QueueFileError(
      `Another process uses ${file}. Stop it, or set QUEUE_FILE to another path: each running Patchwarden needs its own.`,
    );
  }
  if (code === SQLITE_CORRUPT || code === SQLITE_NOTADB) return new QueueFileError(damaged(file, reason));
  const state = existsSync(file) ? 'opened' : 'made';
  return new QueueFileError(
    `${file} cannot be ${state}: ${reason}. Check that the folder is writable and the disk has space.`,
    { cause: error },
  );
}

function damaged(file: string, reason: string): string {
  return (
    `${file} is damaged (${reason}). It holds the reviews that wait, so nothing was changed. ` +
    'Restore it from a backup, or move it away together with its -wal file and start again: ' +
    'open pull requests without a finished check run are then found on GitHub and reviewed.'
  );
}
