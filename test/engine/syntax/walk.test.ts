import type { Statement } from '../../../src/engine/syntax/ast.ts';
import { parseModule } from '../../../src/engine/syntax/parse.ts';
import { childrenOf, walk, walkExpressions, walkStatements } from '../../../src/engine/syntax/walk.ts';

const CODE = `
import a.b as c
@deco
def outer(x, y: int = default) -> result:
    if x:
        one()
    elif y:
        two()
    else:
        three()
    def inner():
        four()
    match x:
        case Point(z=1) if guard:
            five()
try:
    six()
except Error as e:
    seven()
finally:
    eight()
`;
const { module } = parseModule(CODE);

const called = (statement: Statement): string[] =>
  statement.kind === 'ExpressionStatement' &&
  statement.value.kind === 'Call' &&
  statement.value.func.kind === 'Name'
    ? [statement.value.func.id]
    : [];

test('walkStatements visits nested statements in the order of the text', () => {
  const calls: string[] = [];
  walkStatements(module.body, (statement) => calls.push(...called(statement)));
  expect(calls).toEqual(['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight']);
});

test('walkStatements stays out of nested functions if asked', () => {
  const calls: string[] = [];
  walkStatements(module.body, (statement) => calls.push(...called(statement)), false);
  expect(calls).toEqual(['six', 'seven', 'eight']);
});

test('walkExpressions finds every name, in patterns, defaults, annotations and decorators too', () => {
  const names = new Set<string>();
  walkExpressions(module, (expression) => {
    if (expression.kind === 'Name') names.add(expression.id);
  });
  expect([...names].sort()).toEqual(
    'Error Point deco default eight five four guard int one result seven six three two x y'.split(' '),
  );
});

test('walk does not enter a node where the visitor says no', () => {
  const kinds = new Set<string>();
  walk(module, (node) => {
    kinds.add(node.kind);
    return node.kind !== 'FunctionDef';
  });
  expect(kinds.has('If')).toBe(false);
  expect(kinds.has('Try')).toBe(true);
});

test('childrenOf gives aliases and parts, but no plain values', () => {
  const [imported, outer] = module.body;
  expect(childrenOf(imported!).map((child) => child.kind)).toEqual(['Alias']);
  expect(childrenOf(outer!).map((child) => child.kind)).toEqual([
    'Parameter',
    'Parameter',
    'Name',
    'Name',
    'If',
    'FunctionDef',
    'Match',
  ]);
});
