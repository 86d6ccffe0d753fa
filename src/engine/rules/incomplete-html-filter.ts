import { code, text } from '../finding.ts';
import { parseRegex } from '../regex/parse.ts';
import { tagFilterGaps } from '../regex/tag-filters.ts';
import type { Report, Rule } from './rule.ts';
import { PATTERN_CALLS, regexOf } from './support/regex-of.ts';
import type { CallView } from './views.ts';

export const incompleteHtmlFilter: Rule = {
  id: 'incomplete-html-filter',
  title: 'HTML filtered by a pattern that misses variants',
  cwe: [116, 185, 20],
  aspect: 'validation',
  kind: 'defect',
  severity: 'medium',
  rows: [35],
  summary:
    'A regular expression for `<script>` elements or HTML comments that does not match every spelling which browsers accept: upper case, blanks and attributes in the end tag, line breaks. Which ones it misses is found by trying them.',
  why: 'What is to be removed comes through in another spelling, and runs in the browser of whoever sees the page.',
  fix: 'Clean HTML with a parser that keeps only allowed elements, such as `nh3.clean`, or escape it with `html.escape`.',
  references: [
    'https://nh3.readthedocs.io/',
    'https://html.spec.whatwg.org/multipage/parsing.html#tokenization',
  ],
  roles: { test: 'silent' },
  calls: [{ paths: PATTERN_CALLS, check: checkPattern }],
  examples: {
    bad: [
      {
        title: 'script elements',
        code: `
import re

def clean(html):
    html = re.sub(r'<script>.*?</script>', '', html)  # report
    html = re.sub(r'<script.*?>.*?</script>', '', html, flags=re.DOTALL | re.IGNORECASE)  # report
    return html
`,
      },
      {
        title: 'comments',
        kind: 'advisory',
        code: `
import re

def clean(html):
    return re.sub(r'<!--.*?-->', '', html)  # report
`,
      },
    ],
    good: [
      {
        title: 'a parser, and patterns for other things',
        code: `
import re
import nh3

def clean(html):
    title = re.search(r'<title>(.*?)</title>', html)
    return nh3.clean(html), title, re.sub(r'<[^>]*>', '', html)
`,
      },
    ],
  },
};

function checkPattern(call: CallView): Report | undefined {
  // Reading out what stands in a page is no filter.
  if (call.name === 'findall' || call.name === 'finditer' || call.name === 'split') return undefined;
  const regex = regexOf(call);
  if (!regex || !/<\/?script|<!--/i.test(regex.pattern)) return undefined;
  const parsed = parseRegex(regex.pattern, regex.flags);
  const gap = parsed.ok ? tagFilterGaps(parsed.regex)[0] : undefined;
  if (!gap) return undefined;
  const filters =
    (call.name === 'sub' || call.name === 'subn') &&
    /script/i.test(regex.pattern) &&
    /html|clean|saniti|strip|escape|filter|xss|safe/i.test(
      `${call.function?.name ?? ''} ${call.targets.join(' ')}`,
    );
  return {
    message: text`The pattern ${code(regex.pattern, 60)} does not see ${code(gap.missed)}: ${gap.why}.`,
    at: regex.node,
    ...(filters ? {} : { kind: 'advisory' as const, severity: 'low' as const }),
  };
}
