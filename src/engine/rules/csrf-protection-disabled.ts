import { code, text } from '../finding.ts';
import type { Expression } from '../syntax/ast.ts';
import { lastName } from '../syntax/headers.ts';
import type { Report, Rule } from './rule.ts';
import { isDevelopmentFile } from './support/environments.ts';
import type { AssignmentView, CallView, ClassView, FunctionView } from './views.ts';

export const csrfProtectionDisabled: Rule = {
  id: 'csrf-protection-disabled',
  title: 'Protection against forged requests is off',
  cwe: [352],
  aspect: 'access',
  kind: 'defect',
  severity: 'medium',
  rows: [85],
  summary:
    "CSRF protection that is switched off: Django's `csrf_exempt`, a `MIDDLEWARE` without `CsrfViewMiddleware` beside session authentication, `WTF_CSRF_ENABLED = False`, `csrf.exempt(view)`, `class Meta: csrf = False`, Pyramid's `require_csrf=False` and `check_origin=False`, Tornado's `xsrf_cookies=False`. Not reported where the view checks a signature or a token of its own, and for tests.",
  why: 'A page of another site can make the browser of a logged-in user send the request, and the application takes it for the wish of the user.',
  fix: 'Leave the protection on. For a webhook or an API without cookies, check the signature or the token of the request in the view itself.',
  references: [
    'https://docs.djangoproject.com/en/stable/howto/csrf/',
    'https://flask-wtf.readthedocs.io/en/stable/csrf/',
    'https://docs.pylonsproject.org/projects/pyramid/en/latest/narr/security.html#preventing-cross-site-request-forgery-attacks',
  ],
  calls: [
    { paths: ['django.views.decorators.csrf.csrf_exempt'], check: checkExemptCall },
    {
      paths: [
        'flask_wtf.csrf.CSRFProtect.exempt',
        'flask_wtf.CSRFProtect.exempt',
        'flask_seasurf.SeaSurf.exempt',
      ],
      check: (call) => report(call, call.node, 'advisory'),
    },
    {
      paths: [
        'pyramid.view.view_config',
        'pyramid.view.view_defaults',
        'pyramid.config.Configurator.add_view',
      ],
      check: checkPyramid,
    },
    { paths: ['pyramid.config.Configurator.set_default_csrf_options'], check: checkPyramid },
    {
      paths: [],
      keywords: ['WTF_CSRF_ENABLED', 'csrf_enabled', 'meta', 'xsrf_cookies', 'check_origin', 'require_csrf'],
      check: checkByName,
    },
  ],
  on: {
    mentions: /exempt|check_xsrf_cookie/g,
    assignment: {
      names: ['WTF_CSRF_ENABLED', 'WTF_CSRF_CHECK_DEFAULT', 'JWT_COOKIE_CSRF_PROTECT', 'csrf', 'MIDDLEWARE'],
      check: checkSetting,
    },
    function: checkDecorators,
    class: checkClassDecorators,
  },
  examples: {
    bad: [
      {
        title: 'Django',
        code: `
from django.http import HttpResponse
from django.utils.decorators import method_decorator
from django.views.decorators.csrf import csrf_exempt

@csrf_exempt  # report
def transfer(request):
    request.user.account.transfer(request.POST['to'])
    return HttpResponse('ok')

@method_decorator(csrf_exempt, name='dispatch')  # report
class Transfer(View):
    def post(self, request):
        request.user.account.transfer(request.POST['to'])
        return HttpResponse('ok')

class Refund(View):
    @method_decorator([never_cache, csrf_exempt])  # report
    def post(self, request):
        request.user.account.refund(request.POST['to'])
        return HttpResponse('ok')
`,
      },
      {
        title: 'Flask-WTF',
        code: `
from flask import Flask
from flask_wtf import CSRFProtect, FlaskForm

app = Flask(__name__)
csrf = CSRFProtect(app)
app.config['WTF_CSRF_ENABLED'] = False  # report
app.config.update(WTF_CSRF_ENABLED=False)  # report

class TransferForm(FlaskForm):
    class Meta:
        csrf = False  # report

@app.post('/devices')
@csrf.exempt
@requires_device_auth
def devices():
    return sync(request.form['id'])

@app.post('/transfer')
@csrf.exempt  # report
def transfer():
    return move(request.form['to'])
`,
      },
      {
        title: 'Pyramid',
        code: `
from pyramid.view import view_config

@view_config(route_name='transfer', require_csrf=False)  # report
def transfer(request):
    request.user.account.transfer(request.POST['to'])
    return {}

def includeme(config):
    config.set_default_csrf_options(check_origin=False)  # report
`,
      },
      {
        title: 'Pyramid, for programs',
        kind: 'advisory',
        code: `
from pyramid.view import view_config

@view_config(route_name='mint', renderer='json', require_csrf=False)  # report
def mint(request):
    return {'id': request.json_body['id']}
`,
      },
      {
        title: 'a form that is made without it',
        kind: 'advisory',
        code: `
from forms import TransferForm

def transfer():
    return TransferForm(meta={'csrf': False}).validate_on_submit()  # report
`,
      },
      {
        title: 'middleware without the check',
        path: 'shop/settings.py',
        code: `
MIDDLEWARE = [  # report
    'django.contrib.sessions.middleware.SessionMiddleware',
    'django.middleware.common.CommonMiddleware',
    'django.contrib.auth.middleware.AuthenticationMiddleware',
]
`,
      },
    ],
    good: [
      {
        title: 'on',
        code: `
from flask import Flask
from flask_wtf import CSRFProtect
from pyramid.view import view_config

app = Flask(__name__)
CSRFProtect(app)
app.config['WTF_CSRF_ENABLED'] = True
app.config.update(WTF_CSRF_ENABLED=False, TESTING=True)

@view_config(route_name='transfer', require_csrf=True)
def transfer(request):
    return {}

@view_config(route_name='connect', request_method='GET', require_csrf=False)
def connect(request):
    return {'user': request.POST}

@view_config(route_name='hook', require_csrf=False)
def hook(request):
    verify_signature(request.body, request.headers['X-Signature'])
    return {}
`,
      },
      {
        title: 'a webhook that checks its signature',
        code: `
import hmac
from django.http import HttpResponse
from django.views.decorators.csrf import csrf_exempt

@csrf_exempt
def webhook(request):
    signature = request.headers['X-Hub-Signature-256']
    if not hmac.compare_digest(signature, sign(request.body)):
        return HttpResponse(status=403)
    return HttpResponse('ok')
`,
      },
      {
        title: 'an API with middleware of its own',
        path: 'shop/settings.py',
        code: `
MIDDLEWARE = [
    'django.middleware.common.CommonMiddleware',
    'django.middleware.csrf.CsrfViewMiddleware',
    'django.contrib.sessions.middleware.SessionMiddleware',
    'django.contrib.auth.middleware.AuthenticationMiddleware',
]
OTHER_MIDDLEWARE = ['django.contrib.sessions.middleware.SessionMiddleware']
`,
      },
    ],
  },
};

function report(
  view: CallView | FunctionView | ClassView | AssignmentView,
  at: Report['at'],
  kind: 'defect' | 'advisory' = 'defect',
): Report {
  return { kind, message: text`${view.quote(at)} takes requests that other sites may have forged.`, at };
}

/** `csrf_exempt(view)` in a table of URLs; the decorator is seen at its function. */
function checkExemptCall(call: CallView): Report | undefined {
  return call.positionalCount > 0 ? report(call, call.node, 'advisory') : undefined;
}

/** What a view does to know who is asking, without the cookie. */
const CHECKS_ITSELF =
  /signature|compare_digest|constant_time_compare|hmac|verify|webhook|Authorization|authenticate|api_?key|bearer|jwt|oauth|saml|token|GraphQL|xmlrpc|csp_report|require_safe|require_GET/i;

function checkDecorators(fn: FunctionView): readonly Report[] {
  if (
    fn.name === 'check_xsrf_cookie' &&
    fn.node.body.every(({ kind }) => kind === 'Pass' || kind === 'ExpressionStatement')
  ) {
    const only = fn.node.body.at(-1);
    if (only && (only.kind === 'Pass' || /^["']|^\.\.\.$/.test(fn.sourceOf(only))))
      return [tornadoReport(fn)];
  }
  return fn.node.decorators.flatMap((decorator, i) => {
    if (!/(^|\.)csrf_exempt$/.test(fn.decorators[i] ?? '') && !isExempting(decorator)) return [];
    if (CHECKS_ITSELF.test(fn.sourceOf(fn.node).replace(fn.sourceOf(decorator), ''))) return [];
    if (fn.node.decorators.some((other) => other !== decorator && AUTHENTICATES.test(fn.sourceOf(other))))
      return [];
    // In Flask, what is exempt is mostly an API of programs, unless it reads forms.
    const isFlask = decorator.kind === 'Attribute' && decorator.attr === 'exempt';
    const isForForms = isFlask ? /request\.(form|files)\b/.test(fn.sourceOf(fn.node)) : writes(fn);
    const quiet = (isFlask && !isForForms) || isForPrograms(fn);
    return [{ ...report(fn, decorator, isForForms && !quiet ? 'defect' : 'advisory'), quiet }];
  });
}

/** Views of an API, which mostly ask for a key in a header; that check may stand in middleware. */
function isForPrograms(fn: FunctionView): boolean {
  return (
    /(?:^|[/_.])(?:apis?|rest|rpc|hooks?|callbacks?)(?:[/_.]|$)/i.test(fn.path) ||
    /^(?:api|rest|rpc)_/.test(fn.name)
  );
}

/** Decorators that know who is asking by something else than the cookie: `@requires_device_auth`, `@basic_auth.required`. */
const AUTHENTICATES = /(?<!login_)(?:auth(?!or)|signed|hmac)\w*/i;

/** `@method_decorator(csrf_exempt, name='dispatch')` of a class-based view. */
function checkClassDecorators(cls: ClassView): readonly Report[] {
  return cls.node.decorators.filter(isExempting).flatMap((decorator) => {
    const rest = cls.sourceOf(cls.node);
    if (CHECKS_ITSELF.test(rest)) return [];
    const takesForms = cls.methods.some(({ name }) => /^(post|put|patch|delete|form_valid)$/.test(name));
    return [report(cls, decorator, takesForms ? 'defect' : 'advisory')];
  });
}

/** `@csrf_exempt`, `@csrf.exempt` of Flask-WTF, `@method_decorator([csrf_exempt, never_cache])`. */
function isExempting(decorator: Expression): boolean {
  switch (decorator.kind) {
    case 'Name':
      return decorator.id === 'csrf_exempt';
    case 'Attribute':
      return (
        decorator.attr === 'csrf_exempt' ||
        (decorator.attr === 'exempt' && /csrf|seasurf/i.test(lastName(decorator.value)))
      );
    case 'Call':
      return lastName(decorator.func) === 'method_decorator' && decorator.args.slice(0, 1).some(isExempting);
    case 'List':
    case 'Tuple':
      return decorator.elements.some(isExempting);
    default:
      return false;
  }
}

/** https://www.tornadoweb.org/en/stable/web.html#tornado.web.RequestHandler.check_xsrf_cookie */
function tornadoReport(fn: FunctionView): Report {
  const checksItself = CHECKS_ITSELF.test(
    fn.class ? fn.sourceOf(fn.class.node).replace(fn.sourceOf(fn.node), '') : '',
  );
  return {
    kind: checksItself ? 'advisory' : 'defect',
    quiet: checksItself,
    message: text`${code(fn.symbol)} checks nothing: the handler takes requests that other sites may have forged.`,
    at: fn.node,
  };
}

/** Whether the view reads what forms send, or says that it takes POST. */
function writes(fn: FunctionView): boolean {
  return CHANGES.test(fn.sourceOf(fn.node));
}

const CHANGES =
  /\.POST\b|request\.form\b|\.FILES\b|request\.body|require_POST|['"]POST['"]|\.save\(|\.delete\(|\.create\(|\.update\(/;

function checkPyramid(call: CallView): Report | undefined {
  const off = ['require_csrf', 'check_origin'].find((name) => call.argument(undefined, name)?.isFalse);
  const at = call.node.keywords.find((keyword) => keyword.name === off);
  if (!off || !at) return undefined;
  const view = call.module.functions.find((fn) => fn.node.decorators.includes(call.node));
  if (!view) return report(call, at);
  const head = call.sourceOf(call.node);
  const body = view.module.text.slice(view.node.nameStart, view.node.end);
  if (takesOnlyReads(call) || CHECKS_ITSELF.test(body)) return undefined;
  // Programs that send JSON, and views that change nothing, have no use for the cookie.
  return report(
    call,
    at,
    /renderer\s*=\s*['"](json|xmlrpc)/.test(head) || !CHANGES.test(body) ? 'advisory' : 'defect',
  );
}

/** `request_method='GET'`, `require_methods=['GET', 'HEAD']` */
function takesOnlyReads(call: CallView): boolean {
  return ['request_method', 'require_methods'].some((name) => {
    const methods = call.argument(undefined, name);
    const names = methods?.elements?.map((method) => method.constant) ?? [methods?.constant];
    return names.every((method) => typeof method === 'string' && /^(GET|HEAD|OPTIONS)$/.test(method));
  });
}

function checkByName(call: CallView): Report | undefined {
  for (const keyword of call.node.keywords) {
    if (keyword.name === 'WTF_CSRF_ENABLED') {
      const isTesting = call.argument(undefined, 'TESTING')?.isTrue;
      return call.argument(undefined, keyword.name)?.isFalse && !isTesting
        ? report(call, keyword)
        : undefined;
    }
    // https://flask-wtf.readthedocs.io/en/stable/form/: `TransferForm(meta={'csrf': False})`, and as it was before 1.0.
    if (keyword.name === 'meta' || keyword.name === 'csrf_enabled') {
      const value = call.argument(undefined, keyword.name);
      const setting = keyword.name === 'meta' ? value?.entry('csrf') : value;
      return setting?.constant === false ? report(call, keyword, 'advisory') : undefined;
    }
    if (keyword.name === 'xsrf_cookies')
      return call.argument(undefined, keyword.name)?.isFalse ? report(call, keyword) : undefined;
    if (
      (keyword.name === 'check_origin' || keyword.name === 'require_csrf') &&
      call.name === 'set_default_csrf_options'
    ) {
      return call.argument(undefined, keyword.name)?.isFalse ? report(call, keyword) : undefined;
    }
  }
  return undefined;
}

function checkSetting(view: AssignmentView): Report | undefined {
  const { name, value, target } = view;
  if (isDevelopmentFile(view.path) || target === 'default') return undefined;
  if (
    /^(WTF_CSRF_ENABLED|WTF_CSRF_CHECK_DEFAULT|JWT_COOKIE_CSRF_PROTECT)$/.test(name) &&
    value.isFalse &&
    !value.isNone
  ) {
    const isForTests = /test|dev|local/i.test(view.class?.name ?? '');
    if (isForTests || isTestingSet(view)) return undefined;
    // Then `csrf.protect()` is called where it is wanted.
    if (name === 'WTF_CSRF_CHECK_DEFAULT' && /\.protect\(\)/.test(view.module.text)) return undefined;
    return report(view, view.node, name === 'WTF_CSRF_CHECK_DEFAULT' ? 'advisory' : 'defect');
  }
  if (name === 'csrf' && value.isFalse && view.scope === 'class' && view.class?.name === 'Meta')
    return report(view, view.node);
  if (name === 'MIDDLEWARE' && view.scope === 'module') return checkMiddleware(view);
  return undefined;
}

/** Whether the same configuration is said to be for tests, or the setting stands under a condition that says so. */
function isTestingSet(view: AssignmentView): boolean {
  const around = view.class ?? view.function ?? view.module;
  const written = view.sourceOf(view.node);
  const before = written.slice(0, written.indexOf(view.name)).replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  if (new RegExp(`^\\s*${before}TESTING['"]?\\]?\\s*=\\s*True\\b`, 'm').test(around.sourceOf(around.node)))
    return true;
  const { text: source } = view.module;
  const from = source.lastIndexOf('\n', Math.max(0, view.node.start - 160));
  return /\bif\b.*test/i.test(source.slice(from + 1, view.node.start));
}

function checkMiddleware(view: AssignmentView): Report | undefined {
  const names = view.value.elements?.map((element) => element.constant);
  if (!names?.includes('django.contrib.sessions.middleware.SessionMiddleware')) return undefined;
  if (names.some((name) => typeof name !== 'string' || /csrf/i.test(name))) return undefined;
  if (!names.includes('django.contrib.auth.middleware.AuthenticationMiddleware')) return undefined;
  return {
    message: text`${code('MIDDLEWARE')} has sessions and logins, but no ${code('django.middleware.csrf.CsrfViewMiddleware')}.`,
    at: view.node,
    fix: {
      text: text`Add ${code("'django.middleware.csrf.CsrfViewMiddleware'")} after ${code('CommonMiddleware')}.`,
    },
  };
}
