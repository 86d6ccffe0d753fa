import type { JobContext } from '../queue/queue.ts';
import type { ReviewTask } from './tasks.ts';

/** What a review does to GitHub, and with the rooms behind it, for one pull request or merge group. */
export interface ReviewSteps {
  /** What is to be reviewed, as it is now; undefined when there is nothing any more: closed, merged, deleted. */
  open(): Promise<Subject | undefined>;
  /**
   * The check run of this task on a commit: made in progress, or found where an earlier attempt made it. `done` when
   * that attempt had published everything, or when the commit has been reviewed and the task does not ask for more.
   */
  startCheckRun(headSha: string): Promise<{ readonly id: number; readonly done: boolean }>;
  /** Completes what is in progress of ours on a commit that nobody asks about any more. */
  cancelCheckRun(headSha: string, reason: string): Promise<void>;
  /** Completes the check run of a commit with a plain explanation instead of a review. */
  failCheckRun(headSha: string, error: string): Promise<void>;
  /** Reacts to the `/recheck` comments. */
  answer(reaction: 'rocket' | 'confused'): Promise<void>;
}

export interface Subject {
  readonly headSha: string;
  /** Reads and reviews it. Undefined when it was pushed to meanwhile. */
  review(): Promise<PublishableReview | undefined>;
}

/** A review that is made but not shown yet. */
export interface PublishableReview {
  /**
   * Comments first, the check run last: once that is completed, all is published. Safe to do again after it was cut
   * off. False when the subject was pushed to meanwhile, and nothing was published.
   */
  publish(checkRun: number): Promise<boolean>;
}

/** A pull request that is pushed to while it is reviewed starts over so often before the job counts as failed. */
const STARTS = 4;

/**
 * One review from start to end. It may be killed at any point and run again: what was made before is found again on
 * GitHub by the task's token, or by the heads that are saved before anything is made there.
 */
export async function runReview(
  task: ReviewTask,
  steps: ReviewSteps,
  { signal, save }: Pick<JobContext, 'signal' | 'save'>,
): Promise<void> {
  let heads = task.heads;
  for (let start = 0; start < STARTS; start++) {
    const subject = await steps.open();
    if (!subject) {
      for (const head of heads) await steps.cancelCheckRun(head, 'There is nothing to review any more.');
      return steps.answer('confused');
    }
    const { headSha } = subject;
    const olds = heads.filter((head) => head !== headSha);
    heads = [headSha];
    await save({ ...task, heads: [...olds, headSha] });
    signal.throwIfAborted();
    const checkRun = await steps.startCheckRun(headSha);
    for (const old of olds) await steps.cancelCheckRun(old, 'A newer commit is reviewed instead.');
    if (checkRun.done) return steps.answer('rocket');
    const review = await subject.review();
    signal.throwIfAborted();
    if (await review?.publish(checkRun.id)) return steps.answer('rocket');
  }
  throw new Error('The pull request was pushed to again and again while it was reviewed.');
}

/** A review failed for good: says so where people wait for it. */
export async function reportFailure(task: ReviewTask, steps: ReviewSteps, error: string): Promise<void> {
  for (const head of task.heads) await steps.failCheckRun(head, error);
  await steps.answer('confused');
}
