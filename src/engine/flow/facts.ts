/** What was established about values and expressions, and how it is remembered. */
import type { Expression } from '../syntax/ast.ts';
import { evaluate, lookupName } from './expressions.ts';
import type { Frame } from './frame.ts';
import { KindSet, type Mark } from './kinds.ts';
import { type Taint, type Value, withTaint } from './values.ts';

/** Everything but the fact that it once came from a parameter. */
export function allClean(taint: Taint): Taint {
  return taint
    .filter((item) => item.origin.type === 'parameter')
    .map((item) => ({ ...item, clean: item.clean.with(KindSet.all) }));
}

/** The value of an expression is now known to be clean for these kinds. */
export function clean(frame: Frame, subject: Expression, kinds: KindSet): void {
  establish(frame, subject, (before) =>
    withTaint(
      before,
      before.taint.map((item) => ({ ...item, clean: item.clean.with(kinds) })),
    ),
  );
}

export function cleanMarked(frame: Frame, subject: Expression, mark: Mark, kinds: KindSet): void {
  const target = stripped(subject);
  establish(frame, target, (before) =>
    withTaint(
      before,
      before.taint.map((item) => (item.clean.has(mark) ? { ...item, clean: item.clean.with(kinds) } : item)),
    ),
  );
}

/** `str(path)`, `os.fspath(path)`: the same thing by another form. */
function stripped(subject: Expression): Expression {
  if (
    subject.kind === 'Call' &&
    subject.args.length === 1 &&
    subject.func.kind === 'Name' &&
    /^(str|Path)$/.test(subject.func.id)
  ) {
    return stripped(subject.args[0]!);
  }
  return subject;
}

/** Replaces the value of a name, or remembers a fact about any other expression. */
export function establish(frame: Frame, subject: Expression, change: (before: Value) => Value): void {
  frame.guarded = true;
  switch (subject.kind) {
    case 'Name': {
      const before = frame.state.get(subject.id);
      if (before) frame.state.set(subject.id, change(before));
      return;
    }
    case 'NamedExpr':
      establish(frame, subject.target, change);
      return;
    case 'Attribute':
    case 'Subscript':
    case 'Call': {
      const before = evaluateQuietly(frame, subject);
      frame.setFact(frame.factSlot(subject), change(before));
      // `x.lower() in ALLOWED` speaks of x as well, as does `str(x)`, `x.strip()`.
      if (subject.kind === 'Call' && subject.func.kind === 'Attribute' && SAME_TEXT.has(subject.func.attr)) {
        establishTaintOnly(frame, subject.func.value, change);
      } else if (stripped(subject) !== subject) {
        establishTaintOnly(frame, stripped(subject), change);
      }
      return;
    }
    default:
      return;
  }
}

export const SAME_TEXT = new Set([
  'lower',
  'upper',
  'strip',
  'casefold',
  'encode',
  'decode',
  'lstrip',
  'rstrip',
]);

function establishTaintOnly(frame: Frame, subject: Expression, change: (before: Value) => Value): void {
  establish(frame, subject, (before) => withTaint(before, change(before).taint));
}

/** All variables that hold something of the same origins are clean for these kinds. */
export function cleanOrigins(frame: Frame, taint: Taint, kinds: KindSet): void {
  const origins = new Set(taint.map((item) => item.origin));
  if (origins.size === 0) return;
  frame.guarded = true;
  for (const [name, value] of [...frame.state.names()]) {
    if (!value.taint.some((item) => origins.has(item.origin))) continue;
    frame.state.set(
      name,
      withTaint(
        value,
        value.taint.map((item) =>
          origins.has(item.origin) ? { ...item, clean: item.clean.with(kinds) } : item,
        ),
      ),
    );
  }
}

/** Evaluates again without reporting: the expression was evaluated a moment ago. */
export function evaluateQuietly(frame: Frame, node: Expression): Value {
  if (node.kind === 'Name') return lookupName(frame, node.id);
  const { collector } = frame.program;
  const wasQuiet = collector.quiet;
  collector.quiet = true;
  const value = evaluate(frame, node);
  collector.quiet = wasQuiet;
  return value;
}
