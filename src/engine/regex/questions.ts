import { automatonOf } from './automaton.ts';
import {
  ANYTHING,
  type CharSet,
  category,
  charactersOf,
  complement,
  has,
  isSubset,
  NEWLINE,
  NOTHING,
  union,
} from './charset.ts';
import { parseRegex } from './parse.ts';
import { type Flags, type MatchMode, nodesOf, type Regex, type RegexNode } from './syntax.ts';

/**
 * Where a match must end. `end-or-newline`: `$` lets one newline follow. `anywhere`: more text may follow.
 */
export type EndAnchor = 'end' | 'end-or-newline' | 'anywhere';

/** Whether a match can only begin at the start of the text. */
export function beginsAtStart(regex: Regex, mode: MatchMode): boolean {
  return mode !== 'search' || isAnchored(regex.root, 'first', ['start']);
}

export function endOf(regex: Regex, mode: MatchMode): EndAnchor {
  if (mode === 'fullmatch' || isAnchored(regex.root, 'last', ['end'])) return 'end';
  return isAnchored(regex.root, 'last', ['end', 'end-or-newline']) ? 'end-or-newline' : 'anywhere';
}

/** Whether the whole text, but for a newline at the end, has to fit the pattern. */
export function matchesWhole(regex: Regex, mode: MatchMode): boolean {
  return beginsAtStart(regex, mode) && endOf(regex, mode) !== 'anywhere';
}

/** Every way through the node meets one of the anchors before (`first`) or after (`last`) all characters. */
function isAnchored(node: RegexNode, side: 'first' | 'last', anchors: readonly string[]): boolean {
  switch (node.kind) {
    case 'anchor':
      return anchors.includes(node.at);
    case 'group':
      return isAnchored(node.body, side, anchors);
    case 'repeat':
      return node.min > 0 && isAnchored(node.body, side, anchors);
    case 'look':
      return !node.negative && !node.behind && side === 'last' && isAnchored(node.body, 'first', anchors);
    case 'alternation':
      return node.branches.every((branch) => isAnchored(branch, side, anchors));
    case 'conditional':
      return isAnchored(node.yes, side, anchors) && isAnchored(node.no, side, anchors);
    case 'sequence': {
      const items = side === 'first' ? node.items : node.items.toReversed();
      for (const item of items) {
        if (isAnchored(item, side, anchors)) return true;
        if (item.kind !== 'anchor' && item.kind !== 'look') return false;
      }
      return false;
    }
    default:
      return false;
  }
}

/** What a text that passes a check can look like; possibly more than it really can. */
export interface AdmittedText {
  readonly characters: CharSet;
  has(codePoint: number): boolean;
  /** The same without the line break at its end that `$` lets through. */
  hasInside(codePoint: number): boolean;
  /** Whether it may contain a part, such as `..`. */
  mayContain(part: string): boolean;
  /** Whether it may begin with a prefix, such as `-` or `//`. */
  mayBeginWith(prefix: string): boolean;
}

/**
 * What passes `re.match(pattern, text)` and the like. undefined when the pattern says nothing of the whole
 * text: only a part of it has to fit, or the pattern is invalid.
 */
export function charactersAdmitted(
  pattern: string,
  mode: MatchMode,
  flags: Flags = {},
): AdmittedText | undefined {
  const parsed = parseRegex(pattern, flags);
  if (!parsed.ok || !matchesWhole(parsed.regex, mode)) return undefined;
  const { regex } = parsed;
  const characters = admittedSet(regex, mode);
  const inside = charactersRead(regex.root);
  return {
    characters,
    has: (codePoint) => has(characters, codePoint),
    hasInside: (codePoint) => has(inside, codePoint),
    mayContain: (part) => mayContain(regex, mode, part),
    mayBeginWith: (prefix) => mayBeginWith(regex, mode, prefix),
  };
}

/** The characters that a group of the pattern can match, by number or name; group 0 is the whole match. */
export function charactersOfGroup(regex: Regex, group: number | string): CharSet | undefined {
  const nodes = [...nodesOf(regex.root)];
  const node =
    group === 0
      ? regex.root
      : nodes.find((part) => part.kind === 'group' && (part.number === group || part.name === group));
  if (!node) return undefined;
  // What a back-reference repeats stands outside.
  const hasReference = [...nodesOf(node)].some((part) => part.kind === 'back-reference');
  return hasReference && group !== 0 ? undefined : charactersRead(node);
}

/** All characters of texts that pass; anything, when only a part of the text has to fit. */
function admittedSet(regex: Regex, mode: MatchMode): CharSet {
  if (!matchesWhole(regex, mode)) return ANYTHING;
  const admitted = charactersRead(regex.root);
  return endOf(regex, mode) === 'end' ? admitted : union(admitted, NEWLINE);
}

function charactersRead(node: RegexNode): CharSet {
  switch (node.kind) {
    case 'character':
      return node.set;
    case 'sequence':
      return union(...node.items.map(charactersRead));
    case 'alternation':
      return union(...node.branches.map(charactersRead));
    case 'conditional':
      return union(charactersRead(node.yes), charactersRead(node.no));
    case 'repeat':
      return node.max === 0 ? NOTHING : charactersRead(node.body);
    case 'group':
      return charactersRead(node.body);
    default:
      return NOTHING;
  }
}

/**
 * Characters none of which stands in a text that the pattern does *not* match: for checks that refuse,
 * such as `if re.search(r'[^\w]', name): raise`. Empty when the pattern asks for more than one character.
 */
export function charactersRefused(regex: Regex, mode: MatchMode): CharSet {
  return mode === 'search' ? matchedAlone(regex.root) : NOTHING;
}

function matchedAlone(node: RegexNode): CharSet {
  switch (node.kind) {
    case 'character':
      return node.set;
    case 'alternation':
      return union(...node.branches.map(matchedAlone));
    case 'group':
      return matchedAlone(node.body);
    case 'repeat':
      return node.min <= 1 && node.max > 0 ? matchedAlone(node.body) : NOTHING;
    default:
      return NOTHING;
  }
}

/** Whether a text that passes the check consists of these characters only. */
export function admitsOnly(regex: Regex, mode: MatchMode, allowed: CharSet): boolean {
  return isSubset(admittedSet(regex, mode), allowed);
}

/** Whether a text that passes may contain a part, such as `..`. Says yes when in doubt. */
export function mayContain(regex: Regex, mode: MatchMode, part: string): boolean {
  return mayPass(regex, mode, part, true);
}

/** Whether a text that passes may begin with a prefix, such as `-` or `//`. Says yes when in doubt. */
export function mayBeginWith(regex: Regex, mode: MatchMode, prefix: string): boolean {
  return mayPass(regex, mode, prefix, false);
}

function mayPass(regex: Regex, mode: MatchMode, part: string, anywhere: boolean): boolean {
  if (!matchesWhole(regex, mode)) return true;
  if (part.includes('\n') && endOf(regex, mode) !== 'end') return true;
  const automaton = automatonOf(regex, false);
  // The automaton reads nothing for a back-reference.
  const hasReference = [...nodesOf(regex.root)].some((node) => node.kind === 'back-reference');
  if (!automaton || hasReference) return true;
  const codePoints = [...part].map((character) => character.codePointAt(0)!);
  const open: [position: number, read: number][] = [[0, 0]];
  const seen = new Set<string>();
  for (let at = open.pop(); at; at = open.pop()) {
    const [position, read] = at;
    const { next, final } = automaton.positions[position]!;
    if (final && read === codePoints.length) return true;
    const steps: [number, number][] = [];
    for (const { to } of next) {
      if (read === codePoints.length) steps.push([to, read]);
      else if (has(automaton.positions[to]!.set, codePoints[read]!)) steps.push([to, read + 1]);
      if (anywhere && read === 0) steps.push([to, 0]);
    }
    for (const step of steps) {
      if (seen.has(step.join())) continue;
      seen.add(step.join());
      open.push(step);
    }
  }
  return false;
}

/** What a checked value is put into. */
export type Use = 'sql' | 'shell' | 'path' | 'url' | 'html' | 'header';

const word = category('w', true);

/** The characters that mean nothing but themselves. */
const HARMLESS: Readonly<Record<Use, CharSet>> = {
  // Part of an identifier or a number, or between quotes.
  sql: union(category('w', false), charactersOf('.')),
  // shlex.quote leaves these alone: https://github.com/python/cpython/blob/main/Lib/shlex.py
  shell: union(word, charactersOf('@%+=:,./-')),
  path: complement(charactersOf('/\\\0')),
  // Inside one segment of a path or one value of a query.
  url: union(category('w', false), charactersOf('.-~')),
  html: complement(charactersOf('<>&"\'')),
  header: complement(charactersOf('\r\n\0')),
};

/** Whether passing the check makes a value harmless in one use. */
export function isSafeFor(regex: Regex, mode: MatchMode, use: Use): boolean {
  const admitted = admittedSet(regex, mode);
  // A newline at the end ends no word, no path and no literal; it does end a header line.
  const harmless = use === 'header' ? HARMLESS.header : union(HARMLESS[use], trailingNewline(regex, mode));
  if (!isSubset(admitted, harmless)) return false;
  if (use === 'path') return !mayContain(regex, mode, '..');
  if (use === 'shell') return !mayBeginWith(regex, mode, '-');
  return true;
}

/** The newline that `$` lets pass at the end of the text, if the pattern itself reads none. */
function trailingNewline(regex: Regex, mode: MatchMode): CharSet {
  if (endOf(regex, mode) !== 'end-or-newline') return NOTHING;
  return has(charactersRead(regex.root), 10) ? NOTHING : NEWLINE;
}
