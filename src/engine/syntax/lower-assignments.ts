import type { BinaryOperator, Expression, Statement } from './ast.ts';
import { compact } from './compact.ts';
import { lowerExpression } from './lower-expressions.ts';
import type { TreeReader } from './tree-reader.ts';

/** `a = b = value`, `a: type = value`, `a += value`. */
export function lowerAssignment(
  tree: TreeReader,
  assignment: 'assignment' | 'augmented_assignment',
): Statement {
  return assignment === 'assignment' ? lowerPlainAssignment(tree) : lowerAugmentedAssignment(tree);
}

function lowerPlainAssignment(tree: TreeReader): Statement {
  const { start, end } = tree;
  const targets: Expression[] = [];
  let annotation: Expression | null = null;
  let value: Expression | null = null;
  // The grammar nests the targets of a chain on the right.
  let levels = 0;
  let type = 'assignment';
  while (type === 'assignment') {
    levels++;
    targets.push(lowerExpression(tree, tree.enter()));
    type = tree.next();
    if (type === ':') {
      annotation = lowerExpression(tree, tree.next());
      type = tree.next();
    }
    if (type !== '') type = tree.next();
  }
  if (type !== '') value = lowerExpression(tree, type);
  for (; levels > 0; levels--) tree.leave();
  const [target] = targets;
  if (annotation !== null && target !== undefined) {
    return { kind: 'AnnAssign', start, end, target, annotation, value };
  }
  return {
    kind: 'Assign',
    start,
    end,
    targets: compact(targets),
    value: value ?? { kind: 'Opaque', start: end, end },
  };
}

function lowerAugmentedAssignment(tree: TreeReader): Statement {
  const { start, end } = tree;
  const target = lowerExpression(tree, tree.enter());
  const op = tree.next().slice(0, -1) as BinaryOperator;
  const value = lowerExpression(tree, tree.next());
  tree.leave();
  return { kind: 'AugAssign', start, end, target, op, value };
}
