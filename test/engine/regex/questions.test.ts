import fc from 'fast-check';
import { charactersOf } from '../../../src/engine/regex/charset.ts';
import { runMatch } from '../../../src/engine/regex/match.ts';
import { parseRegex } from '../../../src/engine/regex/parse.ts';
import {
  admitsOnly,
  charactersAdmitted,
  charactersRefused,
  endOf,
  isSafeFor,
  matchesWhole,
} from '../../../src/engine/regex/questions.ts';
import type { MatchMode } from '../../../src/engine/regex/syntax.ts';
import { regex } from './regex.ts';

describe('where a match ends', () => {
  test.each<[string, MatchMode, string, boolean]>([
    ['[a-z]+', 'fullmatch', 'end', true],
    ['[a-z]+\\Z', 'match', 'end', true],
    ['[a-z]+$', 'match', 'end-or-newline', true],
    ['^[a-z]+$', 'search', 'end-or-newline', true],
    ['[a-z]+$', 'search', 'end-or-newline', false],
    ['[a-z]+', 'match', 'anywhere', false],
    ['^a$|b', 'match', 'anywhere', false],
    ['^(?:a|b)$', 'search', 'end-or-newline', true],
    ['^a|b$', 'search', 'anywhere', false],
    ['(?m)^a$', 'search', 'anywhere', false],
    ['a$(?#end)', 'match', 'end-or-newline', true],
    ['a(?=\\Z)', 'match', 'end', true],
  ])('%s (%s): %s', (pattern, mode, end, whole) => {
    expect([endOf(regex(pattern), mode), matchesWhole(regex(pattern), mode)]).toEqual([end, whole]);
  });
});

describe('what passes a check', () => {
  test('only the characters that the pattern reads, and a newline where `$` lets one pass', () => {
    expect(charactersAdmitted('[a-c]+x?', 'fullmatch')?.characters).toEqual([
      [0x61, 0x63],
      [0x78, 0x78],
    ]);
    expect(charactersAdmitted('[a-c]+$', 'match')?.has(10)).toBe(true);
    expect(charactersAdmitted('[a-c]+\\Z', 'match')?.has(10)).toBe(false);
  });

  test('nothing is said when a part is enough, or the pattern is invalid', () => {
    expect(charactersAdmitted('[a-c]+', 'match')).toBeUndefined();
    expect(charactersAdmitted('[a-c', 'fullmatch')).toBeUndefined();
  });

  test('admitsOnly', () => {
    expect(admitsOnly(regex('[ab]*c?'), 'fullmatch', charactersOf('abc'))).toBe(true);
    expect(admitsOnly(regex('[ab]*.?'), 'fullmatch', charactersOf('abc'))).toBe(false);
  });

  test.each<[string, string, boolean]>([
    ['[\\w.-]+', '..', true],
    ['\\w[\\w-]*(\\.\\w+)?', '..', false],
    ['(\\w\\.)+', '..', false],
    ['(a|\\.)\\1', '..', true],
  ])('%s may contain %s: %s', (pattern, part, expected) => {
    expect(charactersAdmitted(pattern, 'fullmatch')?.mayContain(part)).toBe(expected);
  });

  test('mayBeginWith', () => {
    expect(charactersAdmitted('[\\w-]+', 'fullmatch')?.mayBeginWith('-')).toBe(true);
    expect(charactersAdmitted('\\w[\\w-]*', 'fullmatch')?.mayBeginWith('-')).toBe(false);
  });

  test.each<[string, MatchMode, string]>([
    ['[a-z]+', 'fullmatch', 'sql shell path url html header'],
    ['[a-z]+$', 'match', 'sql shell path url html'],
    ['[a-z]+', 'match', ''],
    ['[\\w.-]+', 'fullmatch', 'url html header'],
    ['[a-z][a-z0-9-]*', 'fullmatch', 'shell path url html header'],
    ["[\\w ']+", 'fullmatch', 'path header'],
  ])('%s (%s) is safe for: %s', (pattern, mode, expected) => {
    const uses = (['sql', 'shell', 'path', 'url', 'html', 'header'] as const).filter((use) =>
      isSafeFor(regex(pattern), mode, use),
    );
    expect(uses.join(' ')).toBe(expected);
  });

  test('what a refusing search leaves', () => {
    expect(charactersRefused(regex('[;&]|\\||(<)+'), 'search')).toEqual(charactersOf(';&|<'));
    expect(charactersRefused(regex('\\.\\.'), 'search')).toEqual([]);
    expect(charactersRefused(regex('[;&]'), 'match')).toEqual([]);
  });
});

test('for any pattern: a text that matches is one that is admitted', () => {
  const pattern = fc
    .array(fc.constantFrom('a', '[ab]', 'b*', '(a|c)+', '.', '(?=b)', '^', '$', '\\Z', '|', '(?i:A)', 'c?'), {
      maxLength: 8,
    })
    .map((parts) => parts.join(''));
  fc.assert(
    fc.property(
      pattern,
      fc.stringMatching(/^[abcA\n]{0,5}$/),
      fc.constantFrom<MatchMode>('match', 'search', 'fullmatch'),
      (written, text, mode) => {
        const parsed = parseRegex(written);
        fc.pre(parsed.ok);
        fc.pre(runMatch(parsed.regex, text, mode, 10_000).outcome === 'matched');
        const admitted = charactersAdmitted(written, mode);
        if (!admitted) return;
        for (const character of text) expect(admitted.has(character.codePointAt(0)!)).toBe(true);
        expect(admitted.mayContain(text.slice(1, 3))).toBe(true);
        expect(admitted.mayBeginWith(text.slice(0, 2))).toBe(true);
      },
    ),
    { numRuns: 400 },
  );
});
