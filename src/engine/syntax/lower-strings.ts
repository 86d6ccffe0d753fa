import type { Bytes, Expression, FormattedValue, JoinedStr, Opaque, Str } from './ast.ts';
import { readStringToken, stringValue } from './literals.ts';
import type { TreeReader } from './tree-reader.ts';

type LowerExpression = (tree: TreeReader, type: string) => Expression;
type Part = Str | FormattedValue;

/** A single literal. Only f-strings and t-strings have children of interest. */
export function lowerString(
  tree: TreeReader,
  lowerExpression: LowerExpression,
): Str | Bytes | JoinedStr | Opaque {
  const { start, end, text } = tree;
  if (text[start] === '`') {
    // Python 2's `x` for repr(x), which the grammar takes for a literal.
    tree.addUnread(start, end, 'syntax-error');
    return { kind: 'Opaque', start, end };
  }
  const token = readStringToken(text, start, end);
  if (token.isFormatted || token.isTemplate) {
    const parts: Part[] = [];
    lowerParts(tree, parts, token.isRaw, lowerExpression);
    return { kind: 'JoinedStr', start, end, parts, isTemplate: token.isTemplate };
  }
  const content = text.slice(start + token.opening, end - token.closing);
  const value = stringValue(content, token.isRaw, token.isBytes);
  return token.isBytes ? { kind: 'Bytes', start, end, value } : { kind: 'Str', start, end, value };
}

/** Literals that stand next to each other, of whatever prefixes. */
export function lowerConcatenatedString(
  tree: TreeReader,
  lowerExpression: LowerExpression,
): Str | Bytes | JoinedStr {
  const { start, end } = tree;
  const literals: (Str | Bytes | JoinedStr)[] = [];
  for (let type = tree.enter(); type !== ''; type = tree.next()) {
    if (type !== 'string') continue;
    const literal = lowerString(tree, lowerExpression);
    if (literal.kind !== 'Opaque') literals.push(literal);
  }
  tree.leave();
  if (literals.some((literal) => literal.kind === 'JoinedStr')) {
    const parts: Part[] = [];
    for (const literal of literals) {
      if (literal.kind === 'JoinedStr') for (const part of literal.parts) addPart(parts, part);
      else addPart(parts, { kind: 'Str', start: literal.start, end: literal.end, value: literal.value });
    }
    const isTemplate = literals.some((literal) => literal.kind === 'JoinedStr' && literal.isTemplate);
    return { kind: 'JoinedStr', start, end, parts, isTemplate };
  }
  const value = literals.map((literal) => (literal as Str | Bytes).value).join('');
  return literals.every((literal) => literal.kind === 'Bytes')
    ? { kind: 'Bytes', start, end, value }
    : { kind: 'Str', start, end, value };
}

function lowerParts(tree: TreeReader, parts: Part[], isRaw: boolean, lowerExpression: LowerExpression): void {
  for (let type = tree.enter(); type !== ''; type = tree.next()) {
    if (type === 'string_content') addText(tree, parts, tree.start, tree.end, isRaw);
    else if (type === 'interpolation') lowerInterpolation(tree, parts, isRaw, lowerExpression);
  }
  tree.leave();
}

/** `{value=!r:spec}`; the text of `value=` becomes a literal before it, as in Python. */
function lowerInterpolation(
  tree: TreeReader,
  parts: Part[],
  isRaw: boolean,
  lowerExpression: LowerExpression,
): void {
  const { start, end, text } = tree;
  let value: Expression | null = null;
  let conversion: string | null = null;
  let formatSpec: Part[] = [];
  let debugEnd = -1;
  let isAssigned = false;
  for (let type = tree.enter(); type !== ''; type = tree.next()) {
    if (type === '{' || type === '}') continue;
    if (type === '=') debugEnd = tree.end;
    else if (type === 'type_conversion') conversion = text.charAt(tree.start + 1);
    else if (type === 'format_specifier') formatSpec = lowerFormatSpecifier(tree, isRaw, lowerExpression);
    else {
      value ??= lowerExpression(tree, type);
      isAssigned ||= type === 'named_expression';
    }
  }
  tree.leave();
  if (isAssigned && value?.kind === 'NamedExpr') {
    // `{x:=10}` is x with the format `=10`: only parentheses would make it an assignment.
    const from = value.target.end + 1;
    formatSpec = [{ kind: 'Str', start: from, end: value.end, value: text.slice(from, value.end) }];
    value = value.target;
  }
  if (debugEnd >= 0) {
    while (/\s/.test(text.charAt(debugEnd))) debugEnd++;
    addPart(parts, { kind: 'Str', start, end: start, value: text.slice(start + 1, debugEnd) });
    if (conversion === null && formatSpec.length === 0) conversion = 'r';
  }
  value ??= { kind: 'Opaque', start, end };
  addPart(parts, { kind: 'FormattedValue', start, end, value, conversion, formatSpec });
}

function lowerFormatSpecifier(tree: TreeReader, isRaw: boolean, lowerExpression: LowerExpression): Part[] {
  const parts: Part[] = [];
  const { end } = tree;
  // The grammar has no nodes for the plain text: it is what lies between the others.
  let from = tree.start + 1;
  for (let type = tree.enter(); type !== ''; type = tree.next()) {
    if (type !== 'format_expression') continue;
    addText(tree, parts, from, tree.start, isRaw);
    from = tree.end;
    lowerInterpolation(tree, parts, isRaw, lowerExpression);
  }
  tree.leave();
  addText(tree, parts, from, end, isRaw);
  return parts;
}

function addText(tree: TreeReader, parts: Part[], start: number, end: number, isRaw: boolean): void {
  if (start >= end) return;
  const content = tree.text.slice(start, end).replaceAll('{{', '{').replaceAll('}}', '}');
  addPart(parts, { kind: 'Str', start, end, value: stringValue(content, isRaw, false) });
}

/** Adds a part; literal text joins the literal text before it. */
function addPart(parts: Part[], part: Part): void {
  const last = parts.at(-1);
  if (part.kind === 'Str' && last?.kind === 'Str') {
    parts[parts.length - 1] = {
      kind: 'Str',
      start: last.start,
      end: Math.max(last.end, part.end),
      value: last.value + part.value,
    };
  } else if (part.kind !== 'Str' || part.value !== '') {
    parts.push(part);
  }
}
