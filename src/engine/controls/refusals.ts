/** How a branch of a condition turns a value away. */
import type { Call, Statement } from '../syntax/ast.ts';
import { dottedName, lastName } from '../syntax/headers.ts';

/** What is said of a value that is refused because it could do harm. */
const SAYS_UNSAFE =
  /["'][^"']*\b(?:not allowed|forbidden|not permitted|unsafe|traversal|malicious|dangerous|tainted|untrusted|insecure|injection)\b/i;

/** An exception of which the name says so. */
const RAISES_UNSAFE =
  /^raise\s+[\w.]*(?:Security|Unsafe|Traversal|Blocked|NotAllowed|Disallowed|Suspicious|Untrusted)\w*/;

/** Whether a branch that ends like this says that the value could do harm. */
export function saysUnsafe(end: string): boolean {
  return SAYS_UNSAFE.test(end) || RAISES_UNSAFE.test(end);
}

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
    (last?.kind === 'ExpressionStatement' && last.value.kind === 'Call' && endsProgram(last.value))
  );
}

/** Calls that never come back, by their names: `sys.exit(1)`, `parser.error('…')`, `module.fail_json(…)`. */
function endsProgram(call: Call): boolean {
  return (
    /^_*(?:abort|die|fail|fail_json|exit|quit|fatal|bail|bail_out|respond_forbidden|(?:usage|output)_error|exit_\w+|fail_with\w*|\w+_and_exit)$/.test(
      lastName(call.func),
    ) ||
    /\bparser\.error$/.test(dottedName(call.func)) ||
    call.keywords.some(({ name }) => name === 'exit_code')
  );
}
