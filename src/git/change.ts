import type { ChangedFile, FileStatus, PullRequest } from '../review/change.ts';
import { CONFIGURATION_PATH, type ReviewInput } from '../review/input.ts';
import { ABSENT, changedFile, type Side, sideOf } from './content.ts';
import { listTree, mergeBase, type Repository, repositoryName, resolveCommit } from './repository.ts';
import { git, splitZero } from './run.ts';
import { readWorkTreeFile, untrackedPythonFiles } from './worktree.ts';

/** One entry of `git diff --raw`. */
interface RawChange {
  readonly status: string;
  readonly baseMode: string;
  readonly headMode: string;
  readonly baseId: string;
  /** All zeros where the content is in the work tree only. */
  readonly headId: string;
  readonly path: string;
  readonly previousPath: string;
}

const RAW_DIFF = [
  '--raw',
  '-z',
  '-M',
  '--no-abbrev',
  '--no-ext-diff',
  '--no-textconv',
  '--no-color',
  '--no-relative',
  '--ignore-submodules=dirty',
];

/**
 * The change from `base` to `head`, two commits, as a pull request: what head did since the two parted.
 *
 * @throws {GitError} unknown-ref, shallow, no-merge-base, failed
 */
export async function changeBetween(
  repository: Repository,
  base: string,
  head: string,
): Promise<ReviewInput> {
  const [baseSha, headSha] = await Promise.all([
    resolveCommit(repository, base),
    resolveCommit(repository, head),
  ]);
  const mergeBaseSha = await mergeBase(repository, baseSha, headSha);
  const [name, configuration, raw] = await Promise.all([
    repositoryName(repository),
    readFileAt(repository, baseSha, CONFIGURATION_PATH),
    git(repository, ['diff-tree', '-r', ...RAW_DIFF, mergeBaseSha, headSha, '--']).then(parseRaw),
  ]);
  const blobs = await repository.objects.blobs(raw.flatMap(blobIds));
  const files = raw.map((change) =>
    toChangedFile(
      change,
      sideOf(change.baseMode, blobs.get(change.baseId)),
      sideOf(change.headMode, blobs.get(change.headId)),
    ),
  );
  const pullRequest: PullRequest = {
    repository: name,
    number: 0,
    title: `${head} against ${base}`,
    base: { sha: baseSha, ref: base },
    mergeBaseSha,
    head: { sha: headSha, ref: head },
    draft: false,
  };
  return finish(pullRequest, files, [], configuration, (path) => readFileAt(repository, headSha, path));
}

/**
 * The change from the merge base of `base` and HEAD to the work tree: commits, staged, unstaged and untracked Python
 * files. A file whose lines end with CRLF in the work tree only is compared as if they ended with LF.
 *
 * @throws {GitError} unknown-ref, shallow, no-merge-base, failed (in a bare repository)
 */
export async function workTreeChange(repository: Repository, base: string): Promise<ReviewInput> {
  const [baseSha, headSha] = await Promise.all([
    resolveCommit(repository, base),
    resolveCommit(repository, 'HEAD'),
  ]);
  const mergeBaseSha = await mergeBase(repository, baseSha, headSha);
  const raw = parseRaw(await git(repository, ['diff', ...RAW_DIFF, mergeBaseSha, '--']));
  const blobs = await repository.objects.blobs(raw.flatMap(blobIds));
  const tracked = raw.map(async (change) => {
    const baseSide = sideOf(change.baseMode, blobs.get(change.baseId));
    const isFile = change.headMode.startsWith('100');
    const headSide =
      isFile && isZero(change.headId)
        ? await readWorkTreeFile(repository, change.path)
        : sideOf(change.headMode, blobs.get(change.headId));
    return toChangedFile(change, baseSide, withLineBreaksOf(baseSide, headSide));
  });
  const untracked = await untrackedPythonFiles(repository);
  const added = untracked.files.map(({ path, side }) => changedFile(path, path, 'added', ABSENT, side));
  const pullRequest: PullRequest = {
    repository: await repositoryName(repository),
    number: 0,
    title: `Work tree against ${base}`,
    base: { sha: baseSha, ref: base },
    mergeBaseSha,
    head: { sha: headSha, ref: 'work tree' },
    draft: false,
  };
  const files = [...(await Promise.all(tracked)), ...added];
  const configuration = await readFileAt(repository, baseSha, CONFIGURATION_PATH);
  return finish(pullRequest, files, untracked.limits, configuration, async (path) =>
    sideText(await readWorkTreeFile(repository, path)),
  );
}

async function finish(
  pullRequest: PullRequest,
  files: readonly ChangedFile[],
  limits: readonly string[],
  configuration: string | undefined,
  headText: (path: string) => Promise<string | undefined>,
): Promise<ReviewInput> {
  const isTouched = files.some((file) => [file.path, file.previousPath].includes(CONFIGURATION_PATH));
  return {
    pullRequest,
    files: files.toSorted((a, b) => (a.path < b.path ? -1 : 1)),
    limits,
    configuration: {
      ...(configuration === undefined ? {} : { base: configuration }),
      ...(isTouched ? { head: (await headText(CONFIGURATION_PATH)) ?? null } : {}),
    },
  };
}

/** The text of one file of a commit, read as UTF-8; undefined where there is none. */
export async function readFileAt(
  repository: Repository,
  sha: string,
  path: string,
): Promise<string | undefined> {
  const output = await git(repository, ['ls-tree', '-z', '--full-tree', sha, '--', path]);
  const [mode = '', , id = ''] = splitZero(output)[0]?.split(/[ \t]/) ?? [];
  if (!id) return undefined;
  return sideText(sideOf(mode, (await repository.objects.blobs([id])).get(id)));
}

function sideText(side: Side): string | undefined {
  return side.kind === 'file' ? new TextDecoder().decode(side.bytes) : undefined;
}

function toChangedFile(change: RawChange, base: Side, head: Side): ChangedFile {
  return changedFile(change.path, change.previousPath, statusOf(change), base, head);
}

function statusOf({ status, baseMode, headMode }: RawChange): FileStatus {
  if (status === 'A') return 'added';
  if (status === 'D') return 'removed';
  if (status.startsWith('R')) return 'renamed';
  if (status.startsWith('C')) return 'copied';
  // A type change: a link or submodule that becomes a file has no earlier text.
  return status === 'T' && headMode.startsWith('100') && !baseMode.startsWith('100') ? 'added' : 'modified';
}

/** `:<mode> <mode> <id> <id> <status>` NUL path NUL, and a second path for a rename or copy. */
function parseRaw(output: Buffer): RawChange[] {
  const pieces = splitZero(output);
  const changes = new Map<string, RawChange>();
  for (let at = 0; at < pieces.length; ) {
    const [baseMode = '', headMode = '', baseId = '', headId = '', status = ''] =
      pieces[at]!.slice(1).split(' ');
    const previousPath = pieces[at + 1]!;
    const hasTwoPaths = /^[RC]/.test(status);
    const path = hasTwoPaths ? pieces[at + 2]! : previousPath;
    at += hasTwoPaths ? 3 : 2;
    // An unmerged file comes twice; the entry with modes is the one to read.
    if (status === 'U' && changes.has(path)) continue;
    changes.set(path, { status, baseMode, headMode, baseId, headId, path, previousPath });
  }
  return [...changes.values()];
}

function blobIds({ baseMode, headMode, baseId, headId }: RawChange): string[] {
  const ids: string[] = [];
  if (baseMode.startsWith('100')) ids.push(baseId);
  if (headMode.startsWith('100') && !isZero(headId)) ids.push(headId);
  return ids;
}

function isZero(id: string): boolean {
  return /^0+$/.test(id);
}

/** Git for Windows checks files out with CRLF; that is no change. */
function withLineBreaksOf(base: Side, head: Side): Side {
  if (base.kind !== 'file' || head.kind !== 'file' || base.bytes.includes(13) || !head.bytes.includes(13))
    return head;
  const text = head.bytes.toString('latin1');
  return { kind: 'file', bytes: Buffer.from(text.replaceAll('\r\n', '\n'), 'latin1') };
}

/** Blob ids of the Python files of a commit, by path; links and submodules are not among them. */
export async function pythonFilesAt(repository: Repository, sha: string): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const { path, mode, id } of (await listTree(repository, sha)).values()) {
    if (mode.startsWith('100') && /\.py[iw]?$/i.test(path)) found.set(path, id);
  }
  return found;
}
