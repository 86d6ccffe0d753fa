import { readFileSync } from 'node:fs';
import { DOUBTFUL, Place, run, SAFE, VULNERABLE } from './run.ts';

const place = new Place();
afterAll(place.remove);
beforeAll(() => {
  place.git('init', '--quiet', '--initial-branch=main');
  place.commit('Start', { 'shop/search.py': SAFE, 'old.py': VULNERABLE });
  place.git('switch', '--quiet', '--create', 'topic');
  place.commit('Search by name', { 'shop/search.py': VULNERABLE, 'shop/digest.py': DOUBTFUL });
  place.git('switch', '--quiet', 'main');
});

const BETWEEN = ['review', '--base', 'main', '--head', 'topic'];

test('reports what the change causes, at its line, with exit code 1', async () => {
  const { code, stdout, stderr } = await run(BETWEEN, { directory: place.root });
  expect([code, stderr]).toEqual([1, '']);
  expect(stdout).toMatch(/^shop\/search\.py\n\nshop\/search\.py:6:\d+ {2}\w+ {2}sql-injection {2}CWE-89\n/);
  expect(stdout).toMatch(/^ +6 │ {5}return sqlite3/m);
  expect(stdout).toContain(
    '\n1 security defect is detected in the code.\n1 advisory: show with --advisories.\n',
  );
  expect(stdout).not.toContain('old.py');
  expect(stdout).not.toContain('\u001b');
});

test('a change without defects has exit code 0 and the sentence, word for word', async () => {
  const { code, stdout } = await run(['review'], { directory: place.root });
  expect(code).toBe(0);
  expect(stdout).toBe('No security defects are detected in the code.\nThere is no Python code to analyse.\n');
});

test('the work tree, new files included, from a directory below', async () => {
  place.write({ 'shop/new.py': VULNERABLE });
  const { code, stdout } = await run(['review'], { directory: place.path('shop') });
  place.git('clean', '--quiet', '--force');
  expect(code).toBe(1);
  expect(stdout).toContain('shop/new.py:6:');
});

test('a helper that is unsafe now, with its caller in a file that is not touched', async () => {
  const views = VULNERABLE.replace('import sqlite3', 'from shop.run import start').replace(
    /return .*/,
    'return start(name)',
  );
  const helper = (argument: string) =>
    `import subprocess\n\ndef start(name):\n    return subprocess.call(${argument})\n`;
  place.commit('Start something', { 'shop/views.py': views, 'shop/run.py': helper("['ls']") });
  place.write({ 'shop/run.py': helper("'ls ' + name, shell=True") });
  const { code, stdout } = await run(['review'], { directory: place.root });
  place.git('reset', '--quiet', '--hard', 'HEAD~1');
  expect(code).toBe(1);
  expect(stdout).toMatch(/^shop\/run\.py:4:\d+ {2}critical {2}os-command-injection/m);
  expect(stdout).toMatch(/^ +1\. shop\/views\.py:5 {2}/m);
  expect(stdout).toContain('Analysed 1 of 1 Python file (1 of 1 hunk), and calls from 1 unchanged file.');
});

test('--advisories', async () => {
  const { stdout } = await run([...BETWEEN, '--advisories'], { directory: place.root });
  expect(stdout).toMatch(/^shop\/digest\.py:4:\d+ {2}advisory, \w+ {2}weak-hash/m);
});

test('json, to a file that is named from where the person stands', async () => {
  const ran = await run([...BETWEEN, '--format', 'json', '--output', 'review.json'], {
    directory: place.path('shop'),
  });
  expect(ran).toEqual({ code: 1, stdout: '', stderr: '' });
  const report = JSON.parse(readFileSync(place.path('shop/review.json'), 'utf8'));
  place.git('clean', '--quiet', '--force');
  expect(report).toMatchObject({
    format: 1,
    pullRequest: { number: 0, head: { sha: place.git('rev-parse', 'topic') } },
    verdict: { conclusion: 'defects' },
    defects: [
      {
        rule: 'sql-injection',
        anchor: { path: 'shop/search.py', side: 'RIGHT' },
        location: { startLine: 6 },
      },
    ],
    advisories: [{ rule: 'weak-hash' }],
    ledger: { complete: true },
  });
});

test('sarif', async () => {
  const { code, stdout } = await run([...BETWEEN, '--format', 'sarif'], { directory: place.root });
  expect(code).toBe(1);
  const [first] = JSON.parse(stdout).runs[0].results;
  expect(first).toMatchObject({ ruleId: 'sql-injection', level: 'error' });
});

test('markdown shows what would be posted', async () => {
  const { code, stdout } = await run([...BETWEEN, '--format', 'markdown'], { directory: place.root });
  expect(code).toBe(1);
  expect(stdout).toMatch(/^# Check run: failure\n\n\*\*1 security defect is detected in the code\.\*\*\n/);
  expect(stdout).toMatch(
    /## Comment at `shop\/search\.py:\d+(-\d+)?`\n\n<!-- patchwarden:fingerprint=[0-9a-f]+ -->\n/,
  );
});

test('the same review twice is the same, byte for byte', async () => {
  const [one, other] = await Promise.all(
    [1, 2].map(() => run([...BETWEEN, '--format', 'json'], { directory: place.root })),
  );
  expect(one!.stdout).toBe(other!.stdout);
});

test.each([
  [
    ['--base', 'mian'],
    /"mian" is neither a branch, a tag nor a commit of this repository\. There are: .*"main"/,
  ],
  [['--head', 'no-such'], /"no-such" is neither a branch/],
  [
    ['--base', 'main', '--head', 'topic', '--output', 'no/such/place.txt'],
    /place\.txt cannot be written: there is no such file/,
  ],
])('%j says what is wrong', async (args, expected) => {
  const { code, stdout, stderr } = await run(['review', ...args], { directory: place.root });
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(expected);
  expect(stderr.trim().split('\n')).toHaveLength(1);
});
