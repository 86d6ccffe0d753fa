import type { Module } from './ast.ts';
import { LineIndex } from './lines.ts';
import { lowerBody } from './lower-statements.ts';
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
  const body = lowerBody(tree);
  const { comments, unread } = tree;
  comments.sort((a, b) => a.start - b.start);
  unread.sort((a, b) => a.start - b.start);
  const module: Module = { kind: 'Module', start: 0, end: text.length, body, comments, unread };
  return { module, lines: new LineIndex(text) };
}
