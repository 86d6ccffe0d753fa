import {
  closeSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { pino } from 'pino';
import { openDatabase, QueueFileError } from '../../src/queue/database.ts';
import { type EmbeddedQueueOptions, openEmbeddedQueue } from '../../src/queue/embedded-queue.ts';
import { JobTable } from '../../src/queue/job-table.ts';
import {
  type Job,
  type JobContext,
  type JobHandlers,
  type JobQueue,
  type NewJob,
  RetryLater,
  Stopping,
  Superseded,
  TimedOut,
} from '../../src/queue/queue.ts';
import { FakeClock, settled } from './fake-clock.ts';

let folder: string;
let file: string;
let clock: FakeClock;
let open: JobQueue[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'patchwarden-queue-'));
  file = join(folder, 'queue.db');
  clock = new FakeClock();
  open = [];
});

afterEach(async () => {
  for (const queue of open) await queue.close();
  rmSync(folder, { recursive: true, force: true });
});

async function newQueue(options: Partial<EmbeddedQueueOptions> = {}): Promise<JobQueue> {
  const queue = await openEmbeddedQueue(file, {
    log: pino({ level: 'silent' }),
    merge: (_older, newer) => newer,
    clock,
    random: () => 1,
    backoff: { first: 1000, factor: 2, longest: 60_000, attempts: 3 },
    ...options,
  });
  open.push(queue);
  return queue;
}

function job(key: string, deliveryId: string, payload: NewJob['payload'] = {}): NewJob {
  return { kind: 'review', key, deliveryId, payload };
}

/** Handlers whose jobs end when the test says so. */
class Stage implements JobHandlers {
  readonly started: { job: Job; context: JobContext; end: (error?: unknown) => void }[] = [];
  readonly dead: { job: Job; error: string }[] = [];
  deadFails = 0;

  run(job: Job, context: JobContext): Promise<void> {
    return new Promise((resolve, reject) => {
      const end = (error?: unknown) => (error === undefined ? resolve() : reject(error));
      context.signal.addEventListener('abort', () => reject(context.signal.reason));
      this.started.push({ job, context, end });
    });
  }

  async onDead(job: Job, error: string): Promise<void> {
    if (this.deadFails-- > 0) throw new Error('GitHub is down');
    this.dead.push({ job, error });
  }

  keys(): string[] {
    return this.started.map(({ job }) => job.key);
  }
}

describe('workers', () => {
  test('take jobs in the order in which they came in, as many at once as they may', async () => {
    const queue = await newQueue();
    const stage = new Stage();
    for (const key of ['a', 'b', 'c']) await queue.enqueue(job(key, `delivery-${key}`));
    queue.run(stage, { concurrency: 2 });
    await settled();
    expect(stage.keys()).toEqual(['a', 'b']);
    expect(await queue.state()).toEqual({ waiting: 1, running: 2 });
    stage.started[1]?.end();
    await settled();
    expect(stage.keys()).toEqual(['a', 'b', 'c']);
  });

  test('get the payload and the number of the attempt', async () => {
    const queue = await newQueue();
    const stage = new Stage();
    queue.run(stage, { concurrency: 1 });
    await queue.enqueue(job('a', 'd', { number: 7, list: ['x', null, true] }));
    await settled();
    expect(stage.started[0]?.job).toMatchObject({
      kind: 'review',
      key: 'a',
      payload: { number: 7, list: ['x', null, true] },
      attempt: 1,
    });
  });
});

describe('a newer job of the same key', () => {
  test('takes the place of one that waits', async () => {
    const queue = await newQueue();
    const stage = new Stage();
    await queue.enqueue(job('a', 'd1', { head: 1 }));
    await queue.enqueue(job('a', 'd2', { head: 2 }));
    queue.run(stage, { concurrency: 4 });
    await settled();
    expect(stage.started.map(({ job }) => job.payload)).toEqual([{ head: 2 }]);
  });

  test('aborts one that runs, and starts only when that has let go', async () => {
    const queue = await newQueue();
    const letGo: (() => void)[] = [];
    const seen: string[] = [];
    queue.run(
      {
        run: async (job, { signal }) => {
          seen.push(`start ${job.payload.head}`);
          await new Promise<void>((resolve) => letGo.push(resolve));
          seen.push(`end ${job.payload.head} ${signal.aborted && (signal.reason as Error).name}`);
        },
        onDead: async () => {},
      },
      { concurrency: 4 },
    );
    await queue.enqueue(job('a', 'd1', { head: 1 }));
    await settled();
    await queue.enqueue(job('a', 'd2', { head: 2 }));
    await settled();
    expect(seen).toEqual(['start 1']);
    letGo[0]?.();
    await settled();
    expect(seen).toEqual(['start 1', 'end 1 Superseded', 'start 2']);
    letGo[1]?.();
    await settled();
    expect(await queue.state()).toEqual({ waiting: 0, running: 0 });
  });

  test('is not put in where the caller asks not to disturb', async () => {
    const queue = await newQueue();
    const stage = new Stage();
    queue.run(stage, { concurrency: 1 });
    await queue.enqueue(job('a', 'd1'));
    expect(await queue.enqueue(job('a', 'd2'), { onlyIfIdle: true })).toBe('busy');
    await settled();
    stage.started[0]?.end();
    await settled();
    expect(await queue.enqueue(job('a', 'd2'), { onlyIfIdle: true })).toBe('queued');
  });

  test('gets what the older one saved, combined with its own', async () => {
    const queue = await newQueue({
      merge: (older, newer) => ({ heads: [...(older.heads as string[]), ...(newer.heads as string[])] }),
    });
    const stage = new Stage();
    queue.run(stage, { concurrency: 1 });
    await queue.enqueue(job('a', 'd1', { heads: ['1'] }));
    await settled();
    await stage.started[0]?.context.save({ heads: ['1', '1 saved'] });
    await queue.enqueue(job('a', 'd2', { heads: ['2'] }));
    await stage.started[0]?.context.save({ heads: ['too late'] });
    await settled();
    expect(stage.started[1]?.job.payload).toEqual({ heads: ['1', '1 saved', '2'] });
  });
});

describe('a delivery', () => {
  test('is known while its job waits or runs, and processed when the job is done', async () => {
    const queue = await newQueue();
    const stage = new Stage();
    expect(await queue.enqueue(job('a', 'd'))).toBe('queued');
    expect(await queue.enqueue(job('a', 'd'))).toBe('known');
    queue.run(stage, { concurrency: 1 });
    await settled();
    expect(await queue.enqueue(job('a', 'd'))).toBe('known');
    expect(stage.started[0]?.context.signal.aborted).toBe(false);
    stage.started[0]?.end();
    await settled();
    expect(await queue.enqueue(job('a', 'd'))).toBe('processed');
    expect(stage.started).toHaveLength(1);
  });

  test('whose job was superseded is processed when the newer job is done, not before', async () => {
    const queue = await newQueue();
    const stage = new Stage();
    queue.run(stage, { concurrency: 1 });
    await queue.enqueue(job('a', 'd1'));
    await settled();
    await queue.enqueue(job('a', 'd2'));
    await settled();
    expect(stage.started[0]?.context.signal.reason).toBeInstanceOf(Superseded);
    expect(await queue.enqueue(job('a', 'd1'))).toBe('known');
    stage.started[1]?.end();
    await settled();
    expect(await queue.enqueue(job('a', 'd1'))).toBe('processed');
  });

  test('can come again after its job failed for good', async () => {
    const queue = await newQueue({ backoff: { first: 1, factor: 1, longest: 1, attempts: 1 } });
    const stage = new Stage();
    queue.run(stage, { concurrency: 1 });
    await queue.enqueue(job('a', 'd'));
    await settled();
    stage.started[0]?.end(new Error('no'));
    await settled();
    expect(stage.dead).toHaveLength(1);
    expect(await queue.enqueue(job('a', 'd'))).toBe('queued');
  });

  test('is forgotten a month after it was processed', async () => {
    const queue = await newQueue();
    const stage = new Stage();
    queue.run(stage, { concurrency: 1 });
    for (const [delivery, days] of [
      ['d1', 31],
      ['d2', 0],
    ] as const) {
      await queue.enqueue(job('a', delivery));
      await settled();
      stage.started.at(-1)?.end();
      await clock.advance(days * 24 * 60 * 60_000);
    }
    expect(await queue.enqueue(job('a', 'd2'))).toBe('processed');
    expect(await queue.enqueue(job('a', 'd1'))).toBe('queued');
  });
});

describe('a failure', () => {
  test('is tried again also when it falls due while the queue looks for work, or the timer is early', async () => {
    const queue = await newQueue({ backoff: { first: 1000, factor: 1, longest: 1000, attempts: 3 } });
    const stage = new Stage();
    queue.run(stage, { concurrency: 1 });
    await queue.enqueue(job('a', 'd'));
    await settled();
    stage.started[0]?.end(new Error('first'));
    await clock.advance(997);
    clock.perLook = 1;
    await queue.enqueue(job('a', 'd'));
    clock.perLook = 0;
    await clock.advance(10);
    expect(stage.started).toHaveLength(2);
  });

  test('is tried again after growing waits, and said at last', async () => {
    const queue = await newQueue();
    const stage = new Stage();
    queue.run(stage, { concurrency: 1 });
    await queue.enqueue(job('a', 'd'));
    await settled();
    stage.started[0]?.end(new Error('first'));
    await clock.advance(999);
    expect(stage.started).toHaveLength(1);
    await clock.advance(1);
    expect(stage.started[1]?.job.attempt).toBe(2);
    stage.started[1]?.end(new Error('second'));
    await clock.advance(1999);
    expect(stage.started).toHaveLength(2);
    await clock.advance(1);
    stage.started[2]?.end(new Error('third'));
    await clock.advance(60_000);
    expect(stage.started).toHaveLength(3);
    expect(stage.dead).toEqual([{ job: expect.objectContaining({ key: 'a' }), error: 'third' }]);
    expect(await queue.state()).toEqual({ waiting: 0, running: 0 });
  });

  test('that cannot be said at once is said later, and given up after as many attempts', async () => {
    const queue = await newQueue({ backoff: { first: 1000, factor: 1, longest: 1000, attempts: 2 } });
    const stage = new Stage();
    stage.deadFails = 1;
    queue.run(stage, { concurrency: 1 });
    await queue.enqueue(job('a', 'd1'));
    await settled();
    stage.started[0]?.end(new Error('no'));
    await clock.advance(1000);
    stage.started[1]?.end(new Error('no again'));
    await settled();
    expect(stage.dead).toEqual([]);
    await clock.advance(1000);
    expect(stage.dead).toMatchObject([{ error: 'no again' }]);

    stage.deadFails = 2;
    await queue.enqueue(job('b', 'd2'));
    await settled();
    stage.started[2]?.end(new Error('no'));
    await clock.advance(1000);
    stage.started[3]?.end(new Error('no'));
    await clock.advance(60_000);
    expect(stage.dead).toHaveLength(1);
    expect(await queue.state()).toEqual({ waiting: 0, running: 0 });
  });

  test('with a time to come back uses up no attempt', async () => {
    const queue = await newQueue();
    const stage = new Stage();
    queue.run(stage, { concurrency: 1 });
    await queue.enqueue(job('a', 'd'));
    for (let time = 0; time < 5; time++) {
      await settled();
      expect(stage.started[time]?.job.attempt).toBe(1);
      stage.started[time]?.end(new RetryLater(new Date(clock.now() + 90_000), 'rate limit'));
      await clock.advance(89_999);
      expect(stage.started).toHaveLength(time + 1);
      await clock.advance(1);
    }
    expect(stage.started).toHaveLength(6);
  });

  test('does not hold up the jobs of other keys', async () => {
    const queue = await newQueue();
    const stage = new Stage();
    queue.run(stage, { concurrency: 1 });
    await queue.enqueue(job('a', 'd1'));
    await queue.enqueue(job('b', 'd2'));
    await settled();
    stage.started[0]?.end(new Error('no'));
    await settled();
    expect(stage.keys()).toEqual(['a', 'b']);
  });

  test('by taking too long is a failure like others', async () => {
    const queue = await newQueue({ jobTimeout: 5 * 60_000 });
    const stage = new Stage();
    queue.run(stage, { concurrency: 1 });
    await queue.enqueue(job('a', 'd'));
    await clock.advance(5 * 60_000);
    expect(stage.started[0]?.context.signal.reason).toBeInstanceOf(TimedOut);
    await clock.advance(1000);
    expect(stage.started[1]?.job.attempt).toBe(2);
  });
});

describe('closing', () => {
  test('aborts what runs, and the job runs again at the next start with the attempt given back', async () => {
    const first = await newQueue();
    const stage = new Stage();
    first.run(stage, { concurrency: 1 });
    await first.enqueue(job('a', 'd'));
    await settled();
    await first.close();
    expect(stage.started[0]?.context.signal.reason).toBeInstanceOf(Stopping);
    const second = await newQueue();
    second.run(stage, { concurrency: 1 });
    await settled();
    expect(stage.started[1]?.job).toMatchObject({ key: 'a', attempt: 1 });
  });
});

test('a job that does not end when it is told to holds up closing for a while only, and runs again', async () => {
  const first = await newQueue({ closingPatience: 50 });
  let end: () => void = () => {};
  first.run(
    { run: () => new Promise((resolve) => (end = resolve)), onDead: async () => {} },
    { concurrency: 1 },
  );
  await first.enqueue(job('a', 'd'));
  await settled();
  await first.close();
  end();
  await settled();
  const second = await newQueue();
  const stage = new Stage();
  second.run(stage, { concurrency: 1 });
  await settled();
  expect(stage.keys()).toEqual(['a']);
});

describe('the file', () => {
  test('is for one at a time', async () => {
    await newQueue();
    await expect(newQueue({ patience: 0 })).rejects.toThrow(/Another process uses .*queue\.db/);
  });

  test('is waited for a little: a deployment overlaps', async () => {
    const first = await newQueue();
    setTimeout(() => first.close(), 200);
    await newQueue({ patience: 5000 });
  });

  test.each([
    [
      'no database',
      () => writeFileSync(file, 'this is text, and long enough to be no empty database\n'.repeat(99)),
    ],
    [
      'a page overwritten',
      async () => {
        const queue = await newQueue();
        for (let i = 0; i < 200; i++)
          await queue.enqueue(job(`key ${i}`, `d${i}`, { filler: 'x'.repeat(200) }));
        await queue.close();
        const handle = openSync(file, 'r+');
        for (let at = 4096; at < statSync(file).size; at += 4096) {
          writeSync(handle, Buffer.alloc(512, 0xee), 0, 512, at);
        }
        closeSync(handle);
      },
    ],
  ])('is left as it is when damaged: %s', async (_name, damage) => {
    await damage();
    const before = readFileSync(file);
    const error = await newQueue().catch((error) => error);
    expect(error).toBeInstanceOf(QueueFileError);
    expect(error.message).toMatch(/is damaged .* move it away/);
    const after = readFileSync(file);
    expect(after.equals(before)).toBe(true);
  });

  test('of a newer version is refused', async () => {
    const database = new DatabaseSync(file);
    database.exec('PRAGMA user_version = 99');
    database.close();
    await expect(newQueue()).rejects.toThrow(/newer version of Patchwarden \(schema 99/);
  });

  test('in a folder that is none is refused with the reason', async () => {
    writeFileSync(join(folder, 'occupied'), '');
    file = join(folder, 'occupied', 'queue.db');
    await expect(newQueue()).rejects.toThrow(/occupied/);
  });

  test('that cannot grow makes enqueue throw, and loses nothing that was in it', async () => {
    const database = await openDatabase(file);
    const table = new JobTable(database, (_older, newer) => newer);
    table.enqueue(job('a', 'd1'), 1);
    database.exec(`PRAGMA max_page_count = ${database.prepare('PRAGMA page_count').get()?.page_count}`);
    expect(() => table.enqueue(job('b', 'd2', { filler: 'x'.repeat(100_000) }), 1)).toThrow(/full/);
    expect(() => table.enqueue(job('a', 'd3', { filler: 'x'.repeat(100_000) }), 1)).toThrow(/full/);
    expect(table.enqueue(job('a', 'd1'), 1).result).toBe('known');
    expect(table.claim(2)).toMatchObject({ key: 'a', payload: {} });
    expect(table.state()).toEqual({ waiting: 0, running: 1 });
    table.close();
  });

  test('that refuses the outcome of a job keeps the worker until it takes it', async () => {
    const database = await openDatabase(file);
    const table = new JobTable(database, (_older, newer) => newer);
    table.close();
    const queue = await newQueue();
    const stage = new Stage();
    queue.run(stage, { concurrency: 1 });
    await queue.enqueue(job('a', 'd'));
    await settled();
    const finish = JobTable.prototype.finish;
    let refusals = 2;
    JobTable.prototype.finish = function (...values) {
      if (refusals-- > 0) throw new Error('database or disk is full');
      finish.apply(this, values);
    };
    try {
      stage.started[0]?.end();
      await clock.advance(5000);
      expect(await queue.enqueue(job('a', 'd'))).toBe('known');
      await clock.advance(5000);
      expect(await queue.enqueue(job('a', 'd'))).toBe('processed');
      expect(stage.started).toHaveLength(1);
    } finally {
      JobTable.prototype.finish = finish;
    }
  });
});
