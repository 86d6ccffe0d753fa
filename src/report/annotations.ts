import type { Finding, RichText } from '../engine/finding.ts';
import { plain } from '../engine/finding.ts';
import type { Anchor, ReviewFinding } from '../review/review.ts';
import { truncateBytes } from './bounded.ts';
import { visible } from './visible.ts';

/** A note of a check run at lines of the head. Plain text. Fifty of them fit into one request. */
export interface Annotation {
  readonly path: string;
  readonly startLine: number;
  readonly endLine: number;
  readonly level: 'failure' | 'warning' | 'notice';
  /** At most 255 characters. */
  readonly title: string;
  /** At most 64 KB. */
  readonly message: string;
}

const TITLE_LIMIT = 255;
const MESSAGE_LIMIT = 64 * 1024;

/**
 * Annotations for the findings that are shown inline, at changed lines of the head only: GitHub lists others as
 * "unchanged files with check annotations", which blames people for what they did not touch.
 */
export function annotations(findings: readonly ReviewFinding[]): Annotation[] {
  return findings.flatMap(({ finding, anchor, elsewhere, display }) =>
    display === 'inline' && anchor?.side === 'RIGHT' ? [annotation(finding, anchor, elsewhere)] : [],
  );
}

function annotation(finding: Finding, anchor: Anchor, elsewhere: boolean): Annotation {
  const { path, startLine } = finding.location;
  const lines = [
    words(finding.message),
    ...(elsewhere ? [`This change causes it; the consequence is at ${visible(path)}:${startLine}.`] : []),
    ...finding.trace.map(
      (step, i) => `${i + 1}. ${visible(step.location.path)}:${step.location.startLine}: ${words(step.text)}`,
    ),
    `Fix: ${words(finding.fix.text)}`,
  ];
  return {
    path: anchor.path,
    startLine: anchor.startLine ?? anchor.line,
    endLine: anchor.line,
    level: level(finding),
    title: [...visible(annotationTitle(finding))].slice(0, TITLE_LIMIT).join(''),
    message: truncateBytes(lines.join('\n'), MESSAGE_LIMIT),
  };
}

function level(finding: Finding): Annotation['level'] {
  if (finding.kind === 'defect') return 'failure';
  return finding.severity === 'critical' || finding.severity === 'high' ? 'warning' : 'notice';
}

function annotationTitle(finding: Finding): string {
  const weaknesses = finding.cwe.map((cwe) => `CWE-${cwe}`).join(', ');
  const name = weaknesses === '' ? finding.ruleId : `${finding.ruleId} (${weaknesses})`;
  return finding.kind === 'advisory' ? `Advisory: ${name}` : name;
}

function words(rich: RichText): string {
  return visible(plain(rich));
}
