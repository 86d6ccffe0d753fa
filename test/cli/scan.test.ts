import { DOUBTFUL, Place, run, SAFE, VULNERABLE } from './run.ts';

const place = new Place();
afterAll(place.remove);
beforeAll(() => {
  place.git('init', '--quiet', '--initial-branch=main');
  place.write({
    '.gitignore': 'ignored/\n',
    'shop/search.py': VULNERABLE,
    'shop/safe.py': SAFE,
    'shop/digest.py': DOUBTFUL,
    'shop/readme.txt': 'no code',
    'ignored/made.py': VULNERABLE,
    'accepted/search.py': VULNERABLE.replace(/\n$/, '  # patchwarden: ignore[sql-injection] a fixture\n'),
    'broken/half.py': 'def f(:\n    return (\n',
  });
});

const scan = (...args: string[]) => run(['scan', ...args], { directory: place.root });

test('reports everything in the files that git does not ignore', async () => {
  const { code, stdout, stderr } = await scan('shop');
  expect([code, stderr]).toEqual([1, '']);
  expect(stdout.match(/^\S+\.py:\d+/gm)).toEqual(['shop/search.py:6']);
  expect(stdout).toContain(
    '1 security defect is detected in the code.\n1 advisory: show with --advisories.\nAnalysed 3 of 3 Python files.',
  );
});

test('a clean file has exit code 0', async () => {
  const { code, stdout } = await scan('shop/safe.py');
  expect(code).toBe(0);
  expect(stdout).toBe('No security defects are detected in the code.\nAnalysed 1 of 1 Python file.\n');
});

test('what git ignores is scanned when it is named', async () => {
  const { code, stdout } = await scan('ignored');
  expect(code).toBe(1);
  expect(stdout).toContain('ignored/made.py:6:');
});

test('an accepted finding is listed as such and is no defect', async () => {
  const { code, stdout } = await scan('accepted', '--format', 'json');
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    defects: [],
    suppressed: [{ rule: 'sql-injection', reason: 'a fixture' }],
  });
});

test('a file that does not parse is named', async () => {
  const { code, stdout } = await scan('broken');
  expect(code).toBe(0);
  expect(stdout).toContain('Not analysed: `broken/half.py`');
});

test('the same report whatever the number of threads', async () => {
  const [one, other] = await Promise.all(
    ['1', '3'].map((jobs) => scan('.', '--jobs', jobs, '--format', 'sarif')),
  );
  expect(one!.stdout).toBe(other!.stdout);
  expect(JSON.parse(one!.stdout).runs[0].results).toHaveLength(3);
});

test("the tree's configuration applies", async () => {
  place.write({
    '.github/patchwarden.yml': 'rules:\n  sql-injection: advisory\npaths:\n  exclude: [accepted/]\n',
  });
  const { code, stdout } = await scan('shop', 'accepted', '--format', 'json');
  place.git('clean', '--quiet', '--force', '.github');
  expect(code).toBe(0);
  const { defects, advisories, suppressed } = JSON.parse(stdout);
  expect([defects, advisories.map((found: { rule: string }) => found.rule), suppressed]).toEqual([
    [],
    expect.arrayContaining(['sql-injection', 'weak-hash']),
    [],
  ]);
});

test('outside of a repository, what tools made is left out', async () => {
  const outside = new Place();
  outside.write({
    'app.py': VULNERABLE,
    '.hidden/app.py': VULNERABLE,
    'node_modules/x/app.py': VULNERABLE,
    'my-env/pyvenv.cfg': '',
    'my-env/lib/app.py': VULNERABLE,
  });
  const { stdout } = await run(['scan', outside.root], { directory: place.root });
  outside.remove();
  expect(stdout.match(/^\S+\.py:\d+/gm)).toEqual(['app.py:6']);
});

test.each([
  ['shop/safe.py/x', 'a part of the path is not a directory'],
  ['shop/none.py', 'there is no such file or directory'],
])('%s cannot be read', async (path, why) => {
  const { code, stdout, stderr } = await scan('shop', path);
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toBe(
    `patchwarden: ${place.path(path)} cannot be read: ${why}. Name a file or a directory.\n`,
  );
});
