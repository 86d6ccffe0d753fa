import type { Finding, Location } from '../engine/finding.ts';
import type { FileProblem, LineRange } from '../engine/project.ts';
import { LineIndex } from '../engine/syntax/lines.ts';
import type { IgnoreComment } from './suppressions.ts';
import type { WorkerAnswer } from './workers.ts';

/**
 * Counts lines as git and GitHub do. Python also ends a line at a lone `\r`, git does not: without this, a change
 * could put its findings on other lines of the diff by adding carriage returns.
 *
 * @param texts the files that the answer speaks of.
 */
export function inLinesOfDiff(answer: WorkerAnswer, texts: ReadonlyMap<string, string>): WorkerAnswer {
  const byPath = new Map<string, readonly number[]>();
  for (const path of pathsIn(answer)) {
    const text = texts.get(path);
    if (text !== undefined && /\r(?!\n)/.test(text)) byPath.set(path, diffLines(text));
  }
  if (byPath.size === 0) return answer;

  const line = (path: string, number: number) => byPath.get(path)?.[number - 1] ?? number;
  const place = (location: Location): Location => ({
    ...location,
    startLine: line(location.path, location.startLine),
    endLine: line(location.path, location.endLine),
  });
  const moved = (finding: Finding): Finding => {
    const { replacement, ...fix } = finding.fix;
    // Whole lines of git's would replace more than was meant.
    const isCertain = replacement !== undefined && !byPath.has(replacement.path);
    return {
      ...finding,
      location: place(finding.location),
      trace: finding.trace.map((step) => ({ ...step, location: place(step.location) })),
      fix: isCertain ? finding.fix : fix,
    };
  };
  const range = (path: string, { from, to }: LineRange): LineRange => ({
    from: line(path, from),
    to: line(path, to),
  });
  const problem = (path: string, found: FileProblem): FileProblem =>
    found.lines ? { ...found, lines: range(path, found.lines) } : found;
  const comment = (found: IgnoreComment): IgnoreComment => ({
    ...found,
    line: line(found.path, found.line),
    appliesTo: found.appliesTo.map((number) => line(found.path, number)),
  });
  return {
    ...answer,
    findings: answer.findings.map(moved),
    practices: answer.practices.map((practice) => ({ ...practice, location: place(practice.location) })),
    controls: answer.controls.map((control) => ({ ...control, location: place(control.location) })),
    files: answer.files.map((file) => ({
      ...file,
      problems: file.problems.map((found) => problem(file.path, found)),
    })),
    ignoreComments: answer.ignoreComments.map(comment),
  };
}

function pathsIn({ findings, practices, controls, files }: WorkerAnswer): Set<string> {
  return new Set([
    ...findings.flatMap((finding) => [
      finding.location.path,
      ...finding.trace.map((step) => step.location.path),
    ]),
    ...practices.map((practice) => practice.location.path),
    ...controls.map((control) => control.location.path),
    ...files.map((file) => file.path),
  ]);
}

/** For each line as Python counts, the line as git counts. */
function diffLines(text: string): number[] {
  const index = new LineIndex(text);
  const lines: number[] = [];
  let current = 1;
  for (let line = 1; line <= index.lineCount; line++) {
    lines.push(current);
    if (text.charCodeAt(index.startOf(line + 1) - 1) === 10) current++;
  }
  return lines;
}
