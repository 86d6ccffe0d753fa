import { type Code, code, type RichText, text } from '../finding.ts';
import { type ExposedValue, type Exposure, exposedValues } from '../templates/exposed-values.ts';
import type { Report, Rule } from './rule.ts';
import type { StringView } from './views.ts';

const ENGINES = ['flask', 'jinja2', 'django', 'quart', 'sanic', 'fastapi', 'starlette', 'aiohttp_jinja2'];
/** What Flask gives to each of its templates, and Django’s context processor: https://flask.palletsprojects.com/en/stable/templating/#standard-context */
const REQUEST = /^request\.(?:args|form|values|cookies|headers|url|full_path|path|data|json|GET|POST)\b/;

const WHY: Record<Exposure, (value: Code) => RichText> = {
  unescaped: (value) => text`${value} is put into the page without being escaped.`,
  unquoted: (value) => text`${value} stands in an attribute without quotes, which a space in it ends.`,
  address: (value) =>
    text`${value} is the beginning of an address, where ${code('javascript:')} is a scheme like others.`,
  script: (value) => text`${value} stands in a script, where escaping for HTML does not help.`,
};

function reportOf(view: StringView, value: ExposedValue, source: string, from: number): Report {
  const found = source.indexOf(value.tag, from);
  const start = view.node.start + Math.max(0, found);
  const isCertain = value.exposure === 'unescaped' || value.exposure === 'unquoted';
  const isRequest = REQUEST.test(value.expression);
  return {
    at: found < 0 ? view.node : { ...view.node, start, end: start + value.tag.length },
    kind: isRequest && isCertain ? 'defect' : 'advisory',
    severity: isRequest && isCertain ? 'high' : 'low',
    quiet: !isRequest,
    message: WHY[value.exposure](code(value.tag)),
  };
}

function check(view: StringView): readonly Report[] | undefined {
  if (!view.value.includes('{{') || !/<[a-z]/i.test(view.value) || view.isDocstring) return undefined;
  if (!ENGINES.some((engine) => view.module.imports(engine))) return undefined;
  const source = view.sourceOf(view.node);
  let from = 0;
  return exposedValues(view.value).map((value) => {
    const report = reportOf(view, value, source, from);
    from = Math.max(from, report.at.start - view.node.start + 1);
    return report;
  });
}

export const templateValueExposed: Rule = {
  id: 'template-value-exposed',
  title: 'Value of a template that nothing escapes',
  cwe: [79, 83, 116],
  aspect: 'injection',
  kind: 'advisory',
  severity: 'low',
  rows: [31, 33],
  summary:
    'A template of Jinja or Django in the code, with a value that is marked `|safe`, stands in a block without escaping, in an attribute without quotes, in a script, or at the beginning of an address. Where the template takes it from the request by itself it is a defect; a value of the request that is passed to it is reported as cross-site scripting.',
  why: 'Automatic escaping replaces `<`, `>`, `&` and quotes. It does not see `|safe`, and it does not stop a space in an attribute without quotes, an expression in a script, or `javascript:` in a link.',
  fix: 'Leave out `|safe`, put attributes in quotes, give values to scripts with `|tojson` or `json_script`, and check the scheme of addresses.',
  references: [
    'https://flask.palletsprojects.com/en/stable/web-security/#cross-site-scripting-xss',
    'https://docs.djangoproject.com/en/stable/topics/security/#cross-site-scripting-xss-protection',
  ],
  roles: { test: 'silent', example: 'silent' },
  on: { string: check },
  examples: {
    bad: [
      {
        title: 'what a template takes from the request',
        kind: 'defect',
        code: `
from flask import Flask, render_template_string, request

app = Flask(__name__)
PAGE = '''
<h1>{{ title }}</h1>
<input type="number" value={{ request.args.get('count', '1') }} min="1">  # report
<p>{{ request.args['text']|safe }}</p>  # report
'''

@app.route('/')
def index():
    return render_template_string(PAGE, title='Items')
`,
      },
      {
        title: 'other values',
        code: `
from jinja2 import DictLoader, Environment

PAGES = DictLoader({'page.html': '''
<p>{{ text|safe }}</p>  # report
<a href="{{ link }}">more</a>  # report
<script>let name = "{{ name }}";</script>  # report
'''})
pages = Environment(loader=PAGES, autoescape=True)
`,
      },
    ],
    good: [
      {
        title: 'escaped where it helps',
        code: `
from flask import Flask, render_template_string, request

app = Flask(__name__)
PAGE = '''
<input type="number" value="{{ request.args.get('count', '1') }}" min="1">
<a href="{{ url_for('index') }}">{{ request.args['text'] }}</a>
<a href="/find?q={{ request.args['text'] }}">again</a>
<script>let name = {{ name|tojson }};</script>
'''

@app.route('/')
def index():
    return render_template_string(PAGE, name=request.args['name'])
`,
      },
      {
        title: 'no template',
        code: `
import flask

WORKFLOW = 'run: echo <b> \${{ secrets.TOKEN }}'
COMPONENT = '<div style={{color: "red"}}></div>'
`,
      },
    ],
  },
};
