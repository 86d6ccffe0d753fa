/** REST: pull requests, their files, reviews and review comments. */
import { completeAs } from './description.ts';
import type { Handlers } from './http.ts';
import type { Place, PullRequest, Review, ReviewComment, Side, Thread, User } from './model.ts';
import { hunkAbove, placeError } from './positions.ts';
import { fileJson, pullRequestJson, reviewCommentJson, reviewJson } from './render.ts';
import { patchesOf } from './rest-repositories.ts';
import { type Identity, notFound, Refusal, validationFailed, type World } from './world.ts';

/** Characters of a comment's body. */
export const MAX_BODY = 65_536;

export function actor(identity: Identity): User {
  if (identity.kind === 'app') throw new Refusal(403, 'Resource not accessible by integration');
  return identity.user;
}

export function checkBody(body: string): void {
  if (body.length > MAX_BODY) throw validationFailed(`Body is too long (maximum is ${MAX_BODY} characters)`);
}

export async function addThread(
  world: World,
  pull: PullRequest,
  review: Review,
  place: Place,
  body: string,
): Promise<Thread> {
  const files = await world.diff(pull);
  const patch = files.find((file) => file.path === place.path)?.patch;
  const thread: Thread = {
    id: world.id(),
    place,
    originalCommitId: review.commitId,
    diffHunk: hunkAbove(place, patch),
    comments: [newComment(world, review, body)],
    current:
      place.line === undefined
        ? null
        : { line: place.line, ...(place.startLine === undefined ? {} : { startLine: place.startLine }) },
    isOutdated: false,
    resolvedBy: null,
  };
  pull.threads.push(thread);
  return thread;
}

export function newComment(world: World, review: Review, body: string, replyTo?: number): ReviewComment {
  return {
    id: world.id(),
    review,
    user: review.user,
    body,
    createdAt: world.now(),
    minimizedReason: null,
    ...(replyTo === undefined ? {} : { replyTo }),
  };
}

export function newReview(world: World, pull: PullRequest, user: User, body: string, event: string): Review {
  const state = { APPROVE: 'APPROVED', REQUEST_CHANGES: 'CHANGES_REQUESTED', COMMENT: 'COMMENTED' }[event];
  const review: Review = {
    id: world.id(),
    user,
    body,
    state: (state ?? 'PENDING') as Review['state'],
    commitId: pull.head.sha,
    submittedAt: world.now(),
  };
  pull.reviews.push(review);
  return review;
}

/** Why the place is refused, or null. */
async function refusedPlace(world: World, pull: PullRequest, place: Place): Promise<string | null> {
  const file = (await world.diff(pull)).find((candidate) => candidate.path === place.path);
  if (!file) return 'Path could not be resolved';
  return placeError(place, file.patch);
}

interface CommentBody {
  readonly path: string;
  readonly body: string;
  readonly side?: Side;
  readonly line?: number;
  readonly start_line?: number;
  readonly start_side?: Side;
}

interface ReviewBody {
  readonly commit_id?: string;
  readonly body?: string;
  readonly event?: string;
  readonly comments?: readonly CommentBody[];
}

function placeOf(comment: CommentBody): Place {
  return {
    path: comment.path,
    side: comment.side ?? 'RIGHT',
    ...(comment.line === undefined ? {} : { line: comment.line }),
    ...(comment.start_line === undefined ? {} : { startLine: comment.start_line }),
    ...(comment.start_side === undefined ? {} : { startSide: comment.start_side }),
  };
}

async function checkCommit(pull: PullRequest, sha: string | undefined): Promise<void> {
  if (sha === undefined) return;
  const { git } = pull.repository;
  const base = await git.mergeBase(pull.base.sha, pull.head.sha);
  const commits = await git.commitsBetween(base!, pull.head.sha);
  if (!commits.includes(sha))
    throw validationFailed({ resource: 'PullRequestReview', field: 'commit_id', code: 'invalid' });
}

const find = (world: World, path: { readonly [name: string]: string }) =>
  world.pullRequest(world.repository(path.owner!, path.repo!), Number(path.pull_number));

export const pullHandlers: Handlers = {
  'pulls/list': ({ world, path, query, page }) => {
    const repository = world.repository(path.owner!, path.repo!);
    const state = query.get('state') ?? 'open';
    const head = query.get('head');
    const base = query.get('base');
    const pulls = repository.pulls
      .filter((pull) => state === 'all' || pull.state === state)
      .filter((pull) => !head || head === `${pull.head.repository.owner.login}:${pull.head.branch}`)
      .filter((pull) => !base || base === pull.base.branch);
    const { items, headers } = page(pulls.toReversed());
    return { headers, body: items.map((pull) => pullRequestJson(world, pull)) };
  },

  'pulls/get': async ({ world, path, accept }) => {
    const pull = find(world, path);
    const files = await world.diff(pull);
    if (/\.diff|\.patch/.test(accept)) {
      const { diffFiles, diffLines } = world.limits;
      const lines = files.reduce((sum, file) => sum + file.additions + file.deletions, 0);
      if (files.length > diffFiles || lines > diffLines)
        throw new Refusal(
          406,
          `Sorry, the diff exceeded the maximum number of files (${diffFiles}). Consider using 'List pull requests files' API or locally cloning the repository instead.`,
          { errors: [{ resource: 'PullRequest', field: 'diff', code: 'too_large' }] },
        );
      return {
        text: files.map((file) => `diff --git a/${file.path} b/${file.path}\n${file.patch}\n`).join(''),
      };
    }
    const commits = await pull.repository.git.commitsBetween(await world.mergeBase(pull), pull.head.sha);
    return {
      body: {
        ...pullRequestJson(world, pull),
        commits: commits.length,
        changed_files: files.length,
        additions: files.reduce((sum, file) => sum + file.additions, 0),
        deletions: files.reduce((sum, file) => sum + file.deletions, 0),
        comments: pull.issueComments.length,
        review_comments: pull.threads.reduce((sum, thread) => sum + thread.comments.length, 0),
      },
    };
  },

  'pulls/list-files': async ({ world, path, page }) => {
    const pull = find(world, path);
    const listed = (await world.diff(pull)).slice(0, world.limits.listedFiles);
    const { items, headers } = page(listed);
    const patches = patchesOf(world, items);
    return { headers, body: items.map((file, i) => fileJson(world, pull.repository, file, patches[i])) };
  },

  'pulls/list-reviews': ({ world, path, page }) => {
    const pull = find(world, path);
    const { items, headers } = page(pull.reviews);
    return { headers, body: items.map((review) => reviewJson(world, pull, review)) };
  },

  'pulls/create-review': async ({ world, path, body: given, identity }) => {
    const body = given as ReviewBody;
    const pull = find(world, path);
    const user = actor(identity);
    const event = body.event ?? 'PENDING';
    if (
      event === 'PENDING' &&
      pull.reviews.some((review) => review.user === user && review.state === 'PENDING')
    )
      throw validationFailed('User can only have one pending review per pull request');
    if (event !== 'APPROVE' && event !== 'PENDING' && !body.body && !body.comments?.length)
      throw validationFailed('Body is required for this event');
    await checkCommit(pull, body.commit_id);
    checkBody(body.body ?? '');
    // All or nothing, and GitHub does not say which of the comments it means.
    const errors = new Set<string>();
    for (const comment of body.comments ?? []) {
      checkBody(comment.body);
      const place = placeOf(comment);
      if (place.line === undefined) errors.add('Pull request review comment line must be set');
      const error = await refusedPlace(world, pull, place);
      if (error) errors.add(error);
    }
    if (errors.size) throw new Refusal(422, 'Unprocessable Entity', { errors: [...errors] });
    const review = newReview(world, pull, user, body.body ?? '', event);
    for (const comment of body.comments ?? []) {
      await addThread(world, pull, review, placeOf(comment), comment.body);
    }
    return { body: reviewJson(world, pull, review) };
  },

  'pulls/list-review-comments': ({ world, path, page }) => {
    const pull = find(world, path);
    const all = pull.threads.flatMap((thread) => thread.comments.map((comment) => ({ thread, comment })));
    const { items, headers } = page(all.toSorted((a, b) => a.comment.id - b.comment.id));
    return { headers, body: items.map((item) => reviewCommentJson(world, pull, item.thread, item.comment)) };
  },

  'pulls/create-review-comment': async ({ world, path, body: given, identity }) => {
    const body = given as CommentBody & { readonly commit_id: string; readonly subject_type?: string };
    const pull = find(world, path);
    await checkCommit(pull, body.commit_id);
    checkBody(body.body);
    const place = placeOf(body);
    if (body.subject_type === 'file' && place.line !== undefined)
      throw validationFailed('line must not be set for a comment on a file');
    if (body.subject_type !== 'file' && place.line === undefined) throw validationFailed('line is missing');
    const error = await refusedPlace(world, pull, place);
    if (error)
      throw new Refusal(422, 'Validation Failed', {
        errors: [{ resource: 'PullRequestReviewComment', code: 'custom', message: error }],
      });
    const review = newReview(world, pull, actor(identity), '', 'COMMENT');
    const thread = await addThread(world, pull, review, place, body.body);
    return { status: 201, body: reviewCommentJson(world, pull, thread, thread.comments[0]!) };
  },

  'pulls/create-reply-for-review-comment': ({ world, path, body: given, identity }) => {
    const body = given as { readonly body: string };
    const pull = find(world, path);
    checkBody(body.body);
    const thread = pull.threads.find((candidate) => candidate.comments[0]!.id === Number(path.comment_id));
    if (!thread) throw notFound();
    const review = newReview(world, pull, actor(identity), '', 'COMMENT');
    const comment = newComment(world, review, body.body, thread.comments[0]!.id);
    thread.comments.push(comment);
    return {
      status: 201,
      body: completeAs('pull-request-review-comment', reviewCommentJson(world, pull, thread, comment)),
    };
  },
};
