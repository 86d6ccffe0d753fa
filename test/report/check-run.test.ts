import fc from 'fast-check';
import { code, text } from '../../src/engine/finding.ts';
import { byteLength } from '../../src/report/bounded.ts';
import { checkRunReport, OUTPUT_LIMIT } from '../../src/report/check-run.ts';
import { GITHUB } from '../../src/report/links.ts';
import type { Ledger } from '../../src/review/review.ts';
import { hostile, nodes, parse, proseOf, REFERENCE } from './hostile.ts';
import { at, COMPLETE, finding, review, shown } from './sample.ts';

const INCOMPLETE: Ledger = {
  ...COMPLETE,
  entries: [
    ...COMPLETE.entries,
    {
      path: 'old.py',
      outcome: 'left-out',
      reasons: ['it is Python 2 from line 3 on'],
      hunks: 1,
      hunksLeftOut: 1,
    },
  ],
  complete: false,
};
const DEFECTS = {
  verdict: { conclusion: 'defects', sentence: '1 security defect is detected in the code.' },
} as const;

describe('conclusion', () => {
  const defect = review({ ...DEFECTS, defects: [shown()] });
  const incomplete = review({
    verdict: { ...review().verdict, conclusion: 'incomplete' },
    ledger: INCOMPLETE,
  });

  test.each([
    ['success when clean', review(), 'success'],
    ['failure with a defect', defect, 'failure'],
    ['neutral with a defect, where the check is not to fail', { ...defect, failOn: 'never' }, 'neutral'],
    ['never green when something was not looked at', incomplete, 'action_required'],
    ['not green when only the ledger says so', review({ ledger: INCOMPLETE }), 'action_required'],
    ['success with advisories', review({ advisories: [shown()] }), 'success'],
  ] as const)('%s', (_, given, expected) => {
    expect(checkRunReport(given).conclusion).toBe(expected);
  });

  test('neutral for an incomplete review, where that is wished', () => {
    expect(checkRunReport(incomplete, GITHUB, 'neutral').conclusion).toBe('neutral');
    expect(checkRunReport(review(), GITHUB, 'neutral').conclusion).toBe('success');
  });
});

test('a clean review says one sentence, word for word, and what it looked at', () => {
  const aspects = [
    {
      aspect: 'injection',
      defects: 0,
      advisories: 0,
      practices: [
        { aspect: 'injection', location: at('shop/a|b.py', 3), text: text`binds ${code('a | b')}` },
      ],
    },
    { aspect: 'errors', defects: 0, advisories: 2, practices: [] },
  ] as const;
  const { title, summary, text: details, annotations } = checkRunReport(review({ aspects }));
  expect(title).toBe('No security defects are detected in the code.');
  expect(annotations).toEqual([]);
  const blob = `https://github.com/acme/shop/blob/${'a'.repeat(40)}`;
  expect(summary).toBe(
    [
      'No security defects are detected in the code.',
      '',
      '### Looked at',
      '| Aspect | Defects | Advisories | Done right |',
      '| --- | ---: | ---: | --- |',
      `| Injection | – | – | clear: [\`shop/a\\|b.py:3\`](${blob}/shop/a%7Cb.py#L3) binds \`a \\| b\` |`,
      '| Error handling | – | 2 |  |',
      '',
      '### Coverage',
      'Analysed 1 of 1 Python file (2 of 2 hunks), following imports into 1 other file.',
    ].join('\n'),
  );
  expect(details).toBe('### Analysed\n- `shop/search.py` (2 hunks)');
});

test('an incomplete review says so in its title, and names what is missing and why', () => {
  const { title, summary, text: details } = checkRunReport(review({ ledger: INCOMPLETE }));
  expect(title).toBe('No security defects are detected in the code. Not all of it was analysed.');
  expect(summary).toContain('**Not analysed:** `old.py` (it is Python 2 from line 3 on).');
  expect(summary).toContain('Analysed 1 of 2 Python files (2 of 3 hunks)');
  expect(details).toMatch(
    /^### Left out\n- `old.py` \(1 hunk, 1 left out\): it is Python 2 from line 3 on\n\n/,
  );
});

test('defects come first, advisories apart from them, each with its fix where no comment says it', () => {
  const { summary, annotations } = checkRunReport(
    review({
      ...DEFECTS,
      defects: [shown({ elsewhere: true, finding: finding({ location: at('shop/db.py', 40) }) })],
      advisories: [
        shown({ display: 'summary', finding: finding({ kind: 'advisory', ruleId: 'weak-hash' }) }),
      ],
      notices: [text`The change turns ${code('weak-hash')} off.`],
    }),
  );
  expect(summary).toMatch(
    /^1 security defect is detected in the code\.\n\n\*\*Notice:\*\* The change turns `weak-hash` off\.\n\n### Defects/,
  );
  expect(summary).toMatch(
    /- \[`shop\/db.py:40`\]\(.*\), caused at \[`shop\/search.py:12`\]\(.*\): The request/,
  );
  const [defects, advisories] = summary.split('### Advisories');
  expect(defects).not.toContain('**Fix:**');
  expect(advisories).toContain('  - **Fix:** Pass the value as a parameter');
  expect(annotations).toEqual([
    {
      path: 'shop/search.py',
      startLine: 12,
      endLine: 12,
      level: 'failure',
      title: 'sql-injection (CWE-89)',
      message: [
        "The request parameter `args['q']` becomes part of the SQL text of `cursor.execute`.",
        'This change causes it; the consequence is at shop/db.py:40.',
        "1. shop/search.py:10: `request.args['q']` comes from the request",
        '2. shop/search.py:12: `query` is run as SQL',
        'Fix: Pass the value as a parameter: `cursor.execute(sql, (q,))`.',
      ].join('\n'),
    },
  ]);
});

test('removed code is linked in the merge base and not annotated', () => {
  const removed = shown({ anchor: { path: 'shop/search.py', side: 'LEFT', line: 12 } });
  const { summary, annotations } = checkRunReport(review({ ...DEFECTS, defects: [removed] }));
  expect(summary).toMatch(/- \[`shop\/search.py:12`\]\(.*\/blob\/c{40}\/shop\/search.py#L12\) \(removed\): /);
  expect(annotations).toEqual([]);
});

test('suppressed findings are shown with who suppressed them and why', () => {
  const { text: details } = checkRunReport(
    review({ suppressed: [{ finding: finding(), by: 'a comment at line 3', reason: 'see #12' }] }),
  );
  expect(details).toMatch(
    /### Suppressed\n- \[`shop\/search.py:12`\].* Suppressed by a comment at line 3: see #\u200b12$/,
  );
});

test('a report too long for GitHub ends after a whole finding and counts the rest', () => {
  const defects = Array.from({ length: 2000 }, () =>
    shown({ finding: finding({ message: text`é名 ${code('x')}` }) }),
  );
  const { summary } = checkRunReport(review({ ...DEFECTS, defects, advisories: defects }));
  expect(byteLength(summary)).toBeLessThanOrEqual(OUTPUT_LIMIT);
  const items = summary.split('\n').filter((line) => line.startsWith('- '));
  expect(items.length).toBeGreaterThan(100);
  for (const item of items) expect(item).toMatch(/\)$/);
  const missing = [...summary.matchAll(/_(\d+) more (\w+) left out/g)];
  expect(missing.map((match) => match[2])).toEqual(['defects', 'advisories']);
  expect(Number(missing[0]![1]) + Number(missing[1]![1]) + items.length).toBe(4000);
  expect(summary).toContain('### Coverage');
});

test('no name, path or reason in a report becomes anything but text and code', () => {
  fc.assert(
    fc.property(hostile, hostile, (name, path) => {
      const report = checkRunReport(
        review({
          defects: [
            shown({
              display: 'summary',
              finding: finding({ location: at(path, 1), message: text`${name} ${{ code: name }}` }),
            }),
          ],
          suppressed: [{ finding: finding(), by: name, reason: path }],
          aspects: [
            {
              aspect: 'injection',
              defects: 0,
              advisories: 0,
              practices: [{ aspect: 'injection', location: at(path, 1), text: [name, { code: name }] }],
            },
          ],
          ledger: {
            ...INCOMPLETE,
            limits: [name],
            entries: [{ path, outcome: 'left-out', reasons: [name], hunks: 1, hunksLeftOut: 1 }],
          },
          notices: [[name, { code: path }]],
        }),
      );
      for (const output of [report.summary, report.text]) {
        const tree = parse(output);
        const types = new Set(nodes(tree).map((node) => node.type));
        for (const type of [
          'html',
          'image',
          'imageReference',
          'definition',
          'footnoteReference',
          'blockquote',
          'code',
        ])
          expect(types).not.toContain(type);
        for (const node of nodes(tree))
          if (node.type === 'link') expect(node.url).toMatch(/^https:\/\/(github\.com|cwe\.mitre\.org)\//);
        for (const prose of proseOf(tree)) expect(prose).not.toMatch(REFERENCE);
      }
      const [table] = nodes(parse(report.summary)).filter((node) => node.type === 'table');
      expect(table?.type === 'table' && table.children.map((row) => row.children.length)).toEqual([4, 4]);
    }),
  );
});

test('quiet advisories of one rule share one line', () => {
  const quiet = (line: number) =>
    shown({
      finding: finding({ kind: 'advisory', quiet: true, location: at('shop/log.py', line) }),
      display: 'summary',
    });
  const { summary } = checkRunReport(review({ advisories: [quiet(3), quiet(9)] }));
  const [line, ...others] = summary.split('\n').filter((one) => one.includes('shop/log.py'));
  expect(others).toEqual([]);
  expect(line).toMatch(/log\.py:3.*log\.py:9.*The other places are alike\./);
});
