import { ASPECTS } from '../engine/finding.ts';
import type { Rule } from '../engine/rules/rule.ts';
import { inCell, literal } from './markdown.ts';

/**
 * The page that lists all rules by what they look at, and shows which weaknesses of the catalogue they serve. Made from
 * the rules themselves.
 */
export function ruleIndex(rules: readonly Rule[], catalogue: Readonly<Record<number, string>>): string {
  const page = [
    '<!-- Written from the rules by `npm run rule-pages`. -->',
    '# Rules',
    'A **defect** is shown at its line and fails the check. An **advisory** depends on what the code does not show; it is listed in the summary only.',
    ...Object.entries(ASPECTS).flatMap(([aspect, name]) =>
      sectionOf(
        name,
        rules.filter((rule) => rule.aspect === aspect),
      ),
    ),
    coverage(rules, catalogue),
  ];
  return `${page.join('\n\n')}\n`;
}

function sectionOf(name: string, rules: readonly Rule[]): string[] {
  if (rules.length === 0) return [];
  const lines = rules.map(
    (rule) =>
      `| ${linkTo(rule)} | ${inCell(rule.title)} | ${rule.kind} | ${rule.cwe.map((cwe) => `CWE-${cwe}`).join(' ')} |`,
  );
  return [`## ${name}`, ['| rule | what it reports | kind | |', '|---|---|---|---|', ...lines].join('\n')];
}

function coverage(rules: readonly Rule[], catalogue: Readonly<Record<number, string>>): string {
  const numbers = Object.keys(catalogue).map(Number);
  const served = numbers.filter((number) => rules.some((rule) => rule.rows.includes(number)));
  const lines = numbers.map((number) => {
    const serving = rules.filter((rule) => rule.rows.includes(number));
    return `| ${number} | ${inCell(literal(catalogue[number]!))} | ${serving.map(linkTo).join(', ') || 'not yet'} |`;
  });
  return [
    '## Coverage',
    '',
    `${served.length} of the ${numbers.length} weaknesses in the catalogue have a rule.`,
    '',
    '| # | weakness | rules |',
    '|---|---|---|',
    ...lines,
  ].join('\n');
}

function linkTo(rule: Rule): string {
  return `[${rule.id}](${rule.id}.md)`;
}
