/** Checks of where a path leads. */
import type { Expression } from '../syntax/ast.ts';
import { clean, cleanMarked, cleanOrigins, evaluateQuietly } from './facts.ts';
import type { Frame } from './frame.ts';
import { KindSet, type Mark } from './kinds.ts';

export const PATH: KindSet = KindSet.of('path', 'archive-member');

/**
 * A path of which `..` is resolved lies in a directory. A directory without its separator also fits its neighbours,
 * `/srv/data-old`: then the check itself is reported, not what it guards.
 */
export function isInside(frame: Frame, subject: Expression): void {
  cleanMarked(frame, subject, 'normalized', PATH);
  // `os.path.abspath(path).startswith(root)`: the path leads where its resolved form leads.
  const whole = resolvedOperand(frame, subject);
  if (whole) clean(frame, whole, PATH);
  coverParameters(frame, whole ?? subject);
}

/** `path = Path(name).resolve()`, then a check of `path`: a function that does so has checked `name` for its callers. */
function coverParameters(frame: Frame, checked: Expression): void {
  const { taint } = evaluateQuietly(frame, checked);
  cleanOrigins(
    frame,
    taint.filter(({ origin, clean }) => origin.type === 'parameter' && clean.has('path')),
    PATH,
  );
}

/** What is resolved in `os.path.realpath(path)`, `path.resolve()`, `str(path.resolve())`. */
function resolvedOperand(frame: Frame, subject: Expression): Expression | undefined {
  if (subject.kind !== 'Call') return undefined;
  const { func, args } = subject;
  if (func.kind === 'Attribute' && /^(?:resolve|absolute)$/.test(func.attr)) return func.value;
  if (/(?:^|\.)(?:abspath|realpath|normpath)$/.test(frame.source(func))) return args[0];
  return func.kind === 'Name' && func.id === 'str' && args[0] ? resolvedOperand(frame, args[0]) : undefined;
}

/** Half of a check: a name without `..`, or one that does not begin at the root. Both together keep it in the directory. */
export function refineHalf(
  frame: Frame,
  subject: Expression,
  half: Extract<Mark, 'no-parent' | 'relative'>,
): void {
  cleanMarked(frame, subject, half === 'relative' ? 'no-parent' : 'relative', PATH);
  clean(frame, subject, KindSet.of(half));
}

/** `os.path.commonpath([base, path]) == base`, `os.path.dirname(path) == base`, `path.absolute().parent == base`. */
export function refineDerivedPath(frame: Frame, subject: Expression): boolean {
  const isDerived =
    subject.kind === 'Attribute'
      ? subject.attr === 'parent'
      : subject.kind === 'Call' && /\b(commonpath|commonprefix|dirname)$/.test(frame.source(subject.func));
  if (!isDerived) return false;
  const { start, end } = subject;
  for (const id of namesIn(subject)) {
    const name: Expression = { kind: 'Name', id, start, end };
    clean(frame, name, PATH);
    coverParameters(frame, name);
  }
  return true;
}

/** `root in path.parents` */
export function refineParents(frame: Frame, container: Expression): boolean {
  if (container.kind !== 'Attribute' || container.attr !== 'parents') return false;
  isInside(frame, container.value);
  return true;
}

/** Whether a value may come from outside: then it says nothing about others. */
export function isFromOutside(frame: Frame, expression: Expression): boolean {
  return frame.taintOf(evaluateQuietly(frame, expression)).some((item) => item.origin.type === 'source');
}

function namesIn(expression: Expression): string[] {
  switch (expression.kind) {
    case 'Name':
      return [expression.id];
    case 'Call':
      return [
        expression.func,
        ...expression.args,
        ...expression.keywords.map((keyword) => keyword.value),
      ].flatMap(namesIn);
    case 'List':
    case 'Tuple':
      return expression.elements.flatMap(namesIn);
    case 'Attribute':
    case 'Starred':
      return namesIn(expression.value);
    default:
      return [];
  }
}
