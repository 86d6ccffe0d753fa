import type { LineRange } from '../engine/project.ts';

/**
 * The lines of the innermost function or class around a line, told from indentation, so that it also works for files
 * that do not parse. The whole file where there is none. Only used to choose between hunks.
 */
export function symbolLines(text: string, line: number): LineRange {
  const lines = text.split('\n');
  const whole: LineRange = { from: 1, to: lines.length };
  let indent = indentOf(lines[line - 1] ?? '');
  for (let at = Math.min(line, lines.length) - 1; at >= 0; at--) {
    const current = lines[at]!;
    // The end of a parameter list may stand as far left as `def`.
    if (isBlank(current) || /^\s*[)\]}]/.test(current)) continue;
    if (at < line - 1 && indentOf(current) >= indent) continue;
    if (/^\s*(?:async\s+def|def|class)\s/.test(current)) return blockFrom(lines, at);
    indent = indentOf(current);
    if (indent === 0) return whole;
  }
  return whole;
}

/** Whether a text still defines a function or class; `symbol` is dotted, '' is the module itself. */
export function definesSymbol(text: string, symbol: string): boolean {
  const names = symbol.split('.').filter((name) => /^[\p{L}_][\p{L}\p{N}_]*$/u.test(name));
  return defines(text.split('\n'), names);
}

function defines(lines: readonly string[], [name, ...inside]: readonly string[]): boolean {
  if (name === undefined) return true;
  return lines.some((line, at) => {
    if (definedName(line) !== name) return false;
    const { from, to } = blockFrom(lines, at);
    return defines(lines.slice(from - 1, to), inside);
  });
}

function definedName(line: string): string | undefined {
  return /^\s*(?:async\s+def|def|class)\s+([\p{L}\p{N}_]+)/u.exec(line)?.[1];
}

/** The functions and classes at a module's top whose text a pattern matches, by name. */
export function definitionsMentioning(text: string, pattern: RegExp): Set<string> {
  const found = new Set<string>();
  let name: string | undefined;
  for (const line of text.split('\n')) {
    const defined = /^(?:async\s+def|def|class)\s+([\p{L}\p{N}_]+)/u.exec(line)?.[1];
    if (defined !== undefined) name = defined;
    else if (/^[^\s#)\]}]/.test(line)) name = undefined;
    if (name !== undefined && !found.has(name) && pattern.test(line)) found.add(name);
  }
  return found;
}

/** The text of a function or class with all it holds; `symbol` is dotted, '' is the module. '' where it is not defined. */
export function symbolText(text: string, symbol: string): string {
  let lines = text.split('\n');
  for (const name of symbol === '' ? [] : symbol.split('.')) {
    const at = lines.findIndex((line) => definedName(line) === name);
    if (at < 0) return '';
    const { from, to } = blockFrom(lines, at);
    lines = lines.slice(from - 1, to);
  }
  return lines.join('\n');
}

function blockFrom(lines: readonly string[], at: number): LineRange {
  const indent = indentOf(lines[at]!);
  let from = at;
  while (from > 0 && indentOf(lines[from - 1]!) === indent && lines[from - 1]!.trimStart().startsWith('@'))
    from--;
  let to = at + 1;
  // What is inside a text of several lines may stand as far left as it likes.
  let inText = opensText(lines[at]!);
  while (
    to < lines.length &&
    (inText || isBlank(lines[to]!) || indentOf(lines[to]!) > indent || /^\s*\)/.test(lines[to]!))
  ) {
    if (opensText(lines[to]!)) inText = !inText;
    to++;
  }
  while (isBlank(lines[to - 1]!)) to--;
  return { from: from + 1, to };
}

/** Whether a text of several lines begins or ends on a line. */
function opensText(line: string): boolean {
  return (line.match(/"""|'''/g) ?? []).length % 2 === 1;
}

function isBlank(line: string): boolean {
  return line.trim() === '';
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}
