/** GitHub on a bad day: what may go wrong with a request, when a test asks for it. */

export interface RequestFacts {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  /** GitHub's name of the operation, such as `pulls/create-review`; `graphql` for GraphQL. */
  readonly operation: string;
  readonly body: unknown;
}

/** An operation's name, or any question about the request. */
export type Matcher = string | RegExp | ((request: RequestFacts) => boolean);

export type Behaviour =
  /** Answers with this status, and does nothing. */
  | { readonly kind: 'status'; readonly status: number; readonly message?: string }
  /** The primary limit: 403 and `x-ratelimit-remaining: 0`, until `resetSeconds` from now. */
  | { readonly kind: 'primary-rate-limit'; readonly resetSeconds: number }
  /** The secondary limit: 403 or 429, with `retry-after` or, without seconds, the message alone. */
  | {
      readonly kind: 'secondary-rate-limit';
      readonly retryAfterSeconds?: number;
      readonly status?: 403 | 429;
    }
  /** GraphQL's way: status 200, and an error instead of data; its rate limit is `RATE_LIMITED`. */
  | { readonly kind: 'graphql-error'; readonly message: string; readonly type?: string }
  /** Answers properly, but late. */
  | { readonly kind: 'slow'; readonly milliseconds: number }
  /** Closes the connection without an answer: before the work is done, or after, so that a retry meets it done. */
  | { readonly kind: 'dropped'; readonly done: boolean };

export interface Fault {
  readonly matcher: Matcher;
  readonly behaviour: Behaviour;
  left: number;
}

export function matches(matcher: Matcher, request: RequestFacts): boolean {
  if (typeof matcher === 'string') return matcher === request.operation;
  if (matcher instanceof RegExp) return matcher.test(`${request.method} ${request.path}`);
  return matcher(request);
}

export interface RawAnswer {
  readonly status: number;
  readonly headers: { readonly [name: string]: string };
  readonly body: unknown;
}

/** The answer that a behaviour gives instead of the real one, if it does. */
export function refusal(behaviour: Behaviour, nowSeconds: number): RawAnswer | undefined {
  switch (behaviour.kind) {
    case 'status':
      return {
        status: behaviour.status,
        headers: {},
        body: { message: behaviour.message ?? 'Server Error' },
      };
    case 'primary-rate-limit':
      return {
        status: 403,
        headers: {
          'x-ratelimit-limit': '5000',
          'x-ratelimit-remaining': '0',
          'x-ratelimit-reset': String(nowSeconds + behaviour.resetSeconds),
          'x-ratelimit-resource': 'core',
        },
        body: { message: 'API rate limit exceeded for installation ID 1.' },
      };
    case 'secondary-rate-limit':
      return {
        status: behaviour.status ?? 403,
        headers:
          behaviour.retryAfterSeconds === undefined
            ? {}
            : { 'retry-after': String(behaviour.retryAfterSeconds) },
        body: {
          message:
            'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.',
          documentation_url:
            'https://docs.github.com/free-pro-team@latest/rest/overview/rate-limits-for-the-rest-api#about-secondary-rate-limits',
        },
      };
    case 'graphql-error': {
      const { message, type } = behaviour;
      return { status: 200, headers: {}, body: { errors: [{ message, ...(type ? { type } : {}) }] } };
    }
    default:
      return undefined;
  }
}
