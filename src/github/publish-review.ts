import { fingerprintMarker, fingerprintOf } from '../report/inline-comment.ts';
import type { PullRequest } from '../review/change.ts';
import type { Anchor } from '../review/review.ts';
import { type Client, statusOf } from './client.ts';
import { closeThreads, listOwnThreads } from './review-threads.ts';

/** A comment for the lines of the diff, with the fingerprint of its finding. */
export interface ReviewComment {
  readonly anchor: Anchor;
  /** Markdown, at most 65,536 characters. */
  readonly body: string;
  readonly fingerprint: string;
}

export interface ReviewToPublish {
  readonly comments: readonly ReviewComment[];
  /** Fingerprints of all that was found, shown inline or not: threads of other findings are closed. */
  readonly found: ReadonlySet<string>;
  /** Paths that were not wholly analysed: what was found there before may be there still. */
  readonly unseen: ReadonlySet<string>;
}

export type PublishedReview =
  /** The pull request was pushed to meanwhile; nothing was published. */
  | { readonly outcome: 'superseded'; readonly headSha: string }
  | {
      readonly outcome: 'published';
      readonly posted: readonly ReviewComment[];
      /** Their comments stand since an earlier review. */
      readonly standing: readonly ReviewComment[];
      /** Shown at the file, since GitHub refused their lines. */
      readonly atFile: readonly ReviewComment[];
      /** GitHub takes them nowhere: the summary has to hold them. */
      readonly unplaced: readonly ReviewComment[];
      readonly closedThreads: number;
    };

type Target = Pick<PullRequest, 'repository' | 'number' | 'head'>;

/**
 * Publishes a review's comments, as one review of GitHub's, which notifies once. Comments that stand from an earlier
 * review, or from an attempt that was cut off, are not repeated; with nothing to say nothing is posted.
 *
 * @throws the client's error for everything but refused comments; then some comments may have been posted, and
 *   publishing again goes on from there.
 */
export async function publishReview(
  client: Client,
  pullRequest: Target,
  { comments, found, unseen }: ReviewToPublish,
): Promise<PublishedReview> {
  const { threads, headSha } = await listOwnThreads(client, pullRequest);
  if (headSha !== pullRequest.head.sha) return { outcome: 'superseded', headSha };

  const stands = new Set(
    threads.filter((thread) => !thread.isClosedByUs).map((thread) => thread.fingerprint),
  );
  const fresh = withoutRepetition(comments).filter((comment) => !stands.has(comment.fingerprint));
  const refused = await postReview(client, pullRequest, fresh.map(withMarker));
  const atFile: ReviewComment[] = [];
  const unplaced: ReviewComment[] = [];
  for (const comment of refused) {
    ((await postAtFile(client, pullRequest, comment)) ? atFile : unplaced).push(comment);
  }

  const gone = threads.filter(
    ({ isResolved, isMinimized, fingerprint, path }) =>
      !isResolved && !isMinimized && !found.has(fingerprint) && !unseen.has(path),
  );
  await closeThreads(client, gone);
  const notPosted = new Set(refused.map((comment) => comment.fingerprint));
  return {
    outcome: 'published',
    posted: fresh.filter((comment) => !notPosted.has(comment.fingerprint)),
    standing: comments.filter((comment) => stands.has(comment.fingerprint)),
    atFile,
    unplaced,
    closedThreads: gone.length,
  };
}

function withoutRepetition(comments: readonly ReviewComment[]): ReviewComment[] {
  return [...new Map(comments.map((comment) => [comment.fingerprint, comment])).values()];
}

/** The marker is how the comment is known again; report/ writes it. */
function withMarker(comment: ReviewComment): ReviewComment {
  if (fingerprintOf(comment.body) === comment.fingerprint) return comment;
  return { ...comment, body: `${fingerprintMarker(comment.fingerprint)}\n${comment.body}` };
}

/**
 * Posts comments as one review. GitHub refuses the whole review for one bad comment and does not say which, so a
 * refused one is posted in halves. Returns the comments that are refused by themselves.
 */
async function postReview(
  client: Client,
  target: Target,
  comments: readonly ReviewComment[],
): Promise<ReviewComment[]> {
  if (comments.length === 0) return [];
  try {
    await client.request('POST /repos/{owner}/{repo}/pulls/{pull_number}/reviews', {
      owner: target.repository.owner,
      repo: target.repository.name,
      pull_number: target.number,
      commit_id: target.head.sha,
      event: 'COMMENT',
      comments: comments.map(({ anchor, body }) => ({ path: anchor.path, body, ...lines(anchor) })),
    });
    return [];
  } catch (error) {
    if (statusOf(error) !== 422) throw error;
    if (comments.length === 1) return [...comments];
    const middle = comments.length >> 1;
    return [
      ...(await postReview(client, target, comments.slice(0, middle))),
      ...(await postReview(client, target, comments.slice(middle))),
    ];
  }
}

/** `start_line` must come before `line`, so one line has none (ubuntu/WSL#244). */
function lines({ side, startLine, line }: Anchor) {
  if (startLine === undefined || startLine >= line) return { line, side };
  return { line, side, start_line: startLine, start_side: side };
}

async function postAtFile(client: Client, target: Target, comment: ReviewComment): Promise<boolean> {
  try {
    await client.request('POST /repos/{owner}/{repo}/pulls/{pull_number}/comments', {
      owner: target.repository.owner,
      repo: target.repository.name,
      pull_number: target.number,
      commit_id: target.head.sha,
      path: comment.anchor.path,
      subject_type: 'file',
      body: comment.body,
    });
    return true;
  } catch (error) {
    if (statusOf(error) !== 422) throw error;
    return false;
  }
}
