import { text } from '../../src/engine/finding.ts';
import { rulePage } from '../../src/report/rule-page.ts';
import { at, finding } from './sample.ts';

const RULE = {
  id: 'sql-injection',
  title: 'SQL injection',
  cwe: [89, 564],
  aspect: 'injection',
  kind: 'defect',
  severity: 'high',
  summary: 'Outside input that becomes part of SQL text.',
  why: 'The sender decides what the database does.',
  fix: 'Pass values as parameters.',
  references: ['https://peps.python.org/pep-0249/'],
  examples: {
    bad: [{ title: 'Formatted into the query', code: '\nq = input()\ncursor.execute(q)  # report\n' }],
    good: [{ title: 'A parameter', code: 'cursor.execute(sql, (q,))', path: 'views.py' }],
  },
} as const;

test('a page shows the rule, its examples with the reported line, and the comment', () => {
  const page = rulePage(RULE, () => [
    finding({
      location: at('app.py', 3),
      message: text`${{ code: 'q' }} is run.`,
      fix: { text: text`Bind it.` },
    }),
  ]);
  expect(page.split('\n').slice(2)).toEqual([
    '# SQL injection',
    '',
    '`sql-injection` · defect, high severity · Injection · ' +
      '[CWE-89](https://cwe.mitre.org/data/definitions/89.html) · ' +
      '[CWE-564](https://cwe.mitre.org/data/definitions/564.html)',
    '',
    'Outside input that becomes part of SQL text.',
    '',
    '## Why it matters',
    '',
    'The sender decides what the database does.',
    '',
    '## How to fix it',
    '',
    'Pass values as parameters.',
    '',
    '## Reported',
    '',
    '### Formatted into the query',
    '',
    '```python',
    'q = input()',
    'cursor.execute(q)  # ← reported',
    '```',
    '',
    '> Line 2: `q` is run.',
    '>',
    '> **Fix:** Bind it.',
    '',
    '## Not reported',
    '',
    '### A parameter',
    '',
    'In `views.py`:',
    '',
    '```python',
    'cursor.execute(sql, (q,))',
    '```',
    '',
    '## References',
    '',
    '- https://peps.python.org/pep-0249/',
    '',
  ]);
});
