import { code, text } from '../finding.ts';
import type { Expression, Statement } from '../syntax/ast.ts';
import { walkExpressions, walkStatements } from '../syntax/walk.ts';
import type { Report, Rule } from './rule.ts';
import type { FunctionView } from './views.ts';

/** `form.is_valid()` → `form` */
function validatedForm(test: Expression): string | undefined {
  if (test.kind === 'BoolOp' && test.op === 'and')
    return test.values.map(validatedForm).find((name) => name !== undefined);
  return test.kind === 'Call' &&
    test.func.kind === 'Attribute' &&
    test.func.attr === 'is_valid' &&
    test.func.value.kind === 'Name'
    ? test.func.value.id
    : undefined;
}

/** `request.POST['name']` and `request.POST.get('name')`. */
function readsPost(expression: Expression): boolean {
  const target =
    expression.kind === 'Subscript'
      ? expression.value
      : expression.kind === 'Call' && expression.func.kind === 'Attribute' && expression.func.attr === 'get'
        ? expression.func.value
        : undefined;
  return (
    target?.kind === 'Attribute' &&
    target.attr === 'POST' &&
    target.value.kind === 'Name' &&
    target.value.id === 'request'
  );
}

function check(fn: FunctionView): Report[] {
  if (!fn.module.imports('django')) return [];
  const reports: Report[] = [];
  walkStatements(fn.node.body, (statement: Statement) => {
    if (statement.kind !== 'If') return;
    const form = validatedForm(statement.test);
    if (!form) return;
    for (const inner of statement.body) {
      walkExpressions(inner, (expression) => {
        if (!readsPost(expression)) return;
        reports.push({
          at: expression,
          message: text`${fn.quote(expression)} is read past ${code(form)}, which has just been validated: the value in ${code(`${form}.cleaned_data`)} is the checked one.`,
          fix: { text: text`Read it from ${code(`${form}.cleaned_data`)}.` },
        });
      });
    }
  });
  return reports;
}

export const formDataPastValidation: Rule = {
  id: 'form-data-past-validation',
  title: 'Form data read past the validated form',
  cwe: [20],
  aspect: 'validation',
  kind: 'advisory',
  severity: 'low',
  rows: [58],
  summary:
    'After `form.is_valid()`, a Django view reads `request.POST[…]` instead of `form.cleaned_data[…]`.',
  why: 'The form has checked and converted its own copy; the raw value has the wrong type and none of the checks.',
  fix: 'Read the value from `form.cleaned_data`.',
  references: ['https://docs.djangoproject.com/en/stable/ref/forms/api/#accessing-clean-data'],
  on: { mentions: /\.POST\b/g, function: check },
  examples: {
    bad: [
      {
        title: 'raw data',
        code: `
from django.shortcuts import redirect
from .forms import TournamentForm
from .models import Tournament

def create(request):
    form = TournamentForm(request.POST)
    if form.is_valid():
        Tournament(name=request.POST['name']).save()  # report
        return redirect('index')
`,
      },
    ],
    good: [
      {
        title: 'cleaned data',
        code: `
from django.shortcuts import redirect
from .forms import TournamentForm
from .models import Tournament

def create(request):
    form = TournamentForm(request.POST)
    if form.is_valid():
        Tournament(name=form.cleaned_data['name']).save()
        return redirect('index')
`,
      },
    ],
  },
};
