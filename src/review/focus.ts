/** What of the changed files is run for its own sake. */
import { roleOf } from '../engine/context/role.ts';
import type { FileRole, Focus, LineRange } from '../engine/project.ts';
import type { ChangedFile, Hunk } from './change.ts';
import type { Side } from './input.ts';

/**
 * Of changed tests only the functions in hunks: nobody calls a test, so what one does cannot make another new. Other
 * files are run as a whole: what a function stores or checks is felt by functions that never mention it.
 *
 * The context of hunks counts, too. It is the same in both versions, and so are the functions that are run in both.
 */
export function focusOf(
  side: Side,
  files: readonly ChangedFile[],
  roles: ReadonlyMap<string, FileRole>,
): Focus {
  const focus = new Map<string, readonly LineRange[]>();
  for (const { path, base, head, hunks } of files) {
    if (base === undefined || head === undefined || hasOddLines(base) || hasOddLines(head)) continue;
    if ((roles.get(path) ?? roleOf(path, head)) === 'test')
      focus.set(
        path,
        hunks.map((hunk) => rangeOf(hunk, side)),
      );
  }
  return focus;
}

/** Lines that end otherwise than those of a diff: their numbers are others. */
function hasOddLines(text: string): boolean {
  return /\r(?!\n)/.test(text);
}

/** The place between two lines, where the side has none, is both of these. */
function rangeOf({ baseStart, baseLines, headStart, headLines }: Hunk, side: Side): LineRange {
  const [from, lines] = side === 'base' ? [baseStart, baseLines] : [headStart, headLines];
  return { from, to: from + Math.max(lines, 2) - 1 };
}
