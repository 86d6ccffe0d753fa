import { constants } from 'node:fs';
import { open, realpath } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import { looksLikePython } from '../engine/syntax/decode.ts';
import { ABSENT, type Side, tooLarge, unreadSide } from './content.ts';
import { MOST_BYTES } from './objects.ts';
import type { Repository } from './repository.ts';
import { GitError, git, splitZero } from './run.ts';

/** As many files as GitHub lists for a pull request. */
const MOST_UNTRACKED = 3000;

/**
 * A file of the work tree. Links are not followed, neither the file itself nor a directory on the way out of the
 * repository, and only regular files are opened.
 */
export async function readWorkTreeFile(repository: Repository, path: string): Promise<Side> {
  const root = await realpath(workTree(repository));
  const full = join(root, path);
  try {
    const directory = await realpath(dirname(full));
    if (directory !== root && !directory.startsWith(root.endsWith(sep) ? root : root + sep)) {
      return unreadSide('symlink', 'its directory is a symbolic link that leads out of the repository');
    }
    // O_NONBLOCK: opening a named pipe would wait for a writer.
    const file = await open(full, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    try {
      const status = await file.stat();
      if (!status.isFile()) return unreadSide('unavailable', 'not a regular file');
      if (status.size > MOST_BYTES) return tooLarge(status.size);
      return { kind: 'file', bytes: await file.readFile() };
    } finally {
      await file.close();
    }
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ENOTDIR') return ABSENT;
    if (code === 'ELOOP' || code === 'EMLINK') return unreadSide('symlink', 'a symbolic link');
    return unreadSide('unavailable', `it could not be read (${code ?? 'unknown error'})`);
  }
}

/** Python files that git does not know yet and does not ignore. */
export async function untrackedPythonFiles(
  repository: Repository,
): Promise<{ files: { path: string; side: Side }[]; limits: string[] }> {
  const output = await git(repository, [
    'ls-files',
    '-z',
    '--others',
    '--exclude-standard',
    '--full-name',
    '--',
  ]);
  const candidates = splitZero(output)
    .filter((path) => looksLikePython(path, '') || isWithoutSuffix(path))
    .sort();
  const files: { path: string; side: Side }[] = [];
  for (const path of candidates.slice(0, MOST_UNTRACKED)) {
    const side = await readWorkTreeFile(repository, path);
    if (looksLikePython(path, side.kind === 'file' ? side.bytes.toString('latin1', 0, 200) : '')) {
      files.push({ path, side });
    }
  }
  const left = candidates.length - MOST_UNTRACKED;
  const limits = left > 0 ? [`${left} untracked files were not read; ${MOST_UNTRACKED} is the limit.`] : [];
  return { files, limits };
}

/** Every Python file of the work tree: tracked, or untracked and not ignored. */
export async function pythonFilesInWorkTree(repository: Repository): Promise<Set<string>> {
  const listed = await git(repository, [
    'ls-files',
    '-z',
    '--cached',
    '--others',
    '--exclude-standard',
    '--full-name',
    '--',
  ]);
  return new Set(splitZero(listed).filter((path) => looksLikePython(path, '')));
}

function workTree(repository: Repository): string {
  if (repository.workTree !== undefined) return repository.workTree;
  throw new GitError(
    'failed',
    'A bare repository has no work tree. Name both versions: --base REF --head REF.',
  );
}

/** A script may have no suffix; a directory that holds another repository ends with `/`. */
function isWithoutSuffix(path: string): boolean {
  return !path.endsWith('/') && !path.slice(path.lastIndexOf('/') + 1).includes('.');
}
