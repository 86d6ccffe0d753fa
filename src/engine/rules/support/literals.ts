import type { Bytes, Call, Expression, Str } from '../../syntax/ast.ts';
import { lastName } from '../../syntax/headers.ts';

/** A literal with the name that it is given to. */
export interface NamedLiteral {
  readonly name: string;
  readonly node: Str | Bytes;
}

/** The literals that an expression can be, with its name; entries of dictionaries are assignments of their own. */
export function namedLiterals(name: string, expression: Expression, depth = 0): readonly NamedLiteral[] {
  if (depth > 6) return [];
  switch (expression.kind) {
    case 'Str':
    case 'Bytes':
      return name === '' ? [] : [{ name, node: expression }];
    case 'List':
    case 'Tuple':
      // The elements of `TOKENS = ['…']` have its name; long lists are dictionaries of words and the like, and in
      // `'TOKEN': (str, 'General', '')` a row of a table says what kind of setting it is.
      return expression.elements.length > 3 || expression.elements.some(({ kind }) => kind === 'Name')
        ? []
        : expression.elements.flatMap((element) => namedLiterals(name, element, depth + 1));
    case 'BoolOp':
      // `os.environ.get('TOKEN') or '…'`
      return expression.values.flatMap((value) => namedLiterals(name, value, depth + 1));
    case 'IfExp':
      return [
        ...namedLiterals(name, expression.body, depth + 1),
        ...namedLiterals(name, expression.orelse, depth + 1),
      ];
    case 'Call': {
      const wrapped = wrappedIn(expression);
      return wrapped ? namedLiterals(name, wrapped, depth + 1) : [];
    }
    default:
      return [];
  }
}

/** Calls that only hold the literal: `Field('…')`, `field(default='…')`, `SecretStr('…')`, `'…'.encode()`. */
function wrappedIn({ func, args, keywords }: Call): Expression | undefined {
  const name = lastName(func);
  if (name === 'encode' && func.kind === 'Attribute')
    return func.value.kind === 'Str' ? func.value : undefined;
  if (/^(Field|field|SecretStr|SecretBytes|bytes|bytearray|b64decode)$/.test(name))
    return keywords.find((keyword) => keyword.name === 'default')?.value ?? args[0];
  return undefined;
}
