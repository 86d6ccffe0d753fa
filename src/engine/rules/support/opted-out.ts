import type { Node } from '../../syntax/ast.ts';
import type { Place } from '../views.ts';

/** Functions and classes whose name says that they do not check. */
const UNCHECKED = /insecure|unverified|unsafe|no_?verif|skip_?verif|without_?verif|no_?check|disable/i;
const CHOICE = /verif|valid|check|secure|trust|ssl|tls|cert|unsafe|skip|disable|strict/i;

/**
 * Whether a node runs only where somebody asked for it: under `if not verify:` or `if options.insecure:`,
 * or in a conditional expression. Read from the lines above by their indentation.
 */
export function isOptedOut(place: Place, node: Node): boolean {
  if (UNCHECKED.test(`${place.function?.name ?? ''} ${place.class?.name ?? ''}`)) return true;
  const source = place.module.text;
  const start = source.lastIndexOf('\n', node.start - 1) + 1;
  const line = source.slice(
    start,
    source.indexOf('\n', node.end) === -1 ? source.length : source.indexOf('\n', node.end),
  );
  const condition = /\bif\b(.*)\belse\b/.exec(line)?.[1];
  if (condition !== undefined && CHOICE.test(condition)) return true;
  let indentation = indentationOf(line);
  let isElse = false;
  for (const above of source.slice(0, start).split('\n').toReversed().slice(0, 60)) {
    if (above.trim() === '') continue;
    const depth = indentationOf(above);
    if (depth > indentation || (depth === indentation && !isElse)) continue;
    if (/^\s*(async\s+)?(def|class)\b/.test(above)) return false;
    if (/^\s*(if|elif)\b/.test(above) && CHOICE.test(above)) return true;
    isElse = /^\s*(else|elif)\b/.test(above);
    indentation = depth;
  }
  return false;
}

function indentationOf(line: string): number {
  return line.length - line.trimStart().length;
}
