import { checkRunReport } from '../../src/report/check-run.ts';
import { fingerprintOf } from '../../src/report/inline-comment.ts';
import { publicationOf, toldInSummary } from '../../src/report/publication.ts';
import { COMPLETE, finding, review, shown } from './sample.ts';

const ONE = shown({ finding: finding({ fingerprint: 'aa' }) });
const TWO = shown({ finding: finding({ fingerprint: 'bb', kind: 'advisory' }), display: 'summary' });

test('comments for what is shown inline; all fingerprints; the paths that were not wholly seen', () => {
  const entry = (path: string, outcome: 'left-out' | 'partly-analysed' | 'nothing-to-analyse') => ({
    path,
    outcome,
    reasons: [],
    hunks: 1,
    hunksLeftOut: 1,
  });
  const entries = [
    ...COMPLETE.entries,
    entry('a.py', 'left-out'),
    entry('b.py', 'partly-analysed'),
    entry('c.txt', 'nothing-to-analyse'),
  ];
  const { comments, found, unseen } = publicationOf(
    review({ defects: [ONE], advisories: [TWO], ledger: { ...COMPLETE, entries, complete: false } }),
  );
  expect(comments.map(({ anchor, body, fingerprint }) => [anchor, fingerprintOf(body), fingerprint])).toEqual(
    [[{ path: 'shop/search.py', side: 'RIGHT', line: 12 }, 'aa', 'aa']],
  );
  expect(found).toEqual(new Set(['aa', 'bb']));
  expect(unseen).toEqual(new Set(['a.py', 'b.py']));
});

test('a finding that GitHub took no comment for is told in full in the summary', () => {
  const given = review({ defects: [ONE] });
  expect(checkRunReport(given).summary).not.toContain('**Fix:**');
  const moved = checkRunReport(toldInSummary(given, new Set(['aa'])));
  expect(moved.summary).toContain('**Fix:**');
  expect(moved.annotations).toEqual([]);
});
