import { text } from '../finding.ts';
import type { Rule } from './rule.ts';

const TAG =
  /<(?:a|abbr|b|body|br|button|div|em|form|h[1-6]|html|i|iframe|img|input|li|option|p|script|span|strong|style|table|td|th|title|tr|u|ul)\b[^>]*>?/i;

export const htmlBuiltFromInput: Rule = {
  id: 'html-built-from-input',
  title: 'HTML put together with outside text',
  cwe: [79],
  aspect: 'injection',
  kind: 'advisory',
  severity: 'medium',
  rows: [30],
  summary:
    'A text with HTML tags into which outside text is put without being escaped is kept, and where it is shown the code does not say.',
  why: 'When the text reaches a page as HTML, the sender’s script runs there.',
  fix: 'Put the value into a template that escapes, or escape it with `html.escape`.',
  references: [
    'https://cheatsheetseries.owasp.org/cheatsheets/Cross_Site_Scripting_Prevention_Cheat_Sheet.html',
  ],
  roles: { test: 'silent', example: 'silent' },
  on: {
    assignment: {
      check: (view) => {
        const { template } = view.value;
        if (
          template === undefined ||
          !template.includes('\0') ||
          !TAG.test(template) ||
          !view.value.reaches('html')
        )
          return undefined;
        const source = view.value.sources.find(
          (one) => one.level === 'remote' && !/header of|cookie of/.test(one.what),
        );
        if (!source) return undefined;
        return {
          at: view.valueNode,
          quiet: true,
          message: text`${view.quote(view.valueNode)} puts ${source.what} (${source.code}) into HTML without escaping it.`,
          steps: [{ at: source.at, text: text`${source.what}` }],
        };
      },
    },
  },
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
    return render(request, 'page.html', context)
`,
      },
    ],
  },
};
