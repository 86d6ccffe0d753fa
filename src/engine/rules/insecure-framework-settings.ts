import { code, text } from '../finding.ts';
import type { Report, Rule } from './rule.ts';
import { isDevelopmentFile } from './support/environments.ts';
import type { AssignmentView } from './views.ts';

export const insecureFrameworkSettings: Rule = {
  id: 'insecure-framework-settings',
  title: 'Framework setting that turns a protection off',
  cwe: [693, 16],
  aspect: 'configuration',
  kind: 'advisory',
  severity: 'medium',
  rows: [87, 88, 115],
  summary:
    'Settings of Django and Django REST framework that take a protection away: any host (`ALLOWED_HOSTS = ["*"]`), everything allowed by default (`DEFAULT_PERMISSION_CLASSES` with `AllowAny`), no redirect to HTTPS or no HSTS where it is switched off on purpose, framing by every site (`X_FRAME_OPTIONS = "ALLOWALL"`), content sniffing, no password validators. A defect in files for production, not reported in files for development.',
  why: 'These settings are the net under all views: where they are off, each view has to remember the protection by itself.',
  fix: 'Leave the setting at its default, or read it from the environment where one place needs it off; `manage.py check --deploy` lists what is left.',
  references: [
    'https://docs.djangoproject.com/en/stable/howto/deployment/checklist/',
    'https://docs.djangoproject.com/en/stable/ref/settings/#allowed-hosts',
    'https://www.django-rest-framework.org/api-guide/permissions/#setting-the-permission-policy',
  ],
  roles: { test: 'silent' },
  on: { assignment: { check } },
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

REST_FRAMEWORK = {
    'DEFAULT_PERMISSION_CLASSES': ['rest_framework.permissions.AllowAny'],  # report
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
    ],
    good: [
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

function check(view: AssignmentView): Report | undefined {
  if (view.role !== 'settings' && !/(^|\/)(config|conf)\w*\.py$/.test(view.path)) return undefined;
  if (isDevelopmentFile(view.path) || view.scope === 'function') return undefined;
  const wrong = wrongIn(view);
  if (wrong === undefined) return undefined;
  const isProduction = /(^|[/_.-])(prod|production|live|deploy)\w*\.py$/i.test(view.path);
  return {
    kind: isProduction ? 'defect' : 'advisory',
    message: text`${code(view.name)} ${wrong}.`,
    at: view.node,
  };
}

/** What the setting does, or undefined where it protects. */
function wrongIn({ name, value, path }: AssignmentView): string | undefined {
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
      return value.constant === false && /prod|live|deploy/i.test(path)
        ? 'serves pages over plain HTTP'
        : undefined;
    case 'SECURE_HSTS_SECONDS':
      return value.constant === 0 && /prod|live|deploy/i.test(path)
        ? 'lets browsers come back over plain HTTP'
        : undefined;
    default:
      return undefined;
  }
}
