import { runMatch } from './match.ts';
import { nodesOf, type Regex } from './syntax.ts';

/** Something a browser reads as the tag or comment that the pattern is for, and the pattern does not. */
export interface FilterGap {
  readonly missed: string;
  readonly why: string;
}

const STEPS = 20_000;

interface Filter {
  /** What the pattern must match to be such a filter. */
  readonly plain: string;
  readonly variants: readonly FilterGap[];
}

/** https://html.spec.whatwg.org/multipage/parsing.html#tokenization */
const FILTERS: readonly Filter[] = [
  {
    plain: '<script>alert(1)</script>',
    variants: [
      { missed: '<SCRIPT>alert(1)</SCRIPT>', why: 'tag names in upper case' },
      { missed: '<script src="x">alert(1)</script>', why: 'attributes in the start tag' },
      { missed: '<script>\nalert(1)\n</script>', why: 'scripts of several lines' },
      { missed: '<script>alert(1)</script >', why: 'blanks in the end tag' },
      { missed: '<script>alert(1)</script\n>', why: 'line breaks in the end tag' },
      { missed: '<script>alert(1)</script x="y">', why: 'attributes in the end tag' },
    ],
  },
  {
    plain: '<script>',
    variants: [
      { missed: '<SCRIPT>', why: 'tag names in upper case' },
      { missed: '<script src="x">', why: 'attributes in the start tag' },
      { missed: '<script\nsrc="x">', why: 'line breaks in the start tag' },
    ],
  },
  {
    plain: '<!-- x -->',
    variants: [
      { missed: '<!-- x\ny -->', why: 'comments of several lines' },
      { missed: '<!-- x --!>', why: 'comments that end with `--!>`' },
    ],
  },
];

/**
 * What a pattern that removes or refuses script elements or comments lets through. Empty for other patterns
 * and for filters that see every variant. Each gap is shown by a text that the matcher was asked about.
 */
export function tagFilterGaps(regex: Regex): readonly FilterGap[] {
  const literals = literalText(regex);
  if (!/<\/?script|<!--/i.test(literals)) return [];
  const seesWhole = (text: string): boolean => {
    const run = runMatch(regex, text, 'search', STEPS);
    return run.outcome === 'matched' && run.end === text.length;
  };
  const filter = FILTERS.find(({ plain }) => seesWhole(plain));
  return filter?.variants.filter(({ missed }) => !seesWhole(missed)) ?? [];
}

function literalText(regex: Regex): string {
  let text = '';
  for (const node of nodesOf(regex.root))
    if (node.kind === 'character')
      text += node.codePoint === undefined ? '' : String.fromCodePoint(node.codePoint);
  return text;
}
