import { text } from '../finding.ts';
import type { Rule } from './rule.ts';
import type { FlowView } from './views.ts';

/** Keys by which the server later decides what somebody may do. */
const TRUSTED_KEY =
  /['"](?:is_?)?(?:admin|role|roles|perm\w*|staff|superuser|user_?id|uid|user_?name|user|tenant\w*|group\w*|auth\w*|logged_?in)['"]/i;
/** A key that is not written out: whoever chooses it chooses the field. */
const CHOSEN_KEY = /\[\s*([A-Za-z_][\w.]*)\s*\]$/;
const CHECKED =
  /authenticate|check_password|verify|login|validate|compare_digest|checkpw|hash|filter_by|\.objects\.|\.query\b|execute|is_valid|get_user|passw(?:or)?d['"\])]*\s*[!=]=/i;

function isChosenOutside(flow: FlowView, target: string): boolean {
  // `session[request.form['key']]`
  if (target.includes(`[${flow.source.code.code}]`)) return true;
  const name = CHOSEN_KEY.exec(target)?.[1];
  if (name === undefined) return false;
  const around = flow.function ?? flow.module;
  // `for key, value in request.form.items()`, `key = request.args['key']`
  const bound = new RegExp(`\\b${name.replaceAll('.', '\\.')}\\b[\\w, ]*(?:=| in )[^\\n]*\\brequest\\b`);
  return bound.test(around.sourceOf(around.node));
}

function isChecked(flow: FlowView): boolean {
  const around = flow.function ?? flow.module;
  return CHECKED.test(around.sourceOf(around.node).replace(/^[\s\S]*?:\n/, ''));
}

export const trustBoundaryViolation: Rule = {
  id: 'trust-boundary-violation',
  title: 'Outside input in a trusted field of the session',
  cwe: [501, 639],
  aspect: 'access',
  kind: 'defect',
  severity: 'high',
  rows: [100],
  summary:
    'A field of the session by which the server decides who somebody is and what he may do (`user`, `role`, `is_admin`) is set to a value of the request, and nothing in the function checks it.',
  why: 'Everything in the session counts as made by the server: whoever sends `role=admin` is an administrator from then on.',
  fix: 'Set the field to a value that comes from the database after the user was authenticated.',
  references: ['https://cwe.mitre.org/data/definitions/501.html'],
  flow: {
    sinks: ['session'],
    levels: { remote: 'defect' },
    accepts: (flow) => {
      const target = flow.sourceOf(flow.node);
      return (TRUSTED_KEY.test(target) || isChosenOutside(flow, target)) && !isChecked(flow);
    },
    message: (flow) =>
      text`${flow.quote(flow.node)}, which the server trusts, is set to ${flow.source.what} (${flow.source.code}) without a check.`,
  },
  examples: {
    bad: [
      {
        title: 'a role',
        code: `
from django.http import HttpResponse
from flask import Flask, request, session

app = Flask(__name__)

@app.post('/switch')
def switch():
    session['role'] = request.form['role']  # report
    return ''

def view(request):
    request.session['user_id'] = request.POST['user']  # report

@app.post('/remember')
def remember():
    key = request.form['key']
    session[key] = '1'  # report
    session[request.form['other']] = '1'  # report
    return ''
`,
      },
    ],
    good: [
      {
        title: 'the password is compared',
        code: `
from flask import Flask, abort, request, session
from app.settings import config

app = Flask(__name__)

@app.post('/session')
def start():
    name, password = request.json.get('name'), request.json.get('password')
    if name != config['auth']['name'] or password != config['auth']['password']:
        abort(401)
    session['username'] = name
    return {}
`,
      },
      {
        title: 'checked first, or a preference',
        code: `
from django.http import HttpResponse
from flask import Flask, request, session

app = Flask(__name__)

@app.post('/enter')
def enter():
    if not check_password(request.form['user'], request.form['password']):
        return 'no', 403
    session['user'] = request.form['user']
    return ''

@app.post('/theme')
def theme():
    session['theme'] = request.form['theme']
    return ''
`,
      },
    ],
  },
};
