import { text } from '../finding.ts';
import type { Rule } from './rule.ts';
import { calledAs } from './support/called-as.ts';

/** Cookies that the server takes as proof of something. */
const TRUSTED_COOKIE = /sess|auth|token|csrf|user(?!.*(?:lang|theme))|role|admin|permission|login/i;

export const cookieInjection: Rule = {
  id: 'cookie-injection',
  title: 'Outside input in a cookie',
  cwe: [565, 384, 20],
  aspect: 'validation',
  kind: 'defect',
  severity: 'medium',
  rows: [29],
  summary:
    'Outside input that names a cookie, or that becomes the value of a cookie which the server trusts (session, token, user, role).',
  why: 'A link can then set the session of the one who opens it to one the sender knows, or set any cookie of the site.',
  fix: 'Set cookies with fixed names, to values that the server made.',
  references: [
    'https://owasp.org/www-community/attacks/Session_fixation',
    'https://cwe.mitre.org/data/definitions/565.html',
  ],
  flow: {
    sinks: ['cookie-name', 'cookie-value'],
    levels: { remote: 'defect' },
    accepts: (flow) => {
      if (/header of the request|cookie of the request|JSON body/.test(flow.source.what)) return false;
      if (flow.kind === 'cookie-name') return true;
      const name = flow.call?.argument(0, 'key')?.constant ?? flow.call?.argument(0, 'name')?.constant;
      return (
        typeof name === 'string' &&
        TRUSTED_COOKIE.test(name) &&
        !/redirect|next|return|url|lang|theme|region/i.test(name)
      );
    },
    message: (flow) =>
      flow.kind === 'cookie-name'
        ? text`${flow.origin} names the cookie that ${calledAs(flow)} sets.`
        : text`${flow.origin} becomes the value of a cookie that the server trusts, in ${calledAs(flow)}.`,
  },
  examples: {
    bad: [
      {
        title: 'the name, and a session',
        code: `
from django.http import HttpResponse
from flask import Flask, make_response, request

app = Flask(__name__)

@app.route('/set')
def set_cookie():
    response = make_response('')
    response.set_cookie(request.args['name'], '1')  # report
    response.set_cookie('session_id', request.args['sid'], secure=True, httponly=True)  # report
    return response

def view(request):
    response = HttpResponse('')
    response.set_cookie('is_admin', request.GET['admin'])  # report
    return response
`,
      },
    ],
    good: [
      {
        title: 'a preference, or a value of the server',
        code: `
import secrets
from flask import Flask, make_response, request

app = Flask(__name__)

@app.route('/set')
def set_cookie():
    response = make_response('')
    response.set_cookie('theme', request.args['theme'])
    response.set_cookie('session_id', secrets.token_hex(), secure=True, httponly=True)
    return response
`,
      },
      {
        title: 'another cookie of the one who sends both',
        code: `
from typing import Annotated
from fastapi import APIRouter, Cookie
from fastapi.responses import JSONResponse

router = APIRouter()

@router.post('/impersonate')
async def impersonate(access_token: Annotated[str | None, Cookie()] = None):
    response = JSONResponse({})
    response.set_cookie('admin_access_token', access_token, secure=True, httponly=True, samesite='strict')
    return response
`,
      },
    ],
  },
};
