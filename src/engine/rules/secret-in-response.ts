import { text } from '../finding.ts';
import type { Rule } from './rule.ts';

const SECRET =
  /SECRET|PASSWORD|PASSWD|PRIVATE_KEY|API_?KEY|ACCESS_KEY|AUTH_TOKEN|ENCRYPTION_KEY|SIGNING_KEY/i;
const PUBLIC = /PUBLIC|PUBLISHABLE|CLIENT_ID|CSRF|SITE_KEY/i;

export const secretInResponse: Rule = {
  id: 'secret-in-response',
  title: 'A secret of the server is sent to the client',
  cwe: [200, 522],
  aspect: 'exposure',
  kind: 'defect',
  severity: 'high',
  rows: [78],
  summary:
    'A key or password of the server (`settings.SECRET_KEY`, an environment variable with such a name, the whole environment) becomes part of a response.',
  why: 'Whoever may call the page gets the key, and with it what it protects: sessions, signatures, other services.',
  fix: 'Leave it out of the response; send only what the client needs.',
  references: ['https://cwe.mitre.org/data/definitions/200.html'],
  flow: {
    sinks: ['response', 'html'],
    levels: { local: 'defect' },
    accepts: (flow) => {
      if (flow.source.what === 'the secret key of the application') return true;
      if (flow.source.what !== 'an environment variable') return false;
      // `os.environ['KEY']`: the name stands behind the source.
      const at = flow.source.at;
      const name = flow.module.text.slice(at.start, at.end + 60).split('\n', 1)[0]!;
      // `dict(os.environ)`, `os.environ.copy()`: all of it.
      if (/^os\.environ(?!\s*\[|\.(get|pop|setdefault|keys)\b|\w)/.test(name)) return true;
      return SECRET.test(name) && !PUBLIC.test(name);
    },
    message: (flow) => text`${flow.source.code}, ${flow.source.what}, becomes part of the response.`,
  },
  examples: {
    bad: [
      {
        title: 'settings and environment',
        code: `
import os
from django.conf import settings
from django.http import JsonResponse
from flask import Flask, jsonify

app = Flask(__name__)

@app.route('/config')
def config():
    return jsonify(key=os.environ['STRIPE_SECRET_KEY'])  # report

@app.route('/environment')
def environment():
    return dict(os.environ)  # report

def debug(request):
    return JsonResponse({'key': settings.SECRET_KEY})  # report
`,
      },
    ],
    good: [
      {
        title: 'public values, and secrets that are only used',
        code: `
import hmac
import os
from django.conf import settings
from flask import Flask, jsonify, request

app = Flask(__name__)

@app.route('/config')
def config():
    digest = hmac.new(os.environ['SIGNING_KEY'].encode(), request.data, 'sha256').hexdigest()
    return jsonify(version=os.environ['VERSION'], key=os.environ['STRIPE_PUBLISHABLE_KEY'], digest=digest)
`,
      },
    ],
  },
};
