import { code, text } from '../finding.ts';
import type { Rule } from './rule.ts';

export const truthOfText: Rule = {
  id: 'truth-of-text',
  title: 'Truth value of a text from outside',
  cwe: [704, 1287],
  aspect: 'validation',
  kind: 'advisory',
  severity: 'low',
  rows: [57],
  summary: 'A field of a form or a query parameter, which is text, is converted with `bool`.',
  why: 'Every text but the empty one is true: `bool("false")` and `bool("0")` switch on what the sender wanted off.',
  fix: 'Compare the text with the words that mean true: `value.lower() in ("1", "true", "yes", "on")`.',
  references: ['https://docs.python.org/3/library/stdtypes.html#truth-value-testing'],
  roles: { test: 'silent', example: 'silent' },
  calls: [
    {
      paths: ['builtins.bool'],
      check: (call) => {
        const value = call.argument(0);
        const source = value?.sources.find(
          ({ level, what }) =>
            level === 'remote' && /query parameter|form field|parameter of the request/.test(what),
        );
        // What is a text for sure: the one value of a field, not an object of a JSON body.
        if (!value || !source || value.type !== undefined || !/\]$|\)$/.test(source.code.code))
          return undefined;
        return {
          at: call.node,
          quiet: true,
          message: text`${call.quote(call.node)} is true for every text but the empty one, ${code('false')} and ${code('0')} included.`,
        };
      },
    },
  ],
  examples: {
    bad: [
      {
        title: 'a switch of a form',
        code: `
from django.http import JsonResponse

def settings(request):
    active = bool(request.POST['active'])  # report
    return JsonResponse({'active': active})
`,
      },
    ],
    good: [
      {
        title: 'a comparison',
        code: `
from django.http import JsonResponse

def settings(request):
    active = request.POST['active'] == 'true'
    return JsonResponse({'active': active, 'any': bool(len(request.POST))})
`,
      },
    ],
  },
};
