/**
 * A process to be killed: puts in the jobs `from`..`to`, works on what there is, and notes every step in a log file.
 * Arguments: queue file, log file, from, to.
 */
import { appendFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { openEmbeddedQueue } from '../../src/queue/embedded-queue.ts';

const [file = '', log = '', from = '0', to = '0'] = process.argv.slice(2);
const queue = await openEmbeddedQueue(file, {
  log: pino({ level: 'silent' }),
  merge: (_older, newer) => newer,
  // A killed process uses up an attempt; the trials kill more often than any machine fails.
  backoff: { first: 1, factor: 1, longest: 1, attempts: 1000 },
});
queue.run(
  {
    run: async (job, { signal }) => {
      appendFileSync(log, `start ${job.key} ${process.pid}\n`);
      await sleep(Math.random() * 6, undefined, { signal });
      appendFileSync(log, `end ${job.key} ${process.pid} ${job.payload.number}\n`);
    },
    onDead: async () => {},
  },
  { concurrency: 3 },
);
for (let number = Number(from); number < Number(to); number++) {
  await queue.enqueue({ kind: 'k', key: `key ${number % 7}`, deliveryId: `d${number}`, payload: { number } });
  // Only what enqueue has returned for is promised.
  appendFileSync(log, `queued ${number}\n`);
  await sleep(Math.random() * 3);
}
for (;;) {
  const { waiting, running } = await queue.state();
  if (waiting + running === 0) break;
  await sleep(2);
}
await queue.close();
