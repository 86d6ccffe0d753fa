import { code, text } from '../finding.ts';
import type { Reports, Rule } from './rule.ts';
import { calledAs } from './support/called-as.ts';
import { commandWords, scriptOf } from './support/command-line.ts';
import { isOwnInput, isSentByOthers } from './support/weak-sources.ts';
import type { CallView, ValueView } from './views.ts';

const WITH_SHELL_OPTION = ['run', 'call', 'check_call', 'check_output', 'Popen'].map(
  (name) => `subprocess.${name}`,
);
const ALWAYS_SHELL = [
  'os.system',
  'os.popen',
  'subprocess.getoutput',
  'subprocess.getstatusoutput',
  'os.popen2',
  'os.popen3',
  'os.popen4',
  'popen2.popen2',
  'asyncio.create_subprocess_shell',
  'paramiko.SSHClient.exec_command',
  'paramiko.Channel.exec_command',
];
const EVENT_LOOPS = ['asyncio.AbstractEventLoop', 'asyncio.BaseEventLoop'];
const STARTS_PROGRAM = [
  ...['l', 'le', 'lp', 'lpe', 'v', 've', 'vp', 'vpe'].flatMap((end) => [`os.exec${end}`, `os.spawn${end}`]),
  'os.posix_spawn',
  'os.posix_spawnp',
  'asyncio.create_subprocess_exec',
  ...EVENT_LOOPS.map((loop) => `${loop}.subprocess_exec`),
];

/** Calls that start a program without a shell: where not even the program is a constant, or it is a shell after all. */
function checkProgram(call: CallView): Reports {
  const words = commandWords(call) ?? [];
  if (words.length === 0 && !call.hasUnknownArguments) return undefined;
  if (words.some(isInput)) return undefined;
  const [program] = words;
  const script = scriptOf(words);
  // A program that starts itself anew is known.
  if (!script && /\bsys\.(?:executable|argv)\b/.test(call.sourceOf(call.node))) return undefined;
  if (program?.constants && (!script || script.constants)) return undefined;
  return {
    at: call.node,
    quiet: true,
    message: program?.constants
      ? text`A shell that ${calledAs(call)} starts runs a script that is no constant.`
      : text`What ${calledAs(call)} starts is decided elsewhere.`,
    fix: { text: text`Name the program as a constant, and give it what varies as an argument.` },
  };
}

function checkShellInList(call: CallView): Reports {
  const script = scriptOf(commandWords(call) ?? []);
  if (!script || script.constants || isInput(script)) return undefined;
  return {
    at: call.node,
    quiet: true,
    message: text`A shell that ${calledAs(call)} starts runs a script that is no constant.`,
  };
}

/** `run_command(f'which {name}', shell=True)`: a function of the project that hands over to `subprocess`. */
function checkOwn(call: CallView): Reports {
  if (call.callee.startsWith('subprocess.') || !call.argument(undefined, 'shell')?.isTrue) return undefined;
  return call.argument(0)?.template?.includes('\0') ? check(call) : undefined;
}

/** Whether it comes in from outside, which is a finding of its own. */
function isInput(value: ValueView): boolean {
  return value.sources.some(
    (source) => source.level === 'remote' || isOwnInput(source) || isSentByOthers(source),
  );
}

function check(call: CallView, position: number | undefined = 0, name = 'args'): Reports {
  const command = call.argument(position, name) ?? call.argument(position, 'cmd');
  const node = call.argumentNode(position, name) ?? call.argumentNode(position, 'cmd');
  if (!command || !node) return undefined;
  const { template } = command;
  if (command.isPlain || command.elements?.every(({ isPlain }) => isPlain) || isInput(command))
    return undefined;
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
    'A command for a shell (`shell=True`, `os.system`, `os.popen`, `sh -c`, a command over SSH) that is no constant, and whose parts come from where the code does not show; or `os.exec*`, `os.spawn*` and asyncio starting a program that is no constant.',
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
    { paths: EVENT_LOOPS.map((loop) => `${loop}.subprocess_shell`), check: (call) => check(call, 1) },
    { paths: STARTS_PROGRAM, check: checkProgram },
    {
      paths: WITH_SHELL_OPTION,
      check: (call) => (call.argument(undefined, 'shell')?.isTrue ? check(call) : checkShellInList(call)),
    },
    { paths: [], keywords: ['shell'], check: checkOwn },
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
        title: 'by a function of the project',
        code: `
from app.tools import execute

def find(name):
    return execute(f'which {name}', shell=True)  # report
`,
      },
      {
        title: 'a program, and the script of a shell',
        code: `
import asyncio
import os
import subprocess
from app.tools import find_tool

def start(script, arguments):
    os.execv(find_tool(), arguments)  # report
    os.spawnl(os.P_WAIT, '/bin/sh', 'sh', '-c', script)  # report
    subprocess.run(['bash', '-c', script])  # report

async def start_soon(arguments):
    await asyncio.create_subprocess_exec(*arguments)  # report
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
    subprocess.run(['bash', '-c', COMMAND])
    subprocess.run(['sh', '-c', COMMAND], shell=True)
    os.system('du --max-depth=%d' % options.depth)
    os.system('du ' + ('-h' if options.human else '-k'))
    os.execv('/usr/bin/du', ['du', path])
`,
      },
      {
        title: 'a program that starts itself anew',
        code: `
import os
import sys

def restart():
    os.execv(sys.executable, [sys.executable] + sys.argv)
`,
      },
    ],
  },
};
