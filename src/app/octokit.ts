import type { Logger } from 'pino';
import { ProbotOctokit } from 'probot';
import { createOnce } from '../github/client.ts';

/** Longer waits are the queue's: a worker that sleeps does not do the other jobs. In seconds. */
const LONGEST_WAIT_IN_PLACE = 15;

type Options = NonNullable<ConstructorParameters<typeof ProbotOctokit>[0]>;

export interface OctokitPolicy {
  /** Paces requests as GitHub asks for, at least a second between writes. Off only against a simulated GitHub. */
  readonly paced: boolean;
}

/**
 * Probot's client with our manners: it waits for a rate limit only briefly, it never repeats a request that may have
 * created something, and it logs no request bodies, since they quote code of the pull request.
 */
export function octokitClass({ paced }: OctokitPolicy): typeof ProbotOctokit {
  const WithManners = ProbotOctokit.plugin(createOnce).defaults((options: Options) => ({
    ...options,
    log: withoutBodies(options.log as Logger | undefined),
    throttle: paced
      ? { ...options.throttle, onRateLimit: waitBriefly, onSecondaryRateLimit: waitBriefly }
      : { enabled: false },
  }));
  return WithManners as unknown as typeof ProbotOctokit;
}

function waitBriefly(retryAfter: number, _options: unknown, _octokit: unknown, retryCount: number): boolean {
  return retryAfter <= LONGEST_WAIT_IN_PLACE && retryCount < 2;
}

function withoutBodies(log: Logger | undefined) {
  if (!log) return undefined;
  const level = (name: 'debug' | 'info' | 'warn' | 'error') => {
    return (...values: unknown[]) => {
      const message = values.find((value) => typeof value === 'string');
      const error = values.find((value) => value instanceof Error);
      if (error) log[name]({ err: error }, message ?? error.message);
      else if (message) log[name](message);
    };
  };
  // `child` is what Probot calls on it before it hands it on.
  return {
    debug: level('debug'),
    info: level('info'),
    warn: level('warn'),
    error: level('error'),
    child: () => withoutBodies(log),
  };
}
