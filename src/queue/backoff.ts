export interface Backoff {
  /** Milliseconds before the second attempt. */
  readonly first: number;
  readonly factor: number;
  /** No wait is longer, in milliseconds. */
  readonly longest: number;
  readonly attempts: number;
}

/** 5 s, 15 s, 45 s, 135 s, 405 s: somebody waits for the check run, so it is given up after about ten minutes. */
export const DEFAULT_BACKOFF: Backoff = { first: 5_000, factor: 3, longest: 30 * 60_000, attempts: 6 };

/**
 * How long to wait after the attempt number `attempt` (from 1) failed, in milliseconds: exponential, and between half
 * and all of it at random, so that jobs that failed together do not come back together.
 */
export function waitAfter(attempt: number, backoff: Backoff, random: () => number): number {
  const full = Math.min(backoff.longest, backoff.first * backoff.factor ** (attempt - 1));
  return Math.round(full * (0.5 + random() / 2));
}
