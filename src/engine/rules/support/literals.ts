import type { Bytes, Expression, Str } from '../../syntax/ast.ts';

/** A literal with the name that it is given to: a keyword argument, or a key of a dictionary inside. */
export interface NamedLiteral {
  readonly name: string;
  readonly node: Str | Bytes;
}

/** The literals in an expression that have a name, through nested dictionaries, lists and `dict(...)` calls. */
export function namedLiterals(name: string, expression: Expression, depth = 0): readonly NamedLiteral[] {
  if (depth > 6) return [];
  switch (expression.kind) {
    case 'Str':
    case 'Bytes':
      return name === '' ? [] : [{ name, node: expression }];
    case 'Dict':
      return expression.keys.flatMap((key, i) => {
        const value = expression.values[i];
        return key?.kind === 'Str' && value ? namedLiterals(key.value, value, depth + 1) : [];
      });
    case 'List':
    case 'Tuple':
      // The elements of `TOKENS = ['…']` have its name, those of a list of dictionaries have their own.
      return expression.elements.flatMap((element) => namedLiterals(name, element, depth + 1));
    case 'BoolOp':
      // `os.environ.get('TOKEN') or '…'`
      return expression.values.flatMap((value) => namedLiterals(name, value, depth + 1));
    case 'IfExp':
      return [
        ...namedLiterals(name, expression.body, depth + 1),
        ...namedLiterals(name, expression.orelse, depth + 1),
      ];
    default:
      return [];
  }
}
