import type { Expression } from '../../syntax/ast.ts';

/** The name, attribute or key that an expression reads, `headers.get('X-Signature')` too; undefined for anything else. */
export function readName(expression: Expression): string | undefined {
  switch (expression.kind) {
    case 'Name':
      return expression.id;
    case 'Attribute':
      return expression.attr;
    case 'Subscript':
      return expression.index.kind === 'Str' ? expression.index.value : undefined;
    case 'Call': {
      const [key] = expression.args;
      const isGet = expression.func.kind === 'Attribute' && expression.func.attr === 'get';
      return isGet && key?.kind === 'Str' ? key.value : undefined;
    }
    default:
      return undefined;
  }
}
