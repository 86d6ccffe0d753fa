import { code, text } from '../finding.ts';
import type { Call, Expression, Node, Statement, With } from '../syntax/ast.ts';
import { dottedName, headersOf, lastName } from '../syntax/headers.ts';
import { bodiesOf, walk, walkStatements } from '../syntax/walk.ts';
import type { Report, Rule } from './rule.ts';
import type { ClassView, FunctionView } from './views.ts';

export const lockMisuse: Rule = {
  id: 'lock-misuse',
  title: 'Lock that stays held, or that waits for itself',
  cwe: [667, 764, 833],
  aspect: 'concurrency',
  kind: 'defect',
  severity: 'medium',
  rows: [107],
  summary:
    'A lock that is acquired and not released when what follows raises or returns; a lock that is not reentrant and is taken again by the same thread, directly or in a method that is called while it is held; two locks of a class that are taken in both orders; `await` while a lock of `threading` is held.',
  why: 'Everything that needs the lock then waits for ever: one bad request stops the whole service.',
  fix: 'Take the lock with `with`, always in the same order; use `RLock` where a holder calls itself, and `asyncio.Lock` around `await`.',
  references: [
    'https://docs.python.org/3/library/threading.html#using-locks-conditions-and-semaphores-in-the-with-statement',
    'https://docs.python.org/3/library/threading.html#lock-objects',
    'https://docs.python.org/3/library/asyncio-sync.html#asyncio.Lock',
  ],
  on: { mentions: /\.acquire\(|\bawait\b|\bwith\s+self\./g, function: checkFunction, class: checkClass },
  examples: {
    bad: [
      {
        title: 'not released when something raises',
        code: `
import threading

class Counter:
    def __init__(self):
        self._lock = threading.Lock()

    def add(self, item):
        self._lock.acquire()  # report
        self.total += price_of(item)
        self._lock.release()

    def take(self, item):
        self._lock.acquire()  # report
        if item is None:
            return None
        self._lock.release()
        return item
`,
      },
      {
        title: 'taken again while it is held',
        code: `
import threading

class Store:
    def __init__(self):
        self._lock = threading.Lock()

    def get(self, key):
        with self._lock:
            return self.items[key]

    def pop(self, key):
        with self._lock:
            item = self.get(key)  # report
            del self.items[key]
            return item
`,
      },
      {
        title: 'both orders',
        code: `
import threading

class Bank:
    def __init__(self):
        self.accounts_lock = threading.Lock()
        self.audit_lock = threading.Lock()

    def transfer(self):
        with self.accounts_lock:
            with self.audit_lock:
                self.write()

    def audit(self):
        with self.audit_lock:
            with self.accounts_lock:  # report
                self.write()
`,
      },
      {
        title: 'await while a thread lock is held',
        code: `
import threading

class Cache:
    def __init__(self):
        self.lock = threading.Lock()

    async def load(self, key):
        with self.lock:
            return await self.fetch(key)  # report
`,
      },
    ],
    good: [
      {
        title: 'released on every way',
        code: `
import asyncio
import threading

class Counter:
    price_of = lambda item: item.price

    def __init__(self):
        self._lock = threading.RLock()
        self._other = asyncio.Lock()

    def add(self, item):
        self._lock.acquire()
        try:
            self.total += price_of(item)
        finally:
            self._lock.release()

    def peek(self):
        with self._lock:
            return self.add(None)

    async def load(self, key):
        async with self._other:
            return await self.fetch(key)

    def quick(self):
        self._lock.acquire()
        self.count += 1
        self._lock.release()

    def begin(self):
        self._lock.acquire()

    def end(self):
        self._lock.release()
`,
      },
      {
        title: 'other things that are acquired',
        code: `
class Pool:
    def __init__(self, license):
        self.license = license

    def go(self):
        self.license.acquire()
        self.work()
        self.license.release()
`,
      },
    ],
  },
};

const LOCK_NAME = /(^|_)(r?lock|mutex|sem|semaphore|condition|guard)s?\d*$|_lock_?/i;
const THREAD_LOCKS = /^(threading|multiprocessing)\.(Lock|BoundedSemaphore|Semaphore)$/;
const ANY_THREAD_LOCK = /^(threading|multiprocessing)\.(Lock|RLock|Condition|Semaphore|BoundedSemaphore)$/;

function checkFunction(fn: FunctionView): readonly Report[] | undefined {
  const source = fn.sourceOf(fn.node);
  const reports: Report[] = [];
  if (/\.acquire\(/.test(source) && /\.release\(/.test(source)) {
    visitBlocks(fn.node.body, (block) => void reports.push(...unreleased(fn, block)));
  }
  if (fn.node.isAsync && /\bawait\b/.test(source) && /\bwith\b/.test(source))
    reports.push(...awaitsInside(fn));
  return reports;
}

/** `x.acquire()` with `x.release()` later in the same block, and between them what can raise or return. */
function unreleased(fn: FunctionView, block: readonly Statement[]): Report[] {
  return block.flatMap((statement, at) => {
    const lock = lockOf(statement, 'acquire');
    if (lock === undefined) return [];
    const end = block.findIndex((later, i) => i > at && releases(later, lock));
    if (end < 0 || isProtected(block[end]!, lock)) return [];
    const between = block.slice(at + 1, end);
    const way = wayOut(between);
    if (!way) return [];
    return [
      {
        message: text`${code(lock)} stays held when ${way.kind === 'Return' ? 'the function returns before the release' : text`${fn.quote(way)} raises`}.`,
        at: statement,
        steps: [{ at: way, text: text`${fn.quote(way)} leaves without ${code(`${lock}.release()`)}` }],
        fix: { text: text`Write ${code(`with ${lock}:`)} around what needs it.` },
      },
    ];
  });
}

function lockOf(statement: Statement, method: string): string | undefined {
  if (statement.kind !== 'ExpressionStatement' || statement.value.kind !== 'Call') return undefined;
  const { func } = statement.value;
  if (func.kind !== 'Attribute' || func.attr !== method) return undefined;
  const name = dottedName(func.value);
  return name !== '' && LOCK_NAME.test(name) ? name : undefined;
}

function releases(statement: Statement, lock: string): boolean {
  let found = false;
  walkStatements([statement], (inner) => {
    found ||= lockOf(inner, 'release') === lock;
  });
  return found;
}

/** A `try` whose `finally` releases, or that releases in every handler. */
function isProtected(statement: Statement, lock: string): boolean {
  return (
    statement.kind === 'Try' &&
    (statement.finalbody.some((inner) => releases(inner, lock)) ||
      statement.handlers.every((handler) => handler.body.some((inner) => releases(inner, lock))))
  );
}

const CALM =
  /^(append|add|get|pop|popleft|discard|clear|len|debug|info|time|monotonic|set|notify|notify_all|notifyAll|items|keys|values|copy)$/;

function wayOut(statements: readonly Statement[]): (Node & { kind: string }) | undefined {
  let found: (Node & { kind: string }) | undefined;
  walkStatements(
    statements,
    (statement) => {
      if (statement.kind === 'Return' || statement.kind === 'Raise') found ??= statement;
      for (const header of headersOf(statement)) {
        walk(header, (node) => {
          if (node.kind === 'Call' && !CALM.test(lastName((node as Call).func))) found ??= node;
          return found === undefined;
        });
      }
    },
    false,
  );
  return found;
}

function awaitsInside(fn: FunctionView): Report[] {
  const reports: Report[] = [];
  walkStatements(
    fn.node.body,
    (statement) => {
      if (statement.kind !== 'With' || statement.isAsync) return;
      const item = statement.items.find(({ context }) => ANY_THREAD_LOCK.test(typeOfLock(fn, context)));
      const awaited = item && firstAwait(statement);
      if (item && awaited) {
        reports.push({
          message: text`${fn.quote(awaited)} gives other tasks their turn while the thread lock ${fn.quote(item.context)} is held.`,
          at: awaited,
          fix: {
            text: text`Use ${code('asyncio.Lock')} with ${code('async with')}, or await outside the lock.`,
          },
        });
      }
    },
    false,
  );
  return reports;
}

function firstAwait(statement: With): Node | undefined {
  let found: Node | undefined;
  walkStatements(
    statement.body,
    (inner) => {
      for (const header of headersOf(inner)) {
        walk(header, (node) => {
          if (node.kind === 'Await') found ??= node;
          return node.kind !== 'Lambda' && found === undefined;
        });
      }
    },
    false,
  );
  return found;
}

/** The class of the lock: of an attribute of the instance, or of a name of the module. */
function typeOfLock(fn: FunctionView, expression: Expression): string {
  if (
    expression.kind === 'Attribute' &&
    expression.value.kind === 'Name' &&
    /^(self|cls)$/.test(expression.value.id)
  ) {
    return fn.class?.attribute(expression.attr)?.type ?? '';
  }
  return fn.resolve(expression);
}

interface Held {
  readonly lock: string;
  readonly method: FunctionView;
  readonly statement: With;
}

function checkClass(cls: ClassView): readonly Report[] | undefined {
  if (!/\bwith\s+self\./.test(cls.sourceOf(cls.node))) return undefined;
  const held: Held[] = cls.methods.flatMap((method) => {
    const found: Held[] = [];
    walkStatements(
      method.node.body,
      (statement) => {
        if (statement.kind !== 'With') return;
        for (const { context } of statement.items) {
          if (THREAD_LOCKS.test(typeOfLock(method, context)))
            found.push({ lock: dottedName(context), method, statement });
        }
      },
      false,
    );
    return found;
  });
  return [...takenAgain(cls, held), ...bothOrders(cls, held)];
}

/** In the body of `with lock`: the same lock, or a method of this object that takes it. */
function takenAgain(cls: ClassView, held: readonly Held[]): Report[] {
  const takers = (lock: string) =>
    new Set(held.filter((other) => other.lock === lock).map((other) => other.method.name));
  return held.flatMap(({ lock, method, statement }) => {
    const again = takers(lock);
    const reports: Report[] = [];
    walkStatements(
      statement.body,
      (inner) => {
        if (inner.kind === 'With' && inner.items.some(({ context }) => dottedName(context) === lock)) {
          reports.push(deadlock(cls, method, lock, inner.items[0]!));
        }
        for (const header of headersOf(inner)) {
          walk(header, (node) => {
            if (node.kind === 'Lambda') return false;
            if (node.kind === 'Call') {
              const { func } = node as Call;
              if (func.kind === 'Attribute' && dottedName(func.value) === 'self' && again.has(func.attr))
                reports.push(deadlock(cls, method, lock, node));
            }
            return true;
          });
        }
      },
      false,
    );
    return reports;
  });
}

function deadlock(cls: ClassView, method: FunctionView, lock: string, at: Node): Report {
  return {
    message: text`${cls.quote(at)} takes ${code(lock)} again while ${code(method.name)} holds it: it waits for itself.`,
    at,
    fix: { text: text`Make ${code(lock)} a ${code('threading.RLock()')}, or call what needs no lock.` },
  };
}

function bothOrders(cls: ClassView, held: readonly Held[]): Report[] {
  const pairs = held.flatMap((outer) =>
    held
      .filter(
        (inner) =>
          inner.lock !== outer.lock &&
          inner.statement !== outer.statement &&
          isInside(inner.statement, outer.statement),
      )
      .map((inner) => ({ first: outer.lock, second: inner.lock, inner, outer })),
  );
  return pairs.flatMap((pair, i) => {
    const other = pairs.findIndex((p) => p.first === pair.second && p.second === pair.first);
    if (other < 0 || other > i) return [];
    const earlier = pairs[other]!;
    return [
      {
        message: text`${code(pair.outer.method.name)} takes ${code(pair.first)} and then ${code(pair.second)}, ${code(earlier.outer.method.name)} the other way round: two threads can wait for each other.`,
        at: pair.inner.statement.items[0]!,
        steps: [
          {
            at: earlier.inner.statement.items[0]!,
            text: text`${cls.quote(earlier.inner.statement.items[0]!)} is taken here while ${code(earlier.first)} is held`,
          },
        ],
      },
    ];
  });
}

function isInside(inner: Node, outer: Node): boolean {
  return inner.start > outer.start && inner.end <= outer.end;
}

function visitBlocks(body: readonly Statement[], visit: (block: readonly Statement[]) => void): void {
  visit(body);
  walkStatements(
    body,
    (statement) => {
      if (statement.kind === 'FunctionDef' || statement.kind === 'ClassDef') return;
      for (const block of bodiesOf(statement)) visit(block);
    },
    false,
  );
}
