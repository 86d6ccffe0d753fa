import { readFileSync } from 'node:fs';
import { analyseFiles, markedLines } from '../support.ts';

/** Sections `=== title | rules`, then code. Exactly the lines that end in `# report` must be reported by one of the rules. */
const sections = readFileSync(new URL('guards.txt', import.meta.url), 'utf8')
  .split(/^=== /m)
  .slice(1)
  .map((section) => {
    const [, title, rules, code] = /^([^\n|]+) \| ([^\n]+)\n(.*)/s.exec(section)!;
    return [title!, rules!.split(', '), code!] as const;
  });

test.each(sections)('%s', (_title, rules, code) => {
  const { findings } = analyseFiles({ 'app.py': code }, ['app.py']);
  const lines = findings
    .filter(({ ruleId }) => rules.includes(ruleId))
    .map(({ location }) => location.startLine);
  expect([...new Set(lines)]).toEqual(markedLines(code));
});
