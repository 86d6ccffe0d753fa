import { diffArrays } from 'diff';
import type { Hunk, HunkLine } from './change.ts';

/** A patch that is not a unified diff of one file. `line` counts the patch's own lines from 1. */
export class PatchError extends Error {
  readonly line: number;

  constructor(line: number, problem: string) {
    super(`Line ${line} of the patch: ${problem}`);
    this.name = 'PatchError';
    this.line = line;
  }
}

const HUNK_HEADER = /^@@ -(\d{1,9})(?:,(\d{1,9}))? \+(\d{1,9})(?:,(\d{1,9}))? @@/;
const BYTE_ORDER_MARK = '\uFEFF';

/**
 * The hunks of a unified diff of one file: GitHub's `patch` field, or the output of `git diff` with its headers.
 * Only `\n` ends a line there, as in git; a `\r` before it is part of the line break, not of the text.
 *
 * @throws {PatchError} where the patch is not well formed or was cut off.
 */
export function parsePatch(patch: string): Hunk[] {
  const lines = patch.split('\n');
  if (lines.at(-1) === '') lines.pop();
  const hunks: Hunk[] = [];
  let at = lines.findIndex((line) => line.startsWith('@@'));
  if (at < 0) {
    if (lines.some((line) => /^[+ -](?!--|\+\+)/.test(line))) throw new PatchError(1, 'no hunk header (@@)');
    return [];
  }
  while (at < lines.length) {
    const { hunk, next } = parseHunk(lines, at);
    const previous = hunks.at(-1);
    if (previous && overlaps(previous, hunk))
      throw new PatchError(at + 1, 'the hunk overlaps the one before');
    hunks.push(hunk);
    at = next;
  }
  return hunks;
}

function parseHunk(lines: readonly string[], headerAt: number): { hunk: Hunk; next: number } {
  const header = HUNK_HEADER.exec(lines[headerAt]!);
  if (!header) throw new PatchError(headerAt + 1, 'expected a hunk header, "@@ -line,count +line,count @@"');
  const baseStart = Number(header[1]);
  const baseLines = Number(header[2] ?? 1);
  const headStart = Number(header[3]);
  const headLines = Number(header[4] ?? 1);
  if ((baseLines > 0 && baseStart === 0) || (headLines > 0 && headStart === 0)) {
    throw new PatchError(headerAt + 1, 'lines count from 1');
  }

  const out: HunkLine[] = [];
  let baseLine = baseStart;
  let headLine = headStart;
  let at = headerAt + 1;
  const unfinished = () => baseLine < baseStart + baseLines || headLine < headStart + headLines;
  for (; at < lines.length && (unfinished() || lines[at]!.startsWith('\\')); at++) {
    const line = lines[at]!;
    // Some tools strip the space that marks an empty context line.
    const mark = line === '' || line === '\r' ? ' ' : line[0];
    if (mark === '\\') continue; // "\ No newline at end of file", in any language
    if (mark === ' ') out.push({ kind: 'context', baseLine, headLine, text: lineText(line, headLine) });
    else if (mark === '-') out.push({ kind: 'removed', baseLine, text: lineText(line, baseLine) });
    else if (mark === '+') out.push({ kind: 'added', headLine, text: lineText(line, headLine) });
    else throw new PatchError(at + 1, 'a line of a hunk begins with a space, "+" or "-"');
    if (mark !== '+') baseLine++;
    if (mark !== '-') headLine++;
    if (baseLine > baseStart + baseLines || headLine > headStart + headLines) {
      throw new PatchError(at + 1, 'the hunk has more lines than its header says');
    }
  }
  if (unfinished()) throw new PatchError(at, 'the hunk has fewer lines than its header says');
  return { hunk: { baseStart, baseLines, headStart, headLines, lines: out }, next: at };
}

/** The text after the mark. Decoded texts have no byte order mark, so the hunk's first line has none either. */
function lineText(marked: string, lineNumber: number): string {
  const text = withoutBreak(marked.slice(1));
  return lineNumber === 1 && text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text;
}

function overlaps(earlier: Hunk, later: Hunk): boolean {
  return (
    sideEnd(earlier.baseStart, earlier.baseLines) > sideBegin(later.baseStart, later.baseLines) ||
    sideEnd(earlier.headStart, earlier.headLines) > sideBegin(later.headStart, later.headLines)
  );
}

/** A side without lines names the line before it: `-3,0` stands between lines 3 and 4. */
const sideBegin = (start: number, count: number) => (count === 0 ? start + 1 : start);
const sideEnd = (start: number, count: number) => sideBegin(start, count) + count;

// ---------------------------------------------------------------- computing a diff

/** Insertions and deletions that the exact diff looks for before it gives up; bounds its time to about a second. */
const MOST_EDITS = 3000;

/**
 * The hunks between two texts, as `git diff` shows them: for where GitHub leaves the patch out. A missing final
 * newline makes the last line differ. The result is a valid diff for any input and does not depend on the clock;
 * for large texts that differ in thousands of lines it may be longer than the shortest one.
 *
 * @param context unchanged lines shown around a change.
 */
export function diffHunks(base: string, head: string, context = 3): Hunk[] {
  const baseLines = splitLines(base);
  const headLines = splitLines(head);
  return groupChanges(changesBetween(baseLines, headLines), baseLines, headLines, context);
}

/** Lines base[baseFrom..baseTo) were replaced by head[headFrom..headTo); indexes from 0. */
interface Change {
  readonly baseFrom: number;
  readonly baseTo: number;
  readonly headFrom: number;
  readonly headTo: number;
}

/** Lines with their line breaks; only `\n` ends one, as in git. */
function splitLines(text: string): string[] {
  const lines = text.split('\n');
  const last = lines.pop()!;
  const whole = lines.map((line) => `${line}\n`);
  return last === '' ? whole : [...whole, last];
}

function withoutBreak(line: string): string {
  return line.replace(/\r?\n$|\r$/, '');
}

function changesBetween(base: readonly string[], head: readonly string[]): Change[] {
  let prefix = 0;
  const shorter = Math.min(base.length, head.length);
  while (prefix < shorter && base[prefix] === head[prefix]) prefix++;
  let suffix = 0;
  while (suffix < shorter - prefix && base.at(-1 - suffix) === head.at(-1 - suffix)) suffix++;
  const range: Change = {
    baseFrom: prefix,
    baseTo: base.length - suffix,
    headFrom: prefix,
    headTo: head.length - suffix,
  };
  return (
    exactChanges(base, head, range, MOST_EDITS) ??
    splitAtUniqueLines(base, head, range).flatMap((part) => exactChanges(base, head, part, 300) ?? [part])
  );
}

/** The shortest diff inside a range, or undefined where it takes more than `mostEdits`. */
function exactChanges(
  base: readonly string[],
  head: readonly string[],
  range: Change,
  mostEdits: number,
): Change[] | undefined {
  if (range.baseFrom === range.baseTo && range.headFrom === range.headTo) return [];
  if (range.baseFrom === range.baseTo || range.headFrom === range.headTo) return [range];
  const runs = diffArrays(
    base.slice(range.baseFrom, range.baseTo),
    head.slice(range.headFrom, range.headTo),
    { maxEditLength: mostEdits },
  );
  if (!runs) return undefined;
  const changes: Change[] = [];
  let { baseFrom, headFrom } = range;
  let baseTo = baseFrom;
  let headTo = headFrom;
  const close = () => {
    if (baseTo > baseFrom || headTo > headFrom) changes.push({ baseFrom, baseTo, headFrom, headTo });
  };
  for (const run of runs) {
    if (run.added) headTo += run.count;
    else if (run.removed) baseTo += run.count;
    else {
      close();
      baseFrom = baseTo += run.count;
      headFrom = headTo += run.count;
    }
  }
  close();
  return changes;
}

/**
 * Cuts a range at lines that occur once on each side and in the same order on both (the idea of patience diff), so
 * that what lies between the cuts can be compared alone.
 */
function splitAtUniqueLines(base: readonly string[], head: readonly string[], range: Change): Change[] {
  const headAtLine = uniqueLines(head, range.headFrom, range.headTo);
  const pairs: { baseAt: number; headAt: number }[] = [];
  for (const [line, baseAt] of uniqueLines(base, range.baseFrom, range.baseTo)) {
    const headAt = headAtLine.get(line);
    if (headAt !== undefined) pairs.push({ baseAt, headAt });
  }
  const parts: Change[] = [];
  let { baseFrom, headFrom } = range;
  for (const { baseAt, headAt } of longestIncreasing(pairs)) {
    parts.push({ baseFrom, baseTo: baseAt, headFrom, headTo: headAt });
    baseFrom = baseAt + 1;
    headFrom = headAt + 1;
  }
  parts.push({ ...range, baseFrom, headFrom });
  return parts.filter((part) => part.baseFrom < part.baseTo || part.headFrom < part.headTo);
}

/** Line → index of the lines that occur exactly once, in order. */
function uniqueLines(lines: readonly string[], from: number, to: number): Map<string, number> {
  const seen = new Map<string, number>();
  const repeated = new Set<string>();
  for (let at = from; at < to; at++) {
    const line = lines[at]!;
    if (seen.has(line)) repeated.add(line);
    else seen.set(line, at);
  }
  for (const line of repeated) seen.delete(line);
  return seen;
}

/** The longest subsequence with rising `headAt`; the pairs come ordered by `baseAt`. Patience sorting. */
function longestIncreasing<Pair extends { readonly headAt: number }>(pairs: readonly Pair[]): Pair[] {
  interface Link {
    readonly pair: Pair;
    readonly before: Link | undefined;
  }
  const piles: Link[] = [];
  for (const pair of pairs) {
    let low = 0;
    let high = piles.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (piles[middle]!.pair.headAt < pair.headAt) low = middle + 1;
      else high = middle;
    }
    piles[low] = { pair, before: piles[low - 1] };
  }
  const out: Pair[] = [];
  for (let link = piles.at(-1); link; link = link.before) out.push(link.pair);
  return out.reverse();
}

/** Puts changes that are close to each other into one hunk and adds the context around them. */
function groupChanges(
  changes: readonly Change[],
  base: readonly string[],
  head: readonly string[],
  context: number,
): Hunk[] {
  const groups: Change[][] = [];
  for (const change of changes) {
    const group = groups.at(-1);
    const previous = group?.at(-1);
    if (group && previous && change.baseFrom - previous.baseTo <= 2 * context) group.push(change);
    else groups.push([change]);
  }
  return groups.map((group) => toHunk(group, base, head, context));
}

function toHunk(
  group: readonly Change[],
  base: readonly string[],
  head: readonly string[],
  context: number,
): Hunk {
  const first = group[0]!;
  const last = group.at(-1)!;
  const before = Math.min(context, first.baseFrom);
  const after = Math.min(context, base.length - last.baseTo);
  const lines: HunkLine[] = [];
  let baseAt = first.baseFrom - before;
  let headAt = first.headFrom - before;
  const baseLines = last.baseTo + after - baseAt;
  const headLines = last.headTo + after - headAt;
  const hunk: Hunk = {
    baseStart: baseLines === 0 ? baseAt : baseAt + 1,
    baseLines,
    headStart: headLines === 0 ? headAt : headAt + 1,
    headLines,
    lines,
  };
  const contextTo = (end: number) => {
    for (; baseAt < end; baseAt++, headAt++) {
      lines.push({
        kind: 'context',
        baseLine: baseAt + 1,
        headLine: headAt + 1,
        text: withoutBreak(head[headAt]!),
      });
    }
  };
  for (const change of group) {
    contextTo(change.baseFrom);
    for (; baseAt < change.baseTo; baseAt++) {
      lines.push({ kind: 'removed', baseLine: baseAt + 1, text: withoutBreak(base[baseAt]!) });
    }
    for (; headAt < change.headTo; headAt++) {
      lines.push({ kind: 'added', headLine: headAt + 1, text: withoutBreak(head[headAt]!) });
    }
  }
  contextTo(last.baseTo + after);
  return hunk;
}
