import { parsePullRequest } from '../../src/cli/review-pull-request.ts';
import { SimulatedGitHub } from '../simulated-github/github.ts';
import type { PullRequest } from '../simulated-github/model.ts';
import { DOUBTFUL, run, SAFE, VULNERABLE } from './run.ts';

let github: SimulatedGitHub;
let pull: PullRequest;
beforeEach(async () => {
  github = await SimulatedGitHub.start();
  const start = { message: 'Start', files: { 'shop/search.py': SAFE } };
  const change = { message: 'Search', files: { 'shop/search.py': VULNERABLE, 'shop/digest.py': DOUBTFUL } };
  const repository = await github.createRepository('octo/shop', [start]);
  pull = await github.openPullRequest(repository, { commits: [change] });
});
afterEach(async () => {
  await github.stop();
  expect(github.violations).toEqual([]);
});

const review = (token: string, ...args: string[]) =>
  run(['review', '--pr', `octo/shop#${pull.number}`, ...args], {
    environment: { GITHUB_TOKEN: token, GITHUB_API_URL: github.url },
  });

test('shows what it would say, and posts nothing', async () => {
  const { code, stdout, stderr } = await review(github.createUserToken('ada'));
  expect([code, stderr]).toEqual([1, '']);
  expect(stdout).toMatch(/^shop\/search\.py\n\nshop\/search\.py:6:\d+ {2}\w+ {2}sql-injection/);
  expect(stdout).toMatch(/^ +6 │ {5}return sqlite3/m);
  const { threads, checkRuns } = github.view(pull);
  expect([threads, checkRuns]).toEqual([[], []]);
});

test('--publish posts the comments and the check run, and a second time nothing new', async () => {
  const token = github.createInstallationToken();
  const first = await review(token, '--publish');
  expect([first.code, first.stderr]).toEqual([
    1,
    'Published: 1 new comment, 0 standing, 0 closed, check run completed.\n',
  ]);
  const second = await review(token, '--publish');
  expect(second.stderr).toBe('Published: no new comments, 1 standing, 0 closed, check run completed.\n');
  const { threads, checkRuns } = github.view(pull);
  expect(threads).toHaveLength(1);
  expect(checkRuns).toMatchObject([
    { conclusion: 'failure', title: '1 security defect is detected in the code.' },
  ]);
});

test('a token that may not make check runs still posts the comments', async () => {
  const { code, stderr } = await review(github.createUserToken('octo'), '--publish');
  expect(code).toBe(1);
  expect(stderr).toBe(
    'Published: 1 new comment, 0 standing, 0 closed, no check run: this token may not make one.\n',
  );
});

test.each([
  ['octo/shop#99', /octo\/shop#99 was not found\. Check the name; for a private repository/],
  ['octo/none#1', /octo\/none#1 was not found/],
])('%s is not there', async (given, expected) => {
  const environment = { GITHUB_TOKEN: github.createUserToken('ada'), GITHUB_API_URL: github.url };
  const { code, stdout, stderr } = await run(['review', '--pr', given], { environment });
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(expected);
});

test('a bad token', async () => {
  const { code, stderr } = await review('ghp_wrong');
  expect(code).toBe(2);
  expect(stderr).toMatch(/GitHub does not accept the token in GITHUB_TOKEN/);
});

test.each([
  ['acme/shop#12', { repository: { owner: 'acme', name: 'shop' }, number: 12 }],
  ['https://github.com/acme/shop.js/pull/3', { repository: { owner: 'acme', name: 'shop.js' }, number: 3 }],
  [
    'https://ghe.acme.org/acme/shop/pull/3/files?w=1',
    { repository: { owner: 'acme', name: 'shop' }, number: 3 },
  ],
])('%s names a pull request', (given, expected) => {
  expect(parsePullRequest(given)).toEqual(expected);
});

test.each([
  'acme/shop',
  '#12',
  'acme/shop#0',
  'acme/shop#x',
  'acme/a/b#1',
  'https://github.com/acme/shop/issues/3',
])('%s names none', (given) => {
  expect(() => parsePullRequest(given)).toThrow('names no pull request');
});
