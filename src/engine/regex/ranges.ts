import { type CharSet, charactersOf, difference, intersection, union } from './charset.ts';
import { nodesOf, type Regex, type WrittenRange } from './syntax.ts';

export interface WideRange {
  /** Offsets into the pattern. */
  readonly start: number;
  readonly end: number;
  /** The range as written. */
  readonly text: string;
  /** What the range takes in beside what its author seems to mean. */
  readonly unexpected: string;
}

const DIGITS: CharSet = [[0x30, 0x39]];
const UPPER: CharSet = [[0x41, 0x5a]];
const LOWER: CharSet = [[0x61, 0x7a]];
const PUNCTUATION = difference([[0x21, 0x7e]], union(DIGITS, UPPER, LOWER));

/**
 * Character ranges that take in characters of other kinds between their ends: `[A-z]` has `[\]^_` and the
 * backtick in it, `[+-_]` all upper-case letters and digits.
 */
export function wideRanges(regex: Regex): readonly WideRange[] {
  const found: WideRange[] = [];
  for (const node of nodesOf(regex.root)) {
    if (node.kind !== 'character') continue;
    for (const range of node.ranges ?? []) {
      const text = regex.pattern.slice(range.start, range.end);
      if (isDeliberate(text, range, node.ranges!)) continue;
      const unexpected = unexpectedIn(range.first, range.last);
      if (unexpected.length)
        found.push({ start: range.start, end: range.end, text, unexpected: listed(unexpected) });
    }
  }
  return found;
}

/**
 * Written for what it covers: with an end as an escape, from or to the end of visible ASCII, or beside a
 * neighbour that leaves out one character, as the grammars of RFCs do (`[!#-[\]-~]`).
 */
function isDeliberate(text: string, range: WrittenRange, all: readonly WrittenRange[]): boolean {
  if (/\\[xuU0-7]/.test(text) || range.first <= 0x21 || range.last >= 0x7e) return true;
  const isNear = (gap: number) => gap >= 1 && gap <= 2;
  return all.some((other) => isNear(other.first - range.last) || isNear(range.first - other.last));
}

function unexpectedIn(first: number, last: number): CharSet {
  if (last > 0x7e || first < 0x20) return [];
  const kind = (codePoint: number): CharSet =>
    [DIGITS, UPPER, LOWER].find((set) => intersection(set, [[codePoint, codePoint]]).length) ?? PUNCTUATION;
  const [low, high] = [kind(first), kind(last)];
  const range: CharSet = [[first, last]];
  // `A-z` means both kinds of letters, `0-z` letters and digits: what is between them is not meant.
  if (low !== PUNCTUATION && high !== PUNCTUATION)
    return low === high ? [] : intersection(range, PUNCTUATION);
  // From a punctuation mark on: the hyphen was meant as itself, so that only the three of them were.
  const meant = union(charactersOf(String.fromCharCode(first, last)), charactersOf('-'));
  if (low === PUNCTUATION && high === PUNCTUATION)
    return intersection(range, union(DIGITS, UPPER, LOWER)).length ? difference(range, meant) : [];
  return [];
}

function listed(set: CharSet): string {
  return set
    .map(([first, last]) => {
      if (last - first > 5) return `${String.fromCharCode(first)}…${String.fromCharCode(last)}`;
      return String.fromCharCode(...Array.from({ length: last - first + 1 }, (_, i) => first + i));
    })
    .join('');
}
