/** A set of code points: inclusive ranges, sorted, disjoint and not touching. */
export type CharSet = readonly (readonly [first: number, last: number])[];

export const LAST_CODE_POINT = 0x10ffff;
export const NOTHING: CharSet = [];
export const ANYTHING: CharSet = [[0, LAST_CODE_POINT]];
export const NEWLINE: CharSet = [[10, 10]];

/** Sorts, merges and so makes a set of ranges in any order. */
export function charSet(ranges: Iterable<readonly [number, number]>): CharSet {
  const sorted = [...ranges].sort((a, b) => a[0] - b[0]);
  const merged: [number, number][] = [];
  for (const [first, last] of sorted) {
    const previous = merged.at(-1);
    if (previous && first <= previous[1] + 1) previous[1] = Math.max(previous[1], last);
    else merged.push([first, last]);
  }
  return merged;
}

/** The characters of a text. */
export function charactersOf(text: string): CharSet {
  return charSet([...text].map((character) => [character.codePointAt(0)!, character.codePointAt(0)!]));
}

export function union(...sets: readonly CharSet[]): CharSet {
  return charSet(sets.flat());
}

export function complement(set: CharSet): CharSet {
  const gaps: [number, number][] = [];
  let next = 0;
  for (const [first, last] of set) {
    if (first > next) gaps.push([next, first - 1]);
    next = last + 1;
  }
  if (next <= LAST_CODE_POINT) gaps.push([next, LAST_CODE_POINT]);
  return gaps;
}

export function intersection(a: CharSet, b: CharSet): CharSet {
  const common: [number, number][] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    const first = Math.max(a[i]![0], b[j]![0]);
    const last = Math.min(a[i]![1], b[j]![1]);
    if (first <= last) common.push([first, last]);
    if (a[i]![1] < b[j]![1]) i++;
    else j++;
  }
  return common;
}

export function difference(a: CharSet, b: CharSet): CharSet {
  return intersection(a, complement(b));
}

export function isSubset(inner: CharSet, outer: CharSet): boolean {
  return difference(inner, outer).length === 0;
}

export function has(set: CharSet, codePoint: number): boolean {
  let low = 0;
  let high = set.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const range = set[middle]!;
    if (codePoint < range[0]) high = middle - 1;
    else if (codePoint > range[1]) low = middle + 1;
    else return true;
  }
  return false;
}

/** Shown in attack strings, so characters that a reader can see and type come first. */
const PREFERRED = charPreference('aA0 -_./:,;=!"\'<>()@#\t\n');

function charPreference(text: string): readonly number[] {
  return [...text].map((character) => character.codePointAt(0)!);
}

/** One member, printable where possible; undefined when the set is empty. */
export function representative(set: CharSet): string | undefined {
  for (const codePoint of PREFERRED) if (has(set, codePoint)) return String.fromCodePoint(codePoint);
  const printable = intersection(set, [[33, 126]])[0] ?? intersection(set, [[0xa1, 0xd7ff]])[0] ?? set[0];
  return printable && String.fromCodePoint(printable[0]);
}

const ASCII: CharSet = [[0, 127]];

/** Python's str.isspace, which `\s` of a str pattern follows: White_Space and the separators 1C–1F. */
const SPACE = charSet([
  [0x09, 0x0d],
  [0x1c, 0x20],
  [0x85, 0x85],
  [0xa0, 0xa0],
  [0x1680, 0x1680],
  [0x2000, 0x200a],
  [0x2028, 0x2029],
  [0x202f, 0x202f],
  [0x205f, 0x205f],
  [0x3000, 0x3000],
]);
const ASCII_SPACE: CharSet = charactersOf(' \t\n\r\f\v');

/** Above this code point Unicode has neither letters nor numbers (as of Unicode 16). */
const LAST_WORD = 0x323af;

function scan(pattern: RegExp): CharSet {
  const ranges: [number, number][] = [];
  for (let codePoint = 0; codePoint <= LAST_WORD; codePoint++) {
    if (!pattern.test(String.fromCodePoint(codePoint))) continue;
    const previous = ranges.at(-1);
    if (previous && previous[1] === codePoint - 1) previous[1] = codePoint;
    else ranges.push([codePoint, codePoint]);
  }
  return ranges;
}

let unicodeWord: CharSet | undefined;
let unicodeDigit: CharSet | undefined;

/**
 * What `\w`, `\d` and `\s` stand for.
 * https://docs.python.org/3/library/re.html#regular-expression-syntax
 */
export function category(letter: 'w' | 'd' | 's', ascii: boolean): CharSet {
  if (letter === 's') return ascii ? ASCII_SPACE : SPACE;
  if (letter === 'd') {
    unicodeDigit ??= scan(/\p{Nd}/u);
    return ascii ? intersection(unicodeDigit, ASCII) : unicodeDigit;
  }
  unicodeWord ??= scan(/[\p{L}\p{N}_]/u);
  return ascii ? intersection(unicodeWord, ASCII) : unicodeWord;
}

/** The highest code point with a case variant lies in the Adlam block. */
const LAST_CASED = 0x1e943;

/** The other cases of one character, where they are one character, too. */
function otherCases(codePoint: number): number[] {
  const character = String.fromCodePoint(codePoint);
  return [character.toLowerCase(), character.toUpperCase()].flatMap((variant) => {
    const other = variant.codePointAt(0)!;
    return other !== codePoint && variant.length <= 2 ? [other] : [];
  });
}

/** Every character with its other cases, in order; made when a range is too long to go through. */
let casePairs: readonly (readonly [codePoint: number, other: number])[] | undefined;
const LONG_RANGE = 1_000;

function casesWithin(first: number, last: number): readonly (readonly [number, number])[] {
  if (last - first < LONG_RANGE) {
    const pairs: [number, number][] = [];
    for (let codePoint = first; codePoint <= Math.min(last, LAST_CASED); codePoint++)
      for (const other of otherCases(codePoint)) pairs.push([codePoint, other]);
    return pairs;
  }
  casePairs ??= Array.from({ length: LAST_CASED + 1 }, (_, codePoint) => codePoint).flatMap((codePoint) =>
    otherCases(codePoint).map((other) => [codePoint, other] as const),
  );
  return casePairs.filter(([codePoint]) => codePoint >= first && codePoint <= last);
}

/** The same set is asked for again and again: `\w` is one object. */
const ignoringCaseOf = new WeakMap<CharSet, { ascii?: CharSet; unicode?: CharSet }>();

/** The set with the other case of its members, as IGNORECASE adds them. */
export function ignoringCase(set: CharSet, ascii: boolean): CharSet {
  let known = ignoringCaseOf.get(set);
  if (!known) {
    known = {};
    ignoringCaseOf.set(set, known);
  }
  const key = ascii ? 'ascii' : 'unicode';
  known[key] ??= withOtherCases(set, ascii);
  return known[key];
}

function withOtherCases(set: CharSet, ascii: boolean): CharSet {
  const cased = ascii ? intersection(set, ASCII) : set;
  const more: [number, number][] = [];
  for (const [first, last] of cased) {
    for (const [, other] of casesWithin(first, last)) if (!ascii || other < 128) more.push([other, other]);
  }
  if (!ascii) {
    // The Kelvin sign and the long s equal ASCII letters when case is ignored.
    if (has(set, 0x6b) || has(set, 0x4b)) more.push([0x212a, 0x212a]);
    if (has(set, 0x73) || has(set, 0x53)) more.push([0x17f, 0x17f]);
  }
  return union(set, more);
}
