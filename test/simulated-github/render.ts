/** What the simulation knows, in the words of GitHub's API. Fields without a fact are filled by `complete`. */
import type { JsonObject } from './description.ts';
import type { CommitFacts, DiffFile } from './git.ts';
import {
  type CheckRun,
  fullName,
  type IssueComment,
  nodeId,
  type PullRequest,
  type Reaction,
  type Repository,
  type Review,
  type ReviewComment,
  type Thread,
  type User,
} from './model.ts';
import type { World } from './world.ts';

export function userJson(world: World, user: User): JsonObject {
  return {
    login: user.login,
    id: user.id,
    node_id: nodeId('U', user.id),
    avatar_url: `${world.url}/avatars/${user.id}`,
    url: `${world.url}/users/${user.login}`,
    html_url: `${world.url}/${user.login}`,
    type: user.type,
    site_admin: false,
  };
}

export function repositoryJson(world: World, repository: Repository): JsonObject {
  const url = `${world.url}/repos/${fullName(repository)}`;
  return {
    id: repository.id,
    node_id: nodeId('R', repository.id),
    name: repository.name,
    full_name: fullName(repository),
    owner: userJson(world, repository.owner),
    private: repository.isPrivate,
    visibility: repository.isPrivate ? 'private' : 'public',
    fork: repository.parent !== undefined,
    default_branch: repository.defaultBranch,
    url,
    html_url: `${world.url}/${fullName(repository)}`,
  };
}

export function pullRequestJson(world: World, pull: PullRequest): JsonObject {
  const base = fullName(pull.repository);
  const { repository: headRepository } = pull.head;
  return {
    id: pull.id,
    node_id: nodeId('PR', pull.id),
    number: pull.number,
    url: `${world.url}/repos/${base}/pulls/${pull.number}`,
    html_url: `${world.url}/${base}/pull/${pull.number}`,
    state: pull.state,
    locked: false,
    title: pull.title,
    user: userJson(world, pull.user),
    body: pull.body,
    created_at: pull.createdAt,
    updated_at: pull.updatedAt,
    author_association: pull.association,
    draft: pull.draft,
    merged: pull.merged,
    base: {
      label: `${pull.repository.owner.login}:${pull.base.branch}`,
      ref: pull.base.branch,
      sha: pull.base.sha,
      user: userJson(world, pull.repository.owner),
      repo: repositoryJson(world, pull.repository),
    },
    head: {
      label: `${headRepository.owner.login}:${pull.head.branch}`,
      ref: pull.head.branch,
      sha: pull.head.sha,
      user: userJson(world, headRepository.owner),
      // A deleted fork leaves nothing behind.
      repo: headRepository.deleted ? null : repositoryJson(world, headRepository),
    },
  };
}

export function fileJson(
  world: World,
  repository: Repository,
  file: DiffFile,
  patch: string | undefined,
): JsonObject {
  const url = `${world.url}/repos/${fullName(repository)}`;
  return {
    sha: file.sha,
    filename: file.path,
    ...(file.previousPath === undefined ? {} : { previous_filename: file.previousPath }),
    status: file.status,
    // A row that lost its patch has zero counts.
    additions: patch === undefined ? 0 : file.additions,
    deletions: patch === undefined ? 0 : file.deletions,
    changes: patch === undefined ? 0 : file.additions + file.deletions,
    blob_url: `${url}/blob/${file.path}`,
    raw_url: `${url}/raw/${file.path}`,
    contents_url: `${url}/contents/${file.path}`,
    ...(patch === undefined ? {} : { patch }),
  };
}

export function commitJson(world: World, repository: Repository, commit: CommitFacts): JsonObject {
  const url = `${world.url}/repos/${fullName(repository)}/commits/${commit.sha}`;
  const person = { name: 'Octo Cat', email: 'octocat@example.com', date: commit.date };
  return {
    sha: commit.sha,
    url,
    commit: { message: commit.message, tree: { sha: commit.tree }, author: person, committer: person },
    parents: commit.parents.map((sha) => ({
      sha,
      url: `${world.url}/repos/${fullName(repository)}/commits/${sha}`,
    })),
  };
}

export function reviewJson(world: World, pull: PullRequest, review: Review): JsonObject {
  return {
    id: review.id,
    node_id: nodeId('PRR', review.id),
    user: userJson(world, review.user),
    body: review.body,
    state: review.state,
    commit_id: review.commitId,
    submitted_at: review.submittedAt,
    author_association: associationOf(pull, review.user),
    html_url: `${world.url}/${fullName(pull.repository)}/pull/${pull.number}#pullrequestreview-${review.id}`,
  };
}

export function reviewCommentJson(
  world: World,
  pull: PullRequest,
  thread: Thread,
  comment: ReviewComment,
): JsonObject {
  const { place } = thread;
  const isFile = place.line === undefined;
  return {
    id: comment.id,
    node_id: nodeId('PRRC', comment.id),
    pull_request_review_id: comment.review.id,
    path: place.path,
    body: comment.body,
    user: userJson(world, comment.user),
    diff_hunk: thread.diffHunk,
    commit_id: thread.isOutdated ? thread.originalCommitId : pull.head.sha,
    original_commit_id: thread.originalCommitId,
    created_at: comment.createdAt,
    updated_at: comment.createdAt,
    author_association: associationOf(pull, comment.user),
    html_url: `${world.url}/${fullName(pull.repository)}/pull/${pull.number}#discussion_r${comment.id}`,
    subject_type: isFile ? 'file' : 'line',
    side: place.side,
    line: isFile ? 1 : (thread.current?.line ?? null),
    original_line: place.line ?? 1,
    start_line: thread.current?.startLine ?? null,
    original_start_line: place.startLine ?? null,
    start_side: place.startLine === undefined ? null : (place.startSide ?? place.side),
    ...(comment.replyTo === undefined ? {} : { in_reply_to_id: comment.replyTo }),
  };
}

export function issueCommentJson(world: World, pull: PullRequest, comment: IssueComment): JsonObject {
  const repository = fullName(pull.repository);
  return {
    id: comment.id,
    node_id: nodeId('IC', comment.id),
    url: `${world.url}/repos/${repository}/issues/comments/${comment.id}`,
    html_url: `${world.url}/${repository}/pull/${pull.number}#issuecomment-${comment.id}`,
    issue_url: `${world.url}/repos/${repository}/issues/${pull.number}`,
    body: comment.body,
    user: userJson(world, comment.user),
    created_at: comment.createdAt,
    updated_at: comment.updatedAt,
    author_association: comment.association,
  };
}

export function reactionJson(world: World, reaction: Reaction): JsonObject {
  return {
    id: reaction.id,
    node_id: nodeId('REA', reaction.id),
    user: userJson(world, reaction.user),
    content: reaction.content,
    created_at: reaction.createdAt,
  };
}

export function checkRunJson(world: World, repository: Repository, run: CheckRun): JsonObject {
  const url = `${world.url}/repos/${fullName(repository)}/check-runs/${run.id}`;
  return {
    id: run.id,
    node_id: nodeId('CR', run.id),
    name: run.name,
    head_sha: run.headSha,
    external_id: run.externalId,
    url,
    html_url: `${world.url}/${fullName(repository)}/runs/${run.id}`,
    details_url: run.detailsUrl,
    status: run.status,
    conclusion: run.conclusion,
    started_at: run.startedAt,
    completed_at: run.completedAt,
    output: {
      title: run.title,
      summary: run.summary,
      text: run.text,
      annotations_count: run.annotations.length,
      annotations_url: `${url}/annotations`,
    },
    check_suite: { id: run.suiteId },
    app: appJson(world),
    pull_requests: repository.pulls
      .filter((pull) => pull.head.sha === run.headSha && pull.head.repository === repository)
      .map((pull) => pullRequestReference(world, pull)),
  };
}

/** The short form inside check runs and suites; GitHub leaves forks' pull requests out of those. */
export function pullRequestReference(world: World, pull: PullRequest): JsonObject {
  const repository = {
    id: pull.repository.id,
    url: `${world.url}/repos/${fullName(pull.repository)}`,
    name: pull.repository.name,
  };
  return {
    id: pull.id,
    number: pull.number,
    url: `${repository.url}/pulls/${pull.number}`,
    head: { ref: pull.head.branch, sha: pull.head.sha, repo: repository },
    base: { ref: pull.base.branch, sha: pull.base.sha, repo: repository },
  };
}

export function appJson(world: World): JsonObject {
  const { app } = world;
  return {
    id: app.id,
    slug: app.slug,
    node_id: nodeId('A', app.id),
    name: app.name,
    owner: userJson(world, app.owner),
    description: null,
    external_url: `${world.url}/apps/${app.slug}`,
    html_url: `${world.url}/apps/${app.slug}`,
    created_at: '2026-01-01T00:00:00Z',
    updated_at: '2026-01-01T00:00:00Z',
    permissions: { ...app.permissions },
    events: [...app.events],
  };
}

export function installationJson(world: World): JsonObject {
  const account = world.repositories[0]?.owner ?? world.app.owner;
  return {
    id: world.installationId,
    account: userJson(world, account),
    app_id: world.app.id,
    app_slug: world.app.slug,
    target_id: account.id,
    target_type: account.type,
    repository_selection: 'all',
    permissions: { ...world.app.permissions },
    events: [...world.app.events],
    access_tokens_url: `${world.url}/app/installations/${world.installationId}/access_tokens`,
    repositories_url: `${world.url}/installation/repositories`,
    html_url: `${world.url}/settings/installations/${world.installationId}`,
    created_at: '2026-01-01T00:00:00Z',
    updated_at: '2026-01-01T00:00:00Z',
  };
}

function associationOf(pull: PullRequest, user: User): string {
  return user === pull.user ? pull.association : 'NONE';
}
