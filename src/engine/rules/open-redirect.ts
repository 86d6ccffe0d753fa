import { code, text } from '../finding.ts';
import type { Node } from '../syntax/ast.ts';
import type { Report, Rule } from './rule.ts';
import { calledAs } from './support/called-as.ts';
import type { AssignmentView, CallView, FlowView, ValueView } from './views.ts';

/** What an attacker cannot put into somebody else's request with a link or a form. */
const NOT_IN_A_LINK =
  /header of|Host header|cookie|JSON body|address of the request|path of the request|uploaded|event of the function/;

/** The page with the link is the sender's: he can have the browser come back to it. */
function isReferrer({ source }: FlowView): boolean {
  return /header of/.test(source.what) && /referr?er/i.test(source.code.code);
}

/** `_redirect_safe(url)`, which takes the address apart and compares what it finds, by ways that are not followed. */
function isJudged(flow: FlowView): boolean {
  const { function: fn } = flow;
  if (!fn || !/safe|valid|check|verif|allowed/i.test(fn.name)) return false;
  const body = flow.sourceOf(fn.node);
  return /url_?(?:parse|split)|parse_?url/i.test(body) && /\bnetloc\b|\bhostname\b/.test(body);
}

/**
 * The request's own path: `//other.site/` leads there. Werkzeug leaves one slash, Django escapes the second one; elsewhere
 * it needs a route that takes every path.
 */
function isOwnPath({ source, sink, value }: FlowView): boolean {
  return (
    /(?:path|address) of the request/.test(source.what) &&
    /^(?:tornado|aiohttp|starlette|fastapi)\b/.test(sink) &&
    (value.template === undefined || value.template.startsWith('\0'))
  );
}

/** web.py puts the own host before what begins with a slash, as most parts of a path do. */
function isPathOfPage({ source, sink }: FlowView): boolean {
  return source.what === 'a part of the path' && sink.startsWith('web.');
}

/** Whether the header is set on an answer: `response.headers['Location']`, Django's `response['Location']`. */
function isAnswer(view: AssignmentView): boolean {
  const holder = /^(.*)\[/.exec(view.sourceOf(view.node).split('=', 1)[0]!)?.[1] ?? '';
  return (
    /headers$|^\w*res(?:p|ponse)$/i.test(holder) || (view.object?.isA('django.http.HttpResponse') ?? false)
  );
}

function locationReport(value: ValueView, at: Node): Report | undefined {
  const source = value.sources.find(({ level, what }) => level === 'remote' && !NOT_IN_A_LINK.test(what));
  if (!source || !value.reaches('redirect')) return undefined;
  return {
    at,
    message: text`${source.what} (${source.code}) decides where the ${code('Location')} header sends the browser.`,
    steps: [{ at: source.at, text: text`${source.what}` }],
  };
}

/** `Response('', 302, headers={'Location': target})` */
function checkHeaders(call: CallView): Report | undefined {
  if (!/[Rr]esponse$/.test(call.name)) return undefined;
  const headers = call.argument(undefined, 'headers');
  const target = headers?.entry('Location') ?? headers?.entry('location');
  return target && locationReport(target, call.node);
}

export const openRedirect: Rule = {
  id: 'open-redirect',
  title: 'Open redirect',
  cwe: [601],
  aspect: 'validation',
  kind: 'defect',
  severity: 'medium',
  rows: [36],
  summary: 'Outside input that is the target of a redirect, from its first character or as the host.',
  why: 'A link to this site then leads to a page of the sender’s choice, such as a copy of the login page; tokens in the address go with it.',
  fix: 'Check the target with `url_has_allowed_host_and_scheme` (Django) or accept only paths of this site: no host in `urlparse(target).netloc`, one leading `/`, no backslash.',
  references: [
    'https://cheatsheetseries.owasp.org/cheatsheets/Unvalidated_Redirects_and_Forwards_Cheat_Sheet.html',
    'https://docs.djangoproject.com/en/stable/ref/utils/#django.utils.http.url_has_allowed_host_and_scheme',
  ],
  flow: {
    sinks: ['redirect'],
    levels: { remote: 'defect' },
    accepts: (flow) => isReferrer(flow) || isOwnPath(flow) || !NOT_IN_A_LINK.test(flow.source.what),
    isDoubtful: (flow) => isReferrer(flow) || isOwnPath(flow) || isPathOfPage(flow) || isJudged(flow),
    message: (flow) =>
      flow.sink === ''
        ? text`${flow.origin} decides where the browser is sent: ${code(flow.function?.name ?? 'the view')} returns it.`
        : text`${flow.origin} decides where ${calledAs(flow)} sends the browser.`,
    fix: (flow) => ({
      text: flow.sink.startsWith('django')
        ? text`Check it first: ${code('url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()})')}.`
        : text`Accept only targets without a host: ${code("urlparse(target).netloc == ''")} and a single leading ${code('/')}.`,
    }),
  },
  on: {
    assignment: {
      names: ['Location', 'location'],
      check: (view) => {
        return view.target === 'item' && isAnswer(view)
          ? locationReport(view.value, view.valueNode)
          : undefined;
      },
    },
  },
  calls: [{ paths: [], keywords: ['headers'], check: checkHeaders }],
  examples: {
    bad: [
      {
        title: 'an address without a scheme that has a host',
        code: `
from urllib.parse import urlparse
from fastapi import FastAPI, Request
from fastapi.responses import RedirectResponse

app = FastAPI()

@app.get('/login')
async def login(request: Request):
    target = request.query_params.get('next', '/')
    parsed = urlparse(target)
    if parsed.scheme and parsed.netloc:
        if parsed.netloc != request.url.netloc:
            target = '/'
    return RedirectResponse(target, 302)  # report
`,
      },
      {
        title: 'views of Django that say where to go',
        code: `
from django.views.generic import FormView, RedirectView

class Out(RedirectView):
    def get_redirect_url(self, *args, **kwargs):
        return self.request.GET.get('url')  # report

class Contact(FormView):
    def get_success_url(self):
        return self.request.POST.get('next') or '/'  # report
`,
      },
      {
        title: 'a function that looks at the host in a way that cannot be followed',
        kind: 'advisory',
        code: `
from urllib.parse import urlparse
from tornado.web import RequestHandler

class Login(RequestHandler):
    def redirect_if_safe(self, url):
        allow = True
        parsed = urlparse(url)
        if parsed.netloc:
            allow = self.settings['origin'] == f'{parsed.scheme}://{parsed.netloc}'
        if not allow:
            url = '/'
        self.redirect(url)  # report

    def get(self):
        self.redirect_if_safe(self.get_argument('next', '/'))
`,
      },
      {
        title: 'a path that may begin with two slashes',
        kind: 'advisory',
        code: `
from tornado import web

class TrailingSlash(web.RequestHandler):
    def get(self):
        self.redirect(self.request.uri.rstrip('/'))  # report
`,
      },
      {
        title: 'back to the page with the link',
        kind: 'advisory',
        code: `
from django.http import HttpResponseRedirect

def switch(request):
    return HttpResponseRedirect(request.META.get('HTTP_REFERER', '/'))  # report
`,
      },
      {
        title: 'the header',
        code: `
from flask import Flask, Response, request

app = Flask(__name__)

@app.route('/out')
def out():
    response = Response(status=302)
    response.headers['Location'] = request.args['url']  # report
    return response

@app.route('/away')
def away():
    return Response('', 302, headers={'Location': request.args['url']})  # report
`,
      },
      {
        title: 'Flask',
        code: `
from flask import Flask, redirect, request, url_for

app = Flask(__name__)

@app.route('/login')
def login():
    target = request.args.get('next')
    if target:
        return redirect(target)  # report
    if request.form.get('back'):
        return redirect('https://' + request.form['host'] + '/back')  # report
    return redirect(request.args.get('url') or url_for('index'))  # report

@app.route('/go/<path:url>')
def go(url):
    return redirect(url)  # report

@app.route('/slash')
def slash():
    return redirect('/' + request.args['path'])  # report
`,
      },
      {
        title: 'Django, FastAPI, Tornado, aiohttp',
        code: `
import tornado.web
from aiohttp import web
from django.http import HttpResponseRedirect
from django.shortcuts import redirect
from fastapi import FastAPI
from fastapi.responses import RedirectResponse

app = FastAPI()

def view(request):
    if request.method == 'POST':
        return HttpResponseRedirect(request.POST['next'])  # report
    return redirect(request.GET.get('next', '/'))  # report

@app.get('/go')
def go(url: str):
    return RedirectResponse(url)  # report

class Login(tornado.web.RequestHandler):
    def post(self):
        self.redirect(self.get_argument('next', '/'))  # report

routes = web.RouteTableDef()

@routes.get('/x')
async def x(request):
    raise web.HTTPFound(request.query['next'])  # report
`,
      },
    ],
    good: [
      {
        title: 'the host of the request itself, which is a parameter',
        code: `
from urllib.parse import urlparse
from fastapi import FastAPI, Request
from fastapi.responses import RedirectResponse

app = FastAPI()

@app.get('/login')
async def login(request: Request):
    target = request.query_params.get('next', '/')
    parsed = urlparse(target)
    if parsed.netloc and parsed.netloc != request.url.netloc:
        target = '/'
    return RedirectResponse(target, 302)
`,
      },
      {
        title: 'where an object that was chosen is shown',
        code: `
from django.shortcuts import redirect
from .forms import MemberForm

def add_member(request):
    form = MemberForm(request.POST)
    if form.is_valid():
        device = form.cleaned_data['device']
        return redirect(device.get_absolute_url())
`,
      },
      {
        title: 'paths of this site, checked, or chosen',
        code: `
from urllib.parse import urlparse
from django.shortcuts import redirect as django_redirect
from django.utils.http import url_has_allowed_host_and_scheme
from flask import Flask, redirect, request, url_for

app = Flask(__name__)

@app.route('/login')
def login():
    redirect('/user/' + request.args['name'])
    redirect(f'https://example.com/{request.args["page"]}')
    redirect(url_for('user', name=request.args['name']))
    redirect(request.path + '?failed')
    redirect(request.url)
    target = request.args.get('next')
    if not target or urlparse(target).netloc != '':
        target = url_for('index')
    return redirect(target)

@app.route('/other')
def other():
    target = request.args.get('next', '')
    if target.startswith('/') and not target.startswith('//'):
        return redirect(target)
    if target in ('https://a.example', 'https://b.example'):
        return redirect(target)
    return redirect('/')

def view(request):
    target = request.GET.get('next')
    if url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}):
        return django_redirect(target)
    return django_redirect('index')
`,
      },
      {
        title: 'checked by a function of the project that looks at the host by its own means',
        code: `
from pyramid.httpexceptions import HTTPSeeOther
from pyramid.view import view_config
from urllib3.util import parse_url

def is_safe_url(url, host=None):
    url = url.strip().replace('\\\\', '/')
    if url.startswith('///'):
        return False
    info = parse_url(url)
    return (not info.netloc or info.netloc == host) and (not info.scheme or info.scheme in {'http', 'https'})

@view_config(route_name='login')
def login(request):
    target = request.POST.get('next')
    if not target or not is_safe_url(url=target, host=request.host):
        target = request.route_path('index')
    return HTTPSeeOther(target)

@view_config(route_name='flag')
def flag(request):
    return HTTPSeeOther(request.path)
`,
      },
      {
        title: 'given back by a function that looks at the host',
        code: `
import tornado.web
from tornado.httputil import url_concat
from urllib.parse import urlparse

class Login(tornado.web.RequestHandler):
    def _validate_next_url(self, next_url):
        parsed = urlparse(next_url.replace('\\\\', '%5C'))
        if (next_url + '/').startswith((f'https://{self.request.host}/', f'//{self.request.host}/')):
            next_url = '/' + parsed.path.lstrip('/')
            parsed = urlparse(next_url)
        if next_url and (parsed.netloc or not next_url.startswith('/')):
            next_url = ''
        return next_url

    def post(self):
        self.redirect(self._validate_next_url(self.get_argument('next', '')))
        self.redirect(url_concat('/home', {'tab': self.get_argument('tab')}))
`,
      },
      {
        title: 'parts put behind a host that stays',
        code: `
from urllib.parse import urlparse
from django.http import HttpResponseRedirect
from django.urls import path

def renamed(request, slug):
    return HttpResponseRedirect(request.path.replace(slug, slug.replace('_', '-')))

def moved(request, page):
    address = urlparse(request.build_absolute_uri())
    return HttpResponseRedirect(address._replace(path=page, query='').geturl())

urlpatterns = [path('<slug>', renamed), path('<path:page>', moved)]
`,
      },
    ],
  },
};
