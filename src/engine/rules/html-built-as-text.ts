import { text } from '../finding.ts';
import type { JoinedStr, Str } from '../syntax/ast.ts';
import type { Report, Rule } from './rule.ts';
import { openParts, TAG } from './support/open-markup.ts';
import type { StringView } from './views.ts';

/** A constant, a number, or a name that says that it is markup. */
const HARMLESS =
  /^[A-Z_\d]+$|^\d|(?:^|[._])(?:html|markup|escaped|safe|body|content|css|style|class|color|width|height|size|count|num|n|i|j|idx|index|id|pk|version|date|time|year|len|total|nonce|checked|selected|disabled|indent|tag|attrs?)(?:_\w+)?(?:\(\))?$|_(?:html|markup|escaped|safe)\b|html$|escape|quote/i;

/** A whole tag, or one with an attribute: not `<input file>` of a usage text. */
const WHOLE_TAG = new RegExp(`${TAG.source}(?:\\s+[\\w-]+\\s*=|\\s*/?>)`, 'i');
/** What only regular expressions hold. */
const PATTERN = /\(\?|\[\^|\\[bsdw]/;

/** What stands behind a text that is a format: `% (…)`, `.format(…)`. */
const FORMATTED = /^\s*\)?\s*%\s*(?!s\b)|^\s*\)?\.format\(/;

/** Texts that no page shows. */
const SAYS = /(?:log\w*|warn\w*|print|raise\b.*|Error|Exception|__repr__|debug|info)\(?\s*f?$/;

function check(view: StringView): Report | undefined {
  const { node, value } = view;
  if (!value.includes('<') || view.isDocstring || !WHOLE_TAG.test(value) || PATTERN.test(value))
    return undefined;
  if (/^__(?:repr|str)__$/.test(view.function?.name ?? '')) return undefined;
  const { text: code } = view.module;
  if (SAYS.test(code.slice(Math.max(0, node.start - 40), node.start))) return undefined;
  const put = node.kind === 'JoinedStr' ? inHoles(view, node) : behind(code, node);
  if (put === undefined) return undefined;
  return {
    at: node,
    quiet: true,
    message: text`HTML is put together here from ${put}, and nothing escapes it.`,
  };
}

/** The first value that an f-string takes up as it is. */
function inHoles(view: StringView, node: JoinedStr) {
  if (!/[<>=]/.test(view.sourceOf(node))) return undefined;
  const open = openParts(node).find((part) => !HARMLESS.test(view.sourceOf(part)));
  return open && [view.quote(open)];
}

/** What is put into a text behind it: the rest of the statement, which must not escape anything. */
function behind(code: string, { value, end }: Str) {
  const rest = code.slice(end, end + 400);
  if (!FORMATTED.test(rest) || !/%\(?\w*\)?s|\{\w*\}/.test(value)) return undefined;
  const values = rest.replace(FORMATTED, '').split(/\n\s*\n/, 1)[0]!;
  if (/escape|quote|sanitize|clean|\burl|reverse\(/i.test(values)) return undefined;
  const first = /^\s*[({]?\s*(?:["']\w+["']\s*:\s*|\w+\s*=\s*)?([A-Za-z_][\w.]*(?:\[[^\]\n]*\])?)/.exec(
    values,
  )?.[1];
  return first === undefined || HARMLESS.test(first) ? undefined : ([{ code: first }] as const);
}

export const htmlBuiltAsText: Rule = {
  id: 'html-built-as-text',
  title: 'HTML put together as text',
  cwe: [79, 116],
  aspect: 'injection',
  kind: 'advisory',
  severity: 'low',
  rows: [30, 32],
  summary:
    'A text with HTML tags into which a value is put that nothing escapes: an f-string, `%` or `format`. Where the value comes from and where the text is shown the code does not say.',
  why: 'If somebody else can choose the value, it brings its own markup into the page.',
  fix: 'Escape the value (`html.escape`, `format_html`, `Markup("…{}…").format(value)`), or let a template do it.',
  references: [
    'https://cheatsheetseries.owasp.org/cheatsheets/Cross_Site_Scripting_Prevention_Cheat_Sheet.html',
  ],
  roles: { test: 'silent', example: 'silent', command: 'silent', migration: 'silent' },
  on: { string: check },
  examples: {
    bad: [
      {
        title: 'names in a page',
        code: `
class Row:
    def link(self):
        return '<a href="%s">%s</a>' % (self.address, self.title)  # report

    def cell(self, person):
        return f'<td>{person.name}</td>'  # report

    def title_of(self, page):
        return '<h1>{}</h1>'.format(page.title)  # report
`,
      },
    ],
    good: [
      {
        title: 'escaped, numbers, or no HTML',
        code: `
from html import escape

class Row:
    def link(self):
        return '<a href="%s">%s</a>' % (escape(self.address), escape(self.title))

    def cell(self, person):
        return f'<td>{escape(person.name)}</td><td>{len(person.orders)}</td>'

    def title_of(self, page):
        log.info('<h1>{}</h1>'.format(page.title))
        return '<title of {}>'.format(page.title)

    def usage(self):
        return 'usage: %s -i <input file>' % self.program

    def __repr__(self):
        return f'<table {self.name}>'
`,
      },
    ],
  },
};
