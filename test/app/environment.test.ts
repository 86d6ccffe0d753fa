import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { type Environment, readEnvironment } from '../../src/app/environment.ts';

const pem = generateKeyPairSync('rsa', { modulusLength: 2048 })
  .privateKey.export({ type: 'pkcs1', format: 'pem' })
  .toString()
  .trim();
const credentials = { APP_ID: '7', PRIVATE_KEY: pem, WEBHOOK_SECRET: 'secret' };

test('an empty environment is for the set-up page', () => {
  expect(readEnvironment({})).toEqual({
    host: 'localhost',
    port: 3000,
    webUrl: 'https://github.com',
    apiUrl: 'https://api.github.com',
    queueFile: 'data/queue.db',
    concurrency: 2,
    logLevel: 'info',
    logFormat: 'pretty',
  });
});

test('.env.example changes nothing until it is filled in', () => {
  const example = readFileSync(join(import.meta.dirname, '../../.env.example'), 'utf8');
  expect(readEnvironment(parseEnv(example))).toEqual(readEnvironment({}));
});

test.each([
  ['as it is', pem],
  ['on one line', pem.replaceAll('\n', '\\n')],
  ['in base64', Buffer.from(pem).toString('base64')],
])('the private key may be given %s', (_name, PRIVATE_KEY) => {
  expect(readEnvironment({ ...credentials, PRIVATE_KEY }).credentials).toEqual({
    appId: 7,
    privateKey: pem,
    webhookSecret: 'secret',
  });
});

test('the private key may be in a file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'patchwarden-key-'));
  try {
    const path = join(folder, 'key.pem');
    writeFileSync(path, pem);
    const read = readEnvironment({ APP_ID: '7', WEBHOOK_SECRET: 'secret', PRIVATE_KEY_PATH: path });
    expect(read.credentials?.privateKey).toBe(pem);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('a GitHub Enterprise Server has its API under its own host', () => {
  expect(readEnvironment({ GHE_HOST: 'github.example.com' })).toMatchObject({
    webUrl: 'https://github.example.com',
    apiUrl: 'https://github.example.com/api/v3',
  });
  expect(readEnvironment({ GHE_HOST: '127.0.0.1:8080', GHE_PROTOCOL: 'http' }).apiUrl).toBe(
    'http://127.0.0.1:8080/api/v3',
  );
});

const MISTAKES: readonly (readonly [string, Environment, RegExp])[] = [
  ['the secret missing', { ...credentials, WEBHOOK_SECRET: '' }, /WEBHOOK_SECRET .* missing/],
  ['the key missing', { ...credentials, PRIVATE_KEY: '' }, /PRIVATE_KEY or PRIVATE_KEY_PATH .* missing/],
  ['the id missing', { ...credentials, APP_ID: '' }, /APP_ID .* missing/],
  [
    'no credentials where there is no set-up page',
    { NODE_ENV: 'production' },
    /APP_ID, PRIVATE_KEY .*npm start/,
  ],
  ['a key that is none', { ...credentials, PRIVATE_KEY: 'abc' }, /private key .* cannot be read/],
  [
    'a key file that is not there',
    { APP_ID: '7', PRIVATE_KEY_PATH: '/nowhere/key.pem' },
    /\/nowhere\/key\.pem/,
  ],
  ['an id that is no number', { APP_ID: 'mine' }, /APP_ID: /],
  ['a port that is none', { PORT: '99999' }, /PORT: /],
  ['an address for a host', { GHE_HOST: 'https://github.example.com' }, /GHE_HOST: .* without https/],
  ['an unknown log level', { LOG_LEVEL: 'loud' }, /LOG_LEVEL: /],
];

test('GitHub with data residency has its API on another host', () => {
  const addresses = {
    GITHUB_API_URL: 'https://api.acme.ghe.com/',
    GITHUB_SERVER_URL: 'https://acme.ghe.com',
  };
  expect(readEnvironment(addresses)).toMatchObject({
    webUrl: 'https://acme.ghe.com',
    apiUrl: 'https://api.acme.ghe.com',
  });
});

test.each(MISTAKES)('%s is an error that says so', (_name, environment, message) => {
  expect(() => readEnvironment(environment)).toThrow(message);
});

test('an error never quotes the private key', () => {
  const broken = pem.replace('-----END RSA PRIVATE KEY-----', '');
  try {
    readEnvironment({ ...credentials, PRIVATE_KEY: broken });
    throw new Error('should not be read');
  } catch (error) {
    expect(String(error)).toMatch(/cannot be read/);
    expect(String(error)).not.toContain(pem.slice(40, 80));
  }
});
