import { code, text } from '../finding.ts';
import type { Report, Rule } from './rule.ts';
import { isAccessDecorator } from './support/access-control.ts';
import type { CallView, ClassView, FunctionView } from './views.ts';

export const ineffectiveAuthHook: Rule = {
  id: 'ineffective-auth-hook',
  title: 'Access check that has no effect',
  cwe: [862],
  aspect: 'access',
  kind: 'defect',
  severity: 'high',
  rows: [84],
  summary:
    'A check that is written down but never made: an access decorator on the class of a Flask view (it must stand in the attribute `decorators`), an access decorator above `@app.route`, which then registers the function without it, and a call of `app.preprocess_request()` whose result, the refusal, is thrown away.',
  why: 'The code looks protected in every review, and anyone can call it.',
  fix: 'Put the decorator into `decorators = [login_required]` of the view class, below `@app.route` at a function; return what `preprocess_request()` gives.',
  references: [
    'https://flask.palletsprojects.com/en/stable/views/#view-decorators',
    'https://flask.palletsprojects.com/en/stable/api/#flask.Flask.preprocess_request',
    'https://flask-login.readthedocs.io/en/latest/#flask_login.login_required',
  ],
  calls: [
    {
      paths: ['flask.Flask.preprocess_request', 'quart.Quart.preprocess_request'],
      check: (call) =>
        call.isStatement && !isForNobody(call)
          ? {
              message: text`The answer of ${call.quote(call.node)}, which may be a refusal, is thrown away.`,
              at: call.node,
            }
          : undefined,
    },
  ],
  on: { class: checkView, function: checkOrder },
  examples: {
    bad: [
      {
        title: 'on the class of a view',
        code: `
from flask.views import MethodView
from flask_login import login_required

@login_required  # report
class Orders(MethodView):
    def get(self):
        return list_orders()
`,
      },
      {
        title: 'above the route of a blueprint that is handed in',
        code: `
from flask import jsonify
from app.auth import login_required

def add_routes(backups, store):
    @login_required  # report
    @backups.route('/request-backup', methods=['GET'])
    def request_backup():
        return jsonify(store.backup())
`,
      },
      {
        title: 'above the route',
        code: `
from flask import Flask
from flask_login import login_required

app = Flask(__name__)

@login_required  # report
@app.route('/orders')
def orders():
    return list_orders()
`,
      },
      {
        title: 'a refusal that nobody reads',
        code: `
from flask import Flask

app = Flask(__name__)

def call(environ):
    with app.request_context(environ):
        app.preprocess_request()  # report
        return app.dispatch_request()
`,
      },
    ],
    good: [
      {
        title: 'where it works',
        code: `
from flask import Flask
from flask.views import MethodView
from flask_login import login_required

app = Flask(__name__)

class Orders(MethodView):
    decorators = [login_required]

    def get(self):
        return list_orders()

@app.route('/orders')
@login_required
def orders():
    return list_orders()

def report():
    with app.app_context():
        with app.test_request_context(base_url='https://shop.example', path='/'):
            app.preprocess_request()
            send_report()

def call(environ):
    with app.request_context(environ):
        answer = app.preprocess_request()
        if answer is None:
            answer = app.dispatch_request()
        return answer
`,
      },
    ],
  },
};

/** `with app.test_request_context(): app.preprocess_request()` in a task: nobody has sent the request. */
function isForNobody(call: CallView): boolean {
  const around = call.function ?? call.module;
  const before = call.module.text.slice(around.node.start, call.node.start);
  return /\bwith\s[^\n]*\.test_request_context\(/.test(before);
}

function checkView(cls: ClassView): readonly Report[] | undefined {
  if (!cls.derivesFrom('flask.views.View') && !cls.derivesFrom('flask.views.MethodView')) return undefined;
  return cls.node.decorators.filter(isAccessDecorator).map((decorator) => ({
    message: text`${cls.quote(decorator)} on the class ${code(cls.name)} protects nothing: Flask calls the function that ${code('as_view')} makes.`,
    at: decorator,
    fix: { text: text`Write ${code(`decorators = [${cls.sourceOf(decorator)}]`)} in the class.` },
  }));
}

/** Also of a blueprint that is handed in, where a framework calls the function all the same. */
function isRoute(fn: FunctionView, path: string): boolean {
  return (
    /^(flask|quart)\.(Flask|Quart|Blueprint|App|Scaffold)\.(route|get|post|put|patch|delete)$/.test(path) ||
    (fn.handler !== undefined && /^\?\.(route|get|post|put|patch|delete)$/.test(path))
  );
}

/** Decorators work from below: what stands above the route is not in what the route registers. */
function checkOrder(fn: FunctionView): readonly Report[] | undefined {
  const { decorators } = fn.node;
  const route = decorators.findIndex((_, i) => isRoute(fn, fn.decorators[i] ?? ''));
  if (route <= 0) return undefined;
  const later = decorators.slice(route + 1).some(isAccessDecorator);
  // Another route above the check registers the checked function.
  const hasOuterRoute = decorators.slice(0, route).some((_, i) => /\.route$/.test(fn.decorators[i] ?? ''));
  if (later || hasOuterRoute) return undefined;
  return decorators
    .slice(0, route)
    .filter(
      (decorator) =>
        isAccessDecorator(decorator) && !/\.|limiter|cache/.test(fn.sourceOf(decorator).split('(')[0] ?? ''),
    )
    .map((decorator) => ({
      message: text`${fn.quote(decorator)} stands above ${fn.quote(decorators[route]!)}, which registers ${code(fn.name)} without it.`,
      at: decorator,
      fix: { text: text`Put ${fn.quote(decorator)} below the route.` },
    }));
}
