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
  // Only text that is put together is worth a look; what else comes in from outside is a finding of its own.
  const isBuilt =
    template === undefined ? node.kind === 'BinOp' || node.kind === 'JoinedStr' : template.includes('\0');
  if (!isBuilt || command.sources.some((source) => source.level === 'remote')) return undefined;
  if (/\bquote\(/.test(call.sourceOf(node))) return undefined;
  return {
    at: call.node,
    kind: 'advisory',
    quiet: true,
    message: text`${call.quote(node)} is put together and run by a shell in ${calledAs(call)}.`,
    fix: {
      text: text`Pass a list of arguments without a shell, or quote the parts with ${code('shlex.quote')}.`,
    },
  };
}

export const shellCommandBuilt: Rule = {
  id: 'shell-command-built',
  title: 'Shell command put together from parts',
  cwe: [78],
  aspect: 'injection',
  kind: 'advisory',
  severity: 'low',
  rows: [2, 3],
  summary:
    'A command for a shell (`shell=True`, `os.system`, `os.popen`) that is put together from parts whose origin the code does not show.',
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
