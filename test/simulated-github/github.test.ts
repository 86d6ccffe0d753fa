import { createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAppAuth } from '@octokit/auth-app';
import { Octokit } from '@octokit/rest';
import { SimulatedGitHub } from './github.ts';

let github: SimulatedGitHub;

beforeEach(async () => {
  github = await SimulatedGitHub.start();
});

afterEach(async () => {
  await github.stop();
  expect(github.violations).toEqual([]);
});

const shop = () =>
  github.createRepository('octo/shop', [
    {
      message: 'Start',
      files: { 'app.py': 'import os\n\n\ndef a():\n    return 1\n', 'old.py': 'x = 1\ny = 2\nz = 3\n' },
    },
  ]);

function client(): Octokit {
  return new Octokit({ baseUrl: github.url, auth: github.createInstallationToken() });
}

const at = { owner: 'octo', repo: 'shop' };

interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

async function receiver(): Promise<{ url: string; received: Received[]; close(): void }> {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    received.push({ headers: request.headers, body: Buffer.concat(chunks).toString() });
    response.end('ok');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    received,
    close: () => server.close(),
  };
}

test('the App signs in with its key and gets a token for its installation', async () => {
  await shop();
  const octokit = new Octokit({
    baseUrl: github.url,
    authStrategy: createAppAuth,
    auth: { appId: github.app.id, privateKey: github.privateKey, installationId: 1 },
  });
  const { data } = await octokit.rest.apps.listReposAccessibleToInstallation();
  expect(data.repositories.map((repository) => repository.full_name)).toEqual(['octo/shop']);
  expect((await octokit.rest.apps.getAuthenticated()).data?.slug).toBe('patchwarden');
});

test('a pull request is listed with the files and patches that git makes', async () => {
  const repository = await shop();
  const pull = await github.openPullRequest(repository, {
    commits: [
      {
        message: 'Change',
        files: { 'app.py': 'import os\n', 'old.py': null, 'new.py': 'x = 1\ny = 2\nz = 3\n' },
      },
    ],
  });
  const { data } = await client().rest.pulls.listFiles({ ...at, pull_number: pull.number });
  expect(
    data.map(({ filename, status, previous_filename }) => [filename, status, previous_filename]),
  ).toEqual([
    ['app.py', 'modified', undefined],
    ['new.py', 'renamed', 'old.py'],
  ]);
  expect(data[0]?.patch).toBe('@@ -1,5 +1 @@\n import os\n-\n-\n-def a():\n-    return 1');
  const found = await client().rest.pulls.get({ ...at, pull_number: pull.number });
  expect(found.data.head.sha).toBe(pull.head.sha);
  expect(found.data.changed_files).toBe(2);
});

test('webhooks are signed, carry the published shape, and are redelivered with the same id', async () => {
  const { url, received, close } = await receiver();
  const repository = await shop();
  github.deliverTo(url);
  github.webhooks.misbehave('lost');
  const pull = await github.openPullRequest(repository, {
    commits: [{ message: 'Change', files: { 'a.py': 'x\n' } }],
  });
  await github.webhooks.settled();
  expect(received).toEqual([]);
  const [delivery] = github.webhooks.log;
  expect(delivery?.statusCode).toBe(599);

  github.webhooks.redeliver(delivery!.id);
  await github.webhooks.settled();
  const { headers, body } = received[0]!;
  expect(headers['x-github-delivery']).toBe(delivery!.guid);
  expect(headers['x-github-event']).toBe('pull_request');
  expect(headers['x-hub-signature-256']).toBe(
    `sha256=${createHmac('sha256', github.webhookSecret).update(body).digest('hex')}`,
  );
  const payload = JSON.parse(body);
  expect(payload.action).toBe('opened');
  expect(payload.pull_request.head.sha).toBe(pull.head.sha);
  expect(payload.repository.full_name).toBe('octo/shop');
  expect(payload.installation.id).toBe(1);

  github.webhooks.misbehave('doubled');
  github.comment(pull, 'somebody', '/recheck');
  await github.webhooks.settled();
  expect(received.map((one) => one.headers['x-github-delivery']).slice(1)).toEqual([
    github.webhooks.log.at(-1)!.guid,
    github.webhooks.log.at(-1)!.guid,
  ]);
  close();
});

test('one comment off the diff makes GitHub refuse the whole review', async () => {
  const repository = await shop();
  const pull = await github.openPullRequest(repository, {
    commits: [{ message: 'Change', files: { 'app.py': 'import os\n\n\ndef a():\n    return 2\n' } }],
  });
  const review = (...lines: number[]) =>
    client().rest.pulls.createReview({
      ...at,
      pull_number: pull.number,
      event: 'COMMENT',
      comments: lines.map((line) => ({ path: 'app.py', line, side: 'RIGHT', body: 'Look' })),
    });
  await expect(review(5, 99)).rejects.toMatchObject({ status: 422 });
  expect(github.view(pull).threads).toEqual([]);
  await review(5);
  expect(github.view(pull).threads).toMatchObject([
    { path: 'app.py', line: 5, diffHunk: ' \n def a():\n-    return 1\n+    return 2' },
  ]);
});

test('threads move with their lines, and are outdated when those change', async () => {
  const repository = await shop();
  const pull = await github.openPullRequest(repository, {
    commits: [{ message: 'Change', files: { 'app.py': 'import os\n\n\ndef a():\n    return 2\n' } }],
  });
  await client().rest.pulls.createReview({
    ...at,
    pull_number: pull.number,
    event: 'COMMENT',
    comments: [{ path: 'app.py', line: 5, side: 'RIGHT', body: 'Look' }],
  });
  await github.push(pull, [
    { message: 'More', files: { 'app.py': 'import os\nimport re\n\n\ndef a():\n    return 2\n' } },
  ]);
  expect(github.view(pull).threads).toMatchObject([{ line: 6, isOutdated: false }]);
  await github.push(pull, [
    { message: 'More', files: { 'app.py': 'import os\nimport re\n\n\ndef a():\n    return 3\n' } },
  ]);
  expect(github.view(pull).threads).toMatchObject([{ line: null, isOutdated: true }]);
  const { data } = await client().rest.pulls.listReviewComments({ ...at, pull_number: pull.number });
  expect(data).toMatchObject([{ line: null, original_line: 5 }]);
});

test('check runs collect annotations', async () => {
  const repository = await shop();
  const pull = await github.openPullRequest(repository, {
    commits: [{ message: 'C', files: { 'b.py': 'x\n' } }],
  });
  const { data } = await client().rest.checks.create({
    ...at,
    name: 'Patchwarden',
    head_sha: pull.head.sha,
    status: 'in_progress',
  });
  const annotation = {
    path: 'b.py',
    start_line: 1,
    end_line: 1,
    annotation_level: 'notice' as const,
    message: 'm',
  };
  for (const conclusion of ['neutral', 'success'] as const) {
    await client().rest.checks.update({
      ...at,
      check_run_id: data.id,
      conclusion,
      output: { title: 'T', summary: 'S', annotations: [annotation] },
    });
  }
  expect(github.view(pull).checkRuns).toMatchObject([
    {
      name: 'Patchwarden',
      status: 'completed',
      conclusion: 'success',
      annotations: [annotation, annotation],
    },
  ]);
});

test('GraphQL answers by the published schema', async () => {
  const repository = await shop();
  const answer = await client().graphql<{ repository: { a: object; b: null } }>(
    `query ($owner: String!, $name: String!, $a: String!) {
      repository(owner: $owner, name: $name) {
        a: object(expression: $a) { ... on Blob { text isBinary isTruncated byteSize oid } }
        b: object(expression: "main:none.py") { ... on Blob { text } }
      }
    }`,
    { owner: 'octo', name: 'shop', a: 'main:old.py' },
  );
  expect(answer.repository.a).toMatchObject({ text: 'x = 1\ny = 2\nz = 3\n', isBinary: false, byteSize: 18 });
  expect(answer.repository.b).toBeNull();
  expect(repository.git.directory).toContain('simulated-github-');
});

test('what GitHub does not know is a violation', async () => {
  await shop();
  await expect(client().request('GET /repos/octo/shop/nonsense')).rejects.toMatchObject({ status: 404 });
  await expect(client().request('GET /repos/octo/shop/pulls?colour=red')).rejects.toMatchObject({
    status: 422,
  });
  await expect(client().graphql('{ nonsense }')).rejects.toThrow();
  expect(github.violations).toHaveLength(3);
  (github.violations as string[]).length = 0;
});

test('GitHub may fail on demand', async () => {
  await shop();
  github.fail('repos/get', { kind: 'secondary-rate-limit', retryAfterSeconds: 7 });
  github.fail('repos/get', { kind: 'primary-rate-limit', resetSeconds: 60 });
  github.fail(/repos\/octo\/shop$/, { kind: 'status', status: 502 });
  github.fail('repos/get', { kind: 'dropped', done: true });
  const get = () => client().rest.repos.get(at);
  await expect(get()).rejects.toMatchObject({ status: 403, response: { headers: { 'retry-after': '7' } } });
  await expect(get()).rejects.toMatchObject({ response: { headers: { 'x-ratelimit-remaining': '0' } } });
  await expect(get()).rejects.toMatchObject({ status: 502 });
  await expect(get()).rejects.toThrow();
  expect((await get()).status).toBe(200);
});

test('an App gets only the webhooks that it is registered for', async () => {
  const other = await SimulatedGitHub.start({
    events: ['pull_request', 'issue_comment'],
    permissions: { pull_requests: 'write', checks: 'write' },
  });
  const repository = await other.createRepository('octo/shop', [{ message: 'Start', files: { 'a.py': '' } }]);
  const pull = await other.openPullRequest(repository, {
    commits: [{ message: 'C', files: { 'a.py': 'x\n' } }],
  });
  // Without the permission to read issues there are no comments.
  other.comment(pull, 'somebody', '/recheck');
  await other.enqueue(pull);
  other.rerequestCheckSuite(repository, pull.head.sha);
  expect(other.webhooks.log.map(({ event }) => event)).toEqual(['pull_request', 'check_suite']);
  await other.stop();
});

test('the merge queue, forks and re-requested checks send their webhooks', async () => {
  const { url, received, close } = await receiver();
  const repository = await shop();
  const pull = await github.openPullRequest(repository, {
    commits: [{ message: 'C', files: { 'b.py': 'x\n' } }],
    fork: 'somebody',
    author: 'somebody',
  });
  github.deliverTo(url);
  const merged = await github.enqueue(pull);
  github.rerequestCheckSuite(repository, pull.head.sha);
  await client().rest.checks.create({ ...at, name: 'Patchwarden', head_sha: pull.head.sha });
  github.rerequestCheckRun(repository, repository.checkRuns[0]!);
  await github.edit(pull, { title: 'Other' });
  github.deleteFork(pull);
  github.close(pull);
  await github.webhooks.settled();
  const payloads = received.map((one) => JSON.parse(one.body));
  const find = (action: string, key: string) =>
    payloads.find((payload) => payload.action === action && payload[key]);
  expect(find('checks_requested', 'merge_group').merge_group.head_sha).toBe(merged);
  expect(find('rerequested', 'check_suite').check_suite).toMatchObject({
    head_sha: pull.head.sha,
    pull_requests: [],
  });
  expect(find('rerequested', 'check_run').check_run).toMatchObject({
    head_sha: pull.head.sha,
    pull_requests: [],
  });
  expect(find('edited', 'pull_request').changes).toEqual({ title: { from: 'C' } });
  expect(find('closed', 'pull_request').pull_request.head.repo).toBeNull();
  close();
});
