import { code, type RichText, text } from '../finding.ts';
import type { Call, Statement } from '../syntax/ast.ts';
import { walkStatements } from '../syntax/walk.ts';
import type { Report, Rule } from './rule.ts';
import { type Acquisition, type Leak, leaksOf, type ReleaseNames } from './support/paths.ts';
import type { FunctionView } from './views.ts';

export const resourceLeak: Rule = {
  id: 'resource-leak',
  title: 'Resource not released on every path',
  cwe: [772, 404, 775],
  aspect: 'resources',
  kind: 'advisory',
  severity: 'low',
  rows: [105],
  summary:
    'A file, archive, socket, database connection, temporary directory or worker pool that a function opens for itself, and that an exception, an early `return` or the end of the function leaves open. `with`, `finally`, `closing`, an exit stack, a registered clean-up and handing the resource to somebody else are releases.',
  why: 'What is left open is gone only when the garbage collector finds it: after an exception that may be much later, because the traceback keeps it alive. A caller who can make the code fail again and again uses up file descriptors, connections or disk space, and written data may not have reached the disk.',
  fix: 'Open it in a `with` statement, or release it in `finally`.',
  references: [
    'https://docs.python.org/3/tutorial/inputoutput.html#reading-and-writing-files',
    'https://docs.python.org/3/library/contextlib.html#contextlib.closing',
    'https://docs.python.org/3/library/contextlib.html#contextlib.ExitStack',
  ],
  roles: { command: 'quiet' },
  on: {
    mentions:
      /\b(open|socket|connect|mkdtemp|Pool|PoolExecutor|ZipFile|create_connection|TemporaryFile|NamedTemporaryFile)\b/g,
    function: check,
  },
  examples: {
    bad: [
      {
        title: 'an exception between open and close',
        code: `
import json

def load(path):
    f = open(path)  # report
    data = json.load(f)
    f.close()
    return data
`,
      },
      {
        title: 'an early return',
        code: `
def first_line(path, limit):
    handle = open(path, encoding='utf-8')  # report
    if limit == 0:
        return ''
    line = handle.readline()
    handle.close()
    return line
`,
      },
      {
        title: 'an error path that forgets it',
        code: `
import socket

def probe(host, port):
    connection = socket.create_connection((host, port), 5)  # report
    try:
        connection.sendall(b'PING')
        answer = connection.recv(64)
    except OSError:
        return None
    connection.close()
    return answer
`,
      },
      {
        title: 'never released',
        code: `
import sqlite3
import zipfile

def count(path):
    connection = sqlite3.connect(path)  # report
    row = connection.execute('SELECT count(*) FROM item').fetchone()
    return row[0]

def names(path):
    archive = zipfile.ZipFile(path)  # report
    return archive.namelist()
`,
      },
      {
        title: 'a temporary directory that stays when the work fails',
        code: `
import shutil
import tempfile

def build(source):
    work = tempfile.mkdtemp()  # report
    compile_to(source, work)
    shutil.rmtree(work)
`,
      },
      {
        title: 'a release that only one branch reaches',
        code: `
import tarfile

def install(path, to, keep):
    archive = tarfile.open(path)  # report
    archive.extractall(to, filter='data')
    if not keep:
        archive.close()

def check(path):
    f = open(path)  # report
    try:
        header = f.read(4)
        if header != b'PK':
            raise ValueError(path)
    except OSError:
        f.close()
        raise
    f.close()
`,
      },
      {
        title: 'a loop that leaves a file open each time',
        code: `
def totals(paths):
    out = []
    for path in paths:
        f = open(path)  # report
        out.append(sum(int(line) for line in f))
    return out
`,
      },
    ],
    good: [
      {
        title: 'with',
        code: `
import json
import sqlite3
from contextlib import closing

def load(path):
    with open(path) as f:
        return json.load(f)

def count(path):
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute('SELECT 1').fetchone()

def later(path):
    f = open(path)
    with f:
        return f.read()
`,
      },
      {
        title: 'finally',
        code: `
import shutil
import tempfile

def load(path):
    f = open(path)
    try:
        return f.read()
    finally:
        f.close()

def guarded(path):
    f = None
    try:
        f = open(path)
        return f.read()
    finally:
        if f is not None:
            f.close()

def build(source):
    work = tempfile.mkdtemp()
    try:
        compile_to(source, work)
    finally:
        shutil.rmtree(work, ignore_errors=True)
`,
      },
      {
        title: 'closed on the error path too',
        code: `
import socket

def connect(host):
    s = socket.create_connection((host, 80))
    try:
        s.sendall(b'hello')
    except Exception:
        s.close()
        raise
    s.close()
`,
      },
      {
        title: 'handed to somebody else',
        code: `
import socket
import tempfile

def connect(host):
    s = socket.socket()
    return s

class Log:
    def __init__(self, path):
        f = open(path, 'a')
        self.file = f

def serve(stack, path, registry):
    f = stack.enter_context(open(path))
    other = open(path)
    stack.callback(other.close)
    third = open(path)
    registry.append(third)
    directory = tempfile.mkdtemp()
    registry['work'] = directory

def lines(path):
    f = open(path)
    return Wrapper(f)
`,
      },
      {
        title: 'a clean-up that a test registers',
        path: 'test_load.py',
        code: `
import shutil
import tempfile
import unittest

class LoadTest(unittest.TestCase):
    def test_load(self):
        work = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, work)
        f = open(work + '/a', 'w')
        self.addCleanup(f.close)
        f.write('x')
`,
      },
      {
        title: 'loops, fixtures and stacks that release',
        code: `
import contextlib
import socket
import tarfile
import tempfile
import shutil

def first(paths):
    for path in paths:
        f = open(path)
        try:
            line = f.readline()
            if not line:
                continue
            return line
        finally:
            f.close()

def fixture(path):
    f = open(path)
    try:
        yield f.read()
    finally:
        f.close()

def unpack(path, to):
    with contextlib.ExitStack() as stack:
        archive = stack.enter_context(tarfile.open(path))
        names = archive.getnames()
        other = tarfile.open(path)
        stack.callback(other.close)
        return names, other.getnames()

def listen(port):
    s = socket.socket()
    try:
        s.bind(('127.0.0.1', port))
        s.listen()
    except BaseException:
        s.close()
        raise
    return s

def build(source):
    work = tempfile.mkdtemp()
    return copy(source, work)

def read_once(path):
    f = open(path)
    del f
`,
      },
      {
        title: 'nothing can fail in between',
        code: `
def touch(path):
    f = open(path, 'a')
    f.close()
`,
      },
    ],
  },
};

interface Resource extends ReleaseNames {
  readonly noun: string;
  readonly paths: RegExp;
  readonly release: string;
  /** What it does when it is not released. */
  readonly remains: string;
}

const NOTHING: ReadonlySet<string> = new Set();

const RESOURCES: readonly Resource[] = [
  {
    noun: 'file',
    paths:
      /^(builtins\.open|io\.open|codecs\.open|os\.fdopen|gzip\.open|bz2\.open|lzma\.open|pathlib\.Path\.open|tempfile\.(NamedTemporaryFile|TemporaryFile|SpooledTemporaryFile)|gzip\.GzipFile|bz2\.BZ2File|lzma\.LZMAFile)$/,
    release: 'close',
    remains: 'stays open',
    methods: new Set(['close', 'detach']),
    functions: new Set(['close', 'closing', 'suppress_close', 'safe_close', 'close_quietly']),
    derives: NOTHING,
  },
  {
    noun: 'archive',
    paths: /^(zipfile\.ZipFile|zipfile\.PyZipFile|tarfile\.open|tarfile\.TarFile|tarfile\.TarFile\.open)$/,
    release: 'close',
    remains: 'stays open',
    methods: new Set(['close']),
    functions: new Set(['close', 'closing']),
    derives: new Set(['open', 'extractfile']),
  },
  {
    noun: 'socket',
    paths: /^(socket\.socket|socket\.create_connection|socket\.create_server|ssl\.SSLContext\.wrap_socket)$/,
    release: 'close',
    remains: 'stays open',
    methods: new Set(['close', 'detach', 'shutdown']),
    functions: new Set(['close', 'closing', 'wrap_socket']),
    derives: new Set(['makefile', 'dup', 'fileno']),
  },
  {
    noun: 'database connection',
    paths:
      /^(sqlite3|psycopg2?|pymysql|MySQLdb|mysql\.connector|pyodbc|cx_Oracle|oracledb|pymssql|psycopg2cffi)\.(connect|Connection\.connect)$/,
    release: 'close',
    remains: 'stays open',
    methods: new Set(['close']),
    functions: new Set(['close', 'closing']),
    derives: new Set(['cursor', '__enter__']),
  },
  {
    noun: 'temporary directory',
    paths: /^tempfile\.mkdtemp$/,
    release: 'shutil.rmtree',
    remains: 'is left behind',
    methods: NOTHING,
    functions: new Set(
      'rmtree rmdir removedirs remove_tree cleanup delete_tree delete_if_exists delete_directory remove rm move rename replace'.split(
        ' ',
      ),
    ),
    derives: NOTHING,
    isName: true,
  },
  {
    noun: 'worker pool',
    paths:
      /^(multiprocessing\.Pool|multiprocessing\.pool\.(Thread)?Pool|concurrent\.futures\.(Thread|Process)PoolExecutor)$/,
    release: 'shutdown',
    remains: 'keeps its workers',
    methods: new Set(['close', 'terminate', 'shutdown', 'join']),
    functions: new Set(['close', 'closing']),
    derives: NOTHING,
  },
];

function check(fn: FunctionView): readonly Report[] | undefined {
  const reports: Report[] = [];
  walkStatements(
    fn.node.body,
    (statement) => {
      const found = acquired(fn, statement);
      if (!found) return;
      const leaks = leaksOf(fn.node.body, found.acquisition, found.resource);
      const [leak] = leaks ?? [];
      if (leak) reports.push(reportOf(fn, found.acquisition, found.resource, leak));
    },
    false,
  );
  return reports;
}

function acquired(
  fn: FunctionView,
  statement: Statement,
): { acquisition: Acquisition; resource: Resource } | undefined {
  if (statement.kind !== 'Assign') return undefined;
  const [target] = statement.targets;
  if (statement.targets.length !== 1 || target?.kind !== 'Name' || statement.value.kind !== 'Call')
    return undefined;
  const call = statement.value;
  const path = fn.resolve(call.func);
  const resource = path === '' ? undefined : RESOURCES.find(({ paths }) => paths.test(path));
  if (!resource) return undefined;
  return isInMemory(fn, call)
    ? undefined
    : { acquisition: { variable: target.id, statement, call }, resource };
}

/** An archive in a buffer holds nothing that the operating system would have to give back. */
function isInMemory(fn: FunctionView, call: Call): boolean {
  const given = [...call.args, ...call.keywords.map((keyword) => keyword.value)];
  return given.some((argument) => {
    if (/\b(BytesIO|StringIO)\(/.test(fn.sourceOf(argument))) return true;
    if (argument.kind !== 'Name') return false;
    const made = new RegExp(`\\b${argument.id}\\s*(?::[^=]+)?=\\s*(?:\\w+\\.)?(?:BytesIO|StringIO)\\(`);
    return made.test(fn.sourceOf(fn.node));
  });
}

function reportOf(
  fn: FunctionView,
  { variable, call, statement }: Acquisition,
  resource: Resource,
  leak: Leak,
): Report {
  const name = code(variable);
  const opened = fn.quote(call);
  return {
    message: text`The ${resource.noun} ${name} (${opened}) ${resource.remains} ${consequence(fn, leak)}.`,
    at: statement,
    confidence: 'medium',
    ...(leak.at === call ? {} : { steps: [step(fn, leak)] }),
    fix: { text: fixOf(name, opened, resource) },
  };
}

function consequence(fn: FunctionView, leak: Leak): RichText {
  switch (leak.how) {
    case 'exception':
      return leak.at.start === leak.at.end || !isShort(fn, leak)
        ? text`when what follows raises`
        : text`when ${fn.quote(leak.at)} raises`;
    case 'return':
      return text`when the function returns early`;
    case 'end':
      return text`when the function ends`;
  }
}

function isShort(fn: FunctionView, leak: Leak): boolean {
  return fn.sourceOf(leak.at).length <= 60;
}

function step(fn: FunctionView, leak: Leak): { at: Leak['at']; text: RichText } {
  const what = leak.how === 'return' ? 'leaves the function' : 'can raise';
  return { at: leak.at, text: text`${fn.quote(leak.at)} ${what} before the release` };
}

function fixOf(name: ReturnType<typeof code>, opened: ReturnType<typeof code>, resource: Resource): RichText {
  if (resource.noun === 'temporary directory')
    return text`Use ${code('with tempfile.TemporaryDirectory() as …')}, or remove ${name} in ${code('finally')}.`;
  if (resource.noun === 'database connection' || resource.noun === 'socket')
    return text`Write ${code('with contextlib.closing(…)')} around ${opened}, or close ${name} in ${code('finally')}.`;
  return text`Open it with ${code('with … as')}, or call ${code(`${name.code}.${resource.release}()`)} in ${code('finally')}.`;
}
