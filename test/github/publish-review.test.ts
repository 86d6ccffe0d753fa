import fc from 'fast-check';
import { type Client, createClient } from '../../src/github/client.ts';
import { publishReview, type ReviewComment, type ReviewToPublish } from '../../src/github/publish-review.ts';
import { SimulatedGitHub } from '../simulated-github/github.ts';
import type { PullRequest } from '../simulated-github/model.ts';
import { clientOf, SHOP, simulation } from './simulated.ts';

const simulated = simulation();

const source = (...lines: string[]) => `${lines.join('\n')}\n`;
const BASE = source('import os', '', 'def a(x):', '    return x', '', 'def b(x):', '    return x');
const HEAD = source(
  'import os',
  '',
  'def a(x):',
  '    os.system(x)',
  '    return x',
  '',
  'def b(x):',
  '    eval(x)',
);

async function open(client?: { fork: string }): Promise<PullRequest> {
  const repository = await simulated.createRepository({ 'app.py': BASE });
  return simulated.github.openPullRequest(repository, {
    commits: [{ message: 'Change', files: { 'app.py': HEAD } }],
    ...client,
  });
}

let nextFingerprint = 0;

function comment(
  line: number,
  more: Partial<ReviewComment['anchor']> = {},
  fingerprint?: string,
): ReviewComment {
  const id = fingerprint ?? (++nextFingerprint).toString(16).padStart(8, '0');
  return {
    anchor: { path: 'app.py', side: 'RIGHT', line, ...more },
    body: `<!-- patchwarden:fingerprint=${id} -->\nFinding ${id}`,
    fingerprint: id,
  };
}

function publish(
  pull: PullRequest,
  comments: readonly ReviewComment[],
  more: Partial<ReviewToPublish> = {},
  client?: Client,
) {
  return publishReview(
    client ?? simulated.client,
    { repository: SHOP, number: pull.number, head: { sha: pull.head.sha, ref: '' } },
    { comments, found: new Set(comments.map((one) => one.fingerprint)), unseen: new Set(), ...more },
  );
}

const writes = () =>
  simulated.github.requests.filter(({ method, path }) => method !== 'GET' && path !== '/graphql').length;

test('comments come as one review, at their lines', async () => {
  const pull = await open();
  const comments = [
    comment(4),
    comment(5, { startLine: 4 }),
    comment(7, { side: 'LEFT' }),
    comment(8, { startLine: 8 }),
  ];
  expect(await publish(pull, comments)).toEqual({
    outcome: 'published',
    posted: comments,
    standing: [],
    atFile: [],
    unplaced: [],
    closedThreads: 0,
  });
  expect(writes()).toBe(1);
  expect(simulated.github.view(pull).threads).toMatchObject([
    { path: 'app.py', side: 'RIGHT', line: 4, startLine: null, comments: [{ author: 'patchwarden[bot]' }] },
    { side: 'RIGHT', line: 5, startLine: 4 },
    { side: 'LEFT', line: 7 },
    { side: 'RIGHT', line: 8, startLine: null },
  ]);
  expect(pull.reviews).toMatchObject([{ state: 'COMMENTED', commitId: pull.head.sha }]);
});

test('with nothing to say, nothing is posted', async () => {
  const pull = await open();
  expect(await publish(pull, [])).toMatchObject({ outcome: 'published', posted: [] });
  expect(writes()).toBe(0);
});

test('what stands is not said again, also when it is outdated, resolved, or on a second page', async () => {
  const pull = await open();
  for (let i = 0; i < 120; i++)
    await simulated.github.commentOnLine(pull, 'somebody', 'app.py', 1, `Remark ${i}`);
  const [old, resolved] = [comment(4), comment(8)];
  await publish(pull, [old, resolved]);
  simulated.github.resolveThread(simulated.github.view(pull).threads.at(-1)!.thread, 'maintainer');
  await simulated.github.push(pull, [
    { message: 'More', files: { 'app.py': HEAD.replace('os.system(x)', 'os.system(  x)') } },
  ]);
  expect(simulated.github.view(pull).threads.at(-2)).toMatchObject({ isOutdated: true });
  const fresh = comment(5);
  expect(await publish(pull, [old, resolved, fresh])).toMatchObject({
    posted: [fresh],
    standing: [old, resolved],
    closedThreads: 0,
  });
  expect(simulated.github.view(pull).threads).toHaveLength(123);
  expect(await publish(pull, [old, resolved, fresh])).toMatchObject({ posted: [], closedThreads: 0 });
});

test("somebody else's comment with our marker is not ours", async () => {
  const pull = await open();
  const finding = comment(4);
  await simulated.github.commentOnLine(pull, 'attacker', 'app.py', 4, finding.body);
  expect(await publish(pull, [finding])).toMatchObject({ posted: [finding] });
  expect(await publish(pull, [])).toMatchObject({ closedThreads: 1 });
  expect(simulated.github.view(pull).threads[0]).toMatchObject({
    isResolved: false,
    comments: [{ minimizedReason: null }],
  });
});

test('one refused comment costs none: it goes to the file, and if it cannot, back to the caller', async () => {
  const pull = await open();
  const good = [comment(3), comment(4), comment(5), comment(8)];
  const offTheDiff = comment(99);
  const otherFile = comment(1, { path: 'nowhere.py' });
  const published = await publish(pull, [good[0]!, offTheDiff, good[1]!, good[2]!, otherFile, good[3]!]);
  expect(published).toMatchObject({ posted: good, atFile: [offTheDiff], unplaced: [otherFile] });
  expect(simulated.github.view(pull).threads.map(({ line, isFile }) => [line, isFile])).toEqual([
    [3, false],
    [4, false],
    [5, false],
    [8, false],
    [null, true],
  ]);
  // The comment at the file stands, too.
  expect(await publish(pull, [...good, offTheDiff])).toMatchObject({
    posted: [],
    standing: [...good, offTheDiff],
  });
});

test('threads of findings that are gone are closed; of files that were not looked at they are not', async () => {
  const pull = await open();
  await publish(pull, [comment(4), comment(8)]);
  const [first, second] = simulated.github.view(pull).threads;
  simulated.github.reply(pull, second!.thread, 'contributor', 'Really?');
  expect(await publish(pull, [], { unseen: new Set(['app.py']) })).toMatchObject({ closedThreads: 0 });
  expect(await publish(pull, [])).toMatchObject({ closedThreads: 2 });
  // The App may not resolve threads: its comments are hidden instead.
  expect(simulated.github.view(pull).threads).toMatchObject([
    { isResolved: false, comments: [{ minimizedReason: 'outdated' }] },
    { isResolved: false, comments: [{ minimizedReason: 'outdated' }, { minimizedReason: null }] },
  ]);
  expect(await publish(pull, [])).toMatchObject({ closedThreads: 0 });

  const again = comment(4, {}, /=(\w+)/.exec(first!.comments[0]!.body)![1]);
  expect(await publish(pull, [again])).toMatchObject({ posted: [again] });
});

test('with the right to it, threads are resolved, and hidden where nobody replied', async () => {
  const github = await SimulatedGitHub.start({
    permissions: { checks: 'write', contents: 'write', pull_requests: 'write', metadata: 'read' },
  });
  try {
    const repository = await github.createRepository('octo/shop', [
      { message: 'Start', files: { 'app.py': BASE } },
    ]);
    const pull = await github.openPullRequest(repository, {
      commits: [{ message: 'C', files: { 'app.py': HEAD } }],
    });
    const findings = [comment(4), comment(8)];
    await publish(pull, findings, {}, clientOf(github));
    github.reply(pull, github.view(pull).threads[1]!.thread, 'contributor', 'Really?');
    await publish(pull, [], {}, clientOf(github));
    expect(github.view(pull).threads).toMatchObject([
      { isResolved: true, comments: [{ minimizedReason: 'outdated' }] },
      { isResolved: true, comments: [{ minimizedReason: null }, {}] },
    ]);
    // Both come back: what we closed ourselves is said again.
    expect(await publish(pull, findings, {}, clientOf(github))).toMatchObject({ posted: findings });
    expect(github.violations).toEqual([]);
  } finally {
    await github.stop();
  }
});

test('a thread that cannot be closed is left, a rate limit is an error', async () => {
  const pull = await open();
  await publish(pull, [comment(4)]);
  const isMutation = ({ body }: { body: unknown }) => JSON.stringify(body).includes('mutation');
  simulated.github.fail(isMutation, { kind: 'graphql-error', type: 'FORBIDDEN', message: 'No' });
  await publish(pull, []);
  simulated.github.fail(isMutation, { kind: 'graphql-error', type: 'RATE_LIMITED', message: 'Too many' });
  await expect(publish(pull, [])).rejects.toThrow('Too many');
});

test('nothing is published on a commit that is the head no more', async () => {
  const pull = await open();
  const stale = { ...pull, head: { ...pull.head } };
  const headSha = await simulated.github.push(pull, [{ message: 'More', files: { 'b.py': 'x\n' } }]);
  expect(await publish(stale, [comment(4)])).toEqual({ outcome: 'superseded', headSha });
  expect(simulated.github.view(pull).threads).toEqual([]);
});

test('an answer that is lost on the way is not published twice', async () => {
  const pull = await open();
  const comments = [comment(4), comment(8)];
  simulated.github.fail('pulls/create-review', { kind: 'dropped', done: true });
  await expect(publish(pull, comments)).rejects.toThrow();
  expect(await publish(pull, comments)).toMatchObject({ posted: [], standing: comments });
  expect(simulated.github.view(pull).threads).toHaveLength(2);
});

test('a user may publish, too', async () => {
  const pull = await open({ fork: 'somebody' });
  const client = createClient({
    token: simulated.github.createUserToken('me'),
    baseUrl: simulated.github.url,
    paced: false,
  });
  const finding = comment(4);
  await publish(pull, [finding], {}, client);
  expect(simulated.github.view(pull).threads).toMatchObject([{ comments: [{ author: 'me' }] }]);
  expect(await publish(pull, [finding], {}, client)).toMatchObject({ standing: [finding] });
});

test('whatever the comments, each is posted, at the file, or given back, exactly once', async () => {
  const pull = await open();
  const anchor = fc.record({
    path: fc.constantFrom('app.py', 'nowhere.py'),
    side: fc.constantFrom<'LEFT' | 'RIGHT'>('LEFT', 'RIGHT'),
    line: fc.integer({ min: 1, max: 12 }),
    startLine: fc.option(fc.integer({ min: 1, max: 12 }), { nil: undefined }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(anchor, { maxLength: 8 }), async (anchors) => {
      pull.threads.splice(0);
      const comments = anchors.map(({ startLine, ...rest }) =>
        comment(rest.line, startLine === undefined ? rest : { ...rest, startLine }),
      );
      const published = await publish(pull, comments);
      if (published.outcome !== 'published') throw new Error(published.outcome);
      const all = [...published.posted, ...published.atFile, ...published.unplaced];
      const ids = (list: readonly ReviewComment[]) => list.map((one) => one.fingerprint).toSorted();
      expect(ids(all)).toEqual(ids(comments));
      expect(published.unplaced.every((one) => one.anchor.path === 'nowhere.py')).toBe(true);
      const { threads } = simulated.github.view(pull);
      expect(threads).toHaveLength(published.posted.length + published.atFile.length);
      for (const one of published.posted) {
        const thread = threads.find((candidate) => candidate.comments[0]?.body === one.body);
        expect(thread).toMatchObject({ path: 'app.py', side: one.anchor.side, line: one.anchor.line });
      }
      expect(await publish(pull, comments)).toMatchObject({ posted: [], atFile: [] });
    }),
    { numRuns: 20 },
  );
}, 60_000);
