import { code, text } from '../finding.ts';
import type { Expression, Node } from '../syntax/ast.ts';
import { lastName } from '../syntax/headers.ts';
import type { Report, Rule } from './rule.ts';
import { isDevelopmentFile } from './support/environments.ts';
import type { CallView, ClassView, FunctionView, Place, ValueView } from './views.ts';

export const securityHeaderWeakened: Rule = {
  id: 'security-header-weakened',
  title: 'Security header that protects nothing',
  cwe: [1021, 693],
  aspect: 'configuration',
  kind: 'advisory',
  severity: 'low',
  rows: [88],
  summary:
    "Response headers that take a protection of the browser away: `X-Frame-Options` with a value that is neither `DENY` nor `SAMEORIGIN` (browsers ignore others), a `Content-Security-Policy` that allows inline scripts, `eval` or every source, Django's `xframe_options_exempt`, and flask-talisman with its headers, HTTPS or the flags of its cookie switched off. Exempt views and policies that are only too wide are quiet advisories.",
  why: 'Without them, a page of another site can show this one in an invisible frame and collect the clicks of its users, and a script that gets into a page runs.',
  fix: 'Send `X-Frame-Options: DENY` or `SAMEORIGIN`, and a `Content-Security-Policy` with `frame-ancestors` and with nonces for scripts.',
  references: [
    'https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/X-Frame-Options',
    'https://developer.mozilla.org/en-US/docs/Web/HTTP/Guides/CSP',
    'https://docs.djangoproject.com/en/stable/ref/clickjacking/',
    'https://github.com/wntrblm/flask-talisman',
  ],
  roles: { test: 'silent', example: 'silent' },
  calls: [
    {
      paths: [],
      names: ['add', 'set', 'setdefault', 'set_header', 'add_header', 'send_header'],
      check: (call) =>
        call.positionalCount === 2
          ? checkHeader(call, String(call.argument(0)?.constant ?? ''), call.argument(1), call.node)
          : undefined,
    },
    { paths: ['flask_talisman.Talisman', 'flask_talisman.Talisman.init_app'], check: checkTalisman },
  ],
  on: {
    mentions: /xframe_options_exempt/g,
    assignment: {
      names: (name) => HEADER.test(name),
      check: (view) =>
        view.target === 'item' && view.object
          ? checkHeader(view, view.name, view.value, view.node)
          : undefined,
    },
    function: (fn) => checkDecorators(fn),
    class: (cls) => checkDecorators(cls),
  },
  examples: {
    bad: [
      {
        title: 'headers set by hand',
        code: `
from flask import Flask

app = Flask(__name__)

@app.after_request
def headers(response):
    response.headers['X-Frame-Options'] = 'ALLOWALL'  # report
    response.headers['Content-Security-Policy'] = "default-src *; script-src 'self' 'unsafe-inline'"  # report
    response.headers.set('X-Frame-Options', 'ALLOW-FROM https://example.org')  # report
    return response
`,
      },
      {
        title: 'views and extensions',
        code: `
from django.utils.decorators import method_decorator
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views import View
from flask import Flask
from flask_talisman import Talisman

@xframe_options_exempt  # report
def widget(request):
    return page(request)

@method_decorator(xframe_options_exempt, name='dispatch')  # report
class Widget(View):
    pass

Talisman(Flask(__name__), content_security_policy=None, force_https=False)  # report
`,
      },
    ],
    good: [
      {
        title: 'headers that protect',
        code: `
from flask import Flask
from flask_talisman import Talisman

app = Flask(__name__)
Talisman(app, content_security_policy={'default-src': "'self'"})

@app.after_request
def headers(response):
    response.headers['X-Frame-Options'] = 'DENY'
    response.headers.set('X-Frame-Options', 'SAMEORIGIN')
    response.headers['Content-Security-Policy'] = "default-src 'self'; img-src *; style-src 'unsafe-inline'"
    response.headers['X-Frame-Options'] = app.config['FRAME_OPTIONS']
    return response

def build(parser):
    parser.add('X-Frame-Options', 'read from the page')
`,
      },
    ],
  },
};

const HEADER = /^(x-frame-options|content-security-policy)$/i;

function checkHeader(
  place: Place,
  header: string,
  value: ValueView | undefined,
  at: Node,
): Report | undefined {
  const written = value?.constant;
  if (!HEADER.test(header) || typeof written !== 'string') return undefined;
  if (/^x-frame/i.test(header)) {
    // Words that are no value of this header at all: `parser.add('X-Frame-Options', 'read from the page')`.
    if (!/^(ALLOW-?ALL|ALLOW-?FROM\b.*|ALLOW|\*|NONE)?$/i.test(written)) return undefined;
    return {
      message: text`${place.quote(at)} lets every site show the pages in a frame: browsers know only ${code('DENY')} and ${code('SAMEORIGIN')}.`,
      at,
    };
  }
  const directive = wideDirective(written);
  return directive === undefined
    ? undefined
    : {
        quiet: true,
        message: text`The policy allows scripts that anyone can put into a page (${code(directive)}).`,
        at,
      };
}

/** The part of a policy that lets scripts of any origin, or written into the page, run. */
function wideDirective(policy: string): string | undefined {
  const directives = policy.split(';').map((part) => part.trim());
  const scripts =
    directives.find((part) => /^script-src\s/i.test(part)) ??
    directives.find((part) => /^default-src\s/i.test(part));
  if (scripts === undefined) return undefined;
  // With a nonce or hash, browsers ignore 'unsafe-inline'.
  if (/'(nonce|sha\d+)-|'strict-dynamic'/.test(scripts)) return undefined;
  return /'unsafe-(inline|eval)'|\s\*(\s|$)/.test(scripts) ? scripts : undefined;
}

const TALISMAN_SWITCHES = [
  'force_https',
  'strict_transport_security',
  'session_cookie_secure',
  'session_cookie_http_only',
  'frame_options',
  'content_security_policy',
];

function checkTalisman(call: CallView): Report | undefined {
  if (isDevelopmentFile(call.path)) return undefined;
  const off = TALISMAN_SWITCHES.filter((name) => {
    const value = call.argument(undefined, name);
    return value !== undefined && (value.constant === false || value.isNone);
  });
  if (off.length === 0) return undefined;
  return {
    quiet: true,
    message: text`${call.quote(call.node.func)} is told to leave ${code(off.join(', '))} out.`,
    at: call.node,
  };
}

/** `@xframe_options_exempt`, also by `method_decorator`. */
function checkDecorators(view: FunctionView | ClassView): readonly Report[] {
  return view.node.decorators.filter(isExempting).map((decorator) => ({
    quiet: true,
    message: text`With ${view.quote(decorator)}, every site can show ${code(view.name)} in a frame.`,
    at: decorator,
  }));
}

function isExempting(decorator: Expression): boolean {
  if (decorator.kind === 'Call' && lastName(decorator.func) === 'method_decorator')
    return decorator.args.slice(0, 1).some(isExempting);
  return lastName(decorator) === 'xframe_options_exempt';
}
