import type { FileProblem, FileReport } from '../engine/project.ts';
import { looksLikePython } from '../engine/syntax/decode.ts';
import type { ChangedFile, Hunk } from './change.ts';
import type { Ledger, LedgerEntry } from './review.ts';

/** What became of a changed file before the engine saw it. */
export type Intake =
  | { readonly kind: 'target' }
  | { readonly kind: 'nothing'; readonly reason: string }
  /** Left out because the repository's configuration says so: that does not make the review incomplete. */
  | { readonly kind: 'excluded'; readonly reason: string }
  | { readonly kind: 'unread'; readonly reason: string };

/** Decides what to do with a changed file from what is known of it. */
export function intakeOf(file: ChangedFile, isExcluded: (path: string) => boolean): Intake {
  if (isExcluded(file.path)) return { kind: 'excluded', reason: 'excluded by the configuration' };
  if (file.status === 'removed') return { kind: 'nothing', reason: 'the file is removed' };
  if (file.head !== undefined) {
    const isPython = looksLikePython(file.path, file.head.slice(0, 200));
    return isPython ? { kind: 'target' } : { kind: 'nothing', reason: 'not a Python file' };
  }
  const { unread } = file;
  if (!unread) return { kind: 'unread', reason: 'its text was not read' };
  const isContentless = ['not-python', 'symlink', 'submodule'].includes(unread.reason);
  const isPython = file.base !== undefined || looksLikePython(file.path, '');
  return isContentless || !isPython
    ? { kind: 'nothing', reason: isPython ? unread.detail : 'not a Python file' }
    : { kind: 'unread', reason: `not read: ${unread.detail}` };
}

/** What the ledger is made from; maps are by path at the head. */
export interface LedgerFacts {
  readonly files: readonly ChangedFile[];
  readonly intake: ReadonlyMap<string, Intake>;
  readonly headReports: ReadonlyMap<string, FileReport>;
  /** Files whose earlier version could not be compared, and why. */
  readonly notCompared: ReadonlyMap<string, string>;
  readonly importedFiles: number;
  readonly callingFiles: number;
  /** What of the change as a whole could not be read. */
  readonly inputLimits: readonly string[];
  /** Budgets of the analysis that were reached; the changed code itself was still analysed. */
  readonly analysisLimits: readonly string[];
}

/** One entry for each changed file, ordered by path. */
export function ledgerOf(facts: LedgerFacts): Ledger {
  const rows = facts.files.map((file) => rowOf(file, facts));
  rows.sort((a, b) => (a.entry.path < b.entry.path ? -1 : 1));
  return {
    entries: rows.map((row) => row.entry),
    importedFiles: facts.importedFiles,
    callingFiles: facts.callingFiles,
    limits: [...facts.inputLimits, ...facts.analysisLimits],
    complete: facts.inputLimits.length === 0 && rows.every((row) => row.complete),
  };
}

interface Row {
  readonly entry: LedgerEntry;
  readonly complete: boolean;
}

function rowOf(file: ChangedFile, facts: LedgerFacts): Row {
  const hunks = file.hunks.length;
  const simple = (
    outcome: LedgerEntry['outcome'],
    reason: string,
    hunksLeftOut: number,
    complete: boolean,
  ): Row => ({
    entry: { path: file.path, outcome, reasons: [reason], hunks, hunksLeftOut },
    complete,
  });
  const intake = facts.intake.get(file.path);
  if (!intake) return simple('left-out', 'it was not looked at', hunks, false);
  if (intake.kind === 'nothing') return simple('nothing-to-analyse', intake.reason, 0, true);
  if (intake.kind === 'excluded') return simple('left-out', intake.reason, hunks, true);
  if (intake.kind === 'unread') return simple('left-out', intake.reason, hunks, false);

  const report = facts.headReports.get(file.path);
  if (!report) return simple('left-out', 'the engine gave no report on it', hunks, false);
  const left = file.hunks.filter((hunk) => report.problems.some((problem) => concerns(problem, hunk))).length;
  const notCompared = facts.notCompared.get(file.path);
  const reasons = [...report.problems.map(inWords), ...(notCompared === undefined ? [] : [notCompared])];
  const isWhole = report.status === 'analysed' && notCompared === undefined;
  const hunksLeftOut = report.status === 'skipped' ? hunks : left;
  return {
    entry: {
      path: file.path,
      outcome: report.status === 'skipped' ? 'left-out' : isWhole ? 'analysed' : 'partly-analysed',
      reasons: [...new Set(reasons)],
      hunks,
      hunksLeftOut,
      role: report.role,
    },
    complete: report.status !== 'skipped' && hunksLeftOut === 0 && notCompared === undefined,
  };
}

function concerns(problem: FileProblem, hunk: Hunk): boolean {
  if (!problem.lines) return true;
  const last = hunk.headStart + Math.max(hunk.headLines, 1) - 1;
  return problem.lines.from <= last && problem.lines.to >= hunk.headStart;
}

const PROBLEMS: Readonly<Record<FileProblem['reason'], string>> = {
  'too-large': 'too large',
  'syntax-error': 'a syntax error',
  'too-deep': 'nested too deeply',
  'out-of-steps': 'too much to work out',
  'not-readable': 'not readable',
  'internal-error': 'an error in Patchwarden',
};

function inWords({ reason, detail, lines }: FileProblem): string {
  const where = lines
    ? `${lines.from === lines.to ? `line ${lines.from}` : `lines ${lines.from}–${lines.to}`}: `
    : '';
  return `${where}${PROBLEMS[reason]}${detail ? ` (${detail})` : ''}`;
}
