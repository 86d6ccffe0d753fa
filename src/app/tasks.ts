import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Job, JsonObject, NewJob } from '../queue/queue.ts';

/** The work that the app puts into its queue. Parsed when it comes out: an older version may have put it in. */

const installedRepository = z.object({
  installationId: z.number(),
  /** Stays when the repository is renamed. */
  id: z.number(),
  owner: z.string(),
  name: z.string(),
});
/** A repository, and the installation of the App that gives access to it. */
export type InstalledRepository = z.infer<typeof installedRepository>;

const target = z.discriminatedUnion('type', [
  z.object({ type: z.literal('pull-request'), number: z.number() }),
  /** What a merge queue is about to merge: the combined code of several pull requests. */
  z.object({
    type: z.literal('merge-group'),
    headSha: z.string(),
    headRef: z.string(),
    baseSha: z.string(),
    baseRef: z.string(),
  }),
]);
export type ReviewTarget = z.infer<typeof target>;

const reviewTask = z.object({
  repository: installedRepository,
  target,
  /** Marks the check run as this task's: after a restart it is found again by it. */
  token: z.string(),
  /** Review even where the head has been reviewed. */
  again: z.boolean(),
  /** Comments whose `/recheck` asked for this review, and that get its outcome as a reaction. */
  comments: z.array(z.number()),
  /** Head commits on which a check run of this task, or of one that it superseded, may be in progress. */
  heads: z.array(z.string()),
});
/** Review a pull request as it then is. */
export type ReviewTask = z.infer<typeof reviewTask>;

const rerunTask = z.object({ repository: installedRepository, headSha: z.string() });
/** Somebody pressed "Re-run" on a commit: find its pull requests and review them. */
export type RerunTask = z.infer<typeof rerunTask>;

const commandTask = z.object({
  repository: installedRepository,
  number: z.number(),
  comment: z.number(),
  login: z.string(),
  isAuthor: z.boolean(),
});
/** Somebody wrote `/recheck`: see whether they may, and answer. */
export type CommandTask = z.infer<typeof commandTask>;

const task = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('review'), payload: reviewTask }),
  z.object({ kind: z.literal('rerun'), payload: rerunTask }),
  z.object({ kind: z.literal('command'), payload: commandTask }),
]);
export type Task = z.infer<typeof task>;

/** The task of a job. Throws when it is none that this version knows. */
export function taskOf(job: Pick<Job, 'kind' | 'payload'>): Task {
  return task.parse({ kind: job.kind, payload: job.payload });
}

export interface ReviewWishes {
  readonly again?: boolean;
  readonly comments?: readonly number[];
}

export function reviewJob(
  deliveryId: string,
  repository: InstalledRepository,
  target: ReviewTarget,
  { again = false, comments = [] }: ReviewWishes = {},
): NewJob {
  const subject = target.type === 'pull-request' ? `pull/${target.number}` : `merge-group/${target.headSha}`;
  const payload: ReviewTask = {
    repository,
    target,
    token: randomUUID(),
    again,
    comments: [...comments],
    heads: [],
  };
  return { kind: 'review', key: key(repository, subject), deliveryId, payload };
}

export function rerunJob(deliveryId: string, repository: InstalledRepository, headSha: string): NewJob {
  const payload: RerunTask = { repository, headSha };
  return { kind: 'rerun', key: key(repository, `commit/${headSha}`), deliveryId, payload };
}

export function commandJob(deliveryId: string, task: CommandTask): NewJob {
  return { kind: 'command', key: key(task.repository, `comment/${task.comment}`), deliveryId, payload: task };
}

/** The newer review answers for the older one: its comments, and its check runs that are still in progress. */
export function mergeTasks(older: JsonObject, newer: JsonObject): JsonObject {
  const [before, after] = [reviewTask.safeParse(older), reviewTask.safeParse(newer)];
  if (!before.success || !after.success) return newer;
  return {
    ...after.data,
    again: before.data.again || after.data.again,
    comments: [...new Set([...before.data.comments, ...after.data.comments])],
    heads: [...new Set([...before.data.heads, ...after.data.heads])],
  };
}

function key({ installationId, id }: InstalledRepository, subject: string): string {
  return `${installationId}/${id}/${subject}`;
}
