/** Where comments may stand on a diff, and where they go when the code moves. */
import type { Place, Side } from './model.ts';

interface DiffLine {
  readonly LEFT?: number;
  readonly RIGHT?: number;
  /** Which `@@` it is under, from 0. */
  readonly hunk: number;
  readonly text: string;
}

export function diffLines(patch: string): DiffLine[] {
  const lines: DiffLine[] = [];
  let hunk = -1;
  let left = 0;
  let right = 0;
  for (const text of patch.split('\n')) {
    const header = /^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@/.exec(text);
    if (header) {
      hunk++;
      left = Number(header[1]);
      right = Number(header[2]);
    } else if (text.startsWith('+')) lines.push({ RIGHT: right++, hunk, text });
    else if (text.startsWith('-')) lines.push({ LEFT: left++, hunk, text });
    else if (!text.startsWith('\\')) lines.push({ LEFT: left++, RIGHT: right++, hunk, text });
  }
  return lines;
}

/** Why GitHub refuses a comment at this place, or null. The wording is GitHub's. */
export function placeError(place: Place, patch: string | undefined): string | null {
  if (place.line === undefined) return null;
  const lines = diffLines(patch ?? '');
  const find = (side: Side, line: number) => lines.findIndex((candidate) => candidate[side] === line);
  const end = find(place.side, place.line);
  if (end < 0) return 'Line could not be resolved';
  if (place.startLine === undefined) return null;
  const start = find(place.startSide ?? place.side, place.startLine);
  if (start < 0) return 'Start line could not be resolved';
  if (start >= end) return 'Start line must precede the end line.';
  if (lines[start]!.hunk !== lines[end]!.hunk) return 'Start line must be part of the same hunk as the line.';
  return null;
}

/** The part of the hunk that GitHub shows above a comment: up to its last line. */
export function hunkAbove(place: Place, patch: string | undefined): string {
  const lines = diffLines(patch ?? '');
  const end = lines.findIndex((line) => line[place.side] === place.line);
  if (end < 0) return '';
  return lines
    .slice(Math.max(0, end - 3), end + 1)
    .map((line) => line.text)
    .join('\n');
}

/**
 * Follows a line through a diff between two versions of a file: undefined when it was changed or removed.
 * The patch is from the version that has the line to the other.
 */
export function followLine(line: number, patch: string | undefined): number | undefined {
  let shift = 0;
  for (const candidate of diffLines(patch ?? '')) {
    if (candidate.LEFT === line) return candidate.RIGHT;
    if (candidate.LEFT !== undefined && candidate.LEFT > line) break;
    if (candidate.LEFT === undefined) shift++;
    else if (candidate.RIGHT === undefined) shift--;
  }
  return line + shift;
}
