import type { RichText } from '../engine/finding.ts';
import { visible } from './visible.ts';

/*
 * Everything that a pull request brings (names, paths, code) is hostile: in a comment of ours it must not ping people,
 * refer to issues, link, load images, become HTML or leave its code span. Code goes into code spans, where GitHub
 * looks for none of this; our own words go through `literal`, so that a name that slipped into them does no harm.
 */

/**
 * A code span that holds exactly the visible text, whatever backticks are in it
 * (https://spec.commonmark.org/0.31.2/#code-spans).
 */
export function codeSpan(text: string): string {
  const content = visible(text);
  if (content.trim() === '') return '(empty)';
  const longest = Math.max(0, ...(content.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  const pad = /^`|`$|^ .* $/.test(content) ? ' ' : '';
  return fence + pad + content + pad + fence;
}

/** Not seen, and no part of a word: what stands between the halves of a reference keeps GitHub from finding it. */
const BREAK = '\u200b';

/**
 * Text that stands for itself: no Markdown, no HTML, no automatic links, mentions, issue references or emoji.
 * Backslashes stop Markdown; GitHub looks for references in the rendered text, so these are broken by a zero-width space.
 */
export function literal(text: string): string {
  return visible(text)
    .replace(/[@#]|:(?=\/\/|[\w+-]+(?::|\s*$))|(?:www|gh)(?=[.-])/gi, `$&${BREAK}`)
    .replace(/[\\`*_[\]<~$&]|^\s*(?:[-+=>#]|\d+(?=[.)]))/g, escapeStart)
    .replaceAll('|', '&#124;');
}

function escapeStart(found: string): string {
  return /\d$/.test(found) ? `${found}${BREAK}` : found.replace(/\S/, '\\$&');
}

/** A rich text on one line: our words literally; quoted code, and what our words put in backticks, in code spans. */
export function markdown(rich: RichText): string {
  const pieces = rich.flatMap((part) => (typeof part === 'string' ? splitCode(part) : [part]));
  let out = '';
  let words = '';
  let afterCode = false;
  for (const piece of pieces) {
    if (typeof piece === 'string') {
      words += piece;
      continue;
    }
    // Two code spans side by side would be read as one.
    out += afterCode && words === '' ? BREAK : literal(words);
    out += codeSpan(piece.code);
    words = '';
    afterCode = true;
  }
  return (out + literal(words)).trim();
}

/** `Use \`a\`.` is our words around quoted code. */
function splitCode(words: string): RichText {
  return words.split(/`([^`]+)`/).map((text, i) => (i % 2 === 1 ? { code: text } : text));
}

/** Markdown for a cell of a table, where a pipe must be escaped even inside a code span. */
export function inCell(markdownText: string): string {
  // A pipe behind a backslash is read differently by different parsers: a broken bar is not read at all.
  return markdownText.replace(/\\\|/g, '\\¦').replace(/\|/g, '\\|');
}

/** A link; the label is Markdown already, the address one of ours (see links.ts). Without an address the label alone. */
export function link(label: string, address: string | undefined): string {
  return address === undefined ? label : `[${label}](${address})`;
}

/** A fenced block that its lines cannot close. */
export function codeBlock(lines: readonly string[], language: string): string {
  const runs = lines.flatMap((line) => line.match(/`{3,}/g) ?? []);
  const fence = '`'.repeat(Math.max(3, ...runs.map((run) => run.length + 1)));
  return [fence + language, ...lines, fence].join('\n');
}

/** `1 defect`, `2 defects`, `no defects`. */
export function count(number: number, singular: string, plural = `${singular}s`): string {
  return `${number === 0 ? 'no' : number} ${number === 1 ? singular : plural}`;
}
