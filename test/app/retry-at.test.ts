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

test('GraphQL answers 200 with an error of a type', () => {
  const error = Object.assign(new Error('API rate limit exceeded'), {
    errors: [{ type: 'RATE_LIMITED' }],
    headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(NOW / 1000 + 5) },
  });
  expect(retryAt(error, NOW)).toBe(NOW + 6000);
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
