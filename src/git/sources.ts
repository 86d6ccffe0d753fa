import { decodePython } from '../engine/syntax/decode.ts';
import type { Sources, Side as Version } from '../review/input.ts';
import { pythonFilesAt } from './change.ts';
import type { Side } from './content.ts';
import type { Repository } from './repository.ts';
import { GitError, splitZero, tryGit } from './run.ts';
import { pythonFilesInWorkTree, readWorkTreeFile } from './worktree.ts';

/** A version of a local repository, read as needed. */
interface VersionReader {
  paths(): Promise<ReadonlySet<string>>;
  texts(paths: readonly string[]): Promise<ReadonlyMap<string, string>>;
  search(words: readonly string[]): Promise<ReadonlySet<string>>;
}

/**
 * What a review reads beyond the change itself.
 *
 * @param head a commit, or the work tree.
 */
export function localSources(
  repository: Repository,
  base: { readonly sha: string },
  head: { readonly sha: string } | 'work tree',
): Sources {
  const readers: Record<Version, VersionReader> = {
    base: commitReader(repository, base.sha),
    head: head === 'work tree' ? workTreeReader(repository) : commitReader(repository, head.sha),
  };
  return {
    paths: (side) => readers[side].paths(),
    fetchTexts: (side, paths) => readers[side].texts(paths),
    search: (side, words) => readers[side].search(words),
  };
}

function commitReader(repository: Repository, sha: string): VersionReader {
  let listed: Promise<Map<string, string>> | undefined;
  const list = () => {
    listed ??= pythonFilesAt(repository, sha);
    return listed;
  };
  return {
    paths: async () => new Set((await list()).keys()),
    search: (words) => filesWith(repository, words, sha),
    texts: async (paths) => {
      const ids = await list();
      const known = paths.filter((path) => ids.has(path));
      const blobs = await repository.objects.blobs(known.map((path) => ids.get(path)!));
      return textsByPath(
        known.map((path) => {
          const blob = blobs.get(ids.get(path)!);
          return [path, blob && 'bytes' in blob ? blob.bytes : undefined];
        }),
      );
    },
  };
}

function workTreeReader(repository: Repository): VersionReader {
  let listed: Promise<Set<string>> | undefined;
  const list = () => {
    listed ??= pythonFilesInWorkTree(repository);
    return listed;
  };
  return {
    paths: list,
    search: (words) => filesWith(repository, words, undefined),
    texts: async (paths) => {
      const known = await list();
      const sides = paths
        .filter((path) => known.has(path))
        .map(async (path): Promise<[string, Buffer | undefined]> => {
          return [path, bytesOf(await readWorkTreeFile(repository, path))];
        });
      return textsByPath(await Promise.all(sides));
    },
  };
}

/** Python files with one of the words in them, of a commit or of the work tree. */
async function filesWith(
  repository: Repository,
  words: readonly string[],
  sha: string | undefined,
): Promise<ReadonlySet<string>> {
  const found = await tryGit(repository, [
    '--no-literal-pathspecs',
    'grep',
    '--files-with-matches',
    '-z',
    '-I',
    '--word-regexp',
    '--fixed-strings',
    ...words.flatMap((word) => ['-e', word]),
    ...(sha === undefined ? ['--untracked'] : [sha]),
    '--',
    '*.py',
  ]);
  if (found.code > 1) throw new GitError('failed', `git grep failed: ${found.stderr}`);
  const prefix = sha === undefined ? 0 : sha.length + 1;
  return new Set(splitZero(found.stdout).map((path) => path.slice(prefix)));
}

function bytesOf(side: Side): Buffer | undefined {
  return side.kind === 'file' ? side.bytes : undefined;
}

function textsByPath(entries: readonly (readonly [string, Buffer | undefined])[]): Map<string, string> {
  const texts = new Map<string, string>();
  for (const [path, bytes] of entries) {
    const decoded = bytes && decodePython(bytes);
    if (decoded && 'text' in decoded) texts.set(path, decoded.text);
  }
  return texts;
}
