import { text } from '../finding.ts';
import type { Rule } from './rule.ts';
import { calledAs } from './support/calledAs.ts';
import type { FlowView } from './views.ts';

/** What has no names in it that the sender chose. */
const SINGLE_VALUE =
  /path parameter|header of|Host header|address of the request|path of the request|uploaded/;

/** `request.POST['name']`, `form.cleaned_data.get('name')`: a text, where a field of a JSON body may be an object. */
const ONE_FIELD = /(?:\[[^\]]+\]|\.get(?:list)?\([^)]*\))$/;

/** `create(**request.POST)`: all of what the sender wrote, names included. */
function isWhole(flow: FlowView): boolean {
  const { what, code: read } = flow.source;
  if (SINGLE_VALUE.test(what) || (/form field|query parameter/.test(what) && ONE_FIELD.test(read.code)))
    return false;
  const { call } = flow;
  return call === undefined
    ? /^[\w.()]*\.(?:create|update|get_or_create|update_or_create)\((?:[^()]*,)?\s*\*\*/.test(
        flow.sourceOf(flow.node),
      )
    : flow.node === call.node;
}

export const massAssignment: Rule = {
  id: 'mass-assignment',
  title: 'Mass assignment',
  cwe: [915],
  aspect: 'validation',
  kind: 'defect',
  severity: 'high',
  rows: [59],
  summary:
    'The fields of a stored object are set from whatever names the request holds: `Model.objects.create(**request.POST)`, `setattr(obj, name, value)` with a name of the request.',
  why: 'The sender sets fields that no form shows: `is_staff`, `owner`, `price`.',
  fix: 'Name the fields: use a form or serializer with an explicit `fields`, or pick the allowed names out of the request.',
  references: ['https://cheatsheetseries.owasp.org/cheatsheets/Mass_Assignment_Cheat_Sheet.html'],
  flow: {
    sinks: ['mass-assignment', 'attribute'],
    levels: { remote: 'defect' },
    // The schema of a GraphQL query names the fields.
    accepts: (flow) =>
      flow.source.what !== 'an argument of the query' &&
      (flow.kind === 'attribute' ? flow.sink === 'builtins.setattr' : isWhole(flow)),
    message: (flow) =>
      flow.kind === 'attribute'
        ? text`${flow.origin} names the attribute that ${calledAs(flow)} changes.`
        : text`${calledAs(flow)} sets whatever fields ${flow.source.what} (${flow.source.code}) names.`,
  },
  examples: {
    bad: [
      {
        title: 'Django',
        code: `
from django.http import JsonResponse
from rest_framework.views import APIView
from myapp.models import Account

def create(request):
    Account.objects.create(**request.POST)  # report
    return JsonResponse({})

class Update(APIView):
    def put(self, request, pk):
        account = Account.objects.get(pk=pk)
        for name, value in request.data.items():
            setattr(account, name, value)  # report
        account.save()
`,
      },
    ],
    good: [
      {
        title: 'named or allowed fields',
        code: `
from django.http import JsonResponse
from rest_framework.views import APIView
from myapp.models import Account

FIELDS = ('name', 'mail')

def create(request):
    Account.objects.create(name=request.POST['name'], mail=request.POST['mail'])
    return JsonResponse({})

class Replace(APIView):
    def check(self, fields):
        if not set(fields).issubset(FIELDS):
            raise ValueError('unknown fields')

    def put(self, request, pk):
        account = Account.objects.get(pk=pk)
        data = request.data
        self.check(data)
        for name, value in data.items():
            setattr(account, name, value)

class Update(APIView):
    def put(self, request, pk):
        account = Account.objects.get(pk=pk)
        for name in FIELDS:
            setattr(account, name, request.data.get(name))
        for name, value in request.data.items():
            if name in FIELDS:
                setattr(account, name, value)
        account.save()
`,
      },
      {
        title: 'single values under names of the code',
        code: `
from django.db import models
from django.http import HttpResponse
from myapp.models import Port
from django.urls import path

class AuditManager(models.Manager):
    def new(self, action, **kwargs):
        return self.create(action=action, **kwargs)

class Audit(models.Model):
    objects = AuditManager()

def page(request, name):
    Audit.objects.new('page', resource=name)
    ports = {n: {'position': request.POST.get('position')} for n in range(4)}
    for number, attributes in ports.items():
        Port.objects.create(**{'number': number, **attributes})
    return HttpResponse('')

urlpatterns = [path('<path:name>', page)]
`,
      },
    ],
  },
};
