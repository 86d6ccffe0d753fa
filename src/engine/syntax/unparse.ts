import type { Node } from './ast.ts';

/** The code of a node, as written. */
export function sourceOf(node: Node, text: string): string {
  return text.slice(node.start, node.end);
}

/** A comment, a string literal, a name or number, an operator of several characters, or any other character. */
const TOKENS =
  /#[^\r\n]*|(?:[rbuft]{1,2})?(?:"""(?:[^\\]|\\.)*?(?:"""|$)|'''(?:[^\\]|\\.)*?(?:'''|$)|"(?:[^"\\\r\n]|\\.)*"?|'(?:[^'\\\r\n]|\\.)*'?)|[\p{L}\p{N}_]+|\*\*=?|\/\/=?|<<=?|>>=?|[-+*/%@&|^=<>!:]=|->|\S/gisu;

/**
 * Code without layout: its tokens with single blanks between them. The same code has the same text when only blanks,
 * line breaks, comments or trailing commas differ, so it serves for fingerprints. A one-element tuple keeps its comma.
 */
export function normalised(code: string): string {
  const tokens: string[] = [];
  /** For each open bracket: where it stands in `tokens`, and how many commas its content has. */
  const open: { at: number; commas: number }[] = [];
  for (const token of code.match(TOKENS) ?? []) {
    if (token.startsWith('#') || token === '\\') continue;
    if (token === '(' || token === '[' || token === '{') open.push({ at: tokens.length, commas: 0 });
    const bracket = open.at(-1);
    if (token === ',' && bracket !== undefined) bracket.commas++;
    if (token === ')' || token === ']' || token === '}') {
      open.pop();
      if (tokens.at(-1) === ',' && !isOneTuple(tokens, bracket)) tokens.pop();
    }
    tokens.push(token);
  }
  return tokens.join(' ');
}

/** Whether the comma before a closing bracket makes a tuple: `(a,)` and `x[a,]`, but not `f(a,)` or `[a,]`. */
function isOneTuple(tokens: readonly string[], bracket: { at: number; commas: number } | undefined): boolean {
  if (bracket === undefined || bracket.commas !== 1) return false;
  const before = tokens[bracket.at - 1] ?? '';
  const followsValue = /^(?:[)\]}]|["']|[\p{L}\p{N}_]+$)/u.test(before) && !KEYWORDS.has(before);
  return tokens[bracket.at] === '(' ? !followsValue : tokens[bracket.at] === '[' && followsValue;
}

/** Words after which a bracket begins a new value. */
const KEYWORDS: ReadonlySet<string> = new Set([
  'and',
  'assert',
  'await',
  'case',
  'del',
  'elif',
  'else',
  'except',
  'for',
  'from',
  'if',
  'in',
  'is',
  'lambda',
  'match',
  'not',
  'or',
  'print',
  'raise',
  'return',
  'while',
  'with',
  'yield',
]);
