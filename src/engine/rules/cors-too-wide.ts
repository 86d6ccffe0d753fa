import { code, text } from '../finding.ts';
import type { Report, Rule } from './rule.ts';
import { isDevelopmentFile } from './support/environments.ts';
import type { AssignmentView, CallView, ValueView } from './views.ts';

/** Methods that set a header whose name is their first argument. */
const SETTERS = [
  'add',
  'set',
  'setdefault',
  'set_header',
  'add_header',
  'append_header',
  'send_header',
  '__setitem__',
];

export const corsTooWide: Rule = {
  id: 'cors-too-wide',
  title: 'Every site may read the answers (CORS)',
  cwe: [942, 346],
  aspect: 'network',
  kind: 'defect',
  severity: 'medium',
  rows: [86],
  summary:
    'Cross-origin sharing with any origin together with credentials, and an `Access-Control-Allow-Origin` that repeats the origin of the request: flask-cors, django-cors-headers, Starlette and FastAPI `CORSMiddleware`, aiohttp-cors, Falcon, Sanic, and headers that are set by hand. Any origin without credentials is an advisory.',
  why: "Any page that a logged-in user visits can then send requests with the user's cookies and read what comes back.",
  fix: 'List the origins that may read, as complete origins: `https://app.example.com`.',
  references: [
    'https://developer.mozilla.org/en-US/docs/Web/HTTP/Guides/CORS',
    'https://fastapi.tiangolo.com/tutorial/cors/',
    'https://github.com/adamchainz/django-cors-headers',
    'https://flask-cors.readthedocs.io/en/latest/',
  ],
  calls: [
    {
      paths: ['fastapi.FastAPI.add_middleware', 'starlette.applications.Starlette.add_middleware'],
      check: checkAddMiddleware,
    },
    {
      paths: [
        'starlette.middleware.cors.CORSMiddleware',
        'fastapi.middleware.cors.CORSMiddleware',
        'starlette.middleware.Middleware',
      ],
      check: checkMiddleware,
    },
    {
      paths: [
        'flask_cors.CORS',
        'flask_cors.cross_origin',
        'quart_cors.cors',
        'sanic_cors.CORS',
        'sanic_ext.Config',
      ],
      check: checkFlask,
    },
    { paths: ['aiohttp_cors.setup'], check: checkAiohttp },
    { paths: ['aws_cdk.aws_apigateway.CorsOptions'], check: checkGateway },
    { paths: [], names: SETTERS, check: checkByName },
  ],
  on: { assignment: { names: isOriginSetting, check: checkAssignment } },
  examples: {
    bad: [
      {
        title: 'FastAPI with credentials',
        kind: 'defect',
        code: `
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

origins = ['*']
app = FastAPI()
app.add_middleware(  # report
    CORSMiddleware,
    allow_origins=origins,
    allow_credentials=True,
)
app.add_middleware(CORSMiddleware, allow_origin_regex='.*', allow_credentials=True)  # report
`,
      },
      {
        title: 'without credentials',
        kind: 'advisory',
        code: `
from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=['*'], allow_methods=['GET'])  # report
`,
      },
      {
        title: 'Flask',
        kind: 'defect',
        code: `
from flask import Flask, request
from flask_cors import CORS

app = Flask(__name__)
CORS(app, supports_credentials=True)  # report
CORS(app, origins='*', supports_credentials=True)  # report

@app.after_request
def headers(response):
    response.headers['Access-Control-Allow-Origin'] = request.headers.get('Origin')  # report
    response.headers['Access-Control-Allow-Credentials'] = 'true'
    return response
`,
      },
      {
        title: 'Django',
        path: 'shop/settings.py',
        kind: 'defect',
        code: `
CORS_ALLOW_ALL_ORIGINS = True  # report
CORS_ALLOW_CREDENTIALS = True
`,
      },
    ],
    good: [
      {
        title: 'named origins',
        code: `
import os
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware
from flask import Flask
from flask_cors import CORS

api = FastAPI()
api.add_middleware(CORSMiddleware, allow_origins=['https://app.example.com'], allow_credentials=True)
api.add_middleware(CORSMiddleware, allow_origins=os.environ['ORIGINS'].split(','), allow_credentials=True)
app = Flask(__name__)
CORS(app, origins=['https://app.example.com'], supports_credentials=True)

def headers(response):
    response.headers['Access-Control-Allow-Origin'] = 'https://app.example.com'
    return response
`,
      },
      {
        title: 'the origin is looked up in a list',
        code: `
from flask import Flask, request

app = Flask(__name__)
ALLOWED = {'https://app.example.com'}

@app.after_request
def headers(response):
    origin = request.headers.get('Origin')
    if origin in ALLOWED:
        response.headers['Access-Control-Allow-Origin'] = origin
    return response
`,
      },
      {
        title: 'settings',
        path: 'shop/settings.py',
        code: `\nCORS_ALLOW_ALL_ORIGINS = False\nCORS_ALLOWED_ORIGINS = ['https://app.example.com']\n`,
      },
    ],
  },
};

function checkAddMiddleware(call: CallView): Report | undefined {
  return /CORSMiddleware$/.test(call.argument(0)?.path ?? call.sourceOf(call.argumentNode(0) ?? call.node))
    ? checkMiddleware(call)
    : undefined;
}

function checkMiddleware(call: CallView): Report | undefined {
  const origins = call.argument(undefined, 'allow_origins');
  const pattern = call.argument(undefined, 'allow_origin_regex')?.constant;
  const isAny =
    isEverybody(origins) || (typeof pattern === 'string' && /^\^?(https\?:\/\/)?\.[*+]\$?$/.test(pattern));
  return isAny
    ? report(call, call.node, call.argument(undefined, 'allow_credentials')?.isTrue === true)
    : undefined;
}

/** flask-cors: every origin unless some are named (https://flask-cors.readthedocs.io/en/latest/api.html). */
function checkFlask(call: CallView): Report | undefined {
  if (call.hasUnknownArguments || call.argument(undefined, 'resources')) return checkResources(call);
  const origins = call.argument(undefined, 'origins') ?? call.argument(undefined, 'allow_origin');
  if (origins !== undefined && !isEverybody(origins)) return undefined;
  return report(call, call.node, call.argument(undefined, 'supports_credentials')?.isTrue === true);
}

function checkResources(call: CallView): Report | undefined {
  const resources = call.argument(undefined, 'resources');
  const keys = resources?.keys ?? [];
  const isOpen = keys.some((key) => isEverybody(resources?.entry(key)?.entry('origins')));
  return isOpen
    ? report(call, call.node, call.argument(undefined, 'supports_credentials')?.isTrue === true)
    : undefined;
}

/** https://github.com/aio-libs/aiohttp-cors: defaults by origin. */
function checkAiohttp(call: CallView): Report | undefined {
  const options = call.argument(1, 'defaults')?.entry('*');
  const credentials =
    options?.madeBy?.argument(undefined, 'allow_credentials') ?? options?.entry('allow_credentials');
  return options ? report(call, call.node, credentials?.isTrue === true) : undefined;
}

/** https://docs.aws.amazon.com/cdk/api/v2/python/aws_cdk.aws_apigateway/CorsOptions.html */
function checkGateway(call: CallView): Report | undefined {
  const origins = call.argument(undefined, 'allow_origins');
  const isAny = origins?.path?.endsWith('.Cors.ALL_ORIGINS') || isEverybody(origins);
  return isAny
    ? report(call, call.node, call.argument(undefined, 'allow_credentials')?.isTrue === true)
    : undefined;
}

function isEverybody(value: ValueView | undefined): boolean {
  if (value?.constant === '*' || value?.constant === '.*') return true;
  return value?.elements?.some((element) => element.constant === '*' || element.constant === '.*') ?? false;
}

/** `response.headers.add('Access-Control-Allow-Origin', origin)` and `set_header`. */
function checkByName(call: CallView): Report | undefined {
  const header = call.argument(0)?.constant;
  return typeof header === 'string' && isOriginHeader(header)
    ? checkHeader(call, call.argument(1), call.node)
    : undefined;
}

function isOriginSetting(name: string): boolean {
  return isOriginHeader(name) || /^CORS_(ALLOW_ALL_ORIGINS|ORIGIN_ALLOW_ALL)$/.test(name);
}

function isOriginHeader(name: string): boolean {
  return name.toLowerCase() === 'access-control-allow-origin';
}

function checkAssignment(view: AssignmentView): Report | undefined {
  const { name, target, value } = view;
  if (target === 'item' && isOriginHeader(name)) return checkHeader(view, value, view.node);
  if (!value.isTrue || target === 'default' || isOriginHeader(name)) return undefined;
  if (isDevelopmentFile(view.path) || (view.scope === 'function' && target === 'name')) return undefined;
  const withCredentials = /^\s*CORS_ALLOW_CREDENTIALS\s*=\s*True/m.test(view.module.text);
  return report(view, view.node, withCredentials);
}

/** A star, or the origin of the request as it came. */
function checkHeader(
  view: CallView | AssignmentView,
  value: ValueView | undefined,
  at: Report['at'],
): Report | undefined {
  const allowsCredentials = /Access-Control-Allow-Credentials['"]?\s*[\],]\s*[=,]?\s*['"]?true/i.test(
    view.module.text,
  );
  // The browser refuses a star together with credentials.
  if (value?.constant === '*') return { ...report(view, at, false), quiet: true };
  const reflected = value?.sources.find((source) => source.level === 'remote');
  if (!reflected || !value?.reaches('redirect') || isChosen(view)) return undefined;
  return {
    kind: allowsCredentials ? 'defect' : 'advisory',
    message: text`${view.quote(at)} lets whatever origin asks (${reflected.code}) read the answer.`,
    at,
  };
}

/** Whether a condition of the function has to do with origins: which of them may read is then decided somehow. */
function isChosen(view: CallView | AssignmentView): boolean {
  const source = view.function ? view.sourceOf(view.function.node) : view.module.text;
  return !/origin/i.test(source) || /^\s*(?:el)?if\b.*(?:origin|allow|cors|trusted)/im.test(source);
}

function report(view: CallView | AssignmentView, at: Report['at'], withCredentials: boolean): Report {
  const with_ = withCredentials ? ', with the cookies of the user' : '';
  const what = 'callee' in view ? view.quote(view.node.func) : code(view.name);
  return {
    kind: withCredentials ? 'defect' : 'advisory',
    message: text`${what} lets pages of every site read the answers${with_}.`,
    at,
  };
}
