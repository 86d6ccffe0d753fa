const SIMPLE_ESCAPES: Record<string, string> = {
  '\n': '',
  '\\': '\\',
  "'": "'",
  '"': '"',
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};
const ESCAPES = /\\(?:([0-7]{1,3})|x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([\n\\'"abfnrtv]))/g;

export interface StringToken {
  readonly isRaw: boolean;
  readonly isBytes: boolean;
  readonly isFormatted: boolean;
  readonly isTemplate: boolean;
  /** Characters before the content: prefix and quotes. */
  readonly opening: number;
  /** Characters after the content: quotes. */
  readonly closing: number;
}

/** Reads the prefix and the quotes of the string literal that stands at `start`..`end` of a text. */
export function readStringToken(text: string, start: number, end: number): StringToken {
  let at = start;
  let isRaw = false;
  let isBytes = false;
  let isFormatted = false;
  let isTemplate = false;
  for (; at < end; at++) {
    const letter = text.charCodeAt(at) | 32;
    if (letter === 114) isRaw = true;
    else if (letter === 98) isBytes = true;
    else if (letter === 102) isFormatted = true;
    else if (letter === 116) isTemplate = true;
    else if (letter !== 117) break;
  }
  const quote = text[at];
  const isTriple = end - at >= 6 && text[at + 1] === quote && text[at + 2] === quote;
  const quotes = isTriple ? 3 : 1;
  // A literal that lacks its closing quotes is broken: its content goes on to its end.
  const isClosed = end - at >= 2 * quotes && text[end - 1] === quote;
  return {
    isRaw,
    isBytes,
    isFormatted,
    isTemplate,
    opening: at - start + quotes,
    closing: isClosed ? quotes : 0,
  };
}

/**
 * The value of a literal's content, as Python reads it
 * (https://docs.python.org/3/reference/lexical_analysis.html#escape-sequences).
 * Unknown escapes and `\N{…}` stay as they are written.
 */
export function stringValue(content: string, isRaw: boolean, isBytes: boolean): string {
  const lines = content.includes('\r') ? content.replace(/\r\n?/g, '\n') : content;
  if (isRaw || !lines.includes('\\')) return lines;
  return lines.replace(ESCAPES, (whole, octal, hex, short, long, simple) => {
    if (simple !== undefined) return SIMPLE_ESCAPES[simple]!;
    if (octal !== undefined)
      return String.fromCharCode(isBytes ? Number.parseInt(octal, 8) & 255 : Number.parseInt(octal, 8));
    if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
    if (isBytes) return whole;
    const point = Number.parseInt(short ?? long, 16);
    return point <= 0x10ffff ? String.fromCodePoint(point) : whole;
  });
}

/** The value of a number literal, Python 2's `0777` and `10L` too; NaN for complex numbers. */
export function numberValue(literal: string): { value: number; isFloat: boolean } {
  const plain = literal.replaceAll('_', '');
  if (/^0[xob]/i.test(plain)) return { value: Number(plain.replace(/l$/i, '')), isFloat: false };
  if (/j$/i.test(plain)) return { value: Number.NaN, isFloat: false };
  if (/^0[0-7]+l?$/i.test(plain)) return { value: Number.parseInt(plain, 8), isFloat: false };
  return { value: Number.parseFloat(plain), isFloat: /[.e]/i.test(plain) };
}
