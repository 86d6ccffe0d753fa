import { existsSync } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { looksLikePython } from '../engine/syntax/decode.ts';
import { openRepository } from '../git/repository.ts';
import { GitError } from '../git/run.ts';
import { pythonFilesInWorkTree } from '../git/worktree.ts';
import { visible } from '../report/visible.ts';
import type { Console } from './console.ts';
import { Failure } from './failure.ts';
import { reason } from './output.ts';

/** A tree of Python files, and which of them to scan. */
export interface PythonFiles {
  /** Absolute. */
  readonly root: string;
  /** Every Python file, relative to the root, with `/`: what can be imported. */
  readonly paths: ReadonlySet<string>;
  /** Sorted. */
  readonly targets: readonly string[];
}

/** What tools make or download: no code of the project. */
const SKIPPED = new Set(['node_modules', 'site-packages', '__pycache__', '__pypackages__', 'build', 'dist']);

/**
 * The Python files at some paths, files or directories. In a git repository these are the tracked files and those that
 * are neither tracked nor ignored, and the root is the repository's; elsewhere all below the directory but for hidden
 * and generated directories and virtual environments.
 *
 * @throws {Failure} when a path cannot be read or none has Python files
 */
export async function findPythonFiles(given: readonly string[], console: Console): Promise<PythonFiles> {
  const places = await Promise.all(given.map((path) => placeOf(resolve(console.directory, path))));
  const root = commonDirectory(places.map((place) => (place.isDirectory ? place.path : dirname(place.path))));
  const tracked = await inRepository(root, console);
  const tree = tracked ?? { root, paths: await walk(root, '') };
  const paths = new Set(tree.paths);
  const targets = new Set<string>();
  for (const place of places) {
    const from = relative(tree.root, place.path).split(sep).join('/');
    const found = place.isDirectory ? await below(from, tree) : [from];
    for (const path of found) {
      paths.add(path);
      targets.add(path);
    }
  }
  if (targets.size === 0) {
    throw new Failure(
      `There are no Python files in ${given.map(visible).join(', ')}. Name a directory that has some.`,
    );
  }
  return { root: tree.root, paths, targets: [...targets].sort() };
}

async function placeOf(path: string): Promise<{ path: string; isDirectory: boolean }> {
  try {
    // git names its root without links.
    const real = await realpath(path);
    return { path: real, isDirectory: (await stat(real)).isDirectory() };
  } catch (error) {
    throw new Failure(`${visible(path)} cannot be read: ${reason(error)}. Name a file or a directory.`);
  }
}

function commonDirectory(directories: readonly string[]): string {
  return directories.reduce((common, directory) => {
    let shared = common;
    while (directory !== shared && !directory.startsWith(shared.endsWith(sep) ? shared : shared + sep)) {
      shared = dirname(shared);
    }
    return shared;
  });
}

interface Tree {
  readonly root: string;
  readonly paths: ReadonlySet<string>;
}

async function inRepository(directory: string, console: Console): Promise<Tree | undefined> {
  try {
    const repository = await openRepository(directory, console.environment);
    try {
      if (repository.workTree === undefined) return undefined;
      return { root: repository.workTree, paths: await pythonFilesInWorkTree(repository) };
    } finally {
      repository.close();
    }
  } catch (error) {
    if (error instanceof GitError) return undefined;
    throw error;
  }
}

/** The tree's files in a directory; a directory that git ignores was named on purpose and is walked. */
async function below(directory: string, { root, paths }: Tree): Promise<Iterable<string>> {
  if (directory === '') return paths;
  const inside = [...paths].filter((path) => path.startsWith(`${directory}/`));
  return inside.length > 0 ? inside : walk(root, directory);
}

/** Links are not followed. */
async function walk(root: string, directory: string): Promise<Set<string>> {
  const found = new Set<string>();
  const pending = [directory];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    for (const entry of await entriesOf(join(root, next))) {
      const path = next === '' ? entry.name : `${next}/${entry.name}`;
      if (entry.isFile() && looksLikePython(path, '')) found.add(path);
      if (entry.isDirectory() && !isSkipped(join(root, path), entry.name)) pending.push(path);
    }
  }
  return found;
}

async function entriesOf(directory: string) {
  try {
    return await readdir(directory, { withFileTypes: true });
  } catch (error) {
    // A directory that went away since it was listed has nothing to analyse.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw new Failure(
      `${visible(directory)} cannot be read: ${reason(error)}. Leave it out, or change its permissions.`,
    );
  }
}

function isSkipped(directory: string, name: string): boolean {
  return (
    name.startsWith('.') ||
    name.endsWith('.egg-info') ||
    SKIPPED.has(name) ||
    existsSync(join(directory, 'pyvenv.cfg'))
  );
}
