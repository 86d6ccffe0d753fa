import { type Finding, type Location, plain } from '../engine/finding.ts';
import type { PullRequest } from '../review/change.ts';
import type { Anchor, Ledger, ReviewFinding } from '../review/review.ts';
import type { Outcome } from './outcome.ts';

/**
 * The shape of `--format json`; docs/commands.md describes it. Fields are only ever added; `format` changes if one
 * must go. Texts are plain words with code in backticks, and may hold any character that the analysed code holds.
 */
export interface JsonReport {
  readonly format: 1;
  readonly tool: { readonly name: 'patchwarden'; readonly version: string };
  /** Absent for a scan; number 0 for a local change. */
  readonly pullRequest?: PullRequest;
  readonly verdict: Outcome['verdict'];
  readonly defects: readonly JsonFinding[];
  readonly advisories: readonly JsonFinding[];
  readonly suppressed: readonly (JsonFinding & { readonly by: string; readonly reason: string })[];
  readonly aspects: readonly {
    readonly aspect: string;
    readonly defects: number;
    readonly advisories: number;
    readonly practices: readonly { readonly location: Location; readonly message: string }[];
  }[];
  readonly ledger: Ledger;
  readonly notices: readonly string[];
}

export interface JsonFinding {
  readonly rule: string;
  readonly cwe: readonly number[];
  readonly aspect: string;
  readonly kind: Finding['kind'];
  /** Whether the text reports fold it into one line with others of its rule. */
  readonly quiet: boolean;
  readonly severity: Finding['severity'];
  readonly confidence: Finding['confidence'];
  readonly message: string;
  readonly location: Location;
  readonly symbol: string;
  readonly trace: readonly { readonly location: Location; readonly message: string }[];
  readonly fix: { readonly message: string; readonly replacement?: Finding['fix']['replacement'] };
  readonly fingerprint: string;
  /** The line of the diff where a comment stands; absent for a scan. */
  readonly anchor?: Anchor;
}

export function jsonReport(outcome: Outcome, version: string, pullRequest?: PullRequest): JsonReport {
  return {
    format: 1,
    tool: { name: 'patchwarden', version },
    ...(pullRequest ? { pullRequest } : {}),
    verdict: outcome.verdict,
    defects: outcome.defects.map(shownFinding),
    advisories: outcome.advisories.map(shownFinding),
    suppressed: outcome.suppressed.map(({ finding, by, reason }) => ({
      ...jsonFinding(finding),
      by,
      reason,
    })),
    aspects: outcome.aspects.map(({ aspect, defects, advisories, practices }) => ({
      aspect,
      defects,
      advisories,
      practices: practices.map(({ location, text }) => ({ location, message: plain(text) })),
    })),
    ledger: outcome.ledger,
    notices: outcome.notices.map(plain),
  };
}

function shownFinding({ finding, anchor }: ReviewFinding): JsonFinding {
  return { ...jsonFinding(finding), ...(anchor ? { anchor } : {}) };
}

function jsonFinding(finding: Finding): JsonFinding {
  const { ruleId, cwe, aspect, kind, quiet, severity, confidence, location, symbol, fingerprint, fix } =
    finding;
  return {
    rule: ruleId,
    cwe,
    aspect,
    kind,
    quiet,
    severity,
    confidence,
    message: plain(finding.message),
    location,
    symbol,
    trace: finding.trace.map((step) => ({ location: step.location, message: plain(step.text) })),
    fix: { message: plain(fix.text), ...(fix.replacement ? { replacement: fix.replacement } : {}) },
    fingerprint,
  };
}
