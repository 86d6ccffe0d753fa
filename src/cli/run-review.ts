import { RULES } from '../engine/rules/index.ts';
import { describeRemovedControl } from '../engine/rules/security-control-removed.ts';
import type { Analyser } from '../review/analysis.ts';
import type { ReviewInput, Sources } from '../review/input.ts';
import type { Review } from '../review/review.ts';
import { reviewPullRequest } from '../review/review-pull-request.ts';
import type { Console } from './console.ts';

const RULE_IDS: ReadonlySet<string> = new Set(RULES.map((rule) => rule.id));

/** Reviews one change with all rules, and shows a person who waits what is being done. */
export function runReview(
  input: ReviewInput,
  sources: Sources,
  analyser: Analyser,
  console: Console,
): Promise<Review> {
  return reviewPullRequest(input, {
    analyser,
    sources,
    ruleIds: RULE_IDS,
    describeRemovedControl,
    today: new Date().toISOString().slice(0, 10),
    progress: (step) => console.progress.show(`${step}…`),
  });
}
