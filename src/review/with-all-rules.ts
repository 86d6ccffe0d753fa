import { RULES } from '../engine/rules/index.ts';
import { describeRemovedControl } from '../engine/rules/security-control-removed.ts';
import type { ReviewInput } from './input.ts';
import type { Review } from './review.ts';
import { type ReviewDependencies, reviewPullRequest } from './review-pull-request.ts';

const RULE_IDS: ReadonlySet<string> = new Set(RULES.map((rule) => rule.id));

/** What differs between the command line and the App. */
export type ReviewSurroundings = Pick<ReviewDependencies, 'analyser' | 'sources' | 'signal' | 'progress'>;

/** Reviews a change with all rules that there are, as of today. */
export function reviewWithAllRules(input: ReviewInput, surroundings: ReviewSurroundings): Promise<Review> {
  const today = new Date().toISOString().slice(0, 10);
  return reviewPullRequest(input, { ...surroundings, ruleIds: RULE_IDS, describeRemovedControl, today });
}
