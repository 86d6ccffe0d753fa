import { analyse } from '../engine/analyse.ts';
import type { Finding } from '../engine/finding.ts';
import type { Example, Rule } from '../engine/rules/rule.ts';

/** What a rule says of its examples, from the engine itself. */
export function reportedIn(rule: Pick<Rule, 'id'>): (example: Example) => readonly Finding[] {
  return ({ path = 'app.py', code, files = {} }) => {
    const texts = new Map(Object.entries({ ...files, [path]: code }));
    const project = { paths: new Set(texts.keys()), read: (wanted: string) => texts.get(wanted) };
    return analyse({ project, targets: [path] }).findings.filter(({ ruleId }) => ruleId === rule.id);
  };
}
