/** Shannon entropy of the characters, in bits per character; 0 for an empty text. */
export function entropy(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  const length = [...text].length;
  let bits = 0;
  for (const count of counts.values()) bits -= (count / length) * Math.log2(count / length);
  return bits;
}

/** The smallest usual alphabet that a text is written in. */
export function alphabetOf(text: string): 'digits' | 'hex' | 'base32' | 'base64' | 'printable' {
  if (/^\d+$/.test(text)) return 'digits';
  if (/^(?:[0-9a-f]+|[0-9A-F]+)$/.test(text)) return 'hex';
  if (/^[A-Z2-7]+=*$/.test(text)) return 'base32';
  if (/^[A-Za-z0-9+/_-]+=*$/.test(text)) return 'base64';
  return 'printable';
}

/** What random text of some length has at the very least; words of people have less. */
const RANDOM = { digits: 2.6, hex: 2.9, base32: 3.3, base64: 3.3, printable: 3.7 } as const;

/**
 * Whether a text looks drawn from its alphabet at random: rich in different characters, and changing
 * between letters, digits and cases more often than words and names do. Shorter ones than 16 never do.
 */
export function looksRandom(text: string): boolean {
  if (text.length < 16 || /\s/.test(text)) return false;
  const alphabet = alphabetOf(text);
  // Runs of digits are numbers and dates more often than keys.
  if (alphabet === 'digits') return false;
  if (entropy(text) < RANDOM[alphabet]) return false;
  if (/(.)\1{4,}|(?:0123456|1234567|abcdef0|abcdefgh)/i.test(text)) return false;
  if (alphabet === 'hex') return /\d/.test(text) && /[a-f]/i.test(text);
  const changes = changesOfKind(text);
  return /\d/.test(text) && /[A-Za-z]/.test(text) && changes / text.length >= 0.28;
}

/** How often a character of another kind (lower, upper, digit, other) follows. */
function changesOfKind(text: string): number {
  const kind = (character: string): number =>
    /[a-z]/.test(character) ? 0 : /[A-Z]/.test(character) ? 1 : /\d/.test(character) ? 2 : 3;
  let changes = 0;
  for (let i = 1; i < text.length; i++) if (kind(text[i]!) !== kind(text[i - 1]!)) changes++;
  return changes;
}
