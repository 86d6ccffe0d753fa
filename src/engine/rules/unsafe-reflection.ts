import { text } from '../finding.ts';
import type { Rule } from './rule.ts';
import type { FlowView } from './views.ts';

/** `getattr(x, name)(…)`: what is found is called at once. */
function isCalledAtOnce(flow: FlowView): boolean {
  return (
    flow.call !== undefined &&
    /^\s*\(/.test(flow.module.text.slice(flow.call.node.end, flow.call.node.end + 10))
  );
}

/** `f'do_{action}'`, `f'{kind}Form'`: what is named so is there to be chosen. */
function isFixedInPart(flow: FlowView): boolean {
  return /[A-Za-z]{2}/.test(flow.value.template?.replaceAll('\0', '') ?? '');
}

export const unsafeReflection: Rule = {
  id: 'unsafe-reflection',
  title: 'Outside input chooses a function by its name',
  cwe: [470, 96],
  aspect: 'injection',
  kind: 'defect',
  severity: 'high',
  rows: [19],
  summary:
    'Outside input that is looked up in `globals()` or `locals()`, or that names the attribute of which `getattr` gives a function that is called at once.',
  why: 'The sender picks any function in sight: imported modules, builtins, private methods of the object.',
  fix: 'Look the name up in a dict of the functions that are allowed, or put a fixed prefix before it.',
  references: ['https://cwe.mitre.org/data/definitions/470.html'],
  flow: {
    sinks: ['attribute'],
    levels: { remote: 'defect' },
    accepts: (flow) =>
      !isFixedInPart(flow) &&
      (/^builtins\.(?:globals|locals)\(\)/.test(flow.sink) ||
        (/^(?:builtins\.getattr|operator\.methodcaller)$/.test(flow.sink) && isCalledAtOnce(flow))),
    message: (flow) =>
      text`${flow.origin} names what ${flow.quote(flow.call?.node.func ?? flow.node)} looks up.`,
    severity: (flow) => (flow.sink === 'builtins.getattr' ? 'medium' : 'high'),
  },
  examples: {
    bad: [
      {
        title: 'globals, locals, and any method',
        code: `
from django.http import HttpResponse

def forward(request):
    name = request.GET.get('fwd')
    view = globals().get(name)  # report
    other = globals()[name]  # report
    third = locals()[request.GET['third']]  # report
    fourth = forward.__globals__[name]  # report
    return view(request)

class Worker:
    def run(self, request):
        return getattr(self, request.POST['action'])(request)  # report

def work(request):
    return HttpResponse(Worker().run(request))
`,
      },
    ],
    good: [
      {
        title: 'functions that are named alike to be chosen',
        code: `
from django.http import HttpResponse
from app import forms

class Worker:
    def do_start(self, request):
        return 'started'

    def run(self, request):
        form = getattr(forms, request.POST['kind'] + 'Form')(request.POST)
        return getattr(self, f"do_{request.POST['action']}")(request)

def work(request):
    return HttpResponse(Worker().run(request))
`,
      },
      {
        title: 'allowed names, a prefix, plain attributes',
        code: `
from django.http import HttpResponse

ACTIONS = {'start': print, 'stop': print}

def act(request, item):
    ACTIONS[request.POST['action']]()
    name = request.POST['name']
    if name in ACTIONS:
        globals()[name]()
    label = getattr(item, request.GET['column'], '')
    return HttpResponse(str(len(label)))

class Worker:
    def run(self, request):
        return getattr(self, 'do_' + request.POST['action'])()
`,
      },
    ],
  },
};
