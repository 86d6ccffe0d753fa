import type { Review } from '../review/review.ts';
import { checkRunReport } from './check-run.ts';
import { GITHUB, type Site } from './links.ts';
import { codeSpan } from './markdown.ts';
import { publicationOf } from './publication.ts';

/** Everything that a review posts on GitHub, as one Markdown document: the check run, then each comment. */
export function postedMarkdown(review: Review, site: Site = GITHUB): string {
  const { conclusion, title, summary, text } = checkRunReport(review, site);
  const comments = publicationOf(review, site).comments.map(({ anchor, body }) => {
    const { path, startLine, line, side } = anchor;
    const lines = startLine === undefined ? line : `${startLine}-${line}`;
    const removed = side === 'LEFT' ? ' (removed)' : '';
    return `## Comment at ${codeSpan(`${path}:${lines}`)}${removed}\n\n${body}`;
  });
  const parts = [`# Check run: ${conclusion}`, `**${title}**`, summary, text, ...comments];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}
