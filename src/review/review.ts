import type { Aspect, Finding, Practice, RichText } from '../engine/finding.ts';
import type { FileRole } from '../engine/project.ts';
import type { PullRequest } from './change.ts';

/** What a review says when there is no defect, word for word. */
export const NO_DEFECTS = 'No security defects are detected in the code.';

/** A line, or a run of lines, of the diff that GitHub accepts a comment on. Lines from 1. */
export interface Anchor {
  readonly path: string;
  readonly side: 'LEFT' | 'RIGHT';
  /** Absent when the anchor is one line. */
  readonly startLine?: number;
  readonly line: number;
}

export interface ReviewFinding {
  readonly finding: Finding;
  /** Where it is shown: in a hunk. Absent only where no hunk line can hold it: then it stands in the summary. */
  readonly anchor?: Anchor;
  /** True where the anchor is the cause and `finding.location` the consequence, elsewhere. */
  readonly elsewhere: boolean;
  /** inline: a review comment. summary: only listed in the check run. */
  readonly display: 'inline' | 'summary';
}

export interface SuppressedFinding {
  readonly finding: Finding;
  /** A comment in the code at the base, or the configuration of the base branch. */
  readonly by: string;
  readonly reason: string;
}

/** What became of one changed file. */
export interface LedgerEntry {
  readonly path: string;
  readonly outcome: 'analysed' | 'partly-analysed' | 'left-out' | 'nothing-to-analyse';
  /** Plain words; empty when all was analysed. */
  readonly reasons: readonly string[];
  readonly hunks: number;
  /** Hunks that lie wholly or partly in what was not analysed. */
  readonly hunksLeftOut: number;
  readonly role?: FileRole;
}

export interface Ledger {
  readonly entries: readonly LedgerEntry[];
  /** Files read beyond the change, to follow imports. */
  readonly importedFiles: number;
  /** Unchanged files that were analysed, too, since they call what the change makes weaker. */
  readonly callingFiles: number;
  /** What concerns the whole review: a budget that was reached, a list that was cut. Plain words. */
  readonly limits: readonly string[];
  /** False when anything that should have been analysed was not: the review is then never plain green. */
  readonly complete: boolean;
}

/** One row of the summary: an aspect that the change touches. */
export interface AspectRow {
  readonly aspect: Aspect;
  readonly defects: number;
  readonly advisories: number;
  /** The lines that do it right; shown when there is neither defect nor advisory. */
  readonly practices: readonly Practice[];
}

export interface Verdict {
  /** defects: at least one. clean: none, and everything was looked at. incomplete: none found, but not all was seen. */
  readonly conclusion: 'defects' | 'clean' | 'incomplete';
  /** One sentence; `NO_DEFECTS` whenever there is no defect. */
  readonly sentence: string;
}

export interface Review {
  readonly pullRequest: PullRequest;
  /** Whether defects make the check fail. The configuration can ask that nothing does; absent: defects do. */
  readonly failOn?: 'defect' | 'never';
  readonly verdict: Verdict;
  readonly defects: readonly ReviewFinding[];
  readonly advisories: readonly ReviewFinding[];
  readonly suppressed: readonly SuppressedFinding[];
  readonly aspects: readonly AspectRow[];
  readonly ledger: Ledger;
  /** Warnings about the review itself: the change weakens the configuration, or the configuration has a mistake. */
  readonly notices: readonly RichText[];
}
