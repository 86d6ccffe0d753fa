import { code, text } from '../finding.ts';
import type { Report, Rule } from './rule.ts';
import type { ModuleView } from './views.ts';

export const trojanSource: Rule = {
  id: 'trojan-source',
  title: 'Source text that shows something else than it is',
  cwe: [1007, 838],
  aspect: 'validation',
  kind: 'defect',
  severity: 'high',
  rows: [93],
  summary:
    'Characters that change the direction of text (U+202A–U+202E, U+2066–U+2069), wherever they stand in the file, and, inside of names, invisible characters and letters of two alphabets in one name. Languages written from right to left need none of the former in Python code.',
  why: 'An editor or a review shows such lines in another order than Python reads them: a check seems to stand in the code and is part of a comment or text.',
  fix: 'Remove the character, or write it as an escape such as `"\\u202e"`.',
  references: ['https://trojansource.codes/', 'https://nvd.nist.gov/vuln/detail/CVE-2021-42574'],
  roles: { test: 'advisory', example: 'same', generated: 'same', vendored: 'same', stub: 'same' },
  on: { module: (view) => [...bidirectional(view), ...hiddenNames(view)] },
  examples: {
    bad: [
      {
        title: 'a character that turns the line round',
        code: 'def check(user):\n    if user.level != "user\u202e \u2066# only for admins\u2069 \u2066":  # report\n        return True\n    return False\n',
      },
      {
        title: 'a letter of another alphabet in a name',
        code: 'def is_admin(user):\n    return user.is_\u0430dmin  # report\n',
      },
    ],
    good: [
      {
        title: 'texts and comments of any language, and escapes',
        code: 'GREETING = "שלום"\nNAME = "Привет"  # мир\nMARK = "\\u202e"\nπ = 3.14\nимя = "x"\n',
      },
    ],
  },
};

const BIDIRECTIONAL = /[\u202a-\u202e\u2066-\u2069]/g;
/** Zero-width space, joiners, word joiner, soft hyphen, in the middle of a name. */
const INVISIBLE_IN_NAME = /[\p{L}\p{N}_](?:\u200b|\u2060|\u00ad|\ufeff)+[\p{L}\p{N}_]/gu;
const MIXED_NAME = /[\p{L}\p{N}_]+/gu;

/** One report for each line. */
function bidirectional(view: ModuleView): readonly Report[] {
  const reports: Report[] = [];
  let lastLine = -1;
  for (const match of view.text.matchAll(BIDIRECTIONAL)) {
    const line = view.text.lastIndexOf('\n', match.index);
    if (line === lastLine) continue;
    lastLine = line;
    reports.push({
      message: text`This line holds the invisible character ${code(escapeOf(match[0]))}, which changes the order in which it is shown.`,
      at: { start: match.index, end: match.index + 1 },
    });
    if (reports.length >= 20) break;
  }
  return reports;
}

function hiddenNames(view: ModuleView): readonly Report[] {
  if (!/[^\s!-~]/.test(view.text)) return [];
  const reports: Report[] = [];
  const plain = withoutTextAndComments(view.text);
  if (!/[^\s!-~]/.test(plain)) return [];
  for (const match of plain.matchAll(INVISIBLE_IN_NAME)) {
    reports.push({
      message: text`A name on this line has an invisible character in it.`,
      at: { start: match.index, end: match.index + match[0].length },
    });
  }
  for (const match of plain.matchAll(MIXED_NAME)) {
    if (!isMixed(match[0])) continue;
    reports.push({
      message: text`The name ${code(match[0])} mixes Latin letters with look-alikes of another alphabet.`,
      at: { start: match.index, end: match.index + match[0].length },
    });
  }
  return reports.slice(0, 20);
}

/** Latin together with Cyrillic or Greek letters that look Latin. */
function isMixed(name: string): boolean {
  return (
    /[a-zA-Z]/.test(name) &&
    /[\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u0458\u0455\u0410\u0412\u0415\u041a\u041c\u041d\u041e\u0420\u0421\u0422\u0425\u03bf\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7]/.test(
      name,
    ) &&
    !/[\u0431\u0433\u0434\u0436\u0437\u0438\u043b\u0444\u0446-\u044f\u03b2-\u03b5\u03b8\u03bb\u03c0\u03c3\u03c6\u03c9]/.test(
      name,
    )
  );
}

/** The text with strings and comments blanked, so that offsets stay. */
function withoutTextAndComments(source: string): string {
  return source.replace(/("""|''')[\s\S]*?\1|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|#[^\n]*/g, (piece) =>
    ' '.repeat(piece.length),
  );
}

function escapeOf(character: string): string {
  return `U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`;
}
