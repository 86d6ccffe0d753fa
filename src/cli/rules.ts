import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { ASPECTS } from '../engine/finding.ts';
import { CATALOGUE } from '../engine/rules/catalogue.ts';
import { RULES } from '../engine/rules/index.ts';
import type { Rule } from '../engine/rules/rule.ts';
import { ruleIndex } from '../report/rule-index.ts';
import { rulePage } from '../report/rule-page.ts';
import { visible } from '../report/visible.ts';
import type { Console } from './console.ts';
import { reportedIn } from './examples.ts';
import { Failure } from './failure.ts';
import { deliver, type OutputOptions, reason } from './output.ts';

/** `patchwarden rules`: what is looked for. */
export async function listRules(
  options: OutputOptions & { readonly format: 'text' | 'json' },
  console: Console,
): Promise<void> {
  const report = options.format === 'json' ? rulesJson() : rulesText(console);
  await deliver(report, options, console);
}

function rulesJson(): string {
  const listed = RULES.map(({ id, title, cwe, aspect, kind, severity, summary }) => ({
    id,
    title,
    cwe,
    aspect,
    kind,
    severity,
    summary,
  }));
  return `${JSON.stringify(listed, null, 2)}\n`;
}

function rulesText({ colors }: Console): string {
  const width = Math.max(...RULES.map((rule) => rule.id.length));
  const blocks = Object.entries(ASPECTS).flatMap(([aspect, name]) => {
    const rules = RULES.filter((rule) => rule.aspect === aspect).sort((one, other) =>
      one.id < other.id ? -1 : 1,
    );
    if (rules.length === 0) return [];
    const lines = rules.map((rule) => `  ${rule.id.padEnd(width)}  ${rule.title} ${colors.dim(facts(rule))}`);
    return [[colors.bold(name), ...lines].join('\n')];
  });
  return `${blocks.join('\n\n')}\n\n${RULES.length} rules. One in full: patchwarden explain RULE\n`;
}

function facts(rule: Rule): string {
  return `(${[rule.kind, ...rule.cwe.map((cwe) => `CWE-${cwe}`)].join(', ')})`;
}

/** `patchwarden rules --pages DIRECTORY`: a page for each rule, and none for rules that are gone. @throws {Failure} */
export async function writeRulePages(given: string, console: Console): Promise<void> {
  const directory = resolve(console.directory, given);
  try {
    await mkdir(directory, { recursive: true });
    for (const name of await readdir(directory)) {
      if (name.endsWith('.md')) await rm(join(directory, name));
    }
    for (const rule of RULES) {
      await writeFile(join(directory, `${rule.id}.md`), rulePage(rule, reportedIn(rule)));
    }
    await writeFile(join(directory, 'README.md'), ruleIndex(RULES, CATALOGUE));
  } catch (error) {
    throw new Failure(`${visible(directory)} cannot be written: ${reason(error)}. Name another directory.`);
  }
  console.note(`Wrote ${RULES.length} pages.`);
}

/** `patchwarden explain RULE`: the rule's page. @throws {Failure} when there is no such rule */
export async function explainRule(id: string, options: OutputOptions, console: Console): Promise<void> {
  const rule = RULES.find((candidate) => candidate.id === id);
  if (!rule) throw new Failure(unknownRule(id));
  const page = rulePage(rule, reportedIn(rule)).replace(/^<!--.*-->\n\n/, '');
  const { colors } = console;
  const text = options.output === undefined ? page.replace(/^#+ .*$/gm, (line) => colors.bold(line)) : page;
  await deliver(text, options, console);
}

function unknownRule(id: string): string {
  const words = id
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word.length > 2);
  const number = /^(?:cwe-)?(\d+)$/i.exec(id)?.[1];
  const alike = RULES.filter(
    (rule) => words.some((word) => rule.id.includes(word)) || rule.cwe.includes(Number(number)),
  );
  const offered = alike.slice(0, 5).map((rule) => rule.id);
  const hint = offered.length > 0 ? `Did you mean ${offered.join(', ')}?` : 'See  patchwarden rules';
  return `There is no rule ${JSON.stringify(id)}. ${hint}`;
}
