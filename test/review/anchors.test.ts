import fc from 'fast-check';
import { anchorInHunks, changePoints, commentableLines, isInDiff } from '../../src/review/anchors.ts';
import { diffHunks } from '../../src/review/hunks.ts';
import { definesSymbol, symbolLines } from '../../src/review/symbols.ts';

const numbered = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, at) => `line ${from + at}`);
/** Hunks: lines 2–8 (line 5 replaced) and 22–28 (line 25 replaced). */
const hunks = diffHunks(
  numbered(1, 30).join('\n'),
  numbered(1, 30).join('\n').replace('line 5\n', 'new 5\n').replace('line 25\n', 'new 25\n'),
);

describe('anchorInHunks', () => {
  test.each([
    ['a line of a hunk', 5, 5, { line: 5 }],
    ['a context line', 2, 2, { line: 2 }],
    ['lines that reach out of the hunk', 7, 12, { startLine: 7, line: 8 }],
    ['lines around the hunk', 1, 20, { startLine: 2, line: 8 }],
    ['lines over two hunks: where more was changed', 7, 26, { startLine: 22, line: 26 }],
    ['lines over two hunks, changed alike: the first', 1, 30, { startLine: 2, line: 8 }],
  ])('%s', (_, first, last, expected) => {
    expect(anchorInHunks('a.py', hunks, 'RIGHT', first, last)).toEqual({
      path: 'a.py',
      side: 'RIGHT',
      ...expected,
    });
  });

  test('nothing outside of the hunks', () => {
    expect(anchorInHunks('a.py', hunks, 'RIGHT', 10, 20)).toBeUndefined();
    expect(anchorInHunks('a.py', [], 'RIGHT', 1, 1)).toBeUndefined();
  });

  test('is in the diff, on lines that GitHub takes', () => {
    const side = fc.constantFrom('LEFT' as const, 'RIGHT' as const);
    const text = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 60 }).map((lines) => lines.join('\n'));
    fc.assert(
      fc.property(text, text, side, fc.nat(70), fc.nat(70), (base, head, onSide, first, more) => {
        const made = diffHunks(base, head);
        const anchor = anchorInHunks('a.py', made, onSide, first, first + more);
        const lines = commentableLines(made, onSide);
        const isReachable = Array.from({ length: more + 1 }, (_, at) => first + at).some((line) =>
          lines.has(line),
        );
        expect(anchor !== undefined).toBe(isReachable);
        if (anchor) expect(isInDiff(made, anchor)).toBe(true);
        for (const hunk of made) {
          const points = changePoints('a.py', hunk);
          expect(points.length).toBeGreaterThan(0);
          for (const point of points) expect(isInDiff([hunk], point.anchor)).toBe(true);
        }
      }),
    );
  });
});

test('changePoints are added lines, and removed lines that nothing replaced', () => {
  const [hunk] = diffHunks('a\nb\nc\nd\n', 'a\nB\nc\n');
  expect(changePoints('a.py', hunk!)).toEqual([
    { anchor: { path: 'a.py', side: 'RIGHT', line: 2 }, headLine: 2 },
    { anchor: { path: 'a.py', side: 'LEFT', line: 4 }, headLine: 4 },
  ]);
});

test('isInDiff knows what GitHub refuses', () => {
  expect(isInDiff(hunks, { path: 'a.py', side: 'RIGHT', line: 9 })).toBe(false);
  expect(isInDiff(hunks, { path: 'a.py', side: 'RIGHT', startLine: 5, line: 25 })).toBe(false);
  expect(isInDiff(hunks, { path: 'a.py', side: 'RIGHT', startLine: 6, line: 5 })).toBe(false);
});

describe('symbolLines', () => {
  const source = [
    'import os', // 1
    '',
    '@decorated', // 3
    'def one(', // 4
    '    a,',
    '):',
    '    x = 1', // 7
    '',
    '    if x:',
    '        return a', // 10
    '',
    'class Two:', // 12
    '    y = 1', // 13
    '    async def three(self):', // 14
    '        pass', // 15
    'z = 1', // 16
  ].join('\n');

  test.each([
    [1, 1, 16],
    [10, 3, 10],
    [7, 3, 10],
    [13, 12, 15],
    [15, 14, 15],
    [14, 14, 15],
    [16, 1, 16],
    [99, 1, 16],
  ])('around line %d are %d to %d', (line, from, to) => {
    expect(symbolLines(source, line)).toEqual({ from, to });
  });

  test('definesSymbol', () => {
    expect(definesSymbol(source, '')).toBe(true);
    expect(definesSymbol(source, 'Two.three')).toBe(true);
    expect(definesSymbol(source, 'Two.four')).toBe(false);
    expect(definesSymbol('# def one', 'one')).toBe(false);
    expect(definesSymbol(source, 'Two.three.<lambda>')).toBe(true);
    // Another class has a method of the name.
    expect(definesSymbol('class A:\n    def x(self): pass\nclass B:\n    def y(self): pass', 'B.x')).toBe(
      false,
    );
    expect(
      definesSymbol('if a:\n    class A: pass\nelse:\n    class A:\n        def x(self): pass', 'A.x'),
    ).toBe(true);
  });
});
