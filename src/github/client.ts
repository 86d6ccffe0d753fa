import { retry } from '@octokit/plugin-retry';
import { throttling } from '@octokit/plugin-throttling';
import { Octokit } from '@octokit/rest';

/** What this room needs of an Octokit: the App's, from Probot, or one of `createClient`. */
export type Client = Pick<Octokit, 'request' | 'graphql'>;

export interface ClientOptions {
  readonly token: string;
  /** The REST API, without a slash at the end; GitHub Enterprise Server's ends with `/api/v3`. */
  readonly baseUrl?: string;
  /** Paces requests as GitHub asks for, at least a second between writes. Off only against a simulated GitHub. */
  readonly paced?: boolean;
  /** Told when a rate limit makes us wait, in words. */
  readonly onWait?: (message: string) => void;
}

/** A longer rate limit than this is an error: nobody waits an hour at a terminal. In seconds. */
const LONGEST_WAIT = 120;

/**
 * A POST that failed with a server error may have done its work all the same, so it is not sent again here: whoever
 * tries again looks first at what is there. GraphQL is the exception: its queries read, its mutations may be repeated.
 */
export function createOnce(octokit: Pick<Octokit, 'hook'>): object {
  octokit.hook.before('request', (options) => {
    if (options.method === 'POST' && options.url !== '/graphql') {
      options.request = { ...options.request, retries: 0 };
    }
  });
  return {};
}

const ClientOctokit = Octokit.plugin(retry, throttling, createOnce);

/** A client for the command line, signed in with a token. Throws nothing; a bad token shows with the first request. */
export function createClient({ token, baseUrl, paced = true, onWait }: ClientOptions): Client {
  const wait = (retryAfter: number, request: object, _octokit: unknown, retryCount: number) => {
    if (retryAfter > LONGEST_WAIT || retryCount >= 2) return false;
    const { method, url } = request as { method: string; url: string };
    onWait?.(`GitHub's rate limit is reached; trying ${method} ${url} again in ${retryAfter} seconds`);
    return true;
  };
  return new ClientOctokit({
    auth: token,
    userAgent: 'patchwarden',
    ...(baseUrl === undefined ? {} : { baseUrl }),
    log: { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} },
    // 429 is the throttle's: it waits as long as GitHub says, the retries would come sooner.
    retry: { doNotRetry: [400, 401, 403, 404, 410, 422, 429, 451] },
    throttle: paced ? { onRateLimit: wait, onSecondaryRateLimit: wait } : { enabled: false },
  });
}

/** The HTTP status of a refused request; undefined when the error is something else. */
export function statusOf(error: unknown): number | undefined {
  const status = error instanceof Error ? (error as { status?: unknown }).status : undefined;
  return typeof status === 'number' ? status : undefined;
}

/** One of the errors of a GraphQL answer; `path` begins with the alias of the field that failed. */
export interface GraphqlError {
  readonly type?: string;
  readonly message: string;
  readonly path?: readonly (string | number)[];
}

/** The errors of a GraphQL answer, with the data that came beside them; undefined when the error is something else. */
export function graphqlFailure(
  error: unknown,
): { readonly errors: readonly GraphqlError[]; readonly data: unknown } | undefined {
  if (!(error instanceof Error) || !('errors' in error) || !Array.isArray(error.errors)) return undefined;
  return { errors: error.errors, data: (error as { data?: unknown }).data };
}

/**
 * All pages of a list of REST, at most `mostPages`.
 *
 * @param fetchPage gets the number of a page, from 1, of 100 items.
 * @returns `complete` is false when there were more pages.
 */
export async function allPages<Item>(
  fetchPage: (page: number) => Promise<readonly Item[]>,
  mostPages: number,
): Promise<{ items: Item[]; complete: boolean }> {
  const items: Item[] = [];
  for (let page = 1; page <= mostPages; page++) {
    const found = await fetchPage(page);
    items.push(...found);
    if (found.length < 100) return { items, complete: true };
  }
  return { items, complete: false };
}
