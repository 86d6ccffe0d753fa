import { normalised, sourceOf } from '../../../src/engine/syntax/unparse.ts';

test('sourceOf gives the code of a node', () => {
  expect(sourceOf({ start: 2, end: 5 }, 'a b+c d')).toBe('b+c');
});

describe('normalised is the same', () => {
  test.each([
    ['blanks', 'f( a,b )', 'f(a, b)'],
    ['line breaks', 'f(\n    a,\r\n    b\n)', 'f(a, b)'],
    ['line continuations', 'a = \\\n  b', 'a = b'],
    ['comments', 'f(a, # why\n  b)  # because', 'f(a, b)'],
    ['a trailing comma of a call', 'f(a,)', 'f(a)'],
    ['a trailing comma of a list', 'x = [a, b,]', 'x = [a, b]'],
    ['a trailing comma of a longer tuple', 'x = (a, b,)', 'x = (a, b)'],
    ['a trailing comma behind nested commas', 'f(g(a, b),)', 'f(g(a, b))'],
  ])('when only %s differ', (_what, one, other) => {
    expect(normalised(one)).toBe(normalised(other));
  });
});

describe('normalised differs', () => {
  test.each([
    ['blanks inside a literal', '"a b"', '"a  b"'],
    ['a number sign inside a literal', '"a # b"', '"a # c"'],
    ['comments are no code but literals are', '"""# a"""', '"""# b"""'],
    ['the tuple of one element', 'x = (a,)', 'x = (a)'],
    ['a returned tuple of one element', 'return (a,)', 'return (a)'],
    ['the prefix of a literal', 'b"a"', '"a"'],
    ['an escaped quote', String.raw`"a\" # b"`, String.raw`"a\" # c"`],
    ['operators', 'a ** b', 'a * * b'],
  ])('for %s', (_what, one, other) => {
    expect(normalised(one)).not.toBe(normalised(other));
  });
});

test('normalised is stable', () => {
  const once = normalised('def f(a,  b=1,):\n    return {"x": a // b,}  # y\n');
  expect(once).toBe('def f ( a , b = 1 ) : return { "x" : a // b }');
  expect(normalised(once)).toBe(once);
});
