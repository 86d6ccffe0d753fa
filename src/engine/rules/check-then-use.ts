import { text } from '../finding.ts';
import type { Call, If } from '../syntax/ast.ts';
import { headersOf } from '../syntax/headers.ts';
import { walk, walkStatements } from '../syntax/walk.ts';
import type { Report, Rule } from './rule.ts';
import type { FunctionView } from './views.ts';

export const checkThenUse: Rule = {
  id: 'check-then-use',
  title: 'File checked first and used later',
  cwe: [367, 362],
  aspect: 'concurrency',
  kind: 'advisory',
  severity: 'medium',
  rows: [101],
  summary:
    'A path that is checked (`os.access`, `os.path.exists`, `isfile`, `islink`, `os.stat`) and then opened for writing, renamed or changed by name. A defect in a folder that everybody can write to; an advisory with `os.access`, whose answer is a permission; otherwise listed in the summary only.',
  why: 'Between the check and the use somebody else can put another file or a link in its place, and the program then works on that.',
  fix: 'Do it and handle the error (`FileExistsError`, `FileNotFoundError`), create with mode `"x"`, and change permissions through the open file (`os.fchmod`).',
  references: [
    'https://docs.python.org/3/library/os.html#os.access',
    'https://cwe.mitre.org/data/definitions/367.html',
  ],
  roles: { test: 'silent', command: 'silent', example: 'silent', migration: 'silent', settings: 'silent' },
  on: {
    mentions: /\bif\b[^\n]*\b(access|exists|lexists|isfile|islink|isdir|stat)\(/g,
    function: check,
  },
  examples: {
    bad: [
      {
        title: 'permission first, file later',
        kind: 'advisory',
        code: `
import os

def append(path, line):
    if os.access(path, os.W_OK):  # report
        with open(path, 'a') as f:
            f.write(line)
`,
      },
      {
        title: 'a folder of everybody',
        kind: 'defect',
        code: `
import os

def start():
    if not os.path.exists('/tmp/worker.pid'):  # report
        with open('/tmp/worker.pid', 'w') as f:
            f.write(str(os.getpid()))
`,
      },
      {
        title: 'a name that may be another file by then',
        code: `
import os

def rotate(path):
    if os.path.isfile(path):  # report
        os.rename(path, path + '.1')
`,
      },
    ],
    good: [
      {
        title: 'the error is handled, or nothing is changed',
        code: `
import os

def rotate(path):
    try:
        os.rename(path, path + '.1')
    except FileNotFoundError:
        pass

def load(path):
    if os.path.exists(path):
        with open(path) as f:
            return f.read()

def prepare(path):
    if not os.path.isdir(path):
        os.makedirs(path, exist_ok=True)

def remove(path):
    if os.path.exists(path):
        try:
            os.remove(path)
        except OSError:
            pass

def other(path, target):
    if os.path.exists(path):
        os.remove(target)
`,
      },
    ],
  },
};

const CHECKS =
  /^(os\.access|os\.path\.(exists|isfile|islink|lexists|isdir|getsize|getmtime)|os\.(stat|lstat))$/;
const USES =
  /^(os\.(remove|unlink|rename|replace|rmdir|chmod|chown|truncate|mkdir|makedirs|link|symlink)|shutil\.(rmtree|move|copy\w*)|builtins\.open|io\.open)$/;
const MILD = /\.(remove|unlink|rmdir|rmtree|mkdir|makedirs|link|symlink)$/;
const SHARED = /^(f?['"])(\/private)?\/(tmp|var\/tmp|dev\/shm)\//;

function check(fn: FunctionView): readonly Report[] | undefined {
  const reports: Report[] = [];
  walkStatements(
    fn.node.body,
    (statement) => {
      if (statement.kind !== 'If') return;
      const report = checkIf(fn, statement);
      if (report) reports.push(report);
    },
    false,
  );
  return reports;
}

function checkIf(fn: FunctionView, statement: If): Report | undefined {
  const checked = callIn(fn, statement.test, CHECKS);
  const path = checked?.args[0];
  if (!checked || !path) return undefined;
  const written = fn.sourceOf(path);
  const used = useOf(fn, statement, written);
  if (!used) return undefined;
  const isPermission = fn.resolve(checked.func) === 'os.access';
  const isShared = SHARED.test(written);
  // Removing or making what is not there any more, or already there, is an error and no harm.
  if (!isShared && MILD.test(fn.resolve(used.func))) return undefined;
  return {
    kind: isShared ? 'defect' : 'advisory',
    quiet: !isShared && !isPermission,
    message: text`Between ${fn.quote(checked)} and ${fn.quote(used)}, somebody else can put another file there.`,
    at: checked,
    steps: [{ at: used, text: text`${fn.quote(used)} uses the path by name` }],
  };
}

function callIn(fn: FunctionView, root: If['test'], paths: RegExp): Call | undefined {
  let found: Call | undefined;
  walk(root, (node) => {
    if (node.kind === 'Call' && paths.test(fn.resolve((node as Call).func))) found ??= node as Call;
    return found === undefined;
  });
  return found;
}

/** The first use of the same path that changes something and whose error nobody handles. */
function useOf(fn: FunctionView, statement: If, path: string): Call | undefined {
  let found: Call | undefined;
  const handled: { start: number; end: number }[] = [];
  walkStatements(
    [...statement.body, ...statement.orelse],
    (inner) => {
      if (inner.kind === 'Try')
        handled.push({ start: inner.start, end: inner.handlers[0]?.start ?? inner.end });
      for (const header of headersOf(inner)) {
        walk(header, (node) => {
          if (node.kind === 'Call') {
            const call = node as Call;
            const target = call.args[0];
            const isSame = target !== undefined && fn.sourceOf(target) === path;
            if (isSame && USES.test(fn.resolve(call.func)) && changes(fn, call)) found ??= call;
          }
          return found === undefined;
        });
      }
    },
    false,
  );
  return found &&
    !handled.some(({ start, end }) => found !== undefined && found.start > start && found.end <= end)
    ? found
    : undefined;
}

function changes(fn: FunctionView, call: Call): boolean {
  const path = fn.resolve(call.func);
  if (/(^|\.)open$/.test(path)) {
    const mode = call.args[1] ?? call.keywords.find(({ name }) => name === 'mode')?.value;
    return mode?.kind === 'Str' && /[wa+]/.test(mode.value);
  }
  return !call.keywords.some(({ name }) => name === 'exist_ok' || name === 'ignore_errors');
}
