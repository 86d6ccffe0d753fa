/** A suggested change is only offered after it was tried: applied in memory, read again, analysed again. */
import type { Finding, Replacement } from './finding.ts';
import type { AnalysisRequest, AnalysisResult, Project } from './project.ts';
import { parseModule } from './syntax/parse.ts';

/** Suggestions tried for one analysis; what comes after them is offered in words only. */
const MOST_TRIED = 25;

/**
 * The findings with only those replacements left that do what they promise: in the changed file the finding is gone,
 * nothing new is found, and the syntax reads no worse.
 */
export function withProvenFixes(
  findings: readonly Finding[],
  request: AnalysisRequest,
  analyseAgain: (request: AnalysisRequest) => AnalysisResult,
): readonly Finding[] {
  let tried = 0;
  return findings.map((finding) => {
    const { replacement } = finding.fix;
    if (!replacement) return finding;
    const proven = tried++ < MOST_TRIED && isProven(finding, replacement, findings, request, analyseAgain);
    return proven ? finding : { ...finding, fix: { text: finding.fix.text } };
  });
}

function isProven(
  finding: Finding,
  replacement: Replacement,
  before: readonly Finding[],
  request: AnalysisRequest,
  analyseAgain: (request: AnalysisRequest) => AnalysisResult,
): boolean {
  const { path } = replacement;
  const text = request.project.read(path);
  if (text === undefined || path !== finding.location.path) return false;
  const changed = applied(text, replacement);
  if (parseModule(changed).module.unread.length > parseModule(text).module.unread.length) return false;
  const project: Project = {
    paths: request.project.paths,
    read: (other) => (other === path ? changed : request.project.read(other)),
  };
  // Trees that were parsed ahead are those of the text before.
  const after = analyseAgain({ ...request, project, trees: new Map(), targets: [path], findingsOnly: true });
  const left = countByRule(after.findings.filter(({ location }) => location.path === path));
  const had = countByRule(before.filter(({ location }) => location.path === path));
  for (const [rule, count] of left) if (count > (had.get(rule) ?? 0)) return false;
  return (left.get(finding.ruleId) ?? 0) === (had.get(finding.ruleId) ?? 0) - 1;
}

/** The text with the lines replaced; line breaks stay as they are in the rest of the file. */
export function applied(text: string, { startLine, endLine, lines }: Replacement): string {
  const all = text.split(/(?<=\n)/);
  const lineBreak = all[startLine - 1]?.endsWith('\r\n') ? '\r\n' : '\n';
  const endsFile = endLine >= all.length && !text.endsWith('\n');
  const written = lines.join(lineBreak) + (endsFile || lines.length === 0 ? '' : lineBreak);
  return [...all.slice(0, startLine - 1), written, ...all.slice(endLine)].join('');
}

function countByRule(findings: readonly Finding[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { ruleId } of findings) counts.set(ruleId, (counts.get(ruleId) ?? 0) + 1);
  return counts;
}
