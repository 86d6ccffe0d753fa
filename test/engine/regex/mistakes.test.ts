import { hostWeaknesses } from '../../../src/engine/regex/hosts.ts';
import { runMatch } from '../../../src/engine/regex/match.ts';
import { wideRanges } from '../../../src/engine/regex/ranges.ts';
import type { Flags, MatchMode } from '../../../src/engine/regex/syntax.ts';
import { tagFilterGaps } from '../../../src/engine/regex/tag-filters.ts';
import { regex } from './regex.ts';

describe('host names', () => {
  test.each<[string, MatchMode, string]>([
    ['https?://trusted\\.com', 'search', 'missing-start missing-end'],
    ['^https?://trusted\\.com', 'match', 'missing-end'],
    ['^https?://www.trusted.com/', 'match', 'unescaped-dot unescaped-dot'],
    ['https://a\\.trusted\\.com|https://b\\.trusted\\.com$', 'match', 'missing-end'],
    [
      '^https://a\\.trusted\\.com|https://b\\.trusted\\.com$',
      'search',
      'anchor-of-one-branch anchor-of-one-branch',
    ],
    ['^https?://(.*\\.)?trusted\\.com(/|$)', 'match', 'missing-start'],
    ['^.+trusted\\.com$', 'match', 'missing-start'],
    // All of these say where the host begins and ends.
    ['^https?://trusted\\.com/', 'match', ''],
    ['^https?://trusted\\.com(?::\\d+)?(?:/|$)', 'match', ''],
    ['^(?:[a-z0-9-]+\\.)*trusted\\.com$', 'match', ''],
    ['(?:api|www)\\.trusted\\.com', 'fullmatch', ''],
    // Not a host name.
    ['setup.py', 'search', ''],
    ['os.path.join', 'search', ''],
  ])('%s (%s): %s', (pattern, mode, kinds) => {
    const found = hostWeaknesses(regex(pattern), mode);
    expect(found.map((weakness) => weakness.kind).join(' ')).toBe(kinds);
    for (const { passes } of found)
      expect(runMatch(regex(pattern), passes, mode, 10_000).outcome).toBe('matched');
  });
});

describe('ranges', () => {
  test.each([
    ['[A-z]', '[\\]^_`'],
    ['[0-z]', ':…@[\\]^_`'],
    ['[\\w+-_]', ',.…^'],
    ['[a-zA-Z]', undefined],
    ['[0-9a-fA-F]', undefined],
    ['[ -~]', undefined],
    ['[!#-\\[\\]-~]', undefined],
    ['[\\x20-\\x5a]', undefined],
    // A range of what was written anyway.
    ['[,-.]', undefined],
    ['[\\w.-]', undefined],
    ['[а-я]', undefined],
  ])('%s takes in %s', (pattern, unexpected) => {
    expect(wideRanges(regex(pattern))[0]?.unexpected).toBe(unexpected);
  });
});

describe('filters of script elements and comments', () => {
  test.each<[string, Flags, readonly string[]]>([
    [
      '<script.*?>.*?</script>',
      {},
      [
        'tag names in upper case',
        'scripts of several lines',
        'blanks in the end tag',
        'line breaks in the end tag',
        'attributes in the end tag',
      ],
    ],
    [
      '<script>.*</script>',
      { ignoreCase: true, dotAll: true },
      [
        'attributes in the start tag',
        'blanks in the end tag',
        'line breaks in the end tag',
        'attributes in the end tag',
      ],
    ],
    ['<script\\b[^>]*>', {}, ['tag names in upper case']],
    ['<!--.*?-->', {}, ['comments of several lines', 'comments that end with `--!>`']],
    ['<script\\b[^>]*>[\\s\\S]*?</script\\b[^>]*>', { ignoreCase: true }, []],
    ['<!--.*?--!?>', { dotAll: true }, []],
    ['scripts?/', {}, []],
    ['<[^>]+>', {}, []],
  ])('%s', (pattern, flags, gaps) => {
    expect(tagFilterGaps(regex(pattern, flags)).map((gap) => gap.why)).toEqual(gaps);
  });
});
