import type { Expression } from '../../syntax/ast.ts';
import { walkStatements } from '../../syntax/walk.ts';
import type { ModuleView } from '../views.ts';

/** Reads literals, also through names that are assigned exactly once in the file. */
export interface Literals {
  /** The constant, null for None, undefined where it is not one. */
  of(expression: Expression): string | number | boolean | null | undefined;
  /** What a name that is assigned once stands for; every other expression itself. */
  written(expression: Expression): Expression;
  /** The elements of a list, tuple or set that is written out. */
  elementsOf(expression: Expression | undefined): readonly Expression[] | undefined;
}

/** The literals of a module. */
export function literalsOf(module: ModuleView): Literals {
  let names: Map<string, Expression | null> | undefined;
  const named = (name: string): Expression | undefined => {
    names ??= assignedOnce(module);
    return names.get(name) ?? undefined;
  };
  const resolved = (expression: Expression): Expression =>
    expression.kind === 'Name' ? (named(expression.id) ?? expression) : expression;
  return {
    written: resolved,
    of(expression) {
      const written = resolved(expression);
      switch (written.kind) {
        case 'Str':
          return written.value;
        case 'Num':
          return written.value;
        case 'UnaryOp':
          return written.op === '-' && written.operand.kind === 'Num' ? -written.operand.value : undefined;
        case 'Constant':
          return written.value === 'None'
            ? null
            : written.value === 'Ellipsis'
              ? undefined
              : written.value === 'True';
        default:
          return undefined;
      }
    },
    elementsOf(expression) {
      const written = expression && resolved(expression);
      return written?.kind === 'List' || written?.kind === 'Tuple' || written?.kind === 'Set'
        ? written.elements
        : undefined;
    },
  };
}

/** Names with the one expression that they are assigned; null where there are several. */
function assignedOnce(module: ModuleView): Map<string, Expression | null> {
  const names = new Map<string, Expression | null>();
  walkStatements(module.node.body, (statement) => {
    if (statement.kind === 'Assign') {
      for (const target of statement.targets) {
        if (target.kind === 'Name') names.set(target.id, names.has(target.id) ? null : statement.value);
      }
    } else if (statement.kind === 'AnnAssign' && statement.target.kind === 'Name' && statement.value) {
      names.set(statement.target.id, names.has(statement.target.id) ? null : statement.value);
    } else if (statement.kind === 'AugAssign' && statement.target.kind === 'Name') {
      names.set(statement.target.id, null);
    } else if (statement.kind === 'For' && statement.target.kind === 'Name') {
      names.set(statement.target.id, null);
    } else if (statement.kind === 'FunctionDef') {
      for (const param of statement.params) names.set(param.name, null);
    }
  });
  return names;
}
