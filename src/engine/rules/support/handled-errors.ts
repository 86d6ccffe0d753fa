import type { Node } from '../../syntax/ast.ts';
import { walkStatements } from '../../syntax/walk.ts';
import type { FlowView } from '../views.ts';

const CATCHES_VALUE_ERROR =
  /\b(?:ValueError|Exception|BaseException|ArithmeticError|InvalidOperation|TypeError|ValidationError)\b/;

/** Whether a failed conversion at the node is caught in the function around: `except ValueError`, `except Exception`, bare. */
export function isFailureHandled(flow: FlowView, node: Node): boolean {
  const { function: fn } = flow;
  if (!fn) return false;
  let handled = false;
  walkStatements(fn.node.body, (statement) => {
    if (statement.kind !== 'Try') return;
    const first = statement.body[0];
    const last = statement.body.at(-1);
    if (!first || !last || node.start < first.start || node.end > last.end) return;
    handled ||= statement.handlers.some(
      (handler) => handler.type === null || CATCHES_VALUE_ERROR.test(fn.sourceOf(handler.type)),
    );
  });
  return handled;
}
