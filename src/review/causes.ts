import type { Finding, Location } from '../engine/finding.ts';
import { plain } from '../engine/finding.ts';
import type { Contract } from '../engine/project.ts';
import { anchorInHunks, changedLines, changePoints } from './anchors.ts';
import type { ChangedFile, Hunk } from './change.ts';
import type { Anchor } from './review.ts';
import { symbolLines } from './symbols.ts';

/** The files of a change with what is asked of them often. */
export class ChangedLines {
  readonly files: ReadonlyMap<string, ChangedFile>;
  private readonly added = new Map<string, ReadonlySet<number>>();

  constructor(files: readonly ChangedFile[]) {
    this.files = new Map(files.map((file) => [file.path, file]));
  }

  hunks(path: string): readonly Hunk[] {
    return this.files.get(path)?.hunks ?? [];
  }

  /** The lines of the head version that the change added or replaced. */
  addedIn(path: string): ReadonlySet<number> {
    let lines = this.added.get(path);
    if (!lines) {
      lines = new Set(this.hunks(path).flatMap((hunk) => changedLines(hunk, 'RIGHT')));
      this.added.set(path, lines);
    }
    return lines;
  }

  /** Whether a place of the head version has a line that the change added. */
  touches(location: Location): boolean {
    const added = this.addedIn(location.path);
    if (added.size === 0) return false;
    for (let line = location.startLine; line <= location.endLine; line++) if (added.has(line)) return true;
    return false;
  }
}

/** The finding's place and the steps that lead to it, the nearest to the consequence first. */
function places(finding: Finding): Location[] {
  return [finding.location, ...finding.trace.map((step) => step.location).reverse()];
}

/**
 * The findings of the head version that the base version does not have. Findings are the same where their
 * fingerprints are, and count: three equal ones before and four after make one new, the one on changed lines. A
 * finding that only lost its fingerprint, because the function around it was renamed, is not new either: same rule,
 * same lines of code in the same file, none of them changed. What was only told quietly does not make a defect known.
 */
export function newFindings(
  base: readonly Finding[],
  head: readonly Finding[],
  changed: ChangedLines,
): Finding[] {
  const certain = new Set(head.flatMap(({ kind, fingerprint }) => (kind === 'defect' ? fingerprint : [])));
  const told = base.filter(
    ({ kind, quiet, fingerprint }) => kind === 'defect' || !quiet || !certain.has(fingerprint),
  );
  const unmatched = remainder(told, head, (finding) => finding.fingerprint, changed);
  const isTouched = (finding: Finding) => places(finding).some((place) => changed.touches(place));
  const vanished = remainder(head, base, (finding) => finding.fingerprint).map((finding) =>
    codeOf(finding, 'base'),
  );
  const untouched = unmatched.filter((finding) => !isTouched(finding));
  const kept = new Set([
    ...unmatched.filter(isTouched),
    ...surplus(vanished, untouched, (finding) => codeOf(finding, 'head')),
  ]);
  return head.filter((finding) => kept.has(finding));

  function codeOf(finding: Finding, side: 'base' | 'head'): string {
    const code = places(finding).map((place) => codeAt(place, side, changed));
    return [finding.ruleId, finding.location.path, ...code].join('\n');
  }
}

/** What `after` has more of than `before`, by key; of equal ones those on changed lines. */
function remainder(
  before: readonly Finding[],
  after: readonly Finding[],
  key: (finding: Finding) => string,
  changed?: ChangedLines,
): Finding[] {
  const isTouched = (finding: Finding) =>
    changed !== undefined && places(finding).some((place) => changed.touches(place));
  const { touched = [], untouched = [] } = Object.groupBy(after, (finding) =>
    isTouched(finding) ? 'touched' : 'untouched',
  );
  return surplus(before.map(key), [...untouched, ...touched], key);
}

/** The items that are left when each key takes away one of its items, the first ones first. */
export function surplus<Item>(
  keys: readonly string[],
  items: readonly Item[],
  key: (item: Item) => string,
): Item[] {
  const left = new Map<string, number>();
  for (const known of keys) left.set(known, (left.get(known) ?? 0) + 1);
  return items.filter((item) => {
    const count = left.get(key(item)) ?? 0;
    left.set(key(item), count - 1);
    return count <= 0;
  });
}

function codeAt(place: Location, side: 'base' | 'head', changed: ChangedLines): string {
  const file = changed.files.get(place.path);
  // What the change does not touch is on the same line in both versions.
  if (!file) return `${place.path}:${place.startLine}`;
  return (file[side] ?? '')
    .split('\n')
    .slice(place.startLine - 1, place.endLine)
    .map((line) => line.trim())
    .join('\n');
}

export interface Cause {
  readonly anchor: Anchor;
  /** The finding's own place is not in the diff. */
  readonly elsewhere: boolean;
}

/**
 * Where a new finding is shown: at its own lines if they are in a hunk; else at the step of its trace that the change
 * touched; else at the hunk that took something away from the function around it; else at the nearest hunk of a file
 * on its way. Undefined where no hunk can have caused it.
 */
export function causeOf(finding: Finding, changed: ChangedLines): Cause | undefined {
  const { location } = finding;
  const own = anchorInHunks(
    location.path,
    changed.hunks(location.path),
    'RIGHT',
    location.startLine,
    location.endLine,
  );
  if (own) return { anchor: own, elsewhere: false };
  for (const place of places(finding)) {
    if (!changed.touches(place)) continue;
    const hunks = changed.hunks(place.path);
    const anchor = anchorInHunks(place.path, hunks, 'RIGHT', place.startLine, place.endLine);
    if (anchor) return { anchor, elsewhere: true };
  }
  const anchor = nearestCause(places(finding), changed);
  return anchor && { anchor, elsewhere: true };
}

/**
 * Where a new finding is shown that lies in unchanged files as a whole: at the changed function that they call. A check
 * that is gone leaves no step in a trace, so functions that the code on the way mentions come first.
 *
 * @param weaker functions that callers can rely on less than before.
 * @param texts of their callers.
 */
export function causeInCallee(
  finding: Finding,
  weaker: readonly Contract[],
  texts: ReadonlyMap<string, string>,
  changed: ChangedLines,
): Cause | undefined {
  const onTheWay = places(finding).map(({ path, startLine }) => {
    const text = texts.get(path) ?? '';
    const { from, to } = symbolLines(text, startLine);
    return text
      .split('\n')
      .slice(from - 1, to)
      .join('\n');
  });
  const isMentioned = ({ symbol }: Contract) =>
    onTheWay.some((code) => code.includes(symbol.slice(symbol.lastIndexOf('.') + 1)));
  const placeOf = ({ path, line }: Contract) => ({ path, startLine: line });
  const anchor =
    nearestCause(weaker.filter(isMentioned).map(placeOf), changed) ??
    nearestCause(weaker.map(placeOf), changed);
  return anchor && { anchor, elsewhere: true };
}

/** Of all changed lines in the files of some places: those in the same function first, then the nearest one. */
function nearestCause(
  around: readonly Pick<Location, 'path' | 'startLine'>[],
  changed: ChangedLines,
): Anchor | undefined {
  let best: { anchor: Anchor; isInside: boolean; distance: number } | undefined;
  for (const place of around) {
    const text = changed.files.get(place.path)?.head;
    const symbol = text === undefined ? undefined : symbolLines(text, place.startLine);
    for (const { anchor, headLine } of changed
      .hunks(place.path)
      .flatMap((hunk) => changePoints(place.path, hunk))) {
      // What was removed at the end of a function is before the first line after it.
      const first = anchor.side === 'LEFT' ? headLine - 1 : headLine;
      const isInside = symbol !== undefined && headLine >= symbol.from && first <= symbol.to;
      const distance = Math.abs(headLine - place.startLine);
      const isBetter = !best || (isInside === best.isInside ? distance < best.distance : isInside);
      if (isBetter) best = { anchor, isInside, distance };
    }
  }
  return best?.anchor;
}

/** Words and place of a finding, to drop what two batches of one analysis both report. */
export function identity(finding: Finding): string {
  const { path, startLine, startColumn, endLine, endColumn } = finding.location;
  return JSON.stringify([
    finding.fingerprint,
    path,
    startLine,
    startColumn,
    endLine,
    endColumn,
    plain(finding.message),
    finding.trace.map((step) => [step.location.path, step.location.startLine, step.location.startColumn]),
  ]);
}
