import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, until } from './simulation.ts';

/** `patchwarden serve` as a person starts it: in a process of its own, in some folder. */

const ROOT = join(import.meta.dirname, '../..');
let folder: string;
let server: ChildProcess | undefined;
let output: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'patchwarden-serve-'));
  output = '';
});

afterEach(async () => {
  if (server && server.exitCode === null) {
    const exit = once(server, 'exit');
    server.kill('SIGKILL');
    await exit;
  }
  rmSync(folder, { recursive: true, force: true });
});

function start(environment: { readonly [name: string]: string }, cwd = folder): ChildProcess {
  server = spawn(process.execPath, ['--no-warnings', join(ROOT, 'src/main.ts'), 'serve'], {
    cwd,
    env: { PATH: process.env.PATH, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const stream of [server.stdout, server.stderr]) stream?.on('data', (data) => (output += data));
  return server;
}

test('without credentials it opens the set-up page, which registers the App that app.yml describes', async () => {
  const port = await freePort();
  start({ PORT: String(port), HOST: '127.0.0.1' }, ROOT);
  await until(() => output.includes('no credentials of a GitHub App yet'));
  expect(output).toContain(`http://127.0.0.1:${port}`);
  const page = await (await fetch(`http://127.0.0.1:${port}/probot`)).text();
  expect(page).toContain('Register GitHub App');
  expect(page).toContain('merge_queues');
  expect(page).toContain('merge_group');
});

test('credentials that are not complete are named, and it does not start', async () => {
  const [code] = await once(start({ APP_ID: '7' }), 'exit');
  expect(code).toBe(2);
  expect(output).toMatch(
    /^The credentials of the GitHub App are not complete: PRIVATE_KEY .*WEBHOOK_SECRET .* missing\.\n$/,
  );
});

test('.env in the working directory is read, and the environment goes before it', async () => {
  writeFileSync(join(folder, '.env'), 'APP_ID=7\nPORT=none\n');
  const [code] = await once(start({ PORT: '3000' }), 'exit');
  expect(code).toBe(2);
  expect(output).toContain('not complete');
});

test('a port that is taken is said in plain words', async () => {
  const { generateKeyPairSync } = await import('node:crypto');
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const taken = createServer();
  const port = await new Promise<number>((resolve) => {
    taken.listen(0, '127.0.0.1', () => resolve((taken.address() as { port: number }).port));
  });
  try {
    const environment = {
      APP_ID: '7',
      PRIVATE_KEY: privateKey.export({ type: 'pkcs1', format: 'pem' }).toString(),
      WEBHOOK_SECRET: 'secret',
      HOST: '127.0.0.1',
      PORT: String(port),
      LOG_LEVEL: 'silent',
    };
    const [code] = await once(start(environment), 'exit');
    expect(code).toBe(2);
    expect(output).toBe(
      `Port ${port} is already in use. You can define the PORT environment variable to use a different port.\n`,
    );
  } finally {
    taken.close();
  }
});
