import type { Expression, Node, Statement } from './ast.ts';

/** What a statement evaluates itself: all of a simple statement, of a compound one only what is outside its bodies. */
export function headersOf(statement: Statement): readonly Node[] {
  switch (statement.kind) {
    case 'FunctionDef':
      return [...statement.decorators, ...statement.params];
    case 'ClassDef':
      return [...statement.decorators, ...statement.bases, ...statement.keywords];
    case 'If':
      return [statement.test, ...statement.elifs.map((branch) => branch.test)];
    case 'While':
      return [statement.test];
    case 'For':
      return [statement.target, statement.iter];
    case 'With':
      return statement.items;
    case 'Try':
      return statement.handlers.flatMap((handler) => handler.type ?? []);
    case 'Match':
      return [statement.subject, ...statement.cases.flatMap((branch) => branch.guard ?? [])];
    default:
      return [statement];
  }
}

/** The last name of a name or attribute chain: `c` of `a.b.c`. '' for anything else, a call among them. */
export function ownName(expression: Expression): string {
  return expression.kind === 'Attribute' ? expression.attr : expression.kind === 'Name' ? expression.id : '';
}

/** The last name of a name, attribute chain or call: `c` of `a.b.c(...)`. '' for anything else. */
export function lastName(expression: Expression): string {
  return expression.kind === 'Call' ? lastName(expression.func) : ownName(expression);
}

/** The first name of a chain of attributes, subscripts and calls: `a` of `a.b['c'].d()`. '' for anything else. */
export function rootName(expression: Expression): string {
  let at = expression;
  for (;;) {
    if (at.kind === 'Name') return at.id;
    if (at.kind === 'Attribute' || at.kind === 'Subscript' || at.kind === 'Await') at = at.value;
    else if (at.kind === 'Call') at = at.func;
    else return '';
  }
}

/** `a.b.c` as written, calls without their arguments. '' where there is anything else in it. */
export function dottedName(expression: Expression): string {
  switch (expression.kind) {
    case 'Name':
      return expression.id;
    case 'Attribute': {
      const owner = dottedName(expression.value);
      return owner === '' ? '' : `${owner}.${expression.attr}`;
    }
    case 'Call':
      return dottedName(expression.func);
    default:
      return '';
  }
}
