import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { openEmbeddedQueue } from '../../src/queue/embedded-queue.ts';

const WORKER = join(import.meta.dirname, 'killed-worker.ts');
const TRIALS = 12;
const JOBS = 60;

/** What the workers noted, a word list for each line; the last line may have been cut by the kill. */
function notes(log: string): string[][] {
  if (!existsSync(log)) return [];
  return readFileSync(log, 'utf8')
    .split('\n')
    .map((line) => line.split(' '));
}

function queued(log: string): number[] {
  return notes(log).flatMap(([what, number]) => (what === 'queued' && number ? [Number(number)] : []));
}

test('a process killed at any point loses no job, and does the jobs of a key in order', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'patchwarden-killed-'));
  const file = join(folder, 'queue.db');
  const log = join(folder, 'log');
  try {
    for (let trial = 0; trial <= TRIALS; trial++) {
      const from = (queued(log).at(-1) ?? -1) + 1;
      const child = spawn(
        process.execPath,
        ['--no-warnings', WORKER, file, log, String(from), String(JOBS)],
        {
          stdio: ['ignore', 'ignore', 'inherit'],
        },
      );
      const exit = once(child, 'exit');
      if (trial === TRIALS) {
        expect((await exit)[0]).toBe(0);
        break;
      }
      const lines = notes(log).length;
      while (notes(log).length === lines && child.exitCode === null) await sleep(5);
      await sleep(Math.random() * 60);
      child.kill('SIGKILL');
      await exit;
    }

    expect(queued(log)).toEqual([...Array(JOBS).keys()]);

    // The last job of each key was done, and no number of a key came after a higher one.
    const done = new Map<string, number>();
    for (const [what, , key = '', , payload = ''] of notes(log)) {
      if (what !== 'end') continue;
      // Equal where the process was killed after the work and before that was stored: once more, not once less.
      expect(Number(payload)).toBeGreaterThanOrEqual(done.get(key) ?? 0);
      done.set(key, Number(payload));
    }
    expect([...done].sort()).toEqual([0, 1, 2, 3, 4, 5, 6].map((key) => [String(key), lastOf(key)]));

    // Every delivery counts as processed, done or superseded by one that is done.
    const queue = await openEmbeddedQueue(file, {
      log: pino({ level: 'silent' }),
      merge: (_, newer) => newer,
    });
    for (let number = 0; number < JOBS; number++) {
      const again = { kind: 'k', key: `key ${number % 7}`, deliveryId: `d${number}`, payload: {} };
      expect(await queue.enqueue(again)).toBe('processed');
    }
    await queue.close();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}, 60_000);

function lastOf(key: number): number {
  return Math.max(...[...Array(JOBS).keys()].filter((number) => number % 7 === key));
}
