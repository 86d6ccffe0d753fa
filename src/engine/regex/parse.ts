import { ANYTHING, type CharSet, category, complement, ignoringCase, NEWLINE, union } from './charset.ts';
import {
  type Alternation,
  type Anchor,
  type Flags,
  type Regex,
  type RegexNode,
  type WrittenRange,
  widthOf,
} from './syntax.ts';

export type ParseResult =
  | { readonly ok: true; readonly regex: Regex }
  | { readonly ok: false; readonly error: string; readonly position: number };

/** Longer patterns are generated, not written; nobody reads a review of them. */
const LONGEST_PATTERN = 20_000;
const DEEPEST_NESTING = 150;

/**
 * Parses a pattern of Python's `re`, 3.8 to 3.14, given as the text after string escapes.
 * https://docs.python.org/3/library/re.html#regular-expression-syntax
 * Never throws: a pattern that Python refuses, or one that is too large, gives an error with its position.
 */
export function parseRegex(pattern: string, flags: Flags = {}): ParseResult {
  const key = `${FLAG_NAMES.map((flag) => (flags[flag] ? 1 : 0)).join('')}${pattern}`;
  let result = parsed.get(key);
  if (!result) {
    result = parse(pattern, flags);
    if (parsed.size >= MOST_KEPT) parsed.clear();
    parsed.set(key, result);
  }
  return result;
}

/** Results by flags and pattern: several rules ask about each pattern, and each time the code is passed. */
const parsed = new Map<string, ParseResult>();
const MOST_KEPT = 2_000;
const FLAG_NAMES = ['ignoreCase', 'multiline', 'dotAll', 'verbose', 'ascii'] as const;

function parse(pattern: string, flags: Flags): ParseResult {
  if (pattern.length > LONGEST_PATTERN)
    return { ok: false, error: `the pattern is longer than ${LONGEST_PATTERN} characters`, position: 0 };
  const first = attempt(new Parser(pattern, flags));
  // A global inline flag also governs what stands before it, so the pattern is read again with it.
  const { globalFlags } = first.parser;
  const isNews = Object.keys(globalFlags).some((flag) => !flags[flag as keyof Flags]);
  return (isNews ? attempt(new Parser(pattern, { ...flags, ...globalFlags })) : first).result;
}

function attempt(parser: Parser): { parser: Parser; result: ParseResult } {
  try {
    return { parser, result: { ok: true, regex: parser.parse() } };
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return { parser, result: { ok: false, error: error.message, position: error.position } };
  }
}

class Refused extends Error {
  readonly position: number;
  constructor(message: string, position: number) {
    super(message);
    this.position = position;
  }
}

function asOne(items: readonly RegexNode[], branch: RegexNode): RegexNode {
  return items.length === 1 ? items[0]! : { kind: 'sequence', items, start: branch.start, end: branch.end };
}

const FLAG_LETTERS: Readonly<Record<string, keyof Flags | undefined>> = {
  a: 'ascii',
  i: 'ignoreCase',
  m: 'multiline',
  s: 'dotAll',
  x: 'verbose',
  L: undefined,
  u: undefined,
};

const CONTROL_ESCAPES: Readonly<Record<string, number>> = { a: 7, b: 8, f: 12, n: 10, r: 13, t: 9, v: 11 };

class Parser {
  private at = 0;
  private depth = 0;
  private groupCount = 0;
  private flags: Flags;
  private readonly names = new Map<string, number>();
  private readonly pattern: string;
  readonly globalFlags: { -readonly [K in keyof Flags]: boolean } = {};

  constructor(pattern: string, flags: Flags) {
    this.pattern = pattern;
    this.flags = flags;
  }

  parse(): Regex {
    const flags = this.flags;
    const root = this.alternation();
    if (this.at < this.pattern.length) this.refuse('unbalanced parenthesis');
    return {
      pattern: this.pattern,
      flags: { ...flags, ...this.globalFlags },
      root,
      groupCount: this.groupCount,
    };
  }

  private refuse(message: string, position = this.at): never {
    throw new Refused(message, position);
  }

  private take(text: string): boolean {
    if (!this.pattern.startsWith(text, this.at)) return false;
    this.at += text.length;
    return true;
  }

  /** The text up to a terminator, which is taken too. */
  private until(terminator: string): string {
    const end = this.pattern.indexOf(terminator, this.at);
    if (end < 0) this.refuse(`missing ${terminator}, unterminated name`);
    const text = this.pattern.slice(this.at, end);
    this.at = end + terminator.length;
    return text;
  }

  private matches(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.pattern)?.[0];
    if (found !== undefined) this.at += found.length;
    return found;
  }

  private alternation(): RegexNode {
    if (++this.depth > DEEPEST_NESTING) this.refuse('the pattern is nested too deeply');
    const start = this.at;
    const branches = [this.sequence()];
    while (this.take('|')) branches.push(this.sequence());
    this.depth--;
    return branches.length === 1
      ? branches[0]!
      : this.simplified({ kind: 'alternation', branches, start, end: this.at });
  }

  /**
   * Python's compiler takes what all branches begin with out of them, and makes branches of one character
   * into a class: `(?:a|a)*` and `(?:ab|ac)*` know only one way to match.
   * https://github.com/python/cpython/blob/main/Lib/re/_parser.py (`_parse_sub`)
   */
  private simplified(node: Alternation): RegexNode {
    const { start, end } = node;
    const common: RegexNode[] = [];
    let branches = node.branches.map((branch) => (branch.kind === 'sequence' ? branch.items : [branch]));
    while (branches.every(([item]) => item && this.isSame(item, branches[0]![0]!))) {
      common.push(branches[0]![0]!);
      branches = branches.map((items) => items.slice(1));
    }
    const single = branches.map((items) => (items.length === 1 ? items[0] : undefined));
    let rest: RegexNode = {
      kind: 'alternation',
      branches: branches.map((items, i) => asOne(items, node.branches[i]!)),
      start,
      end,
    };
    if (single.every((item) => item?.kind === 'character' && item.form !== 'dot' && !item.negated)) {
      const characters = single.filter((item) => item?.kind === 'character');
      rest = {
        kind: 'character',
        form: 'class',
        set: union(...characters.map((character) => character.set)),
        ranges: characters.flatMap((character) => character.ranges ?? []),
        start,
        end,
      };
    }
    return common.length ? { kind: 'sequence', items: [...common, rest], start, end } : rest;
  }

  private isSame(a: RegexNode, b: RegexNode): boolean {
    const alike = a.kind === b.kind && (a.kind === 'character' || a.kind === 'anchor');
    return alike && this.pattern.slice(a.start, a.end) === this.pattern.slice(b.start, b.end);
  }

  private sequence(): RegexNode {
    const start = this.at;
    const items: RegexNode[] = [];
    for (;;) {
      if (this.flags.verbose) this.matches(/(?:[ \t\n\r\f\v]|#[^\n]*(?:\n|$))*/y);
      const next = this.pattern[this.at];
      if (next === undefined || next === '|' || next === ')') break;
      const before = this.at;
      const repeat = this.quantifier();
      if (repeat) {
        const body = items.pop();
        if (!body || body.kind === 'anchor') this.refuse('nothing to repeat', before);
        if (body.kind === 'repeat') this.refuse('multiple repeat', before);
        items.push({ kind: 'repeat', body, ...repeat, start: body.start, end: this.at });
        continue;
      }
      const item = this.item();
      if (item) items.push(item);
    }
    return items.length === 1 ? items[0]! : { kind: 'sequence', items, start, end: this.at };
  }

  private quantifier(): { min: number; max: number; greed: 'greedy' | 'lazy' | 'possessive' } | undefined {
    let min = 0;
    let max = Number.POSITIVE_INFINITY;
    const start = this.at;
    if (this.take('*')) min = 0;
    else if (this.take('+')) min = 1;
    else if (this.take('?')) max = 1;
    else {
      const braces = this.matches(/\{(?:\d+|\d*,\d*)\}/y);
      if (!braces) return undefined;
      const [low = '', high = low] = braces.slice(1, -1).split(',');
      min = Number(low);
      if (high) max = Number(high);
      if (min >= 2 ** 32 || (high && max >= 2 ** 32))
        this.refuse('the repetition number is too large', start);
      if (max < min) this.refuse('min repeat greater than max repeat', start);
    }
    const greed = this.take('?') ? 'lazy' : this.take('+') ? 'possessive' : 'greedy';
    return { min, max, greed };
  }

  /** undefined for what matches nothing and is nothing: comments and global flags. */
  private item(): RegexNode | undefined {
    const start = this.at;
    const character = String.fromCodePoint(this.pattern.codePointAt(this.at)!);
    this.at += character.length;
    switch (character) {
      case '.': {
        const set = this.flags.dotAll ? ANYTHING : complement(NEWLINE);
        return { kind: 'character', form: 'dot', set, start, end: this.at };
      }
      case '^':
        return this.anchor(this.flags.multiline ? 'line-start' : 'start', start);
      case '$':
        return this.anchor(this.flags.multiline ? 'line-end' : 'end-or-newline', start);
      case '(':
        return this.group(start);
      case '[':
        return this.characterClass(start);
      case '\\':
        return this.escape(start);
      default:
        return this.literal(character.codePointAt(0)!, start);
    }
  }

  private anchor(at: Anchor['at'], start: number): Anchor {
    return { kind: 'anchor', at, start, end: this.at };
  }

  private literal(codePoint: number, start: number): RegexNode {
    const set = this.fold([[codePoint, codePoint]]);
    return { kind: 'character', form: 'literal', codePoint, set, start, end: this.at };
  }

  private fold(set: CharSet): CharSet {
    return this.flags.ignoreCase ? ignoringCase(set, this.flags.ascii ?? false) : set;
  }

  private group(start: number): RegexNode | undefined {
    let number: number | undefined;
    let name: string | undefined;
    let atomic = false;
    const outer = this.flags;
    if (this.take('?')) {
      if (this.take('P=')) return this.backReference(this.until(')'), start);
      if (this.take('#')) {
        this.until(')');
        return undefined;
      }
      if (this.take('=')) return this.look(start, false, false);
      if (this.take('!')) return this.look(start, false, true);
      if (this.take('<=')) return this.look(start, true, false);
      if (this.take('<!')) return this.look(start, true, true);
      if (this.take('(')) return this.conditional(start);
      if (this.take('P<')) {
        name = this.until('>');
        if (!/^[\p{ID_Start}_][\p{ID_Continue}]*$/u.test(name)) this.refuse(`bad group name '${name}'`);
        if (this.names.has(name)) this.refuse(`redefinition of group name '${name}'`);
        number = ++this.groupCount;
        this.names.set(name, number);
      } else if (this.take('>')) atomic = true;
      else if (!this.take(':') && this.inlineFlags()) return undefined;
    } else number = ++this.groupCount;
    const body = this.alternation();
    if (!this.take(')')) this.refuse('missing ), unterminated subpattern', start);
    this.flags = outer;
    return { kind: 'group', body, number, name, atomic, start, end: this.at };
  }

  /** `(?i)` gives true; for `(?i-s:` the flags are set for the group that follows. */
  private inlineFlags(): boolean {
    const written = this.matches(/([aiLmsux]*)(?:-([imsx]+))?[:)]/y);
    if (!written || written === ':' || written === ')') this.refuse('unknown extension after (?');
    const [on = '', off = ''] = written.slice(0, -1).split('-');
    const changes: { -readonly [K in keyof Flags]: boolean } = {};
    for (const letter of on) if (FLAG_LETTERS[letter]) changes[FLAG_LETTERS[letter]] = true;
    if (written.endsWith(')')) {
      if (off) this.refuse('missing :');
      Object.assign(this.globalFlags, changes);
      return true;
    }
    for (const letter of off) if (FLAG_LETTERS[letter]) changes[FLAG_LETTERS[letter]] = false;
    if (on.includes('u')) changes.ascii = false;
    this.flags = { ...this.flags, ...changes };
    return false;
  }

  private look(start: number, behind: boolean, negative: boolean): RegexNode {
    const outer = this.flags;
    const body = this.alternation();
    if (!this.take(')')) this.refuse('missing ), unterminated subpattern', start);
    this.flags = outer;
    const { min, max } = behind ? widthOf(body) : { min: 0, max: 0 };
    if (min !== max) this.refuse('look-behind requires fixed-width pattern', start);
    return { kind: 'look', behind, negative, body, width: min, start, end: this.at };
  }

  private conditional(start: number): RegexNode {
    const group = this.groupNumber(this.until(')'), start);
    const yes = this.sequence();
    const no: RegexNode = this.take('|')
      ? this.sequence()
      : { kind: 'sequence', items: [], start: this.at, end: this.at };
    if (!this.take(')')) this.refuse('conditional backref with more than two branches', start);
    return { kind: 'conditional', group, yes, no, start, end: this.at };
  }

  private groupNumber(reference: string, start: number): number {
    const group = /^\d+$/.test(reference) ? Number(reference) : this.names.get(reference);
    if (!group || group > 1e6) this.refuse(`unknown group '${reference}'`, start);
    return group;
  }

  private backReference(reference: string, start: number): RegexNode {
    const group = this.groupNumber(reference, start);
    if (group > this.groupCount) this.refuse(`invalid group reference ${group}`, start);
    return { kind: 'back-reference', group, ignoreCase: this.flags.ignoreCase ?? false, start, end: this.at };
  }

  private escape(start: number): RegexNode {
    const letter = this.pattern[this.at];
    switch (letter) {
      case 'A':
        this.at++;
        return this.anchor('start', start);
      case 'Z':
      case 'z':
        this.at++;
        return this.anchor('end', start);
      case 'b':
        this.at++;
        return this.anchor('word-boundary', start);
      case 'B':
        this.at++;
        return this.anchor('no-word-boundary', start);
    }
    const set = this.categoryEscape();
    if (set) return { kind: 'character', form: 'category', set, start, end: this.at };
    const octal = this.matches(/0[0-7]{0,2}|[1-3][0-7]{2}/y);
    if (octal) return this.literal(Number.parseInt(octal, 8), start);
    const reference = this.matches(/[1-9]\d?/y);
    if (reference) return this.backReference(reference, start);
    return this.literal(this.escapedCharacter(start), start);
  }

  private categoryEscape(): CharSet | undefined {
    const letter = this.matches(/[dDsSwW]/y);
    if (!letter) return undefined;
    const set = category(letter.toLowerCase() as 'd' | 's' | 'w', this.flags.ascii ?? false);
    return letter === letter.toLowerCase() ? set : complement(set);
  }

  /** After the backslash: an escape that stands for one character, inside and outside a class. */
  private escapedCharacter(start: number): number {
    const hexadecimal = this.matches(/x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}/y);
    if (hexadecimal) {
      const codePoint = Number.parseInt(hexadecimal.slice(1), 16);
      if (codePoint > 0x10ffff) this.refuse('bad escape', start);
      return codePoint;
    }
    // The characters' names are not known here; any character outside the usual alphabets stands for them.
    if (this.matches(/N\{[^}]+\}/y)) return 0xe000;
    const codePoint = this.pattern.codePointAt(this.at);
    if (codePoint === undefined) this.refuse('bad escape (end of pattern)', start);
    const character = String.fromCodePoint(codePoint);
    this.at += character.length;
    const control = CONTROL_ESCAPES[character];
    if (control !== undefined) return control;
    if (/[a-zA-Z0-9]/.test(character)) this.refuse(`bad escape \\${character}`, start);
    return codePoint;
  }

  private characterClass(start: number): RegexNode {
    const negated = this.take('^');
    const sets: CharSet[] = [];
    const ranges: WrittenRange[] = [];
    for (let first = true; first || this.pattern[this.at] !== ']'; first = false) {
      const from = this.at;
      const low = this.classMember(start);
      if (this.pattern[this.at] !== '-' || this.pattern[this.at + 1] === ']') {
        sets.push(typeof low === 'number' ? [[low, low]] : low);
        continue;
      }
      this.at++;
      const high = this.classMember(start);
      if (typeof low !== 'number' || typeof high !== 'number' || high < low)
        this.refuse(`bad character range ${this.pattern.slice(from, this.at)}`, from);
      sets.push([[low, high]]);
      ranges.push({ first: low, last: high, start: from, end: this.at });
    }
    this.at++;
    const listed = union(...sets.map((member) => this.fold(member)));
    const set = negated ? complement(listed) : listed;
    return { kind: 'character', form: 'class', set, negated, ranges, start, end: this.at };
  }

  private classMember(start: number): number | CharSet {
    const codePoint = this.pattern.codePointAt(this.at);
    if (codePoint === undefined) this.refuse('unterminated character set', start);
    this.at += codePoint > 0xffff ? 2 : 1;
    if (codePoint !== 0x5c) return codePoint;
    const from = this.at - 1;
    const set = this.categoryEscape();
    if (set) return set;
    const octal = this.matches(/[0-7]{1,3}/y);
    return octal ? Number.parseInt(octal, 8) : this.escapedCharacter(from);
  }
}
