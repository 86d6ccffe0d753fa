/**
 * What the engine costs on whole trees, beside its floor (parse and bare walk) in the same run.
 *
 *   npx node bench/scan.ts [--sarif|--list] [--one] DIR…
 *
 * Prints files, lines, seconds of the floor and of the whole analysis, and their ratio. With --list the findings
 * instead, one a line; with --jsonl one JSON object a line (file, line, cwe, rule, kind).
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { analyse } from '../src/engine/analyse.ts';
import { plain } from '../src/engine/finding.ts';
import { decodePython } from '../src/engine/syntax/decode.ts';
import { parseModule } from '../src/engine/syntax/parse.ts';

function pythonFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.py'))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !/\/(\.git|node_modules)\//.test(path))
    .sort();
}

const options = new Set(process.argv.slice(2).filter((argument) => argument.startsWith('--')));
const folders = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));

for (const folder of folders) {
  const texts = new Map<string, string>();
  for (const path of pythonFiles(folder)) {
    const decoded = decodePython(readFileSync(path));
    if ('text' in decoded) texts.set(relative(folder, path), decoded.text);
  }
  const project = { paths: new Set(texts.keys()), read: (path: string) => texts.get(path) };
  let lines = 0;
  let parse = 0;
  if (!options.has('--list') && !options.has('--jsonl')) {
    const begin = performance.now();
    for (const text of texts.values()) lines += parseModule(text).lines.lineCount;
    parse = (performance.now() - begin) / 1000;
  }
  const begin = performance.now();
  const failures: string[] = [];
  const result = analyse({
    project,
    targets: [...texts.keys()],
    findingsOnly: true,
    onError: (error, path) => failures.push(`${path}: ${error instanceof Error ? error.stack : error}`),
  });
  const seconds = (performance.now() - begin) / 1000;
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
      `${folder}: ${texts.size} files, ${lines} lines; parse and lower ${parse.toFixed(1)} s, analysis ${seconds.toFixed(1)} s, ratio ${(seconds / parse).toFixed(2)}, ${memory} MB, ${result.findings.length} findings`,
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
