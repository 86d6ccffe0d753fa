import { decodePython, looksLikePython } from '../engine/syntax/decode.ts';
import type { ChangedFile, FileStatus, Hunk, Unread } from '../review/change.ts';
import { diffHunks } from '../review/hunks.ts';
import { type Blob, MOST_BYTES } from './objects.ts';

/** What one side of a changed file is. */
export type Side =
  | { readonly kind: 'absent' }
  | { readonly kind: 'file'; readonly bytes: Buffer }
  | { readonly kind: 'unread'; readonly unread: Unread };

export const ABSENT: Side = { kind: 'absent' };

export function unreadSide(reason: Unread['reason'], detail: string): Side {
  return { kind: 'unread', unread: { reason, detail } };
}

/** What a blob holds, by the mode under which a tree names it. */
export function sideOf(mode: string, blob: Blob | undefined): Side {
  if (mode === '000000') return ABSENT;
  if (mode === '120000') return unreadSide('symlink', 'a symbolic link');
  if (mode === '160000') return unreadSide('submodule', 'a submodule: its content is in another repository');
  if (!blob) return unreadSide('unavailable', 'the content is not in this clone');
  if ('tooLarge' in blob) return tooLarge(blob.tooLarge);
  return { kind: 'file', bytes: blob.bytes };
}

export function tooLarge(size: number): Side {
  return unreadSide('too-large', `${size} bytes; at most ${MOST_BYTES} are read`);
}

/** Puts the two sides of a file together: texts and hunks, of Python files only: a catalogue of words can be long. */
export function changedFile(
  path: string,
  previousPath: string,
  status: FileStatus,
  base: Side,
  head: Side,
): ChangedFile {
  const unread = unreadOf(head) ?? unreadOf(base);
  if (!looksLikePython(path, firstLine(head)) && !looksLikePython(previousPath, firstLine(base))) {
    const reason = unread ?? { reason: 'not-python', detail: 'not a Python file' };
    return { path, previousPath, status, hunks: [], unread: reason };
  }
  const common = { path, previousPath, status, hunks: hunksOf(base, head) };
  const baseText = decode(base);
  const headText = decode(head);
  const problem = unread ?? headText.unread ?? baseText.unread;
  return {
    ...common,
    ...(baseText.text === undefined ? {} : { base: baseText.text }),
    ...(headText.text === undefined ? {} : { head: headText.text }),
    ...(problem ? { unread: problem } : {}),
  };
}

function unreadOf(side: Side): Unread | undefined {
  return side.kind === 'unread' ? side.unread : undefined;
}

function decode(side: Side): { text?: string; unread?: Unread } {
  if (side.kind !== 'file') return {};
  const decoded = decodePython(side.bytes);
  return 'text' in decoded
    ? { text: decoded.text }
    : { unread: { reason: decoded.problem, detail: decoded.detail } };
}

function firstLine(side: Side): string {
  if (side.kind !== 'file') return '';
  const end = side.bytes.indexOf(10);
  return side.bytes
    .toString('latin1', 0, Math.min(end < 0 ? side.bytes.length : end, 200))
    .replace(/\r$/, '');
}

/** Files that git would call binary have none: a NUL among the first 8000 bytes. */
function hunksOf(base: Side, head: Side): Hunk[] {
  if (base.kind === 'unread' || head.kind === 'unread') return [];
  const texts = [base, head].map((side) => (side.kind === 'file' ? side.bytes : Buffer.alloc(0)));
  if (texts.some((bytes) => bytes.subarray(0, 8000).includes(0))) return [];
  const [baseText, headText] = texts.map(hunkText);
  return diffHunks(baseText!, headText!);
}

/** The same lines as the engine sees them; where the bytes are in no known encoding, one character for each byte. */
function hunkText(bytes: Buffer): string {
  const decoded = decodePython(bytes);
  return 'text' in decoded ? decoded.text : bytes.toString('latin1');
}
