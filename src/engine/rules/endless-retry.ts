import { text } from '../finding.ts';
import type { Call, ExceptHandler, FunctionDef, Statement, While } from '../syntax/ast.ts';
import { dottedName, headersOf, lastName } from '../syntax/headers.ts';
import { walk, walkStatements } from '../syntax/walk.ts';
import type { Report, Rule } from './rule.ts';
import type { FunctionView } from './views.ts';

export const endlessRetry: Rule = {
  id: 'endless-retry',
  title: 'Endless loop or retry',
  cwe: [835, 674],
  aspect: 'errors',
  kind: 'advisory',
  severity: 'medium',
  rows: [111],
  summary:
    'A loop that tries again for ever when something fails, with neither a limit nor a pause; and a function that calls itself again with the same arguments when it fails.',
  why: 'When what it waits for stays broken, the program burns a whole core, floods the other side and its own logs, or ends in a `RecursionError`.',
  fix: 'Count the attempts and give up after some, with a pause that grows between them.',
  references: [
    'https://tenacity.readthedocs.io/en/latest/',
    'https://aws.amazon.com/builders-library/timeouts-retries-and-backoff-with-jitter/',
  ],
  roles: { test: 'silent', command: 'quiet', example: 'silent' },
  on: { mentions: /\bexcept\b/g, function: check },
  examples: {
    bad: [
      {
        title: 'for ever, at once',
        code: `
import requests

def fetch(url):
    while True:  # report
        try:
            return requests.get(url, timeout=5)
        except requests.RequestException:
            continue

def connect(client):
    while 1:  # report
        try:
            client.connect()
            break
        except Exception:
            LOG.warning('again')
`,
      },
      {
        title: 'calls itself again',
        code: `
def load(self, key, retries=3):
    try:
        return self.backend.get(key)
    except ConnectionError:
        return self.load(key)  # report
`,
      },
    ],
    good: [
      {
        title: 'with a limit or a pause',
        code: `
import time
import requests

def fetch(url):
    for _ in range(3):
        try:
            return requests.get(url, timeout=5)
        except requests.RequestException:
            time.sleep(1)
    raise TimeoutError(url)

def wait(url):
    while True:
        try:
            return requests.get(url, timeout=5)
        except requests.RequestException:
            time.sleep(5)

def bounded(client):
    attempts = 0
    while True:
        try:
            return client.connect()
        except OSError:
            attempts += 1
            if attempts > 5:
                raise

def serve(queue):
    while True:
        item = queue.get()
        try:
            item.run()
        except Exception:
            LOG.exception('failed')

def ask(prompt):
    while True:
        try:
            return int(input(prompt))
        except ValueError:
            print('a number, please')

def load(key, retries):
    try:
        return backend.get(key)
    except ConnectionError:
        return load(key, retries - 1)

def read(lines):
    while True:
        try:
            return parse(next(lines))
        except ValueError:
            continue
`,
      },
    ],
  },
};

function check(fn: FunctionView): readonly Report[] {
  const reports: Report[] = [];
  walkStatements(
    fn.node.body,
    (statement) => {
      if (statement.kind === 'While' && isTrue(statement)) {
        const failing = retriedCall(fn, statement);
        if (failing) {
          reports.push({
            message: text`As long as ${fn.quote(failing)} fails, the loop tries again, without a limit or a pause.`,
            at: statement.test,
          });
        }
      } else if (statement.kind === 'Try') {
        for (const handler of statement.handlers) reports.push(...callsItself(fn, handler));
      }
    },
    false,
  );
  return reports;
}

function isTrue({ test }: While): boolean {
  return (test.kind === 'Constant' && test.value === 'True') || (test.kind === 'Num' && test.value !== 0);
}

const REMOTE =
  /^(get|post|put|patch|delete|head|request|send|sendall|connect|urlopen|fetch|execute|query|call|publish|login|open_connection|create_connection|ping|subscribe)$/;
const WAITS = /sleep|wait|backoff|delay|join|input|select|poll|timeout|recv|accept|read|retry|throttle/i;

/** The call that a loop tries again: success leaves the loop, failure does nothing at all. */
function retriedCall(fn: FunctionView, loop: While): Call['func'] | undefined {
  const attempt = loop.body.find((statement) => statement.kind === 'Try');
  if (attempt?.kind !== 'Try' || loop.body.length > 2) return undefined;
  if (!leaves(attempt.body) && !leaves(attempt.orelse)) return undefined;
  if (attempt.handlers.length === 0 || !attempt.handlers.every(doesNothing)) return undefined;
  let found: Call['func'] | undefined;
  let isWaiting = false;
  for (const statement of loop.body) {
    walk(statement, (node) => {
      if (node.kind !== 'Call') return true;
      const { func } = node as Call;
      const name = lastName(func);
      if (WAITS.test(name)) isWaiting = true;
      const isInAttempt =
        node.start >= attempt.start && node.end <= (attempt.handlers[0]?.start ?? attempt.end);
      if (
        isInAttempt &&
        REMOTE.test(name) &&
        func.kind === 'Attribute' &&
        !/queue|dict|cache|iter/i.test(fn.sourceOf(func.value))
      )
        found ??= func;
      return true;
    });
  }
  return isWaiting ? undefined : found;
}

function leaves(body: readonly Statement[]): boolean {
  return body.some(({ kind }) => kind === 'Return' || kind === 'Break');
}

/** `pass`, `continue`, or only a note in the log. */
function doesNothing(handler: ExceptHandler): boolean {
  return handler.body.every((statement) => {
    if (statement.kind === 'Pass' || statement.kind === 'Continue') return true;
    return (
      statement.kind === 'ExpressionStatement' &&
      statement.value.kind === 'Call' &&
      /^(debug|info|warning|warn|error|exception|print|log)$/.test(lastName(statement.value))
    );
  });
}

/** `return self.load(key)` in the handler of `load`, with the parameters as they came. */
function callsItself(fn: FunctionView, handler: ExceptHandler): Report[] {
  if (handler.type && /KeyboardInterrupt|EOFError/.test(fn.sourceOf(handler.type))) return [];
  const reports: Report[] = [];
  walkStatements(
    handler.body,
    (statement) => {
      for (const header of headersOf(statement)) {
        walk(header, (node) => {
          if (node.kind === 'Call' && isSameCall(fn.node, node as Call)) {
            reports.push({
              message: text`When it fails, ${{ code: fn.name }} calls itself with the same arguments, again and again.`,
              at: node,
            });
          }
          return node.kind !== 'Lambda';
        });
      }
    },
    false,
  );
  // Something that was repaired before the call, or that counts, may end it.
  return handler.body.length === 1 ? reports : [];
}

function isSameCall(fn: FunctionDef, call: Call): boolean {
  const path = dottedName(call.func);
  const isMethod = fn.params[0]?.name === 'self' || fn.params[0]?.name === 'cls';
  if (path !== (isMethod ? `${fn.params[0]?.name}.${fn.name}` : fn.name)) return false;
  const names = new Set(fn.params.map((param) => param.name));
  const given = [...call.args, ...call.keywords.map((keyword) => keyword.value)];
  return (
    given.every((argument) => argument.kind === 'Name' && names.has(argument.id)) &&
    !call.keywords.some(({ name }) => /retry|retries|attempt|depth|count/i.test(name ?? ''))
  );
}
