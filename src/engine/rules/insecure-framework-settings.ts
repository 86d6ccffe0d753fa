import { code, text } from '../finding.ts';
import type { Node } from '../syntax/ast.ts';
import type { Report, Rule } from './rule.ts';
import { isDevelopmentFile } from './support/environments.ts';
import type { AssignmentView, CallView, Place, ValueView } from './views.ts';

export const insecureFrameworkSettings: Rule = {
  id: 'insecure-framework-settings',
  title: 'Framework setting that turns a protection off',
  cwe: [693, 16, 502],
  aspect: 'configuration',
  kind: 'advisory',
  severity: 'medium',
  rows: [46, 87, 88, 115],
  summary:
    'Settings of Django and Django REST framework that take a protection away: any host (`ALLOWED_HOSTS = ["*"]`), everything allowed by default (`DEFAULT_PERMISSION_CLASSES` with `AllowAny`), no redirect to HTTPS or no HSTS where it is switched off on purpose, framing by every site (`X_FRAME_OPTIONS = "ALLOWALL"`), content sniffing, no password validators; and pickles as the format of Celery messages or Django sessions. A defect in files for production, not reported in files for development.',
  why: 'These settings are the net under all views: where they are off, each view has to remember the protection by itself.',
  fix: 'Leave the setting at its default, or read it from the environment where one place needs it off; `manage.py check --deploy` lists what is left.',
  references: [
    'https://docs.djangoproject.com/en/stable/howto/deployment/checklist/',
    'https://docs.djangoproject.com/en/stable/ref/settings/#allowed-hosts',
    'https://www.django-rest-framework.org/api-guide/permissions/#setting-the-permission-policy',
  ],
  roles: { test: 'silent' },
  calls: [
    { paths: [], keywords: ['allowed_hosts'], check: checkTrustedHosts },
    {
      paths: [],
      keywords: (name) => name in PICKLE_SETTINGS,
      check: (call) =>
        call.node.keywords.flatMap((keyword) => {
          const value = keyword.name === null ? undefined : call.argument(undefined, keyword.name);
          return keyword.name !== null && keyword.name in PICKLE_SETTINGS && value && takesPickles(value)
            ? [picklesReport(call, keyword, keyword.name)]
            : [];
        }),
    },
  ],
  on: {
    assignment: { names: (name) => name in SETTINGS || name in PICKLE_SETTINGS, check },
  },
  examples: {
    bad: [
      {
        title: 'Django',
        path: 'shop/settings.py',
        kind: 'advisory',
        code: `
ALLOWED_HOSTS = ['*']  # report
X_FRAME_OPTIONS = 'ALLOWALL'  # report
SECURE_CONTENT_TYPE_NOSNIFF = False  # report
AUTH_PASSWORD_VALIDATORS = []  # report

SECURE_SSL_REDIRECT = False  # report
SECURE_HSTS_SECONDS = 0  # report
CSRF_TRUSTED_ORIGINS = ['https://*']  # report
CORS_ALLOWED_ORIGIN_REGEXES = [r'.*']  # report
EMAIL_USE_TLS = False  # report
AWS_DEFAULT_ACL = 'public-read'  # report
FILE_UPLOAD_PERMISSIONS = 0o666  # report

REST_FRAMEWORK = {
    'DEFAULT_PERMISSION_CLASSES': ['rest_framework.permissions.AllowAny'],  # report
    'DEFAULT_AUTHENTICATION_CLASSES': [],  # report
}
`,
      },
      {
        title: 'production',
        path: 'shop/settings/production.py',
        kind: 'defect',
        code: `
ALLOWED_HOSTS = ['*']  # report
SECURE_SSL_REDIRECT = False  # report
SECURE_HSTS_SECONDS = 0  # report
`,
      },
      {
        title: 'Starlette',
        kind: 'advisory',
        code: `
from fastapi import FastAPI
from starlette.middleware.trustedhost import TrustedHostMiddleware

app = FastAPI()
app.add_middleware(TrustedHostMiddleware, allowed_hosts=['*'])  # report
`,
      },
      {
        title: 'pickles',
        kind: 'advisory',
        code: `
from celery import Celery

app = Celery('shop')
app.conf.accept_content = ['pickle', 'json']  # report
app.conf.update(
    task_serializer='pickle',  # report
)
`,
      },
    ],
    good: [
      {
        title: 'JSON',
        code: `
from celery import Celery

app = Celery('shop')
app.conf.update(task_serializer='json', accept_content=['json'])
`,
      },
      {
        title: 'on',
        path: 'shop/settings/production.py',
        code: `
import os

ALLOWED_HOSTS = ['shop.example.com']
ALLOWED_HOSTS = os.environ['HOSTS'].split(',')
SECURE_SSL_REDIRECT = True
SECURE_HSTS_SECONDS = 31536000
X_FRAME_OPTIONS = 'DENY'
CSRF_TRUSTED_ORIGINS = ['https://*.example.com']
EMAIL_USE_TLS = False
EMAIL_USE_SSL = True
AWS_DEFAULT_ACL = 'private'
FILE_UPLOAD_PERMISSIONS = 0o644
REST_FRAMEWORK = {
    'DEFAULT_PERMISSION_CLASSES': ['rest_framework.permissions.IsAuthenticated'],
}
`,
      },
      {
        title: 'development',
        path: 'shop/settings/dev.py',
        code: `\nALLOWED_HOSTS = ['*']\nAUTH_PASSWORD_VALIDATORS = []\n`,
      },
      {
        title: 'no settings',
        path: 'shop/views.py',
        code: `\ndef show(request):\n    ALLOWED_HOSTS = ['*']\n    return ALLOWED_HOSTS\n`,
      },
    ],
  },
};

/** https://docs.celeryq.dev/en/stable/userguide/security.html#serializers, and Django's sessions up to 5.0. */
const PICKLE_SETTINGS: Readonly<Record<string, string>> = {
  task_serializer: 'sends tasks as pickles',
  result_serializer: 'sends results as pickles',
  event_serializer: 'sends events as pickles',
  accept_content: 'runs what any message in the broker names',
  result_accept_content: 'runs what any message in the broker names',
  CELERY_TASK_SERIALIZER: 'sends tasks as pickles',
  CELERY_RESULT_SERIALIZER: 'sends results as pickles',
  CELERY_ACCEPT_CONTENT: 'runs what any message in the broker names',
  SESSION_SERIALIZER: 'runs what a session names, which its cookie or the cache can hold',
};

function takesPickles(value: ValueView): boolean {
  const values = value.elements ?? [value];
  return values.some(
    ({ constant }) =>
      typeof constant === 'string' &&
      (constant === 'pickle' ||
        constant === 'application/x-python-serialize' ||
        constant.endsWith('.PickleSerializer')),
  );
}

function picklesReport(place: Place, at: Node, name: string): Report {
  return {
    kind: 'advisory',
    cwe: [502],
    message: text`${code(name)} ${PICKLE_SETTINGS[name] ?? ''}.`,
    at,
    fix: { text: text`Use JSON: whoever can write there runs code in the process that reads it.` },
    ...(place.role === 'example' ? { quiet: true } : {}),
  };
}

function check(view: AssignmentView): Report | undefined {
  if (view.name in PICKLE_SETTINGS) {
    const isSetting = view.target === 'attribute' || (view.target === 'name' && view.scope !== 'function');
    return isSetting && takesPickles(view.value) ? picklesReport(view, view.node, view.name) : undefined;
  }
  if (view.role !== 'settings' && !/(^|\/)(config|conf)\w*\.py$/.test(view.path)) return undefined;
  if (isDevelopmentFile(view.path) || view.scope === 'function') return undefined;
  const wrong = wrongIn(view);
  if (wrong === undefined) return undefined;
  const isProduction = /(^|[/_.-])(prod|production|live|deploy)\w*\.py$/i.test(view.path);
  return {
    kind: isProduction ? 'defect' : 'advisory',
    quiet: !isProduction && OFTEN_MEANT.has(view.name),
    cwe: SETTINGS[view.name] ?? [],
    message: text`${code(view.name)} ${wrong}.`,
    at: view.node,
  };
}

/** https://www.starlette.io/middleware/#trustedhostmiddleware: with a star, it lets every name pass. */
function checkTrustedHosts(call: CallView): Report | undefined {
  const isMeant = /TrustedHostMiddleware$/.test(call.argument(0)?.path ?? call.callee);
  const hosts = call.argument(undefined, 'allowed_hosts')?.elements;
  return isMeant && hosts?.some(({ constant }) => constant === '*')
    ? {
        quiet: true,
        cwe: [644, 20],
        message: text`${call.quote(call.node.func)} lets requests for every host name pass.`,
        at: call.node,
      }
    : undefined;
}

/** The settings, with what is missing where they are off. */
const SETTINGS: Readonly<Record<string, readonly number[]>> = {
  ALLOWED_HOSTS: [644, 20, 16],
  X_FRAME_OPTIONS: [1021, 693],
  SECURE_CONTENT_TYPE_NOSNIFF: [693, 16],
  AUTH_PASSWORD_VALIDATORS: [521],
  DEFAULT_PERMISSION_CLASSES: [862, 306],
  SECURE_SSL_REDIRECT: [319, 311],
  SECURE_HSTS_SECONDS: [319, 523],
  DEFAULT_AUTHENTICATION_CLASSES: [306, 287],
  DEBUG_PROPAGATE_EXCEPTIONS: [209, 489],
  CSRF_TRUSTED_ORIGINS: [352, 346],
  CORS_ALLOWED_ORIGIN_REGEXES: [942, 346],
  EMAIL_USE_TLS: [319, 523],
  AWS_DEFAULT_ACL: [732, 284],
  FILE_UPLOAD_PERMISSIONS: [732, 276],
};
/** Where a proxy in front, or what the data is for, may make it right. */
const OFTEN_MEANT: ReadonlySet<string> = new Set([
  'SECURE_SSL_REDIRECT',
  'SECURE_HSTS_SECONDS',
  'DEFAULT_AUTHENTICATION_CLASSES',
  'DEBUG_PROPAGATE_EXCEPTIONS',
  'EMAIL_USE_TLS',
  'AWS_DEFAULT_ACL',
]);

/** What the setting does, or undefined where it protects. */
function wrongIn({ name, value, module }: AssignmentView): string | undefined {
  const first = value.elements?.map((element) => element.constant) ?? [];
  switch (name) {
    case 'ALLOWED_HOSTS':
      return first.includes('*')
        ? 'takes requests for every host name, so that their Host header is believed'
        : undefined;
    case 'X_FRAME_OPTIONS':
      return typeof value.constant === 'string' && !/^(DENY|SAMEORIGIN)$/i.test(value.constant)
        ? 'lets every site show the pages in a frame'
        : undefined;
    case 'SECURE_CONTENT_TYPE_NOSNIFF':
      return value.constant === false ? 'lets browsers guess the type of what they get' : undefined;
    case 'AUTH_PASSWORD_VALIDATORS':
      return value.elements?.length === 0 ? 'takes every password, however weak' : undefined;
    case 'DEFAULT_PERMISSION_CLASSES':
      return first.length > 0 && first.every((entry) => entry === 'rest_framework.permissions.AllowAny')
        ? 'lets everybody call every view that says nothing else'
        : undefined;
    case 'SECURE_SSL_REDIRECT':
      return value.constant === false ? 'serves pages over plain HTTP' : undefined;
    case 'SECURE_HSTS_SECONDS':
      return value.constant === 0 ? 'lets browsers come back over plain HTTP' : undefined;
    case 'DEFAULT_AUTHENTICATION_CLASSES':
      return value.elements?.length === 0 ? 'asks nobody who they are' : undefined;
    case 'DEBUG_PROPAGATE_EXCEPTIONS':
      return value.isTrue ? 'passes exceptions on to the server instead of answering' : undefined;
    case 'CSRF_TRUSTED_ORIGINS':
      return first.some((origin) => /^(https?:\/\/)?\*$/.test(String(origin)))
        ? 'trusts requests of every site'
        : undefined;
    case 'CORS_ALLOWED_ORIGIN_REGEXES':
      return first.some((origin) => /^\^?(https\?:\/\/)?\.[*+]\$?$/.test(String(origin)))
        ? 'lets pages of every site read the answers'
        : undefined;
    case 'EMAIL_USE_TLS':
      return value.constant === false && !/EMAIL_USE_SSL/.test(module.text)
        ? 'sends mail, and the password for it, without encryption'
        : undefined;
    case 'AWS_DEFAULT_ACL':
      return /^public-read/.test(String(value.constant))
        ? 'lets everybody read every uploaded file'
        : undefined;
    case 'FILE_UPLOAD_PERMISSIONS':
      return typeof value.constant === 'number' && (value.constant & 0o002) !== 0
        ? 'lets everybody on the machine change uploaded files'
        : undefined;
    default:
      return undefined;
  }
}
