import { type Backoff, waitAfter } from '../../src/queue/backoff.ts';

const backoff: Backoff = { first: 1000, factor: 3, longest: 20_000, attempts: 9 };

describe('waitAfter', () => {
  test('grows by the factor and stops at the longest wait', () => {
    expect([1, 2, 3, 4, 5].map((attempt) => waitAfter(attempt, backoff, () => 1))).toEqual([
      1000, 3000, 9000, 20_000, 20_000,
    ]);
  });

  test('is never less than half of it', () => {
    expect(waitAfter(2, backoff, () => 0)).toBe(1500);
  });
});
