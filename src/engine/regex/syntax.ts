import type { CharSet } from './charset.ts';

/** The flags of Python's `re` that change what a pattern means. */
export interface Flags {
  readonly ignoreCase?: boolean;
  readonly multiline?: boolean;
  readonly dotAll?: boolean;
  readonly verbose?: boolean;
  /** re.ASCII, or a bytes pattern. */
  readonly ascii?: boolean;
}

/** `match` is anchored at the start only; findall, finditer, sub and split search. */
export type MatchMode = 'match' | 'search' | 'fullmatch';

/** start and end are offsets into the pattern, in UTF-16 units; the end is exclusive. */
interface Positioned {
  readonly start: number;
  readonly end: number;
}

/** A range as written in a character class, such as `a-z`. */
export interface WrittenRange extends Positioned {
  readonly first: number;
  readonly last: number;
}

/** Exactly one character out of a set; flags are already applied to the set. */
export interface Character extends Positioned {
  readonly kind: 'character';
  readonly set: CharSet;
  readonly form: 'literal' | 'dot' | 'category' | 'class';
  /** The code point of a literal. */
  readonly codePoint?: number;
  /** A class that begins with `^`. */
  readonly negated?: boolean;
  /** The ranges of a class, in order. */
  readonly ranges?: readonly WrittenRange[];
}

export interface Sequence extends Positioned {
  readonly kind: 'sequence';
  readonly items: readonly RegexNode[];
}

export interface Alternation extends Positioned {
  readonly kind: 'alternation';
  readonly branches: readonly RegexNode[];
}

export interface Group extends Positioned {
  readonly kind: 'group';
  readonly body: RegexNode;
  /** From 1; undefined for a group that captures nothing. */
  readonly number: number | undefined;
  readonly name: string | undefined;
  /** `(?>…)`: never backtracked into. */
  readonly atomic: boolean;
}

export interface Repeat extends Positioned {
  readonly kind: 'repeat';
  readonly body: RegexNode;
  readonly min: number;
  /** Infinity when there is no upper limit. */
  readonly max: number;
  readonly greed: 'greedy' | 'lazy' | 'possessive';
}

export interface Look extends Positioned {
  readonly kind: 'look';
  readonly behind: boolean;
  readonly negative: boolean;
  readonly body: RegexNode;
  /** How many characters a look-behind goes back. */
  readonly width: number;
}

/** `end-or-newline` is `$` without MULTILINE: at the end, and before a newline at the end. */
export interface Anchor extends Positioned {
  readonly kind: 'anchor';
  readonly at:
    | 'start'
    | 'line-start'
    | 'end'
    | 'end-or-newline'
    | 'line-end'
    | 'word-boundary'
    | 'no-word-boundary';
}

export interface BackReference extends Positioned {
  readonly kind: 'back-reference';
  readonly group: number;
  readonly ignoreCase: boolean;
}

/** `(?(1)yes|no)`. */
export interface Conditional extends Positioned {
  readonly kind: 'conditional';
  readonly group: number;
  readonly yes: RegexNode;
  readonly no: RegexNode;
}

export type RegexNode =
  | Character
  | Sequence
  | Alternation
  | Group
  | Repeat
  | Look
  | Anchor
  | BackReference
  | Conditional;

export interface Regex {
  readonly pattern: string;
  /** The given flags and those of `(?i)` and the like at the start. */
  readonly flags: Flags;
  readonly root: RegexNode;
  readonly groupCount: number;
}

/** The parts of a node, in the order of the pattern. */
export function partsOf(node: RegexNode): readonly RegexNode[] {
  switch (node.kind) {
    case 'sequence':
      return node.items;
    case 'alternation':
      return node.branches;
    case 'group':
    case 'repeat':
    case 'look':
      return [node.body];
    case 'conditional':
      return [node.yes, node.no];
    default:
      return [];
  }
}

/** The node and all nodes under it. */
export function* nodesOf(node: RegexNode): Generator<RegexNode> {
  yield node;
  for (const part of partsOf(node)) yield* nodesOf(part);
}

/** The fewest and most characters that a node can match; max may be Infinity. */
export function widthOf(node: RegexNode): { readonly min: number; readonly max: number } {
  switch (node.kind) {
    case 'character':
      return { min: 1, max: 1 };
    case 'sequence': {
      const widths = node.items.map(widthOf);
      return {
        min: widths.reduce((sum, width) => sum + width.min, 0),
        max: widths.reduce((sum, width) => sum + width.max, 0),
      };
    }
    case 'alternation':
    case 'conditional': {
      const widths = partsOf(node).map(widthOf);
      return {
        min: Math.min(...widths.map((width) => width.min)),
        max: Math.max(...widths.map((width) => width.max)),
      };
    }
    case 'group':
      return widthOf(node.body);
    case 'repeat': {
      const { min, max } = widthOf(node.body);
      return { min: min * node.min, max: max === 0 || node.max === 0 ? 0 : max * node.max };
    }
    case 'back-reference':
      return { min: 0, max: Number.POSITIVE_INFINITY };
    case 'look':
    case 'anchor':
      return { min: 0, max: 0 };
  }
}
