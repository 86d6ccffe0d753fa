import { setTimeout as sleep } from 'node:timers/promises';
import { RequestError } from '@octokit/request-error';
import { createLog } from '../../src/app/log.ts';

async function logged(write: (log: Awaited<ReturnType<typeof createLog>>) => void): Promise<string> {
  let text = '';
  const { Writable } = await import('node:stream');
  const destination = new Writable({
    write(chunk, _encoding, done) {
      text += chunk;
      done();
    },
  });
  write(await createLog({ logLevel: 'debug', logFormat: 'json' }, destination));
  await sleep(20);
  return text;
}

test('an error of a request is logged without what was sent and what came back', async () => {
  const error = new RequestError('Validation Failed', 422, {
    request: {
      method: 'POST',
      url: 'https://api.github.com/repos/o/n/pulls/1/reviews',
      headers: { authorization: 'token ghs_secret' },
      body: { body: 'code of the pull request' },
    },
    response: { status: 422, url: '', headers: { 'set-cookie': 'secret' }, data: 'code of the pull request' },
  });
  const text = await logged((log) => {
    log.error(error);
    log.error({ err: new AggregateError([error], 'all failed') }, 'x');
    log.warn({ err: new Error('outer', { cause: error }) }, 'y');
  });
  expect(text.split('Validation Failed').length).toBeGreaterThan(3);
  expect(text).toContain('"status":422');
  expect(text).toContain('/pulls/1/reviews');
  expect(text).not.toMatch(/secret|code of the pull request/);
});

test('requests are logged without their headers', async () => {
  const text = await logged((log) =>
    log.info({ req: { method: 'POST', headers: { 'x-hub-signature-256': 'sha' } } }, 'in'),
  );
  expect(text).toContain('"method":"POST"');
  expect(text).not.toContain('signature');
});
