/** How a branch of a condition turns a value away. */
import type { Statement } from '../syntax/ast.ts';
import { lastName } from '../syntax/headers.ts';

/** What is said of a value that is refused because it could do harm. */
export const SAYS_UNSAFE =
  /["'][^"']*\b(?:not allowed|forbidden|not permitted|unsafe|traversal|malicious|dangerous|tainted|untrusted|insecure|injection)\b/i;

/** Whether a branch ends so that what was asked about is not used: it leaves, or another value is put in its place. */
export function turnsAway(end: Statement): boolean {
  return refuses([end]) || end.kind === 'Continue' || end.kind === 'Break' || end.kind === 'Assign';
}

/** `raise`, `abort(…)`, or the return of nothing; another value that is returned may be an answer. */
export function isRefusal(statement: Statement | undefined): boolean {
  if (statement?.kind !== 'Return') return statement !== undefined && refuses([statement]);
  const { value } = statement;
  return !value || (value.kind === 'Constant' && value.value !== 'True');
}

/** Whether a branch of a condition ends what is being done. */
export function refuses(branch: readonly Statement[]): boolean {
  const last = branch.at(-1);
  return (
    last?.kind === 'Raise' ||
    last?.kind === 'Return' ||
    (last?.kind === 'ExpressionStatement' &&
      last.value.kind === 'Call' &&
      /^(?:abort|die|fail|exit|respond_forbidden)$/.test(lastName(last.value)))
  );
}
