import type { Anchor, Review, ReviewFinding } from '../review/review.ts';
import { inlineComment } from './inline-comment.ts';
import { GITHUB, type Site } from './links.ts';

/** The inline comments of a review, and what tells which comments of earlier reviews still hold. */
export interface Publication {
  readonly comments: readonly {
    readonly anchor: Anchor;
    readonly body: string;
    readonly fingerprint: string;
  }[];
  /** Fingerprints of all that was found, shown inline or not. */
  readonly found: ReadonlySet<string>;
  /** Paths that were not wholly analysed: what was found there before may be there still. */
  readonly unseen: ReadonlySet<string>;
}

export function publicationOf(review: Review, site: Site = GITHUB): Publication {
  const all = [...review.defects, ...review.advisories];
  return {
    comments: all.flatMap((shown) => {
      const { anchor, display, finding } = shown;
      if (display !== 'inline' || !anchor) return [];
      const body = inlineComment(shown, review.pullRequest, site);
      return [{ anchor, body, fingerprint: finding.fingerprint }];
    }),
    found: new Set(all.map(({ finding }) => finding.fingerprint)),
    unseen: new Set(
      review.ledger.entries
        .filter(({ outcome }) => outcome === 'left-out' || outcome === 'partly-analysed')
        .map(({ path }) => path),
    ),
  };
}

/** The review with findings, whose comments GitHub did not take, told in full in the summary instead. */
export function toldInSummary(review: Review, fingerprints: ReadonlySet<string>): Review {
  const moved = (shown: ReviewFinding): ReviewFinding =>
    fingerprints.has(shown.finding.fingerprint) ? { ...shown, display: 'summary' } : shown;
  return { ...review, defects: review.defects.map(moved), advisories: review.advisories.map(moved) };
}
