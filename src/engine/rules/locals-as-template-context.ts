import { code, text } from '../finding.ts';
import type { Rule } from './rule.ts';
import { calledAs } from './support/called-as.ts';

const RENDERERS = [
  'django.shortcuts.render',
  'django.shortcuts.render_to_response',
  'django.template.loader.render_to_string',
  'flask.render_template',
  'flask.render_template_string',
  'jinja2.Template.render',
  'django.template.backends.base.Template.render',
  'django.template.Template.render',
];

export const localsAsTemplateContext: Rule = {
  id: 'locals-as-template-context',
  title: 'All variables are given to a template',
  cwe: [200, 96],
  aspect: 'exposure',
  kind: 'advisory',
  severity: 'low',
  rows: [19],
  summary: '`locals()` or `globals()` is the context of a template.',
  why: 'Whoever may write the template, or a part of it, reads every variable of the function or module: settings, keys, other people’s data.',
  fix: 'Name the variables that the template needs.',
  references: ['https://docs.djangoproject.com/en/stable/ref/templates/api/'],
  calls: [
    {
      paths: RENDERERS,
      check: (call) => {
        const all = [...call.node.args, ...call.node.keywords.map((keyword) => keyword.value)];
        const around = call.function ?? call.module;
        const given = all.find((argument) => {
          if (/^\*{0,2}(?:locals|globals)\(\)$/.test(call.sourceOf(argument))) return true;
          return (
            argument.kind === 'Name' &&
            new RegExp(`\\b${argument.id}\\s*=\\s*(?:locals|globals)\\(\\)`).test(
              around.sourceOf(around.node),
            )
          );
        });
        if (!given) return undefined;
        return {
          at: call.node,
          message: text`${calledAs(call)} gives the template all variables with ${call.quote(given)}.`,
          fix: { text: text`Name what the template needs, as in ${code("{'form': form}")}.` },
        };
      },
    },
  ],
  examples: {
    bad: [
      {
        title: 'Django',
        code: `
from django.shortcuts import render

def page(request):
    name = request.GET.get('name')
    return render(request, 'page.html', locals())  # report

def other(request):
    context = globals()
    return render(request, 'page.html', context)  # report
`,
      },
    ],
    good: [
      {
        title: 'named',
        code: `
from django.shortcuts import render

def page(request):
    script = f'''
<script src="page.js"></script>
<script>start(1)</script>'''
    return render(request, 'page.html', {'name': request.GET.get('name')}, script)
`,
      },
    ],
  },
};
