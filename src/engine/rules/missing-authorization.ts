import { code, text } from '../finding.ts';
import type { Expression } from '../syntax/ast.ts';
import type { Report, Rule } from './rule.ts';
import { accessCheckIn, isPublicByName } from './support/access-control.ts';
import type { ClassView, FunctionView, ModuleView } from './views.ts';

export const missingAuthorization: Rule = {
  id: 'missing-authorization',
  title: 'Access check missing where its siblings have one',
  cwe: [862, 306],
  aspect: 'access',
  kind: 'defect',
  severity: 'high',
  rows: [102, 115],
  summary:
    'A route, view or API method without any access check (decorator, dependency, permission class, policy call, question about the user) in a module or class where all the others have one, at least three of them. A defect where it changes something, an advisory where it only reads. Names that say that they are for everybody (login, health, webhook) and modules whose check is made for all routes at once are left out.',
  why: 'What every neighbour checks was most likely forgotten here, and then anyone can call it.',
  fix: 'Give it the check that its neighbours have, or say with its name or a comment that it is for everybody.',
  references: [
    'https://owasp.org/Top10/A01_2021-Broken_Access_Control/',
    'https://flask-login.readthedocs.io/en/latest/#protecting-views',
    'https://fastapi.tiangolo.com/tutorial/security/',
  ],
  roles: { test: 'silent', example: 'silent' },
  on: { module: checkModule, class: checkClass },
  examples: {
    bad: [
      {
        title: 'Flask',
        kind: 'defect',
        code: `
from flask import Flask, request
from flask_login import login_required

app = Flask(__name__)

@app.route('/orders')
@login_required
def orders():
    return list_orders()

@app.route('/orders/<int:pk>')
@login_required
def order(pk):
    return show_order(pk)

@app.route('/orders/<int:pk>/ship', methods=['POST'])
@login_required
def ship(pk):
    return ship_order(pk)

@app.route('/orders/<int:pk>/refund', methods=['POST'])
def refund(pk):  # report
    return refund_order(pk, request.form['amount'])
`,
      },
      {
        title: 'FastAPI',
        kind: 'advisory',
        code: `
from fastapi import APIRouter, Depends

router = APIRouter()

@router.get('/a')
def a(user=Depends(get_current_user)):
    return 1

@router.get('/b')
def b(user=Depends(get_current_user)):
    return 2

@router.post('/c')
def c(user=Depends(get_current_user)):
    return 3

@router.get('/export')
def export():  # report
    return dump()
`,
      },
      {
        title: 'an OpenStack controller',
        kind: 'defect',
        code: `
from nova.api.openstack import wsgi

class HostsController(wsgi.Controller):
    def index(self, req):
        context = req.environ['nova.context']
        context.can(policies.LIST)
        return self.api.list(context)

    def show(self, req, id):
        context = req.environ['nova.context']
        context.can(policies.SHOW)
        return self.api.show(context, id)

    def update(self, req, id, body):
        context = req.environ['nova.context']
        context.can(policies.UPDATE)
        return self.api.update(context, id, body)

    def delete(self, req, id):  # report
        context = req.environ['nova.context']
        return self.api.delete(context, id)
`,
      },
    ],
    good: [
      {
        title: 'for everybody, or checked for all at once',
        code: `
from flask import Flask
from flask_login import login_required

app = Flask(__name__)

@app.route('/orders')
@login_required
def orders():
    return list_orders()

@app.route('/bills')
@login_required
def bills():
    return list_bills()

@app.route('/users')
@login_required
def users():
    return list_users()

@app.route('/health')
def health():
    return 'ok'

@app.route('/login', methods=['POST'])
def login():
    return check_password()
`,
      },
      {
        title: 'a check of another kind',
        code: `
from flask import Flask, abort, request
from flask_login import login_required, current_user

app = Flask(__name__)

@app.route('/a')
@login_required
def a():
    return 1

@app.route('/b')
@login_required
def b():
    return 2

@app.route('/c')
@login_required
def c():
    return 3

@app.route('/d')
def d():
    if not current_user.is_authenticated:
        abort(401)
    return 4
`,
      },
      {
        title: 'half of them are open',
        code: `
from flask import Flask
from flask_login import login_required

app = Flask(__name__)

@app.route('/a')
@login_required
def a():
    return 1

@app.route('/b')
@login_required
def b():
    return 2

@app.route('/c')
@login_required
def c():
    return 3

@app.route('/d')
def d():
    return 4

@app.route('/e')
def e():
    return 5
`,
      },
    ],
  },
};

/** A check that is made for all routes of the module. */
const CHECKED_FOR_ALL =
  /before_request|before_app_request|add_middleware|dependencies\s*=\s*\[|@app\.middleware|LoginRequiredMiddleware|AuthenticationMiddleware/;

function checkModule(module: ModuleView): readonly Report[] | undefined {
  if (CHECKED_FOR_ALL.test(module.text)) return undefined;
  const handlers = module.functions.filter(
    (fn) => fn.handler !== undefined && fn.class === undefined && isRoute(fn),
  );
  return oddOnesOut(handlers);
}

/** Commands, hooks and error pages are no routes. */
function isRoute(fn: FunctionView): boolean {
  return fn.node.decorators.some((decorator) =>
    /\.(route|get|post|put|patch|delete|api_route|websocket|view|action)\s*\(/.test(fn.sourceOf(decorator)),
  );
}

/** Controllers whose methods take the request and ask a policy. */
function checkClass(cls: ClassView): readonly Report[] | undefined {
  if (!/Controller|Resource|Handler|ViewSet/.test(cls.bases.join(' ') + cls.sourceOf(cls.node).slice(0, 200)))
    return undefined;
  if (
    /^\s+(permission_classes|decorators|method_decorators|dispatch|prepare|before_\w+|initial)\s*=|def (prepare|dispatch|initial|before)\b/m.test(
      cls.sourceOf(cls.node),
    )
  )
    return undefined;
  const methods = cls.methods.filter(
    (method) => !method.name.startsWith('_') && /^(req|request)$/.test(method.node.params[1]?.name ?? ''),
  );
  return oddOnesOut(methods);
}

function oddOnesOut(functions: readonly FunctionView[]): readonly Report[] | undefined {
  const checked: { fn: FunctionView; check: Expression }[] = [];
  const open: FunctionView[] = [];
  for (const fn of functions) {
    const check = accessCheckIn(fn);
    if (check) checked.push({ fn, check });
    else if (!isPublicByName(fn.name) && !delegates(fn)) open.push(fn);
  }
  const [example] = checked;
  if (!example || checked.length < 3 || open.length === 0 || open.length * 3 > checked.length)
    return undefined;
  return open.map((fn) => ({
    kind: changes(fn) ? ('defect' as const) : ('advisory' as const),
    message: text`${code(fn.name)} checks nobody's access, while ${checked.length} of its neighbours do (${example.fn.quote(example.check)} in ${code(example.fn.name)}).`,
    at: headOf(fn),
    confidence: 'medium' as const,
  }));
}

/** The name in the `def`. */
function headOf(fn: FunctionView): { start: number; end: number } {
  return { start: fn.node.nameStart, end: fn.node.nameStart + fn.name.length };
}

/** Raises, or hands the whole request to a method of its own class. */
function delegates(fn: FunctionView): boolean {
  const source = fn.sourceOf(fn.node);
  return (
    (/\braise\s+(exc\.|exception\.|webob\.exc\.)?(HTTP\w+|NotImplemented\w*|Gone)/.test(source) &&
      fn.node.body.length <= 3) ||
    /\bself\._?\w+\(\s*(req|request)\b/.test(source)
  );
}

function changes(fn: FunctionView): boolean {
  if (
    /^(create|update|delete|remove|add|set|reset|put|post|patch|destroy|import|upload|start|stop|run|approve|refund)/.test(
      fn.name,
    )
  )
    return true;
  return fn.node.decorators.some((decorator) =>
    /\.(post|put|patch|delete)\s*\(|methods\s*=[^)]*['"](POST|PUT|PATCH|DELETE)/i.test(
      fn.sourceOf(decorator),
    ),
  );
}
