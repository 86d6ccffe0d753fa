/** What FastAPI is told to check before a handler is called. */
import type { Call, Expression, Node } from '../syntax/ast.ts';
import { lastName } from '../syntax/headers.ts';
import { walk } from '../syntax/walk.ts';
import type { ControlKindName } from './kinds.ts';
import { CHECKING_DEPENDENCY } from './spellings.ts';

/** `Depends(get_current_user)` and `Security(...)`, in defaults, annotations and route decorators. */
export function checksNeeded(expression: Expression, found: Map<ControlKindName, Node>): void {
  walk(expression, (node) => {
    if (node.kind !== 'Call') return undefined;
    const call = node as Call;
    const name = lastName(call.func);
    const [dependency] = call.args;
    if ((name !== 'Depends' && name !== 'Security') || !dependency) return undefined;
    const needs = lastName(dependency);
    if (CHECKING_DEPENDENCY.test(snake(needs))) {
      const isAuthorization = /permission|role|admin|superuser|scope/i.test(needs);
      found.set(isAuthorization ? 'authorization' : 'authentication', call);
    }
    return false;
  });
}

/** `getCurrentUser` → `get_Current_User`. */
export function snake(name: string): string {
  return name.replace(/([a-z0-9])([A-Z])/g, '$1_$2');
}
