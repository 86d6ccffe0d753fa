import { code, text } from '../finding.ts';
import type { Expression } from '../syntax/ast.ts';
import type { Reports, Rule } from './rule.ts';
import { calledAs } from './support/called-as.ts';
import { WHOLE_REQUEST } from './support/whole-request.ts';
import type { CallView } from './views.ts';

/** Calls whose keyword arguments name fields, those of other tables included. */
const CONDITIONS: ReadonlySet<string> = new Set(['filter', 'exclude', 'get', 'Q']);
/** `{name: value for name, value in request.GET.items()}`, where no list says which names there are. */
const COPIED = /^\{\s*(\w+)\s*:[^{}]*\bfor\s+\1\s*,[^{}]*\bin\s+request\.\w+\.items\(\)(?![^{}]*\bin\b)/;

/** Whether what is spread holds names that the sender chose: written right here, or kept under a name in this function. */
function isNamedBySender(call: CallView, spread: Expression): boolean {
  const isWhole = (source: string) => WHOLE_REQUEST.test(source) || COPIED.test(source);
  const written = call.sourceOf(spread);
  if (spread.kind !== 'Name') return isWhole(written);
  const around = call.function ?? call.module;
  const assigned = [
    ...around
      .sourceOf(around.node)
      .matchAll(new RegExp(`^[ \\t]*${spread.id}\\s*=\\s*(\\{[^{}]*\\}|[^\\n]+)$`, 'gm')),
  ];
  return assigned.length === 1 && isWhole(assigned[0]![1]!.trim());
}

function check(call: CallView): Reports {
  if (!CONDITIONS.has(call.name)) return undefined;
  const { func, keywords } = call.node;
  if (
    func.kind === 'Attribute' &&
    !/\b(?:objects|queryset|qs|query|manager)\b|_set\b/.test(call.sourceOf(func.value))
  )
    return undefined;
  const spread = keywords.find(({ name }) => name === null)?.value;
  if (!spread || !call.module.imports('django') || !isNamedBySender(call, spread)) return undefined;
  return {
    at: call.node,
    message: text`${calledAs(call)} filters by whatever fields ${call.quote(spread)} names, such as ${code('owner__password__startswith')}.`,
  };
}

export const queryFieldsFromInput: Rule = {
  id: 'query-fields-from-input',
  title: 'Outside input names the fields of a query',
  cwe: [943, 915],
  aspect: 'injection',
  kind: 'advisory',
  severity: 'medium',
  rows: [11, 59],
  summary:
    'Names out of the request become the keyword arguments of Django’s `filter`, `exclude`, `get` or `Q`: `Item.objects.filter(**request.GET.dict())`.',
  why: 'A lookup goes through relations: `owner__password__startswith=a` tells, letter by letter, what stands in columns that no view shows. `id__gte=0` takes away a limit of its own.',
  fix: 'Pick the allowed names out of the request, or use a form, a serializer or a FilterSet with named fields.',
  references: [
    'https://docs.djangoproject.com/en/stable/topics/db/queries/#lookups-that-span-relationships',
    'https://www.elttam.com/blog/plormbing-your-django-orm/',
  ],
  calls: [{ paths: [], keywords: ['**'], check }],
  examples: {
    bad: [
      {
        title: 'all of the query string',
        code: `
from django.http import JsonResponse
from myapp.models import Item

def items(request):
    found = Item.objects.filter(**request.GET.dict())  # report
    names = {name: value for name, value in request.GET.items() if name != 'page'}
    others = Item.objects.exclude(**names)  # report
    return JsonResponse({'items': list(found.values()), 'others': others.count()})
`,
      },
    ],
    good: [
      {
        title: 'fields that the code or a form names',
        code: `
from django.http import JsonResponse
from myapp.forms import SearchForm
from myapp.models import Item

FIELDS = ('name', 'kind')

def items(request):
    found = Item.objects.filter(name=request.GET['name'])
    found = Item.objects.filter(**{'kind__iexact': request.GET['kind']})
    found = Item.objects.filter(**{name: request.GET[name] for name in FIELDS if name in request.GET})
    found = Item.objects.filter(**{name: value for name, value in request.GET.items() if name in FIELDS})
    names = request.GET.dict()
    names = {name: names[name] for name in FIELDS}
    found = Item.objects.filter(**names)
    form = SearchForm(request.GET)
    if form.is_valid():
        found = Item.objects.filter(**form.cleaned_data)
    return JsonResponse({'items': list(found.values())})
`,
      },
    ],
  },
};
