import type { RichText } from '../engine/finding.ts';
import type { Ledger, LedgerEntry } from '../review/review.ts';
import type { Section } from './bounded.ts';
import { codeSpan, count, markdown } from './markdown.ts';

/** Paths named in the sentence about what was left out; the check run's text has all of them. */
const NAMED = 5;

/** Why the review is not plain green: sentences about what was not analysed; empty when everything was. */
export function leftOut(ledger: Ledger): RichText[] {
  if (ledger.complete) return [];
  const gaps = ledger.entries.filter(isGap);
  const named = gaps.slice(0, NAMED).flatMap((entry, i): RichText => {
    const reason = entry.reasons[0] ? ` (${entry.reasons[0]})` : '';
    return [i === 0 ? '' : ', ', { code: entry.path }, reason];
  });
  const more = gaps.length > NAMED ? `, ${gaps.length - NAMED} more` : '';
  const files = gaps.length === 0 ? [] : [[...named, `${more}.`]];
  return [...files, ...ledger.limits.map((limit) => [limit])];
}

/** One sentence on how much was analysed. */
export function coverage(ledger: Ledger): string {
  const concerned = ledger.entries.filter((entry) => entry.outcome !== 'nothing-to-analyse');
  if (concerned.length === 0) return 'There is no Python code to analyse.';
  const hunks = sum(concerned, (entry) => entry.hunks);
  const seen = hunks - sum(concerned, (entry) => entry.hunksLeftOut);
  const full = concerned.filter((entry) => entry.outcome === 'analysed').length;
  const partly = concerned.filter((entry) => entry.outcome === 'partly-analysed').length;
  const inPart = partly > 0 ? ` and ${partly} in part` : '';
  const imports =
    ledger.importedFiles > 0 ? `, following imports into ${count(ledger.importedFiles, 'other file')}` : '';
  const calls =
    ledger.callingFiles > 0 ? `, and calls from ${count(ledger.callingFiles, 'unchanged file')}` : '';
  const ofHunks = hunks > 0 ? ` (${seen} of ${count(hunks, 'hunk')})` : '';
  return `Analysed ${full} of ${count(concerned.length, 'Python file')}${inPart}${ofHunks}${imports}${calls}.`;
}

/** Every file of the change and what became of it, those with gaps first. */
export function ledgerSections(ledger: Ledger): Section[] {
  const of = (heading: string, outcome: LedgerEntry['outcome'], noun: string): Section => ({
    heading,
    items: ledger.entries.filter((entry) => entry.outcome === outcome).map(ledgerItem),
    separator: '\n',
    noun,
  });
  return [
    {
      heading: '### Limits',
      items: ledger.limits.map((limit) => `- ${markdown([limit])}`),
      separator: '\n',
      noun: 'limits',
    },
    of('### Left out', 'left-out', 'files'),
    of('### Analysed in part', 'partly-analysed', 'files'),
    of('### Analysed', 'analysed', 'files'),
    of('### Nothing to analyse', 'nothing-to-analyse', 'files'),
  ];
}

function ledgerItem(entry: LedgerEntry): string {
  const gaps = entry.hunksLeftOut > 0 ? `, ${entry.hunksLeftOut} left out` : '';
  const hunks = entry.hunks > 0 ? ` (${count(entry.hunks, 'hunk')}${gaps})` : '';
  const reasons =
    entry.reasons.length > 0 ? `: ${entry.reasons.map((reason) => markdown([reason])).join('; ')}` : '';
  return `- ${codeSpan(entry.path)}${hunks}${reasons}`;
}

function isGap(entry: LedgerEntry): boolean {
  return entry.outcome === 'left-out' || entry.outcome === 'partly-analysed';
}

function sum(entries: readonly LedgerEntry[], of: (entry: LedgerEntry) => number): number {
  return entries.reduce((total, entry) => total + of(entry), 0);
}
