import { code, text } from '../finding.ts';
import type { Rule } from './rule.ts';

const SAFE_CLASSES = [
  'django.utils.safestring.SafeString',
  'django.utils.safestring.SafeData',
  'markupsafe.Markup',
];

export const htmlSafetyClaimed: Rule = {
  id: 'html-safety-claimed',
  title: 'A class or filter claims that its text is safe HTML',
  cwe: [79],
  aspect: 'injection',
  kind: 'advisory',
  severity: 'low',
  rows: [32],
  summary:
    'A class that defines `__html__`, derives from `SafeString` or is decorated with `@html_safe`, or a template filter registered with `is_safe=True`.',
  why: 'Templates put the text in without escaping it: whatever it is made of must have been escaped there.',
  fix: 'Escape what is put in (`conditional_escape`, `format_html`), or let the template escape.',
  references: [
    'https://docs.djangoproject.com/en/stable/howto/custom-template-tags/#filters-and-auto-escaping',
  ],
  roles: { test: 'silent', example: 'silent' },
  on: {
    class: (cls) => {
      const base = SAFE_CLASSES.find((path) => cls.bases.includes(path));
      const method = cls.methods.find((one) => one.name === '__html__');
      const isDecorated = cls.node.decorators.some((decorator) =>
        /\bhtml_safe$/.test(cls.sourceOf(decorator)),
      );
      if (!base && !method && !isDecorated) return undefined;
      return {
        at: method && !base ? method.node : cls.node,
        quiet: true,
        message: text`Templates put ${code(cls.name)} into pages without escaping it.`,
      };
    },
    function: (fn) => {
      const filter = fn.node.decorators.find((decorator) =>
        /\.filter\(.*\bis_safe\s*=\s*True/s.test(fn.sourceOf(decorator)),
      );
      return filter
        ? {
            at: filter,
            quiet: true,
            message: text`Templates do not escape what the filter ${code(fn.name)} makes of safe text.`,
          }
        : undefined;
    },
  },
  calls: [
    {
      // The function that `@html_safe` names, called with a class.
      paths: ['django.utils.html.html_safe'],
      check: (call) =>
        call.argumentNode(0)?.kind === 'Name'
          ? {
              at: call.node,
              quiet: true,
              message: text`Templates put ${call.quote(call.argumentNode(0)!)} into pages without escaping it.`,
            }
          : undefined,
    },
  ],
  examples: {
    bad: [
      {
        title: 'a class and a filter',
        code: `
from django import template
from django.utils.safestring import SafeString

register = template.Library()

class Label(SafeString):  # report
    pass

class Badge:
    def __html__(self):  # report
        return '<b>' + self.text + '</b>'

@register.filter(is_safe=True)  # report
def bold(value):
    return '<b>' + value + '</b>'
`,
      },
    ],
    good: [
      {
        title: 'plain',
        code: `
from django import template
from django.utils.html import format_html

register = template.Library()

@register.filter
def bold(value):
    return format_html('<b>{}</b>', value)
`,
      },
    ],
  },
};
