import { postedMarkdown } from '../../src/report/posted.ts';
import { review, shown } from './sample.ts';

test('shows the check run, then each comment at its place; what is in the summary only has no comment', () => {
  const document = postedMarkdown(
    review({
      verdict: { conclusion: 'defects', sentence: '2 security defects are detected in the code.' },
      defects: [shown(), shown({ anchor: { path: 'old.py', side: 'LEFT', startLine: 3, line: 4 } })],
      advisories: [shown({ display: 'summary' })],
    }),
  );
  expect(document.match(/^# .*|^## .*|^\*\*\d.*/gm)).toEqual([
    '# Check run: failure',
    '**2 security defects are detected in the code.**',
    '## Comment at `shop/search.py:12`',
    '## Comment at `old.py:3-4` (removed)',
  ]);
  expect(document.match(/^<!-- patchwarden:fingerprint=/gm)).toHaveLength(2);
});
