import { retryAt } from '../../src/app/retry-at.ts';

const NOW = 1_700_000_000_000;

function failure(status: number, headers: object, message = 'no'): Error {
  return Object.assign(new Error(message), { status, response: { headers } });
}

test('the primary limit: when it resets, a second later', () => {
  const headers = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(NOW / 1000 + 1200) };
  expect(retryAt(failure(403, headers), NOW)).toBe(NOW + 1_201_000);
  expect(retryAt(failure(429, headers), NOW)).toBe(NOW + 1_201_000);
});

test('the secondary limit: when it says, else in a minute', () => {
  const message = 'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.';
  expect(retryAt(failure(403, { 'retry-after': '90' }, message), NOW)).toBe(NOW + 90_000);
  expect(retryAt(failure(403, {}, message), NOW)).toBe(NOW + 60_000);
  expect(retryAt(failure(429, {}), NOW)).toBe(NOW + 60_000);
});

describe('GraphQL answers 200 with an error of a type', () => {
  const errors = [{ type: 'RATE_LIMITED' }];
  const headers = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(NOW / 1000 + 5) };

  test.each([
    ['as it comes', { errors, headers }],
    ["as Octokit's throttling throws it", { data: { errors }, response: { headers } }],
  ])('%s', (_name, facts) => {
    expect(retryAt(Object.assign(new Error('GraphQL Rate Limit Exceeded'), facts), NOW)).toBe(NOW + 6000);
  });

  test('that may come without a time', () => {
    expect(retryAt(Object.assign(new Error('no'), { errors, headers: {} }), NOW)).toBe(NOW + 60_000);
  });

  test('other errors are no limit', () => {
    const other = Object.assign(new Error('no'), { errors: [{ type: 'NOT_FOUND' }], headers });
    expect(retryAt(other, NOW)).toBeUndefined();
  });
});

test('maintenance says when to come back, too', () => {
  expect(retryAt(failure(503, { 'retry-after': '30' }), NOW)).toBe(NOW + 30_000);
});

test.each([
  [
    'forbidden',
    failure(403, { 'x-ratelimit-remaining': '4000', 'x-ratelimit-reset': '1' }, 'Resource not accessible'),
  ],
  ['a server error', failure(502, {})],
  ['another error', new Error('no')],
  ['no error at all', 'no'],
])('%s is no rate limit', (_name, error) => {
  expect(retryAt(error, NOW)).toBeUndefined();
});
