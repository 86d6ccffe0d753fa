import fc from 'fast-check';
import { runMatch } from '../../../src/engine/regex/match.ts';
import { analyseBacktracking, attackText } from '../../../src/engine/regex/redos.ts';
import type { Flags, MatchMode } from '../../../src/engine/regex/syntax.ts';
import { regex } from './regex.ts';

function slow(pattern: string, mode: MatchMode, flags: Flags = {}) {
  const result = analyseBacktracking(pattern, mode, flags);
  if (result.verdict !== 'slow') throw new Error(`${pattern} is ${result.verdict}`);
  return { ...result, culprit: pattern.slice(result.start, result.end) };
}

describe('exponential', () => {
  test.each<[string, MatchMode, string, Flags?]>([
    ['^(a+)+$', 'match', '(a+)+'],
    ['(a*)*b', 'match', '(a*)*'],
    // Python takes the common `a` out, and the two empty branches that are left still double the ways.
    ['(a|a)*$', 'match', '(a|a)*'],
    ['^(\\w+\\s?)*$', 'match', '(\\w+\\s?)*'],
    ['^(?:[^"]|\\\\.)*"', 'match', '(?:[^"]|\\\\.)*'],
    ['(x+x+)+y', 'search', '(x+x+)+'],
    ['^(?=(a+)+$)', 'match', '(a+)+'],
    ['^([a-z]+[-_.]?)+@example\\.com$', 'match', '([a-z]+[-_.]?)+'],
    ['^(?:\\s*,?\\s*\\d)*$', 'match', '(?:\\s*,?\\s*\\d)*'],
    ['^([A-Z]|[a-z])*x(?:k|.)*$', 'match', '(?:k|.)*', { ignoreCase: true }],
    ['^(([^<>]|<[^>]*>)*)+$', 'fullmatch', '(([^<>]|<[^>]*>)*)+'],
  ])('%s (%s)', (pattern, mode, culprit, flags = {}) => {
    const found = slow(pattern, mode, flags);
    expect([found.complexity, found.cause, found.culprit]).toEqual([
      'exponential',
      'ambiguous-loop',
      culprit,
    ]);
  });
});

describe('polynomial', () => {
  test.each<[string, MatchMode, number, string, string]>([
    ['\\s*\\s*$', 'match', 2, 'adjacent-loops', '\\s*\\s*'],
    ['(a*)x?(a*)$', 'match', 2, 'adjacent-loops', '(a*)x?(a*)'],
    ['^.*foo.*bar$', 'match', 2, 'adjacent-loops', '.*foo.*'],
    ['^[a-z]+[A-Za-z0-9]*$', 'match', 2, 'adjacent-loops', '[a-z]+[A-Za-z0-9]*'],
    ['\\s+$', 'search', 2, 'restarted-search', '\\s+'],
    ['\\s*\\s*\\s*$', 'search', 3, 'restarted-search', '\\s*'],
    ['<!--.*?-->', 'search', 2, 'restarted-search', '.*?'],
    ['^\\d+\\.?\\d+\\.?\\d+$', 'match', 3, 'adjacent-loops', '\\d+\\.?\\d+'],
  ])('%s (%s) to the power of %d', (pattern, mode, degree, cause, culprit) => {
    const found = slow(pattern, mode);
    expect([found.complexity, found.degree, found.cause, found.culprit]).toEqual([
      'polynomial',
      degree,
      cause,
      culprit,
    ]);
  });
});

describe('neither', () => {
  test.each<[string, MatchMode]>([
    ['^[a-z]+$', 'match'],
    ['^\\s+$', 'search'],
    ['\\s+$', 'match'],
    // Nothing can make these fail after the loop.
    ['(a+)+', 'match'],
    ['(?:a+)+.*', 'match'],
    ['\\s*\\s*', 'search'],
    // What cannot be given back has no second way.
    ['^(?>a+)+$', 'match'],
    ['^(?:a++)+$', 'match'],
    // The parts of the loop share nothing.
    ['^(?:[^"\\\\]|\\\\.)*"', 'match'],
    ['^(\\d{3}-?)+$', 'match'],
    ['^(?:[a-z0-9-]{1,63}\\.)+[a-z]{2,}$', 'match'],
    ['^[\\w.+-]+@[\\w-]+\\.[a-z]+$', 'match'],
    ['^/users/(?P<pk>[^/.]+)/$', 'match'],
    ['^(?P<slug>[-a-zA-Z0-9_]+)/(?P<id>\\d+)$', 'match'],
    // Python makes a class of branches of one character each.
    ['^(?:a|b|\\d)*$', 'match'],
    // A limited loop cannot grow with the text.
    ['^\\s{0,10}\\s{0,10}$', 'match'],
  ])('%s (%s)', (pattern, mode) => {
    expect(analyseBacktracking(pattern, mode)).toEqual({ verdict: 'fast' });
  });

  test('an invalid pattern is named so', () => {
    expect(analyseBacktracking('(', 'match').verdict).toBe('invalid');
  });

  test('a pattern that is too large is given up', () => {
    const huge = `^(?:${Array.from({ length: 900 }, (_, i) => `a${i}b+`).join('|')})*$`;
    expect(analyseBacktracking(huge, 'match').verdict).toBe('gave-up');
  });
});

const loops = fc
  .array(
    fc.constantFrom(
      'a*',
      'a+',
      '(a|b)*',
      '(a+)*',
      '(?:ab|a|b)*',
      'b?',
      '(?:a?b)*',
      'x',
      '.*',
      '[ab]+',
      '(?:',
      ')+',
      ')*',
      '$',
    ),
    {
      maxLength: 7,
    },
  )
  .map((parts) => parts.join(''));

test('for any pattern: it ends, and what is reported is slow when matched', () => {
  fc.assert(
    fc.property(loops, fc.constantFrom<MatchMode>('match', 'search', 'fullmatch'), (pattern, mode) => {
      const result = analyseBacktracking(pattern, mode);
      if (result.verdict !== 'slow') return;
      const steps = (n: number) => runMatch(regex(pattern), attackText(result, n), mode, 3_000_000).steps;
      // Twice the length takes clearly more than twice the time.
      expect(steps(60)).toBeGreaterThan(Math.min(2.2 * steps(30), 2_900_000));
    }),
    { numRuns: 60 },
  );
});
