import type { Call, Expression, Keyword, Name, Statement } from './ast.ts';
import { lowerExpression } from './lower-expressions.ts';
import type { TreeReader } from './tree-reader.ts';

/** `raise exc from cause`; Python 2's `raise E, "x"` is `raise E("x")`. */
export function lowerRaise(tree: TreeReader): Statement {
  const { start, end } = tree;
  let exc: Expression | null = null;
  let cause: Expression | null = null;
  let isCause = false;
  tree.enter();
  for (let type = tree.next(); type !== ''; type = tree.next()) {
    if (type === 'from') isCause = true;
    else if (isCause) cause = lowerExpression(tree, type);
    else if (type === 'expression_list') exc = lowerOldRaise(tree);
    else exc = lowerExpression(tree, type);
  }
  tree.leave();
  return { kind: 'Raise', start, end, exc, cause };
}

function lowerOldRaise(tree: TreeReader): Expression {
  const list = lowerExpression(tree, 'expression_list');
  if (list.kind !== 'Tuple') return list;
  const [func, ...args] = list.elements;
  if (func === undefined) return list;
  // The third operand would be a traceback.
  const call: Call = {
    kind: 'Call',
    start: list.start,
    end: list.end,
    func,
    args: args.slice(0, 1),
    keywords: [],
  };
  return call;
}

export function lowerDelete(tree: TreeReader): Statement {
  const { start, end } = tree;
  tree.enter();
  const type = tree.next();
  const operand = lowerExpression(tree, type);
  tree.leave();
  const isList = type === 'expression_list' && operand.kind === 'Tuple';
  return { kind: 'Delete', start, end, targets: isList ? operand.elements : [operand] };
}

/** Python 2's `print >>file, a, b` is `print(a, b, file=file)`. */
export function lowerPrint(tree: TreeReader): Statement {
  const { start, end } = tree;
  const func: Name = { kind: 'Name', start, end: start + 5, id: 'print' };
  const args: Expression[] = [];
  const keywords: Keyword[] = [];
  tree.enter();
  for (let type = tree.next(); type !== ''; type = tree.next()) {
    if (type === 'chevron') {
      const { start: from, end: to } = tree;
      tree.enter();
      const value = lowerExpression(tree, tree.next());
      keywords.push({ kind: 'Keyword', start: from, end: to, name: 'file', value });
      tree.leave();
    } else if (type !== ',') args.push(lowerExpression(tree, type));
  }
  tree.leave();
  const value: Call = { kind: 'Call', start, end, func, args, keywords };
  return { kind: 'ExpressionStatement', start, end, value };
}

/** Python 2's `exec code in globals, locals` is `exec(code, globals, locals)`. */
export function lowerExec(tree: TreeReader): Statement {
  const { start, end } = tree;
  const func: Name = { kind: 'Name', start, end: start + 4, id: 'exec' };
  const args: Expression[] = [];
  tree.enter();
  for (let type = tree.next(); type !== ''; type = tree.next()) {
    if (type !== ',' && type !== 'in') args.push(lowerExpression(tree, type));
  }
  tree.leave();
  const value: Call = { kind: 'Call', start, end, func, args, keywords: [] };
  return { kind: 'ExpressionStatement', start, end, value };
}
