import type { Expression, Node, Statement } from './ast.ts';

/** A node of our tree: everything in it with a `kind`. */
export interface TreeNode extends Node {
  readonly kind: string;
}

/** For each kind, which of its properties hold nodes or lists of nodes: found by looking once. */
const CHILD_KEYS = new Map<string, string[]>();

/** The properties of each kind that never hold a node. */
const PLAIN = new Set(['kind', 'start', 'end', 'comments', 'unread', 'ops', 'names', 'keywordNames']);

/** Calls `visit` for each direct child of a node, in the order of the tree's types. */
export function forEachChild(node: Node, visit: (child: TreeNode) => void): void {
  const record = node as unknown as Record<string, unknown>;
  for (const key of childKeys(record)) {
    const value = record[key];
    if (Array.isArray(value)) {
      for (const item of value) if (isNode(item)) visit(item);
    } else if (isNode(value)) visit(value);
  }
}

/** The direct children of a node. */
export function childrenOf(node: Node): TreeNode[] {
  const children: TreeNode[] = [];
  forEachChild(node, (child) => children.push(child));
  return children;
}

/**
 * Visits a node and everything in it, parents first. Without recursion, so that no tree is too deep;
 * where `visit` returns false, it does not go inside.
 */
export function walk(root: Node, visit: (node: TreeNode) => boolean | undefined): void {
  const stack: TreeNode[] = [root as TreeNode];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (visit(node) === false) continue;
    const from = stack.length;
    forEachChild(node, (child) => stack.push(child));
    reverseFrom(stack, from);
  }
}

/** Visits every expression in a node, itself included. */
export function walkExpressions(node: Node, visit: (expression: Expression) => void): void {
  walk(node, (inner) => {
    if (EXPRESSIONS.has(inner.kind)) visit(inner as Expression);
    return undefined;
  });
}

/** Visits every statement of a body, nested ones too; those of nested functions and classes only if asked. */
export function walkStatements(
  body: readonly Statement[],
  visit: (statement: Statement) => void,
  intoDefinitions = true,
): void {
  const stack: Statement[] = [...body].reverse();
  for (let statement = stack.pop(); statement !== undefined; statement = stack.pop()) {
    visit(statement);
    const isDefinition = statement.kind === 'FunctionDef' || statement.kind === 'ClassDef';
    if (isDefinition && !intoDefinitions) continue;
    const from = stack.length;
    for (const inner of bodiesOf(statement)) stack.push(...inner);
    reverseFrom(stack, from);
  }
}

/** The lists of statements directly inside a statement, in the order of the text. */
export function bodiesOf(statement: Statement): (readonly Statement[])[] {
  switch (statement.kind) {
    case 'FunctionDef':
    case 'ClassDef':
    case 'With':
      return [statement.body];
    case 'For':
    case 'While':
      return [statement.body, statement.orelse];
    case 'If':
      return [statement.body, ...statement.elifs.map((branch) => branch.body), statement.orelse];
    case 'Try':
      return [
        statement.body,
        ...statement.handlers.map((handler) => handler.body),
        statement.orelse,
        statement.finalbody,
      ];
    case 'Match':
      return statement.cases.map((branch) => branch.body);
    default:
      return [];
  }
}

const EXPRESSIONS: ReadonlySet<string> = new Set<Expression['kind']>([
  'BoolOp',
  'NamedExpr',
  'BinOp',
  'UnaryOp',
  'Lambda',
  'IfExp',
  'Dict',
  'Set',
  'List',
  'Tuple',
  'Comprehension',
  'Await',
  'Yield',
  'Compare',
  'Call',
  'JoinedStr',
  'Str',
  'Bytes',
  'Num',
  'Constant',
  'Attribute',
  'Subscript',
  'Starred',
  'Name',
  'Slice',
  'Opaque',
]);

/** All nodes of a kind have the same properties, so one of them tells for all. */
function childKeys(record: Record<string, unknown>): string[] {
  const kind = record.kind as string;
  let keys = CHILD_KEYS.get(kind);
  if (keys === undefined) {
    const hasAliases = kind === 'Import' || kind === 'ImportFrom';
    keys = Object.keys(record).filter((key) => !PLAIN.has(key) || (key === 'names' && hasAliases));
    CHILD_KEYS.set(kind, keys);
  }
  return keys;
}

function isNode(value: unknown): value is TreeNode {
  return typeof value === 'object' && value !== null;
}

function reverseFrom(stack: unknown[], from: number): void {
  for (let low = from, high = stack.length - 1; low < high; low++, high--) {
    const swapped = stack[low];
    stack[low] = stack[high];
    stack[high] = swapped;
  }
}
