import { decodePython, looksLikePython } from '../engine/syntax/decode.ts';
import type { ChangedFile, Hunk, Unread } from '../review/change.ts';
import { diffHunks, PatchError, parsePatch } from '../review/hunks.ts';
import type { BlobContent } from './read-blobs.ts';
import type { FileRow } from './read-files.ts';

/** Both versions of a changed file, as far as they were read; absent: there is none on that side. */
export interface FileSides {
  readonly base?: BlobContent;
  readonly head?: BlobContent;
}

/** Whether the texts of a file are needed: it may be Python on either side. */
export function mayBePython(row: FileRow): boolean {
  return [row.path, row.previousPath].some(
    (path) => looksLikePython(path, '') || !path.slice(path.lastIndexOf('/') + 1).includes('.'),
  );
}

/** Puts a row of the list and the two texts together. */
export function changedFile(row: FileRow, sides: FileSides, mode: string | undefined): ChangedFile {
  const { path, previousPath, status } = row;
  const common = { path, previousPath, status };
  const special = unreadMode(mode);
  if (special) return { ...common, hunks: [], unread: special };
  const isPython =
    looksLikePython(path, firstLine(sides.head)) || looksLikePython(previousPath, firstLine(sides.base));
  if (!isPython) {
    const unread = unreadOf(sides.head) ?? unreadOf(sides.base);
    return {
      ...common,
      hunks: patchHunks(row) ?? [],
      unread: unread ?? { reason: 'not-python', detail: 'not a Python file' },
    };
  }
  const base = decode(sides.base);
  const head = decode(sides.head);
  const unread = head.unread ?? base.unread;
  const hunks = patchHunks(row) ?? (unread ? [] : diffHunks(base.text ?? '', head.text ?? ''));
  return {
    ...common,
    ...(base.text === undefined ? {} : { base: base.text }),
    ...(head.text === undefined ? {} : { head: head.text }),
    hunks,
    ...(unread ? { unread } : {}),
  };
}

/** A symbolic link or a submodule: no text of this repository. */
export function isSpecial(mode: string | undefined): boolean {
  return unreadMode(mode) !== undefined;
}

function unreadMode(mode: string | undefined): Unread | undefined {
  if (mode === '120000') return { reason: 'symlink', detail: 'a symbolic link' };
  if (mode !== '160000') return undefined;
  return { reason: 'submodule', detail: 'a submodule: its content is in another repository' };
}

/** Undefined where GitHub sent no patch, or one that is cut, or one from a link to a file. */
function patchHunks(row: FileRow): Hunk[] | undefined {
  if (row.patch === undefined || row.typeChanged) return undefined;
  try {
    return parsePatch(row.patch);
  } catch (error) {
    if (error instanceof PatchError) return undefined;
    throw error;
  }
}

function decode(side: BlobContent | undefined): { text?: string; unread?: Unread } {
  if (!side) return {};
  if ('absent' in side)
    return { unread: { reason: 'unavailable', detail: 'GitHub does not have this version' } };
  if ('unread' in side) return { unread: side.unread };
  const decoded = decodePython(side.bytes);
  return 'text' in decoded
    ? { text: decoded.text }
    : { unread: { reason: decoded.problem, detail: decoded.detail } };
}

function unreadOf(side: BlobContent | undefined): Unread | undefined {
  return side && 'unread' in side ? side.unread : undefined;
}

function firstLine(side: BlobContent | undefined): string {
  if (!side || !('bytes' in side)) return '';
  const start = side.bytes.toString('latin1', 0, 200);
  return start.split(/\r?\n/, 1)[0]!;
}
