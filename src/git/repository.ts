import { basename, resolve } from 'node:path';
import type { RepositoryName } from '../review/change.ts';
import { ObjectReader } from './objects.ts';
import { type Environment, GitError, type GitPlace, git, splitZero, tryGit } from './run.ts';

/** A repository on this machine. Close it: it keeps a git process running for reading objects. */
export interface Repository extends GitPlace {
  /** Absent for a bare repository. */
  readonly workTree?: string;
  readonly objects: ObjectReader;
  close(): void;
}

/** One entry of a version's tree. */
export interface TreeEntry {
  readonly path: string;
  /** Octal, as git writes it: 100644, 100755, 120000 (symlink), 160000 (submodule). */
  readonly mode: string;
  readonly id: string;
}

/**
 * Opens the repository that holds a directory; it may be bare.
 *
 * @param environment the process's environment; GIT_* in it is ignored.
 * @throws {GitError} not-a-repository, git-missing
 */
export async function openRepository(path: string, environment: Environment): Promise<Repository> {
  const place = { directory: resolve(path), environment };
  const found = await tryGit(place, ['rev-parse', '--is-bare-repository', '--absolute-git-dir']);
  if (found.code !== 0) {
    const reason = /dubious ownership/.test(found.stderr)
      ? ` It belongs to another user: if you trust it, run  git config --global --add safe.directory ${place.directory}`
      : ' Name a repository with --repo PATH.';
    throw new GitError('not-a-repository', `${place.directory} is not in a git repository.${reason}`);
  }
  const [isBare = '', gitDirectory = ''] = lines(found.stdout);
  let workTree: string | undefined;
  if (isBare !== 'true') {
    const top = await tryGit(place, ['rev-parse', '--show-toplevel']);
    if (top.code === 0) workTree = top.stdout.toString().replace(/\r?\n$/, '');
  }
  const settled: GitPlace = { directory: workTree ?? gitDirectory, environment };
  const objects = new ObjectReader(settled);
  return {
    ...settled,
    ...(workTree === undefined ? {} : { workTree }),
    objects,
    close: () => objects.close(),
  };
}

/** The commit that a branch, tag, SHA or expression such as HEAD~2 names. @throws {GitError} unknown-ref, shallow */
export async function resolveCommit(repository: Repository, ref: string): Promise<string> {
  const found = await findCommit(repository, ref);
  if (found) return found;
  if (ref === 'HEAD') throw new GitError('unknown-ref', 'The repository has no commit yet.');
  if (await isShallow(repository)) {
    throw new GitError('shallow', `${shown(ref)} is not in this shallow clone. Run  git fetch --unshallow`);
  }
  const names = await refNames(repository);
  const wanted = ref.split('/').at(-1)!.toLowerCase();
  const alike = names.filter((name) => wanted !== '' && name.toLowerCase().includes(wanted));
  const offered = (alike.length > 0 ? alike : names).slice(0, 8).map(shown);
  throw new GitError(
    'unknown-ref',
    `${shown(ref)} is neither a branch, a tag nor a commit of this repository.` +
      (offered.length > 0 ? ` There are: ${offered.join(', ')}.` : '') +
      ' If it is on the server only, run  git fetch  first.',
  );
}

/**
 * The branch that changes go to, as a name that resolves: what origin says, else the usual names.
 *
 * @throws {GitError} no-default-branch
 */
export async function defaultBranch(repository: Repository): Promise<string> {
  const configured = await tryGit(repository, ['config', '--get', 'init.defaultBranch']);
  const remoteHead = await tryGit(repository, ['symbolic-ref', '--quiet', 'refs/remotes/origin/HEAD']);
  const names = [
    lines(remoteHead.stdout)[0]?.replace(/^refs\/remotes\//, ''),
    ...['main', 'master', lines(configured.stdout)[0]].flatMap((name) =>
      name ? [`origin/${name}`, name] : [],
    ),
  ];
  for (const name of names) {
    if (name && (await findCommit(repository, name))) return name;
  }
  throw new GitError(
    'no-default-branch',
    'The default branch could not be told: there is no origin/HEAD, main or master. Name it with --base REF.',
  );
}

/** Where two commits parted. @throws {GitError} shallow, no-merge-base */
export async function mergeBase(repository: Repository, one: string, other: string): Promise<string> {
  const found = await tryGit(repository, ['merge-base', '--end-of-options', one, other]);
  const sha = lines(found.stdout)[0];
  if (found.code === 0 && sha) return sha;
  if (await isShallow(repository)) {
    throw new GitError(
      'shallow',
      'This is a shallow clone, and the commit where the branches parted is not in it. Run  git fetch --unshallow' +
        '  (in GitHub Actions: fetch-depth: 0).',
    );
  }
  throw new GitError('no-merge-base', 'The two versions have no common history. Name another --base REF.');
}

/** Every file of a commit, by path. */
export async function listTree(repository: Repository, sha: string): Promise<Map<string, TreeEntry>> {
  const output = await git(repository, ['ls-tree', '-r', '-z', '--full-tree', sha]);
  const entries = new Map<string, TreeEntry>();
  for (const line of splitZero(output)) {
    // <mode> SP <type> SP <id> TAB <path>
    const tab = line.indexOf('\t');
    const [mode = '', , id = ''] = line.slice(0, tab).split(' ');
    const path = line.slice(tab + 1);
    entries.set(path, { path, mode, id });
  }
  return entries;
}

/** What the repository is called: from origin's address, else its directory. */
export async function repositoryName(repository: Repository): Promise<RepositoryName> {
  const url = await tryGit(repository, ['config', '--get', 'remote.origin.url']);
  const match = /[:/]([\w.-]+)\/([\w.-]+?)(?:\.git)?\/?$/.exec(lines(url.stdout)[0] ?? '');
  return match
    ? { owner: match[1]!, name: match[2]! }
    : { owner: '', name: basename(repository.directory).replace(/\.git$/, '') };
}

async function findCommit(repository: Repository, ref: string): Promise<string | undefined> {
  if (ref === '' || /[\0\n]/.test(ref)) return undefined;
  const found = await tryGit(repository, [
    'rev-parse',
    '--verify',
    '--quiet',
    '--end-of-options',
    `${ref}^{commit}`,
  ]);
  const sha = lines(found.stdout)[0];
  return found.code === 0 && sha ? sha : undefined;
}

async function isShallow(repository: Repository): Promise<boolean> {
  const answer = await tryGit(repository, ['rev-parse', '--is-shallow-repository']);
  return lines(answer.stdout)[0] === 'true';
}

async function refNames(repository: Repository): Promise<string[]> {
  const output = await tryGit(repository, [
    'for-each-ref',
    '--sort=-committerdate',
    '--count=500',
    '--format=%(refname:short)',
    'refs/heads',
    'refs/remotes',
    'refs/tags',
  ]);
  return lines(output.stdout).filter((name) => name !== 'origin' && !name.endsWith('/HEAD'));
}

function lines(output: Buffer): string[] {
  return output.toString('utf8').split(/\r?\n/).filter(Boolean);
}

/** A name for an error message: quoted, without control characters. */
function shown(name: string): string {
  return JSON.stringify(name.length > 100 ? `${name.slice(0, 99)}…` : name);
}
