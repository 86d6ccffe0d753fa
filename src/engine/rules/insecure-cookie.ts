import { code, text } from '../finding.ts';
import type { Node } from '../syntax/ast.ts';
import type { Report, Rule } from './rule.ts';
import { isDevelopmentFile } from './support/environments.ts';
import { meansCredential } from './support/security-words.ts';
import type { AssignmentView, CallView, Place, ValueView } from './views.ts';

export const insecureCookie: Rule = {
  id: 'insecure-cookie',
  title: 'Cookie without Secure, HttpOnly or SameSite',
  cwe: [614, 1004, 1275],
  aspect: 'configuration',
  kind: 'defect',
  severity: 'medium',
  rows: [87],
  summary:
    "A cookie that is set without `secure=True`, `httponly=True` or `samesite=`, in Flask, Django, Starlette, FastAPI, aiohttp, Pyramid, Bottle, Tornado, Falcon and what is built on them, Pyramid's `AuthTkt` helpers included; and framework settings that turn a flag off. A defect where the cookie is a session or token by its name or a flag is switched off on purpose; else an advisory.",
  why: 'Without Secure the cookie also travels over plain HTTP; without HttpOnly a script that is smuggled into a page can read it; without SameSite other sites can send requests with it.',
  fix: 'Set `secure=True, httponly=True, samesite="Lax"`; leave HttpOnly out only for what scripts must read.',
  references: [
    'https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/Set-Cookie',
    'https://docs.djangoproject.com/en/stable/ref/request-response/#django.http.HttpResponse.set_cookie',
    'https://flask.palletsprojects.com/en/stable/web-security/#set-cookie-options',
  ],
  calls: [
    { paths: [], names: ['set_cookie', 'set_signed_cookie', 'set_secure_cookie'], check: checkSetCookie },
    { paths: [], names: ['update', 'from_mapping', 'configure'], check: checkConfiguration },
    {
      paths: [
        'pyramid.authentication.AuthTktCookieHelper',
        'pyramid.authentication.AuthTktAuthenticationPolicy',
      ],
      check: checkAuthTicket,
    },
    {
      paths: [
        'pyramid.session.SignedCookieSessionFactory',
        'pyramid.session.BaseCookieSessionFactory',
        'pyramid.session.UnencryptedCookieSessionFactoryConfig',
      ],
      check: checkAuthTicket,
    },
    { paths: ['starlette.middleware.sessions.SessionMiddleware'], check: checkSessionMiddleware },
    {
      paths: [],
      names: ['send_header', 'add_header', 'set_header', 'add', 'set'],
      check: (call) =>
        call.positionalCount === 2 && String(call.argument(0)?.constant).toLowerCase() === 'set-cookie'
          ? checkHeader(call, call.argument(1), call.node)
          : undefined,
    },
  ],
  on: {
    assignment: {
      names: (name) => name in SETTINGS || name in MORSEL || name.toLowerCase() === 'set-cookie',
      check: (view) =>
        view.name in SETTINGS
          ? checkSetting(view)
          : view.name in MORSEL
            ? checkMorsel(view)
            : view.target === 'item' && view.object
              ? checkHeader(view, view.value, view.node)
              : undefined,
    },
  },
  examples: {
    bad: [
      {
        title: 'a session cookie',
        kind: 'defect',
        code: `
from flask import make_response

def login(user):
    response = make_response('ok')
    response.set_cookie('session', user.session)  # report
    response.set_cookie('auth_token', user.token, httponly=True)  # report
    response.set_cookie('theme', 'dark', secure=False)  # report
    return response
`,
      },
      {
        title: 'another cookie',
        kind: 'advisory',
        code: `
from django.shortcuts import render

def show(request, name, value):
    response = render(request, 'a.html')
    response.set_cookie('cart', value)  # report
    response.set_cookie(name, value, secure=True)  # report
    return response
`,
      },
      {
        title: 'Pyramid',
        code: `
from pyramid.authentication import AuthTktCookieHelper

def helper():
    return AuthTktCookieHelper('seekrit', secure=False, httponly=True, samesite='Lax')  # report
`,
      },
      {
        title: 'a header, and signed cookies of Tornado',
        kind: 'advisory',
        code: `
import tornado.web

class Page(tornado.web.RequestHandler):
    def get(self):
        self.set_header('Set-Cookie', 'cart=' + self.cart + '; Path=/')  # report
        self.set_secure_cookie('cart', self.cart)  # report
`,
      },
      {
        title: 'the parts of a cookie of the standard library',
        kind: 'advisory',
        code: `
from http.cookies import SimpleCookie

def cart(number):
    cookies = SimpleCookie()
    cookies['cart'] = number
    cookies['cart']['secure'] = False  # report
    return cookies
`,
      },
      {
        title: 'settings',
        path: 'shop/settings.py',
        code: `
SESSION_COOKIE_SECURE = False  # report
CSRF_COOKIE_SECURE = False  # report
SESSION_COOKIE_HTTPONLY = False  # report
`,
      },
      {
        title: "Flask's configuration",
        code: `
from flask import Flask

app = Flask(__name__)
app.config['SESSION_COOKIE_HTTPONLY'] = False  # report
app.config.update(
    SESSION_COOKIE_SECURE=False,  # report
)
`,
      },
      {
        title: 'no secret, but readable on the way',
        kind: 'advisory',
        code: `
from django import http

def websso(request, url, next_url):
    response = http.HttpResponseRedirect(url)
    response.set_cookie('login_redirect', next_url, max_age=3600)  # report
    return response
`,
      },
    ],
    good: [
      {
        title: 'all flags',
        code: `
from flask import make_response

def login(user, options):
    response = make_response('ok')
    response.set_cookie('session', user.session, secure=True, httponly=True, samesite='Lax')
    response.set_cookie('session', user.session, **options)
    response.set_cookie('session', '', max_age=0)
    response.set_cookie('a', 'b', secure=False, httponly=False, samesite=None, expires=0)
    response.delete_cookie('session')
    return response
`,
      },
      {
        title: 'flags that the settings give',
        code: `
from django.conf import settings
from django.shortcuts import render

def show(request):
    response = render(request, 'a.html')
    response.set_cookie(
        settings.SESSION_COOKIE_NAME, request.session.session_key,
        secure=settings.SESSION_COOKIE_SECURE or None,
        httponly=settings.SESSION_COOKIE_HTTPONLY or None,
    )
    return response
`,
      },
      {
        title: 'the jar of a client',
        code: `
import requests

def merge(jar, cookies):
    session = requests.Session()
    session.cookies.set('a', 'b')
    for cookie in cookies:
        jar.set_cookie(cookie)
    return session
`,
      },
      {
        title: 'settings for development',
        path: 'shop/settings/dev.py',
        code: `\nSESSION_COOKIE_SECURE = False\n`,
      },
      {
        title: 'a token that scripts must read',
        path: 'shop/settings.py',
        code: `
CSRF_COOKIE_HTTPONLY = False
SESSION_COOKIE_SECURE = True
`,
      },
    ],
  },
};

type Flag = 'secure' | 'httponly' | 'samesite';
const FLAGS: readonly Flag[] = ['secure', 'httponly', 'samesite'];
const CWES: Readonly<Record<Flag, number>> = { secure: 614, httponly: 1004, samesite: 1275 };
const ATTRIBUTES: Readonly<Record<Flag, string>> = {
  secure: 'Secure',
  httponly: 'HttpOnly',
  samesite: 'SameSite',
};

function checkSetCookie(call: CallView): Report | undefined {
  if (call.hasUnknownArguments || isClientJar(call)) return undefined;
  const name = call.argument(0, 'key') ?? call.argument(0, 'name');
  if (name === undefined || isDeletion(call)) return undefined;
  const states = FLAGS.map((flag) => [flag, stateOf(call, flag)] as const);
  if (states.every(([, state]) => state === 'off')) return undefined;
  const switchedOff = states.find(([flag, state]) => state === 'off' && flag !== 'samesite');
  // Code for Django leaves SameSite to the browser, whose default is Lax.
  const isDjango = call.module.imports('django');
  // Scripts of the page send this one back in a header.
  const isForScripts = /csrf|xsrf/i.test(String(name.constant ?? ''));
  const missing = states
    .filter(([flag, state]) => flag !== 'samesite' || !isDjango || state === 'off')
    .filter(([flag]) => flag !== 'httponly' || !isForScripts)
    .filter(([, state]) => state === 'missing' || state === 'off')
    .map(([flag]) => flag);
  const protects = missing.filter((flag) => flag !== 'samesite');
  if (missing.length === 0) return undefined;
  const literal = name.constant;
  const nameNode = call.argumentNode(0, 'key') ?? call.argumentNode(0, 'name') ?? call.node;
  const isSecret =
    typeof literal === 'string' &&
    !isForScripts &&
    (meansCredential(literal) || /sess|auth|login|remember|jwt|sid$/i.test(literal)) &&
    // `login_redirect` says where to go after the login.
    !/(^|[_-])(redirect|next|url|page|path|return|lang|count|time|error|message|hint|method|provider|type)([_-]|$)/i.test(
      literal,
    );
  return {
    kind: switchedOff || isSecret ? (protects.length > 0 ? 'defect' : 'advisory') : 'advisory',
    quiet: !isSecret && !switchedOff && (protects.length === 0 || HARMLESS.test(call.sourceOf(nameNode))),
    message: text`The cookie ${typeof literal === 'string' ? code(literal) : call.quote(nameNode)} is set without ${words(missing)}.`,
    at: call.node,
    cwe: missing.map((flag) => CWES[flag]),
    fix: {
      text: text`Give ${code(missing.map((flag) => (flag === 'samesite' ? "samesite='Lax'" : `${flag}=True`)).join(', '))} too.`,
    },
  };
}

/** Cookies that say how a page looks. */
const HARMLESS = /lang|locale|theme|time_?zone|tz\b|dark|consent|banner|sidebar|colou?r|layout/i;

function words(flags: readonly Flag[]): string {
  const names = flags.map((flag) => ATTRIBUTES[flag]);
  const last = names.pop() ?? '';
  return names.length === 0 ? last : `${names.join(', ')} and ${last}`;
}

function stateOf(call: CallView, flag: Flag): 'on' | 'off' | 'missing' {
  // Falcon writes it apart.
  const value =
    call.argument(undefined, flag) ??
    (flag === 'httponly' ? call.argument(undefined, 'http_only') : undefined) ??
    (flag === 'samesite' ? call.argument(undefined, 'same_site') : undefined);
  if (value === undefined) return 'missing';
  if (value.isFalse || value.isNone) return 'off';
  // Sent with the requests of every site.
  if (flag === 'samesite' && /^none$/i.test(String(value.constant ?? ''))) return 'off';
  return 'on';
}

/** An empty value or an age of nothing takes a cookie away. */
function isDeletion(call: CallView): boolean {
  const value = call.argument(1, 'value')?.constant;
  const age = call.argument(undefined, 'max_age')?.constant;
  const expires = call.argument(undefined, 'expires')?.constant;
  return value === '' || age === 0 || expires === 0;
}

/** `jar.set_cookie(cookie)` of http.cookiejar and requests, or a browser that a test drives. */
function isClientJar(call: CallView): boolean {
  const { func } = call.node;
  const receiver = func.kind === 'Attribute' ? call.sourceOf(func.value).toLowerCase() : '';
  if (/jar|client|session|browser|cookies|driver/.test(receiver)) return true;
  return call.positionalCount + call.node.keywords.length < 2;
}

function checkAuthTicket(call: CallView): Report | undefined {
  if (call.hasUnknownArguments) return undefined;
  const missing = (['secure', 'httponly'] as const).filter((flag) => {
    const value = call.argument(undefined, flag);
    return value === undefined || value.isFalse;
  });
  const sameSite = call.argument(undefined, 'samesite');
  const flags: Flag[] = [
    ...missing,
    ...(sameSite?.isNone || sameSite?.constant === 'None' ? (['samesite'] as const) : []),
  ];
  if (flags.length === 0) return undefined;
  return {
    cwe: flags.map((flag) => CWES[flag]),
    message: text`The cookie of ${call.quote(call.node.func)}, which says who is logged in, is set without ${words(flags)}.`,
    at: call.node,
  };
}

/** `headers['Set-Cookie'] = 'sid=…; Path=/'`: the flags stand in the text. */
function checkHeader(place: Place, value: ValueView | undefined, at: Node): Report | undefined {
  const cookie = value?.template;
  // Something unknown at the end can be the flags.
  if (cookie === undefined || !/^[^=;]+=/.test(cookie) || /\0\s*$/.test(cookie.replace(/=[^;]*\0$/, '=')))
    return undefined;
  if (/max-age=0|expires=thu, 01/i.test(cookie)) return undefined;
  const missing = (['secure', 'httponly'] as const).filter(
    (flag) => !new RegExp(`;\\s*${flag}\\b`, 'i').test(cookie),
  );
  if (missing.length === 0) return undefined;
  return {
    kind: 'advisory',
    cwe: missing.map((flag) => CWES[flag]),
    message: text`${place.quote(at)} sets a cookie without ${words(missing)}.`,
    at,
    fix: { text: text`Add ${code(missing.map((flag) => `; ${ATTRIBUTES[flag]}`).join(''))} to it.` },
  };
}

function checkSessionMiddleware(call: CallView): Report | undefined {
  const https = call.argument(undefined, 'https_only');
  if (https !== undefined && !https.isFalse) return undefined;
  return {
    kind: 'advisory',
    message: text`The session cookie of ${call.quote(call.node.func)} also travels over plain HTTP (no ${code('https_only=True')}).`,
    at: call.node,
  };
}

/** https://docs.djangoproject.com/en/stable/ref/settings/ and https://flask.palletsprojects.com/en/stable/config/ */
const SETTINGS: Readonly<Record<string, Flag>> = {
  SESSION_COOKIE_SECURE: 'secure',
  CSRF_COOKIE_SECURE: 'secure',
  LANGUAGE_COOKIE_SECURE: 'secure',
  REMEMBER_COOKIE_SECURE: 'secure',
  JWT_COOKIE_SECURE: 'secure',
  JWT_AUTH_SECURE: 'secure',
  SESSION_COOKIE_HTTPONLY: 'httponly',
  REMEMBER_COOKIE_HTTPONLY: 'httponly',
  JWT_AUTH_HTTPONLY: 'httponly',
  // https://docs.cherrypy.dev/en/latest/pkg/cherrypy.lib.sessions.html
  'tools.sessions.secure': 'secure',
  'tools.sessions.httponly': 'httponly',
  SESSION_COOKIE_SAMESITE: 'samesite',
  CSRF_COOKIE_SAMESITE: 'samesite',
};

/** https://docs.python.org/3/library/http.cookies.html#http.cookies.Morsel: `cookies['sid']['secure'] = False` */
const MORSEL: Readonly<Record<string, Flag>> = { secure: 'secure', httponly: 'httponly' };

function checkMorsel(view: AssignmentView): Report | undefined {
  const flag = MORSEL[view.name];
  const target = view.node.kind === 'Assign' ? view.node.targets[0] : undefined;
  if (!flag || view.target !== 'item' || target?.kind !== 'Subscript') return undefined;
  if (target.value.kind !== 'Subscript' || view.value.constant !== false) return undefined;
  return settingReport(view, view.node, view.name, flag);
}

/** `app.config.update(SESSION_COOKIE_SECURE=False)` */
function checkConfiguration(call: CallView): readonly Report[] | undefined {
  if (isDevelopmentFile(call.path)) return undefined;
  return call.node.keywords.flatMap((keyword) => {
    const flag = keyword.name === null ? undefined : SETTINGS[keyword.name];
    const value = keyword.name === null ? undefined : call.argument(undefined, keyword.name);
    return flag && value?.isFalse && !value.isNone
      ? [settingReport(call, keyword, keyword.name ?? '', flag)]
      : [];
  });
}

function checkSetting(view: AssignmentView): Report | undefined {
  const flag = SETTINGS[view.name];
  if (!flag || !isSwitchedOff(flag, view.value) || isDevelopmentFile(view.path)) return undefined;
  if (view.target === 'default' || (view.target === 'name' && view.scope === 'function')) return undefined;
  if (view.scope === 'class' && /dev|test|local|debug/i.test(view.class?.name ?? '')) return undefined;
  return settingReport(view, view.node, view.name, flag);
}

/** SameSite is off with `None`, which Flask takes for no attribute at all, and with the text `'None'`. */
function isSwitchedOff(flag: Flag, value: ValueView): boolean {
  if (flag === 'samesite') return value.isNone || value.constant === 'None' || value.constant === false;
  return value.isFalse && !value.isNone;
}

function settingReport(view: CallView | AssignmentView, at: Report['at'], name: string, flag: Flag): Report {
  return {
    kind: flag === 'httponly' ? 'defect' : 'advisory',
    quiet: flag === 'samesite',
    message: text`${view.quote(at)} sends the cookie without ${ATTRIBUTES[flag]}.`,
    at,
    fix: {
      text:
        flag === 'samesite'
          ? text`Set ${code(name)} to ${code("'Lax'")}.`
          : text`Set ${code(name)} to ${code('True')}; only development over plain HTTP needs it off.`,
    },
  };
}
