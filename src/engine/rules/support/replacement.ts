import type { Fix, RichText } from '../../finding.ts';
import type { Call, Keyword, Node } from '../../syntax/ast.ts';
import type { Place } from '../views.ts';

/** A fix that puts `written` in place of a node, as whole lines. Only words where the node spans several lines. */
export function lineReplaced(place: Place, node: Node, written: string, words: RichText): Fix {
  const source = place.module.text;
  if (source.slice(node.start, node.end).includes('\n')) return { text: words };
  const { start, end, number } = lineOf(source, node);
  const line = (source.slice(start, node.start) + written + source.slice(node.end, end)).replace(/\r$/, '');
  return {
    text: words,
    replacement: { path: place.path, startLine: number, endLine: number, lines: [line] },
  };
}

/** A fix that takes a keyword argument out of a call, with the comma beside it. */
export function keywordRemoved(place: Place, call: Call, keyword: Keyword, words: RichText): Fix {
  const source = place.module.text;
  const { start, end, number } = lineOf(source, keyword);
  const line = source.slice(start, end).trim().replace(/,$/, '');
  // It has a line of its own.
  if (line === source.slice(keyword.start, keyword.end) && start > call.start)
    return { text: words, replacement: { path: place.path, startLine: number, endLine: number, lines: [] } };
  const before = source.slice(call.start, keyword.start);
  const after = source.slice(keyword.end, call.end);
  const left = /,\s*$/.test(before)
    ? before.replace(/,\s*$/, '') + after
    : before + after.replace(/^\s*,\s*/, '');
  return lineReplaced(place, call, left, words);
}

/** A fix that adds an argument at the end of a call. */
export function argumentAdded(place: Place, call: Call, argument: string, words: RichText): Fix {
  const written = place.module.text.slice(call.start, call.end);
  const inner = written.replace(/,?\s*\)$/, '');
  return lineReplaced(place, call, `${inner}${inner.endsWith('(') ? '' : ', '}${argument})`, words);
}

/** The line that a node begins on: its offsets and its number, from 1. */
function lineOf(
  source: string,
  node: Node,
): { readonly start: number; readonly end: number; readonly number: number } {
  const start = source.lastIndexOf('\n', node.start - 1) + 1;
  const lineBreak = source.indexOf('\n', node.end);
  return {
    start,
    end: lineBreak === -1 ? source.length : lineBreak,
    number: source.slice(0, start).split('\n').length,
  };
}
