import { RULES } from '../../src/engine/rules/index.ts';
import type { Example, Rule } from '../../src/engine/rules/rule.ts';
import { analyseFiles, markedLines } from './support.ts';

/** What one rule reports on an example, by line. */
function reported(rule: Rule, example: Example): { line: number; kind: string }[] {
  const path = example.path ?? 'app.py';
  const { findings, files } = analyseFiles({ ...example.files, [path]: example.code }, [path]);
  expect(files.flatMap((file) => file.problems)).toEqual([]);
  return findings
    .filter((finding) => finding.ruleId === rule.id && finding.location.path === path)
    .map((finding) => ({ line: finding.location.startLine, kind: finding.kind }));
}

test('every rule has a name of its own, examples of both kinds, and words', () => {
  expect(new Set(RULES.map((rule) => rule.id)).size).toBe(RULES.length);
  for (const rule of RULES) {
    expect(rule.id).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
    expect(rule.cwe.length).toBeGreaterThan(0);
    for (const words of [rule.title, rule.summary, rule.why, rule.fix])
      expect(words.length).toBeGreaterThan(8);
    expect(rule.examples.bad.length > 0 || rule.id === 'security-control-removed').toBe(true);
  }
});

// A rule that needs two versions of a file has no examples here.
for (const rule of RULES.filter(({ examples }) => examples.bad.length > 0)) {
  describe(rule.id, () => {
    test.each(rule.examples.bad.map((example) => [example.title, example] as const))(
      'reports: %s',
      (_title, example) => {
        const marked = markedLines(example.code);
        expect(marked).not.toEqual([]);
        const found = reported(rule, example);
        expect([...new Set(found.map(({ line }) => line))]).toEqual(marked);
        if (example.kind) expect(new Set(found.map(({ kind }) => kind))).toEqual(new Set([example.kind]));
      },
    );
    test.each(rule.examples.good.map((example) => [example.title, example] as const))(
      'is silent: %s',
      (_title, example) => {
        expect(reported(rule, example)).toEqual([]);
      },
    );
  });
}
