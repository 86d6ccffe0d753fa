import { code, text } from '../finding.ts';
import type { Node } from '../syntax/ast.ts';
import type { Report, Rule } from './rule.ts';
import { isDevelopmentFile, isProductionFile } from './support/environments.ts';
import { lineReplaced } from './support/replacement.ts';
import type { AssignmentView, CallView, Place } from './views.ts';

export const debugEnabled: Rule = {
  id: 'debug-enabled',
  title: 'Debug mode on',
  cwe: [489, 215],
  aspect: 'configuration',
  kind: 'defect',
  severity: 'high',
  rows: [88],
  summary:
    "A web application that is started in debug mode: `app.run(debug=True)`, `app.debug = True`, `FastAPI(debug=True)`, `tornado.web.Application(debug=True)`, Werkzeug's `run_simple(use_debugger=True)`, `DebuggedApplication`. `DEBUG = True` in settings is an advisory, unless the file is that of production; in files for development it is not reported.",
  why: 'The debugger of Werkzeug runs any Python for whoever can open its console, and the error pages of all frameworks show settings, variables and source code.',
  fix: 'Leave debug mode off in code; turn it on for development from outside (`flask --debug run`, an environment variable).',
  references: [
    'https://flask.palletsprojects.com/en/stable/debugging/',
    'https://werkzeug.palletsprojects.com/en/stable/debug/',
    'https://docs.djangoproject.com/en/stable/ref/settings/#debug',
  ],
  calls: [
    {
      paths: [
        'flask.Flask.run',
        'quart.Quart.run',
        'bottle.run',
        'bottle.Bottle.run',
        'sanic.Sanic.run',
        'sanic.Sanic.create_server',
        'dash.Dash.run',
        'dash.Dash.run_server',
        'connexion.App.run',
        'connexion.FlaskApp.run',
        'flask_socketio.SocketIO.run',
        'fastapi.FastAPI',
        'starlette.applications.Starlette',
        'litestar.Litestar',
        'ariadne.asgi.GraphQL',
        'tornado.web.Application',
        'bottle.debug',
      ],
      check: (call) => switchOn(call, 'debug', call.callee === 'bottle.debug' ? 0 : undefined),
    },
    {
      paths: ['werkzeug.serving.run_simple', 'werkzeug.run_simple'],
      check: (call) => switchOn(call, 'use_debugger', 4),
    },
    {
      paths: ['werkzeug.debug.DebuggedApplication'],
      check: (call) => {
        const isSwitched = isUnderSwitch(call);
        return {
          kind: isSwitched || /dev|debug/i.test(call.path) ? 'advisory' : 'defect',
          quiet: isSwitched,
          message: text`${call.quote(call.node)} lets every visitor of an error page run Python.`,
          at: call.node,
        };
      },
    },
    { paths: [], names: ['run'], check: checkUnknownApp },
    {
      paths: ['flask.Flask.run', 'quart.Quart.run'],
      check: (call) => switchOn(call, 'use_debugger', undefined),
    },
    { paths: [], names: ['update', 'from_mapping', 'configure'], check: checkConfiguration },
  ],
  on: {
    assignment: {
      names: ['debug', 'DEBUG', 'TESTING', 'ENV', 'env', 'FLASK_ENV', 'FLASK_DEBUG'],
      check: checkAssignment,
    },
  },
  examples: {
    bad: [
      {
        title: 'Flask',
        code: `
from flask import Flask

app = Flask(__name__)
app.debug = True  # report

if __name__ == '__main__':
    app.run(host='127.0.0.1', debug=True)  # report
`,
      },
      {
        title: 'an application made elsewhere, and a constant',
        code: `
from shop import create_app

DEBUGGING = True
app = create_app()
app.run('127.0.0.1', debug=DEBUGGING)  # report
app.config['DEBUG'] = True  # report
`,
      },
      {
        title: 'other frameworks',
        code: `
import tornado.web
from fastapi import FastAPI
from werkzeug.serving import run_simple
from werkzeug.debug import DebuggedApplication

app = FastAPI(debug=True)  # report
tornado_app = tornado.web.Application([], debug=True)  # report

def serve(wsgi):
    run_simple('localhost', 8000, wsgi, use_debugger=True)  # report
    return DebuggedApplication(wsgi, evalex=True)  # report
`,
      },
      {
        title: 'where the configuration asks for it',
        kind: 'advisory',
        code: `
from werkzeug.debug import DebuggedApplication

def make_app(app, config):
    if config.debug:
        # shows where it failed
        app = DebuggedApplication(app, True)  # report
    return app
`,
      },
      { title: 'settings', path: 'shop/settings.py', kind: 'advisory', code: `\nDEBUG = True  # report\n` },
      {
        title: 'on unless the environment says otherwise',
        path: 'shop/settings.py',
        kind: 'advisory',
        code: `\nimport os\n\nDEBUG = os.environ.get('DEBUG', 'True') == 'True'  # report\n`,
      },
      {
        title: 'configuration of Flask',
        code: `
from flask import Flask

app = Flask(__name__)
app.config.update(DEBUG=True)  # report
app.run(use_debugger=True)  # report
`,
      },
      {
        title: 'an environment that is written in the code',
        kind: 'advisory',
        code: `
import os
from flask import Flask

app = Flask(__name__)
app.config['ENV'] = 'development'  # report
app.config.update(TESTING=True)  # report
app.run(debug=os.environ.get('DEBUG', True))  # report
`,
      },
      {
        title: 'settings of production',
        path: 'shop/settings/production.py',
        kind: 'defect',
        code: `\nDEBUG = True  # report\n`,
      },
    ],
    good: [
      {
        title: 'off, or decided outside',
        code: `
import os
from flask import Flask

app = Flask(__name__)
app.debug = False
app.config['ENV'] = 'production'
app.config.update(DEBUG=False, TESTING=False)

def main(debug=False):
    app.run()
    app.run(debug=False)
    app.run(debug=os.environ.get('DEBUG', False))
    app.run(debug=debug)
`,
      },
      { title: 'settings for development', path: 'shop/settings/local.py', code: `\nDEBUG = True\n` },
      {
        title: 'settings that ask the environment',
        path: 'shop/settings.py',
        code: `\nimport os\n\nDEBUG = os.environ.get('DEBUG') == '1'\n`,
      },
      {
        title: 'debug of something else',
        code: `
import asyncio

DEBUG_LEVEL = True

def main(loop, job):
    asyncio.run(job(), debug=True)
    loop.run(debug=True)
`,
      },
    ],
  },
};

/** `if config['debug']: app = DebuggedApplication(app)`: who installs it decides. */
function isUnderSwitch(call: CallView): boolean {
  const lines = call.module.text.slice(0, call.node.start).split('\n');
  let indent = /^\s*/.exec(lines.at(-1) ?? '')![0].length;
  for (const line of lines.slice(0, -1).reverse()) {
    if (line.trim() === '') continue;
    const here = /^\s*/.exec(line)![0].length;
    if (here >= indent) continue;
    indent = here;
    if (/^\s*(?:el)?if\b.*debug/i.test(line)) return true;
    if (/^\s*(?:async\s+)?(?:def|class)\b/.test(line)) return false;
  }
  return false;
}

function switchOn(call: CallView, name: string, position: number | undefined): Report | undefined {
  const value = call.argument(position, name);
  if (isDevelopmentFile(call.path)) return undefined;
  if (value?.fallback?.constant === true && value.madeBy) {
    return {
      kind: 'advisory',
      severity: 'medium',
      message: text`${call.quote(call.node.func)} starts the application in debug mode unless the environment says otherwise.`,
      at: call.node,
      fix: { text: text`Make it off by default.` },
    };
  }
  if (!value?.isTrue) return undefined;
  const written = call.argumentNode(position, name);
  const words = text`Leave it off in code; turn it on for development from outside.`;
  return {
    message: text`${call.quote(call.node.func)} starts the application in debug mode (${code(`${name}=True`)}).`,
    at: call.node,
    fix: written?.kind === 'Constant' ? lineReplaced(call, written, 'False', words) : { text: words },
  };
}

/** `app.run(debug=True)` where the class of `app` is not known. */
function checkUnknownApp(call: CallView): Report | undefined {
  if (!call.node.keywords.some(({ name }) => name === 'debug')) return undefined;
  const { func } = call.node;
  const receiver = func.kind === 'Attribute' ? call.sourceOf(func.value) : '';
  return /(^|[._])(app|application|server|socketio)$/i.test(receiver)
    ? switchOn(call, 'debug', undefined)
    : undefined;
}

/** `app.config.update(DEBUG=True)`, `app.config.from_mapping({'TESTING': True})` */
function checkConfiguration(call: CallView): Report | undefined {
  const { func } = call.node;
  if (func.kind !== 'Attribute' || !/(^|\.)(config|settings)$/.test(call.sourceOf(func.value)))
    return undefined;
  if (isDevelopmentFile(call.path) || call.role === 'test') return undefined;
  const setting = (name: string) => call.argument(undefined, name) ?? call.argument(0)?.entry(name);
  if (setting('DEBUG')?.isTrue) {
    // Of Django: mostly in scripts that run without a project.
    const isScript = call.name === 'configure';
    return {
      message: text`${call.quote(call.node.func)} turns debug mode on.`,
      at: call.node,
      kind: isScript ? 'advisory' : 'defect',
      quiet: isScript,
    };
  }
  if (setting('TESTING')?.isTrue) {
    return {
      message: text`${call.quote(call.node.func)} makes errors pass through as in a test.`,
      at: call.node,
      kind: 'advisory',
    };
  }
  return setting('ENV')?.constant === 'development' ? environment(call, call.node) : undefined;
}

/** The names by which Flask reads what kind of place it runs in: https://flask.palletsprojects.com/en/2.2.x/config/#ENV */
function environment(place: Place, at: Node): Report {
  return {
    message: text`${place.quote(at)} chooses the development environment, whatever place the program runs in.`,
    at,
    kind: 'advisory',
    severity: 'low',
    fix: { text: text`Leave it to the environment of the process.` },
  };
}

function checkAssignment(view: AssignmentView): Report | undefined {
  const { name, target, value } = view;
  if (/^(?:FLASK_)?ENV$|^env$/.test(name)) {
    const isMeant =
      (target === 'item' && (name === 'FLASK_ENV' || isConfiguration(view))) ||
      (target === 'attribute' && name === 'env' && view.object?.isA('flask.Flask') === true);
    return isMeant &&
      value.constant === 'development' &&
      view.role !== 'test' &&
      !isDevelopmentFile(view.path)
      ? environment(view, view.node)
      : undefined;
  }
  if (name === 'FLASK_DEBUG') {
    return target === 'item' && value.constant === '1' && !isDevelopmentFile(view.path)
      ? assigned(view, 'advisory')
      : undefined;
  }
  if (isOnUnlessTold(view)) return { ...assigned(view, 'advisory'), quiet: true };
  if (!value.isTrue || isDevelopmentFile(view.path)) return undefined;
  if (target === 'attribute' && name === 'debug' && isApplication(view)) return assigned(view, 'defect');
  if (target === 'item' && name === 'DEBUG' && isConfiguration(view)) return assigned(view, 'defect');
  if (
    view.role !== 'test' &&
    target === 'item' &&
    name === 'TESTING' &&
    isConfiguration(view) &&
    view.valueNode.kind === 'Constant'
  ) {
    return {
      ...assigned(view, 'advisory'),
      message: text`${view.quote(view.node)} makes errors pass through as in a test.`,
    };
  }
  if (name !== 'DEBUG' || target !== 'name' || value.constant !== true) return undefined;
  if (view.scope === 'module' && view.role === 'settings') {
    return assigned(view, isProductionFile(view.path) ? 'defect' : 'advisory');
  }
  if (
    view.scope === 'class' &&
    /^prod/i.test(view.class?.name ?? '') &&
    /config|settings/i.test(view.class?.name ?? '')
  ) {
    return assigned(view, 'defect');
  }
  // The class that those of other places derive from, as a rule.
  if (view.scope === 'class' && /^(Base|Default|Flask)?(Config|Settings)$/.test(view.class?.name ?? '')) {
    return { ...assigned(view, 'advisory'), quiet: true };
  }
  return undefined;
}

/** `DEBUG = os.environ.get('DEBUG', True)`, `DEBUG = config('DEBUG', default=True, cast=bool)` in settings. */
function isOnUnlessTold(view: AssignmentView): boolean {
  if (view.name !== 'DEBUG' || view.target !== 'name' || view.valueNode.kind === 'Constant') return false;
  if (view.role !== 'settings' || isDevelopmentFile(view.path)) return false;
  return /(environ\.get|getenv|config|env(\.\w+)?)\(\s*['"][A-Z_]+['"]\s*,\s*(default\s*=\s*)?['"]?(True|1|true|on|yes)\b/.test(
    view.sourceOf(view.valueNode),
  );
}

function isApplication(view: AssignmentView): boolean {
  const type = view.object?.type;
  if (type !== undefined) return /^(flask\.Flask|quart\.Quart|fastapi\.FastAPI|starlette\.)/.test(type);
  return /^\s*(\w+\.)?app(lication)?\.debug\b/.test(view.sourceOf(view.node)) && view.module.imports('flask');
}

function isConfiguration(view: AssignmentView): boolean {
  return /\.config\s*\[/.test(view.sourceOf(view.node));
}

function assigned(view: AssignmentView, kind: 'defect' | 'advisory'): Report {
  return {
    kind,
    message: text`${view.quote(view.node)} turns debug mode on.`,
    at: view.node,
    fix: {
      text: text`Read it from the environment, off by default: ${code("os.environ.get('DEBUG') == '1'")}.`,
    },
  };
}
