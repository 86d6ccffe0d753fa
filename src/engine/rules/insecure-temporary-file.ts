import { type Code, code, text } from '../finding.ts';
import type { Report, Rule } from './rule.ts';
import type { CallView, ValueView } from './views.ts';

export const insecureTemporaryFile: Rule = {
  id: 'insecure-temporary-file',
  title: 'Insecure temporary file',
  cwe: [377, 379, 59],
  aspect: 'resources',
  kind: 'defect',
  severity: 'medium',
  rows: [44],
  summary:
    'A temporary file under a name that somebody else can take first: `tempfile.mktemp`, `os.tempnam`, `os.tmpnam`, and (as an advisory) files created or overwritten under a fixed or guessable name in `/tmp`, `/var/tmp` or `/dev/shm`.',
  why: 'Everybody on the machine can write to these folders. Between the moment the name is known and the moment the file is opened, another user can put a symbolic link or a file of their own there, and the program writes into it or trusts what is in it.',
  fix: 'Let `tempfile.NamedTemporaryFile`, `tempfile.mkstemp` or `tempfile.TemporaryDirectory` make the file: they choose the name and create it in one step, readable by nobody else.',
  references: [
    'https://docs.python.org/3/library/tempfile.html#deprecated-functions-and-variables',
    'https://docs.python.org/3/library/tempfile.html#tempfile.mkstemp',
  ],
  roles: { command: 'advisory', settings: 'silent' },
  calls: [
    {
      paths: ['tempfile.mktemp', 'os.tempnam', 'os.tmpnam', 'os.popen2.tmpnam'],
      check: (call) => ({
        message: text`${call.quote(call.node)} only chooses a name: somebody else can take it before the file is created.`,
        at: call.node,
        fix: { text: insteadOfName(call) },
      }),
    },
    {
      paths: ['builtins.open', 'io.open', 'codecs.open', 'os.fdopen', 'gzip.open', 'bz2.open'],
      check: checkOpen,
    },
    { paths: ['os.open'], check: checkOsOpen },
    { paths: ['os.mkdir', 'os.makedirs'], check: checkMakeDirectory },
    { paths: ['shutil.copy', 'shutil.copyfile', 'shutil.copy2', 'shutil.move'], check: checkCopy },
    { paths: ['pathlib.Path.write_text', 'pathlib.Path.write_bytes', 'pathlib.Path.open'], check: checkPath },
  ],
  examples: {
    bad: [
      {
        title: 'a name without a file',
        code: `
import tempfile
from tempfile import mktemp

def render(data):
    path = tempfile.mktemp(suffix='.html')  # report
    with open(path, 'w') as f:
        f.write(data)
    return path

def other():
    return mktemp()  # report
`,
      },
      {
        title: 'a fixed name in a folder of everybody',
        kind: 'advisory',
        code: `
import os
import tempfile

def save(report):
    with open('/tmp/report.txt', 'w') as f:  # report
        f.write(report)

def remember(state, name):
    path = os.path.join('/var/tmp', 'state-' + name)
    with open(path, 'wb') as f:  # report
        f.write(state)

def log(line):
    with open(os.path.join(tempfile.gettempdir(), 'shop.log'), 'a') as f:  # report
        f.write(line)

def own(data):
    name = '/tmp/worker-%d.lock' % os.getpid()
    with open(name, mode='a') as f:  # report
        f.write(data)
`,
      },
    ],
    good: [
      {
        title: 'made in one step',
        code: `
import os
import tempfile

def render(data):
    with tempfile.NamedTemporaryFile('w', suffix='.html', delete=False) as f:
        f.write(data)
        return f.name

def other():
    fd, path = tempfile.mkstemp()
    with os.fdopen(fd, 'w') as f:
        f.write('x')
    with tempfile.TemporaryDirectory() as folder:
        with open(os.path.join(folder, 'a.txt'), 'w') as f:
            f.write('x')
`,
      },
      {
        title: 'reading, exclusive creation, a private folder',
        code: `
import os

def read():
    with open('/tmp/report.txt') as f:
        return f.read()

def create():
    with open('/tmp/report.txt', 'x') as f:
        f.write('x')
    fd = os.open('/tmp/a', os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with open('/var/lib/app/tmp/a.txt', 'w') as f:
        f.write('x')
    with open('/tmpfiles/a.txt', 'w') as f:
        f.write('x')
    return fd
`,
      },
    ],
  },
};

const SHARED = /^(\/private)?\/(tmp|var\/tmp|usr\/tmp|dev\/shm)\/[^/]/;

/** The quoted path if it is a guessable one in a folder of everybody. */
function guessablePath(value: ValueView | undefined): string | undefined {
  const template = value?.template;
  return template !== undefined && SHARED.test(template) && !isRandom(template) ? template : undefined;
}

/** A name with only something unknown in it may be random. */
function isRandom(template: string): boolean {
  const name = template.replace(SHARED, '').replaceAll('\0', '');
  return /\0/.test(template) && name.replace(/[^A-Za-z0-9]/g, '').length === 0;
}

function checkOpen(call: CallView): Report | undefined {
  const mode = call.argument(1, 'mode')?.constant;
  return typeof mode === 'string' && /[wa]/.test(mode) ? advisory(call, call.argument(0, 'file')) : undefined;
}

function checkOsOpen(call: CallView): Report | undefined {
  const flags = call.argumentNode(1, 'flags');
  if (
    !flags ||
    !/\bO_CREAT\b/.test(call.sourceOf(flags)) ||
    /\bO_EXCL\b|\bO_TMPFILE\b/.test(call.sourceOf(flags))
  )
    return undefined;
  return advisory(call, call.argument(0, 'path'));
}

function checkMakeDirectory(call: CallView): Report | undefined {
  return call.argument(2, 'exist_ok')?.isTrue ? advisory(call, call.argument(0, 'name')) : undefined;
}

function checkCopy(call: CallView): Report | undefined {
  return advisory(call, call.argument(1, 'dst'));
}

function checkPath(call: CallView): Report | undefined {
  if (call.name === 'open') {
    const mode = call.argument(0, 'mode')?.constant;
    if (typeof mode !== 'string' || !/[wa]/.test(mode)) return undefined;
  }
  return advisory(call, call.receiver?.madeBy?.argument(0));
}

function advisory(call: CallView, value: ValueView | undefined): Report | undefined {
  const path = guessablePath(value);
  if (path === undefined) return undefined;
  return {
    kind: 'advisory',
    message: text`${call.quote(call.node)} writes to ${shown(path)}, a name that anybody on the machine can take first.`,
    at: call.node,
    confidence: 'medium',
    fix: {
      text: text`Let ${code('tempfile.NamedTemporaryFile()')} or ${code('tempfile.TemporaryDirectory()')} choose the name, or use a folder that only this program can write to.`,
    },
  };
}

function shown(path: string): Code {
  return code(path.replaceAll('\0', '…'));
}

function insteadOfName(call: CallView) {
  return call.callee === 'tempfile.mktemp'
    ? text`Use ${code('tempfile.mkstemp()')}, which also creates the file, or ${code('tempfile.NamedTemporaryFile()')}.`
    : text`Use ${code('tempfile.mkstemp()')}.`;
}
