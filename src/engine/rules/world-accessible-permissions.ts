import { code, text } from '../finding.ts';
import type { Expression } from '../syntax/ast.ts';
import { lastName } from '../syntax/headers.ts';
import type { Report, Rule } from './rule.ts';
import type { CallView } from './views.ts';

export const worldAccessiblePermissions: Rule = {
  id: 'world-accessible-permissions',
  title: 'File permissions open to everybody',
  cwe: [732, 276],
  aspect: 'access',
  kind: 'defect',
  severity: 'medium',
  rows: [45],
  summary:
    '`os.chmod`, `os.fchmod`, `os.lchmod` or `Path.chmod` with a mode that lets every user of the machine write. A mode that lets the whole group write, and `os.umask(0)` for the rest of the process, are advisories. Modes are read through numbers, `stat` constants and what is or-ed to an existing mode; `0o755` and `0o644` are not reported. Commands that run `chmod` are read, too, and quietly what is made with such a mode.',
  why: 'Any other user or service on the machine can then change the file: a script that is run later, a configuration, a socket that is trusted.',
  fix: 'Give the mode that is needed: `0o600` for what only this user reads, `0o644` or `0o755` where others read or run it.',
  references: [
    'https://docs.python.org/3/library/os.html#os.chmod',
    'https://docs.python.org/3/library/stat.html',
  ],
  calls: [
    { paths: ['os.chmod', 'os.fchmod', 'os.lchmod'], check: (call) => checkMode(call, 1) },
    {
      paths: ['pathlib.Path.chmod', 'pathlib.Path.lchmod', 'pathlib.PosixPath.chmod'],
      check: (call) => checkMode(call, 0),
    },
    { paths: ['os.umask'], check: checkUmask },
    {
      paths: ['os.mkdir', 'os.makedirs', 'os.mkfifo', 'os.open', 'pathlib.Path.mkdir', 'pathlib.Path.touch'],
      check: checkCreation,
    },
    {
      paths: [
        'subprocess.run',
        'subprocess.call',
        'subprocess.check_call',
        'subprocess.check_output',
        'subprocess.Popen',
        'os.system',
        'os.popen',
      ],
      check: checkCommand,
    },
  ],
  examples: {
    bad: [
      {
        title: 'everybody may write',
        code: `
import os
import stat
from pathlib import Path

def publish(path, fd):
    os.chmod(path, 0o777)  # report
    os.chmod(path, 0o666)  # report
    os.chmod(path, stat.S_IRWXU | stat.S_IRGRP | stat.S_IWOTH)  # report
    os.chmod(path, os.stat(path).st_mode | stat.S_IRWXO)  # report
    os.fchmod(fd, 511)  # report
    Path(path).chmod(0o757)  # report

`,
      },
      {
        title: 'the group may write, or nothing is taken away',
        kind: 'advisory',
        code: `
import os

MODE = 0o775

def share(path):
    os.chmod(path, MODE)  # report

def daemonize():
    os.umask(0)  # report
`,
      },
      {
        title: 'by a command',
        code: `
import os
import subprocess

def share(path):
    subprocess.run(['chmod', '-R', '777', path], check=True)  # report
    os.system('chmod a+w /srv/shared')  # report
    os.chmod(path, int('777', 8))  # report
`,
      },
      {
        title: 'made open, if the mask lets it',
        kind: 'advisory',
        code: `
import os

def make(path):
    os.makedirs(path, mode=0o777)  # report
`,
      },
    ],
    good: [
      {
        title: 'commands that leave others out',
        code: `
import os
import subprocess

def share(path):
    subprocess.run(['chmod', '755', path], check=True)
    subprocess.run(['chmod', '1777', '/srv/tmp'], check=True)
    os.system('chmod u+w /srv/shared')
    os.makedirs(path, mode=0o700)
`,
      },
      {
        title: 'usual modes',
        code: `
import os
import stat

def publish(path, mode):
    os.chmod(path, 0o600)
    os.chmod(path, 0o644)
    os.chmod(path, 0o755)
    os.chmod(path, mode)
    os.chmod(path, stat.S_IRUSR | stat.S_IWUSR)
    os.chmod(path, os.stat(path).st_mode | stat.S_IEXEC)
    os.chmod(path, os.stat(path).st_mode & ~stat.S_IWOTH)
    os.chmod('/tmp/shared', 0o1777)
    os.umask(0o077)
    before = os.umask(0)
    os.umask(before)
`,
      },
    ],
  },
};

const WRITE_BY_OTHERS = 0o002;
const WRITE_BY_GROUP = 0o020;
const STICKY = 0o1000;

/** https://docs.python.org/3/library/stat.html#stat.S_ISUID */
const STAT_BITS: Readonly<Record<string, number>> = {
  S_IRWXU: 0o700,
  S_IRUSR: 0o400,
  S_IWUSR: 0o200,
  S_IXUSR: 0o100,
  S_IREAD: 0o400,
  S_IWRITE: 0o200,
  S_IEXEC: 0o100,
  S_IRWXG: 0o070,
  S_IRGRP: 0o040,
  S_IWGRP: 0o020,
  S_IXGRP: 0o010,
  S_IRWXO: 0o007,
  S_IROTH: 0o004,
  S_IWOTH: 0o002,
  S_IXOTH: 0o001,
  S_ISVTX: 0o1000,
};

function checkMode(call: CallView, position: number): Report | undefined {
  const value = call.argument(position, 'mode')?.constant;
  const node = call.argumentNode(position, 'mode');
  const mode = typeof value === 'number' ? value : node ? bitsIn(node) : 0;
  // In a sticky directory, as /tmp is, nobody can touch the files of others.
  if (mode & STICKY) return undefined;
  if (mode & WRITE_BY_OTHERS) return report(call, mode, 'every user of the machine', 'defect');
  return mode & WRITE_BY_GROUP ? report(call, mode, 'every member of the group', 'advisory') : undefined;
}

/** Where a file or folder is made: what the process masks is taken away, as a rule writing by others. */
function checkCreation(call: CallView): Report | undefined {
  const position = call.callee === 'os.open' ? 2 : call.callee.startsWith('pathlib.') ? 0 : 1;
  const mode = call.argument(position, 'mode')?.constant;
  if (typeof mode !== 'number' || mode & STICKY || !(mode & WRITE_BY_OTHERS)) return undefined;
  return {
    kind: 'advisory',
    severity: 'low',
    quiet: true,
    message: text`${call.quote(call.node)} lets every user of the machine write, unless the mask of the process takes that away.`,
    at: call.node,
    fix: { text: text`Give the mode that is needed, such as ${code(mode & 0o111 ? '0o755' : '0o644')}.` },
  };
}

/** `subprocess.run(['chmod', '777', path])` and `os.system('chmod -R 777 /srv')`. */
function checkCommand(call: CallView): Report | undefined {
  const command = call.argument(0, 'args') ?? call.argument(0, 'command');
  const line =
    command?.elements?.map((part) => String(part.template ?? part.constant ?? '\0')).join(' ') ??
    command?.template;
  if (line === undefined || !line.includes('chmod')) return undefined;
  const written =
    /(?:^|[\s;&|/])chmod\s+(?:-\S+\s+)*([0-7]{3,4}|[ugo]*[ao][ugoa]*[+=][rwxXst]*w[rwxXst]*)\s/.exec(
      line,
    )?.[1];
  if (written === undefined) return undefined;
  const mode = Number.parseInt(written, 8);
  if (!Number.isNaN(mode) && (mode & STICKY || !(mode & WRITE_BY_OTHERS))) return undefined;
  return {
    message: text`${call.quote(call.node)} lets every user of the machine write.`,
    at: call.node,
    fix: { text: text`Give the mode that is needed, such as ${code('755')} or ${code('644')}.` },
  };
}

function report(call: CallView, mode: number, who: string, kind: 'defect' | 'advisory'): Report {
  const better = mode & 0o111 ? '0o755' : '0o644';
  return {
    kind,
    message: text`${call.quote(call.node)} lets ${who} write.`,
    at: call.node,
    fix: {
      text: text`Give the mode that is needed, such as ${call.module.role === 'test' ? '0o600' : better}.`,
    },
  };
}

/** The bits that the expression surely sets. */
function bitsIn(expression: Expression): number {
  switch (expression.kind) {
    case 'Num':
      return expression.value;
    case 'Name':
    case 'Attribute':
      return STAT_BITS[lastName(expression)] ?? 0;
    case 'BinOp':
      if (expression.op === '|')
        return expression.operands.reduce((bits, operand) => bits | bitsIn(operand), 0);
      if (expression.op === '+')
        return expression.operands.reduce((sum, operand) => sum + bitsIn(operand), 0);
      return 0;
    default:
      return 0;
  }
}

function checkUmask(call: CallView): Report | undefined {
  if (call.argument(0, 'mask')?.constant !== 0 || !call.isStatement) return undefined;
  return {
    kind: 'advisory',
    message: text`After ${call.quote(call.node)}, files of this process are made with every permission that is asked for.`,
    at: call.node,
    fix: { text: text`Use ${{ code: 'os.umask(0o077)' }}, or ${{ code: '0o022' }} where others may read.` },
  };
}
