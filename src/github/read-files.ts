import type { FileStatus, PullRequest, RepositoryName } from '../review/change.ts';
import { allPages, type Client } from './client.ts';

/** One row of GitHub's list of changed files. */
export interface FileRow {
  readonly path: string;
  readonly previousPath: string;
  readonly status: FileStatus;
  /** The file was a symbolic link or the like, or became one. */
  readonly typeChanged: boolean;
  /** Of the blob at the head; for a removed file of the one that was there. Null where GitHub does not say. */
  readonly sha: string | null;
  /** Absent for binary files, where no line changes, and where GitHub finds it too large. */
  readonly patch?: string;
}

export interface FileList {
  readonly rows: readonly FileRow[];
  /** What is missing, in plain words. */
  readonly limits: readonly string[];
}

/** The most files that GitHub lists of a pull request (https://docs.github.com/rest/pulls/pulls#list-pull-requests-files). */
const MOST_FILES = 3000;
/** The most files of a comparison (https://docs.github.com/rest/commits/commits#compare-two-commits). */
const MOST_COMPARED_FILES = 300;

type DiffEntry = {
  readonly sha: string | null;
  readonly filename: string;
  readonly previous_filename?: string;
  readonly status: string;
  readonly patch?: string;
};

/** The changed files of a pull request, page by page. */
export async function listFiles(
  client: Client,
  { repository, number }: Pick<PullRequest, 'repository' | 'number'>,
  /** What the pull request itself says; a longer list than GitHub gives is told in `limits`. */
  changedFiles: number,
): Promise<FileList> {
  const { items } = await allPages<DiffEntry>(async (page) => {
    const { data } = await client.request('GET /repos/{owner}/{repo}/pulls/{pull_number}/files', {
      owner: repository.owner,
      repo: repository.name,
      pull_number: number,
      per_page: 100,
      page,
    });
    return data;
  }, MOST_FILES / 100);
  return { rows: items.map(toRow), limits: shortfall(items.length, changedFiles) };
}

function shortfall(listed: number, changed: number): string[] {
  if (listed >= changed && listed < MOST_FILES) return [];
  // A list that is exactly full may have been cut: `changed_files` is capped at the same number.
  const total = Math.max(listed, changed);
  return [`GitHub lists at most ${MOST_FILES} changed files: ${listed} of ${total} or more were looked at.`];
}

/** The changed files between two commits that are no pull request, such as a merge group's. */
export async function compareFiles(
  client: Client,
  repository: RepositoryName,
  baseSha: string,
  headSha: string,
): Promise<FileList & { readonly mergeBaseSha: string }> {
  const { data } = await client.request('GET /repos/{owner}/{repo}/compare/{basehead}', {
    owner: repository.owner,
    repo: repository.name,
    basehead: `${baseSha}...${headSha}`,
    per_page: 1,
  });
  const rows = (data.files ?? []).map(toRow);
  const limits =
    rows.length < MOST_COMPARED_FILES
      ? []
      : [`GitHub lists at most ${MOST_COMPARED_FILES} files of a comparison: the others were not looked at.`];
  return { rows, limits, mergeBaseSha: data.merge_base_commit.sha };
}

function toRow(entry: DiffEntry): FileRow {
  const { filename: path, previous_filename: previousPath = path, status, sha, patch } = entry;
  return {
    path,
    previousPath,
    status: isFileStatus(status) ? status : 'modified',
    typeChanged: status === 'changed',
    sha,
    ...(patch === undefined ? {} : { patch }),
  };
}

function isFileStatus(status: string): status is FileStatus {
  return ['added', 'modified', 'removed', 'renamed', 'copied'].includes(status);
}
