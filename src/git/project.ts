import { spawnSync } from 'node:child_process';
import { closeSync, constants, fstatSync, openSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import type { Project } from '../engine/project.ts';
import { decodePython } from '../engine/syntax/decode.ts';
import { pythonFilesAt } from './change.ts';
import { MOST_BYTES } from './objects.ts';
import type { Repository } from './repository.ts';
import { gitArguments, gitEnvironment } from './run.ts';

/** Texts by blob id, shared between versions: most files are the same in most commits. Undefined: not readable. */
export type BlobTexts = Map<string, string | undefined>;

/**
 * One commit as the engine sees it, for analysis in the same process. A file is read when it is first asked for, by a
 * `git` process of its own (about 4 ms); `prefetch` reads many at once before that.
 */
export async function commitProject(
  repository: Repository,
  sha: string,
  texts: BlobTexts = new Map(),
): Promise<Project & { prefetch(paths: Iterable<string>): Promise<void> }> {
  const ids = await pythonFilesAt(repository, sha);
  return {
    paths: new Set(ids.keys()),
    read(path) {
      const id = ids.get(path);
      if (id === undefined) return undefined;
      if (!texts.has(id)) texts.set(id, decodeOrNothing(readBlob(repository, id)));
      return texts.get(id);
    },
    async prefetch(paths) {
      const missing = [...paths].flatMap((path) => ids.get(path) ?? []).filter((id) => !texts.has(id));
      for (const [id, blob] of await repository.objects.blobs(missing)) {
        texts.set(id, 'bytes' in blob ? decodeOrNothing(blob.bytes) : undefined);
      }
    },
  };
}

/** Files below a directory as the engine sees them; `paths` are relative to `root`. Links are not followed. */
export function directoryProject(root: string, paths: ReadonlySet<string>): Project {
  const realRoot = realpathSync(root);
  const texts = new Map<string, string | undefined>();
  return {
    paths,
    read(path) {
      if (!paths.has(path)) return undefined;
      if (!texts.has(path)) texts.set(path, decodeOrNothing(readInside(realRoot, path)));
      return texts.get(path);
    },
  };
}

function readBlob(repository: Repository, id: string): Buffer | undefined {
  const result = spawnSync('git', gitArguments(repository, ['cat-file', 'blob', id]), {
    env: gitEnvironment(repository.environment),
    maxBuffer: MOST_BYTES,
    windowsHide: true,
  });
  return result.status === 0 ? result.stdout : undefined;
}

function readInside(root: string, path: string): Buffer | undefined {
  try {
    const full = join(root, path);
    const directory = realpathSync(dirname(full));
    if (directory !== root && !directory.startsWith(root.endsWith(sep) ? root : root + sep)) return undefined;
    const file = openSync(full, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    try {
      const status = fstatSync(file);
      return status.isFile() && status.size <= MOST_BYTES ? readFileSync(file) : undefined;
    } finally {
      closeSync(file);
    }
  } catch {
    return undefined;
  }
}

function decodeOrNothing(bytes: Buffer | undefined): string | undefined {
  const decoded = bytes && decodePython(bytes);
  return decoded && 'text' in decoded ? decoded.text : undefined;
}
