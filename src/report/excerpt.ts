import type { Colors } from 'picocolors/types.js';
import { LineIndex, type Span } from '../engine/syntax/lines.ts';
import { visible } from './visible.ts';

/** Lines shown before and after. */
const AROUND = 2;
/** A statement of more lines is shown from its beginning. */
const MOST_LINES = 8;
/** A longer line is cut, around the marked part. UTF-16 units. */
const WIDTH = 140;

/** The lines of code around a place, numbered, with carets under its first line. */
export function codeExcerpt(text: string, span: Span, colors: Colors): string[] {
  const index = new LineIndex(text);
  if (span.startLine < 1 || span.startLine > index.lineCount) return [];
  const end = Math.min(span.endLine, span.startLine + MOST_LINES - 1);
  let first = Math.max(1, span.startLine - AROUND);
  while (first < span.startLine && index.textOf(first).trim() === '') first++;
  let last = Math.min(index.lineCount, end + AROUND);
  while (last > end && index.textOf(last).trim() === '') last--;
  const gutter = Math.max(5, String(last).length + 2);
  const lines: string[] = [];
  const numbered = (line: number, code: string, cut: number) => {
    const marked = line >= span.startLine && line <= end;
    const number = String(line).padStart(gutter);
    return `${marked ? number : colors.dim(number)} ${colors.dim('│')} ${clip(code, cut)}`.trimEnd();
  };
  for (let line = first; line <= last; line++) {
    const code = index.textOf(line);
    if (line !== span.startLine) {
      lines.push(numbered(line, code, 0));
      continue;
    }
    const cut = span.startColumn <= WIDTH / 2 ? 0 : span.startColumn - WIDTH / 4;
    lines.push(numbered(line, code, cut));
    lines.push(`${' '.repeat(gutter)} ${colors.dim('│')} ${carets(code, span, cut, colors)}`);
  }
  return lines;
}

function carets(code: string, span: Span, cut: number, colors: Colors): string {
  const start = span.startColumn - 1;
  const end = span.endLine === span.startLine ? span.endColumn - 1 : code.length;
  const before = (cut > 0 ? 1 : 0) + visible(code.slice(cut, start)).length;
  const marked = visible(code.slice(start, Math.min(end, cut + WIDTH))).length;
  return ' '.repeat(before) + colors.red('^'.repeat(Math.max(1, marked)));
}

/** At most `WIDTH` characters of a line, from an offset on, with nothing hidden in them. */
function clip(code: string, cut: number): string {
  const shown = visible(code.slice(cut, cut + WIDTH));
  return (cut > 0 ? '…' : '') + shown + (code.length > cut + WIDTH ? '…' : '');
}
