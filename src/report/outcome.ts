import type { Review } from '../review/review.ts';

/** What was found, whatever was looked at: a pull request, or a tree of files, which has no pull request. */
export type Outcome = Omit<Review, 'pullRequest'>;
