import { completeCheckRun, startCheckRun } from '../github/check-runs.ts';
import { type Client, createClient, statusOf } from '../github/client.ts';
import { publishReview } from '../github/publish-review.ts';
import { type PullRequestFacts, readPullRequest, readPullRequestFacts } from '../github/read-pull-request.ts';
import { checkRunReport } from '../report/check-run.ts';
import { GITHUB, type Site } from '../report/links.ts';
import { count } from '../report/markdown.ts';
import { publicationOf, toldInSummary } from '../report/publication.ts';
import { visible } from '../report/visible.ts';
import type { RepositoryName } from '../review/change.ts';
import type { Review } from '../review/review.ts';
import type { Console } from './console.ts';
import { type ExitCode, Failure } from './failure.ts';
import { exitCodeOf } from './output.ts';
import { deliverReview, type ReviewOptions, reviewOnce } from './review.ts';

export interface RemoteOptions extends Pick<ReviewOptions, 'format' | 'output' | 'advisories'> {
  /** OWNER/REPO#N, or the address of the pull request. */
  readonly pr: string;
  readonly publish?: boolean;
}

/** `patchwarden review --pr`: a pull request on GitHub; posted only when asked. @throws {Failure} */
export async function reviewRemote(options: RemoteOptions, console: Console): Promise<ExitCode> {
  const { repository, number } = parsePullRequest(options.pr);
  const { client, site } = connect(console);
  console.progress.show('Reading the pull request…');
  try {
    const facts = await readPullRequestFacts(client, repository, number);
    if (options.publish && facts.state === 'closed') {
      throw new Failure(`${options.pr} is closed. Leave --publish out to see what would be posted.`);
    }
    const { input, sources } = await readPullRequest(client, facts);
    const review = await reviewOnce(input, sources, console);
    await deliverReview(review, input, sources, options, console, site);
    if (options.publish) await publish(client, review, site, facts, console);
    return exitCodeOf(review);
  } catch (error) {
    throw explained(error, options.pr);
  }
}

/** @throws {Failure} */
export function parsePullRequest(given: string): { repository: RepositoryName; number: number } {
  const match =
    /^([\w.-]+)\/([\w.-]+)#(\d{1,9})$/.exec(given) ??
    /^https?:\/\/[^/]+\/([\w.-]+)\/([\w.-]+)\/pull\/(\d{1,9})(?:[/?#].*)?$/.exec(given);
  const number = Number(match?.[3]);
  if (!match || number === 0) {
    throw new Failure(
      `${JSON.stringify(given)} names no pull request. Write OWNER/REPO#NUMBER, for example acme/shop#12`,
    );
  }
  return { repository: { owner: match[1]!, name: match[2]! }, number };
}

function connect({ environment, progress }: Console): { client: Client; site: Site } {
  const token = environment.GITHUB_TOKEN;
  if (!token) {
    throw new Failure(
      'There is no token to read the pull request with. Set GITHUB_TOKEN to one that may read the repository, ' +
        'for example  GITHUB_TOKEN=$(gh auth token)',
    );
  }
  const baseUrl = environment.GITHUB_API_URL?.replace(/\/+$/, '');
  const web = environment.GITHUB_SERVER_URL?.replace(/\/+$/, '') ?? webOf(baseUrl);
  const client = createClient({
    token,
    ...(baseUrl ? { baseUrl } : {}),
    onWait: (message) => progress.show(`${message}…`),
  });
  return { client, site: { ...GITHUB, web } };
}

/** GitHub Enterprise Server has its API below its web address. */
function webOf(apiUrl: string | undefined): string {
  return apiUrl?.endsWith('/api/v3') ? apiUrl.slice(0, -'/api/v3'.length) : GITHUB.web;
}

async function publish(
  client: Client,
  review: Review,
  site: Site,
  { pullRequest }: PullRequestFacts,
  console: Console,
): Promise<void> {
  console.progress.show('Publishing…');
  const published = await publishReview(client, pullRequest, publicationOf(review, site));
  if (published.outcome === 'superseded') {
    throw new Failure(
      'The pull request was pushed to meanwhile, so nothing was published. Run the review again.',
    );
  }
  const unplaced = new Set(published.unplaced.map(({ fingerprint }) => fingerprint));
  const { repository, head } = pullRequest;
  const parts = [
    count(published.posted.length + published.atFile.length, 'new comment'),
    `${published.standing.length} standing`,
    `${published.closedThreads} closed`,
  ];
  try {
    const run = await startCheckRun(client, repository, { headSha: head.sha, externalId: `cli-${head.sha}` });
    await completeCheckRun(client, repository, run, checkRunReport(toldInSummary(review, unplaced), site));
    parts.push('check run completed');
  } catch (error) {
    // Only Apps, and the token of GitHub Actions, may make check runs.
    if (statusOf(error) !== 403) throw error;
    parts.push('no check run: this token may not make one');
  }
  console.note(`Published: ${parts.join(', ')}.`);
}

/** What GitHub's refusals mean to the person who asked. */
function explained(error: unknown, pullRequest: string): unknown {
  switch (statusOf(error)) {
    case 401:
      return new Failure(
        'GitHub does not accept the token in GITHUB_TOKEN. Make a new one, or check GITHUB_API_URL.',
      );
    case 403:
    case 429:
      return new Failure(
        `GitHub refuses: ${visible((error as Error).message)}. The token may lack permissions, or its rate limit is used up.`,
      );
    case 404:
      return new Failure(
        `${visible(pullRequest)} was not found. Check the name; for a private repository the token must be allowed to read it.`,
      );
    default:
      return error;
  }
}
