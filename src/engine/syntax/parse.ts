import type { Comment, Module, Statement, UnreadRange } from './ast.ts';
import { LineIndex } from './lines.ts';
import { lowerModule } from './lower-statements.ts';
import { TreeReader } from './tree-reader.ts';

export interface ParsedModule {
  readonly module: Module;
  readonly lines: LineIndex;
}

interface Parts {
  readonly body: readonly Statement[];
  readonly comments: Comment[];
  readonly unread: UnreadRange[];
}

/** Where a definition begins at the margin; a decorator belongs to what follows it. */
const DEFINITION = /(?<=[\r\n])(?<!^@[^\r\n]*\r?\n)(?:@|(?:async[ \t]+)?def\b|class\b)/gm;

/**
 * Parses a file's text, without byte order mark. Never throws on what the text holds: what cannot be read is listed
 * in `module.unread`, and the statements around it are there.
 */
export function parseModule(text: string): ParsedModule {
  const whole = parsePart(text, 0, text.length);
  const parts = whole.unread.some(holdsDefinition(text)) ? better(whole, parseByDefinition(text)) : whole;
  const module: Module = { kind: 'Module', start: 0, end: text.length, ...parts };
  return { module, lines: new LineIndex(text) };
}

function parsePart(text: string, from: number, to: number): Parts {
  const tree = new TreeReader(text, from, to);
  const body = lowerModule(tree);
  const comments = tree.comments.sort((a, b) => a.start - b.start);
  return { body, comments, unread: outermost(tree.unread) };
}

/** One error, such as a bracket that stays open, can spoil all that follows: each definition by itself cannot. */
function parseByDefinition(text: string): Parts {
  const starts = [0, ...Array.from(text.matchAll(DEFINITION), (match) => match.index)];
  const parts = starts.map((start, i) => parsePart(text, start, starts[i + 1] ?? text.length));
  return {
    body: parts.flatMap((part) => part.body),
    comments: parts.flatMap((part) => part.comments),
    unread: parts.flatMap((part) => part.unread),
  };
}

function holdsDefinition(text: string): (range: UnreadRange) => boolean {
  return (range) =>
    range.reason === 'syntax-error' &&
    /^(?:@|(?:async[ \t]+)?def\b|class\b)/m.test(text.slice(range.start, range.end));
}

function better(one: Parts, other: Parts): Parts {
  return unreadLength(other) < unreadLength(one) ? other : one;
}

function unreadLength(parts: Parts): number {
  return parts.unread.reduce((sum, range) => sum + range.end - range.start, 0);
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
