import fc from 'fast-check';
import picocolors from 'picocolors';
import { text } from '../../src/engine/finding.ts';
import { codeExcerpt } from '../../src/report/excerpt.ts';
import { terminalReport } from '../../src/report/terminal.ts';
import { HIDDEN, hostile } from './hostile.ts';
import { at, COMPLETE, finding, review, shown } from './sample.ts';

const PLAIN = { colors: picocolors.createColors(false), advisories: false, source: () => undefined };
const DEFECTS = {
  verdict: { conclusion: 'defects', sentence: '1 security defect is detected in the code.' },
} as const;

const SOURCE = [
  ...Array(9).fill('# line'),
  "q = request.args['q']",
  'x = 1',
  '    cursor.execute(query)',
  'y = 2',
].join('\n');

test('shows code, way and fix, and ends with the verdict', () => {
  const given = review({ ...DEFECTS, defects: [shown()], advisories: [shown()] });
  expect(terminalReport(given, { ...PLAIN, source: () => SOURCE })).toBe(
    [
      'shop/search.py',
      '',
      'shop/search.py:12:5  high  sql-injection  CWE-89',
      "    The request parameter `args['q']` becomes part of the SQL text of `cursor.execute`.",
      '',
      "   10 │ q = request.args['q']",
      '   11 │ x = 1',
      '   12 │     cursor.execute(query)',
      '      │     ^^^^^^^^^^^^^^^',
      '   13 │ y = 2',
      '',
      "    1. shop/search.py:10  `request.args['q']` comes from the request",
      '    2. shop/search.py:12  `query` is run as SQL',
      '    Fix: Pass the value as a parameter: `cursor.execute(sql, (q,))`.',
      '',
      '1 security defect is detected in the code.',
      '1 advisory: show with --advisories.',
      'Analysed 1 of 1 Python file (2 of 2 hunks), following imports into 1 other file.',
      '',
    ].join('\n'),
  );
});

test('groups by file and sorts by line', () => {
  const places = [at('b.py', 9), at('a.py', 20), at('b.py', 3)];
  const defects = places.map((location) => shown({ finding: finding({ location }) }));
  const heads = terminalReport(review({ ...DEFECTS, defects }), PLAIN).match(/^\S+\.py(:\d+)?/gm);
  expect(heads).toEqual(['a.py', 'a.py:20', 'b.py', 'b.py:3', 'b.py:9']);
});

test('shows advisories when asked, as advisories', () => {
  const advisories = [shown({ finding: finding({ kind: 'advisory' }) })];
  const output = terminalReport(review({ advisories }), { ...PLAIN, advisories: true });
  expect(output).toContain('shop/search.py:12:5  advisory, high  sql-injection');
  expect(output).not.toContain('--advisories');
});

test('names what was not analysed', () => {
  const entries = [
    { path: 'a.py', outcome: 'left-out', reasons: ['it is too large'], hunks: 1, hunksLeftOut: 1 },
  ] as const;
  const output = terminalReport(review({ ledger: { ...COMPLETE, entries, complete: false } }), PLAIN);
  expect(output).toContain('Not analysed: `a.py` (it is too large).');
});

test('colours only when told to', () => {
  const given = review({ ...DEFECTS, defects: [shown()] });
  expect(terminalReport(given, PLAIN)).not.toContain('\u001b');
  const colored = terminalReport(given, { ...PLAIN, colors: picocolors.createColors(true) });
  expect(colored).toContain('\u001b[36mcursor.execute\u001b[39m');
});

test('no code can send escapes to the terminal', () => {
  fc.assert(
    fc.property(hostile, hostile, (name, source) => {
      const output = terminalReport(
        review({
          ...DEFECTS,
          defects: [
            shown({ finding: finding({ location: at(name, 1), message: text`${name} ${{ code: name }}` }) }),
          ],
          notices: [[name]],
        }),
        { ...PLAIN, source: () => source },
      );
      expect(output.replaceAll('\n', '')).not.toMatch(HIDDEN);
    }),
  );
});

describe('an excerpt', () => {
  const { colors } = PLAIN;

  test('keeps the carets below a tab-indented, escaped place', () => {
    const lines = codeExcerpt(
      "\t'\u202e' + name",
      { startLine: 1, startColumn: 8, endLine: 1, endColumn: 12 },
      colors,
    );
    expect(lines).toEqual(["    1 │  '\\u202e' + name", '      │             ^^^^']);
  });

  test('cuts a long line around the place', () => {
    const [line, marks] = codeExcerpt(
      `${'a'.repeat(500)}HERE${'b'.repeat(500)}`,
      { startLine: 1, startColumn: 501, endLine: 1, endColumn: 505 },
      colors,
    );
    expect(line!.length).toBeLessThan(160);
    expect(line!.indexOf('HERE')).toBe(marks!.indexOf('^^^^'));
  });

  test('shows the beginning of a long statement', () => {
    const source = Array.from({ length: 40 }, (_, i) => `line ${i + 1}`).join('\n');
    const lines = codeExcerpt(source, { startLine: 5, startColumn: 1, endLine: 30, endColumn: 2 }, colors);
    expect(lines[0]).toBe('    3 │ line 3');
    expect(lines.at(-1)).toBe('   14 │ line 14');
  });

  test('begins and ends with code', () => {
    const lines = codeExcerpt(
      '\n\nx\n\n\n',
      { startLine: 3, startColumn: 1, endLine: 3, endColumn: 2 },
      colors,
    );
    expect(lines).toEqual(['    3 │ x', '      │ ^']);
  });

  test('of a place outside the text is empty', () => {
    expect(codeExcerpt('a', { startLine: 3, startColumn: 1, endLine: 3, endColumn: 2 }, colors)).toEqual([]);
  });
});
