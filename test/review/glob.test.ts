import fc from 'fast-check';
import { matchesGlob } from '../../src/review/glob.ts';

test.each([
  ['a.py', 'a.py', true],
  ['a.py', 'pkg/a.py', true],
  ['/a.py', 'pkg/a.py', false],
  ['*.py', 'pkg/sub/a.py', true],
  ['pkg/*.py', 'pkg/a.py', true],
  ['pkg/*.py', 'pkg/sub/a.py', false],
  ['pkg/**', 'pkg/sub/a.py', true],
  ['pkg/**', 'pkg', true],
  ['pkg/**/a.py', 'pkg/a.py', true],
  ['pkg/**/a.py', 'pkg/x/y/a.py', true],
  ['**/tests/**', 'pkg/tests/a.py', true],
  ['**/tests/**', 'pkg/contests/a.py', false],
  ['tests', 'pkg/tests/a.py', true],
  ['tests/', 'tests/unit/a.py', true],
  ['pkg/tests', 'pkg/tests/unit/a.py', true],
  ['pkg/tests', 'other/pkg/tests/a.py', false],
  ['./pkg', 'pkg/a.py', true],
  ['test_?.py', 'test_1.py', true],
  ['test_?.py', 'test_12.py', false],
  ['a*b*c', 'aXbXbXc', true],
  ['a*b*c', 'aXbX', false],
  ['[ab].py', 'a.py', false],
  ['a.b', 'axb', false],
  ['**', 'any/thing', true],
  ['new\nline/*', 'new\nline/a.py', true],
])('%j and %j: %s', (pattern, path, isMatch) => {
  expect(matchesGlob(pattern, path)).toBe(isMatch);
});

test('a path matches itself', () => {
  const name = fc.string({ minLength: 1 }).filter((text) => !/[*?/]/.test(text) && text !== '.');
  fc.assert(
    fc.property(fc.array(name, { minLength: 1 }), (names) => {
      expect(matchesGlob(names.join('/'), names.join('/'))).toBe(true);
    }),
  );
});

test('the worst patterns and paths take no time', () => {
  const started = performance.now();
  matchesGlob('**/*a*a*a*a*a*a*a*a*a*a*b/'.repeat(7), `${'a'.repeat(250)}/`.repeat(16));
  matchesGlob('**/a/'.repeat(40), 'a/'.repeat(2000));
  expect(performance.now() - started).toBeLessThan(500);
});
