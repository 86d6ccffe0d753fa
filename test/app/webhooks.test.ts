import { createHmac, generateKeyPairSync } from 'node:crypto';
import { pino } from 'pino';
import { Probot, Server } from 'probot';
import { registerWebhooks } from '../../src/app/app.ts';
import { healthHandler } from '../../src/app/health.ts';
import type { JobQueue } from '../../src/queue/queue.ts';
import { freePort } from './simulation.ts';

const SECRET = 'secret';
const privateKey = generateKeyPairSync('rsa', { modulusLength: 2048 })
  .privateKey.export({ type: 'pkcs1', format: 'pem' })
  .toString();

/** A queue on a disk that is full. */
const fullQueue: JobQueue = {
  enqueue: async () => {
    throw new Error('database or disk is full');
  },
  state: async () => {
    throw new Error('disk I/O error');
  },
  run: () => {},
  close: async () => {},
};

let server: Server;
let url: string;

beforeEach(async () => {
  const port = await freePort();
  const log = pino({ level: 'silent' });
  server = new Server({
    host: '127.0.0.1',
    port,
    log,
    Probot: Probot.defaults({ appId: 1, privateKey, secret: SECRET, log }),
  });
  await server.load((probot, { addHandler }) => {
    registerWebhooks(probot, fullQueue);
    addHandler(healthHandler(fullQueue));
  });
  await server.start();
  url = `http://127.0.0.1:${port}`;
});

afterEach(() => server.stop());

async function deliver(event: string, payload: object): Promise<number> {
  const body = JSON.stringify(payload);
  const answer = await fetch(`${url}/api/github/webhooks`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-github-event': event,
      'x-github-delivery': 'some-id',
      'x-hub-signature-256': `sha256=${createHmac('sha256', SECRET).update(body).digest('hex')}`,
    },
    body,
  });
  return answer.status;
}

const installed = {
  installation: { id: 1 },
  repository: { id: 2, name: 'shop', owner: { login: 'octo' } },
};

test('what cannot be stored is answered with an error, so that GitHub lists it as failed', async () => {
  const opened = { action: 'opened', pull_request: { number: 3, state: 'open', draft: false }, ...installed };
  expect(await deliver('pull_request', opened)).toBe(500);
});

test('what asks for nothing needs no storage', async () => {
  const closed = { action: 'closed', pull_request: { number: 3, state: 'closed' }, ...installed };
  expect(await deliver('pull_request', closed)).toBe(200);
  expect(await deliver('star', { action: 'created', ...installed })).toBe(200);
});

test('the health check fails, and tells nothing but that', async () => {
  const answer = await fetch(`${url}/health`);
  expect(answer.status).toBe(503);
  expect(await answer.json()).toEqual({ status: 'the queue cannot be read' });
});
