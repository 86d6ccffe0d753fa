import fc from 'fast-check';
import {
  ChangedWhileReading,
  readMergeGroup,
  readPullRequest,
  readPullRequestFacts,
} from '../../src/github/read-pull-request.ts';
import { diffHunks } from '../../src/review/hunks.ts';
import type { FileContent } from '../simulated-github/git.ts';
import { factsOf, readChanged, SHOP, simulation } from './simulated.ts';

const simulated = simulation();

const numbered = (count: number, text = 'x = 1\n'): { [path: string]: FileContent } =>
  Object.fromEntries(
    Array.from({ length: count }, (_, i) => [`pkg/m${String(i).padStart(4, '0')}.py`, text]),
  );

test('reads what a pull request changes, against the merge base', async () => {
  const repository = await simulated.createRepository({
    'app.py': 'a = 1\nb = 2\n',
    'gone.py': 'old = 1\n',
    'before.py': 'one = 1\ntwo = 2\nthree = 3\nfour = 4\n',
  });
  const pull = await simulated.github.openPullRequest(repository, {
    title: 'A title',
    commits: [
      {
        message: 'Change',
        files: {
          'app.py': 'a = 1\nb = 3\n',
          'gone.py': null,
          'before.py': null,
          'after.py': 'one = 1\ntwo = 2\nthree = 3\nfour = 5\n',
          'new.py': 'n = 1\n',
          'notes.md': '# Notes\n',
        },
      },
    ],
  });
  const parted = await repository.git.resolve('main');
  const tip = await simulated.github.commitTo(repository, 'main', [
    { message: 'Elsewhere', files: { 'app.py': 'a = 0\nb = 2\n' } },
  ]);

  const { input, file } = await readChanged(simulated.client, pull);

  expect(input.pullRequest).toEqual({
    repository: SHOP,
    number: 1,
    title: 'A title',
    base: { sha: tip, ref: 'main' },
    mergeBaseSha: parted,
    head: { sha: pull.head.sha, ref: 'change-1' },
    draft: false,
  });
  expect(input.limits).toEqual([]);
  expect(input.files.map(({ path }) => path)).toEqual([
    'after.py',
    'app.py',
    'gone.py',
    'new.py',
    'notes.md',
  ]);
  expect(file('app.py')).toEqual({
    path: 'app.py',
    previousPath: 'app.py',
    status: 'modified',
    base: 'a = 1\nb = 2\n',
    head: 'a = 1\nb = 3\n',
    hunks: [
      {
        baseStart: 1,
        baseLines: 2,
        headStart: 1,
        headLines: 2,
        lines: [
          { kind: 'context', baseLine: 1, headLine: 1, text: 'a = 1' },
          { kind: 'removed', baseLine: 2, text: 'b = 2' },
          { kind: 'added', headLine: 2, text: 'b = 3' },
        ],
      },
    ],
  });
  expect(file('after.py')).toMatchObject({ previousPath: 'before.py', status: 'renamed' });
  expect(file('after.py')?.base).toContain('four = 4');
  expect(file('gone.py')).toMatchObject({ status: 'removed', base: 'old = 1\n' });
  expect(file('gone.py')).not.toHaveProperty('head');
  expect(file('new.py')).toMatchObject({ status: 'added', head: 'n = 1\n' });
  expect(file('new.py')).not.toHaveProperty('base');
  expect(file('notes.md')).toMatchObject({ unread: { reason: 'not-python' }, hunks: [{ headLines: 1 }] });
  expect(file('notes.md')).not.toHaveProperty('head');
});

test('the requests grow by two for each hundred files', async () => {
  const repository = await simulated.createRepository(numbered(450));
  const counts: number[] = [];
  for (const count of [1, 90, 190, 390]) {
    const pull = await simulated.github.openPullRequest(repository, {
      commits: [{ message: 'Change', files: numbered(count, 'x = 2\n') }],
    });
    const before = simulated.github.requests.length;
    const { input } = await readChanged(simulated.client, pull);
    expect(input.files).toHaveLength(count);
    expect(input.files.every((file) => file.base === 'x = 1\n' && file.head === 'x = 2\n')).toBe(true);
    counts.push(simulated.github.requests.length - before);
  }
  expect(counts).toEqual([5, 5, 7, 11]);
}, 30_000);

test('symbolic links, submodules and scripts without a suffix are told apart', async () => {
  const repository = await simulated.createRepository({
    'real.py': 'x = 1\n',
    'was-link.py': { symlink: '../somewhere/else.py' },
  });
  const pull = await simulated.github.openPullRequest(repository, {
    commits: [
      {
        message: 'Change',
        files: {
          'link.py': { symlink: 'real.py' },
          'vendor/lib': { submodule: 'a'.repeat(40) },
          tool: { executable: '#!/usr/bin/env python3\nx = 1\n' },
          Makefile: 'all:\n\ttrue\n',
          'was-link.py': null,
          'data.py': Buffer.from([0, 1, 2, 0]),
        },
      },
    ],
  });
  const { file } = await readChanged(simulated.client, pull);
  expect(file('link.py')).toMatchObject({ unread: { reason: 'symlink' }, hunks: [] });
  expect(file('vendor/lib')).toMatchObject({ unread: { reason: 'submodule' }, hunks: [] });
  expect(file('tool')).toMatchObject({ head: '#!/usr/bin/env python3\nx = 1\n' });
  expect(file('Makefile')).toMatchObject({ unread: { reason: 'not-python' } });
  expect(file('was-link.py')).toMatchObject({ status: 'removed', unread: { reason: 'symlink' } });
  expect(file('data.py')).toMatchObject({ unread: { reason: 'binary' } });
  expect(simulated.github.requests.some(({ operation }) => operation === 'git/get-blob')).toBe(false);
});

test('a symbolic link that becomes a file is a new file', async () => {
  const repository = await simulated.createRepository({
    'real.py': 'x = 1\n',
    'turned.py': { symlink: 'real.py' },
  });
  const pull = await simulated.github.openPullRequest(repository, {
    commits: [{ message: 'Change', files: { 'turned.py': 'y = 1\n' } }],
  });
  const { file } = await readChanged(simulated.client, pull);
  expect(file('turned.py')).toMatchObject({ status: 'added', head: 'y = 1\n', hunks: [{ headLines: 1 }] });
  expect(file('turned.py')).not.toHaveProperty('base');
});

test('texts are exact: other encodings, byte order marks, CRLF, no final newline', async () => {
  const latin1 = Buffer.from('# -*- coding: latin-1 -*-\nname = "\xe9"\n', 'latin1');
  const repository = await simulated.createRepository({ 'latin.py': latin1, 'crlf.py': 'a = 1\r\nb = 2' });
  const pull = await simulated.github.openPullRequest(repository, {
    commits: [
      {
        message: 'Change',
        files: {
          'latin.py': Buffer.concat([latin1, Buffer.from('x = "\xfc"\n', 'latin1')]),
          'crlf.py': 'a = 1\r\nb = 3',
          'bom.py': '\ufeffx = 1\n',
          'wrong.py': Buffer.from([0x78, 0x3d, 0xff, 0x0a]),
        },
      },
    ],
  });
  const { file } = await readChanged(simulated.client, pull);
  expect(file('latin.py')?.head).toBe('# -*- coding: latin-1 -*-\nname = "é"\nx = "ü"\n');
  expect(file('latin.py')?.base).toBe('# -*- coding: latin-1 -*-\nname = "é"\n');
  expect(file('crlf.py')).toMatchObject({ base: 'a = 1\r\nb = 2', head: 'a = 1\r\nb = 3' });
  expect(file('crlf.py')?.hunks[0]?.lines.at(-1)).toEqual({ kind: 'added', headLine: 2, text: 'b = 3' });
  expect(file('bom.py')?.head).toBe('x = 1\n');
  expect(file('wrong.py')).toMatchObject({ unread: { reason: 'undecodable' } });
});

test('a text that GraphQL cuts off is read whole by REST; one that is too large is not read', async () => {
  simulated.github.world.limits.graphqlBlobBytes = 1000;
  const long = 'x = 1\n'.repeat(500);
  const repository = await simulated.createRepository({ 'long.py': long });
  const pull = await simulated.github.openPullRequest(repository, {
    commits: [
      { message: 'Change', files: { 'long.py': `${long}y = 2\n`, 'huge.py': 'x = 1\n'.repeat(2000) } },
    ],
  });
  const budget = { fileBytes: 10_000, totalBytes: 1_000_000, rawRequests: 10 };
  const facts = await factsOf(simulated.client, pull);
  const { input } = await readPullRequest(simulated.client, facts, budget);
  expect(input.files.find(({ path }) => path === 'long.py')).toMatchObject({
    base: long,
    head: `${long}y = 2\n`,
  });
  expect(input.files.find(({ path }) => path === 'huge.py')).toMatchObject({
    unread: { reason: 'too-large' },
  });

  const poor = await readPullRequest(simulated.client, facts, { ...budget, rawRequests: 1 });
  expect(poor.input.files.find(({ path }) => path === 'long.py')).toMatchObject({
    unread: { reason: 'over-budget' },
  });
});

test('no more bytes are held than the budget says', async () => {
  const repository = await simulated.createRepository({ 'app.py': 'x = 1\n' });
  const pull = await simulated.github.openPullRequest(repository, {
    commits: [{ message: 'Change', files: numbered(300, 'x = 1\n'.repeat(100)) }],
  });
  const budget = { fileBytes: 10_000, totalBytes: 60_000, rawRequests: 10 };
  const facts = await factsOf(simulated.client, pull);
  const { input } = await readPullRequest(simulated.client, facts, budget);
  const isRead = input.files.map((file) => file.head !== undefined);
  expect(isRead.filter(Boolean)).toHaveLength(100);
  expect(input.files[200]).toMatchObject({ unread: { reason: 'over-budget' } });
  // What is beyond the budget is not even asked for.
  expect(simulated.github.requests.filter(({ operation }) => operation === 'graphql')).toHaveLength(1);
});

test('where GitHub leaves the patch out, the hunks are computed', async () => {
  simulated.github.world.limits.patchBytes = 20;
  const base = 'a = 1\nb = 2\nc = 3\nd = 4\n';
  const head = 'a = 1\nb = 2\nc = 4\nd = 4\n';
  const repository = await simulated.createRepository({ 'app.py': base });
  const pull = await simulated.github.openPullRequest(repository, {
    commits: [{ message: 'Change', files: { 'app.py': head } }],
  });
  const { file } = await readChanged(simulated.client, pull);
  expect(file('app.py')?.hunks).toEqual(diffHunks(base, head));
  expect(file('app.py')?.hunks).toHaveLength(1);
});

test('a list of files that GitHub cuts is told', async () => {
  const repository = await simulated.createRepository({ 'app.py': 'x = 1\n' });
  const pull = await simulated.github.openPullRequest(repository, {
    commits: [{ message: 'Change', files: numbered(150) }],
  });
  simulated.github.world.limits.listedFiles = 100;
  const { input } = await readChanged(simulated.client, pull);
  expect(input.files).toHaveLength(100);
  expect(input.limits).toEqual([expect.stringContaining('100 of 150')]);
});

test('a push while the files are read is noticed', async () => {
  const repository = await simulated.createRepository({ 'app.py': 'x = 1\n' });
  const pull = await simulated.github.openPullRequest(repository, {
    commits: [{ message: 'Change', files: { 'app.py': 'x = 2\n' } }],
  });
  const facts = await factsOf(simulated.client, pull);
  await simulated.github.push(pull, [{ message: 'More', files: { 'app.py': 'x = 3\n' } }]);
  await expect(readPullRequest(simulated.client, facts)).rejects.toThrow(ChangedWhileReading);
  const again = await readPullRequest(simulated.client, await factsOf(simulated.client, pull));
  expect(again.input.files[0]?.head).toBe('x = 3\n');
});

test('the configuration comes from the tip of the base branch, the changed one beside it', async () => {
  const path = '.github/patchwarden.yml';
  const repository = await simulated.createRepository({ [path]: 'a: 1\n', 'app.py': 'x = 1\n' });
  const pull = await simulated.github.openPullRequest(repository, {
    commits: [{ message: 'Change', files: { [path]: 'a: evil\n' } }],
  });
  await simulated.github.commitTo(repository, 'main', [{ message: 'Later', files: { [path]: 'a: 2\n' } }]);
  expect((await readChanged(simulated.client, pull)).input.configuration).toEqual({
    base: 'a: 2\n',
    head: 'a: evil\n',
  });

  await simulated.github.push(pull, [{ message: 'Remove', files: { [path]: null, 'app.py': 'x = 2\n' } }]);
  expect((await readChanged(simulated.client, pull)).input.configuration).toEqual({
    base: 'a: 2\n',
    head: null,
  });

  const plain = await simulated.github.openPullRequest(repository, {
    commits: [{ message: 'Other', files: { 'app.py': 'x = 3\n' } }],
  });
  expect((await readChanged(simulated.client, plain)).input.configuration).toEqual({ base: 'a: 2\n' });
});

test('pull requests from forks are read, even when the fork is gone', async () => {
  const repository = await simulated.createRepository({ 'app.py': 'x = 1\n' });
  const pull = await simulated.github.openPullRequest(repository, {
    fork: 'somebody',
    commits: [{ message: 'Change', files: { 'app.py': 'x = 2\n' } }],
  });
  simulated.github.deleteFork(pull);
  const { file, sources } = await readChanged(simulated.client, pull);
  expect(file('app.py')).toMatchObject({ base: 'x = 1\n', head: 'x = 2\n' });
  expect(await sources.paths('head')).toEqual(new Set(['app.py']));
});

test('a merge group is read as a change between two commits', async () => {
  const repository = await simulated.createRepository({ 'app.py': 'x = 1\n', 'other.py': 'y = 1\n' });
  const pull = await simulated.github.openPullRequest(repository, {
    commits: [{ message: 'Change', files: { 'app.py': 'x = 2\n' } }],
  });
  const baseSha = await simulated.github.commitTo(repository, 'main', [
    { message: 'Elsewhere', files: { 'other.py': 'y = 2\n' } },
  ]);
  const headSha = await simulated.github.enqueue(pull);
  const { input } = await readMergeGroup(simulated.client, SHOP, {
    baseSha,
    baseRef: 'refs/heads/main',
    headSha,
    headRef: 'refs/heads/gh-readonly-queue/main/pr-1',
  });
  expect(input.pullRequest).toMatchObject({ number: 0, mergeBaseSha: baseSha, head: { sha: headSha } });
  expect(input.files).toMatchObject([{ path: 'app.py', base: 'x = 1\n', head: 'x = 2\n' }]);
});

test('a query that takes GitHub too long is asked in smaller parts', async () => {
  const repository = await simulated.createRepository(numbered(8));
  const pull = await simulated.github.openPullRequest(repository, {
    commits: [{ message: 'Change', files: numbered(8, 'x = 2\n') }],
  });
  const isLarge = ({ operation, body }: { operation: string; body: unknown }) =>
    operation === 'graphql' && Object.keys((body as { variables: object }).variables).length > 8;
  simulated.github.fail(isLarge, { kind: 'status', status: 502 }, 100);
  const { input } = await readPullRequest(noRetry(simulated.client), await factsOf(simulated.client, pull));
  expect(input.files.filter((file) => file.head === 'x = 2\n')).toHaveLength(8);
});

test('a rate limit of GraphQL is an error, not an absent file', async () => {
  const repository = await simulated.createRepository({ 'app.py': 'x = 1\n' });
  const pull = await simulated.github.openPullRequest(repository, {
    commits: [{ message: 'Change', files: { 'app.py': 'x = 2\n' } }],
  });
  const facts = await factsOf(simulated.client, pull);
  simulated.github.fail('graphql', {
    kind: 'graphql-error',
    type: 'RATE_LIMITED',
    message: 'API rate limit exceeded',
  });
  await expect(readPullRequest(simulated.client, facts)).rejects.toThrow('rate limit');
});

/** Retries on 502 are the client's; here they would only take time. */
function noRetry(client: typeof simulated.client): typeof simulated.client {
  const graphql = ((query: string, variables: object) =>
    client.graphql(query, { ...variables, request: { retries: 0 } })) as typeof client.graphql;
  return { request: client.request, graphql };
}

test('an unknown pull request is an error with its status', async () => {
  await simulated.createRepository({ 'app.py': 'x = 1\n' });
  await expect(readPullRequestFacts(simulated.client, SHOP, 404)).rejects.toMatchObject({ status: 404 });
});

test('whatever the files are called and hold, their texts and hunks are those of the commits', async () => {
  const name = fc.stringMatching(
    /^[\p{L}\p{N} '"$#%&()+,;=@[\]^`{}~!?*\\-][\p{L}\p{N} .'"$#%&()+,;=@[\]^`{}~!?*\\-]{0,12}$/u,
  );
  const path = fc
    .array(
      name.filter((part) => !/^\.\.?$|^\.git$/i.test(part)),
      { minLength: 1, maxLength: 2 },
    )
    .map((parts) => `${parts.map((part) => part.trim() || 'x').join('/')}.py`);
  const content = fc
    .array(
      fc.constantFrom(
        'a = 1\n',
        'b = "é"\n',
        'c\r\n',
        '\n',
        '@@ -1 +1 @@\n',
        'diff --git a b\n',
        '\u2028x\n',
        'end',
      ),
      {
        maxLength: 8,
      },
    )
    .map((lines) => lines.join(''));
  const version = fc.dictionary(path, content, { minKeys: 1, maxKeys: 4, noNullPrototype: true });
  await fc.assert(
    fc.asyncProperty(version, version, async (base, head) => {
      fc.pre(
        new Set([...Object.keys(base), ...Object.keys(head)].map((key) => key.split('/')[0])).size ===
          new Set([...Object.keys(base), ...Object.keys(head)]).size,
      );
      const repository = await simulated.createRepository({ ...base, 'keep.txt': 'x' });
      const removed = Object.fromEntries(Object.keys(base).map((key) => [key, null]));
      const pull = await simulated.github.openPullRequest(repository, {
        commits: [{ message: 'Change', files: { ...removed, ...head, 'more.txt': 'x' } }],
      });
      const { input } = await readChanged(simulated.client, pull);
      const { repositories } = simulated.github.world;
      repositories.splice(0);
      repository.git.remove();
      const heads = Object.fromEntries(
        input.files.filter((file) => file.head !== undefined).map((file) => [file.path, file.head]),
      );
      const bases = Object.fromEntries(
        input.files.filter((file) => file.base !== undefined).map((file) => [file.previousPath, file.base]),
      );
      for (const [key, value] of Object.entries(heads)) expect(value).toBe(head[key]);
      for (const [key, value] of Object.entries(bases)) expect(value).toBe(base[key]);
      for (const key of Object.keys(head)) if (head[key] !== base[key]) expect(heads).toHaveProperty([key]);
      for (const file of input.files.filter((one) => one.path.endsWith('.py'))) {
        expect(file).not.toHaveProperty('unread');
        const lines = (file.head ?? '').split('\n');
        for (const line of file.hunks.flatMap((hunk) => hunk.lines)) {
          if (line.kind !== 'removed') expect(lines[line.headLine - 1]?.replace(/\r$/, '')).toBe(line.text);
        }
      }
    }),
    { numRuns: 15 },
  );
}, 60_000);
