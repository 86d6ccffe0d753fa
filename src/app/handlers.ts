import type { Logger } from 'pino';
import type { Probot } from 'probot';
import type { Client } from '../github/client.ts';
import { findPullRequests } from '../github/find-pull-requests.ts';
import { mayCommand } from '../github/permissions.ts';
import { react } from '../github/reactions.ts';
import type { RemoteReview } from '../github/read-pull-request.ts';
import { type Job, type JobContext, type JobHandlers, type JobQueue, RetryLater } from '../queue/queue.ts';
import type { Site } from '../report/links.ts';
import type { Review } from '../review/review.ts';
import { githubSteps } from './github-steps.ts';
import { retryAt } from './retry-at.ts';
import { reportFailure, runReview } from './review-job.ts';
import { type CommandTask, type RerunTask, reviewJob, type Task, taskOf } from './tasks.ts';

export interface HandlerDependencies {
  readonly probot: Pick<Probot, 'auth'>;
  readonly appId: number;
  readonly queue: JobQueue;
  readonly log: Logger;
  readonly site: Site;
  readonly review: (change: RemoteReview, signal: AbortSignal) => Promise<Review>;
}

/** What the queue's workers do. */
export function jobHandlers(dependencies: HandlerDependencies): JobHandlers {
  const { queue, appId, site } = dependencies;

  const stepsOf = (task: Extract<Task, { kind: 'review' }>['payload'], client: Client, signal: AbortSignal) =>
    githubSteps(task, { client, appId, site, review: (change) => dependencies.review(change, signal) });

  const run = async (job: Job, context: JobContext) => {
    const { kind, payload } = taskOf(job);
    const client = await clientFor(dependencies.probot, payload.repository.installationId, context.signal);
    const started = Date.now();
    if (kind === 'review') await runReview(payload, stepsOf(payload, client, context.signal), context);
    else if (kind === 'rerun') await rerun(payload, client, queue, job.id);
    else await command(payload, client, queue, job.id);
    const { owner, name } = payload.repository;
    dependencies.log.info(
      { kind, key: job.key, repository: `${owner}/${name}`, milliseconds: Date.now() - started },
      'Done',
    );
  };

  const onDead = async (job: Job, error: string, { signal }: JobContext) => {
    const { kind, payload } = taskOf(job);
    const client = await clientFor(dependencies.probot, payload.repository.installationId, signal);
    if (kind === 'review') await reportFailure(payload, stepsOf(payload, client, signal), error);
    if (kind === 'command') await react(client, payload.repository, payload.comment, 'confused');
  };

  return {
    run: (job, context) => postponing(run(job, context)),
    onDead: (job, error, context) => postponing(onDead(job, error, context)),
  };
}

/** A client for one installation whose requests end when the job is aborted. */
async function clientFor(
  probot: Pick<Probot, 'auth'>,
  installationId: number,
  signal: AbortSignal,
): Promise<Client> {
  const client = await probot.auth(installationId);
  // Octokit tries again after any reason but a plain AbortError.
  const requests = new AbortController();
  const abort = () => requests.abort();
  if (signal.aborted) abort();
  else signal.addEventListener('abort', abort, { once: true });
  client.hook.before('request', (options) => {
    options.request = { ...options.request, signal: requests.signal };
  });
  return client;
}

/** Turns GitHub's rate limits into a time to come back. */
async function postponing(work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (error) {
    const time = retryAt(error, Date.now());
    if (time === undefined) throw error;
    throw new RetryLater(new Date(time), 'GitHub asks to come back later.', { cause: error });
  }
}

/** "Re-run" was pressed on a commit: its pull requests are reviewed again. */
async function rerun(
  { repository, headSha }: RerunTask,
  client: Client,
  queue: JobQueue,
  jobId: number,
): Promise<void> {
  for (const { number } of await findPullRequests(client, repository, headSha)) {
    const target = { type: 'pull-request', number } as const;
    await queue.enqueue(reviewJob(`job-${jobId}/${number}`, repository, target, { again: true }));
  }
}

/** Somebody wrote `/recheck`. */
async function command(
  { repository, number, comment, login, isAuthor }: CommandTask,
  client: Client,
  queue: JobQueue,
  jobId: number,
): Promise<void> {
  if (!(await mayCommand(client, repository, { login, type: 'User', isAuthor }))) {
    await react(client, repository, comment, '-1');
    return;
  }
  await react(client, repository, comment, 'eyes');
  const target = { type: 'pull-request', number } as const;
  const wishes = { again: true, comments: [comment] };
  await queue.enqueue(reviewJob(`job-${jobId}/${number}`, repository, target, wishes));
}
