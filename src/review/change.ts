/** A pull request as every room of the house sees it; github/ and git/ make the same one. */

export interface PullRequest {
  readonly repository: RepositoryName;
  /** 0 for a local change. */
  readonly number: number;
  readonly title: string;
  /** Where the base branch stands: what configuration is read from. */
  readonly base: Revision;
  /** The merge base: the version that `ChangedFile.base` texts come from. */
  readonly mergeBaseSha: string;
  readonly head: Revision;
  readonly draft: boolean;
}

export interface RepositoryName {
  readonly owner: string;
  readonly name: string;
}

export interface Revision {
  readonly sha: string;
  /** The branch, for people. */
  readonly ref: string;
}

export type FileStatus = 'added' | 'modified' | 'removed' | 'renamed' | 'copied';

export interface ChangedFile {
  /** Relative to the repository, with `/`. */
  readonly path: string;
  /** Where it was before a rename or copy; else the same as path. */
  readonly previousPath: string;
  readonly status: FileStatus;
  /** The decoded text at the merge base; absent for an added file, and where `unread` says so. */
  readonly base?: string;
  readonly head?: string;
  readonly hunks: readonly Hunk[];
  /** Why a text is missing that should be there. */
  readonly unread?: Unread;
}

/** Why a file, or one of its sides, is not at hand. */
export interface Unread {
  readonly reason:
    | 'binary'
    | 'too-large'
    | 'symlink'
    | 'submodule'
    | 'undecodable'
    | 'not-python'
    | 'unavailable'
    | 'over-budget';
  readonly detail: string;
}

/** A contiguous part of the diff with its context, as in a unified diff. */
export interface Hunk {
  /** From 1; 0 where the side has no lines. */
  readonly baseStart: number;
  readonly baseLines: number;
  readonly headStart: number;
  readonly headLines: number;
  readonly lines: readonly HunkLine[];
}

/** `baseLine` and `headLine` count from 1 and are absent on the side where the line is not. Text has no line break. */
export type HunkLine =
  | { readonly kind: 'context'; readonly baseLine: number; readonly headLine: number; readonly text: string }
  | { readonly kind: 'removed'; readonly baseLine: number; readonly text: string }
  | { readonly kind: 'added'; readonly headLine: number; readonly text: string };
