import type { Fix, RichText } from '../../finding.ts';
import type { Node } from '../../syntax/ast.ts';
import type { Place } from '../views.ts';

/** A fix that puts `written` in place of a node, as whole lines. Only words where the node spans several lines. */
export function lineReplaced(place: Place, node: Node, written: string, words: RichText): Fix {
  const source = place.module.text;
  const lineStart = source.lastIndexOf('\n', node.start - 1) + 1;
  const nextBreak = source.indexOf('\n', node.end);
  const lineEnd = nextBreak === -1 ? source.length : nextBreak;
  if (source.slice(node.start, node.end).includes('\n')) return { text: words };
  const line = (source.slice(lineStart, node.start) + written + source.slice(node.end, lineEnd)).replace(
    /\r$/,
    '',
  );
  const number = source.slice(0, lineStart).split('\n').length;
  return {
    text: words,
    replacement: { path: place.path, startLine: number, endLine: number, lines: [line] },
  };
}
