/** A part of a report, made of items that are shown whole or not at all. */
export interface Section {
  /** Markdown that stands above the items; '' for none. */
  readonly heading: string;
  readonly items: readonly string[];
  /** What stands between two items: a line break in a list or table, an empty line between paragraphs. */
  readonly separator: '\n' | '\n\n';
  /** What the items are, for the sentence that counts those left out. */
  readonly noun: string;
}

/** Bytes kept free for each section's sentence about what was left out. */
const RESERVE = 120;

/** How long a text is for GitHub, whose limits on check runs are in bytes. */
export function byteLength(text: string): number {
  return Buffer.byteLength(text, 'utf8');
}

/**
 * Puts sections one below the other in at most `limit` bytes of UTF-8. A section that does not fit ends after its last
 * whole item, with the number of items that are left out. Empty sections are not shown.
 */
export function bounded(sections: readonly Section[], limit: number): string {
  const shown = sections.filter((section) => section.items.length > 0);
  const parts: string[] = [];
  let room = limit;
  shown.forEach((section, i) => {
    const reserved = RESERVE * (shown.length - i);
    const part = wholeItems(section, room - reserved);
    if (byteLength(part) + 2 > room) return;
    parts.push(part);
    room -= byteLength(part) + 2;
  });
  return parts.join('\n\n');
}

function wholeItems(section: Section, room: number): string {
  const head = section.heading === '' ? '' : `${section.heading}\n`;
  let left = room - byteLength(head);
  const fitting: string[] = [];
  for (const item of section.items) {
    left -= byteLength(item) + section.separator.length;
    if (left < 0) break;
    fitting.push(item);
  }
  const missing = section.items.length - fitting.length;
  const body = fitting.join(section.separator);
  if (missing === 0) return head + body;
  const note = `_${missing} more ${section.noun} left out here: the report would be too long for GitHub._`;
  return body === '' ? head + note : `${head}${body}\n\n${note}`;
}

/** The text cut to at most `limit` bytes of UTF-8, between characters, with an ellipsis where something is missing. */
export function truncateBytes(text: string, limit: number): string {
  if (byteLength(text) <= limit) return text;
  let used = byteLength('…');
  let out = '';
  for (const character of text) {
    used += byteLength(character);
    if (used > limit) break;
    out += character;
  }
  return `${out}…`;
}
