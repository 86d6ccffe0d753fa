/** Where GitHub's answer to a request says so: when to come back. Milliseconds since 1970. */

/** What an answer to a secondary rate limit without a time asks for. */
const SECONDARY_LIMIT_WAIT = 60_000;

interface FailedRequest {
  readonly message: string;
  readonly status?: number;
  /** On an error of REST. */
  readonly response?: { readonly headers?: Headers };
  /** On an error of GraphQL, which answers with status 200. */
  readonly headers?: Headers;
  readonly errors?: GraphqlErrors;
  /** On an error of GraphQL that Octokit's throttling found. */
  readonly data?: { readonly errors?: GraphqlErrors };
}
type GraphqlErrors = readonly { readonly type?: string }[];
type Headers = { readonly [name: string]: string | number | undefined };

/**
 * Undefined when the error is no rate limit.
 * See https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api#exceeding-the-rate-limit
 */
export function retryAt(error: unknown, now: number): number | undefined {
  if (!(error instanceof Error)) return undefined;
  const { status, message, response, headers: graphqlHeaders, errors, data } = error as FailedRequest;
  const headers = response?.headers ?? graphqlHeaders ?? {};
  const isGraphqlLimit = (errors ?? data?.errors)?.some(({ type }) => type === 'RATE_LIMITED') === true;
  const limited = status === 403 || status === 429 || isGraphqlLimit;
  const retryAfter = Number(headers['retry-after']);
  // Also sent with 503.
  if (retryAfter > 0 && (limited || (status ?? 0) >= 500)) return now + retryAfter * 1000;
  if (!limited) return undefined;
  const reset = Number(headers['x-ratelimit-reset']);
  // A second more, since both clocks are in whole seconds.
  if (Number(headers['x-ratelimit-remaining']) === 0 && reset > 0) return Math.max(now, reset * 1000) + 1000;
  const secondary = status === 429 || /secondary rate limit|abuse detection/i.test(message);
  return secondary || isGraphqlLimit ? now + SECONDARY_LIMIT_WAIT : undefined;
}
