import { code, text } from '../finding.ts';
import type { Reports, Rule } from './rule.ts';
import { calledAs } from './support/calledAs.ts';
import type { CallView } from './views.ts';

const WITH_SHELL_OPTION = ['run', 'call', 'check_call', 'check_output', 'Popen'].map(
  (name) => `subprocess.${name}`,
);
const ALWAYS_SHELL = [
  'os.system',
  'os.popen',
  'subprocess.getoutput',
  'subprocess.getstatusoutput',
  'asyncio.create_subprocess_shell',
];

function check(call: CallView, position: number | undefined = 0, name = 'args'): Reports {
  const command = call.argument(position, name) ?? call.argument(position, 'cmd');
  const node = call.argumentNode(position, name) ?? call.argumentNode(position, 'cmd');
  if (!command || !node) return undefined;
  const { template } = command;
  // What comes in from outside is a finding of its own.
  if (command.constants || command.sources.some((source) => source.level === 'remote')) return undefined;
  const isBuilt =
    template === undefined ? node.kind === 'BinOp' || node.kind === 'JoinedStr' : template.includes('\0');
  if (/\bquote\(/.test(call.sourceOf(node))) return undefined;
  return {
    at: call.node,
    kind: 'advisory',
    quiet: true,
    message: isBuilt
      ? text`${call.quote(node)} is put together and run by a shell in ${calledAs(call)}.`
      : text`${call.quote(node)}, whose text is decided elsewhere, is run by a shell in ${calledAs(call)}.`,
    fix: {
      text: text`Pass a list of arguments without a shell, or quote the parts with ${code('shlex.quote')}.`,
    },
  };
}

export const shellCommandBuilt: Rule = {
  id: 'shell-command-built',
  title: 'Shell command that is no constant',
  cwe: [78],
  aspect: 'injection',
  kind: 'advisory',
  severity: 'low',
  rows: [2, 3],
  summary:
    'A command for a shell (`shell=True`, `os.system`, `os.popen`) that is no constant, and whose parts come from where the code does not show.',
  why: 'If one of the parts ever comes from outside, or holds a space or a quote, the shell runs something else.',
  fix: 'Pass a list of arguments without a shell, or quote the parts with `shlex.quote`.',
  references: ['https://docs.python.org/3/library/subprocess.html#security-considerations'],
  roles: { test: 'silent', example: 'silent' },
  calls: [
    {
      paths: [
        'airflow.operators.bash.BashOperator',
        'airflow.operators.bash_operator.BashOperator',
        'airflow.providers.standard.operators.bash.BashOperator',
      ],
      check: (call) => check(call, undefined, 'bash_command'),
    },
    { paths: ALWAYS_SHELL, check: (call) => check(call) },
    {
      paths: WITH_SHELL_OPTION,
      check: (call) => (call.argument(undefined, 'shell')?.isTrue ? check(call) : undefined),
    },
  ],
  examples: {
    bad: [
      {
        title: 'parts of unknown origin',
        code: `
import os
import subprocess

def mount(device, path):
    os.system('mount %s %s' % (device, path))  # report
    subprocess.run(f'mount {device} {path}', shell=True)  # report

def run(command):
    os.system(command)  # report
`,
      },
      {
        title: 'a task of Airflow',
        code: `
from airflow.operators.bash import BashOperator

def make(dag, table):
    return BashOperator(task_id='dump', bash_command=f'dump {table}', dag=dag)  # report
`,
      },
    ],
    good: [
      {
        title: 'constant, a list, or quoted',
        code: `
import os
import shlex
import subprocess

COMMAND = 'df -h'

def report(path, options):
    os.system(COMMAND)
    subprocess.run(['du', path])
    os.system('du ' + shlex.quote(path))
    subprocess.run(COMMAND + ' /', shell=True)
`,
      },
    ],
  },
};
