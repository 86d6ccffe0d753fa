import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { defective, Simulation, until } from './simulation.ts';

/** The real server as people start it, in a process of its own, to be killed in the middle of its work. */

const MAIN = join(import.meta.dirname, '../../src/main.ts');
/** Killed when GitHub has done this, and before or while the server learns of it. */
const POINTS = ['checks/create', 'pulls/list-files', 'pulls/create-review', 'checks/update'];

let simulation: Simulation;
let server: ChildProcess | undefined;

beforeEach(async () => {
  simulation = await Simulation.create();
});

afterEach(async () => {
  await kill();
  await simulation.close();
  expect(simulation.github.violations).toEqual([]);
});

async function start(): Promise<void> {
  server = spawn(process.execPath, ['--no-warnings', MAIN, 'serve'], {
    env: { PATH: process.env.PATH, LOG_LEVEL: 'error', LOG_FORMAT: 'json', ...simulation.environment() },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  simulation.github.deliverTo(simulation.webhookUrl);
  const health = `http://127.0.0.1:${simulation.settings.port}/health`;
  await until(() =>
    fetch(health).then(
      (answer) => answer.ok,
      () => false,
    ),
  );
}

async function kill(): Promise<void> {
  if (!server || server.exitCode !== null || server.signalCode !== null) return;
  const exit = once(server, 'exit');
  server.kill('SIGKILL');
  await exit;
}

test('killed at any point and started again: one completed check run, each comment once', async () => {
  const { github, repository } = simulation;
  await start();
  for (const [i, point] of POINTS.entries()) {
    const seen = github.requests.length;
    const pull = await github.openPullRequest(repository, {
      commits: [defective(`one${i}`), defective(`two${i}`)],
    });
    await until(() => github.requests.slice(seen).some(({ operation }) => operation === point));
    await kill();
    await start();
    await simulation.idle();
    expect(simulation.checkRuns(pull.head.sha)).toMatchObject([
      { status: 'completed', conclusion: 'failure' },
    ]);
    expect(simulation.comments(pull)).toEqual([`shop/one${i}.py:10`, `shop/two${i}.py:10`]);
  }
}, 180_000);

test('asked to stop, it stops, and goes on where it was', async () => {
  const { github, repository } = simulation;
  await start();
  github.fail('pulls/list-files', { kind: 'slow', milliseconds: 3000 });
  const pull = await github.openPullRequest(repository, { commits: [defective('search')] });
  await until(() => simulation.checkRuns(pull.head.sha).length === 1);
  const exit = once(server!, 'exit');
  server!.kill('SIGTERM');
  expect(await exit).toEqual([0, null]);
  expect(simulation.checkRuns(pull.head.sha)).toMatchObject([{ status: 'in_progress' }]);
  await start();
  await simulation.idle();
  expect(simulation.checkRuns(pull.head.sha)).toMatchObject([{ status: 'completed', conclusion: 'failure' }]);
}, 60_000);
