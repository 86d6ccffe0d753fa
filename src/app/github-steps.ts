import { completeCheckRun, findCheckRun, startCheckRun } from '../github/check-runs.ts';
import { type Client, statusOf } from '../github/client.ts';
import { publishReview } from '../github/publish-review.ts';
import { react } from '../github/reactions.ts';
import {
  ChangedWhileReading,
  type PullRequestFacts,
  type RemoteReview,
  readMergeGroup,
  readPullRequest,
  readPullRequestFacts,
} from '../github/read-pull-request.ts';
import { checkRunReport } from '../report/check-run.ts';
import type { Site } from '../report/links.ts';
import { publicationOf, toldInSummary } from '../report/publication.ts';
import type { RepositoryName } from '../review/change.ts';
import type { Review } from '../review/review.ts';
import type { PublishableReview, ReviewSteps, Subject } from './review-job.ts';
import type { ReviewTask } from './tasks.ts';

/** How a commit's check ends that we could not review, and that nobody asks about any more. */
const GAVE_UP = 'timed_out';
const CANCELLED = 'cancelled';

export interface StepsDependencies {
  readonly client: Client;
  readonly appId: number;
  readonly site: Site;
  readonly review: (change: RemoteReview) => Promise<Review>;
}

/** The steps of a review on GitHub itself. */
export function githubSteps(
  task: ReviewTask,
  { client, appId, site, review }: StepsDependencies,
): ReviewSteps {
  const { target } = task;
  const repository = { owner: task.repository.owner, name: task.repository.name };

  const publishable = (made: Review, publishComments: (made: Review) => Promise<Review | undefined>) => ({
    publish: async (checkRun: number) => {
      const published = await publishComments(made);
      if (!published) return false;
      await completeCheckRun(client, repository, { id: checkRun }, checkRunReport(published, site));
      return true;
    },
  });

  const openPullRequest = async (number: number): Promise<Subject | undefined> => {
    const facts = await readFacts(client, repository, number);
    if (facts?.state !== 'open') return undefined;
    return {
      headSha: facts.pullRequest.head.sha,
      review: async (): Promise<PublishableReview | undefined> => {
        const change = await unlessChanged(readPullRequest(client, facts));
        return change && publishable(await review(change), (made) => publishComments(client, made, site));
      },
    };
  };

  return {
    open: async () => {
      if (target.type === 'pull-request') return openPullRequest(target.number);
      return {
        headSha: target.headSha,
        review: async () => {
          const change = await readMergeGroup(client, repository, target);
          // There is nowhere to comment: the summary tells everything.
          return publishable(await review(change), async (made) =>
            toldInSummary(made, publicationOf(made, site).found),
          );
        },
      };
    },

    startCheckRun: async (headSha) => {
      const found = task.again ? undefined : await findCheckRun(client, repository, headSha, appId);
      if (found && isReviewed(found)) return { id: found.id, done: true };
      const run = await startCheckRun(client, repository, { headSha, externalId: task.token, appId });
      return { id: run.id, done: run.isCompleted };
    },

    cancelCheckRun: async (headSha, reason) => {
      const run = await findCheckRun(client, repository, headSha, appId);
      if (!run || run.isCompleted) return;
      const content = { conclusion: CANCELLED, title: 'Not reviewed', summary: reason } as const;
      await completeCheckRun(client, repository, run, content);
    },

    failCheckRun: async (headSha, error) => {
      const run = await findCheckRun(client, repository, headSha, appId);
      if (!run || run.isCompleted) return;
      await completeCheckRun(client, repository, run, failureReport(error));
    },

    answer: async (reaction) => {
      for (const comment of task.comments) await react(client, repository, comment, reaction);
    },
  };
}

/** A check run that tells the outcome of a review, whatever that is. */
export function isReviewed(run: {
  readonly isCompleted: boolean;
  readonly conclusion: string | null;
}): boolean {
  return run.isCompleted && run.conclusion !== CANCELLED && run.conclusion !== GAVE_UP;
}

/** Undefined when there is no such pull request for us any more. */
async function readFacts(
  client: Client,
  repository: RepositoryName,
  number: number,
): Promise<PullRequestFacts | undefined> {
  try {
    return await readPullRequestFacts(client, repository, number);
  } catch (error) {
    // A comparison that is not found means another thing: that failure is to be told.
    if (statusOf(error) === 404 && !isAboutComparison(error)) return undefined;
    throw error;
  }
}

function isAboutComparison(error: unknown): boolean {
  return /\/compare\//.test((error as { request?: { url?: string } }).request?.url ?? '');
}

async function unlessChanged(reading: Promise<RemoteReview>): Promise<RemoteReview | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof ChangedWhileReading) return undefined;
    throw error;
  }
}

/** The review as the summary has to tell it; undefined when the pull request was pushed to meanwhile. */
async function publishComments(client: Client, made: Review, site: Site): Promise<Review | undefined> {
  const published = await publishReview(client, made.pullRequest, publicationOf(made, site));
  if (published.outcome === 'superseded') return undefined;
  return toldInSummary(made, new Set(published.unplaced.map(({ fingerprint }) => fingerprint)));
}

/**
 * `timed_out`: of the conclusions that do not let the code pass a required check, the one that does not accuse it.
 * `neutral` would let it pass, `failure` would say that it has defects.
 */
function failureReport(error: string) {
  return {
    conclusion: GAVE_UP,
    title: 'The review could not be finished',
    summary: [
      'Patchwarden tried several times and gave up. This says nothing about the code: it was not reviewed.',
      `The last error was:\n\n${indented(error)}`,
      'To try again, press **Re-run**, or write a comment whose first line is `/recheck`. ' +
        'When it fails again, the log of the server that runs Patchwarden has the details.',
    ].join('\n\n'),
  } as const;
}

/** As a code block that no text can end. */
function indented(message: string): string {
  return message
    .slice(0, 500)
    .split('\n')
    .map((line) => `    ${line}`)
    .join('\n');
}
