import type { FileRole } from '../../src/engine/project.ts';
import { focusOf } from '../../src/review/focus.ts';
import { changedFile } from './changes.ts';

const NO_ROLES: ReadonlyMap<string, FileRole> = new Map();
const numbered = (count: number) => Array.from({ length: count }, (_, i) => `line_${i + 1}\n`);

function rangesOf(path: string, base: string, head: string, roles = NO_ROLES) {
  const file = changedFile(path, base, head);
  return (['base', 'head'] as const).map((side) => focusOf(side, [file], roles).get(path));
}

test('the hunks of a changed test, with their context, on each side', () => {
  const base = numbered(30);
  const head = base.toSpliced(9, 1).toSpliced(19, 0, 'new_1\n', 'new_2\n');
  expect(rangesOf('test_a.py', base.join(''), head.join(''))).toEqual([
    [
      { from: 7, to: 13 },
      { from: 18, to: 23 },
    ],
    [
      { from: 7, to: 12 },
      { from: 17, to: 24 },
    ],
  ]);
});

test('a place between two lines is both of them', () => {
  const file = {
    ...changedFile('test_a.py', numbered(9).join(''), numbered(9).toSpliced(4, 0, 'new\n').join('')),
    hunks: [{ baseStart: 4, baseLines: 0, headStart: 5, headLines: 1, lines: [] }],
  };
  expect(focusOf('base', [file], NO_ROLES).get('test_a.py')).toEqual([{ from: 4, to: 5 }]);
  expect(focusOf('head', [file], NO_ROLES).get('test_a.py')).toEqual([{ from: 5, to: 6 }]);
});

test('other files are run as a whole, and so is a test that is new', () => {
  expect(rangesOf('app.py', 'a\n', 'b\n')).toEqual([undefined, undefined]);
  expect(focusOf('head', [changedFile('test_a.py', undefined, 'b\n')], NO_ROLES).size).toBe(0);
});

test('what the configuration calls a test is one', () => {
  expect(rangesOf('checks/a.py', 'a\n', 'b\n', new Map([['checks/a.py', 'test']]))).toEqual([
    [{ from: 1, to: 2 }],
    [{ from: 1, to: 2 }],
  ]);
});

test('lines that a diff counts otherwise are no guide', () => {
  expect(rangesOf('test_a.py', 'a\rb\n', 'a\rc\n')).toEqual([undefined, undefined]);
});
