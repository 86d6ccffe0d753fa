import type { Finding, Severity } from '../engine/finding.ts';
import type { Cause } from './causes.ts';
import type { Configuration } from './config.ts';
import type { ReviewFinding } from './review.ts';

/** A finding that the change caused, where it is shown, and whether the configuration wants it listed only. */
export interface Reported {
  readonly finding: Finding;
  readonly cause: Cause;
  readonly listedOnly: boolean;
}

const SEVERITIES: readonly Severity[] = ['critical', 'high', 'medium', 'low'];

/** Defects first, the most severe first, then by place: a total order, so that every run says the same. */
export function bySeverity(a: Finding, b: Finding): number {
  return (
    compare(a.kind === 'defect' ? 0 : 1, b.kind === 'defect' ? 0 : 1) ||
    compare(SEVERITIES.indexOf(a.severity), SEVERITIES.indexOf(b.severity)) ||
    compare(a.location.path, b.location.path) ||
    compare(a.location.startLine, b.location.startLine) ||
    compare(a.location.startColumn, b.location.startColumn) ||
    compare(a.ruleId, b.ruleId) ||
    compare(a.fingerprint, b.fingerprint) ||
    compare(JSON.stringify(a.message), JSON.stringify(b.message))
  );
}

/** Chooses what becomes an inline comment: defects up to the limit, then advisories where they are asked for. */
export function display(
  ordered: readonly Reported[],
  { advisories, inlineLimit }: Configuration,
): ReviewFinding[] {
  let left = inlineLimit;
  return ordered.map(({ finding, cause, listedOnly }) => {
    const isWanted = finding.kind === 'defect' || (advisories === 'inline' && !finding.quiet);
    const isInline = isWanted && !listedOnly && left > 0;
    if (isInline) left--;
    return {
      finding,
      anchor: cause.anchor,
      elsewhere: cause.elsewhere,
      display: isInline ? 'inline' : 'summary',
    };
  });
}

function compare<Value extends number | string>(a: Value, b: Value): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
