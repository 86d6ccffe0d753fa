import type { Comment } from '../engine/syntax/ast.ts';
import { LineIndex } from '../engine/syntax/lines.ts';

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
export function mayHaveIgnoreComments(text: string): boolean {
  return /patchwarden:\s*ignore/i.test(text);
}

/** The comments, as the parser found them, that ask to ignore findings; text inside of strings is none. */
export function ignoreComments(path: string, text: string, comments: readonly Comment[]): IgnoreComment[] {
  const index = new LineIndex(text);
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
