import { code, text } from '../finding.ts';
import type { Report, Rule } from './rule.ts';
import { calledAs } from './support/called-as.ts';
import type { AssignmentView, CallView, Place } from './views.ts';

const WEB = [
  'flask',
  'quart',
  'django',
  'aiohttp.web',
  'aiohttp_jinja2',
  'starlette',
  'fastapi',
  'tornado',
  'bottle',
  'pyramid',
  'sanic',
  'falcon',
  'cherrypy',
  'werkzeug',
  'http.server',
  'webob',
  'twisted.web',
];

/** Whether files of HTML are named here. */
function namesHtml(place: Place): boolean {
  return /\.html?\b['"]|\.(?:html|htm|xhtml)\.j(?:inja)?2|text\/html/.test(place.module.text);
}

/** Whether templates of this module make pages: a web framework is imported, or files of HTML are named. */
function makesPages(place: Place): boolean {
  return WEB.some((name) => place.module.imports(name)) || namesHtml(place);
}

function off(view: CallView, message: Report['message'], pages = makesPages(view)): Report {
  return {
    at: view.node,
    kind: pages ? 'defect' : 'advisory',
    quiet: !pages,
    message,
    fix: { text: text`Pass ${code('autoescape=jinja2.select_autoescape()')} or ${code('autoescape=True')}.` },
  };
}

/** Whether the templates are files; what `BaseLoader` and `DictLoader` give is text of any kind. */
function loadsFiles(call: CallView): boolean {
  const loader = call.argument(undefined, 'loader');
  return (
    loader !== undefined && (loader.isA('jinja2.FileSystemLoader') || loader.isA('jinja2.PackageLoader'))
  );
}

function checkJinja(call: CallView) {
  const autoescape = call.argument(undefined, 'autoescape');
  if (autoescape ? !autoescape.isFalse : call.hasUnknownArguments) return undefined;
  // What a template from a literal makes is seen in the literal.
  const source = call.callee.endsWith('Template') ? call.argument(0, 'source')?.constant : undefined;
  if (typeof source === 'string' && !/<\w/.test(source)) return undefined;
  // Whoever turns it off had pages in mind; whoever did not turn it on may make texts of any kind.
  return autoescape
    ? off(call, text`${calledAs(call)} is told not to escape what is put into its templates.`)
    : off(
        call,
        text`${calledAs(call)} does not escape what is put into its templates unless ${code('autoescape')} is given.`,
        namesHtml(call) && loadsFiles(call),
      );
}

/** `render(request, 'page.html', {'autoescape': False})` */
function isContext({ name, target, function: fn, value, role }: AssignmentView): boolean {
  return name === 'autoescape' && target === 'item' && fn !== undefined && value.isFalse && role !== 'test';
}

export const templateAutoescapeDisabled: Rule = {
  id: 'template-autoescape-disabled',
  title: 'Templates do not escape',
  cwe: [79, 116],
  aspect: 'configuration',
  kind: 'defect',
  severity: 'medium',
  rows: [31],
  summary:
    'Automatic escaping is off, or was not turned on, for templates that make HTML: Jinja2 environments, Flask’s `jinja_options`, Django’s `TEMPLATES`, `Engine` and `Context`, Tornado, Mako. Where nothing shows that the templates make HTML, it is an advisory.',
  why: 'Every value that is put into a page then is markup: one forgotten `|e` is cross-site scripting.',
  fix: 'Turn automatic escaping on: `autoescape=select_autoescape()` for Jinja2, `default_filters=["h"]` for Mako.',
  references: [
    'https://jinja.palletsprojects.com/en/stable/api/#autoescaping',
    'https://docs.djangoproject.com/en/stable/ref/templates/api/#django.template.Engine',
    'https://docs.makotemplates.org/en/latest/filtering.html#the-default-filters-argument',
  ],
  calls: [
    {
      paths: ['jinja2.Environment', 'jinja2.sandbox.SandboxedEnvironment', 'jinja2.Template'],
      check: checkJinja,
    },
    {
      paths: [
        'aiohttp_jinja2.setup',
        'django.template.Engine',
        'django.template.Context',
        'django.template.RequestContext',
        'tornado.web.Application',
        'tornado.template.Loader',
        'tornado.template.Template',
      ],
      check: (call) => {
        const autoescape = call.argument(undefined, 'autoescape');
        if (!autoescape || !(autoescape.isFalse || (call.callee.startsWith('tornado') && autoescape.isNone)))
          return undefined;
        return off(call, text`${calledAs(call)} is told not to escape what is put into templates.`);
      },
    },
    {
      paths: ['mako.template.Template', 'mako.lookup.TemplateLookup'],
      check: (call) => {
        if (call.argument(undefined, 'default_filters') || call.hasUnknownArguments) return undefined;
        // A text without values has nothing to escape.
        const source = call.callee.endsWith('Template') ? call.argument(0, 'text')?.constant : undefined;
        if (typeof source === 'string' && !source.includes('${')) return undefined;
        return {
          ...off(call, text`${calledAs(call)} does not escape what is put into its templates.`),
          fix: { text: text`Pass ${code("default_filters=['h']")}.` },
        };
      },
    },
  ],
  on: {
    assignment: {
      names: ['autoescape', 'TEMPLATES', 'jinja_options'],
      check: (view) => {
        if (
          view.name === 'autoescape' &&
          view.target === 'attribute' &&
          view.value.isFalse &&
          /jinja|env/i.test(view.sourceOf(view.node))
        ) {
          return {
            at: view.node,
            message: text`${view.quote(view.node)} turns escaping off for all templates.`,
          };
        }
        if (isContext(view)) {
          return {
            at: view.node,
            kind: 'advisory',
            quiet: true,
            message: text`${view.quote(view.node)} asks for values that are not escaped, if the template or the engine that gets it goes by it.`,
          };
        }
        const isTemplates = view.name === 'TEMPLATES' && view.scope === 'module';
        if (isTemplates) {
          const engines = view.value.elements ?? [];
          if (engines.some((engine) => engine.entry('OPTIONS')?.entry('autoescape')?.isFalse)) {
            return {
              at: view.node,
              message: text`${code('TEMPLATES')} turns escaping off for all templates of the project.`,
            };
          }
        }
        if (view.name === 'jinja_options' && view.value.entry('autoescape')?.isFalse) {
          return {
            at: view.node,
            message: text`${view.quote(view.node)} turns escaping off for all templates.`,
          };
        }
        return undefined;
      },
    },
  },
  examples: {
    bad: [
      {
        title: 'Jinja2 in a web application',
        code: `
import jinja2
from aiohttp import web
from jinja2 import Environment, FileSystemLoader

env = Environment(loader=FileSystemLoader('templates'))  # report
other = jinja2.Environment(loader=FileSystemLoader('templates'), autoescape=False)  # report

def page(name):
    return web.Response(text=env.get_template('page.html').render(name=name), content_type='text/html')
`,
      },
      {
        title: 'where nothing says that HTML is made',
        kind: 'advisory',
        code: `
from jinja2 import Environment

env = Environment()  # report

def show(request, name):
    return render(request, 'name.html', {'name': name, 'autoescape': False})  # report
`,
      },
      {
        title: 'Flask, Django and Mako',
        code: `
from django.template import Context, Template
from flask import Flask
from mako.lookup import TemplateLookup

app = Flask(__name__)
app.jinja_env.autoescape = False  # report
app.jinja_options = {'autoescape': False}  # report
lookup = TemplateLookup(directories=['templates'])  # report
context = Context({'a': 1}, autoescape=False)  # report
`,
      },
      {
        title: 'Django settings',
        path: 'settings.py',
        code: `
TEMPLATES = [  # report
    {
        'BACKEND': 'django.template.backends.django.DjangoTemplates',
        'OPTIONS': {'autoescape': False},
    },
]
`,
      },
    ],
    good: [
      {
        title: 'escaping',
        code: `
import jinja2
from flask import Flask
from jinja2 import Environment, FileSystemLoader, select_autoescape
from mako.lookup import TemplateLookup
from mako.template import Template

app = Flask(__name__)
app.jinja_env.autoescape = True
env = Environment(loader=FileSystemLoader('templates'), autoescape=select_autoescape(['html']))
other = jinja2.Environment(autoescape=True)
text = jinja2.Template('Dear {{ name }},')
lookup = TemplateLookup(directories=['templates'], default_filters=['h'])
constant = Template('no values')

def make(**options):
    return Environment(**options)
`,
      },
    ],
  },
};
