import type { Finding, TraceStep } from '../engine/finding.ts';
import type { PullRequest } from '../review/change.ts';
import type { Anchor, ReviewFinding } from '../review/review.ts';
import { blobLink, cweLink, GITHUB, ruleLink, type Site } from './links.ts';
import { codeBlock, codeSpan, link, markdown } from './markdown.ts';
import { hasHidden } from './visible.ts';

/** GitHub refuses a longer comment body with 422. Characters. */
export const BODY_LIMIT = 65_536;

/** A longer trace is folded away. Steps. */
const OPEN_STEPS = 3;

/** How a comment of ours is recognised on the next review: the first line of its body, invisible when rendered. */
export function fingerprintMarker(fingerprint: string): string {
  return `<!-- patchwarden:fingerprint=${fingerprint.replace(/[^0-9a-f]/gi, '')} -->`;
}

/** The fingerprint of the finding that a comment body is about; undefined when the comment is not one of ours. */
export function fingerprintOf(body: string): string | undefined {
  return /^<!-- patchwarden:fingerprint=([0-9a-f]+) -->/i.exec(body)?.[1];
}

/** The body of the review comment for one finding: GitHub Markdown, at most `BODY_LIMIT` characters. */
export function inlineComment(shown: ReviewFinding, pullRequest: PullRequest, site: Site = GITHUB): string {
  const { finding } = shown;
  const full = comment(shown, pullRequest, site, finding.trace);
  if (full.length <= BODY_LIMIT) return full;
  // Only an absurd trace makes a comment too long: its ends say the most.
  const ends = [...finding.trace.slice(0, 5), ...finding.trace.slice(-5)];
  const shorter = comment(shown, pullRequest, site, finding.trace.length > 10 ? ends : []);
  return shorter.length <= BODY_LIMIT
    ? shorter
    : comment({ ...shown, finding: bare(finding) }, pullRequest, site, []);
}

function comment(
  shown: ReviewFinding,
  pullRequest: PullRequest,
  site: Site,
  trace: readonly TraceStep[],
): string {
  const { finding } = shown;
  const label = finding.kind === 'advisory' ? '**Advisory:** ' : '';
  const blocks = [
    `${fingerprintMarker(finding.fingerprint)}\n${label}${markdown(finding.message)}`,
    consequence(shown, pullRequest, site),
    traceBlock(trace, finding, pullRequest, site),
    `**Fix:** ${markdown(finding.fix.text)}`,
    suggestion(finding, shown),
    `<sub>${[`${finding.severity} severity`, ...references(finding, site)].join(' · ')}</sub>`,
  ];
  return blocks.filter((block) => block !== '').join('\n\n');
}

/** Links to the weakness and to the rule's page. */
export function references(finding: Finding, site: Site): string[] {
  return [
    ...finding.cwe.map((cwe) => link(`CWE-${cwe}`, cweLink(cwe))),
    link(codeSpan(finding.ruleId), ruleLink(finding.ruleId, site)),
  ];
}

function consequence(shown: ReviewFinding, pullRequest: PullRequest, site: Site): string {
  if (!shown.elsewhere) return '';
  const { location } = shown.finding;
  return `This change causes it; the consequence is at ${place(location.path, location.startLine, blobLink(location, pullRequest, site))}.`;
}

function traceBlock(
  trace: readonly TraceStep[],
  finding: Finding,
  pullRequest: PullRequest,
  site: Site,
): string {
  if (trace.length === 0) return '';
  const steps = trace.map((step, i) => {
    const { location } = step;
    const where = place(location.path, location.startLine, blobLink(location, pullRequest, site));
    return `${i + 1}. ${where}: ${markdown(step.text)}`;
  });
  if (trace.length < finding.trace.length) {
    steps.push('', `${finding.trace.length - trace.length} steps between them are left out here.`);
  }
  if (trace.length <= OPEN_STEPS) return steps.join('\n');
  const summary = `<details><summary>How it gets there, in ${finding.trace.length} steps</summary>`;
  return [summary, '', ...steps, '', '</details>'].join('\n');
}

/** `path:line`, linked where there is a web to link to. */
export function place(path: string, line: number, address: string | undefined): string {
  return link(codeSpan(`${path}:${line}`), address);
}

/**
 * A suggested change replaces exactly the lines that the comment is anchored to, so it is offered only where the
 * replacement means these lines, and only where a reader sees all that would be committed.
 */
function suggestion(finding: Finding, { anchor, elsewhere }: ReviewFinding): string {
  const replacement = finding.fix.replacement;
  if (!replacement || !anchor || elsewhere || !covers(anchor, replacement)) return '';
  if (replacement.lines.some(hasHidden)) return '';
  return codeBlock(replacement.lines, 'suggestion');
}

function covers(anchor: Anchor, replacement: { path: string; startLine: number; endLine: number }): boolean {
  return (
    anchor.side === 'RIGHT' &&
    anchor.path === replacement.path &&
    (anchor.startLine ?? anchor.line) === replacement.startLine &&
    anchor.line === replacement.endLine
  );
}

function bare(finding: Finding): Finding {
  return { ...finding, fix: { text: finding.fix.text } };
}
