/**
 * Characters that are not seen, or that change how what follows is seen: control characters (among them line breaks
 * and terminal escapes), format characters (bidirectional overrides, zero-width characters, tags), surrogates without
 * a partner, private use, line and paragraph separators, and what fonts draw nothing for (fillers, reserved code
 * points) but for the variation selectors that emoji are written with. A pull request can hide code behind them
 * ("Trojan Source", CVE-2021-42574).
 */
const HIDDEN = /[[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]--[\ufe00-\ufe0f]]/gv;

/**
 * The text on one line, with nothing hidden in it: line breaks and tabs become a space, every other hidden character
 * its escape as Python writes it (`\x1b`, `\u202e`, `\U000e0041`).
 */
export function visible(text: string): string {
  return text.replace(/\r\n|[\t\n\r]/g, ' ').replace(HIDDEN, escapeOf);
}

/** Whether a text holds hidden characters besides tabs. */
export function hasHidden(text: string): boolean {
  return text.replaceAll('\t', '').search(HIDDEN) >= 0;
}

function escapeOf(character: string): string {
  const point = character.codePointAt(0)!;
  if (point <= 0xff) return `\\x${point.toString(16).padStart(2, '0')}`;
  if (point <= 0xffff) return `\\u${point.toString(16).padStart(4, '0')}`;
  return `\\U${point.toString(16).padStart(8, '0')}`;
}
