import { type Code, code, text } from '../finding.ts';
import { mask } from '../secrets/judge.ts';
import type { Expression, Node } from '../syntax/ast.ts';
import type { Report, Rule } from './rule.ts';
import { isDevelopmentFile } from './support/environments.ts';
import { isFrameworkSecretName } from './support/framework-secrets.ts';
import { namedLiterals } from './support/literals.ts';
import type { AssignmentView, CallView, Place, ValueView } from './views.ts';

export const hardcodedFrameworkSecret: Rule = {
  id: 'hardcoded-framework-secret',
  title: 'Signing secret written in the code',
  cwe: [798, 321, 522],
  aspect: 'secrets',
  kind: 'defect',
  severity: 'high',
  rows: [73],
  summary:
    'The secret that a web framework signs sessions, cookies and tokens with, given as a literal: `SECRET_KEY` of Flask and Django, `JWT_SECRET_KEY`, the cookie secrets of Tornado, Pyramid, Starlette, Bottle and aiohttp, the key of `jwt.encode`, `itsdangerous` and Hashids. Literals for tests stay silent; a fallback beside a look-up in the environment is an advisory.',
  why: 'Who knows the secret makes sessions and tokens of any user, and in frameworks that pickle their sessions runs code. Secrets in repositories are collected by machines.',
  fix: 'Read the secret from the environment or a secret store, without a default, and make a new one.',
  references: [
    'https://flask.palletsprojects.com/en/stable/config/#SECRET_KEY',
    'https://docs.djangoproject.com/en/stable/howto/deployment/checklist/#secret-key',
  ],
  roles: { test: 'silent', example: 'advisory' },
  calls: [
    { paths: [], keywords: isFrameworkSecretName, check: checkKeywords },
    {
      paths: [
        'jwt.encode',
        'jose.jwt.encode',
        'jwt.PyJWT.encode',
        'jwt.decode',
        'jose.jwt.decode',
        'jwt.PyJWT.decode',
      ],
      check: (call) => given(call, 1, 'key'),
    },
    { paths: ['authlib.jose.jwt.encode', 'joserfc.jwt.encode'], check: (call) => given(call, 2, 'key') },
    { paths: ['authlib.jose.jwt.decode', 'joserfc.jwt.decode'], check: (call) => given(call, 1, 'key') },
    {
      paths: [
        'itsdangerous.Signer',
        'itsdangerous.TimestampSigner',
        'itsdangerous.Serializer',
        'itsdangerous.TimedSerializer',
        'itsdangerous.URLSafeSerializer',
        'itsdangerous.URLSafeTimedSerializer',
        'itsdangerous.JSONWebSignatureSerializer',
        'itsdangerous.TimedJSONWebSignatureSerializer',
      ],
      check: (call) => given(call, 0, 'secret_key'),
    },
    {
      paths: [
        'pyramid.session.SignedCookieSessionFactory',
        'pyramid.session.UnencryptedCookieSessionFactoryConfig',
        'pyramid.authentication.AuthTktAuthenticationPolicy',
        'pyramid.authentication.AuthTktCookieHelper',
        'aiohttp_session.cookie_storage.EncryptedCookieStorage',
      ],
      check: (call) => given(call, 0, 'secret'),
    },
    {
      paths: ['starlette.middleware.sessions.SessionMiddleware'],
      check: (call) => given(call, 1, 'secret_key'),
    },
    { paths: ['hashids.Hashids'], check: checkHashids },
  ],
  on: { assignment: { names: isFrameworkSecretName, check: checkAssignment } },
  examples: {
    bad: [
      {
        title: 'Flask',
        code: `
from flask import Flask

app = Flask(__name__)
app.secret_key = 'A0Zr98j/3yX R~XHH!jmN]LWX/,?RT'  # report
app.config['SECRET_KEY'] = 'f3cfe9ed8fae309f02079dbf'  # report
app.config.update(JWT_SECRET_KEY='super-secret', DEBUG=False)  # report
`,
      },
      {
        title: 'Django',
        path: 'shop/settings.py',
        code: `
SECRET_KEY = '8lu*6g0lg)9z!ba+a$ehk)xt)x%rxgb$i1&amp;022shmi1jcgihb*'  # report
`,
      },
      {
        title: 'tokens and cookies',
        code: `
import jwt
from hashids import Hashids
from itsdangerous import URLSafeTimedSerializer

SECRET = 'not so secret'

def issue(user):
    serializer = URLSafeTimedSerializer('my-signing-key')  # report
    hashids = Hashids(salt='this is my salt')  # report
    return jwt.encode({'sub': user}, SECRET, algorithm='HS256'), serializer, hashids  # report
`,
      },
      {
        title: 'Starlette',
        code: `
from fastapi import FastAPI
from starlette.middleware.sessions import SessionMiddleware

app = FastAPI()
app.add_middleware(SessionMiddleware, secret_key='not-so-secret-1')  # report
`,
      },
      {
        title: 'a fallback',
        kind: 'advisory',
        code: `
import os
from flask import Flask

app = Flask(__name__)
app.config['SECRET_KEY'] = os.environ.get('SECRET_KEY', 'dev-secret-1234')  # report
`,
      },
    ],
    good: [
      {
        title: 'from the environment, or made at the start',
        code: `
import os
import secrets
import jwt
from flask import Flask

app = Flask(__name__)
app.secret_key = os.environ['SECRET_KEY']
app.config['SECRET_KEY'] = secrets.token_hex(32)
app.config.from_envvar('APP_SETTINGS')

def issue(user):
    return jwt.encode({'sub': user}, app.config['SECRET_KEY'], algorithm='HS256')
`,
      },
      {
        title: 'Django',
        path: 'shop/settings.py',
        code: `
import os
from django.core.exceptions import ImproperlyConfigured

SECRET_KEY = os.environ.get('SECRET_KEY')
if not SECRET_KEY:
    raise ImproperlyConfigured('SECRET_KEY is missing')
JWT_SECRET_KEY = ''
`,
      },
    ],
  },
};

function checkAssignment(view: AssignmentView): Report | readonly Report[] | undefined {
  if (view.node.kind === 'AugAssign' || view.target === 'default' || isForTests(view)) return undefined;
  if (isFrameworkSecretName(view.name) && isSettingsPlace(view)) {
    const fallback = fallbackOf(view.valueNode.kind === 'Call' ? view.value : undefined, view);
    if (fallback) return fallback;
  }
  return namedLiterals(view.name, view.valueNode)
    .filter(({ name, node }) => isFrameworkSecretName(name) && isValue(node.value) && isSettingsPlace(view))
    .map(({ name, node }) => secretReport(view, node, name, node.value));
}

/** No template that is filled in when a project is made. */
function isValue(literal: string): boolean {
  return literal !== '' && !/\{\{|\$\{|\{%|<%/.test(literal);
}

/** `configuration_testing.py`, `class TestingConfig`. */
function isForTests(view: AssignmentView): boolean {
  return /test/i.test(view.path.split('/').at(-1) ?? '') || /test/i.test(view.class?.name ?? '');
}

/** `app.secret_key`, `config['SECRET_KEY']`, and settings in upper case at the top of a module or class. */
function isSettingsPlace(view: AssignmentView): boolean {
  if (view.target === 'attribute' || view.target === 'item') return true;
  return view.name === view.name.toUpperCase() && view.scope !== 'function';
}

/** `os.environ.get('SECRET_KEY', 'a literal')` and `config('SECRET_KEY', default='a literal')`. */
function fallbackOf(value: ValueView | undefined, view: AssignmentView): Report | undefined {
  const call = value?.madeBy;
  if (view.valueNode.kind !== 'Call') return undefined;
  const written =
    call?.argumentNode(1, 'default') ??
    view.valueNode.args[1] ??
    view.valueNode.keywords.find(({ name }) => name === 'default')?.value;
  const func = view.sourceOf(view.valueNode.func);
  if (
    !/(environ\.get|getenv|^config|^env(\.str)?|get_env_variable)$/.test(func) ||
    written?.kind !== 'Str' ||
    written.value === ''
  )
    return undefined;
  return fallbackReport(view, view.node, view.name, written.value);
}

/** `os.getenv('KEY') or 'a literal'` */
function fallbackIn(written: Expression | undefined): string | undefined {
  const last = written?.kind === 'BoolOp' && written.op === 'or' ? written.values.at(-1) : undefined;
  return last?.kind === 'Str' ? last.value : undefined;
}

function fallbackReport(place: Place, at: Node, name: string, value: string): Report {
  return {
    message: text`${code(name)} falls back to a literal (${shown(value)}) where nothing else is given.`,
    at,
    kind: 'advisory',
    severity: 'medium',
    fix: { text: text`Leave the default out, so that the program stops when the secret is missing.` },
    ...(place.role === 'example' ? { quiet: true } : {}),
  };
}

function checkKeywords(call: CallView): Report | undefined {
  for (const keyword of call.node.keywords) {
    if (keyword.name === null || !isFrameworkSecretName(keyword.name)) continue;
    // `app.config.update(SECRET_KEY=…)`, `from_mapping`, `settings.configure`, `Application(cookie_secret=…)`.
    const isFramework =
      /^[A-Z_]+$/.test(keyword.name) ||
      keyword.name === 'cookie_secret' ||
      call.argument(0)?.path?.endsWith('SessionMiddleware') === true;
    const value = call.argument(undefined, keyword.name)?.constant;
    if (isFramework && typeof value === 'string' && value !== '')
      return secretReport(call, keyword, keyword.name, value);
  }
  return undefined;
}

function given(call: CallView, position: number, name: string): Report | undefined {
  const value = call.argument(position, name);
  const fallback = value?.fallback?.constant ?? fallbackIn(call.argumentNode(position, name));
  if (typeof fallback === 'string' && fallback !== '' && !fallback.includes('-----BEGIN'))
    return fallbackReport(call, call.node, name, fallback);
  // The keys of asymmetric algorithms that are written in the code are public ones, or found by their form.
  if (typeof value?.constant !== 'string' || value.constant === '' || value.constant.includes('-----BEGIN'))
    return undefined;
  return secretReport(call, call.node, name, value.constant);
}

function checkHashids(call: CallView): Report | undefined {
  const salt = call.argument(0, 'salt');
  const written = call.argumentNode(0, 'salt');
  if (written && /(SECRET_KEY|secret_key)/.test(call.sourceOf(written))) {
    return {
      message: text`${call.quote(call.node)} uses the signing secret of the application as the salt of ids that everyone sees, from which it can be computed.`,
      at: call.node,
      cwe: [327, 321],
      fix: { text: text`Give Hashids a salt of its own.` },
    };
  }
  return typeof salt?.constant === 'string' && salt.constant !== ''
    ? { ...secretReport(call, call.node, 'salt', salt.constant), severity: 'low' }
    : undefined;
}

function secretReport(place: Place, at: Node, name: string, value: string): Report {
  const isPlaceholder = /insecure|^dev$|change.?me|example|your|replace|test|dummy/i.test(value);
  return {
    message: text`${code(name)}, which signs for the application, is written in the code: ${shown(value)}.`,
    at,
    ...(isPlaceholder || place.role === 'example' || isDevelopmentFile(place.path)
      ? { kind: 'advisory' as const, severity: 'medium' as const }
      : {}),
  };
}

function shown(value: string): Code {
  return code(mask(value));
}
