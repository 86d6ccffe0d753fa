import { text } from '../finding.ts';
import type { Expression } from '../syntax/ast.ts';
import type { Report, Rule } from './rule.ts';
import type { CallView, Place, ValueView } from './views.ts';

const TAG =
  /<(?:a|abbr|b|body|br|button|div|em|form|h[1-6]|html|i|iframe|img|input|li|option|p|script|span|strong|style|table|td|th|title|tr|u|ul)\b[^>]*>?/i;

/** What makes other text of it, or does not show it. */
const SHOWS_NOTHING =
  /^(?:debug|info|warning|warn|error|critical|exception|log|print|format|join|encode|decode|len|str|repr|strip|replace|lower|upper|split|_|gettext|sub|search|match|find\w*|count|startswith|endswith|\w*(?:escape|sanitize|clean|strip_tags|parse|Error|Exception)\w*)$/;

function report(place: Place, value: ValueView, at: Expression): Report | undefined {
  const { template } = value;
  if (!template?.includes('\0') || !TAG.test(template) || !value.reaches('html')) return undefined;
  const source = value.sources.find((one) => one.level === 'remote' && !/header of|cookie of/.test(one.what));
  if (!source) return undefined;
  return {
    at,
    quiet: true,
    message: text`${place.quote(at)} puts ${source.what} (${source.code}) into HTML without escaping it.`,
    steps: [{ at: source.at, text: text`${source.what}` }],
  };
}

/** `show(f'<p>{name}</p>')` of a function that is not known. */
function checkCall(call: CallView): Report | undefined {
  const [node] = call.node.args;
  if ((node?.kind !== 'JoinedStr' && node?.kind !== 'BinOp') || !call.sourceOf(node).includes('<'))
    return undefined;
  const value = call.callee === '' ? call.argument(0) : undefined;
  return value && report(call, value, node);
}

export const htmlBuiltFromInput: Rule = {
  id: 'html-built-from-input',
  title: 'HTML put together with outside text',
  cwe: [79],
  aspect: 'injection',
  kind: 'advisory',
  severity: 'medium',
  rows: [30],
  summary:
    'A text with HTML tags into which outside text is put without being escaped is kept or handed on, and where it is shown the code does not say.',
  why: 'When the text reaches a page as HTML, the sender’s script runs there.',
  fix: 'Put the value into a template that escapes, or escape it with `html.escape`.',
  references: [
    'https://cheatsheetseries.owasp.org/cheatsheets/Cross_Site_Scripting_Prevention_Cheat_Sheet.html',
  ],
  roles: { test: 'silent', example: 'silent' },
  calls: [{ paths: [], names: (name) => !SHOWS_NOTHING.test(name), check: checkCall }],
  on: { assignment: { check: (view) => report(view, view.value, view.valueNode) } },
  examples: {
    bad: [
      {
        title: 'HTML for a template',
        code: `
from django.shortcuts import render

def page(request):
    context = {}
    context['link'] = '<a href="/x">%s</a>' % request.GET['text']  # report
    return render(request, 'page.html', context)

def banner(request):
    show(f"<p>{request.GET['text']}</p>")  # report
`,
      },
    ],
    good: [
      {
        title: 'escaped, or no HTML',
        code: `
import html
from django.shortcuts import render

def page(request):
    context = {}
    context['link'] = '<a href="/x">%s</a>' % html.escape(request.GET['text'])
    context['text'] = 'you wrote: %s' % request.GET['text']
    show(f"<p>{html.escape(request.GET['text'])}</p>", request.GET['text'])
    warn(f"<p> in {request.GET['text']}")
    return render(request, 'page.html', context)
`,
      },
    ],
  },
};
