import type { Call, Node } from '../../syntax/ast.ts';
import { walkExpressions } from '../../syntax/walk.ts';

/** All calls inside a node, in the order of the text. */
export function walkCalls(root: Node): readonly Call[] {
  const calls: Call[] = [];
  walkExpressions(root, (expression) => {
    if (expression.kind === 'Call') calls.push(expression);
  });
  return calls.sort((a, b) => a.start - b.start);
}
