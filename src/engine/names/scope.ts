/** Which names belong to which scope, by Python's rules: what a function assigns is its own. */
import type { Expression, Parameter, Pattern, Statement } from '../syntax/ast.ts';

export interface Scope {
  /** Names bound here: parameters, assignments, imports, definitions, loop targets, `with … as`, `except … as`. */
  readonly locals: ReadonlySet<string>;
  readonly globals: ReadonlySet<string>;
  readonly nonlocals: ReadonlySet<string>;
}

/** Hardly any function declares names of other scopes. */
const NONE: ReadonlySet<string> = new Set();

/** The names that a function's body binds. */
export function scopeOf(params: readonly Parameter[], body: readonly Statement[]): Scope {
  const locals = new Set<string>(params.map((param) => param.name));
  const globals = new Set<string>();
  const nonlocals = new Set<string>();
  bindStatements(body, { locals, globals, nonlocals });
  for (const name of globals) locals.delete(name);
  for (const name of nonlocals) locals.delete(name);
  return {
    locals,
    globals: globals.size > 0 ? globals : NONE,
    nonlocals: nonlocals.size > 0 ? nonlocals : NONE,
  };
}

interface Collected {
  readonly locals: Set<string>;
  readonly globals: Set<string>;
  readonly nonlocals: Set<string>;
}

function bindStatements(body: readonly Statement[], out: Collected): void {
  for (const statement of body) bindStatement(statement, out);
}

function bindStatement(statement: Statement, out: Collected): void {
  switch (statement.kind) {
    case 'FunctionDef':
    case 'ClassDef':
    case 'TypeAlias':
      out.locals.add(statement.name);
      break;
    case 'Assign':
      for (const target of statement.targets) bindTarget(target, out.locals);
      bindWalrus(statement.value, out.locals);
      break;
    case 'AugAssign':
    case 'AnnAssign':
      bindTarget(statement.target, out.locals);
      break;
    case 'For':
      bindTarget(statement.target, out.locals);
      bindStatements(statement.body, out);
      bindStatements(statement.orelse, out);
      break;
    case 'While':
      bindWalrus(statement.test, out.locals);
      bindStatements(statement.body, out);
      bindStatements(statement.orelse, out);
      break;
    case 'If':
      bindWalrus(statement.test, out.locals);
      bindStatements(statement.body, out);
      for (const branch of statement.elifs) {
        bindWalrus(branch.test, out.locals);
        bindStatements(branch.body, out);
      }
      bindStatements(statement.orelse, out);
      break;
    case 'With':
      for (const item of statement.items) if (item.target) bindTarget(item.target, out.locals);
      bindStatements(statement.body, out);
      break;
    case 'Match':
      for (const branch of statement.cases) {
        bindPattern(branch.pattern, out.locals);
        bindStatements(branch.body, out);
      }
      break;
    case 'Try':
      bindStatements(statement.body, out);
      for (const handler of statement.handlers) {
        if (handler.name) out.locals.add(handler.name);
        bindStatements(handler.body, out);
      }
      bindStatements(statement.orelse, out);
      bindStatements(statement.finalbody, out);
      break;
    case 'Import':
      for (const alias of statement.names) out.locals.add(alias.asname ?? alias.name.split('.')[0]!);
      break;
    case 'ImportFrom':
      for (const alias of statement.names) if (alias.name !== '*') out.locals.add(alias.asname ?? alias.name);
      break;
    case 'Global':
      for (const name of statement.names) out.globals.add(name);
      break;
    case 'Nonlocal':
      for (const name of statement.names) out.nonlocals.add(name);
      break;
    case 'ExpressionStatement':
    case 'Return':
      if (statement.value) bindWalrus(statement.value, out.locals);
      break;
    case 'Assert':
      bindWalrus(statement.test, out.locals);
      break;
    default:
      break;
  }
}

function bindTarget(target: Expression, names: Set<string>): void {
  switch (target.kind) {
    case 'Name':
      names.add(target.id);
      break;
    case 'Tuple':
    case 'List':
      for (const element of target.elements) bindTarget(element, names);
      break;
    case 'Starred':
      bindTarget(target.value, names);
      break;
    default:
      break;
  }
}

/** `(name := value)` where it is usually written: in tests, calls and comparisons. */
function bindWalrus(expression: Expression, names: Set<string>): void {
  switch (expression.kind) {
    case 'NamedExpr':
      names.add(expression.target.id);
      bindWalrus(expression.value, names);
      break;
    case 'BoolOp':
      for (const value of expression.values) bindWalrus(value, names);
      break;
    case 'BinOp':
      for (const operand of expression.operands) bindWalrus(operand, names);
      break;
    case 'UnaryOp':
      bindWalrus(expression.operand, names);
      break;
    case 'Compare':
      bindWalrus(expression.left, names);
      for (const value of expression.comparators) bindWalrus(value, names);
      break;
    case 'Call':
      bindWalrus(expression.func, names);
      for (const argument of expression.args) bindWalrus(argument, names);
      for (const keyword of expression.keywords) bindWalrus(keyword.value, names);
      break;
    case 'Attribute':
    case 'Await':
    case 'Starred':
      bindWalrus(expression.value, names);
      break;
    case 'Subscript':
      bindWalrus(expression.value, names);
      bindWalrus(expression.index, names);
      break;
    case 'IfExp':
      bindWalrus(expression.test, names);
      bindWalrus(expression.body, names);
      bindWalrus(expression.orelse, names);
      break;
    case 'Comprehension':
      for (const generator of expression.generators)
        for (const test of generator.conditions) bindWalrus(test, names);
      bindWalrus(expression.element, names);
      break;
    default:
      break;
  }
}

function bindPattern(pattern: Pattern, names: Set<string>): void {
  switch (pattern.kind) {
    case 'MatchAs':
      if (pattern.name) names.add(pattern.name);
      if (pattern.pattern) bindPattern(pattern.pattern, names);
      break;
    case 'MatchStar':
      if (pattern.name) names.add(pattern.name);
      break;
    case 'MatchMapping':
      if (pattern.rest) names.add(pattern.rest);
      for (const part of pattern.patterns) bindPattern(part, names);
      break;
    case 'MatchClass':
      for (const part of [...pattern.patterns, ...pattern.keywordPatterns]) bindPattern(part, names);
      break;
    case 'MatchSequence':
    case 'MatchOr':
      for (const part of pattern.patterns) bindPattern(part, names);
      break;
    case 'MatchValue':
      break;
  }
}
