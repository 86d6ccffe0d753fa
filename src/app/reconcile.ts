import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import type { Probot } from 'probot';
import { findCheckRun } from '../github/check-runs.ts';
import { redeliverFailed } from '../github/deliveries.ts';
import { listOpenPullRequests } from '../github/find-pull-requests.ts';
import { type Installation, listInstallations, listRepositories } from '../github/installations.ts';
import type { JobQueue } from '../queue/queue.ts';
import { reviewJob } from './tasks.ts';

/** GitHub keeps webhook deliveries for 3 days; what is older is left to people and their `/recheck`. */
const LOOK_BACK = 3 * 24 * 60 * 60_000;
const INTERVAL = 30 * 60_000;
/** Each round looks a little further back than the last one ended: webhooks and reviews take their time. */
const OVERLAP = 60 * 60_000;

export interface ReconcileDependencies {
  readonly probot: Pick<Probot, 'auth'>;
  readonly appId: number;
  readonly queue: JobQueue;
  readonly log: Logger;
}

/**
 * Finds what went past us, at the start and then every half hour: webhooks that failed are asked for again, and open
 * pull requests whose head has no completed check run are reviewed. Returns a function that ends it.
 */
export function startReconciling(dependencies: ReconcileDependencies): () => void {
  const { log } = dependencies;
  let since = new Date(Date.now() - LOOK_BACK);
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  const round = async () => {
    const started = Date.now();
    try {
      const found = await reconcile(dependencies, since);
      since = new Date(started - OVERLAP);
      if (found.redelivered + found.enqueued > 0) log.warn(found, 'Caught up on what was missed');
    } catch (error) {
      if (!stopped) log.error({ err: error }, 'Cannot look for what was missed; trying again later');
    }
    if (!stopped) timer = setTimeout(round, INTERVAL);
  };
  void round();
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}

export async function reconcile(
  dependencies: ReconcileDependencies,
  since: Date,
): Promise<{ readonly redelivered: number; readonly enqueued: number }> {
  const { probot, log } = dependencies;
  const app = await probot.auth();
  const redelivered = await redeliverFailed(app, since.getTime());
  let enqueued = 0;
  for (const installation of await listInstallations(app)) {
    try {
      enqueued += await reconcileInstallation(dependencies, installation, since);
    } catch (error) {
      // One that was just removed, or is rate limited, must not hold up the others.
      log.warn({ err: error, installation: installation.id }, 'Cannot look for missed pull requests');
    }
  }
  return { redelivered, enqueued };
}

/** Pull requests that nothing happened to since the App was installed are not its business. */
async function reconcileInstallation(
  { probot, appId, queue }: ReconcileDependencies,
  { id: installationId, createdAt }: Installation,
  since: Date,
): Promise<number> {
  const client = await probot.auth(installationId);
  let enqueued = 0;
  for (const repository of await listRepositories(client)) {
    const pullRequests = await listOpenPullRequests(
      client,
      repository,
      createdAt > since ? createdAt : since,
    );
    for (const { number, headSha, draft } of pullRequests) {
      if (draft) continue;
      // One that ended without a review counts, too: failing again every half hour helps nobody.
      const checkRun = await findCheckRun(client, repository, headSha, appId);
      if (checkRun?.isCompleted && checkRun.conclusion !== 'cancelled') continue;
      const target = { type: 'pull-request', number } as const;
      const job = reviewJob(`reconcile-${randomUUID()}`, { installationId, ...repository }, target);
      if ((await queue.enqueue(job, { onlyIfIdle: true })) === 'queued') enqueued++;
    }
  }
  return enqueued;
}
