import { code, text } from '../finding.ts';
import type { Rule } from './rule.ts';
import { calledAs } from './support/called-as.ts';
import { answersOtherThanHtml, isStructure, makesHtml } from './support/response-type.ts';
import type { FlowView } from './views.ts';

/** Sinks that mark text as HTML that is safe; the others send it. */
const MARKS_AS_SAFE = /markupsafe|safestring|format_html/;

/** `Markup(text).unescape()`, `.striptags()`: not for showing as it is. */
function isTakenBack(flow: FlowView): boolean {
  return (
    flow.call !== undefined && /^\.(?:unescape|striptags)\(/.test(flow.module.text.slice(flow.call.node.end))
  );
}

/** What becomes a picture or a document on the server: whatever type the answer has. */
const MAKES_DOCUMENT = /^(?:pdfkit|imgkit|weasyprint|xhtml2pdf|html2image)\./;

function isPage(flow: FlowView): boolean {
  if (MAKES_DOCUMENT.test(flow.sink)) return true;
  const isStreamed = flow.sink.endsWith('StreamingHttpResponse');
  if ((isStructure(flow) && !isStreamed) || answersOtherThanHtml(flow)) return false;
  if (flow.class?.bases.some((base) => /(?:API|Api|Json|JSON)\w*Handler$/.test(base))) return false;
  return !/^(?:http\.server|twisted)/.test(flow.sink) || makesHtml(flow);
}

/** Only a browser that an attacker controls sends headers and cookies of his choice. */
function isOfTheBrowser(flow: FlowView): boolean {
  return /a header of|a cookie of|address of the request|type that the client|Host header/.test(
    flow.source.what,
  );
}

/** JSON with no markup around it is mostly read by a script, whatever type the answer has. */
function isReadAsJson({ value }: FlowView): boolean {
  return value.bears('json-text') && !value.template?.includes('<');
}

/** AWS Lambda answers with a dict; that its body is HTML stands in its headers. */
function isLambdaPage(flow: FlowView): boolean {
  const { function: fn } = flow;
  return (
    flow.sink === '' &&
    fn?.handler === 'AWS Lambda handler' &&
    flow.value.reaches('html') &&
    /text\/html/.test(fn.sourceOf(fn.node))
  );
}

export const crossSiteScripting: Rule = {
  id: 'cross-site-scripting',
  title: 'Cross-site scripting',
  cwe: [79],
  aspect: 'injection',
  kind: 'defect',
  severity: 'high',
  rows: [30, 32],
  summary:
    'Outside text that becomes part of an HTML page without being escaped: what a Flask, Bottle or CherryPy handler returns, `HttpResponse`, `HTMLResponse`, `self.write`, and what `mark_safe` or `Markup` declares safe.',
  why: 'A link with a script in it runs that script in the browser of whoever opens it, with his session.',
  fix: 'Render a template that escapes, escape the value with `html.escape` or `markupsafe.escape`, or send JSON or plain text.',
  references: [
    'https://cheatsheetseries.owasp.org/cheatsheets/Cross_Site_Scripting_Prevention_Cheat_Sheet.html',
    'https://flask.palletsprojects.com/en/stable/quickstart/#html-escaping',
  ],
  flow: {
    sinks: ['html', 'response'],
    levels: { remote: 'defect' },
    accepts: (flow) => {
      if (flow.kind === 'response') return isLambdaPage(flow);
      return MARKS_AS_SAFE.test(flow.sink) ? !isTakenBack(flow) : isPage(flow);
    },
    isDoubtful: (flow) => isOfTheBrowser(flow) || isReadAsJson(flow),
    message: (flow) => {
      if (flow.sink === '')
        return text`${flow.origin} becomes part of the HTML page that ${code(flow.function?.name ?? 'the handler')} returns, without being escaped.`;
      return MARKS_AS_SAFE.test(flow.sink)
        ? text`${flow.origin} is declared to be safe HTML by ${calledAs(flow)} without being escaped.`
        : text`${flow.origin} becomes part of the HTML page in ${calledAs(flow)} without being escaped.`;
    },
    fix: (flow) => {
      if (flow.sink.startsWith('django'))
        return {
          text: text`Build the HTML with ${code("format_html('…{}…', value)")}, or render a template.`,
        };
      return {
        text: text`Escape the value with ${code('markupsafe.escape')} or ${code('html.escape')}, or render a template.`,
      };
    },
  },
  examples: {
    bad: [
      {
        title: 'JSON in a script of the page: it does not escape the end of the script',
        code: `
import json
from flask import Flask, request

app = Flask(__name__)

@app.route('/search')
def search():
    query = json.dumps(request.args['q'])
    return f'<script>const query = {query}</script>'  # report

@app.route('/escaped')
def escaped():
    query = json.dumps(request.args['q']).replace('<', '\\\\u003c')
    return f'<script>const query = {query}</script>'
`,
      },
      {
        title: 'JSON that is sent as a page',
        kind: 'advisory',
        code: `
import json
from flask import Flask, request

app = Flask(__name__)

@app.route('/answer')
def answer():
    return json.dumps({'q': request.args['q']})  # report
`,
      },
      {
        title: 'FastAPI, where the operation says that it answers with HTML',
        code: `
from fastapi import FastAPI
from fastapi.responses import HTMLResponse

app = FastAPI()

@app.get('/hello', response_class=HTMLResponse)
def hello(name: str):
    return '<b>' + name + '</b>'  # report

@app.get('/name')
def name(name: str):
    return '<b>' + name + '</b>'
`,
      },
      {
        title: 'a template of an environment that does not escape',
        code: `
from flask import Flask, request
from jinja2 import Environment, FileSystemLoader

app = Flask(__name__)
pages = Environment(loader=FileSystemLoader('pages'))

@app.get('/page')
def page():
    return pages.get_template('page.html').render(title=request.args['title'])  # report
`,
      },
      {
        title: 'Markdown, and HTML that becomes a document',
        code: `
import markdown
import pdfkit
from flask import Flask, Response, request
from markupsafe import Markup

app = Flask(__name__)

@app.get('/preview')
def preview():
    return Markup(markdown.markdown(request.args['text']))  # report

@app.get('/receipt')
def receipt():
    pdf = pdfkit.from_string('<h1>' + request.args['name'] + '</h1>', False)  # report
    return Response(pdf, mimetype='application/pdf')
`,
      },
      {
        title: 'a header, which an attacker can hardly make somebody send',
        kind: 'advisory',
        code: `
from flask import Flask, request

app = Flask(__name__)

@app.get('/agent')
def agent():
    return '<p>' + request.headers['X-Name'] + '</p>'  # report
`,
      },
      {
        title: 'Flask',
        code: `
from flask import Flask, Response, make_response, request
from markupsafe import Markup

app = Flask(__name__)

@app.route('/hello')
def hello():
    return 'Hello ' + request.args.get('name', '')  # report

@app.route('/user/<name>')
def user(name):
    return f'<h1>{name}</h1>'  # report

@app.route('/search')
def search():
    query = request.args['q']
    if len(query) > 99:
        return make_response('<p>nothing found for %s</p>' % query)  # report
    if query == 'x':
        return Response('<b>{}</b>'.format(query[1:]))
    return Response('<b>{}</b>'.format(query), mimetype='text/html'), 404  # report

@app.route('/safe')
def safe():
    return str(Markup('<i>' + request.args['q'] + '</i>'))  # report
`,
      },
      {
        title: 'one answer of several',
        code: `
from django.http import HttpResponse, HttpResponseBadRequest
from django.views import View
from flask import Blueprint, make_response

feeds = Blueprint('feeds', __name__)

@feeds.route('/feed/<string:tag>')
def feed(tag):
    if tag not in known():
        return f'Tag {tag} not found', 404  # report
    response = make_response(build(tag))
    response.headers.set('Content-Type', 'application/rss+xml')
    return response

class Picture(View):
    def get(self, request, filter_spec):
        if not valid(filter_spec):
            return HttpResponseBadRequest(f'Invalid filter: {filter_spec}')  # report
        return HttpResponse(render(filter_spec), content_type='image/png')
`,
      },
      {
        title: 'Django',
        code: `
from django.http import HttpResponse, HttpResponseBadRequest
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.views import View

def hello(request):
    name = request.GET.get('name')
    return HttpResponse('Hello ' + name)  # report

def bad(request):
    return HttpResponseBadRequest(f'no user {request.POST["user"]}')  # report

class Search(View):
    def get(self, request):
        text = mark_safe('<b>%s</b>' % request.GET['q'])  # report
        other = format_html('<b>' + request.GET['q'] + '</b>')  # report
        return HttpResponse('done')
`,
      },
      {
        title: 'AWS Lambda',
        code: `
def lambda_handler(event, context):
    page = f"<p>{event['queryStringParameters']['q']}</p>"
    return {'statusCode': 200, 'headers': {'Content-Type': 'text/html'}, 'body': page}  # report
`,
      },
      {
        title: 'FastAPI, aiohttp, Tornado, Bottle',
        code: `
import bottle
import tornado.web
from aiohttp import web
from fastapi import FastAPI
from fastapi.responses import HTMLResponse

app = FastAPI()

@app.get('/a')
async def a(q: str):
    return HTMLResponse(f'<p>{q}</p>')  # report

async def b(request):
    return web.Response(text='<p>' + request.query['q'] + '</p>', content_type='text/html')  # report

application = web.Application()
application.router.add_get('/b', b)

class Main(tornado.web.RequestHandler):
    def get(self):
        self.write('<p>' + self.get_argument('q') + '</p>')  # report

@bottle.route('/c')
def c():
    return '<p>%s</p>' % bottle.request.query.q  # report
`,
      },
    ],
    good: [
      {
        title: 'what is put into markup is escaped, and so are the values of an environment that escapes',
        code: `
from flask import Flask, request
from jinja2 import Environment, FileSystemLoader, select_autoescape
from markupsafe import Markup
from pathlib import Path

app = Flask(__name__)
pages = Environment(loader=FileSystemLoader('pages'), autoescape=select_autoescape())

@app.get('/item')
def item():
    return Markup('<b>%s</b>') % request.args['name'] + request.args['note']

@app.get('/title')
def title():
    return request.args['title'] + Markup('<br>')

@app.get('/page')
def page():
    return pages.get_template('page.html').render(title=request.args['title'])

@app.get('/file')
def file():
    return (Path('/srv/pages') / request.args['name']).read_text()
`,
      },
      {
        title: 'escaped, rendered, or chosen',
        code: `
import html
import bleach
import markdown
from flask import Flask, escape, render_template, render_template_string, request
from markupsafe import Markup
from django.http import HttpResponse
from django.utils.html import conditional_escape, format_html

app = Flask(__name__)

@app.route('/hello/<int:number>')
def hello(number):
    name = request.args.get('name', '')
    if name == 'a':
        return 'Hello ' + html.escape(name) + str(number)
    if name == 'b':
        return f'<b>{escape(name)}</b>'
    if name == 'c':
        return Markup('<b>%s</b>') % name
    if name == 'm':
        return Markup(bleach.clean(markdown.markdown(name)))
    if name == 'd':
        return render_template_string('<b>{{ name }}</b>', name=name)
    if name == 'e':
        return 'page %d' % int(request.args['page'])
    return render_template('hello.html', name=name)

def view(request):
    if request.GET['a']:
        return HttpResponse(format_html('<b>{}</b>', request.GET['q']))
    return HttpResponse(conditional_escape(request.GET['q']))
`,
      },
      {
        title: 'not HTML',
        code: `
import json
import tornado.web
from aiohttp import web
from flask import Flask, Response, jsonify, make_response, request
from django.http import HttpResponse, JsonResponse
from fastapi import FastAPI

app = Flask(__name__)
api = FastAPI()

@app.route('/a')
def a():
    if request.args.get('b'):
        return {'name': request.args['b']}
    if request.args.get('c'):
        return jsonify(name=request.args['c'])
    if request.args.get('d'):
        return Response(request.args['d'], mimetype='text/plain')
    return Response(json.dumps({'q': request.args['q']}), content_type='application/json'), 400

@app.route('/b')
def b():
    response = make_response(json.dumps({'q': request.args['q']}))
    response.headers['Content-Type'] = 'application/json'
    return response

@app.route('/text/<name>')
def text(name):
    return f'{name} not found', 404, {'Content-Type': 'text/plain'}

def view(request):
    if request.GET['a']:
        return HttpResponse(request.GET['q'], content_type='text/plain')
    if request.GET['b']:
        return HttpResponse(request.GET['q'], 'text/plain')
    return JsonResponse({'q': request.GET['q']})

@api.get('/c')
def c(q: str):
    return f'you asked for {q}'

async def d(request):
    return web.Response(text=request.query['q'])

class Main(tornado.web.RequestHandler):
    def get(self):
        self.write({'q': self.get_argument('q')})
`,
      },
    ],
  },
};
