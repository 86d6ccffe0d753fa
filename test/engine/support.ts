import { analyse } from '../../src/engine/analyse.ts';
import { type Finding, plain } from '../../src/engine/finding.ts';
import type { AnalysisResult, Project } from '../../src/engine/project.ts';

/** A project of texts by path. */
export function projectOf(files: Readonly<Record<string, string>>): Project {
  return { paths: new Set(Object.keys(files)), read: (path) => files[path] };
}

/** Analyses texts by path; a failure of the engine fails the test. */
export function analyseFiles(
  files: Readonly<Record<string, string>>,
  targets = Object.keys(files),
): AnalysisResult {
  return analyse({
    project: projectOf(files),
    targets,
    onError: (error) => {
      throw error;
    },
  });
}

/** `line rule-id`, for comparing with what was expected. */
export function linesOf(findings: readonly Finding[], path: string): string[] {
  return findings
    .filter((finding) => finding.location.path === path)
    .map((finding) => `${finding.location.startLine} ${finding.ruleId}`);
}

/** The lines, from 1, that end in `# report`. */
export function markedLines(code: string): number[] {
  return code.split('\n').flatMap((line, i) => (/#\s*report\s*$/.test(line) ? [i + 1] : []));
}

export { plain };
