import { createAppAuth } from '@octokit/auth-app';
import { Octokit } from '@octokit/rest';
import { startCheckRun } from '../../src/github/check-runs.ts';
import { createClient } from '../../src/github/client.ts';
import { redeliverFailed } from '../../src/github/deliveries.ts';
import { listOpenPullRequests } from '../../src/github/find-pull-requests.ts';
import { SHOP, simulation } from './simulated.ts';

const simulated = simulation();

function client(paced: boolean, waits: string[] = []) {
  const { github } = simulated;
  return createClient({
    token: github.createInstallationToken(),
    baseUrl: github.url,
    paced,
    onWait: (message) => waits.push(message),
  });
}

test('waits as long as a rate limit says, and tells so', async () => {
  await simulated.createRepository({ 'app.py': 'x = 1\n' });
  simulated.github.fail('pulls/list', { kind: 'secondary-rate-limit', retryAfterSeconds: 1, status: 429 });
  const waits: string[] = [];
  const started = Date.now();
  expect(await listOpenPullRequests(client(true, waits), SHOP)).toEqual([]);
  expect(Date.now() - started).toBeGreaterThanOrEqual(1000);
  expect(waits).toEqual([expect.stringContaining('again in 1 seconds')]);
}, 20_000);

test('a rate limit for an hour is an error', async () => {
  await simulated.createRepository({ 'app.py': 'x = 1\n' });
  simulated.github.fail('pulls/list', { kind: 'primary-rate-limit', resetSeconds: 3600 });
  const waits: string[] = [];
  await expect(listOpenPullRequests(client(true, waits), SHOP)).rejects.toMatchObject({ status: 403 });
  expect(waits).toEqual([]);
}, 20_000);

test('reading is repeated after a server error, creating is not', async () => {
  const repository = await simulated.createRepository({ 'app.py': 'x = 1\n' });
  simulated.github.fail('pulls/list', { kind: 'status', status: 502 });
  expect(await listOpenPullRequests(client(false), SHOP)).toEqual([]);
  simulated.github.fail('checks/create', { kind: 'dropped', done: true });
  const headSha = await repository.git.resolve('main');
  const start = () => startCheckRun(client(false), SHOP, { headSha, externalId: 'job' });
  await expect(start()).rejects.toThrow();
  await start();
  expect(repository.checkRuns).toHaveLength(1);
}, 20_000);

test('webhooks that did not arrive are asked for again, once each', async () => {
  const { github } = simulated;
  const repository = await simulated.createRepository({ 'app.py': 'x = 1\n' });
  const pull = await github.openPullRequest(repository, {
    commits: [{ message: 'C', files: { 'app.py': 'x = 2\n' } }],
  });
  for (let i = 0; i < 130; i++) github.comment(pull, 'somebody', `Comment ${i}`);
  await github.webhooks.settled();
  // One of them has arrived in the meantime.
  const arrived = github.webhooks.redeliver(github.webhooks.log[3]!.id);
  await arrived.done;
  arrived.statusCode = 200;

  const app = new Octokit({
    baseUrl: github.url,
    authStrategy: createAppAuth,
    auth: { appId: github.app.id, privateKey: github.privateKey },
  });
  const before = github.webhooks.log.length;
  expect(await redeliverFailed(app, 0)).toBe(130);
  expect(github.webhooks.log.length - before).toBe(130);
  expect(new Set(github.webhooks.log.slice(before).map((delivery) => delivery.guid)).size).toBe(130);
  expect(await redeliverFailed(app, Date.now() + 60_000)).toBe(0);
}, 20_000);
