import type {
  Alias,
  ElifBranch,
  ExceptHandler,
  Expression,
  ImportFrom,
  Keyword,
  MatchCase,
  Parameter,
  Statement,
  TypeParameter,
  WithItem,
} from './ast.ts';
import { compact, NOTHING } from './compact.ts';
import { lowerAssignment } from './lower-assignments.ts';
import { lowerArguments, lowerExpression, tupleOf } from './lower-expressions.ts';
import { lowerParameters } from './lower-parameters.ts';
import { lowerCasePatterns } from './lower-patterns.ts';
import { lowerDelete, lowerExec, lowerPrint, lowerRaise } from './lower-simple-statements.ts';
import { ERROR, type TreeReader } from './tree-reader.ts';

/** Statements nested deeper are left out, so that nobody's recursion over the tree can overflow. */
const MAX_DEPTH = 100;

type Lower = (tree: TreeReader) => Statement;

/** By the grammar's node types. */
const LOWER = new Map<string, Lower>([
  ['expression_statement', lowerExpressionStatement],
  ['function_definition', (tree) => lowerFunction(tree, tree.start, NOTHING)],
  ['class_definition', (tree) => lowerClass(tree, tree.start, NOTHING)],
  ['decorated_definition', lowerDecorated],
  ['return_statement', lowerReturn],
  ['if_statement', lowerIf],
  ['for_statement', lowerFor],
  ['while_statement', lowerWhile],
  ['with_statement', lowerWith],
  ['try_statement', lowerTry],
  ['match_statement', lowerMatch],
  ['raise_statement', lowerRaise],
  ['delete_statement', lowerDelete],
  ['assert_statement', lowerAssert],
  ['import_statement', lowerImport],
  ['import_from_statement', lowerImportFrom],
  ['future_import_statement', lowerImportFrom],
  ['global_statement', (tree) => lowerScopeStatement(tree, 'Global')],
  ['nonlocal_statement', (tree) => lowerScopeStatement(tree, 'Nonlocal')],
  ['type_alias_statement', lowerTypeAlias],
  ['pass_statement', (tree) => lowerBareStatement(tree, 'Pass')],
  ['break_statement', (tree) => lowerBareStatement(tree, 'Break')],
  ['continue_statement', (tree) => lowerBareStatement(tree, 'Continue')],
  ['print_statement', lowerPrint],
  ['exec_statement', lowerExec],
]);

/** The statements of the whole text, on whose root the cursor stands. */
export function lowerModule(tree: TreeReader): readonly Statement[] {
  if (!tree.isUnreadable) return lowerBody(tree);
  const body: Statement[] = [];
  recover(tree, body);
  return body;
}

/** The statements inside the current node, a block. */
function lowerBody(tree: TreeReader): readonly Statement[] {
  const body: Statement[] = [];
  if (tree.statementDepth >= MAX_DEPTH) {
    tree.addUnread(tree.start, tree.end, 'too-deep');
    return body;
  }
  tree.statementDepth++;
  for (let type = tree.enterAny(); type !== ''; type = tree.nextAny()) lowerInto(tree, type, body);
  tree.leave();
  tree.statementDepth--;
  return compact(body);
}

function lowerInto(tree: TreeReader, type: string, body: Statement[]): void {
  const lower = LOWER.get(type);
  if (lower !== undefined) body.push(lower(tree));
  else if (type === 'comment') tree.addComment();
  else if (type === ERROR) recover(tree, body);
}

/** Keeps the whole statements inside an error; what lies between them is unread. */
function recover(tree: TreeReader, body: Statement[]): void {
  let from = tree.start;
  const { end } = tree;
  if (tree.statementDepth >= MAX_DEPTH) {
    tree.addUnread(from, end, 'too-deep');
    return;
  }
  tree.statementDepth++;
  for (let type = tree.enterAny(); type !== ''; type = tree.nextAny()) {
    if (type !== 'block' && type !== ERROR && !LOWER.has(type)) {
      if (type === 'comment') tree.addComment();
      continue;
    }
    tree.addUnread(from, tree.start, 'syntax-error');
    from = tree.end;
    if (type === 'block') body.push(...lowerBody(tree));
    else lowerInto(tree, type, body);
  }
  tree.leave();
  tree.statementDepth--;
  tree.addUnread(from, end, 'syntax-error');
}

/** An expression, or what stands in its place: several with commas make a tuple. */
function lowerExpressionStatement(tree: TreeReader): Statement {
  const { start, end } = tree;
  const elements: Expression[] = [];
  let hasComma = false;
  let statement: Statement | null = null;
  for (let type = tree.enter(); type !== ''; type = tree.next()) {
    if (type === 'assignment' || type === 'augmented_assignment') statement = lowerAssignment(tree, type);
    else if (type === ',') hasComma = true;
    else elements.push(lowerExpression(tree, type));
  }
  tree.leave();
  return statement ?? { kind: 'ExpressionStatement', start, end, value: tupleOf(elements, hasComma, end) };
}

function lowerDecorated(tree: TreeReader): Statement {
  const { start, end } = tree;
  const decorators: Expression[] = [];
  let definition: Statement | null = null;
  for (let type = tree.enter(); type !== ''; type = tree.next()) {
    if (type === 'decorator') {
      tree.enter();
      decorators.push(lowerExpression(tree, tree.next()));
      tree.leave();
    } else if (type === 'function_definition') definition = lowerFunction(tree, start, decorators);
    else if (type === 'class_definition') definition = lowerClass(tree, start, decorators);
  }
  tree.leave();
  return definition ?? { kind: 'Pass', start, end };
}

function lowerFunction(tree: TreeReader, start: number, decorators: readonly Expression[]): Statement {
  const { end } = tree;
  let isAsync = false;
  let name = '';
  let nameStart = start;
  let params: readonly Parameter[] = [];
  let returns: Expression | null = null;
  let body: readonly Statement[] = NOTHING;
  let typeParameters: readonly TypeParameter[] | null = null;
  for (let type = tree.enter(); type !== ''; type = tree.next()) {
    if (type === 'block') body = lowerBody(tree);
    else if (type === 'parameters') params = lowerParameters(tree, lowerExpression);
    else if (type === 'identifier') {
      nameStart = tree.start;
      name = tree.identifier(nameStart, tree.end);
    } else if (type === 'async') isAsync = true;
    else if (type === 'type') returns = lowerExpression(tree, type);
    else if (type === 'type_parameter') typeParameters = lowerTypeParameters(tree);
  }
  tree.leave();
  return {
    kind: 'FunctionDef',
    start,
    end,
    name,
    nameStart,
    params,
    returns,
    decorators,
    body,
    isAsync,
    ...(typeParameters && { typeParameters }),
  };
}

/** `[T: Model, *Ts, **P]`; of those with stars nothing is known. */
function lowerTypeParameters(tree: TreeReader): readonly TypeParameter[] {
  const parameters: TypeParameter[] = [];
  for (let type = tree.enter(); type !== ''; type = tree.next()) {
    if (type !== 'type') continue;
    const { start, end } = tree;
    let inner = tree.enter();
    const isBound = inner === 'constrained_type';
    if (isBound) inner = tree.enter();
    const named = lowerExpression(tree, inner);
    let bound: Expression | null = null;
    if (isBound) {
      tree.next();
      bound = lowerExpression(tree, tree.next());
      tree.leave();
    }
    tree.leave();
    if (named.kind === 'Name') parameters.push({ kind: 'TypeParameter', start, end, name: named.id, bound });
  }
  tree.leave();
  return compact(parameters);
}

function lowerClass(tree: TreeReader, start: number, decorators: readonly Expression[]): Statement {
  const { end } = tree;
  let name = '';
  let nameStart = start;
  const bases: Expression[] = [];
  const keywords: Keyword[] = [];
  let body: readonly Statement[] = NOTHING;
  let typeParameters: readonly TypeParameter[] | null = null;
  for (let type = tree.enter(); type !== ''; type = tree.next()) {
    if (type === 'block') body = lowerBody(tree);
    else if (type === 'type_parameter') typeParameters = lowerTypeParameters(tree);
    else if (type === 'argument_list') lowerArguments(tree, bases, keywords);
    else if (type === 'identifier') {
      nameStart = tree.start;
      name = tree.identifier(nameStart, tree.end);
    }
  }
  tree.leave();
  return {
    kind: 'ClassDef',
    start,
    end,
    name,
    nameStart,
    bases: compact(bases),
    keywords: compact(keywords),
    decorators,
    body,
    ...(typeParameters && { typeParameters }),
  };
}

function lowerReturn(tree: TreeReader): Statement {
  const { start, end } = tree;
  tree.enter();
  const type = tree.next();
  const value = type === '' ? null : lowerExpression(tree, type);
  tree.leave();
  return { kind: 'Return', start, end, value };
}

/** `else:`, `finally:`. */
function lowerClauseBody(tree: TreeReader): readonly Statement[] {
  let body: readonly Statement[] = NOTHING;
  for (let type = tree.enter(); type !== ''; type = tree.next()) {
    if (type === 'block') body = lowerBody(tree);
  }
  tree.leave();
  return body;
}

function lowerIf(tree: TreeReader): Statement {
  const { start, end } = tree;
  tree.enter();
  const test = lowerExpression(tree, tree.next());
  let body: readonly Statement[] = NOTHING;
  const elifs: ElifBranch[] = [];
  let orelse: readonly Statement[] = NOTHING;
  for (let type = tree.next(); type !== ''; type = tree.next()) {
    if (type === 'block') body = lowerBody(tree);
    else if (type === 'elif_clause') elifs.push(lowerElif(tree));
    else if (type === 'else_clause') orelse = lowerClauseBody(tree);
  }
  tree.leave();
  return { kind: 'If', start, end, test, body, elifs, orelse };
}

function lowerElif(tree: TreeReader): ElifBranch {
  const { start, end } = tree;
  tree.enter();
  const test = lowerExpression(tree, tree.next());
  let body: readonly Statement[] = NOTHING;
  for (let type = tree.next(); type !== ''; type = tree.next()) {
    if (type === 'block') body = lowerBody(tree);
  }
  tree.leave();
  return { kind: 'ElifBranch', start, end, test, body };
}

function lowerFor(tree: TreeReader): Statement {
  const { start, end } = tree;
  const isAsync = tree.enter() === 'async';
  if (isAsync) tree.next();
  const target = lowerExpression(tree, tree.next());
  tree.next();
  const iter = lowerExpression(tree, tree.next());
  let body: readonly Statement[] = NOTHING;
  let orelse: readonly Statement[] = NOTHING;
  for (let type = tree.next(); type !== ''; type = tree.next()) {
    if (type === 'block') body = lowerBody(tree);
    else if (type === 'else_clause') orelse = lowerClauseBody(tree);
  }
  tree.leave();
  return { kind: 'For', start, end, target, iter, body, orelse, isAsync };
}

function lowerWhile(tree: TreeReader): Statement {
  const { start, end } = tree;
  tree.enter();
  const test = lowerExpression(tree, tree.next());
  let body: readonly Statement[] = NOTHING;
  let orelse: readonly Statement[] = NOTHING;
  for (let type = tree.next(); type !== ''; type = tree.next()) {
    if (type === 'block') body = lowerBody(tree);
    else if (type === 'else_clause') orelse = lowerClauseBody(tree);
  }
  tree.leave();
  return { kind: 'While', start, end, test, body, orelse };
}

function lowerWith(tree: TreeReader): Statement {
  const { start, end } = tree;
  let isAsync = false;
  const items: WithItem[] = [];
  let body: readonly Statement[] = NOTHING;
  for (let type = tree.enter(); type !== ''; type = tree.next()) {
    if (type === 'block') body = lowerBody(tree);
    else if (type === 'async') isAsync = true;
    else if (type === 'with_clause') {
      for (let item = tree.enter(); item !== ''; item = tree.next()) {
        if (item === 'with_item') lowerWithItem(tree, items);
      }
      tree.leave();
    }
  }
  tree.leave();
  return { kind: 'With', start, end, items, body, isAsync };
}

/** `a as b`; the grammar may take the parentheses of `with (a as b, c):` for a tuple. */
function lowerWithItem(tree: TreeReader, items: WithItem[]): void {
  const { start, end } = tree;
  const type = tree.enter();
  if (type === 'tuple' || type === 'parenthesized_expression') {
    for (let part = tree.enter(); part !== ''; part = tree.next()) {
      if (part !== '(' && part !== ',' && part !== ')')
        items.push(lowerContext(tree, part, tree.start, tree.end));
    }
    tree.leave();
  } else {
    items.push(lowerContext(tree, type, start, end));
  }
  tree.leave();
}

function lowerContext(tree: TreeReader, type: string, start: number, end: number): WithItem {
  if (type !== 'as_pattern') {
    return { kind: 'WithItem', start, end, context: lowerExpression(tree, type), target: null };
  }
  const { context, target } = lowerAsPattern(tree);
  return { kind: 'WithItem', start, end, context, target };
}

function lowerAsPattern(tree: TreeReader): { context: Expression; target: Expression } {
  const context = lowerExpression(tree, tree.enter());
  tree.next();
  const target = lowerExpression(tree, tree.next());
  tree.leave();
  return { context, target };
}

function lowerTry(tree: TreeReader): Statement {
  const { start, end } = tree;
  let body: readonly Statement[] = NOTHING;
  const handlers: ExceptHandler[] = [];
  let orelse: readonly Statement[] = NOTHING;
  let finalbody: readonly Statement[] = NOTHING;
  let isGroup = false;
  for (let type = tree.enter(); type !== ''; type = tree.next()) {
    if (type === 'block') body = lowerBody(tree);
    else if (type === 'except_clause') {
      const handler = lowerHandler(tree);
      handlers.push(handler.handler);
      isGroup ||= handler.isGroup;
    } else if (type === 'else_clause') orelse = lowerClauseBody(tree);
    else if (type === 'finally_clause') finalbody = lowerClauseBody(tree);
  }
  tree.leave();
  return { kind: 'Try', start, end, body, handlers, orelse, finalbody, isGroup };
}

function lowerHandler(tree: TreeReader): { handler: ExceptHandler; isGroup: boolean } {
  const { start, end } = tree;
  const types: Expression[] = [];
  let name: string | null = null;
  let isGroup = false;
  let body: readonly Statement[] = NOTHING;
  tree.enter();
  for (let part = tree.next(); part !== ''; part = tree.next()) {
    if (part === 'block') body = lowerBody(tree);
    else if (part === '*') isGroup = true;
    else if (part === 'as_pattern') {
      const { context, target } = lowerAsPattern(tree);
      types.push(context);
      if (target.kind === 'Name') name = target.id;
    } else if (part !== ',' && part !== ':' && part !== 'as') types.push(lowerExpression(tree, part));
  }
  tree.leave();
  const [, second] = types;
  if (types.length === 2 && second?.kind === 'Name' && /^[a-z_]/.test(second.id)) {
    // Python 2's `except E, e:`. In Python 3.14 two classes may stand there, but those begin with a capital.
    name = second.id;
    types.pop();
  }
  const type = types.length === 0 ? null : tupleOf(types, false, end);
  return { handler: { kind: 'ExceptHandler', start, end, type, name, body }, isGroup };
}

function lowerMatch(tree: TreeReader): Statement {
  const { start, end } = tree;
  const subjects: Expression[] = [];
  let hasComma = false;
  const cases: MatchCase[] = [];
  tree.enter();
  for (let type = tree.next(); type !== ''; type = tree.next()) {
    if (type === 'block') lowerCases(tree, cases);
    else if (type === ',') hasComma = true;
    else if (type !== ':') subjects.push(lowerExpression(tree, type));
  }
  tree.leave();
  return { kind: 'Match', start, end, subject: tupleOf(subjects, hasComma, end), cases };
}

function lowerCases(tree: TreeReader, cases: MatchCase[]): void {
  for (let type = tree.enter(); type !== ''; type = tree.next()) {
    if (type === 'case_clause') cases.push(lowerCase(tree));
  }
  tree.leave();
}

function lowerCase(tree: TreeReader): MatchCase {
  const { start, end } = tree;
  tree.enter();
  let guard: Expression | null = null;
  let body: readonly Statement[] = NOTHING;
  const { pattern, type: first } = lowerCasePatterns(tree, tree.next());
  for (let type = first; type !== ''; type = tree.next()) {
    if (type === 'block') body = lowerBody(tree);
    else if (type === 'if_clause') {
      tree.enter();
      guard = lowerExpression(tree, tree.next());
      tree.leave();
    }
  }
  tree.leave();
  return { kind: 'MatchCase', start, end, pattern, guard, body };
}

function lowerAssert(tree: TreeReader): Statement {
  const { start, end } = tree;
  tree.enter();
  const test = lowerExpression(tree, tree.next());
  const message = tree.next() === ',' ? lowerExpression(tree, tree.next()) : null;
  tree.leave();
  return { kind: 'Assert', start, end, test, message };
}

function lowerImport(tree: TreeReader): Statement {
  const { start, end } = tree;
  return { kind: 'Import', start, end, names: lowerAliases(tree).names };
}

function lowerImportFrom(tree: TreeReader): ImportFrom {
  const { start, end } = tree;
  const { names, module, level } = lowerAliases(tree);
  return { kind: 'ImportFrom', start, end, module, level, names };
}

/** All parts of an import statement; what stands before the word `import` is the module. */
function lowerAliases(tree: TreeReader): { names: Alias[]; module: string; level: number } {
  const names: Alias[] = [];
  let module = '';
  let level = 0;
  let isFrom = tree.enter() === 'from';
  for (let type = tree.next(); type !== ''; type = tree.next()) {
    if (type === 'import') isFrom = false;
    else if (type === 'dotted_name' || type === '__future__' || type === 'relative_import') {
      const name = codeOf(tree);
      if (isFrom) {
        level = name.length - name.replace(/^\.+/, '').length;
        module = name.slice(level);
      } else names.push({ kind: 'Alias', start: tree.start, end: tree.end, name, asname: null });
    } else if (type === 'aliased_import') names.push(lowerAlias(tree));
    else if (type === 'wildcard_import') {
      names.push({ kind: 'Alias', start: tree.start, end: tree.end, name: '*', asname: null });
    }
  }
  tree.leave();
  return { names, module, level };
}

function lowerAlias(tree: TreeReader): Alias {
  const { start, end } = tree;
  tree.enter();
  const name = codeOf(tree);
  tree.next();
  const asname = tree.next() === '' ? null : codeOf(tree);
  tree.leave();
  return { kind: 'Alias', start, end, name, asname };
}

/** The current node's text without blanks and line continuations, as dotted names may have them. */
function codeOf(tree: TreeReader): string {
  return tree.text
    .slice(tree.start, tree.end)
    .replace(/[\s\\]+/g, '')
    .normalize('NFKC');
}

function lowerScopeStatement(tree: TreeReader, kind: 'Global' | 'Nonlocal'): Statement {
  const { start, end } = tree;
  const names: string[] = [];
  for (let type = tree.enter(); type !== ''; type = tree.next()) {
    if (type === 'identifier') names.push(codeOf(tree));
  }
  tree.leave();
  return { kind, start, end, names };
}

function lowerTypeAlias(tree: TreeReader): Statement {
  const { start, end } = tree;
  tree.enter();
  const left = lowerExpression(tree, tree.next());
  tree.next();
  const value = lowerExpression(tree, tree.next());
  tree.leave();
  const named = left.kind === 'Subscript' ? left.value : left;
  if (named.kind === 'Name') return { kind: 'TypeAlias', start, end, name: named.id, value };
  return { kind: 'Assign', start, end, targets: [callOfType(left, left.start, start)], value };
}

/** The grammar takes `type(a).b = c` for an alias of `(a).b`: puts the call of `type` back. */
function callOfType(target: Expression, from: number, start: number): Expression {
  if (target.start === from) {
    if (target.kind === 'Attribute' || target.kind === 'Subscript') {
      return { ...target, start, value: callOfType(target.value, from, start) };
    }
    if (target.kind === 'Call') return { ...target, start, func: callOfType(target.func, from, start) };
  }
  const func: Expression = { kind: 'Name', start, end: start + 4, id: 'type' };
  const args = target.kind === 'Tuple' ? target.elements : [target];
  return { kind: 'Call', start, end: target.end, func, args, keywords: [] };
}

function lowerBareStatement(tree: TreeReader, kind: 'Pass' | 'Break' | 'Continue'): Statement {
  const { start, end } = tree;
  return { kind, start, end };
}
