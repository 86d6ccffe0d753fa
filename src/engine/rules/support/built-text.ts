import type { Expression } from '../../syntax/ast.ts';
import { lastName } from '../../syntax/headers.ts';
import type { FlowView } from '../views.ts';

/**
 * Whether a value is put into a text that is written in the code: `'(uid=%s)' % name`, not `name` alone. For what the
 * caller of a function passes: only then it is the function that has to escape it.
 */
export function isPutIntoText({ value, node }: FlowView): boolean {
  const { template } = value;
  const expression = node as Expression;
  if (template !== undefined) return template.replaceAll('\0', '').trim() !== '';
  return (
    expression.kind === 'BinOp' ||
    expression.kind === 'JoinedStr' ||
    (expression.kind === 'Call' && lastName(expression) === 'format')
  );
}
