import type {
  BinaryOperator,
  CompareOperator,
  Comprehension,
  Constant,
  Expression,
  Generator,
  IfExp,
  Keyword,
  Name,
  NamedExpr,
  Opaque,
  UnaryOp,
} from './ast.ts';
import { compact } from './compact.ts';
import { numberValue } from './literals.ts';
import { lowerParameters } from './lower-parameters.ts';
import { lowerConcatenatedString, lowerString } from './lower-strings.ts';
import type { TreeReader } from './tree-reader.ts';

/** Expressions nested deeper are left opaque, so that nobody's recursion over the tree can overflow. */
const MAX_DEPTH = 200;

type Lower = (tree: TreeReader) => Expression;

/** By the grammar's node types. */
const LOWER = new Map<string, Lower>([
  ['string', (tree) => lowerString(tree, lowerExpression)],
  ['concatenated_string', (tree) => lowerConcatenatedString(tree, lowerExpression)],
  ['integer', lowerNumber],
  ['float', lowerNumber],
  ['true', (tree) => lowerConstant(tree, 'True')],
  ['false', (tree) => lowerConstant(tree, 'False')],
  ['none', (tree) => lowerConstant(tree, 'None')],
  ['ellipsis', (tree) => lowerConstant(tree, 'Ellipsis')],
  ['attribute', lowerAttribute],
  ['member_type', lowerAttribute],
  ['dotted_name', lowerDottedName],
  ['call', lowerCall],
  ['subscript', lowerSubscript],
  ['generic_type', lowerSubscript],
  ['slice', lowerSlice],
  ['binary_operator', (tree) => lowerOperatorChain(tree, 'binary_operator')],
  ['union_type', lowerUnion],
  ['boolean_operator', (tree) => lowerOperatorChain(tree, 'boolean_operator')],
  ['comparison_operator', lowerComparison],
  ['not_operator', lowerUnary],
  ['unary_operator', lowerUnary],
  ['conditional_expression', lowerConditional],
  ['named_expression', lowerNamedExpression],
  ['lambda', lowerLambda],
  ['lambda_within_for_in_clause', lowerLambda],
  ['await', lowerAwait],
  ['yield', lowerYield],
  ['list', lowerList],
  ['list_pattern', lowerList],
  ['set', lowerSet],
  ['tuple', lowerTuple],
  ['tuple_pattern', lowerTuple],
  ['expression_list', lowerTuple],
  ['pattern_list', lowerTuple],
  ['dictionary', lowerDictionary],
  ['list_comprehension', (tree) => lowerComprehension(tree, 'list')],
  ['set_comprehension', (tree) => lowerComprehension(tree, 'set')],
  ['dictionary_comprehension', (tree) => lowerComprehension(tree, 'dict')],
  ['generator_expression', (tree) => lowerComprehension(tree, 'generator')],
  ['list_splat', lowerStarred],
  ['list_splat_pattern', lowerStarred],
  ['splat_type', lowerStarred],
  ['parenthesized_expression', lowerInner],
  ['type', lowerInner],
  ['as_pattern', lowerInner],
  ['as_pattern_target', lowerInner],
  ['constrained_type', lowerInner],
]);

/** Lowers the current node, whose type is given. What is no expression, or too deep, becomes Opaque. */
export function lowerExpression(tree: TreeReader, type: string): Expression {
  if (type === 'identifier') return lowerName(tree);
  const lower = LOWER.get(type);
  if (lower === undefined) return opaque(tree);
  if (tree.expressionDepth >= MAX_DEPTH) return tooDeep(tree);
  tree.expressionDepth++;
  const expression = lower(tree);
  tree.expressionDepth--;
  return expression;
}

/** Expressions separated by commas: several of them, or a comma, make a tuple. None at all is broken syntax. */
export function tupleOf(elements: Expression[], hasComma: boolean, end: number): Expression {
  const [first] = elements;
  const last = elements.at(-1);
  if (first === undefined || last === undefined) return { kind: 'Opaque', start: end, end };
  if (elements.length === 1 && !hasComma && first.kind !== 'Starred') return first;
  return { kind: 'Tuple', start: first.start, end: last.end, elements: compact(elements) };
}

/** The arguments of a call, or the bases of a class. */
export function lowerArguments(tree: TreeReader, args: Expression[], keywords: Keyword[]): void {
  for (let type = tree.enter(); type !== '' && type !== ')'; type = tree.next()) {
    if (type === ',' || type === '(') continue;
    if (type === 'keyword_argument') keywords.push(lowerKeyword(tree));
    else if (type === 'dictionary_splat') keywords.push(lowerKeywordSpread(tree));
    else args.push(lowerExpression(tree, type));
  }
  tree.leave();
}

export function lowerName(tree: TreeReader): Name | Opaque {
  const { start } = tree;
  const end = tree.identifierEnd(start);
  if (start === end) return { kind: 'Opaque', start, end };
  return { kind: 'Name', start, end, id: tree.identifier(start, end) };
}

function opaque(tree: TreeReader): Opaque {
  const { start } = tree;
  return { kind: 'Opaque', start, end: Math.max(start, tree.end) };
}

function tooDeep(tree: TreeReader): Opaque {
  const { start, end } = tree;
  tree.addUnread(start, end, 'too-deep');
  return { kind: 'Opaque', start, end };
}

function lowerNumber(tree: TreeReader): Expression {
  const { start, end } = tree;
  const { value, isFloat } = numberValue(tree.text.slice(start, end));
  return { kind: 'Num', start, end, value, isFloat };
}

function lowerConstant(tree: TreeReader, value: Constant['value']): Constant {
  const { start, end } = tree;
  return { kind: 'Constant', start, end, value };
}

function lowerAttribute(tree: TreeReader): Expression {
  const { start, end, text } = tree;
  const value = lowerExpression(tree, tree.enter());
  let attrStart = tree.identifierStart(end);
  // Mostly the attribute stands right behind its dot and the dot right behind the value: nothing more to look at.
  if (attrStart === -1 || value.end !== attrStart - 1 || text[value.end] !== '.') {
    tree.next();
    attrStart = tree.next() === '' ? end : tree.start;
  }
  tree.leave();
  return { kind: 'Attribute', start, end, value, attr: tree.identifier(attrStart, end), attrStart };
}

/** `a.b.c` where the grammar keeps it flat: in patterns. */
function lowerDottedName(tree: TreeReader): Expression {
  const { start } = tree;
  tree.enter();
  let value: Expression = lowerName(tree);
  while (tree.next() === '.' && tree.next() === 'identifier') {
    const { start: attrStart, end } = tree;
    value = { kind: 'Attribute', start, end, value, attr: tree.identifier(attrStart, end), attrStart };
  }
  tree.leave();
  return value;
}

function lowerCall(tree: TreeReader): Expression {
  const { start, end } = tree;
  const func = lowerExpression(tree, tree.enter());
  const args: Expression[] = [];
  const keywords: Keyword[] = [];
  if (!tree.text.endsWith('()', end) || tree.broken) {
    const type = tree.next();
    if (type === 'argument_list') lowerArguments(tree, args, keywords);
    else if (type !== '') args.push(lowerExpression(tree, type));
  }
  tree.leave();
  return { kind: 'Call', start, end, func, args: compact(args), keywords: compact(keywords) };
}

function lowerKeyword(tree: TreeReader): Keyword {
  const { start, end, text } = tree;
  let nameEnd = tree.broken ? start : text.indexOf('=', start);
  let type: string;
  if (nameEnd > start && /^\w+$/.test(text.slice(start, nameEnd)) && /\S/.test(text.charAt(nameEnd + 1))) {
    // Written closely, as mostly: the value is all that is left to look at.
    type = tree.enterLast();
  } else {
    tree.enter();
    nameEnd = tree.end;
    tree.next();
    type = tree.next();
  }
  const name = tree.identifier(start, nameEnd);
  const value = lowerExpression(tree, type);
  tree.leave();
  return { kind: 'Keyword', start, end, name, value };
}

function lowerKeywordSpread(tree: TreeReader): Keyword {
  const { start, end } = tree;
  return { kind: 'Keyword', start, end, name: null, value: lowerOperand(tree) };
}

/** Of a node that is an operator and its operand, the operand. */
function lowerOperand(tree: TreeReader): Expression {
  tree.enter();
  const operand = lowerExpression(tree, tree.next());
  tree.leave();
  return operand;
}

function lowerSubscript(tree: TreeReader): Expression {
  const { start, end } = tree;
  const value = lowerExpression(tree, tree.enter());
  const indexes: Expression[] = [];
  let hasComma = false;
  let type = tree.next();
  const isGeneric = type === 'type_parameter';
  if (isGeneric) type = tree.enter();
  for (; type !== '' && type !== ']'; type = tree.next()) {
    if (type === ',') hasComma = true;
    else if (type !== '[') indexes.push(lowerExpression(tree, type));
  }
  if (isGeneric) tree.leave();
  tree.leave();
  return { kind: 'Subscript', start, end, value, index: tupleOf(indexes, hasComma, end) };
}

function lowerSlice(tree: TreeReader): Expression {
  const { start, end } = tree;
  const bounds: [Expression | null, Expression | null, Expression | null] = [null, null, null];
  let at = 0;
  for (let type = tree.enter(); type !== ''; type = tree.next()) {
    if (type === ':') at++;
    else if (at < 3) bounds[at] = lowerExpression(tree, type);
  }
  tree.leave();
  return { kind: 'Slice', start, end, lower: bounds[0], upper: bounds[1], step: bounds[2] };
}

/**
 * `a + b - c` and `a and b or c`: nested on the left by the grammar, however long. Goes down to the first operand
 * and builds on the way up; equal operators in a row make one node.
 */
function lowerOperatorChain(tree: TreeReader, chain: 'binary_operator' | 'boolean_operator'): Expression {
  const { start } = tree;
  const ends = [tree.end];
  let type = tree.enter();
  for (; type === chain; type = tree.enter()) ends.push(tree.end);
  let left = lowerExpression(tree, type);
  let operator = '';
  let operands: Expression[] = [];
  let nesting = tree.expressionDepth;
  for (let level = ends.length - 1; level >= 0; level--) {
    const next = tree.next();
    const right = lowerExpression(tree, tree.next());
    tree.leave();
    const end = ends[level]!;
    if (next === operator && next !== '**') {
      operands.push(right);
      (left as { end: number }).end = end;
      continue;
    }
    if (++nesting > MAX_DEPTH) {
      tree.addUnread(left.start, left.end, 'too-deep');
      left = { kind: 'Opaque', start: left.start, end: left.end };
      nesting = tree.expressionDepth;
    }
    operator = next;
    operands = [left, right];
    left =
      chain === 'boolean_operator'
        ? { kind: 'BoolOp', start, end, op: next === 'or' ? 'or' : 'and', values: operands }
        : { kind: 'BinOp', start, end, op: next as BinaryOperator, operands };
  }
  return left;
}

/** `int | str | None` in an annotation. */
function lowerUnion(tree: TreeReader): Expression {
  const { start, end } = tree;
  const left = lowerExpression(tree, tree.enter());
  tree.next();
  const right = lowerExpression(tree, tree.next());
  tree.leave();
  const operands = [left, right].flatMap((part) =>
    part.kind === 'BinOp' && part.op === '|' ? part.operands : [part],
  );
  return { kind: 'BinOp', start, end, op: '|', operands };
}

function lowerComparison(tree: TreeReader): Expression {
  const { start, end } = tree;
  const left = lowerExpression(tree, tree.enter());
  const ops: CompareOperator[] = [];
  const comparators: Expression[] = [];
  for (let type = tree.next(); type !== ''; type = tree.next()) {
    ops.push(type === '<>' ? '!=' : (type as CompareOperator));
    comparators.push(lowerExpression(tree, tree.next()));
  }
  tree.leave();
  return { kind: 'Compare', start, end, left, ops: compact(ops), comparators: compact(comparators) };
}

function lowerUnary(tree: TreeReader): UnaryOp {
  const { start, end } = tree;
  const op = tree.enter() as UnaryOp['op'];
  const operand = lowerExpression(tree, tree.next());
  tree.leave();
  return { kind: 'UnaryOp', start, end, op, operand };
}

function lowerConditional(tree: TreeReader): IfExp {
  const { start, end } = tree;
  const body = lowerExpression(tree, tree.enter());
  tree.next();
  const test = lowerExpression(tree, tree.next());
  tree.next();
  const orelse = lowerExpression(tree, tree.next());
  tree.leave();
  return { kind: 'IfExp', start, end, test, body, orelse };
}

function lowerNamedExpression(tree: TreeReader): NamedExpr | Opaque {
  const { start, end } = tree;
  tree.enter();
  const target = lowerName(tree);
  tree.next();
  const value = lowerExpression(tree, tree.next());
  tree.leave();
  if (target.kind === 'Opaque') return { kind: 'Opaque', start, end };
  return { kind: 'NamedExpr', start, end, target, value };
}

function lowerLambda(tree: TreeReader): Expression {
  const { start, end } = tree;
  tree.enter();
  let type = tree.next();
  const params = type === 'lambda_parameters' ? lowerParameters(tree, lowerExpression) : [];
  if (type === 'lambda_parameters') type = tree.next();
  const body = lowerExpression(tree, tree.next());
  tree.leave();
  return { kind: 'Lambda', start, end, params, body };
}

function lowerAwait(tree: TreeReader): Expression {
  const { start, end } = tree;
  return { kind: 'Await', start, end, value: lowerOperand(tree) };
}

function lowerYield(tree: TreeReader): Expression {
  const { start, end } = tree;
  tree.enter();
  let type = tree.next();
  const isFrom = type === 'from';
  if (isFrom) type = tree.next();
  const value = type === '' ? null : lowerExpression(tree, type);
  tree.leave();
  return { kind: 'Yield', start, end, value, isFrom };
}

/** The expressions between brackets and commas; `hasComma` tells `(a,)` from `(a)`. */
function lowerElements(tree: TreeReader): { elements: readonly Expression[]; hasComma: boolean } {
  const elements: Expression[] = [];
  let hasComma = false;
  for (let type = tree.enter(); type !== ''; type = tree.next()) {
    if (type === ',') hasComma = true;
    else if (type === ')' || type === ']' || type === '}') break;
    else if (type !== '(' && type !== '[' && type !== '{') elements.push(lowerExpression(tree, type));
  }
  tree.leave();
  return { elements: compact(elements), hasComma };
}

function lowerList(tree: TreeReader): Expression {
  const { start, end } = tree;
  return { kind: 'List', start, end, elements: lowerElements(tree).elements };
}

function lowerSet(tree: TreeReader): Expression {
  const { start, end } = tree;
  return { kind: 'Set', start, end, elements: lowerElements(tree).elements };
}

function lowerTuple(tree: TreeReader): Expression {
  const { start, end } = tree;
  const { elements, hasComma } = lowerElements(tree);
  const [first] = elements;
  if (first !== undefined && elements.length === 1 && !hasComma) return first;
  return { kind: 'Tuple', start, end, elements };
}

function lowerDictionary(tree: TreeReader): Expression {
  const { start, end } = tree;
  const keys: (Expression | null)[] = [];
  const values: Expression[] = [];
  for (let type = tree.enter(); type !== '' && type !== '}'; type = tree.next()) {
    if (type === 'pair') {
      const pair = lowerPair(tree);
      keys.push(pair.key);
      values.push(pair.value);
    } else if (type === 'dictionary_splat') {
      keys.push(null);
      values.push(lowerOperand(tree));
    }
  }
  tree.leave();
  return { kind: 'Dict', start, end, keys: compact(keys), values: compact(values) };
}

function lowerPair(tree: TreeReader): { key: Expression; value: Expression } {
  const key = lowerExpression(tree, tree.enter());
  tree.next();
  const value = lowerExpression(tree, tree.next());
  tree.leave();
  return { key, value };
}

function lowerComprehension(tree: TreeReader, collection: Comprehension['collection']): Comprehension {
  const { start, end } = tree;
  let element: Expression | null = null;
  let key: Expression | null = null;
  const generators: OpenGenerator[] = [];
  for (let type = tree.enter(); type !== ''; type = tree.next()) {
    if (type === 'for_in_clause') generators.push(lowerGenerator(tree));
    else if (type === 'if_clause') addCondition(tree, generators.at(-1));
    else if (type === 'pair') ({ key, value: element } = lowerPair(tree));
    else if (element === null && !/^[([{]$/.test(type)) element = lowerExpression(tree, type);
  }
  tree.leave();
  element ??= { kind: 'Opaque', start, end: start };
  return { kind: 'Comprehension', start, end, collection, element, key, generators: compact(generators) };
}

/** One whose conditions are still to come. */
interface OpenGenerator extends Generator {
  end: number;
  readonly conditions: Expression[];
}

/** A condition belongs to the `for` before it. */
function addCondition(tree: TreeReader, generator: OpenGenerator | undefined): void {
  if (generator === undefined) return;
  generator.end = tree.end;
  generator.conditions.push(lowerOperand(tree));
}

function lowerGenerator(tree: TreeReader): OpenGenerator {
  const { start, end } = tree;
  let type = tree.enter();
  const isAsync = type === 'async';
  if (isAsync) type = tree.next();
  const target = lowerExpression(tree, tree.next());
  tree.next();
  const sources: Expression[] = [];
  let hasComma = false;
  for (type = tree.next(); type !== ''; type = tree.next()) {
    if (type === ',') hasComma = true;
    else sources.push(lowerExpression(tree, type));
  }
  tree.leave();
  const iter = tupleOf(sources, hasComma, end);
  return { kind: 'Generator', start, end, target, iter, conditions: [], isAsync };
}

function lowerStarred(tree: TreeReader): Expression {
  const { start, end } = tree;
  return { kind: 'Starred', start, end, value: lowerOperand(tree) };
}

/** Parentheses and other wrappers disappear. */
function lowerInner(tree: TreeReader): Expression {
  let type = tree.enter();
  if (type === '(') type = tree.next();
  const inner = lowerExpression(tree, type);
  tree.leave();
  return inner;
}
