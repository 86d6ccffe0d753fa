/**
 * What the engine costs on whole trees, beside its floor (parse and bare walk) in the same run.
 *
 *   npx node bench/scan.ts [--list|--jsonl] DIR…
 *
 * Prints files, lines, seconds of the floor and of the whole analysis (its own parsing included), by the processor time
 * of all threads and by the clock, and their ratios. With --list the findings instead, one a line; with --jsonl one JSON
 * object a line (file, line, cwe, rule, kind).
 *
 * The first tree also pays for V8, which compiles what turns out to be used: on small trees that is half of the time.
 * Those that follow show what a service costs that has run for a while.
 */
import { analyseInTurns } from '../src/engine/analyse.ts';
import { plain } from '../src/engine/finding.ts';
import type { AnalysisResult } from '../src/engine/project.ts';
import { type Cost, costOf, forEachText, parse, pythonTexts, walkBare } from './floor.ts';

const options = new Set(process.argv.slice(2).filter((argument) => argument.startsWith('--')));
const folders = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));

for (const folder of folders) {
  const texts = pythonTexts(folder);
  const project = { paths: new Set(texts.keys()), read: (path: string) => texts.get(path) };
  let lines = 0;
  let floor: Cost = { processor: 0, clock: 0 };
  if (!options.has('--list') && !options.has('--jsonl')) {
    for (const text of texts.values()) lines += text.split('\n').length;
    floor = await costOf(() => forEachText(texts.values(), (text) => walkBare(parse(text))));
  }
  const failures: string[] = [];
  let result!: AnalysisResult;
  const cost = await costOf(async () => {
    result = await analyseInTurns({
      project,
      targets: [...texts.keys()],
      findingsOnly: true,
      onError: (error, path) => failures.push(`${path}: ${error instanceof Error ? error.stack : error}`),
    });
  });
  if (options.has('--list') || options.has('--jsonl')) {
    for (const { location, ruleId, kind, cwe, message, quiet } of result.findings) {
      if (options.has('--jsonl'))
        console.log(
          JSON.stringify({
            file: location.path,
            line: location.startLine,
            end_line: location.endLine,
            cwe,
            rule: ruleId,
            kind,
          }),
        );
      else if (!quiet)
        console.log(`${location.path}:${location.startLine} ${kind} ${ruleId}: ${plain(message)}`);
    }
  } else {
    const memory = Math.round(process.memoryUsage().rss / 1e6);
    console.log(
      `${folder}: ${texts.size} files, ${lines} lines; ${memory} MB, ${result.findings.length} findings\n` +
        `  processor: ${compared(floor.processor, cost.processor)}; clock: ${compared(floor.clock, cost.clock)}`,
    );
    const partial = result.files.filter((file) => file.status !== 'analysed');
    const reasons = new Map<string, number>();
    for (const file of partial)
      for (const problem of file.problems)
        reasons.set(problem.reason, (reasons.get(problem.reason) ?? 0) + 1);
    if (partial.length > 0)
      console.log(
        `  ${partial.length} files not analysed in full: ${[...reasons].map(([reason, count]) => `${reason} ${count}`).join(', ')}`,
      );
  }
  for (const failure of failures.slice(0, 20)) console.error(failure);
}

function compared(floor: number, analysis: number): string {
  return `parse and bare walk ${floor.toFixed(1)} s, analysis ${analysis.toFixed(1)} s, ratio ${(analysis / floor).toFixed(2)}`;
}
