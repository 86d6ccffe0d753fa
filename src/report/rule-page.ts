import { ASPECTS, type Finding } from '../engine/finding.ts';
import type { Example, Rule } from '../engine/rules/rule.ts';
import { cweLink } from './links.ts';
import { codeBlock, codeSpan, link, markdown } from './markdown.ts';

/** What a page needs of a rule. */
export type PageRule = Pick<
  Rule,
  | 'id'
  | 'title'
  | 'cwe'
  | 'aspect'
  | 'kind'
  | 'severity'
  | 'summary'
  | 'why'
  | 'fix'
  | 'references'
  | 'examples'
>;

/** The findings of the rule in an example, as the engine makes them. */
export type FindingsOf = (example: Example) => readonly Finding[];

/** How a line that is reported is marked in an example's code. */
const MARK = /# report\s*$/;

/** The documentation page of a rule, `docs/rules/ID.md`. */
export function rulePage(rule: PageRule, findingsOf: FindingsOf): string {
  const facts = [
    `\`${rule.id}\``,
    `${rule.kind}, ${rule.severity} severity`,
    ASPECTS[rule.aspect],
    ...rule.cwe.map((cwe) => link(`CWE-${cwe}`, cweLink(cwe))),
  ];
  const blocks = [
    '<!-- Written from the rule itself by `npm run rule-pages`: change the rule, not this file. -->',
    `# ${rule.title}`,
    facts.join(' · '),
    rule.summary,
    `## Why it matters\n\n${rule.why}`,
    `## How to fix it\n\n${rule.fix}`,
    '## Reported',
    ...rule.examples.bad.map((example) => badExample(example, findingsOf(example))),
    '## Not reported',
    ...rule.examples.good.map(exampleCode),
  ];
  if (rule.references.length > 0) {
    blocks.push(`## References\n\n${rule.references.map((reference) => `- ${reference}`).join('\n')}`);
  }
  return `${blocks.join('\n\n')}\n`;
}

function badExample(example: Example, findings: readonly Finding[]): string {
  const blankLines = /^\n*/.exec(example.code)![0].length;
  const comments = findings.map(({ kind, location, message, fix }) => {
    const label = kind === 'advisory' ? '**Advisory:** ' : '';
    return `> Line ${location.startLine - blankLines}: ${label}${markdown(message)}\n>\n> **Fix:** ${markdown(fix.text)}`;
  });
  return [exampleCode(example), ...comments].join('\n\n');
}

function exampleCode(example: Example): string {
  const files = [[example.path, example.code] as const, ...Object.entries(example.files ?? {})];
  const blocks = files.map(([path, text]) => {
    const lines = text.replace(/^\n+|\s+$/g, '').split('\n');
    const block = codeBlock(
      lines.map((line) => line.replace(MARK, '# ← reported')),
      'python',
    );
    return path === undefined ? block : `In ${codeSpan(path)}:\n\n${block}`;
  });
  return [`### ${example.title.charAt(0).toUpperCase()}${example.title.slice(1)}`, ...blocks].join('\n\n');
}
