import { RULES } from '../engine/rules/index.ts';
import { describeRemovedControl } from '../engine/rules/security-control-removed.ts';
import type { RemoteReview } from '../github/read-pull-request.ts';
import type { Analyser } from '../review/analysis.ts';
import type { Review } from '../review/review.ts';
import { reviewPullRequest } from '../review/review-pull-request.ts';

const RULE_IDS: ReadonlySet<string> = new Set(RULES.map((rule) => rule.id));

/** Reviews a change that was read from GitHub, with all rules. */
export function reviewWith(analyser: Analyser) {
  return ({ input, sources }: RemoteReview, signal: AbortSignal): Promise<Review> =>
    reviewPullRequest(input, {
      analyser,
      sources,
      ruleIds: RULE_IDS,
      describeRemovedControl,
      today: new Date().toISOString().slice(0, 10),
      signal,
    });
}
