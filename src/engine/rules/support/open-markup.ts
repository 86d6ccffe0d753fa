/** HTML that is put together as text: what is put in without being escaped. */
import type { Expression } from '../../syntax/ast.ts';
import { ownName } from '../../syntax/headers.ts';
import { walkExpressions } from '../../syntax/walk.ts';

/** Tags of pages. */
export const TAG =
  /<(?:a|b|body|br|div|em|form|h[1-6]|html|i|img|input|li|p|pre|script|span|strong|table|td|title|tr|ul)\b/i;

/** Calls whose result is HTML already, or cannot be markup. */
const GIVES_HTML =
  /^(?:escape\w*|conditional_escape|format_html\w*|render\w*|mark_safe|Markup|clean|sanitize\w*|bleach\w*|linkify|urlize|linebreaks\w*|reverse|url_for|static|int|len|str|get_absolute_url|json_script|highlight|as_widget|join|_|gettext\w*|ngettext|ugettext\w*|pgettext)$/;

/** The names that are put into a text without anything that escapes around them. */
export function openParts(node: Expression): Expression[] {
  switch (node.kind) {
    case 'JoinedStr':
      return node.parts.flatMap((part) => (part.kind === 'FormattedValue' ? openParts(part.value) : []));
    case 'BinOp':
      return node.op === '+' || node.op === '%' ? node.operands.flatMap(openParts) : [];
    case 'Tuple':
      return node.elements.flatMap(openParts);
    case 'Call': {
      const name = ownName(node.func);
      if (name === 'format' && node.func.kind === 'Attribute' && node.func.value.kind === 'Str') {
        return [...node.args, ...node.keywords.map((keyword) => keyword.value)].flatMap(openParts);
      }
      return GIVES_HTML.test(name) ? [] : [node];
    }
    case 'Name':
    case 'Attribute':
    case 'Subscript':
      return [node];
    default:
      return [];
  }
}

/** Whether an expression puts a text together. */
export function isBuilt(node: Expression): boolean {
  let built = node.kind === 'BinOp' || node.kind === 'JoinedStr';
  if (node.kind === 'Call') {
    walkExpressions(node, (inner) => {
      if (inner.kind === 'Attribute' && inner.attr === 'format' && inner.value.kind === 'Str') built = true;
    });
  }
  return built;
}
