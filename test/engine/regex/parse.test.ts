import fc from 'fast-check';
import { runMatch } from '../../../src/engine/regex/match.ts';
import { parseRegex } from '../../../src/engine/regex/parse.ts';
import { nodesOf } from '../../../src/engine/regex/syntax.ts';
import { print } from './print.ts';
import { regex } from './regex.ts';

/** Patterns made of pieces that mean something, in any order: about half of them are valid. */
const pieces = fc
  .array(
    fc.constantFrom(
      ...[
        'a',
        'b',
        '.',
        '\\d',
        '\\s',
        '\\w',
        '\\b',
        '^',
        '$',
        '[a-c]',
        '[^a]',
        '[]-]',
        '|',
        '(',
        '(?:',
        '(?>',
        ')',
      ],
      ...[
        '*',
        '+',
        '?',
        '{2}',
        '{1,3}',
        '{,2}',
        '*?',
        '++',
        '(?=',
        '(?!',
        '(?<=',
        '(?i)',
        '(?i:',
        '(?P<n>',
        '(?P=n)',
      ],
      ...['\\1', '(?(1)', '\\x41', '\\Z', '{', '}', ']', '\\', '#', ' ', '(?#c)', '(?x)'],
    ),
    { maxLength: 14 },
  )
  .map((parts) => parts.join(''));

describe('what the parser reads', () => {
  test.each([
    ['(?P<year>\\d{4})-(?P<month>\\d\\d)', 'group'],
    ['(?>a+)b', 'group'],
    ['a*+b', 'repeat'],
    ['(?<!x)y', 'look'],
    ['(a)?(?(1)b|c)', 'conditional'],
    ['(a)\\1', 'back-reference'],
    ['a|bc', 'alternation'],
    ['\\Aa\\Z', 'anchor'],
  ])('%s has a %s', (pattern, kind) => {
    expect([...nodesOf(regex(pattern).root)].map((node) => node.kind)).toContain(kind);
  });

  test('positions are those of the pattern', () => {
    const repeat = [...nodesOf(regex('x(ab)+?y').root)].find((node) => node.kind === 'repeat');
    expect(repeat).toMatchObject({ start: 1, end: 7, min: 1, greed: 'lazy' });
  });

  test('a brace that opens no count stands for itself', () => {
    expect(runMatch(regex('a{b}{,}'), 'a{b}}}', 'fullmatch', 1000).outcome).toBe('matched');
  });

  test('verbose patterns have blanks and comments that mean nothing', () => {
    const pattern = '(?x) a # one (\n [ ] b';
    expect(runMatch(regex(pattern), 'a b', 'fullmatch', 1000).outcome).toBe('matched');
    expect(runMatch(regex(' a b ', { verbose: true }), 'ab', 'fullmatch', 1000).outcome).toBe('matched');
  });

  test.each([
    ['(?i)straße', 'STRAßE'],
    ['(?i:k)x', '\u212Ax'],
    ['(?s).', '\n'],
    ['(?a:\\w)é', 'aé'],
    ['[\\w-]+', 'a-é'],
    ['[]a]+', ']a'],
    ['\\x41\\u0042\\U00000043\\104\\0', 'ABCD\0'],
    ['(?P<q>[\'"])a(?P=q)', '"a"'],
    ['(<)?a(?(1)>|$)', '<a>'],
    ['(?<=ab)?c', 'c'],
    ['😀+', '😀😀'],
  ])('%s matches %j', (pattern, text) => {
    expect(runMatch(regex(pattern), text, 'fullmatch', 10_000).outcome).toBe('matched');
  });
});

describe('what the parser refuses', () => {
  test.each([
    ['*a', 'nothing to repeat', 0],
    ['^*', 'nothing to repeat', 1],
    ['a**', 'multiple repeat', 2],
    ['(a', 'missing ), unterminated subpattern', 0],
    ['a)', 'unbalanced parenthesis', 1],
    ['[a', 'unterminated character set', 0],
    ['[z-a]', 'bad character range z-a', 1],
    ['a{3,2}', 'min repeat greater than max repeat', 1],
    ['(?<=a+)b', 'look-behind requires fixed-width pattern', 0],
    ['\\q', 'bad escape \\q', 0],
    ['\\', 'bad escape (end of pattern)', 0],
    ['(?P=n)', "unknown group 'n'", 0],
    ['\\2', 'invalid group reference 2', 0],
    ['(?P<n>a)(?P<n>b)', "redefinition of group name 'n'", 14],
  ])('%s', (pattern, error, position) => {
    expect(parseRegex(pattern)).toEqual({ ok: false, error, position });
  });

  test('patterns that are too long or nested too deeply', () => {
    expect(parseRegex('a'.repeat(50_000)).ok).toBe(false);
    expect(parseRegex('('.repeat(5_000) + ')'.repeat(5_000)).ok).toBe(false);
  });
});

describe('for any text', () => {
  test('the parser never throws', () => {
    fc.assert(fc.property(fc.oneof(fc.string({ unit: 'binary' }), pieces), (text) => void parseRegex(text)));
  });

  test('a printed pattern matches what the pattern matches', () => {
    fc.assert(
      fc.property(pieces, fc.stringMatching(/^[ab1 \n-]{0,6}$/), (pattern, text) => {
        const parsed = parseRegex(pattern);
        fc.pre(parsed.ok);
        // Classes are printed as all their ranges: two `\\w` are longer than a pattern may be.
        const printed = print(parsed.regex.root);
        fc.pre(printed.length <= 20_000);
        const again = regex(printed);
        const [first, second] = [parsed.regex, again].map((each) => runMatch(each, text, 'search', 20_000));
        expect([second!.outcome, second!.end]).toEqual([first!.outcome, first!.end]);
      }),
    );
  });

  test('the matcher agrees with JavaScript where the two languages agree', () => {
    const common = fc
      .array(
        fc.constantFrom(
          'a',
          'b',
          '.',
          '[ab]',
          '[^a]',
          'a*',
          'b+',
          'a?',
          '(?:ab)',
          '(?=a)',
          '(?!b)',
          'a{1,2}',
          'b*?',
        ),
        {
          maxLength: 8,
        },
      )
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(common, fc.stringMatching(/^[abc]{0,8}$/), (pattern, text) => {
        const ours = runMatch(regex(pattern), text, 'search', 100_000);
        const theirs = new RegExp(pattern, 'u').exec(text);
        expect(ours.end).toBe(theirs ? theirs.index + theirs[0].length : -1);
      }),
    );
  });
});
