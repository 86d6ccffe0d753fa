import { text } from '../finding.ts';
import type { Expression } from '../syntax/ast.ts';
import { lastName } from '../syntax/headers.ts';
import type { Report, Rule } from './rule.ts';
import type { CompareView } from './views.ts';

export const rightsDecidedByClient: Rule = {
  id: 'rights-decided-by-client',
  title: 'The client says what it may do',
  cwe: [807, 565, 290],
  aspect: 'access',
  kind: 'advisory',
  severity: 'high',
  rows: [100, 102],
  summary:
    'A cookie, parameter, form field or header that is named like a right or a role (`is_admin`, `role`, `authenticated`) and is compared with a constant: `request.cookies.get("is_admin") == "true"`. Comparisons that only sort out what was asked for, such as a filter by role, are left out where the name of the constant shows it.',
  why: 'Everything in a request is chosen by whoever sends it: with a cookie of their own, anyone is an administrator.',
  fix: 'Keep rights on the server: in the session, or in the record of the user who logged in.',
  references: [
    'https://cwe.mitre.org/data/definitions/807.html',
    'https://cwe.mitre.org/data/definitions/565.html',
  ],
  roles: { test: 'silent', example: 'quiet' },
  on: { compare: check },
  examples: {
    bad: [
      {
        title: 'Flask and Django',
        code: `
from flask import Flask, request

app = Flask(__name__)

@app.route('/admin')
def admin():
    if request.cookies.get('is_admin') == 'true':  # report
        return panel()
    if request.args['admin'] == '1':  # report
        return panel()
    return 'no'

def view(request):
    if request.COOKIES.get('role') == 'admin':  # report
        return panel()
    return refuse() if request.headers['X-Role'] != 'admin' else panel()  # report
`,
      },
    ],
    good: [
      {
        title: 'rights of the server, filters, choices',
        code: `
from flask import Flask, request, session

app = Flask(__name__)

@app.route('/admin')
def admin():
    if session.get('is_admin') == 'true' or current_user.role == 'admin':
        return panel()
    if request.args.get('role') == 'editor':
        return list_editors()
    if request.cookies.get('theme') == 'dark':
        return dark()
    return request.cookies.get('is_admin') == stored_mark()
`,
      },
    ],
  },
};

/** Names that are rights by themselves, and names of roles, which are only where the role is a mighty one. */
const RIGHT =
  /^(x-)?(is_?|has_?)?(admin|administrator|superuser|super_user|staff|root|authenticated|authorized|authorised|logged_?in|loggedin|is_login|privileged|isadmin|admin_access)$/i;
const ROLE = /^(x-)?(user[-_]?)?(role|group|privilege|access[-_]?level|user_?type|permission|auth)$/i;
const MIGHTY = /^(admin|administrator|root|superuser|super|staff|owner|manager|true|1|yes|full)$/i;

function check(view: CompareView): Report | undefined {
  if (view.op !== '==' && view.op !== '!=') return undefined;
  return decides(view, view.leftNode, view.rightNode) ?? decides(view, view.rightNode, view.leftNode);
}

function decides(view: CompareView, given: Expression, constant: Expression): Report | undefined {
  if (constant.kind !== 'Str' && constant.kind !== 'Num' && constant.kind !== 'Constant') return undefined;
  const name = fieldIn(given);
  if (name === undefined) return undefined;
  const word = constant.kind === 'Str' ? constant.value : String(constant.value);
  if (!RIGHT.test(name) && !(ROLE.test(name) && MIGHTY.test(word))) return undefined;
  const source = view.sourceOf(given);
  if (!REQUEST.test(source)) return undefined;
  return {
    // Parameters are often what is asked for, and something else decides whether it is given.
    quiet: !/cookie|header/i.test(source),
    message: text`${view.quote(given)} is what the client sends, and decides here what it may do.`,
    at: view.node,
  };
}

const REQUEST =
  /\b(request|req)\.(cookies|COOKIES|args|form|values|GET|POST|headers|META|query_params|json|params|query|get_json\(\))/;

/** The constant key of a look-up: `request.cookies['role']`, `request.args.get('admin')`. */
function fieldIn(expression: Expression): string | undefined {
  if (expression.kind === 'Subscript')
    return expression.index.kind === 'Str' ? expression.index.value : undefined;
  if (expression.kind !== 'Call' || !/^get(_cookie|_argument)?$/.test(lastName(expression.func)))
    return undefined;
  const [key] = expression.args;
  return key?.kind === 'Str' ? key.value : undefined;
}
