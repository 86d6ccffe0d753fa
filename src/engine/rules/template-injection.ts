import { code, text } from '../finding.ts';
import type { Rule } from './rule.ts';
import { calledAs } from './support/called-as.ts';

export const templateInjection: Rule = {
  id: 'template-injection',
  title: 'Server-side template injection',
  cwe: [1336, 94],
  aspect: 'injection',
  kind: 'defect',
  severity: 'critical',
  rows: [18],
  summary:
    'Outside input that becomes the source of a template: `render_template_string`, `jinja2.Template`, `Environment.from_string`, Django `Template`, Mako, Chameleon, Cheetah, Chevron, Genshi, Airspeed, Bottle, Tornado.',
  why: "Template languages reach Python's objects: `{{ ''.__class__.__mro__ … }}` runs commands on the server.",
  fix: 'Keep the template constant and pass the value as a variable: `render_template_string("Hello {{ name }}", name=name)`.',
  references: [
    'https://portswigger.net/web-security/server-side-template-injection',
    'https://flask.palletsprojects.com/en/stable/api/#flask.render_template_string',
    'https://jinja.palletsprojects.com/en/stable/sandbox/',
  ],
  flow: {
    sinks: ['template'],
    levels: { remote: 'defect' },
    // https://mustache.github.io/mustache.5.html: such a template only shows what its context holds.
    isDoubtful: ({ sink }) => /^(?:pystache|chevron)\./.test(sink),
    // bottle.template(name) looks the name up as a file when it is a plain word, so a known beginning decides nothing.
    message: (flow) => text`${flow.origin} becomes the source of the template in ${calledAs(flow)}.`,
    fix: (flow) => ({
      text: text`Keep the template text constant and pass the value as a variable of ${code(flow.call?.name ?? 'render')}.`,
    }),
  },
  examples: {
    bad: [
      {
        title: 'a template without logic',
        kind: 'advisory',
        code: `
import pystache
from flask import Flask, request

app = Flask(__name__)

@app.route('/preview', methods=['POST'])
def preview():
    return pystache.render(request.form['template'], {'name': 'Ann'})  # report
`,
      },
      {
        title: 'Flask and Jinja',
        code: `
import jinja2
from flask import Flask, render_template_string, request

app = Flask(__name__)

@app.route('/hello')
def hello():
    name = request.args.get('name', 'you')
    page = '<h1>Hello %s</h1>' % name
    jinja2.Template('Hello ' + name).render()  # report
    jinja2.Environment(autoescape=True).from_string(f'Hello {name}').render()  # report
    return render_template_string(page)  # report
`,
      },
      {
        title: 'Django, Mako and Tornado',
        code: `
import tornado.template
import tornado.web
from django.http import HttpResponse
from django.template import Context, Template, engines
from mako.template import Template as MakoTemplate

def hello(request):
    template = Template('Hello ' + request.GET['name'])  # report
    engines['django'].from_string(request.GET['text'])  # report
    MakoTemplate(request.POST['body'])  # report
    return HttpResponse(template.render(Context({})))

class Hello(tornado.web.RequestHandler):
    def get(self):
        template = tornado.template.Template(self.get_argument('t'))  # report
        self.write(template.generate())
`,
      },
    ],
    good: [
      {
        title: 'the value is a variable',
        code: `
import jinja2
from flask import Flask, render_template, render_template_string, request

app = Flask(__name__)
PAGE = '<h1>Hello {{ name }}</h1>'

@app.route('/hello')
def hello():
    name = request.args.get('name', 'you')
    jinja2.Template(PAGE, autoescape=True).render(name=name)
    if request.args.get('plain'):
        return render_template('hello.html', name=name)
    return render_template_string(PAGE, name=name)
`,
      },
    ],
  },
};
