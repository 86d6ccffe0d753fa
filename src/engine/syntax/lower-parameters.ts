import type { Expression, Parameter, ParameterKind } from './ast.ts';
import { compact } from './compact.ts';
import type { TreeReader } from './tree-reader.ts';

type LowerExpression = (tree: TreeReader, type: string) => Expression;

/** The parameters of a function or a lambda. */
export function lowerParameters(tree: TreeReader, lowerExpression: LowerExpression): readonly Parameter[] {
  let params: Parameter[] = [];
  let passing: ParameterKind = 'positional';
  for (let type = tree.enter(); type !== '' && type !== ')'; type = tree.next()) {
    if (type === ',' || type === '(' || type === ':') continue;
    if (type === 'keyword_separator') {
      passing = 'keyword-only';
    } else if (type === 'positional_separator') {
      params = params.map((param) => ({ ...param, passing: 'positional-only' }));
    } else {
      const param = lowerParameter(tree, type, passing, lowerExpression);
      if (param.passing === 'varargs') passing = 'keyword-only';
      params.push(param);
    }
  }
  tree.leave();
  return compact(params);
}

function lowerParameter(
  tree: TreeReader,
  type: string,
  passing: ParameterKind,
  lowerExpression: LowerExpression,
): Parameter {
  const { start, end } = tree;
  let annotation: Expression | null = null;
  let value: Expression | null = null;
  let nameType = type;
  let name: string;
  if (type === 'identifier') {
    name = tree.identifier(start, end);
  } else if (
    type === 'typed_parameter' ||
    type === 'default_parameter' ||
    type === 'typed_default_parameter'
  ) {
    nameType = tree.enter();
    name = parameterName(tree, nameType);
    for (let part = tree.next(); part !== ''; part = tree.next()) {
      if (part === 'type') annotation = lowerExpression(tree, part);
      else if (part !== ':' && part !== '=') value = lowerExpression(tree, part);
    }
    tree.leave();
  } else {
    name = parameterName(tree, type);
  }
  if (nameType === 'list_splat_pattern') passing = 'varargs';
  else if (nameType === 'dictionary_splat_pattern') passing = 'kwargs';
  return { kind: 'Parameter', start, end, name, passing, annotation, default: value };
}

/** Without stars. Python 2's `(a, b)` in place of a name keeps its parentheses: it is no name. */
function parameterName(tree: TreeReader, type: string): string {
  const name = tree.identifier(tree.start, tree.end);
  return type === 'list_splat_pattern' || type === 'dictionary_splat_pattern'
    ? name.replace(/^\*+\s*/, '')
    : name;
}
