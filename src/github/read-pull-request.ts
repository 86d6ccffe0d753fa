import type { ChangedFile, PullRequest, RepositoryName } from '../review/change.ts';
import {
  CONFIGURATION_PATH,
  type ConfigurationTexts,
  type ReviewInput,
  type Sources,
} from '../review/input.ts';
import { changedFile, type FileSides, isSpecial, mayBePython } from './changed-file.ts';
import type { Client } from './client.ts';
import { BLOB_BUDGET, type BlobBudget, type BlobContent, readBlobs } from './read-blobs.ts';
import { compareFiles, type FileList, type FileRow, listFiles } from './read-files.ts';
import type { Tree } from './read-tree.ts';
import { RemoteSources } from './sources.ts';

/** The pull request was pushed to while it was read; what was read does not fit together. Read it again. */
export class ChangedWhileReading extends Error {
  constructor(path: string) {
    super(`The pull request was pushed to while it was read: ${path} is another version than at its head`);
    this.name = 'ChangedWhileReading';
  }
}

/** A change, and a reader of the files around it. */
export interface RemoteReview {
  readonly input: ReviewInput;
  readonly sources: Sources;
}

/** What is known of a pull request before its files are read. */
export interface PullRequestFacts {
  readonly pullRequest: PullRequest;
  readonly state: 'open' | 'closed';
  readonly changedFiles: number;
}

/**
 * The pull request without its files, by two requests.
 *
 * @throws the client's error; status 404 when there is no such pull request.
 */
export async function readPullRequestFacts(
  client: Client,
  repository: RepositoryName,
  number: number,
): Promise<PullRequestFacts> {
  const { owner, name: repo } = repository;
  const { data } = await client.request('GET /repos/{owner}/{repo}/pulls/{pull_number}', {
    owner,
    repo,
    pull_number: number,
  });
  // The second page of a comparison has no files, which are not needed here. The base is compared by name: `base.sha`
  // stays behind when the branch moves on.
  const comparison = await client.request('GET /repos/{owner}/{repo}/compare/{basehead}', {
    owner,
    repo,
    basehead: `${data.state === 'open' ? data.base.ref : data.base.sha}...${data.head.sha}`,
    per_page: 1,
    page: 2,
  });
  return {
    pullRequest: {
      repository,
      number,
      title: data.title,
      base: { sha: comparison.data.base_commit.sha, ref: data.base.ref },
      mergeBaseSha: comparison.data.merge_base_commit.sha,
      head: { sha: data.head.sha, ref: data.head.ref },
      draft: data.draft ?? false,
    },
    state: data.state,
    changedFiles: data.changed_files,
  };
}

/**
 * Everything that a review needs of a pull request. The requests grow by two for each hundred files: a page of the
 * list, and a query for their texts.
 *
 * @throws {ChangedWhileReading}
 */
export async function readPullRequest(
  client: Client,
  facts: PullRequestFacts,
  budget: BlobBudget = BLOB_BUDGET,
): Promise<RemoteReview> {
  const list = await listFiles(client, facts.pullRequest, facts.changedFiles);
  return readChange(client, facts.pullRequest, list, budget);
}

export interface MergeGroup {
  readonly baseSha: string;
  readonly baseRef: string;
  readonly headSha: string;
  readonly headRef: string;
}

/** The same for what a merge queue is about to merge: a change without a number. At most 300 files. */
export async function readMergeGroup(
  client: Client,
  repository: RepositoryName,
  group: MergeGroup,
  budget: BlobBudget = BLOB_BUDGET,
): Promise<RemoteReview> {
  const list = await compareFiles(client, repository, group.baseSha, group.headSha);
  const pullRequest: PullRequest = {
    repository,
    number: 0,
    title: `Merge queue of ${group.baseRef.replace(/^refs\/heads\//, '')}`,
    base: { sha: group.baseSha, ref: group.baseRef },
    mergeBaseSha: list.mergeBaseSha,
    head: { sha: group.headSha, ref: group.headRef },
    draft: false,
  };
  return readChange(client, pullRequest, list, budget);
}

async function readChange(
  client: Client,
  pullRequest: PullRequest,
  { rows, limits }: FileList,
  budget: BlobBudget,
): Promise<RemoteReview> {
  const { repository, base, mergeBaseSha, head } = pullRequest;
  const sources = new RemoteSources(client, repository, { base: mergeBaseSha, head: head.sha });
  const headTree = await sources.tree('head');
  checkSameHead(rows, headTree);
  // Only what a removed or retyped file was is not in the head's tree.
  const needsBaseTree = rows.some((row) => (row.status === 'removed' || row.typeChanged) && mayBePython(row));
  const baseTree = needsBaseTree ? await sources.tree('base') : undefined;

  const plans = rows.map((row) => plan(row, headTree, baseTree, mergeBaseSha, head.sha));
  const configuration = configurationPlan(rows, base.sha, head.sha);
  const expressions = [
    configuration.base,
    configuration.head,
    ...plans.flatMap((one) => [one.base, one.head]),
  ].filter((expression) => expression !== undefined);
  const blobs = await readBlobs(client, repository, expressions, budget);
  const get = (expression: string | undefined) =>
    expression === undefined ? undefined : blobs.get(expression);
  const files = plans.map((one): ChangedFile => {
    const [baseBlob, headBlob] = [get(one.base), get(one.head)];
    const sides: FileSides = {
      ...(baseBlob ? { base: baseBlob } : {}),
      ...(headBlob ? { head: headBlob } : {}),
    };
    return changedFile(one.row, sides, one.mode);
  });
  return {
    sources,
    input: {
      pullRequest,
      files: files.toSorted((a, b) => (a.path < b.path ? -1 : 1)),
      limits: [...limits, ...configurationLimits(get(configuration.base))],
      configuration: configurationTexts(
        get(configuration.base),
        get(configuration.head),
        configuration.touched,
      ),
    },
  };
}

/** The list of files names no commit: only its blobs tell which one it is of. */
function checkSameHead(rows: readonly FileRow[], { entries, truncated }: Tree): void {
  for (const row of rows) {
    const entry = entries.get(row.path);
    if (row.status === 'removed') {
      if (entry) throw new ChangedWhileReading(row.path);
    } else if (entry ? row.sha !== null && row.sha !== entry.sha : !truncated) {
      throw new ChangedWhileReading(row.path);
    }
  }
}

interface Plan {
  readonly row: FileRow;
  /** The mode that decides what the file is. */
  readonly mode: string | undefined;
  readonly base: string | undefined;
  readonly head: string | undefined;
}

/** Which texts of a file to read, as GraphQL expressions. */
function plan(
  row: FileRow,
  headTree: Tree,
  baseTree: Tree | undefined,
  mergeBaseSha: string,
  headSha: string,
): Plan {
  const headMode = headTree.entries.get(row.path)?.mode;
  const baseMode = baseTree?.entries.get(row.previousPath)?.mode;
  const mode = row.status === 'removed' ? baseMode : headMode;
  if (isSpecial(mode) || !mayBePython(row)) return { row, mode, base: undefined, head: undefined };
  const head = row.status === 'removed' ? undefined : `${headSha}:${row.path}`;
  // A link or submodule that becomes a file is a new file.
  if (isSpecial(baseMode)) return { row: { ...row, status: 'added' }, mode, base: undefined, head };
  return {
    row,
    mode,
    base: row.status === 'added' ? undefined : `${mergeBaseSha}:${row.previousPath}`,
    head,
  };
}

function configurationPlan(rows: readonly FileRow[], baseSha: string, headSha: string) {
  const touched = rows.some((row) => [row.path, row.previousPath].includes(CONFIGURATION_PATH));
  return {
    touched,
    base: `${baseSha}:${CONFIGURATION_PATH}`,
    head: touched ? `${headSha}:${CONFIGURATION_PATH}` : undefined,
  };
}

function configurationTexts(
  base: BlobContent | undefined,
  head: BlobContent | undefined,
  touched: boolean,
): ConfigurationTexts {
  return {
    ...(base && 'bytes' in base ? { base: base.bytes.toString() } : {}),
    ...(touched ? { head: head && 'bytes' in head ? head.bytes.toString() : null } : {}),
  };
}

function configurationLimits(base: BlobContent | undefined): string[] {
  if (!base || !('unread' in base)) return [];
  return [`The configuration, ${CONFIGURATION_PATH}, could not be read: ${base.unread.detail}.`];
}
