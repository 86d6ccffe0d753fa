import { code, type Finding, type Location, text } from '../../src/engine/finding.ts';
import type { PullRequest } from '../../src/review/change.ts';
import { type Ledger, NO_DEFECTS, type Review, type ReviewFinding } from '../../src/review/review.ts';

/** A finding, its review and its pull request, for tests that change what they are about. */

export const PULL_REQUEST: PullRequest = {
  repository: { owner: 'acme', name: 'shop' },
  number: 7,
  title: 'Search by name',
  base: { sha: 'b'.repeat(40), ref: 'main' },
  mergeBaseSha: 'c'.repeat(40),
  head: { sha: 'a'.repeat(40), ref: 'search' },
  draft: false,
};

export function at(path: string, line: number, endLine = line): Location {
  return { path, startLine: line, startColumn: 5, endLine, endColumn: 20 };
}

export function finding(changes: Partial<Finding> = {}): Finding {
  return {
    ruleId: 'sql-injection',
    cwe: [89],
    aspect: 'injection',
    kind: 'defect',
    severity: 'high',
    confidence: 'high',
    message: text`The request parameter ${code("args['q']")} becomes part of the SQL text of ${code('cursor.execute')}.`,
    location: at('shop/search.py', 12),
    symbol: 'search',
    trace: [
      { location: at('shop/search.py', 10), text: text`${code("request.args['q']")} comes from the request` },
      { location: at('shop/search.py', 12), text: text`${code('query')} is run as SQL` },
    ],
    fix: { text: text`Pass the value as a parameter: ${code('cursor.execute(sql, (q,))')}.` },
    fingerprint: '0123456789abcdef',
    quiet: false,
    ...changes,
  };
}

export function shown(changes: Partial<ReviewFinding> = {}): ReviewFinding {
  return {
    finding: finding(),
    anchor: { path: 'shop/search.py', side: 'RIGHT', line: 12 },
    elsewhere: false,
    display: 'inline',
    ...changes,
  };
}

export const COMPLETE: Ledger = {
  entries: [
    {
      path: 'shop/search.py',
      outcome: 'analysed',
      reasons: [],
      hunks: 2,
      hunksLeftOut: 0,
      role: 'production',
    },
  ],
  callingFiles: 0,
  importedFiles: 1,
  limits: [],
  complete: true,
};

export function review(changes: Partial<Review> = {}): Review {
  return {
    pullRequest: PULL_REQUEST,
    verdict: { conclusion: 'clean', sentence: NO_DEFECTS },
    defects: [],
    advisories: [],
    suppressed: [],
    aspects: [],
    ledger: COMPLETE,
    notices: [],
    ...changes,
  };
}
