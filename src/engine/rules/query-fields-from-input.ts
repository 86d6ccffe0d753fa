import { code, text } from '../finding.ts';
import type { Rule } from './rule.ts';
import { calledAs } from './support/called-as.ts';
import { hasNamesOfSender } from './support/whole-request.ts';
import type { FlowView } from './views.ts';

/** Whether what is reached are the conditions of a query, not the fields of an object. */
export function isCondition({ sink, call }: FlowView): boolean {
  return /(?:^|\.)(?:filter|exclude|get|Q)$/.test(sink || (call?.name ?? ''));
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
  flow: {
    sinks: ['mass-assignment'],
    levels: { remote: 'advisory' },
    accepts: (flow) => isCondition(flow) && flow.call?.node === flow.node && hasNamesOfSender(flow),
    message: (flow) =>
      text`${calledAs(flow)} filters by whatever fields ${flow.source.what} (${flow.source.code}) names, such as ${code('owner__password__startswith')}.`,
  },
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
    form = SearchForm(request.GET)
    if form.is_valid():
        found = Item.objects.filter(**form.cleaned_data)
    return JsonResponse({'items': list(found.values())})
`,
      },
    ],
  },
};
