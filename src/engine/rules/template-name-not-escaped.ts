import { code, text } from '../finding.ts';
import type { Reports, Rule } from './rule.ts';
import { calledAs } from './support/called-as.ts';
import type { CallView, ValueView } from './views.ts';

/** https://flask.palletsprojects.com/en/stable/templating/#jinja-setup */
const ESCAPED = /\.(?:html|htm|xml|xhtml|svg)$/i;
/** What is seldom meant to be a page. */
const PLAIN =
  /\.(?:txt|text|md|rst|csv|json|sql|ya?ml|conf|cfg|ini|toml|sh|py|js|css|tex|eml|email|ics)(?:\.\w+)?$/i;

/** The name of the template as far as it is known at its end, or undefined. */
function nameOf(argument: ValueView | undefined): string | undefined {
  const name = argument?.template ?? argument?.elements?.[0]?.template;
  const end = name?.slice(name.lastIndexOf('\0') + 1);
  return end === '' ? undefined : end;
}

/** The values that the template gets: keyword arguments, and whatever else is passed. */
function contextOf(call: CallView): readonly (ValueView | undefined)[] {
  return [
    ...call.node.args.slice(1).map((_, i) => call.argument(i + 1)),
    ...call.node.keywords.flatMap(({ name }) => (name === null ? [] : [call.argument(undefined, name)])),
  ];
}

function check(call: CallView): Reports {
  const name = nameOf(call.argument(0, 'template_name_or_list'));
  if (name === undefined || ESCAPED.test(name)) return undefined;
  const context = contextOf(call);
  if (context.length === 0 && !call.hasUnknownArguments) return undefined;
  // The application decides by itself which names are escaped.
  if (/autoescape/.test(call.module.text)) return undefined;
  const fromOutside = context.find(
    (value) => value?.reaches('html') && value.sources.some((source) => source.level === 'remote'),
  );
  const source = fromOutside?.sources.find(({ level }) => level === 'remote');
  return {
    at: call.node,
    quiet: !source || PLAIN.test(name),
    message: source
      ? text`${calledAs(call)} does not escape ${source.what} (${source.code}) in a template whose name ends in ${code(name)}.`
      : text`${calledAs(call)} does not escape what is put into a template whose name ends in ${code(name)}.`,
  };
}

export const templateNameNotEscaped: Rule = {
  id: 'template-name-not-escaped',
  title: 'Template whose name turns escaping off',
  cwe: [79, 116],
  aspect: 'injection',
  kind: 'advisory',
  severity: 'medium',
  rows: [31],
  summary:
    'Flask’s and Quart’s `render_template` with a file that does not end in `.html`, `.htm`, `.xml`, `.xhtml` or `.svg`, and values to put into it. What ends in `.txt` and the like is listed in the summary only.',
  why: 'Flask decides by the name of the file whether a template escapes: `page.jinja2`, `page.html.j2` and `page.tpl` do not, and what a view returns is sent as HTML.',
  fix: 'Let the name of the template end in `.html`, set `app.jinja_env.autoescape = True`, or send the text with its own content type.',
  references: ['https://flask.palletsprojects.com/en/stable/templating/#jinja-setup'],
  roles: { test: 'silent', example: 'silent' },
  calls: [
    {
      paths: [
        'flask.render_template',
        'flask.templating.render_template',
        'flask.stream_template',
        'quart.render_template',
      ],
      check,
    },
  ],
  examples: {
    bad: [
      {
        title: 'names that Flask does not escape',
        code: `
from flask import Flask, render_template, request

app = Flask(__name__)

@app.route('/search')
def search():
    return render_template('search.html.j2', query=request.args['q'])  # report

@app.route('/items/<name>')
def item(name):
    return render_template(f'{kind()}.jinja2', name=name)  # report

def mail(user):
    return render_template('welcome.txt', user=user)  # report
`,
      },
    ],
    good: [
      {
        title: 'names that are escaped, and templates that nothing is put into',
        code: `
from flask import Flask, render_template, request

app = Flask(__name__)

@app.route('/search')
def search():
    return render_template('search.html', query=request.args['q'])

@app.route('/about')
def about():
    return render_template('about.txt')

def page(name):
    return render_template(name, user=request.args['user'])
`,
      },
      {
        title: 'an application that decides by itself',
        code: `
from flask import Flask, render_template, request

app = Flask(__name__)
app.jinja_env.autoescape = True

@app.route('/search')
def search():
    return render_template('search.j2', query=request.args['q'])
`,
      },
    ],
  },
};
