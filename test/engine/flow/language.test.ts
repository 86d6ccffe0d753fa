import { readFileSync } from 'node:fs';
import { markedLines } from '../support.ts';
import { reachedLines } from './support.ts';

/** Sections `=== title`, then code. A line that must be reported ends in `# report`; no other may be. */
const sections = readFileSync(new URL('language.txt', import.meta.url), 'utf8')
  .split(/^=== /m)
  .slice(1)
  .map((section) => {
    const end = section.indexOf('\n');
    return [section.slice(0, end), section.slice(end + 1)] as const;
  });

const PRELUDE = 'from lab import check, clean, is_safe, sink, sink_if, source\n';

test.each(sections)('%s', (_title, code) => {
  const text = PRELUDE + code;
  expect(reachedLines({ 'app.py': text })).toEqual(markedLines(text));
});
