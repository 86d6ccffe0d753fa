import { type CharSet, category, has } from './charset.ts';
import type { MatchMode, Regex, RegexNode, Repeat } from './syntax.ts';

/** How a match ended, and after how many steps: a step is one node tried at one place. */
export interface MatchRun {
  readonly outcome: 'matched' | 'failed' | 'gave-up';
  readonly steps: number;
  /** UTF-16 offset of the match's end; -1 unless matched. */
  readonly end: number;
}

/** Goes on with what follows in the pattern; the arguments are indexes of code points. */
type Continue = (at: number) => boolean;
type Matcher = (at: number, next: Continue) => boolean;

class OutOfSteps extends Error {}

/** Nodes of the pattern that may wait for what follows; each takes a few frames of the thread's stack. */
const DEEPEST_STACK = 1_200;

/**
 * Matches as Python's backtracking engine does, in the same order and without memory of failed attempts, so
 * that the count of steps grows as its time does. Gives up after `budget` steps, or sooner
 * (with fewer steps) when the match needs too much of the stack.
 * https://github.com/python/cpython/blob/main/Modules/_sre/sre_lib.h
 */
export function runMatch(regex: Regex, text: string, mode: MatchMode, budget: number): MatchRun {
  let run = machines.get(regex);
  if (!run) {
    run = new Machine(regex);
    machines.set(regex, run);
  }
  try {
    const end = run.find(text, mode, budget);
    return {
      outcome: end < 0 ? 'failed' : 'matched',
      steps: run.steps,
      end: end < 0 ? -1 : run.offsetOf(end),
    };
  } catch (error) {
    if (error instanceof OutOfSteps || error instanceof RangeError)
      return { outcome: 'gave-up', steps: run.steps, end: -1 };
    throw error;
  }
}

/** One pattern is tried on many texts. */
const machines = new WeakMap<Regex, Machine>();

class Machine {
  steps = 0;
  private depth = 0;
  private text: readonly number[] = [];
  private budget = 0;
  /** Start and end of each group, or undefined while it has not taken part. */
  private groups: ([number, number] | undefined)[] = [];
  private readonly groupCount: number;
  private readonly matcher: Matcher;

  constructor(regex: Regex) {
    this.groupCount = regex.groupCount;
    this.matcher = this.compile(regex.root);
  }

  offsetOf(index: number): number {
    return String.fromCodePoint(...this.text.slice(0, index)).length;
  }

  /** The end of the first match; -1 if there is none. */
  find(text: string, mode: MatchMode, budget: number): number {
    this.text = Array.from(text, (character) => character.codePointAt(0)!);
    this.budget = budget;
    this.steps = 0;
    this.depth = 0;
    const starts = mode === 'search' ? this.text.length : 0;
    for (let start = 0; start <= starts; start++) {
      this.groups = new Array(this.groupCount + 1).fill(undefined);
      let end = -1;
      const accepted = this.matcher(start, (at) => {
        if (mode === 'fullmatch' && at !== this.text.length) return false;
        end = at;
        return true;
      });
      if (accepted) return end;
    }
    return -1;
  }

  private step(): void {
    if (++this.steps > this.budget) throw new OutOfSteps();
  }

  private compile(node: RegexNode): Matcher {
    const matcher = this.compileBare(node);
    return (at, next) => {
      this.step();
      if (++this.depth > DEEPEST_STACK) throw new OutOfSteps();
      const matched = matcher(at, next);
      this.depth--;
      return matched;
    };
  }

  private compileBare(node: RegexNode): Matcher {
    switch (node.kind) {
      case 'character': {
        const fits = membership(node.set);
        return (at, next) => at < this.text.length && fits(this.text[at]!) && next(at + 1);
      }
      case 'sequence':
        return this.inSequence(node.items.map((item) => this.compile(item)));
      case 'alternation': {
        const branches = node.branches.map((branch) => this.compile(branch));
        return (at, next) => branches.some((branch) => branch(at, next));
      }
      case 'group':
        return this.group(this.compile(node.body), node.number, node.atomic);
      case 'repeat':
        return this.repeat(node);
      case 'look': {
        const body = this.once(this.compile(node.body));
        return (at, next) => {
          const from = at - node.width;
          return (from >= 0 && body(from) >= 0) !== node.negative && next(at);
        };
      }
      case 'anchor':
        return (at, next) => this.isAt(node.at, at) && next(at);
      case 'back-reference':
        return (at, next) => {
          const group = this.groups[node.group];
          if (!group) return false;
          const [start, end] = group;
          for (let i = start; i < end; i++)
            if (!this.sameCharacter(this.text[i]!, this.text[at + i - start], node.ignoreCase)) return false;
          return next(at + end - start);
        };
      case 'conditional': {
        const yes = this.compile(node.yes);
        const no = this.compile(node.no);
        return (at, next) => (this.groups[node.group] ? yes : no)(at, next);
      }
    }
  }

  private sameCharacter(a: number, b: number | undefined, ignoreCase: boolean): boolean {
    if (b === undefined) return false;
    if (a === b) return true;
    return ignoreCase && String.fromCodePoint(a).toLowerCase() === String.fromCodePoint(b).toLowerCase();
  }

  private inSequence(items: readonly Matcher[]): Matcher {
    const from = (i: number, at: number, next: Continue): boolean => {
      const item = items[i];
      return item ? item(at, (after) => from(i + 1, after, next)) : next(at);
    };
    return (at, next) => from(0, at, next);
  }

  /** Matches without coming back: the end of the first way, or -1. */
  private once(matcher: Matcher): (at: number) => number {
    return (at) => {
      let end = -1;
      matcher(at, (after) => {
        end = after;
        return true;
      });
      return end;
    };
  }

  private group(body: Matcher, number: number | undefined, atomic: boolean): Matcher {
    if (atomic) {
      const once = this.once(body);
      return (at, next) => {
        const end = once(at);
        return end >= 0 && next(end);
      };
    }
    if (number === undefined) return body;
    return (at, next) =>
      body(at, (after) => {
        const before = this.groups[number];
        this.groups[number] = [at, after];
        if (next(after)) return true;
        this.groups[number] = before;
        return false;
      });
  }

  private repeat(node: Repeat): Matcher {
    if (node.greed === 'possessive')
      return this.group(this.repeat({ ...node, greed: 'greedy' }), undefined, true);
    if (node.body.kind === 'character') return this.repeatCharacter(node);
    const body = this.compile(node.body);
    // An iteration that took nothing is not followed by another, but by the rest of the pattern.
    const iterate = (at: number, count: number, last: number, next: Continue): boolean => {
      this.step();
      const again = (after: number): boolean => iterate(after, count + 1, at, next);
      if (count < node.min) return body(at, again);
      const more = count < node.max && at !== last;
      if (node.greed === 'lazy') return next(at) || (more && body(at, again));
      return (more && body(at, again)) || next(at);
    };
    return (at, next) => iterate(at, 0, -1, next);
  }

  private repeatCharacter(node: Repeat): Matcher {
    const isMember = membership(node.body.kind === 'character' ? node.body.set : []);
    const fits = (at: number): boolean => {
      this.step();
      return at < this.text.length && isMember(this.text[at]!);
    };
    if (node.greed === 'lazy')
      return (at, next) => {
        for (let count = 0; ; count++) {
          if (count >= node.min && next(at + count)) return true;
          if (count >= node.max || !fits(at + count)) return false;
        }
      };
    return (at, next) => {
      let count = 0;
      while (count < node.max && fits(at + count)) count++;
      for (; count >= node.min; count--) {
        this.step();
        if (next(at + count)) return true;
      }
      return false;
    };
  }

  private isAt(anchor: string, at: number): boolean {
    const length = this.text.length;
    switch (anchor) {
      case 'start':
        return at === 0;
      case 'line-start':
        return at === 0 || this.text[at - 1] === 10;
      case 'end':
        return at === length;
      case 'end-or-newline':
        return at === length || (at === length - 1 && this.text[at] === 10);
      case 'line-end':
        return at === length || this.text[at] === 10;
      default: {
        const boundary = this.isWord(at - 1) !== this.isWord(at);
        return boundary === (anchor === 'word-boundary');
      }
    }
  }

  private isWord(at: number): boolean {
    const codePoint = this.text[at];
    return codePoint !== undefined && has(category('w', false), codePoint);
  }
}

/** Whether a character is in the set; ASCII, which the texts are made of, by a table. */
function membership(set: CharSet): (codePoint: number) => boolean {
  const ascii = Uint8Array.from({ length: 128 }, (_, codePoint) => (has(set, codePoint) ? 1 : 0));
  return (codePoint) => (codePoint < 128 ? ascii[codePoint] === 1 : has(set, codePoint));
}
