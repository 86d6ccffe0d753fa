import { code, type Finding, type RichText, text } from '../engine/finding.ts';
import type { Comment } from '../engine/syntax/ast.ts';
import { LineIndex } from '../engine/syntax/lines.ts';
import type { ChangedLines } from './causes.ts';
import type { Configuration, Suppression } from './config.ts';
import { matchesGlob } from './glob.ts';

/** `# patchwarden: ignore[rule-id] reason`, at the end of a line or alone above it. */
export interface IgnoreComment {
  readonly path: string;
  /** The line of the comment. */
  readonly line: number;
  /** The lines whose findings it speaks of: its own, and the next line of code if it stands alone. */
  readonly appliesTo: readonly number[];
  /** Empty where none is named; such a comment silences nothing. */
  readonly ruleIds: readonly string[];
  /** Empty where none is given; such a comment silences nothing. */
  readonly reason: string;
}

const IGNORE = /^#\s*patchwarden:\s*ignore\b(?:\[([^\]]*)\])?[ \t:-]*(.*)$/i;

/** A cheap test before a file is parsed for its comments. */
export function mayHaveIgnoreComments(source: string): boolean {
  return /patchwarden:\s*ignore/i.test(source);
}

/** The comments, as the parser found them, that ask to ignore findings; text inside of strings is none. */
export function ignoreComments(path: string, source: string, comments: readonly Comment[]): IgnoreComment[] {
  const index = new LineIndex(source);
  const commentLines = new Set<number>();
  for (const comment of comments) if (isAlone(index, comment)) commentLines.add(index.lineAt(comment.start));
  return comments.flatMap((comment) => {
    const match = IGNORE.exec(comment.text);
    if (!match) return [];
    const line = index.lineAt(comment.start);
    const appliesTo = [line];
    if (commentLines.has(line)) {
      let next = line + 1;
      while (next < index.lineCount && (commentLines.has(next) || index.textOf(next).trim() === '')) next++;
      appliesTo.push(next);
    }
    const ruleIds = (match[1] ?? '').split(',').flatMap((id) => id.trim() || []);
    return { path, line, appliesTo, ruleIds, reason: (match[2] ?? '').trim().slice(0, 300) };
  });
}

function isAlone(index: LineIndex, comment: Comment): boolean {
  const start = index.startOf(index.lineAt(comment.start));
  return index.text.slice(start, comment.start).trim() === '';
}

// ---------------------------------------------------------------- applying them

/** What a finding needs to be accepted, and what becomes of it. */
export interface SuppressionContext {
  readonly configuration: Configuration;
  /** The comments of the head version. */
  readonly comments: readonly IgnoreComment[];
  readonly changed: ChangedLines;
  /** YYYY-MM-DD. */
  readonly today: string;
}

export type SuppressionDecision =
  | { readonly kind: 'reported'; readonly notices: readonly RichText[] }
  | {
      readonly kind: 'suppressed';
      readonly by: string;
      readonly reason: string;
      readonly notices: readonly RichText[];
    };

/**
 * Decides whether a finding is silenced. The author of a pull request may be hostile, so what silences a defect must
 * have been accepted before:
 *
 * - the configuration of the base branch silences what it names, until its last day;
 * - a comment silences when it and the finding's own lines stand in the base version unchanged, names the rule, and
 *   gives a reason;
 * - a comment that the change itself brings, or under which it changes the code, silences advisories; a defect stays a
 *   defect, with a notice, unless the base branch's configuration says `suppression-comments: change`.
 *
 * Whatever is silenced is listed in the review, with its reason.
 */
export function decideSuppression(finding: Finding, context: SuppressionContext): SuppressionDecision {
  const notices: RichText[] = [];
  const { configuration, today, changed } = context;
  for (const suppression of configuration.suppressions) {
    if (!coversFinding(suppression, finding)) continue;
    if (suppression.until !== undefined && suppression.until < today) {
      notices.push(
        text`The suppression of ${code(finding.ruleId)} in ${code(suppression.path)} ended on ${suppression.until}.`,
      );
      continue;
    }
    const owner = suppression.owner === undefined ? '' : `, owner ${suppression.owner}`;
    return {
      kind: 'suppressed',
      by: `the configuration of the base branch${owner}`,
      reason: suppression.reason,
      notices: [],
    };
  }
  for (const comment of context.comments) {
    if (!speaksOf(comment, finding)) continue;
    const where = text`The comment in ${code(comment.path, 200)}, line ${comment.line},`;
    if (comment.ruleIds.length === 0) {
      notices.push(
        text`${where} names no rule and has no effect; write ${code(`ignore[${finding.ruleId}] reason`)}.`,
      );
      continue;
    }
    if (comment.reason === '') {
      notices.push(text`${where} gives no reason and has no effect.`);
      continue;
    }
    const isNew = changed.addedIn(comment.path).has(comment.line);
    if (!isNew && !changed.touches(finding.location)) {
      return {
        kind: 'suppressed',
        by: `a comment in line ${comment.line}, older than this change`,
        reason: comment.reason,
        notices,
      };
    }
    const did = isNew
      ? 'is added by this change'
      : 'is older than the code under it, which this change touches';
    if (finding.kind === 'advisory' || configuration.suppressionComments === 'change') {
      const isDefect = finding.kind === 'defect';
      return {
        kind: 'suppressed',
        by: `a comment in line ${comment.line} ${isNew ? 'that this change adds' : 'over code that this change touches'}`,
        reason: comment.reason,
        notices: isDefect
          ? [...notices, text`${where} ${did} and suppresses a defect (${code(finding.ruleId)}).`]
          : notices,
      };
    }
    notices.push(
      text`${where} ${did}: it does not suppress the defect (${code(finding.ruleId)}). To accept it, list it under ${code('suppressions')} in the base branch's configuration.`,
    );
  }
  return { kind: 'reported', notices };
}

function coversFinding(suppression: Suppression, finding: Finding): boolean {
  if (suppression.rule !== finding.ruleId || !matchesGlob(suppression.path, finding.location.path))
    return false;
  const { symbol } = suppression;
  return symbol === undefined || finding.symbol === symbol || finding.symbol.startsWith(`${symbol}.`);
}

function speaksOf(comment: IgnoreComment, finding: Finding): boolean {
  const { path, startLine, endLine } = finding.location;
  return (
    comment.path === path &&
    (comment.appliesTo.includes(startLine) || comment.appliesTo.includes(endLine)) &&
    (comment.ruleIds.length === 0 || comment.ruleIds.includes(finding.ruleId))
  );
}
