import { code, text } from '../finding.ts';
import type { Rule } from './rule.ts';

const SWITCH =
  /^(?:is|has|use|do|no|enable|disable|allow|show|hide|with|include|force)_|(?:flag|active|enabled?|disabled?|only|checked|public|private|admin)$/i;

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
        const node = call.argumentNode(0);
        // `bool(password)` asks whether there is one.
        const isSwitch = node?.kind !== 'Name' || SWITCH.test(node.id);
        if (!value || !source || !isSwitch || value.type !== undefined || !/\]$|\)$/.test(source.code.code))
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
    password = request.POST.get('password')
    return JsonResponse({'active': active, 'given': bool(password)})
`,
      },
    ],
  },
};
