/** `match` statements: which cases can fit, and what their patterns bind. */
import type { Expression, Match, Pattern } from '../syntax/ast.ts';
import { readAttribute } from './access.ts';
import { evaluate } from './expressions.ts';
import type { Frame } from './frame.ts';
import { refine } from './guards.ts';
import { fieldNames } from './instances.ts';
import { elementOf, readItem } from './items.ts';
import { assignName } from './modules.ts';
import { knownElements } from './sequences.ts';
import type { State } from './state.ts';
import { execute } from './statements.ts';
import { INTERPOLATION } from './template-strings.ts';
import { constantOf, join, tainted, truth, UNKNOWN, type Value } from './values.ts';

export function executeMatch(frame: Frame, statement: Match): boolean {
  let subject = evaluate(frame, statement.subject);
  const base = frame.state;
  const ends: State[] = [];
  let exhaustive = false;
  for (const branch of statement.cases) {
    const known = matches(frame, branch.pattern, subject);
    if (known === false) continue;
    frame.state = base.fork();
    bindPattern(frame, branch.pattern, subject, statement.subject);
    if (branch.guard) {
      const guard = truth(evaluate(frame, branch.guard));
      if (guard === false) continue;
      const before = frame.state;
      subject = known === true ? leftOver(frame, before, branch.pattern, branch.guard, subject) : subject;
      frame.state = before;
      refine(frame, branch.guard, true);
    }
    if (execute(frame, branch.body)) ends.push(frame.state);
    if (known === true && !branch.guard) {
      exhaustive = true;
      break;
    }
  }
  if (!exhaustive) ends.push(base.fork());
  frame.state = base;
  return base.absorb(ends);
}

/** The subject as the cases behind `case name if check(name):` meet it: the check has failed. */
function leftOver(frame: Frame, bound: State, pattern: Pattern, guard: Expression, subject: Value): Value {
  if (pattern.kind !== 'MatchAs' || pattern.pattern || !pattern.name) return subject;
  frame.state = bound.fork();
  refine(frame, guard, false);
  return frame.state.get(pattern.name) ?? subject;
}

/** Whether a pattern fits for sure (true), cannot (false), or may. */
function matches(frame: Frame, pattern: Pattern, subject: Value): boolean | undefined {
  switch (pattern.kind) {
    case 'MatchAs':
      return pattern.pattern ? matches(frame, pattern.pattern, subject) : true;
    case 'MatchValue': {
      const a = subject.shape;
      const b = evaluate(frame, pattern.value).shape;
      return a.kind === 'constant' && b.kind === 'constant' ? a.value === b.value : undefined;
    }
    case 'MatchOr': {
      const results = pattern.patterns.map((part) => matches(frame, part, subject));
      return results.includes(true) ? true : results.every((result) => result === false) ? false : undefined;
    }
    default:
      return undefined;
  }
}

function bindPattern(frame: Frame, pattern: Pattern, subject: Value, node: Expression | null): void {
  switch (pattern.kind) {
    case 'MatchAs':
      if (pattern.pattern) bindPattern(frame, pattern.pattern, subject, node);
      if (pattern.name) assignName(frame, pattern.name, constantsOf(frame, pattern.pattern) ?? subject);
      return;
    case 'MatchStar':
      if (pattern.name) assignName(frame, pattern.name, tainted(frame.taintOf(subject)));
      return;
    case 'MatchSequence': {
      const elements = knownElements(frame, subject);
      const star = pattern.patterns.findIndex((part) => part.kind === 'MatchStar');
      pattern.patterns.forEach((part, i) => {
        const position =
          star >= 0 && i > star && elements ? elements.length - (pattern.patterns.length - i) : i;
        bindPattern(frame, part, elements?.[position] ?? elementOf(frame, subject), null);
      });
      return;
    }
    case 'MatchMapping':
      pattern.patterns.forEach((part, i) => {
        const key = pattern.keys[i];
        bindPattern(frame, part, key ? readItem(frame, subject, evaluate(frame, key), key) : UNKNOWN, null);
      });
      if (pattern.rest) assignName(frame, pattern.rest, tainted(frame.taintOf(subject)));
      return;
    case 'MatchClass': {
      const cls = evaluate(frame, pattern.cls);
      const harmless = cls.shape.kind === 'api' && /^builtins\.(int|float|bool)$/.test(cls.shape.node.path);
      const inner = harmless ? UNKNOWN : subject;
      const fields = matchArguments(frame, cls);
      pattern.patterns.forEach((part, i) => {
        const field = fields[i];
        const place = field === undefined ? inner : readAttribute(frame, subject, field, pattern.cls);
        bindPattern(frame, part, place, null);
      });
      pattern.keywordPatterns.forEach((part, i) => {
        const name = pattern.keywordNames[i];
        bindPattern(frame, part, name ? readAttribute(frame, subject, name, pattern.cls) : UNKNOWN, null);
      });
      if (harmless && node?.kind === 'Name') assignName(frame, node.id, UNKNOWN);
      return;
    }
    case 'MatchOr':
      if (node?.kind === 'Name' && pattern.patterns.every((part) => part.kind === 'MatchValue')) {
        assignName(frame, node.id, joinAllConstants(frame, pattern.patterns));
      }
      for (const part of pattern.patterns)
        if (part.kind !== 'MatchValue') bindPattern(frame, part, subject, node);
      return;
    case 'MatchValue':
      // The subject equals a constant here.
      if (node?.kind === 'Name') assignName(frame, node.id, evaluate(frame, pattern.value));
      return;
  }
}

/** The attributes that the places of a class pattern speak of. https://docs.python.org/3/reference/datamodel.html#object.__match_args__ */
function matchArguments(frame: Frame, { shape }: Value): readonly string[] {
  if (shape.kind === 'api')
    return shape.node.path === INTERPOLATION ? ['value', 'expression', 'conversion'] : [];
  if (shape.kind !== 'class') return [];
  const written = shape.cls.member('__match_args__')?.value;
  const names = written && knownElements(frame, written)?.map(constantOf);
  return names ? names.map(String) : fieldNames(shape.cls);
}

/** What `'a' | 'b'` admits. */
function constantsOf(frame: Frame, pattern: Pattern | null): Value | undefined {
  const parts = pattern?.kind === 'MatchOr' ? pattern.patterns : pattern ? [pattern] : [];
  return parts.length > 0 && parts.every((part) => part.kind === 'MatchValue')
    ? joinAllConstants(frame, parts)
    : undefined;
}

function joinAllConstants(frame: Frame, patterns: readonly Pattern[]): Value {
  let sum: Value | null = null;
  for (const pattern of patterns) {
    if (pattern.kind !== 'MatchValue') continue;
    const value = evaluate(frame, pattern.value);
    sum = sum ? join(sum, value) : value;
  }
  return sum ?? UNKNOWN;
}
