/**
 * `npm run demo`: the whole job on this machine, without any account. GitHub is the simulated one that the tests use;
 * the app, its queue, the engine and what is published are the real ones.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import pico from 'picocolors';
import { readEnvironment } from '../src/app/environment.ts';
import { createLog } from '../src/app/log.ts';
import { type RunningApp, serve } from '../src/app/server.ts';
import { SimulatedGitHub } from '../test/simulated-github/github.ts';
import type { PullRequest } from '../test/simulated-github/model.ts';
import { CHANGE, FIX, REPOSITORY, START } from './sample.ts';
import { Page } from './show.ts';

/** Longer than any machine needs, in milliseconds. */
const PATIENCE = 60_000;

const colored = process.stdout.isTTY === true && !process.env.NO_COLOR && process.env.TERM !== 'dumb';
const page = new Page(pico.createColors(colored), (line) => process.stdout.write(`${line}\n`));
const log: string[] = [];
const folder = mkdtempSync(join(tmpdir(), 'patchwarden-demo-'));
const github = await SimulatedGitHub.start();
let app: RunningApp | undefined;

try {
  page.note('A simulated GitHub and the real app start on this machine. Nothing leaves it.');
  app = await startApp();
  const repository = await github.createRepository(REPOSITORY, [START]);

  const pull = await github.openPullRequest(repository, { commits: [CHANGE], author: 'ann' });
  page.heading(`${REPOSITORY} #${pull.number}  ${pull.title}`);
  const first = await reviewed(pull);
  page.note(`ann opened it, the webhook went out, and ${first.seconds} s later the review was there:`);
  for (const thread of first.view.threads) page.thread(thread);
  page.heading('Checks');
  for (const run of first.view.checkRuns) page.checkRun(run);

  await github.push(pull, [FIX]);
  page.heading(`ann pushes: ${FIX.message}`);
  const second = await reviewed(pull);
  page.note(`${second.seconds} s later:`);
  for (const thread of second.view.threads) page.threadState(thread);
  page.heading('Checks');
  for (const run of second.view.checkRuns) page.checkRun(run);
  page.heading('Your turn');
  page.note(
    'npm run -s patchwarden -- review --repo PATH   reviews what you changed in a repository of yours',
  );
  page.note('npm start                                      runs the app on the real GitHub');
} catch (error) {
  process.exitCode = 1;
  console.error(`\nThe demo failed: ${error instanceof Error ? error.message : error}`);
  console.error(log.slice(-20).join(''));
} finally {
  await app?.stop();
  await github.stop();
  rmSync(folder, { recursive: true, force: true });
}

async function startApp(): Promise<RunningApp> {
  const settings = readEnvironment({
    APP_ID: String(github.app.id),
    PRIVATE_KEY: github.privateKey,
    WEBHOOK_SECRET: github.webhookSecret,
    GITHUB_API_URL: github.url,
    HOST: '127.0.0.1',
    PORT: String(await freePort()),
    QUEUE_FILE: join(folder, 'queue.db'),
  });
  const kept = new Writable({
    write: (line, _encoding, done) => {
      log.push(String(line));
      done();
    },
  });
  const running = await serve(settings, {
    log: await createLog({ logLevel: 'info', logFormat: 'json' }, kept),
    // The real GitHub asks for a second between writes.
    paced: false,
  });
  github.deliverTo(`http://127.0.0.1:${running.port}/api/github/webhooks`);
  return running;
}

/** Waits until the check run of the head is completed, as a person would who looks at the page. */
async function reviewed(pull: PullRequest) {
  const started = Date.now();
  for (;;) {
    const view = github.view(pull);
    if (view.checkRuns.some(({ status }) => status === 'completed')) {
      return { view, seconds: ((Date.now() - started) / 1000).toFixed(1) };
    }
    if (Date.now() - started > PATIENCE) throw new Error(`there was no review after ${PATIENCE / 1000} s`);
    await sleep(50);
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 3000));
    });
  });
}
