import { code, text } from '../finding.ts';
import type { AugAssign, Call } from '../syntax/ast.ts';
import { dottedName, lastName } from '../syntax/headers.ts';
import { walk, walkStatements } from '../syntax/walk.ts';
import type { Report, Rule } from './rule.ts';
import type { FunctionView, ModuleView } from './views.ts';

export const unsynchronisedSharedState: Rule = {
  id: 'unsynchronised-shared-state',
  title: 'Shared counter changed by several threads without a lock',
  cwe: [362, 366],
  aspect: 'concurrency',
  kind: 'advisory',
  severity: 'low',
  rows: [108],
  summary:
    'A module-level variable that a function counts up or down (`global total; total += 1`), where the function is the target of a thread, is submitted to a thread pool, or serves requests of a web framework, and no lock is held around it.',
  why: 'Reading, adding and writing back are three steps: two threads that do them at once lose one of the changes. A limit that is counted so can be passed.',
  fix: 'Hold a `threading.Lock` around the change, or keep the count in the database or in `itertools.count`.',
  references: ['https://docs.python.org/3/library/threading.html#lock-objects'],
  roles: { test: 'silent', example: 'silent', command: 'quiet' },
  on: { module: check },
  examples: {
    bad: [
      {
        title: 'threads and a handler',
        code: `
import threading
from flask import Flask

app = Flask(__name__)
total = 0
hits = 0

def work(items):
    global total
    for item in items:
        total += item.size  # report

def main(items):
    threading.Thread(target=work, args=(items,)).start()

@app.route('/')
def index():
    global hits
    hits += 1  # report
    return str(hits)
`,
      },
    ],
    good: [
      {
        title: 'with a lock, or in one thread only',
        code: `
import threading

total = 0
lock = threading.Lock()
count = 0

def work(items):
    global total
    for item in items:
        with lock:
            total += item.size

def single():
    global count
    count += 1

def main(items):
    threading.Thread(target=work, args=(items,)).start()
    single()
`,
      },
    ],
  },
};

function check(module: ModuleView): readonly Report[] | undefined {
  if (!/^\s+global\s/m.test(module.text)) return undefined;
  const started = startedFunctions(module);
  return module.functions.flatMap((fn) => {
    const isWeb =
      fn.handler !== undefined &&
      /rout|view|request|endpoint|page|flask|django|fastapi/i.test(fn.handler) &&
      !fn.node.isAsync;
    if (!isWeb && !started.has(fn.name)) return [];
    return changesWithoutLock(fn).map(({ statement, name }) => ({
      message: text`${fn.quote(statement)} changes ${code(name)} of the module, and ${code(fn.name)} ${isWeb ? 'serves several requests at once' : 'runs in a thread'}: changes can be lost.`,
      at: statement,
    }));
  });
}

/** Names of functions that are given to threads and pools. */
function startedFunctions(module: ModuleView): ReadonlySet<string> {
  const names = new Set<string>();
  walk(module.node, (node) => {
    if (node.kind !== 'Call') return true;
    const call = node as Call;
    const name = lastName(call.func);
    if (name === 'Thread' || name === 'Timer') {
      const target =
        call.keywords.find((keyword) => keyword.name === 'target' || keyword.name === 'function')?.value ??
        call.args[1];
      if (target) names.add(lastName(target));
    } else if (
      /^(submit|map|apply_async|run_in_executor|to_thread|start_new_thread)$/.test(name) &&
      /pool|executor|thread|loop|asyncio/i.test(dottedName(call.func))
    ) {
      const target = name === 'run_in_executor' ? call.args[1] : call.args[0];
      if (target) names.add(lastName(target));
    }
    return true;
  });
  return names;
}

/** `name += …` on a global, outside every `with` that looks like a lock. */
function changesWithoutLock(fn: FunctionView): { statement: AugAssign; name: string }[] {
  const globals = new Set<string>();
  const guarded: { start: number; end: number }[] = [];
  const found: { statement: AugAssign; name: string }[] = [];
  walkStatements(
    fn.node.body,
    (statement) => {
      if (statement.kind === 'Global') for (const name of statement.names) globals.add(name);
      if (
        statement.kind === 'With' &&
        statement.items.some(({ context }) => /lock|mutex|sem|cond/i.test(dottedName(context)))
      )
        guarded.push(statement);
      if (
        statement.kind === 'AugAssign' &&
        statement.target.kind === 'Name' &&
        globals.has(statement.target.id)
      )
        found.push({ statement, name: statement.target.id });
    },
    false,
  );
  if (/\.acquire\(/.test(fn.sourceOf(fn.node))) return [];
  return found.filter(
    ({ statement }) => !guarded.some(({ start, end }) => statement.start >= start && statement.end <= end),
  );
}
