import type { Expression, MatchClass, MatchMapping, Pattern } from './ast.ts';
import { lowerExpression } from './lower-expressions.ts';
import type { TreeReader } from './tree-reader.ts';

/** Patterns nested deeper match anything, as far as we are concerned. */
const MAX_DEPTH = 100;

/** The pattern of a `case`, whose first node's type is given: several with commas between make a sequence. */
export function lowerCasePatterns(tree: TreeReader, firstType: string): { pattern: Pattern; type: string } {
  const patterns: Pattern[] = [];
  let hasComma = false;
  let type = firstType;
  for (; type === 'case_pattern' || type === ','; type = tree.next()) {
    if (type === ',') hasComma = true;
    else patterns.push(lowerPattern(tree, type));
  }
  const [first] = patterns;
  const last = patterns.at(-1);
  if (first === undefined || last === undefined) {
    const { start } = tree;
    return { pattern: { kind: 'MatchAs', start, end: start, pattern: null, name: null }, type };
  }
  if (patterns.length === 1 && !hasComma) return { pattern: first, type };
  return { pattern: { kind: 'MatchSequence', start: first.start, end: last.end, patterns }, type };
}

/** Leaves the cursor on the pattern's last node: a negative number is two nodes. */
function lowerPattern(tree: TreeReader, type: string): Pattern {
  if (tree.expressionDepth >= MAX_DEPTH) {
    const { start, end } = tree;
    tree.addUnread(start, end, 'too-deep');
    return { kind: 'MatchAs', start, end, pattern: null, name: null };
  }
  tree.expressionDepth++;
  const pattern = lowerByType(tree, type);
  tree.expressionDepth--;
  return pattern;
}

function lowerByType(tree: TreeReader, type: string): Pattern {
  switch (type) {
    case 'case_pattern': {
      const pattern = lowerPattern(tree, tree.enter());
      tree.leave();
      return pattern;
    }
    case 'as_pattern':
      return lowerAs(tree);
    case 'union_pattern':
      return lowerUnion(tree);
    case 'list_pattern':
    case 'tuple_pattern':
      return lowerSequence(tree, type);
    case 'dict_pattern':
      return lowerMapping(tree);
    case 'class_pattern':
      return lowerClass(tree);
    case 'splat_pattern': {
      const { start, end } = tree;
      return { kind: 'MatchStar', start, end, name: splatName(tree) };
    }
    case '_': {
      const { start, end } = tree;
      return { kind: 'MatchAs', start, end, pattern: null, name: null };
    }
    case 'dotted_name': {
      const { start, end } = tree;
      const value = lowerExpression(tree, type);
      if (value.kind !== 'Name') return { kind: 'MatchValue', start, end, value };
      return { kind: 'MatchAs', start, end, pattern: null, name: value.id === '_' ? null : value.id };
    }
    default: {
      const value = lowerLiteral(tree, type);
      return { kind: 'MatchValue', start: value.start, end: value.end, value };
    }
  }
}

/** A literal; numbers with their sign, `1+2j` as a number that is not known. */
function lowerLiteral(tree: TreeReader, type: string): Expression {
  const { start } = tree;
  if (type === 'complex_pattern') {
    return { kind: 'Num', start, end: tree.end, value: Number.NaN, isFloat: false };
  }
  if (type !== '-') return lowerExpression(tree, type);
  const operand = lowerExpression(tree, tree.next());
  return { kind: 'UnaryOp', start, end: operand.end, op: '-', operand };
}

function lowerAs(tree: TreeReader): Pattern {
  const { start, end } = tree;
  const pattern = lowerPattern(tree, tree.enter());
  tree.next();
  const name = tree.next() === '' ? null : tree.identifier(tree.start, tree.end);
  tree.leave();
  return { kind: 'MatchAs', start, end, pattern, name };
}

function lowerUnion(tree: TreeReader): Pattern {
  const { start, end } = tree;
  const patterns: Pattern[] = [];
  for (let type = tree.enter(); type !== ''; type = tree.next()) {
    if (type !== '|') patterns.push(lowerPattern(tree, type));
  }
  tree.leave();
  return { kind: 'MatchOr', start, end, patterns };
}

/** `[a, b]`, `(a, b)`; `(a)` is only its inner pattern. */
function lowerSequence(tree: TreeReader, sequence: 'list_pattern' | 'tuple_pattern'): Pattern {
  const { start, end } = tree;
  const patterns: Pattern[] = [];
  let hasComma = false;
  for (let type = tree.enter(); type !== ''; type = tree.next()) {
    if (type === ',') hasComma = true;
    else if (type === 'case_pattern') patterns.push(lowerPattern(tree, type));
  }
  tree.leave();
  const [first] = patterns;
  if (sequence === 'tuple_pattern' && patterns.length === 1 && !hasComma && first !== undefined) return first;
  return { kind: 'MatchSequence', start, end, patterns };
}

function lowerMapping(tree: TreeReader): MatchMapping {
  const { start, end } = tree;
  const keys: Expression[] = [];
  const patterns: Pattern[] = [];
  let rest: string | null = null;
  for (let type = tree.enter(); type !== ''; type = tree.next()) {
    if (type === 'splat_pattern') rest = splatName(tree);
    else if (type === 'case_pattern' && keys.length > patterns.length)
      patterns.push(lowerPattern(tree, type));
    else if (type !== '{' && type !== '}' && type !== ',' && type !== ':')
      keys.push(lowerLiteral(tree, type));
  }
  tree.leave();
  return { kind: 'MatchMapping', start, end, keys: keys.slice(0, patterns.length), patterns, rest };
}

function lowerClass(tree: TreeReader): MatchClass {
  const { start, end } = tree;
  const cls = lowerExpression(tree, tree.enter());
  const patterns: Pattern[] = [];
  const keywordNames: string[] = [];
  const keywordPatterns: Pattern[] = [];
  for (let type = tree.next(); type !== ''; type = tree.next()) {
    if (type !== 'case_pattern') continue;
    const inner = tree.enter();
    if (inner === 'keyword_pattern') {
      tree.enter();
      keywordNames.push(tree.identifier(tree.start, tree.end));
      tree.next();
      keywordPatterns.push(lowerPattern(tree, tree.next()));
      tree.leave();
    } else {
      patterns.push(lowerPattern(tree, inner));
    }
    tree.leave();
  }
  tree.leave();
  return { kind: 'MatchClass', start, end, cls, patterns, keywordNames, keywordPatterns };
}

/** The name behind the stars; null for `_`. */
function splatName(tree: TreeReader): string | null {
  const name = tree.identifier(tree.start, tree.end).replace(/^\*+\s*/, '');
  return name === '_' ? null : name;
}
