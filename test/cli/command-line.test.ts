import { spawn } from 'node:child_process';
import { symlinkSync } from 'node:fs';
import manifest from '../../package.json' with { type: 'json' };
import { LAUNCHER, Place, run } from './run.ts';

const place = new Place();
afterAll(place.remove);

test('--help teaches with examples', async () => {
  const { code, stdout, stderr } = await run(['--help']);
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toContain('patchwarden review --pr acme/shop#12');
  expect(stdout).toContain('Exit codes: 0 no defects, 1 defects, 2 the command could not run.');
});

test.each(['review', 'scan', 'rules', 'explain', 'serve', 'replay'])('%s --help', async (command) => {
  const { code, stdout } = await run([command, '--help']);
  expect(code).toBe(0);
  expect(stdout).toContain(`Usage: patchwarden ${command}`);
});

test('--version', async () => {
  expect(await run(['--version'])).toEqual({ code: 0, stdout: `${manifest.version}\n`, stderr: '' });
});

/** What a person gets wrong, and what they are told. */
test.each([
  [[], /Usage: patchwarden/],
  [['reveiw'], /unknown command 'reveiw'\n\(Did you mean review\?\)/],
  [['review', '--bse', 'main'], /unknown option '--bse'\n\(Did you mean --base\?\)\nRun with --help/],
  [['review', '--format', 'xml'], /Allowed choices are text, json, sarif, markdown/],
  [['review', '--publish'], /--publish needs --pr OWNER\/REPO#N/],
  [['review', '--pr', 'acme/shop#1', '--base', 'main'], /cannot be used with option '--base <ref>'/],
  [['review', '--pr', 'shop'], /"shop" names no pull request\. Write OWNER\/REPO#NUMBER/],
  [['review', '--pr', 'acme/shop#1'], /There is no token.* Set GITHUB_TOKEN/],
  [['review', '--repo', '.'], /is not in a git repository\. Name a repository with --repo PATH\./],
  [['scan'], /Say what to scan: files or directories/],
  [['scan', 'nowhere'], /nowhere cannot be read: there is no such file or directory\./],
  [['scan', '.'], /There are no Python files in \.\./],
  [['scan', '.', '--jobs', 'many'], /It should be a whole number from 1 on\./],
  [['explain', 'sql'], /There is no rule "sql"\. Did you mean (.*, )?sql-injection/],
  [['explain', 'zzz'], /There is no rule "zzz"\. See {2}patchwarden rules/],
])('%j says what is wrong and what to do', async (args, expected) => {
  const { code, stdout, stderr } = await run(args, { directory: place.root });
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(expected);
  expect(stderr).not.toMatch(/^ +at /m);
});

test('the launcher works from anywhere, through links, and passes arguments and exit code on', async () => {
  const link = place.path('pw');
  symlinkSync(LAUNCHER, link);
  const { code, stderr } = await run(['scan', 'no such place'], { directory: place.root, program: link });
  expect(code).toBe(2);
  expect(stderr).toContain(`${place.root}/no such place cannot be read`);
});

test('under npm run, paths are relative to where the person stands', async () => {
  const environment = {
    INIT_CWD: place.path('elsewhere'),
    npm_lifecycle_event: 'patchwarden',
    npm_package_name: 'patchwarden',
  };
  const ran = await run(['scan', 'x'], { directory: place.root, environment });
  expect(ran.stderr).toContain(`${place.root}/elsewhere/x cannot be read`);
  const other = { ...environment, npm_lifecycle_event: 'lint', npm_package_name: 'shop' };
  const inTheirScript = await run(['scan', 'x'], { directory: place.root, environment: other });
  expect(inTheirScript.stderr).toContain(`${place.root}/x cannot be read`);
});

test('a reader that stops reading is no error', async () => {
  const child = spawn('bash', [
    '-c',
    'set -o pipefail; "$0" "$1" rules | true && echo fine',
    process.execPath,
    LAUNCHER,
  ]);
  let output = '';
  let errors = '';
  child.stdout.on('data', (data) => {
    output += data;
  });
  child.stderr.on('data', (data) => {
    errors += data;
  });
  await new Promise((resolve) => child.on('close', resolve));
  expect([output, errors]).toEqual(['fine\n', '']);
});
