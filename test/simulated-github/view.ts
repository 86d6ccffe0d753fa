/** What a person sees on a pull request: its checks, its review threads, its comments. */
import type { Annotation, PullRequest, Side, Thread } from './model.ts';

export interface PullRequestView {
  readonly number: number;
  readonly title: string;
  /** Of the head commit; the latest of each name first. */
  readonly checkRuns: readonly {
    readonly id: number;
    readonly name: string;
    readonly status: string;
    readonly conclusion: string | null;
    readonly title: string | null;
    readonly summary: string | null;
    readonly text: string | null;
    readonly annotations: readonly Annotation[];
  }[];
  /** In the order in which they were started. */
  readonly threads: readonly ThreadView[];
  /** The words above review comments; empty ones are not shown. */
  readonly reviews: readonly { readonly author: string; readonly state: string; readonly body: string }[];
  readonly comments: readonly {
    readonly id: number;
    readonly author: string;
    readonly body: string;
    readonly reactions: readonly { readonly content: string; readonly author: string }[];
    readonly minimizedReason: string | null;
  }[];
}

export interface ThreadView {
  readonly path: string;
  readonly side: Side;
  /** Null when the thread is outdated, or stands at the whole file. */
  readonly line: number | null;
  readonly startLine: number | null;
  readonly originalLine: number | null;
  readonly isFile: boolean;
  readonly isOutdated: boolean;
  readonly isResolved: boolean;
  /** The diff down to the line, as GitHub shows it above the comment. */
  readonly diffHunk: string;
  readonly comments: readonly {
    readonly author: string;
    readonly body: string;
    readonly minimizedReason: string | null;
  }[];
  /** For `reply` and `resolveThread`. */
  readonly thread: Thread;
}

export function viewOf(pull: PullRequest): PullRequestView {
  return {
    number: pull.number,
    title: pull.title,
    checkRuns: pull.repository.checkRuns
      .filter((run) => run.headSha === pull.head.sha)
      .toReversed()
      .map(({ id, name, status, conclusion, title, summary, text, annotations }) => ({
        id,
        name,
        status,
        conclusion,
        title,
        summary,
        text,
        annotations: [...annotations],
      })),
    threads: pull.threads.map((thread) => ({
      path: thread.place.path,
      side: thread.place.side,
      line: thread.current?.line ?? null,
      startLine: thread.current?.startLine ?? null,
      originalLine: thread.place.line ?? null,
      isFile: thread.place.line === undefined,
      isOutdated: thread.isOutdated,
      isResolved: thread.resolvedBy !== null,
      diffHunk: thread.diffHunk,
      comments: thread.comments.map((comment) => ({
        author: comment.user.login,
        body: comment.body,
        minimizedReason: comment.minimizedReason,
      })),
      thread,
    })),
    reviews: pull.reviews
      .filter((review) => review.body !== '')
      .map((review) => ({ author: review.user.login, state: review.state, body: review.body })),
    comments: pull.issueComments.map((comment) => ({
      id: comment.id,
      author: comment.user.login,
      body: comment.body,
      reactions: comment.reactions.map((reaction) => ({
        content: reaction.content,
        author: reaction.user.login,
      })),
      minimizedReason: comment.minimizedReason,
    })),
  };
}
