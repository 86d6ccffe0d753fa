import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { pino } from 'pino';
import { openEmbeddedQueue } from '../../src/queue/embedded-queue.ts';
import type { Job, JobContext, JobQueue } from '../../src/queue/queue.ts';
import { FakeClock, settled } from './fake-clock.ts';

type Step =
  | { readonly do: 'enqueue'; readonly key: number; readonly delivery: number; readonly idle: boolean }
  /** The oldest running job ends so. */
  | { readonly do: 'succeed' | 'fail' }
  | { readonly do: 'wait' }
  | { readonly do: 'restart' };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('enqueue' as const),
      key: fc.nat(2),
      delivery: fc.nat(9),
      idle: fc.boolean(),
    }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constantFrom('succeed' as const, 'fail' as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('wait' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('restart' as const) }) },
);

const ATTEMPTS = 3;
const LONGEST_WAIT = 1000;

/** What the queue promises, in the simplest way to say it: one current job for each key. */
class Model {
  readonly current = new Map<string, { deliveries: Set<string>; failures: number }>();
  readonly processed = new Set<string>();

  enqueue(key: string, delivery: string, idle: boolean): string {
    if (this.processed.has(delivery)) return 'processed';
    for (const job of this.current.values()) if (job.deliveries.has(delivery)) return 'known';
    const older = this.current.get(key);
    if (older && idle) return 'busy';
    this.current.set(key, { deliveries: new Set([...(older?.deliveries ?? []), delivery]), failures: 0 });
    return 'queued';
  }

  succeed(key: string): void {
    for (const delivery of this.current.get(key)?.deliveries ?? []) this.processed.add(delivery);
    this.current.delete(key);
  }

  fail(key: string): void {
    const job = this.current.get(key);
    if (job && ++job.failures === ATTEMPTS) this.current.delete(key);
  }
}

test('whatever happens in whatever order, it keeps what it promises', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const folder = mkdtempSync(join(tmpdir(), 'patchwarden-model-'));
      const clock = new FakeClock();
      const model = new Model();
      let running: { job: Job; context: JobContext; end: (error?: Error) => void }[] = [];
      let queue!: JobQueue;
      const start = async () => {
        running = [];
        queue = await openEmbeddedQueue(join(folder, 'queue.db'), {
          log: pino({ level: 'silent' }),
          merge: (_older, newer) => newer,
          clock,
          backoff: { first: LONGEST_WAIT, factor: 1, longest: LONGEST_WAIT, attempts: ATTEMPTS },
        });
        queue.run(
          {
            run: (job, context) =>
              new Promise((resolve, reject) => {
                expect(running.map(({ job }) => job.key)).not.toContain(job.key);
                const entry = {
                  job,
                  context,
                  end: (error?: Error) => {
                    running.splice(running.indexOf(entry), 1);
                    if (error) reject(error);
                    else resolve();
                  },
                };
                running.push(entry);
                context.signal.addEventListener('abort', () => entry.end(context.signal.reason));
              }),
            onDead: async () => {},
          },
          { concurrency: 2 },
        );
        await settled();
      };
      try {
        await start();
        for (const step of steps) {
          if (step.do === 'enqueue') {
            const key = `key ${step.key}`;
            const deliveryId = `delivery ${step.delivery}`;
            const result = await queue.enqueue(
              { kind: 'k', key, deliveryId, payload: { deliveryId } },
              { onlyIfIdle: step.idle },
            );
            expect(result).toBe(model.enqueue(key, deliveryId, step.idle));
          } else if (step.do === 'wait') {
            await clock.advance(LONGEST_WAIT);
          } else if (step.do === 'restart') {
            await queue.close();
            await start();
          } else {
            const entry = running[0];
            if (!entry) continue;
            model[step.do](entry.job.key);
            entry.end(step.do === 'fail' ? new Error('failed') : undefined);
          }
          await settled();
          expect(running.length).toBeLessThanOrEqual(2);
          const { waiting, running: busy } = await queue.state();
          expect(waiting + busy).toBe(model.current.size);
        }
        // In the end everything is done.
        for (let round = 0; model.current.size > 0; round++) {
          expect(round).toBeLessThan(20);
          for (const entry of [...running]) {
            model.succeed(entry.job.key);
            entry.end();
          }
          await clock.advance(LONGEST_WAIT);
        }
        expect(await queue.state()).toEqual({ waiting: 0, running: 0 });
      } finally {
        await queue.close();
        rmSync(folder, { recursive: true, force: true });
      }
    }),
    { numRuns: 60 },
  );
}, 60_000);
