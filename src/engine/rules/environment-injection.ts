import { text } from '../finding.ts';
import type { Reports, Rule } from './rule.ts';
import { calledAs } from './support/called-as.ts';
import type { AssignmentView } from './views.ts';

/** Variables that decide what code a program runs. */
const DECIDES_CODE = new Set(
  `PATH LD_PRELOAD LD_LIBRARY_PATH PYTHONPATH PYTHONSTARTUP PYTHONHOME BASH_ENV ENV IFS GIT_SSH_COMMAND PAGER EDITOR
  PERL5LIB NODE_OPTIONS RUBYOPT JAVA_TOOL_OPTIONS DYLD_INSERT_LIBRARIES`.split(/\s+/),
);

/** `os.environ['PATH'] = value` */
function checkVariable(view: AssignmentView): Reports {
  const { node } = view;
  const [target] = node.kind === 'Assign' ? node.targets : [];
  if (target?.kind !== 'Subscript' || view.module.resolve(target.value) !== 'os.environ') return undefined;
  const source = view.value.reaches('environment')
    ? view.value.sources.find(({ level }) => level === 'remote')
    : undefined;
  return (
    source && {
      at: node,
      message: text`${view.quote(node)} lets ${source.what} (${source.code}) decide what code is run.`,
      steps: [{ at: source.at, text: text`${source.what}` }],
    }
  );
}

export const environmentInjection: Rule = {
  id: 'environment-injection',
  title: 'Outside input names environment variables of a program',
  cwe: [15, 454, 94],
  aspect: 'injection',
  kind: 'defect',
  severity: 'high',
  rows: [7],
  summary:
    'Outside input that becomes the environment of a started program as a whole, or the name of a variable: `env=`, `os.execve`, `os.environ[name] = …`.',
  why: '`LD_PRELOAD`, `PATH`, `PYTHONPATH`, `BASH_ENV` and `GIT_SSH_COMMAND` decide what code the program runs.',
  fix: 'Set named variables only: `env={**os.environ, "LANG": value}`.',
  references: ['https://cwe.mitre.org/data/definitions/454.html'],
  flow: {
    sinks: ['environment'],
    levels: { remote: 'defect' },
    // Values of variables with known names are an argument like any other.
    accepts: (flow) => flow.value.keys === undefined && !isDictWithKnownKeys(flow.sourceOf(flow.node)),
    message: (flow) => text`${flow.origin} chooses environment variables in ${calledAs(flow)}.`,
  },
  on: { assignment: { names: [...DECIDES_CODE], check: checkVariable } },
  examples: {
    bad: [
      {
        title: 'an environment from the request',
        code: `
import os
import subprocess
from flask import Flask, request

app = Flask(__name__)

@app.post('/build')
def build():
    subprocess.run(['make'], env=request.get_json())  # report
    os.environ[request.form['name']] = '1'  # report
    os.environ['PATH'] = request.form['path']  # report
    return ''
`,
      },
    ],
    good: [
      {
        title: 'named variables',
        code: `
import os
import subprocess
from flask import Flask, request

app = Flask(__name__)

@app.post('/build')
def build():
    subprocess.run(['make'], env={'LANG': request.form['language']})
    subprocess.run(['make'], env={**os.environ, 'LANG': request.form['language']})
    os.environ['LANG'] = request.form['language']
    return ''
`,
      },
    ],
  },
};

function isDictWithKnownKeys(source: string): boolean {
  return /^(?:dict\(|\{)/.test(source) && !/\*\*(?!os\.environ)/.test(source);
}
