import type { CharSet } from '../../../src/engine/regex/charset.ts';
import type { Anchor, RegexNode } from '../../../src/engine/regex/syntax.ts';

const ANCHORS: Readonly<Record<Anchor['at'], string>> = {
  start: '\\A',
  'line-start': '(?m:^)',
  end: '\\Z',
  'end-or-newline': '(?-m:$)',
  'line-end': '(?m:$)',
  'word-boundary': '\\b',
  'no-word-boundary': '\\B',
};

/** Writes a node as a pattern without flags; parsing it again gives the same node but for positions. */
export function print(node: RegexNode): string {
  switch (node.kind) {
    case 'character':
      return printSet(node.set);
    case 'sequence':
      return node.items.map(print).join('');
    case 'alternation':
      return `(?:${node.branches.map(print).join('|')})`;
    case 'group': {
      const open = node.atomic
        ? '(?>'
        : node.number === undefined
          ? '(?:'
          : node.name
            ? `(?P<${node.name}>`
            : '(';
      return `${open}${print(node.body)})`;
    }
    case 'repeat': {
      const max = node.max === Number.POSITIVE_INFINITY ? '' : node.max;
      const greed = { greedy: '', lazy: '?', possessive: '+' }[node.greed];
      return `(?:${print(node.body)}){${node.min},${max}}${greed}`;
    }
    case 'look':
      return `(?${node.behind ? '<' : ''}${node.negative ? '!' : '='}${print(node.body)})`;
    case 'anchor':
      return ANCHORS[node.at];
    case 'back-reference':
      return `${node.ignoreCase ? '(?i:' : '(?:'}\\${node.group})`;
    case 'conditional':
      return `(?(${node.group})${print(node.yes)}|${print(node.no)})`;
  }
}

function printSet(set: CharSet): string {
  if (!set.length) return '(?!)';
  const escaped = (codePoint: number) => `\\U${codePoint.toString(16).padStart(8, '0')}`;
  return `[${set.map(([first, last]) => `${escaped(first)}-${escaped(last)}`).join('')}]`;
}
