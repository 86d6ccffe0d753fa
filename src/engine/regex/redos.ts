import { type Candidate, candidatesIn } from './ambiguity.ts';
import { automatonOf } from './automaton.ts';
import { runMatch } from './match.ts';
import { parseRegex } from './parse.ts';
import { type Flags, type MatchMode, nodesOf, type Regex } from './syntax.ts';

/** Why one text can be matched in many ways. */
export type Cause =
  /** A loop can read the same text in several ways: `(a+)+`, `(a|a)*`. */
  | 'ambiguous-loop'
  /** Loops that follow each other share characters: `\s*\s*`. */
  | 'adjacent-loops'
  /** A search begins again at each character of what a loop reads: `\s+$`. */
  | 'restarted-search';

export interface SlowRegex {
  readonly verdict: 'slow';
  readonly complexity: 'exponential' | 'polynomial';
  /** Of the polynomial: time grows as length to this power; undefined when exponential. */
  readonly degree: number | undefined;
  readonly cause: Cause;
  /** The attack is prefix, then pump many times, then suffix. */
  readonly prefix: string;
  readonly pump: string;
  readonly suffix: string;
  /** The culprit, as offsets into the pattern. */
  readonly start: number;
  readonly end: number;
  /** One sentence, with the culprit in backticks. */
  readonly explanation: string;
}

export type Backtracking =
  | SlowRegex
  | { readonly verdict: 'fast' }
  | { readonly verdict: 'gave-up'; readonly why: string }
  | { readonly verdict: 'invalid'; readonly why: string };

/** Steps of the simulated matcher for one pattern: some tens of milliseconds. */
const STEPS_PER_PATTERN = 3_000_000;
const STEPS_PER_RUN = 250_000;

/**
 * Finds texts on which Python's backtracking takes exponential time, or polynomial of degree 2 and more.
 * The ambiguity is searched in the pattern's automaton (Weideman et al., "Analyzing Matching Time Behavior of
 * Backtracking Regular Expression Matchers by Using Ambiguity of NFA", 2016) and each suspicion is tried on a
 * simulated matcher: only measured growth is reported.
 */
export function analyseBacktracking(pattern: string, mode: MatchMode, flags: Flags = {}): Backtracking {
  return backtracking(pattern, mode, flags, () => true);
}

/**
 * The same for who acts upon exponential time only: without a loop that can read one text in two ways there is
 * none, and the far more common suspicions of polynomial time need not be tried.
 */
export function exponentialBacktracking(
  pattern: string,
  mode: MatchMode,
  flags: Flags = {},
): SlowRegex | undefined {
  const result = backtracking(pattern, mode, flags, (candidates) =>
    candidates.some(({ kind }) => kind === 'loop'),
  );
  return result.verdict === 'slow' && result.complexity === 'exponential' ? result : undefined;
}

function backtracking(
  pattern: string,
  mode: MatchMode,
  flags: Flags,
  isWorthTrying: (candidates: readonly Candidate[]) => boolean,
): Backtracking {
  const parsed = parseRegex(pattern, flags);
  if (!parsed.ok) return { verdict: 'invalid', why: parsed.error };
  const { regex } = parsed;
  if (!hasLongRepeat(regex)) return { verdict: 'fast' };
  const automaton = automatonOf(regex, mode === 'search' && !startsAnchored(regex));
  if (!automaton) return { verdict: 'gave-up', why: 'the pattern is too large' };

  const found = candidatesIn(automaton);
  if (found.complete && !isWorthTrying(found.candidates)) return { verdict: 'fast' };
  const trial = new Trial(regex, mode);
  let slowest: SlowRegex | undefined;
  for (const candidate of found.candidates) {
    if (slowest && slowest.cause !== 'restarted-search' && candidate.kind === 'search') continue;
    const growth = trial.measure(candidate);
    if (!growth) continue;
    const slow = report(regex, candidate, growth);
    if (growth.degree === undefined) return slow;
    if ((slowest?.degree ?? 0) < growth.degree) slowest = slow;
  }
  if (slowest) return slowest;
  if (found.complete && !trial.exhausted) return { verdict: 'fast' };
  return { verdict: 'gave-up', why: 'the analysis took too many steps' };
}

/** The n-fold attack as text. */
export function attackText(slow: SlowRegex, repetitions: number): string {
  return slow.prefix + slow.pump.repeat(repetitions) + slow.suffix;
}

/** Repeats of a few characters at most cannot make a matcher slow. */
function hasLongRepeat(regex: Regex): boolean {
  for (const node of nodesOf(regex.root)) if (node.kind === 'repeat' && node.max >= 100) return true;
  return false;
}

function startsAnchored(regex: Regex): boolean {
  let node = regex.root;
  for (;;) {
    if (node.kind === 'anchor') return node.at === 'start';
    if (node.kind === 'sequence' && node.items[0]) node = node.items[0];
    else if (node.kind === 'group') node = node.body;
    else return false;
  }
}

interface Growth {
  /** undefined when exponential. */
  readonly degree: number | undefined;
  readonly suffix: string;
}

class Trial {
  private readonly regex: Regex;
  private readonly mode: MatchMode;
  private stepsLeft = STEPS_PER_PATTERN;

  constructor(regex: Regex, mode: MatchMode) {
    this.regex = regex;
    this.mode = mode;
  }

  get exhausted(): boolean {
    return this.stepsLeft <= 0;
  }

  /** The growth with the first suffix that makes the match slow; undefined when none does. */
  measure(candidate: Candidate): Growth | undefined {
    for (const suffix of candidate.suffixes) {
      const degree = this.growth(candidate.prefix, candidate.pump, suffix);
      if (degree === 'exponential') return { degree: undefined, suffix };
      if (degree >= 2) return { degree, suffix };
    }
    return undefined;
  }

  /** Steps for n repetitions: Infinity when they are more than a run may take, NaN when it cannot be told. */
  private steps(prefix: string, pump: string, suffix: string, n: number): number {
    if (this.exhausted) return Number.NaN;
    const run = runMatch(this.regex, prefix + pump.repeat(n) + suffix, this.mode, STEPS_PER_RUN);
    this.stepsLeft -= run.steps;
    if (run.outcome !== 'gave-up') return run.steps;
    return run.steps > STEPS_PER_RUN ? Number.POSITIVE_INFINITY : Number.NaN;
  }

  private growth(prefix: string, pump: string, suffix: string): number | 'exponential' {
    let before = 0;
    let degree = 0;
    for (let n = 4; n <= 512; n *= 2) {
      const steps = this.steps(prefix, pump, suffix, n);
      if (steps === Number.POSITIVE_INFINITY && n <= 64) {
        if (this.isExponential(prefix, pump, suffix)) return 'exponential';
        // So many steps for so few repetitions are no linear growth, however it began.
        return Math.max(2, Math.round(degree));
      }
      if (!Number.isFinite(steps)) break;
      if (before) degree = Math.log2(steps / before);
      if (n === 128 && degree < 1.3) return 1;
      before = steps;
    }
    return degree >= 1.75 ? Math.round(degree) : 1;
  }

  /** Equal additions to the length multiply the time; in a polynomial they multiply it less and less. */
  private isExponential(prefix: string, pump: string, suffix: string): boolean {
    const logarithm = (n: number): number => Math.log(this.steps(prefix, pump, suffix, n));
    let exponential = false;
    for (const third of [1, 2, 3, 4, 6, 8, 12, 16, 20]) {
      const [low, middle, high] = [logarithm(third), logarithm(2 * third), logarithm(3 * third)];
      if (!Number.isFinite(high)) break;
      exponential = high - middle >= 0.85 * (middle - low) && high - low > Math.LN2;
    }
    return exponential;
  }
}

function report(regex: Regex, candidate: Candidate, growth: Growth): SlowRegex {
  const { start, end } = culpritOf(regex, candidate);
  const culprit = regex.pattern.slice(start, end);
  const cause: Cause =
    candidate.kind === 'search'
      ? 'restarted-search'
      : candidate.kind === 'loop'
        ? 'ambiguous-loop'
        : 'adjacent-loops';
  const reason = {
    'ambiguous-loop': `the loop \`${culprit}\` can match the same text in more than one way`,
    'adjacent-loops': `the loops in \`${culprit}\` can share the same text in more than one way`,
    'restarted-search': `the search starts again inside the text that \`${culprit}\` reads`,
  }[cause];
  const pump = JSON.stringify(candidate.pump);
  const time =
    growth.degree === undefined
      ? `each further ${pump} multiplies the time`
      : `the time grows with the length to the power of ${growth.degree}`;
  return {
    verdict: 'slow',
    complexity: growth.degree === undefined ? 'exponential' : 'polynomial',
    degree: growth.degree,
    cause,
    prefix: candidate.prefix,
    pump: candidate.pump,
    suffix: growth.suffix,
    start,
    end,
    explanation: `${reason}, and when the match fails after many ${pump} all ways are tried: ${time}`,
  };
}

/** The repeats that the ambiguous characters stand in. */
function culpritOf(regex: Regex, candidate: Candidate): { start: number; end: number } {
  const repeats = [...nodesOf(regex.root)].filter((node) => node.kind === 'repeat' && node.max >= 100);
  const inner = (start: number, end: number) =>
    repeats
      .filter((repeat) => repeat.start <= start && repeat.end >= end)
      .sort((a, b) => a.end - a.start - (b.end - b.start));
  const start = Math.min(...candidate.nodes.map((node) => node.start));
  const end = Math.max(...candidate.nodes.map((node) => node.end));
  if (candidate.kind === 'loop') {
    const around = inner(start, end);
    // One character that is in two loops at once: the outer one makes it ambiguous.
    const nested = candidate.nodes[0] === candidate.nodes[1] ? around[1] : undefined;
    return nested ?? around[0] ?? { start, end };
  }
  const loops = candidate.nodes.map((node) => inner(node.start, node.end)[0] ?? node);
  return wholeItems(regex, {
    start: Math.min(...loops.map((loop) => loop.start)),
    end: Math.max(...loops.map((loop) => loop.end)),
  });
}

/** Widens a stretch so that it cuts no group in two. */
function wholeItems(regex: Regex, stretch: { start: number; end: number }): { start: number; end: number } {
  const around = [...nodesOf(regex.root)]
    .filter((node) => node.kind === 'sequence' && node.start <= stretch.start && node.end >= stretch.end)
    .at(-1);
  if (around?.kind !== 'sequence') return stretch;
  const touched = around.items.filter((item) => item.end > stretch.start && item.start < stretch.end);
  return { start: touched[0]?.start ?? stretch.start, end: touched.at(-1)?.end ?? stretch.end };
}
