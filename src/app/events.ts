import type { EmitterWebhookEvent } from '@octokit/webhooks';
import type { NewJob } from '../queue/queue.ts';
import { isRecheck } from './commands.ts';
import { commandJob, type InstalledRepository, rerunJob, reviewJob } from './tasks.ts';

/** The webhooks that the app acts on. */
export const EVENTS = [
  'pull_request.opened',
  'pull_request.reopened',
  'pull_request.synchronize',
  'pull_request.ready_for_review',
  'pull_request.edited',
  'check_run.rerequested',
  'check_suite.rerequested',
  'merge_group.checks_requested',
  'issue_comment.created',
] as const;

export type HandledEvent = EmitterWebhookEvent<(typeof EVENTS)[number]>;

/** What a webhook asks for; undefined where that is nothing. Decides from the payload alone, and at once. */
export function jobFor({ id, name, payload }: HandledEvent): NewJob | undefined {
  const repository = installedRepository(payload);
  if (!repository) return undefined;
  switch (name) {
    case 'pull_request': {
      const { pull_request: pullRequest } = payload;
      // A draft is reviewed when it is ready, or on /recheck.
      if (pullRequest.draft || pullRequest.state !== 'open') return undefined;
      // A new title or description changes nothing for a review, a new base branch does.
      if (payload.action === 'edited' && !payload.changes.base) return undefined;
      const target = { type: 'pull-request', number: pullRequest.number } as const;
      return reviewJob(id, repository, target, { again: payload.action === 'edited' });
    }
    // `pull_requests` of these two is empty for forks: the pull request is looked up by its head instead.
    case 'check_run':
      return rerunJob(id, repository, payload.check_run.head_sha);
    case 'check_suite':
      return rerunJob(id, repository, payload.check_suite.head_sha);
    case 'merge_group': {
      const {
        head_sha: headSha,
        head_ref: headRef,
        base_sha: baseSha,
        base_ref: baseRef,
      } = payload.merge_group;
      return reviewJob(id, repository, { type: 'merge-group', headSha, headRef, baseSha, baseRef });
    }
    case 'issue_comment': {
      const { comment, issue, sender } = payload;
      if (!issue.pull_request || issue.state !== 'open' || !isRecheck(comment.body)) return undefined;
      // Never a bot, this one included. A deleted user's comment has no user.
      if (!comment.user || comment.user.type === 'Bot' || sender.type === 'Bot') return undefined;
      return commandJob(id, {
        repository,
        number: issue.number,
        comment: comment.id,
        login: comment.user.login,
        isAuthor: comment.user.id === issue.user?.id,
      });
    }
  }
}

/** Undefined when the webhook is not an installation's, so that there would be no access. */
function installedRepository(payload: HandledEvent['payload']): InstalledRepository | undefined {
  const { repository, installation } = payload;
  if (!repository || !installation) return undefined;
  return {
    installationId: installation.id,
    id: repository.id,
    owner: repository.owner.login,
    name: repository.name,
  };
}
