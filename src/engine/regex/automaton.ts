import {
  ANYTHING,
  type CharSet,
  charSet,
  complement,
  has,
  LAST_CODE_POINT,
  representative,
} from './charset.ts';
import type { Character, Regex, RegexNode, Repeat } from './syntax.ts';

/** A character of the pattern that has just been read; a character in a counted repeat gives several. */
export interface Position {
  readonly set: CharSet;
  /** The classes of the set, one bit each. */
  readonly classes: bigint;
  /** undefined for the initial position and for the one that a search skips text with. */
  readonly node: Character | undefined;
  readonly next: readonly Edge[];
  /** The pattern may end after this position. */
  readonly final: boolean;
}

export interface Edge {
  readonly to: number;
  /** 2 stands for two or more ways to go there without reading anything in between. */
  readonly ways: number;
}

/**
 * The pattern as a position automaton. It accepts at least what the pattern matches: look-arounds, anchors
 * and back-references let everything through, atomic groups may backtrack, and large counted repeats are
 * unlimited. Position 0 is initial.
 */
export interface Automaton {
  readonly positions: readonly Position[];
  /** A character of each class of characters that the pattern does not tell apart. */
  readonly representatives: readonly string[];
}

const MOST_STATES = 2_500;
/** Positions that a counted repeat may be written out to; beyond, it counts as unlimited. */
const MOST_COPIES = 64;
const MOST_CLOSURE_STEPS = 200_000;

/** A state of the automaton under construction: reads a character, or goes on freely in several ways. */
type State =
  | { readonly kind: 'read'; readonly position: number; readonly next: number }
  | { readonly kind: 'free'; readonly next: number[] }
  | { readonly kind: 'end' };

/** undefined when the pattern is too large to be analysed. `searching` puts "skip any text" in front. */
export function automatonOf(regex: Regex, searching: boolean): Automaton | undefined {
  const builder = new Builder();
  const entry = builder.build(regex.root, searching);
  if (entry === undefined) return undefined;
  const classes = classesOf(builder.characters.map((character) => character?.set ?? ANYTHING));
  const positions: Position[] = [];
  for (let i = 0; i < builder.characters.length; i++) {
    const edges = builder.edgesAfter(i, entry);
    if (!edges) return undefined;
    const node = builder.characters[i];
    positions.push({ set: node?.set ?? ANYTHING, classes: classes.masks[i]!, node, ...edges });
  }
  return { positions, representatives: classes.representatives };
}

class Builder {
  /** The characters of the positions; undefined for the initial and the skipping position. */
  readonly characters: (Character | undefined)[] = [undefined];
  private readonly states: State[] = [{ kind: 'end' }];
  private closureSteps = 0;

  /** The state in which the pattern begins; undefined when there are too many states. */
  build(root: RegexNode, searching: boolean): number | undefined {
    if (!searching) return this.nodeBefore(root, 0);
    const again: number[] = [];
    const entry = this.add({ kind: 'free', next: again });
    this.characters.push(undefined);
    again.push(this.add({ kind: 'read', position: 1, next: entry }));
    const begin = this.nodeBefore(root, 0);
    if (begin === undefined) return undefined;
    again.push(begin);
    return entry;
  }

  private add(state: State): number {
    this.states.push(state);
    return this.states.length - 1;
  }

  /** Builds a node in front of the state `next`; gives the state in front of the node. */
  private nodeBefore(node: RegexNode, next: number): number | undefined {
    if (this.states.length > MOST_STATES) return undefined;
    switch (node.kind) {
      case 'character':
        this.characters.push(node);
        return this.add({ kind: 'read', position: this.characters.length - 1, next });
      case 'sequence': {
        let entry: number | undefined = next;
        for (const item of node.items.toReversed()) {
          if (entry === undefined) return undefined;
          entry = this.nodeBefore(item, entry);
        }
        return entry;
      }
      case 'alternation':
        return this.choiceBefore(node.branches, next);
      case 'conditional':
        return this.choiceBefore([node.yes, node.no], next);
      case 'group':
        return this.nodeBefore(node.body, next);
      case 'repeat':
        return this.repeatBefore(node, next);
      case 'look': {
        if (node.behind) return next;
        // What it looks at is read again afterwards: it leads to a dead end beside the pattern itself.
        const body = this.nodeBefore(node.body, this.add({ kind: 'free', next: [] }));
        return body === undefined ? undefined : this.add({ kind: 'free', next: [body, next] });
      }
      default:
        return next;
    }
  }

  private choiceBefore(branches: readonly RegexNode[], next: number): number | undefined {
    const entries: number[] = [];
    for (const branch of branches) {
      const entry = this.nodeBefore(branch, next);
      if (entry === undefined) return undefined;
      entries.push(entry);
    }
    return this.add({ kind: 'free', next: entries });
  }

  private repeatBefore(node: Repeat, next: number): number | undefined {
    const copies = node.max === Number.POSITIVE_INFINITY ? node.min : node.max;
    const exact = copies <= 1 || copies * sizeOf(node.body) <= MOST_COPIES;
    let min = exact ? node.min : Math.min(node.min, 1);
    let entry: number | undefined = next;
    if (!exact || node.max === Number.POSITIVE_INFINITY) {
      const choices = [next];
      const again = this.add({ kind: 'free', next: choices });
      const body = this.nodeBefore(node.body, again);
      if (body === undefined) return undefined;
      choices.unshift(body);
      // The last of the required copies is the loop's own body.
      entry = min > 0 ? body : this.add({ kind: 'free', next: [body, next] });
      min = Math.max(0, min - 1);
    } else {
      for (let optional = node.max - min; optional > 0; optional--) {
        const body: number | undefined = this.nodeBefore(node.body, entry);
        if (body === undefined) return undefined;
        entry = this.add({ kind: 'free', next: [body, next] });
      }
    }
    for (let copy = 0; copy < min; copy++) {
      if (entry === undefined) return undefined;
      entry = this.nodeBefore(node.body, entry);
    }
    return entry;
  }

  /** Where the pattern can go after a position; undefined when there are too many ways. */
  edgesAfter(position: number, entry: number): { next: readonly Edge[]; final: boolean } | undefined {
    const from =
      position === 0
        ? entry
        : this.states.find((state) => state.kind === 'read' && state.position === position);
    const ways = new Map<number, number>();
    const onPath = new Set<number>();
    let final = false;
    const visit = (index: number): void => {
      if (onPath.has(index) || ++this.closureSteps > MOST_CLOSURE_STEPS) return;
      const state = this.states[index]!;
      if (state.kind === 'end') final = true;
      else if (state.kind === 'read')
        ways.set(state.position, Math.min(2, (ways.get(state.position) ?? 0) + 1));
      else {
        onPath.add(index);
        for (const next of state.next) visit(next);
        onPath.delete(index);
      }
    };
    if (typeof from === 'number') visit(from);
    else if (from?.kind === 'read') visit(from.next);
    if (this.closureSteps > MOST_CLOSURE_STEPS) return undefined;
    return { next: [...ways].map(([to, count]) => ({ to, ways: count })), final };
  }
}

function sizeOf(node: RegexNode): number {
  switch (node.kind) {
    case 'character':
      return 1;
    case 'sequence':
      return node.items.reduce((sum, item) => sum + sizeOf(item), 0);
    case 'alternation':
      return node.branches.reduce((sum, branch) => sum + sizeOf(branch), 0);
    case 'conditional':
      return sizeOf(node.yes) + sizeOf(node.no);
    case 'group':
      return sizeOf(node.body);
    case 'repeat':
      return sizeOf(node.body) * Math.max(1, node.max === Number.POSITIVE_INFINITY ? node.min + 1 : node.max);
    default:
      return 0;
  }
}

/** Divides all characters into classes so that each set is a union of classes. */
function classesOf(sets: readonly CharSet[]): { masks: bigint[]; representatives: string[] } {
  const distinct = [...new Map(sets.map((set) => [JSON.stringify(set), set])).entries()];
  const borders = new Set<number>([0]);
  for (const [, set] of distinct)
    for (const [first, last] of set) {
      borders.add(first);
      if (last < LAST_CODE_POINT) borders.add(last + 1);
    }
  const starts = [...borders].sort((a, b) => a - b);
  const members = new Map<bigint, [number, number][]>();
  starts.forEach((start, i) => {
    let signature = 0n;
    distinct.forEach(([, set], j) => {
      if (has(set, start)) signature |= 1n << BigInt(j);
    });
    const ranges = members.get(signature) ?? [];
    ranges.push([start, (starts[i + 1] ?? LAST_CODE_POINT + 1) - 1]);
    members.set(signature, ranges);
  });
  const signatures = [...members.keys()];
  const maskOf = new Map<string, bigint>();
  distinct.forEach(([key], j) => {
    let mask = 0n;
    signatures.forEach((signature, index) => {
      if (signature & (1n << BigInt(j))) mask |= 1n << BigInt(index);
    });
    maskOf.set(key, mask);
  });
  return {
    masks: sets.map((set) => maskOf.get(JSON.stringify(set))!),
    representatives: signatures.map((signature) => representative(charSet(members.get(signature)!))!),
  };
}

/** The most readable character among classes. */
export function characterOf(automaton: Automaton, classes: bigint): string {
  let best = '';
  for (let i = 0; classes >> BigInt(i); i++) {
    if (!((classes >> BigInt(i)) & 1n)) continue;
    const character = automaton.representatives[i]!;
    if (!best || readability(character) < readability(best)) best = character;
  }
  return best;
}

function readability(character: string): number {
  if (/[a-zA-Z0-9]/.test(character)) return 0;
  return /[\x20-\x7e]/.test(character) ? 1 : 2;
}

/** A character that none of the positions can read: it makes a match that stands there fail. */
export function characterOutside(automaton: Automaton, positions: Iterable<number>): string | undefined {
  let read: CharSet = [];
  for (const position of positions) read = charSet([...read, ...automaton.positions[position]!.set]);
  return representative(complement(read));
}

/** The shortest text that leads from one position to a goal; undefined when none does. */
export function shortestText(
  automaton: Automaton,
  from: number,
  isGoal: (position: number) => boolean,
): string | undefined {
  const texts = new Map<number, string>([[from, '']]);
  for (const [position, text] of texts) {
    if (isGoal(position)) return text;
    for (const { to } of automaton.positions[position]!.next)
      if (!texts.has(to)) texts.set(to, text + characterOf(automaton, automaton.positions[to]!.classes));
  }
  return undefined;
}
