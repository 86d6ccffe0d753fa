import type { Module, UnreadRange } from './ast.ts';
import { LineIndex } from './lines.ts';
import { lowerModule } from './lower-statements.ts';
import { TreeReader } from './tree-reader.ts';

export interface ParsedModule {
  readonly module: Module;
  readonly lines: LineIndex;
}

/**
 * Parses a file's text, without byte order mark. Never throws on what the text holds: what cannot be read is listed
 * in `module.unread`, and the statements around it are there.
 */
export function parseModule(text: string): ParsedModule {
  const tree = new TreeReader(text);
  const body = lowerModule(tree);
  const comments = tree.comments.sort((a, b) => a.start - b.start);
  const unread = outermost(tree.unread);
  const module: Module = { kind: 'Module', start: 0, end: text.length, body, comments, unread };
  return { module, lines: new LineIndex(text) };
}

/** In order, without ranges that lie in another. */
function outermost(ranges: UnreadRange[]): UnreadRange[] {
  const kept: UnreadRange[] = [];
  for (const range of ranges.sort((a, b) => a.start - b.start || b.end - a.end)) {
    const last = kept.at(-1);
    if (last === undefined || range.end > last.end) kept.push(range);
  }
  return kept;
}
