import { text } from '../../src/engine/finding.ts';
import { jsonReport } from '../../src/report/json.ts';
import { at, COMPLETE, finding, PULL_REQUEST, review, shown } from './sample.ts';

test('the whole outcome in a stable shape, texts in plain words', () => {
  const practices = [
    { aspect: 'injection', location: at('a.py', 3), text: text`binds ${{ code: 'q' }}` },
  ] as const;
  const given = review({
    defects: [shown()],
    aspects: [{ aspect: 'injection', defects: 1, advisories: 0, practices }],
    suppressed: [{ finding: finding(), by: 'a comment', reason: 'reviewed' }],
    notices: [text`${{ code: 'weak-hash' }} is off`],
  });
  const sqlInjection = {
    rule: 'sql-injection',
    cwe: [89],
    aspect: 'injection',
    kind: 'defect',
    quiet: false,
    severity: 'high',
    confidence: 'high',
    message: "The request parameter `args['q']` becomes part of the SQL text of `cursor.execute`.",
    location: { path: 'shop/search.py', startLine: 12, startColumn: 5, endLine: 12, endColumn: 20 },
    symbol: 'search',
    trace: [
      { location: at('shop/search.py', 10), message: "`request.args['q']` comes from the request" },
      { location: at('shop/search.py', 12), message: '`query` is run as SQL' },
    ],
    fix: { message: 'Pass the value as a parameter: `cursor.execute(sql, (q,))`.' },
    fingerprint: '0123456789abcdef',
  };
  expect(JSON.parse(JSON.stringify(jsonReport(given, '1.2.3', PULL_REQUEST)))).toEqual({
    format: 1,
    tool: { name: 'patchwarden', version: '1.2.3' },
    pullRequest: PULL_REQUEST,
    verdict: { conclusion: 'clean', sentence: 'No security defects are detected in the code.' },
    defects: [{ ...sqlInjection, anchor: { path: 'shop/search.py', side: 'RIGHT', line: 12 } }],
    advisories: [],
    suppressed: [{ ...sqlInjection, by: 'a comment', reason: 'reviewed' }],
    aspects: [
      {
        aspect: 'injection',
        defects: 1,
        advisories: 0,
        practices: [{ location: at('a.py', 3), message: 'binds `q`' }],
      },
    ],
    ledger: COMPLETE,
    notices: ['`weak-hash` is off'],
  });
});
