import { readdirSync, readFileSync } from 'node:fs';
import { RULES } from '../../src/engine/rules/index.ts';
import { Place, run } from './run.ts';

const place = new Place();
afterAll(place.remove);

test('rules lists every rule', async () => {
  const [text, json] = await Promise.all([run(['rules']), run(['rules', '--format', 'json'])]);
  expect([text.code, json.code]).toEqual([0, 0]);
  const ids = RULES.map((rule) => rule.id).sort();
  expect(
    JSON.parse(json.stdout)
      .map((rule: { id: string }) => rule.id)
      .sort(),
  ).toEqual(ids);
  expect(
    text.stdout
      .match(/^ {2}([a-z0-9-]+)/gm)!
      .map((line) => line.trim())
      .sort(),
  ).toEqual(ids);
  expect(text.stdout).toContain(`${RULES.length} rules.`);
});

test('explain shows the page with what the engine says of the examples', async () => {
  const { code, stdout } = await run(['explain', 'sql-injection']);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^# SQL injection\n/);
  expect(stdout).toContain('## How to fix it');
  expect(stdout).toMatch(/# ← reported\n/);
  expect(stdout).toMatch(/^> Line \d+: /m);
});

test('rules --pages writes a page for each rule and one for all, and removes those of rules that are gone', async () => {
  place.write({ 'pages/gone.md': '', 'pages/keep.txt': '' });
  const { code, stderr } = await run(['rules', '--pages', 'pages'], { directory: place.root });
  expect([code, stderr]).toEqual([0, `Wrote ${RULES.length} pages.\n`]);
  const expected = [...RULES.map((rule) => `${rule.id}.md`), 'README.md', 'keep.txt'].sort();
  expect(readdirSync(place.path('pages')).sort()).toEqual(expected);
  const page = readFileSync(place.path('pages/sql-injection.md'), 'utf8');
  expect(page).toMatch(
    /^<!-- Written from the rule itself by `npm run rule-pages`.*-->\n\n# SQL injection\n/,
  );
});

test('there are colours where they are asked for only', async () => {
  const plain = await run(['explain', 'sql-injection']);
  const colored = await run(['explain', 'sql-injection'], { environment: { FORCE_COLOR: '1' } });
  const refused = await run(['explain', 'sql-injection'], {
    environment: { FORCE_COLOR: '1', NO_COLOR: '1' },
  });
  expect([plain, colored, refused].map(({ stdout }) => stdout.includes('\u001b['))).toEqual([
    false,
    true,
    false,
  ]);
});
