import type { PullRequest } from '../simulated-github/model.ts';
import { defective, Simulation, until } from './simulation.ts';

let simulation: Simulation;
let github: Simulation['github'];
let repository: Simulation['repository'];

beforeEach(async () => {
  simulation = await Simulation.create();
  ({ github, repository } = simulation);
});

afterEach(async () => {
  await simulation.close();
  expect(github.violations).toEqual([]);
});

const open = () => github.openPullRequest(repository, { commits: [defective('search')], author: 'ann' });
const FAILURE = { status: 'completed', conclusion: 'failure' };
const CANCELLED = { status: 'completed', conclusion: 'cancelled' };

/** One check run, completed; each comment once. */
function expectOneReview(pull: PullRequest): void {
  expect(simulation.checkRuns(pull.head.sha)).toMatchObject([FAILURE]);
  expect(simulation.comments(pull)).toEqual(['shop/search.py:10']);
}

describe('webhooks', () => {
  test('that come twice are acted on once', async () => {
    await simulation.startApp();
    github.webhooks.misbehave('doubled');
    const pull = await open();
    await simulation.idle();
    expectOneReview(pull);
  });

  test('that come again after they were done are not acted on', async () => {
    await simulation.startApp();
    const pull = await open();
    await simulation.idle();
    const requests = github.requests.length;
    github.webhooks.redeliver(github.webhooks.log[0]!.id);
    await simulation.idle();
    expect(github.requests).toHaveLength(requests);
    expectOneReview(pull);
  });

  test('that were lost are made up for at the next start', async () => {
    const pull = await open();
    const draft = await github.openPullRequest(repository, { commits: [defective('list')], draft: true });
    await github.webhooks.settled();
    expect(github.webhooks.log.map((delivery) => delivery.statusCode)).toEqual([599, 599]);
    await simulation.startApp();
    await simulation.idle();
    expectOneReview(pull);
    expect(simulation.checkRuns(draft.head.sha)).toEqual([]);
  });

  test('of comments that were lost are asked for again', async () => {
    await simulation.startApp();
    const pull = await open();
    await simulation.idle();
    await simulation.stopApp();
    github.comment(pull, 'ann', '/recheck');
    await github.webhooks.settled();
    await simulation.startApp();
    await until(() => github.view(pull).comments[0]!.reactions.length === 2);
    expect(github.view(pull).comments[0]!.reactions.map(({ content }) => content)).toEqual([
      'eyes',
      'rocket',
    ]);
  });

  test('with a wrong signature are refused', async () => {
    await simulation.startApp();
    const answer = await fetch(simulation.webhookUrl, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-github-event': 'pull_request',
        'x-github-delivery': 'made-up',
        'x-hub-signature-256': `sha256=${'0'.repeat(64)}`,
      },
      body: '{"action":"opened"}',
    });
    expect(answer.status).toBe(400);
    await simulation.idle();
    expect(github.requests.filter(({ method }) => method !== 'GET')).toHaveLength(
      github.requests.filter(({ operation }) => operation === 'apps/create-installation-access-token').length,
    );
  });

  test('are answered at once, however slow the work is', async () => {
    await simulation.startApp();
    github.fail('pulls/get', { kind: 'slow', milliseconds: 1500 });
    await open();
    await github.webhooks.settled();
    expect(github.webhooks.log[0]).toMatchObject({ statusCode: 200 });
    expect(github.webhooks.log[0]!.seconds).toBeLessThan(1);
    await simulation.idle();
  });

  test('may also come to the root, where the set-up page lets them go', async () => {
    await simulation.startApp();
    github.deliverTo(`http://127.0.0.1:${simulation.settings.port}/`);
    const pull = await open();
    await simulation.idle();
    expectOneReview(pull);
  });
});

describe('pushes and other changes', () => {
  test('while a review runs end it: its check run is cancelled, nothing of it is published', async () => {
    await simulation.startApp();
    github.fail('pulls/list-files', { kind: 'slow', milliseconds: 1500 });
    const pull = await open();
    const old = pull.head.sha;
    await until(() => simulation.checkRuns(old).length === 1);
    await github.push(pull, [
      { message: 'Other', files: { 'shop/search.py': null, ...defective('list').files } },
    ]);
    await simulation.idle();
    expect(simulation.checkRuns(old)).toMatchObject([CANCELLED]);
    expect(simulation.checkRuns(pull.head.sha)).toMatchObject([FAILURE]);
    expect(simulation.comments(pull)).toEqual(['shop/list.py:10']);
  });

  test('whose webhook is lost do not get the old review', async () => {
    await simulation.startApp();
    github.fail('pulls/list-files', { kind: 'slow', milliseconds: 500 });
    const pull = await open();
    const old = pull.head.sha;
    await until(() => simulation.checkRuns(old).length === 1);
    github.webhooks.misbehave('lost');
    await github.push(pull, [
      { message: 'Other', files: { 'shop/search.py': null, ...defective('list').files } },
    ]);
    await simulation.idle();
    expect(simulation.checkRuns(old)).toMatchObject([CANCELLED]);
    expect(simulation.checkRuns(pull.head.sha)).toMatchObject([FAILURE]);
    expect(simulation.comments(pull)).toEqual(['shop/list.py:10']);
  });

  test('that close the pull request meanwhile leave no check run in progress; reopened it is reviewed', async () => {
    await simulation.startApp();
    github.fail('pulls/list-files', { kind: 'status', status: 404 });
    github.fail('checks/create', { kind: 'slow', milliseconds: 300 });
    const pull = await open();
    await until(() => github.requests.some(({ operation }) => operation === 'pulls/get'));
    github.close(pull);
    await simulation.idle();
    expect(simulation.checkRuns(pull.head.sha)).toMatchObject([CANCELLED]);
    github.reopen(pull);
    await simulation.idle();
    expect(simulation.checkRuns(pull.head.sha)).toMatchObject([CANCELLED, FAILURE]);
  });
});

describe('GitHub', () => {
  test.each([
    ['a primary rate limit', 'pulls/list-files', { kind: 'primary-rate-limit', resetSeconds: 1 }],
    ['a secondary rate limit', 'pulls/create-review', { kind: 'secondary-rate-limit', retryAfterSeconds: 1 }],
    ['a server error before the check run', 'checks/create', { kind: 'status', status: 502 }],
    ['a lost answer to the check run', 'checks/create', { kind: 'dropped', done: true }],
    ['a lost answer to the review', 'pulls/create-review', { kind: 'dropped', done: true }],
    ['a server error at the end', 'checks/update', { kind: 'status', status: 500 }],
    ['a lost answer at the end', 'checks/update', { kind: 'dropped', done: true }],
  ] as const)(
    'with %s: one review all the same',
    async (_name, operation, behaviour) => {
      await simulation.startApp();
      github.fail(operation, behaviour);
      const pull = await open();
      await simulation.idle();
      expectOneReview(pull);
    },
    30_000,
  );

  test('that fails for good leaves a completed check run that says so', async () => {
    await simulation.startApp();
    github.fail('graphql', { kind: 'status', status: 404, message: 'Not Found' }, 1000);
    const pull = await open();
    await simulation.idle();
    expect(simulation.checkRuns(pull.head.sha)).toMatchObject([
      { status: 'completed', conclusion: 'timed_out', title: 'The review could not be finished' },
    ]);
    expect(simulation.comments(pull)).toEqual([]);
  }, 30_000);
});

test('the log has neither secrets nor code, even where it tells most', async () => {
  await simulation.startApp();
  github.fail('pulls/create-review', { kind: 'status', status: 500 });
  const pull = await open();
  await simulation.idle();
  expectOneReview(pull);
  const text = simulation.log.join('');
  expect(text).toContain('Job failed; it is tried again');
  expect(text).toContain('/reviews');
  expect(text).not.toContain(github.webhookSecret);
  expect(text).not.toMatch(/ghs_|PRIVATE KEY|SELECT|x-hub-signature/);
});
