import { type Automaton, characterOf, characterOutside } from './automaton.ts';
import type { Character } from './syntax.ts';

/** A text that may have many ways through the pattern; whether it has is for the simulated matcher to say. */
export interface Candidate {
  /** loop: two ways around one loop. chain: two loops that share a text. search: the search and a loop. */
  readonly kind: 'loop' | 'chain' | 'search';
  readonly prefix: string;
  readonly pump: string;
  /** Texts that may make the match fail. */
  readonly suffixes: readonly string[];
  /** The characters of the pattern where the ways part; the same one twice when both ways lead to it. */
  readonly nodes: readonly Character[];
}

const MOST_STEPS = 150_000;
const MOST_CANDIDATES = 16;
/** A loop's positions that are tried as the place where the ways part. */
const MOST_PIVOTS = 8;

/** Candidates of loops first. Not complete when a limit was met. */
export function candidatesIn(automaton: Automaton): { candidates: readonly Candidate[]; complete: boolean } {
  const finder = new Finder(automaton);
  finder.findLoops();
  finder.findChains();
  return { candidates: finder.candidates, complete: finder.stepsLeft > 0 };
}

class Finder {
  readonly candidates: Candidate[] = [];
  stepsLeft = MOST_STEPS;
  private readonly automaton: Automaton;
  /** The strongly connected component of each position, or -1 outside loops. */
  private readonly component: readonly number[];
  private readonly seen = new Set<string>();

  constructor(automaton: Automaton) {
    this.automaton = automaton;
    this.component = componentsOf(automaton);
  }

  findLoops(): void {
    for (let p = 0; p < this.automaton.positions.length; p++) {
      const component = this.component[p]!;
      if (component < 0) continue;
      const next = this.position(p).next.filter((edge) => this.component[edge.to] === component);
      for (const [i, edge] of next.entries()) {
        if (edge.ways > 1) this.addLoop(p, edge.to, edge.to, this.classesOf(edge.to));
        for (const other of next.slice(i + 1)) {
          const common = this.classesOf(edge.to) & this.classesOf(other.to);
          if (common) this.addLoop(p, edge.to, other.to, common);
        }
      }
    }
  }

  /** The ways part after p to q and r on a character of `common`; they must meet again and come back to p. */
  private addLoop(p: number, q: number, r: number, common: bigint): void {
    const component = this.component[p]!;
    const inLoop = (position: number) => this.component[position] === component;
    const meeting = this.walk([q, r], ([a, b]) => a === b, inLoop);
    if (!meeting) return;
    const back = this.walk([meeting.at[0]!], ([a]) => a === p, inLoop);
    if (!back) return;
    const pump = characterOf(this.automaton, common) + meeting.word + back.word;
    this.add('loop', p, pump, [q, r]);
  }

  findChains(): void {
    const loops = new Map<number, number[]>();
    this.component.forEach((component, position) => {
      if (component < 0) return;
      loops.set(component, [...(loops.get(component) ?? []), position]);
    });
    const pivots = [...loops.values()].map((positions) => positions.slice(0, MOST_PIVOTS));
    for (const first of pivots)
      for (const second of pivots) {
        if (first === second || !this.overlap(first, second)) continue;
        const reachable = this.reachableFrom(first[0]!);
        if (reachable.has(second[0]!)) this.addChain(first, second);
      }
  }

  private overlap(first: readonly number[], second: readonly number[]): boolean {
    const all = (positions: readonly number[]) =>
      positions.reduce((classes, position) => classes | this.classesOf(position), 0n);
    return (all(first) & all(second)) !== 0n;
  }

  /** One text leads from p to p, from p to q, and from q to q. */
  private addChain(first: readonly number[], second: readonly number[]): void {
    for (const p of first)
      for (const q of second) {
        const inLoops = (position: number, index: number) =>
          index === 1 || this.component[position] === this.component[index === 0 ? p : q];
        const round = this.walk([p, p, q], ([a, b, c]) => a === p && b === q && c === q, inLoops);
        if (!round?.word) continue;
        this.add(this.position(p).node ? 'chain' : 'search', p, round.word, [p, q]);
        return;
      }
  }

  private add(kind: Candidate['kind'], p: number, pump: string, at: readonly number[]): void {
    const prefix = this.position(p).node
      ? this.walk(
          [0],
          ([a]) => a === p,
          () => true,
        )?.word
      : '';
    const key = JSON.stringify([kind, prefix, pump]);
    if (prefix === undefined || this.seen.has(key) || this.candidates.length >= MOST_CANDIDATES) return;
    this.seen.add(key);
    const nodes = at.map((position) => this.position(position).node).filter((node) => node !== undefined);
    this.candidates.push({ kind, prefix, pump, suffixes: this.suffixesFor(prefix + pump), nodes });
  }

  /** A character that cannot follow, one that the pattern never reads, nothing, and line breaks. */
  private suffixesFor(text: string): readonly string[] {
    const following = new Set<number>();
    for (const position of this.readersOf(text))
      for (const edge of this.position(position).next)
        if (this.position(edge.to).node) following.add(edge.to);
    const all = this.automaton.positions.flatMap((position, index) => (position.node ? [index] : []));
    const outside = characterOutside(this.automaton, all);
    const unexpected = characterOutside(this.automaton, following);
    return [...new Set([unexpected, outside, '', '\n\n', '\0'].filter((suffix) => suffix !== undefined))];
  }

  /** The positions in which the automaton may stand after a text. */
  private readersOf(text: string): ReadonlySet<number> {
    let current = new Set([0]);
    for (const character of text) {
      const index = this.automaton.representatives.indexOf(character);
      const bit = index < 0 ? 0n : 1n << BigInt(index);
      const next = new Set<number>();
      for (const position of current)
        for (const edge of this.position(position).next) if (this.classesOf(edge.to) & bit) next.add(edge.to);
      current = next;
    }
    return current;
  }

  /**
   * The shortest text that leads several tokens, moving together on the same characters, to a goal.
   * undefined when there is none, or when the steps are used up.
   */
  private walk(
    start: readonly number[],
    isGoal: (at: readonly number[]) => boolean,
    mayStand: (position: number, index: number) => boolean,
  ): { at: readonly number[]; word: string } | undefined {
    if (isGoal(start)) return { at: start, word: '' };
    const cameFrom = new Map<string, { before: string; character: string } | undefined>([
      [start.join(), undefined],
    ]);
    let frontier: (readonly number[])[] = [start];
    while (frontier.length) {
      const next: (readonly number[])[] = [];
      for (const at of frontier) {
        for (const move of this.moves(at, mayStand)) {
          const key = move.to.join();
          if (--this.stepsLeft <= 0) return undefined;
          if (cameFrom.has(key)) continue;
          cameFrom.set(key, { before: at.join(), character: characterOf(this.automaton, move.classes) });
          if (isGoal(move.to)) return { at: move.to, word: this.wordTo(key, cameFrom) };
          next.push(move.to);
        }
      }
      frontier = next;
    }
    return undefined;
  }

  private wordTo(
    key: string,
    cameFrom: ReadonlyMap<string, { before: string; character: string } | undefined>,
  ): string {
    let word = '';
    for (let step = cameFrom.get(key); step; step = cameFrom.get(step.before)) word = step.character + word;
    return word;
  }

  private *moves(
    at: readonly number[],
    mayStand: (position: number, index: number) => boolean,
    index = 0,
    classes = -1n,
    to: readonly number[] = [],
  ): Generator<{ to: readonly number[]; classes: bigint }> {
    const position = at[index];
    if (position === undefined) {
      yield { to, classes };
      return;
    }
    for (const edge of this.position(position).next) {
      const common = classes & this.classesOf(edge.to);
      if (common && mayStand(edge.to, index))
        yield* this.moves(at, mayStand, index + 1, common, [...to, edge.to]);
    }
  }

  private reachableFrom(position: number): ReadonlySet<number> {
    const reached = new Set<number>();
    const open = [position];
    for (let at = open.pop(); at !== undefined; at = open.pop())
      for (const edge of this.position(at).next)
        if (!reached.has(edge.to)) {
          reached.add(edge.to);
          open.push(edge.to);
        }
    return reached;
  }

  private position(index: number) {
    return this.automaton.positions[index]!;
  }

  private classesOf(index: number): bigint {
    return this.position(index).classes;
  }
}

/** Tarjan's strongly connected components; positions that cannot come back to themselves have -1. */
function componentsOf(automaton: Automaton): number[] {
  const { positions } = automaton;
  const component = new Array<number>(positions.length).fill(-1);
  const order = new Map<number, number>();
  const low = new Map<number, number>();
  const stack: number[] = [];
  const onStack = new Set<number>();
  let count = 0;
  const visit = (at: number): void => {
    order.set(at, order.size);
    low.set(at, order.get(at)!);
    stack.push(at);
    onStack.add(at);
    for (const { to } of positions[at]!.next) {
      if (!order.has(to)) {
        visit(to);
        low.set(at, Math.min(low.get(at)!, low.get(to)!));
      } else if (onStack.has(to)) low.set(at, Math.min(low.get(at)!, order.get(to)!));
    }
    if (low.get(at) !== order.get(at)) return;
    const members: number[] = [];
    for (;;) {
      const member = stack.pop()!;
      onStack.delete(member);
      members.push(member);
      if (member === at) break;
    }
    const loops = members.length > 1 || positions[at]!.next.some((edge) => edge.to === at);
    if (!loops) return;
    for (const member of members) component[member] = count;
    count++;
  };
  for (let at = 0; at < positions.length; at++) if (!order.has(at)) visit(at);
  return component;
}
