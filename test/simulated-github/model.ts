/** What the simulated GitHub remembers. */
import type { GitRepository } from './git.ts';

export interface User {
  readonly id: number;
  readonly login: string;
  readonly type: 'User' | 'Bot' | 'Organization';
}

/** As in https://docs.github.com/graphql/reference/enums#commentauthorassociation. */
export type Association =
  | 'OWNER'
  | 'MEMBER'
  | 'COLLABORATOR'
  | 'CONTRIBUTOR'
  | 'FIRST_TIME_CONTRIBUTOR'
  | 'NONE';
export type RoleName = 'admin' | 'maintain' | 'write' | 'triage' | 'read' | 'none';

export interface Repository {
  readonly id: number;
  readonly owner: User;
  readonly name: string;
  readonly isPrivate: boolean;
  readonly defaultBranch: string;
  /** Forks share it with the repository that they come from, as on GitHub. */
  readonly git: GitRepository;
  /** The prefix of this repository's branches in `git`. */
  readonly refs: string;
  readonly parent?: Repository;
  readonly roles: Map<string, RoleName>;
  readonly pulls: PullRequest[];
  readonly checkRuns: CheckRun[];
  nextNumber: number;
  deleted: boolean;
}

export interface PullRequest {
  readonly id: number;
  readonly number: number;
  readonly repository: Repository;
  readonly title: string;
  readonly body: string;
  readonly user: User;
  readonly association: Association;
  readonly head: { readonly repository: Repository; readonly branch: string; sha: string };
  base: { branch: string; sha: string };
  draft: boolean;
  state: 'open' | 'closed';
  merged: boolean;
  updatedAt: string;
  readonly createdAt: string;
  readonly reviews: Review[];
  readonly threads: Thread[];
  readonly issueComments: IssueComment[];
}

export interface Review {
  readonly id: number;
  readonly user: User;
  readonly body: string;
  readonly state: 'PENDING' | 'COMMENTED' | 'APPROVED' | 'CHANGES_REQUESTED';
  /** Moves to the new head when a force push removes the commit, as on GitHub. */
  commitId: string;
  readonly submittedAt: string;
}

export type Side = 'LEFT' | 'RIGHT';

/** The place of a thread: a line, a run of lines, or a whole file. */
export interface Place {
  readonly path: string;
  readonly side: Side;
  readonly line?: number;
  readonly startLine?: number;
  readonly startSide?: Side;
}

export interface Thread {
  readonly id: number;
  readonly place: Place;
  readonly originalCommitId: string;
  readonly diffHunk: string;
  readonly comments: ReviewComment[];
  /** Where the lines are in the present diff; null when outdated. Files are never outdated while in the diff. */
  current: { readonly line: number; readonly startLine?: number } | null;
  isOutdated: boolean;
  resolvedBy: User | null;
}

export interface ReviewComment {
  readonly id: number;
  readonly review: Review;
  readonly user: User;
  readonly body: string;
  readonly createdAt: string;
  readonly replyTo?: number;
  minimizedReason: string | null;
}

export interface IssueComment {
  readonly id: number;
  readonly user: User;
  readonly association: Association;
  body: string;
  readonly createdAt: string;
  updatedAt: string;
  readonly reactions: Reaction[];
  minimizedReason: string | null;
}

export interface Reaction {
  readonly id: number;
  readonly user: User;
  readonly content: string;
  readonly createdAt: string;
}

export interface Annotation {
  readonly path: string;
  readonly start_line: number;
  readonly end_line: number;
  readonly start_column?: number;
  readonly end_column?: number;
  readonly annotation_level: 'notice' | 'warning' | 'failure';
  readonly title?: string;
  readonly message: string;
  readonly raw_details?: string;
}

export interface CheckRun {
  readonly id: number;
  name: string;
  readonly headSha: string;
  readonly suiteId: number;
  externalId: string;
  detailsUrl: string;
  status: 'queued' | 'in_progress' | 'completed';
  conclusion: string | null;
  startedAt: string;
  completedAt: string | null;
  title: string | null;
  summary: string | null;
  text: string | null;
  readonly annotations: Annotation[];
}

/** GraphQL's global ids: opaque to clients, a kind and a number here. */
export function nodeId(kind: string, id: number): string {
  return `${kind}_${Buffer.from(String(id)).toString('base64url')}`;
}

export function numberOf(id: string): number {
  return Number(Buffer.from(id.slice(id.lastIndexOf('_') + 1), 'base64url').toString());
}

export function fullName(repository: Repository): string {
  return `${repository.owner.login}/${repository.name}`;
}

/** The role as the `permission` of GitHub's older API: maintain counts as write, triage as read. */
export function permissionOf(role: RoleName): 'admin' | 'write' | 'read' | 'none' {
  return role === 'maintain' ? 'write' : role === 'triage' ? 'read' : role;
}
