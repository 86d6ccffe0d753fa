import { text } from '../finding.ts';
import type { Rule } from './rule.ts';
import { calledAs } from './support/called-as.ts';
import type { FlowView } from './views.ts';

/** These refuse line breaks in values (Django, Tornado and aiohttp in names, too). */
const REFUSE_IN_VALUES =
  /^(?:django|rest_framework|werkzeug|flask|tornado|aiohttp|bottle|twisted|webob|pyramid|starlette|azure)\./;
const REFUSE_EVERYWHERE = /^(?:django|rest_framework|tornado|aiohttp|bottle|twisted|webob|pyramid)\./;

/** Whether the value is the name of the header: the first argument of the call. */
function isName(flow: FlowView): boolean {
  const first = flow.call?.argumentNode(0, 'key') ?? flow.call?.argumentNode(0, 'name');
  return flow.call !== undefined && first === flow.node && flow.call.positionalCount > 1;
}

export const headerInjection: Rule = {
  id: 'header-injection',
  title: 'Header injection',
  cwe: [113, 93],
  aspect: 'injection',
  kind: 'defect',
  severity: 'medium',
  rows: [27],
  summary:
    'Outside text in the name or value of a response header, where the server does not refuse line breaks: `http.server`, `wsgiref`, WSGI applications, Falcon, Sanic, CherryPy; header names in Flask.',
  why: 'A line break in the value begins a header, or the body, of the sender’s choice: cookies are set and caches poisoned for others.',
  fix: 'Refuse or remove `\\r` and `\\n`, or choose the value from a fixed set.',
  references: [
    'https://owasp.org/www-community/attacks/HTTP_Response_Splitting',
    'https://docs.python.org/3/library/http.server.html#security-considerations',
  ],
  flow: {
    sinks: ['header'],
    levels: { remote: 'defect' },
    accepts: (flow) => {
      if (REFUSE_EVERYWHERE.test(flow.sink)) return false;
      if (/path of the request|address|Host header|a header of|a cookie of/.test(flow.source.what))
        return false;
      return !REFUSE_IN_VALUES.test(flow.sink) || isName(flow);
    },
    message: (flow) =>
      text`${flow.origin} becomes a response header in ${calledAs(flow)} with its line breaks.`,
  },
  examples: {
    bad: [
      {
        title: 'http.server, and a WSGI application',
        code: `
from http.server import BaseHTTPRequestHandler
from urllib.parse import parse_qs

class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        form = parse_qs(self.rfile.read(100).decode())
        self.send_response(200)
        self.send_header('X-Name', form['name'][0])  # report
        self.end_headers()

def application(environ, start_response):
    name = parse_qs(environ['QUERY_STRING'])['name'][0]
    start_response('200 OK', [('X-Name', name)])  # report
    return [b'']
`,
      },
      {
        title: 'the name of a header in Flask',
        code: `
from flask import Flask, make_response, request

app = Flask(__name__)

@app.route('/')
def index():
    response = make_response('')
    response.headers.add(request.args['header'], '1')  # report
    return response
`,
      },
    ],
    good: [
      {
        title: 'values that the framework checks, or without line breaks',
        code: `
from http.server import BaseHTTPRequestHandler
from flask import Flask, make_response, request
from django.http import HttpResponse

app = Flask(__name__)

@app.route('/')
def index():
    response = make_response('')
    response.headers['X-Name'] = request.args['name']
    return response

def view(request):
    response = HttpResponse('')
    response['X-Name'] = request.GET['name']
    return response

class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(100).decode()
        self.send_header('X-Name', body.replace('\\r\\n', '').replace('\\n', ''))
        self.send_header('Content-Length', str(len(body)))
`,
      },
    ],
  },
};
