import type { Review } from '../review/review.ts';
import { type CheckRunOptions, checkRunReport } from './check-run.ts';
import { inlineComment } from './inline-comment.ts';
import { GITHUB, type Site } from './links.ts';
import { codeSpan } from './markdown.ts';

/** Everything that a review posts on GitHub, as one Markdown document: the check run, then each comment. */
export function postedMarkdown(review: Review, options?: CheckRunOptions, site: Site = GITHUB): string {
  const { conclusion, title, summary, text } = checkRunReport(review, options, site);
  const comments = [...review.defects, ...review.advisories].flatMap((shown) => {
    const { anchor, display } = shown;
    if (display !== 'inline' || !anchor) return [];
    const lines = anchor.startLine === undefined ? anchor.line : `${anchor.startLine}-${anchor.line}`;
    const side = anchor.side === 'LEFT' ? ' (removed)' : '';
    return [
      `## Comment at ${codeSpan(`${anchor.path}:${lines}`)}${side}`,
      inlineComment(shown, review.pullRequest, site),
    ];
  });
  return `${[`# Check run: ${conclusion}`, `**${title}**`, summary, text, ...comments].filter(Boolean).join('\n\n')}\n`;
}
