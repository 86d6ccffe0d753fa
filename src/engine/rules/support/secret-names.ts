import { type SensitiveKind, sensitiveKind } from '../../secrets/sensitive-names.ts';
import type { Call, Expression, Node } from '../../syntax/ast.ts';

/** A variable, attribute or entry that its name makes a secret. */
export interface NamedSecret {
  readonly node: Node;
  readonly name: string;
  readonly kind: SensitiveKind;
}

/**
 * The secrets whose text becomes part of the expression's: through formatting, concatenation and `str`, not through
 * other calls (which may mask or hash), slices (which show a part) and tests (which show nothing).
 */
export function secretsIn(expression: Expression, depth = 0): readonly NamedSecret[] {
  if (depth > 8) return [];
  const inner = (node: Expression) => secretsIn(node, depth + 1);
  switch (expression.kind) {
    case 'Name':
      return named(expression, expression.id);
    case 'Attribute':
      return named(expression, expression.attr);
    case 'Subscript':
      return expression.index.kind === 'Str' ? named(expression, expression.index.value) : [];
    case 'BinOp':
      return expression.operands.flatMap(inner);
    case 'Tuple':
    case 'List':
      return expression.elements.flatMap(inner);
    case 'Dict':
      return expression.values.flatMap(inner);
    case 'JoinedStr':
      return expression.parts.flatMap((part) => (part.kind === 'FormattedValue' ? inner(part.value) : []));
    case 'IfExp':
      return [...inner(expression.body), ...inner(expression.orelse)];
    case 'Call':
      if (expression.func.kind === 'Attribute' && /^(encode|decode|strip)$/.test(expression.func.attr)) {
        return inner(expression.func.value);
      }
      return isText(expression.func)
        ? [...expression.args.flatMap(inner), ...expression.keywords.flatMap(({ value }) => inner(value))]
        : isLookUp(expression.func) && expression.args[0]?.kind === 'Str'
          ? named(expression, expression.args[0].value)
          : got(expression);
    default:
      return [];
  }
}

/** The secret that an expression is by its name: `API_KEY`, `settings.token`, `config['secret']`, `os.environ.get('TOKEN')`. */
export function secretNamed(expression: Expression): NamedSecret | undefined {
  const isName = /^(Name|Attribute|Subscript|Call)$/.test(expression.kind);
  return isName ? secretsIn(expression)[0] : undefined;
}

function named(node: Node, name: string): readonly NamedSecret[] {
  // `COOKIE_SECRET_BYTES`: how long it is.
  if (/^[A-Z_]+_BYTES$/.test(name)) return [];
  // What is left of one after the stars.
  if (/^_*(?:log|masked|redacted|obfuscated|hidden|censored)_/i.test(name)) return [];
  const kind = sensitiveKind(name);
  return kind && kind !== 'connection-string' && kind !== 'credential' ? [{ node, name, kind }] : [];
}

/** `str(x)`, `repr(x)`, `'…'.format(x)`, `' '.join(x)`. */
function isText(func: Expression): boolean {
  if (func.kind === 'Name') return /^(str|repr|unicode)$/.test(func.id);
  return func.kind === 'Attribute' && /^(format|join)$/.test(func.attr);
}

/** `get_password()` gives one. */
function got(call: Call): readonly NamedSecret[] {
  const name =
    call.func.kind === 'Name' ? call.func.id : call.func.kind === 'Attribute' ? call.func.attr : '';
  const what = /^_*(?:get|fetch|load|read|decrypt)_(\w+)$/.exec(name)?.[1];
  return what === undefined ? [] : named(call, what);
}

/** `config.get('password')`, `request.form.get('password')`, `os.getenv('DB_PASSWORD')`. */
function isLookUp(func: Expression): boolean {
  return func.kind === 'Attribute' && /^(get|getenv|getlist)$/.test(func.attr);
}
