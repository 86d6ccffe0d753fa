import type { Hunk } from './change.ts';
import type { Anchor } from './review.ts';

/**
 * The lines of one side that GitHub accepts a comment on: those of the hunks, context included
 * (https://docs.github.com/rest/pulls/comments#create-a-review-comment-for-a-pull-request).
 */
export function commentableLines(hunks: readonly Hunk[], side: Anchor['side']): Set<number> {
  const lines = new Set<number>();
  for (const hunk of hunks) {
    const from = side === 'RIGHT' ? hunk.headStart : hunk.baseStart;
    const count = side === 'RIGHT' ? hunk.headLines : hunk.baseLines;
    for (let line = from; line < from + count; line++) lines.add(line);
  }
  return lines;
}

/** Whether every line of an anchor lies in one and the same hunk. */
export function isInDiff(hunks: readonly Hunk[], anchor: Anchor): boolean {
  const first = anchor.startLine ?? anchor.line;
  if (first > anchor.line) return false;
  return hunks.some((hunk) => {
    const [from, to] = sideRange(hunk, anchor.side);
    return from <= first && anchor.line <= to;
  });
}

/**
 * The part of the lines first..last that one hunk holds, or undefined where no hunk holds any of them. Of several
 * hunks the one in which most of these lines were changed is taken, then the earlier one.
 */
export function anchorInHunks(
  path: string,
  hunks: readonly Hunk[],
  side: Anchor['side'],
  first: number,
  last: number,
): Anchor | undefined {
  let best: { from: number; to: number; changed: number } | undefined;
  for (const hunk of hunks) {
    const [start, end] = sideRange(hunk, side);
    const from = Math.max(first, start);
    const to = Math.min(last, end);
    if (from > to) continue;
    const changed = changedLines(hunk, side).filter((line) => line >= from && line <= to).length;
    if (!best || changed > best.changed) best = { from, to, changed };
  }
  return best && lineAnchor(path, side, best.from, best.to);
}

/** A changed line, and where it is in the head version: a removed line is just before that line there. */
export interface ChangePoint {
  readonly anchor: Anchor;
  readonly headLine: number;
}

/**
 * The lines of a hunk that stand for its changes: added lines, or, where lines were removed and nothing was put in
 * their place, the removed lines on the left side.
 */
export function changePoints(path: string, hunk: Hunk): ChangePoint[] {
  const points: ChangePoint[] = [];
  let removed: number[] = [];
  let headLine = hunk.headLines === 0 ? hunk.headStart + 1 : hunk.headStart;
  const settle = () => {
    for (const line of removed) points.push({ anchor: { path, side: 'LEFT', line }, headLine });
    removed = [];
  };
  for (const line of hunk.lines) {
    if (line.kind === 'removed') removed.push(line.baseLine);
    else {
      if (line.kind === 'added') removed = [];
      else settle();
      if (line.kind === 'added')
        points.push({ anchor: { path, side: 'RIGHT', line: line.headLine }, headLine });
      headLine = line.headLine + 1;
    }
  }
  settle();
  return points;
}

/** The lines that the hunk added (RIGHT) or removed (LEFT). */
export function changedLines(hunk: Hunk, side: Anchor['side']): number[] {
  return hunk.lines.flatMap((line) => {
    if (side === 'RIGHT') return line.kind === 'added' ? line.headLine : [];
    return line.kind === 'removed' ? line.baseLine : [];
  });
}

/** The first and last line of a side; the last is smaller where the side is empty. */
function sideRange(hunk: Hunk, side: Anchor['side']): [number, number] {
  return side === 'RIGHT'
    ? [hunk.headStart, hunk.headStart + hunk.headLines - 1]
    : [hunk.baseStart, hunk.baseStart + hunk.baseLines - 1];
}

function lineAnchor(path: string, side: Anchor['side'], from: number, to: number): Anchor {
  return from === to ? { path, side, line: to } : { path, side, startLine: from, line: to };
}
