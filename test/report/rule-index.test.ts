import { CATALOGUE } from '../../src/engine/rules/catalogue.ts';
import { RULES } from '../../src/engine/rules/index.ts';
import { ruleIndex } from '../../src/report/rule-index.ts';

test('lists every rule with a link, and every weakness with the rules that serve it', () => {
  const page = ruleIndex(RULES, CATALOGUE);
  for (const rule of RULES) expect(page).toContain(`[${rule.id}](${rule.id}.md)`);
  expect(page).toMatch(/^\| 9 \| SQL injection .* \| .*\[sql-injection\]\(sql-injection\.md\)/m);
  expect(page).toMatch(/^\d+ of the 127 weaknesses/m);
});

test('a weakness without a rule is said to have none', () => {
  expect(ruleIndex([], { 1: 'One' })).toContain('| 1 | One | not yet |');
});

test('rules serve weaknesses that exist', () => {
  for (const rule of RULES) for (const row of rule.rows) expect(CATALOGUE[row]).toBeDefined();
});
