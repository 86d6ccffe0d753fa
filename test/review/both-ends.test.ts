/** Changes whose flow begins or ends in a file that they do not touch, with the real engine. */
import { analyse } from '../../src/engine/analyse.ts';
import { plain } from '../../src/engine/finding.ts';
import { describeRemovedControl } from '../../src/engine/rules/security-control-removed.ts';
import type { Analyser } from '../../src/review/analysis.ts';
import type { ReviewDependencies } from '../../src/review/review-pull-request.ts';
import { answer } from '../../src/review/worker-side.ts';
import { changedFile, review, sourcesOf } from './changes.ts';

const analyser: Analyser = { analyse: async (request) => ({ answer: await answer(request, analyse) }) };

const lines = (...all: string[]) => `${all.join('\n')}\n`;
const VIEWS = (...body: string[]) =>
  lines(
    'import sqlite3',
    'from flask import Flask, request',
    'from shop import util',
    'app = Flask(__name__)',
    "@app.get('/')",
    'def index():',
    "    name = request.args['name']",
    ...body.map((line) => `    ${line}`),
  );
const QUERY = `sqlite3.connect('x').execute("SELECT * FROM t WHERE name = '" + name + "'")`;

/** A change of shop/util.py, with the other files as they are. */
async function reviewOf(
  base: string,
  head: string,
  unchanged: Readonly<Record<string, string>>,
  more: Partial<ReviewDependencies> = {},
) {
  const file = changedFile(
    'shop/util.py',
    lines('import subprocess', base),
    lines('import subprocess', head),
  );
  const { defects, ledger } = await review([file], { analyser, sources: sourcesOf(unchanged), ...more });
  const found = defects.map(({ finding, anchor, elsewhere }) => ({
    rule: finding.ruleId,
    at: `${finding.location.path}:${finding.location.startLine}`,
    anchor: anchor && `${anchor.path}:${anchor.side}:${anchor.line}`,
    elsewhere,
    trace: finding.trace.map(({ location, text }) => `${location.path}:${location.startLine} ${plain(text)}`),
  }));
  return { found, ledger };
}

test('a sink that is new in a helper, with a handler that is not touched', async () => {
  const { found, ledger } = await reviewOf(
    'def run(cmd):\n    return subprocess.call([cmd])',
    'def run(cmd):\n    return subprocess.call(cmd, shell=True)',
    { 'shop/views.py': VIEWS('util.run(name)') },
  );
  expect(found).toEqual([
    {
      rule: 'os-command-injection',
      at: 'shop/util.py:3',
      anchor: 'shop/util.py:RIGHT:3',
      elsewhere: false,
      trace: [
        "shop/views.py:7 `request.args['name']` is a query parameter of the request",
        'shop/views.py:7 it is assigned to `name`',
        'shop/views.py:8 it is passed on in `util.run(name)`',
        'shop/util.py:3 it becomes text run by a shell in `subprocess.call(cmd, shell=True)`',
      ],
    },
  ]);
  expect(ledger).toMatchObject({ callingFiles: 1, limits: [], complete: true });
});

const CHECKED = lines(
  'def other():',
  '    pass',
  '',
  '',
  'def check(name):',
  "    if name not in ('a', 'b'):",
  '        raise ValueError',
);

test('a check that is gone, between a source and a sink that are not touched, is told at the hunk', async () => {
  const { found } = await reviewOf(CHECKED, CHECKED.replace("not in ('a', 'b')", "== ''"), {
    'shop/views.py': VIEWS('util.check(name)', QUERY),
  });
  expect(found).toMatchObject([
    { rule: 'sql-injection', at: 'shop/views.py:9', anchor: 'shop/util.py:RIGHT:7', elsewhere: true },
  ]);
});

test('a sanitizer that is weaker, and one whose lines are removed', async () => {
  const unchanged = { 'shop/views.py': VIEWS('name = util.clean(name)', QUERY) };
  const weaker = await reviewOf(
    'def clean(x):\n    return int(x)',
    'def clean(x):\n    return x.strip()',
    unchanged,
  );
  expect(weaker.found).toMatchObject([{ at: 'shop/views.py:9', anchor: 'shop/util.py:RIGHT:3' }]);
  const removed = await reviewOf(
    'def clean(x):\n    x = int(x)\n    return x',
    'def clean(x):\n    return x',
    unchanged,
  );
  expect(removed.found).toMatchObject([{ at: 'shop/views.py:9', anchor: 'shop/util.py:LEFT:3' }]);
});

test('a check that leaves a doubt, and is gone: the flow was told quietly before, and is a defect now', async () => {
  const guard = [
    'import ipaddress, socket, requests',
    'def is_public_url(url):',
    "    host = url.split('/')[2]",
    '    return ipaddress.ip_address(socket.gethostbyname(host)).is_global',
  ];
  const fetch = (...checks: string[]) =>
    lines(...guard, 'def fetch(url):', ...checks, '    return requests.get(url, timeout=5)');
  const refuses = ['    if not is_public_url(url):', '        raise ValueError(url)'];
  const unchanged = { 'shop/views.py': VIEWS('util.fetch(name)') };
  const head = lines('import requests', 'def fetch(url):', '    return requests.get(url, timeout=5)');
  const { found } = await reviewOf(fetch(...refuses), head, unchanged);
  expect(found.map(({ rule, at }) => `${rule} ${at}`)).toEqual([
    'server-side-request-forgery shop/util.py:4',
  ]);
  const again = await reviewOf(fetch(...refuses), fetch('    url = url.strip()', ...refuses), unchanged);
  expect(again.found).toEqual([]);
});

test('a check of an address that a guarded connection stands for', async () => {
  const base = lines(
    'import requests',
    'def fetch(url):',
    '    if not is_safe_url(url):',
    '        raise ValueError(url)',
    '    return requests.get(url)',
  );
  const guarded = lines(
    'import requests',
    'def fetch(url):',
    '    with make_safe_connect():',
    '        return requests.get(url)',
  );
  const plain = lines('import requests', 'def fetch(url):', '    return requests.get(url)');
  expect((await reviewOf(base, guarded, {}, { describeRemovedControl })).found).toEqual([]);
  expect((await reviewOf(base, plain, {}, { describeRemovedControl })).found).toMatchObject([
    { rule: 'security-control-removed' },
  ]);
});

test('a check that was too weak, and is gone from the way of a flow, is a defect', async () => {
  const body = (...checks: string[]) => lines('def read(name):', ...checks, '    return open(name).read()');
  const check = body("    if '..' in name:", '        raise ValueError(name)');
  const open = { 'shop/views.py': VIEWS('return util.read(name)') };
  const { found } = await reviewOf(check, body(), open, { describeRemovedControl });
  expect(found.map(({ rule, anchor }) => `${rule} ${anchor}`)).toEqual([
    'security-control-removed shop/util.py:LEFT:3',
  ]);
  expect(found[0]!.trace.at(-1)).toContain('it becomes a file path in `open(name)`');
  const constant = { 'shop/views.py': VIEWS("return util.read('a')") };
  const closed = await reviewOf(check, body(), constant, { describeRemovedControl });
  expect(closed.found).toEqual([]);
});

test('a control that is gone and what it lets through are one finding', async () => {
  const page = (text: string) => `import html\n\n\ndef page(x):\n    return '<b>' + ${text} + '</b>'\n`;
  const { found } = await reviewOf(page('html.escape(x)'), page('x'), {
    'shop/views.py': VIEWS('return util.page(name)'),
  });
  expect(found).toMatchObject([
    { rule: 'cross-site-scripting', at: 'shop/views.py:8', anchor: 'shop/util.py:RIGHT:6', elsewhere: true },
  ]);
});

test.each([
  ['text/html', 1],
  ['application/json', 0],
])('escaping that goes from an answer of type %s', async (type, count) => {
  const page = (text: string) =>
    `import html\nfrom flask import Response\n\n\ndef page(x):\n    return Response(${text}, mimetype='${type}')\n`;
  const { found } = await reviewOf(page('html.escape(x)'), page('x'), {});
  expect(found).toHaveLength(count);
});

test('outside input that a helper gives out now', async () => {
  const { found } = await reviewOf(
    "def name():\n    return 'a'",
    "def name():\n    from flask import request\n    return request.args['a']",
    {
      'shop/db.py': lines(
        'import sqlite3',
        'from .util import name',
        'def find():',
        `    ${QUERY.replace('name +', 'name() +')}`,
      ),
    },
  );
  expect(found).toMatchObject([
    { rule: 'sql-injection', at: 'shop/db.py:4', anchor: 'shop/util.py:RIGHT:4' },
  ]);
});

test('over a file between them, and a package that passes the name on', async () => {
  const { found, ledger } = await reviewOf(
    'def run(cmd):\n    return subprocess.call([cmd])',
    'def run(cmd):\n    return subprocess.call(cmd, shell=True)',
    {
      'shop/__init__.py': 'from .util import run',
      'shop/jobs.py': 'import shop\ndef start(what):\n    shop.run(what)\n',
      'shop/views.py': VIEWS('start(name)').replace('from shop import util', 'from shop.jobs import start'),
    },
  );
  expect(found).toMatchObject([
    { at: 'shop/util.py:3', trace: { 2: 'shop/views.py:8 it is passed on in `start(name)`' } },
  ]);
  expect(ledger.callingFiles).toBe(3);
});

test('a function that another file makes a handler', async () => {
  const { found } = await reviewOf(
    'def show(what):\n    return subprocess.call([what])',
    'def show(what):\n    return subprocess.call(what, shell=True)',
    {
      'shop/urls.py': lines(
        'from flask import Flask',
        'from .util import show',
        'app = Flask(__name__)',
        "app.add_url_rule('/<what>', view_func=show)",
      ),
    },
  );
  expect(found).toMatchObject([{ rule: 'os-command-injection', at: 'shop/util.py:3' }]);
});

describe('nothing is told', () => {
  const unchanged = { 'shop/views.py': VIEWS('util.run(name)', QUERY) };

  test('of what callers did before', async () => {
    const { found } = await reviewOf(
      'def run(cmd):\n    return subprocess.call(cmd, shell=True)',
      'def run(cmd):\n    print(1)\n    return subprocess.call(cmd, shell=True)',
      unchanged,
    );
    expect(found).toEqual([]);
  });

  test('of defects in callers that the change has no part in', async () => {
    const { found, ledger } = await reviewOf(
      'def run(cmd):\n    return None',
      'def run(cmd):\n    return cmd',
      unchanged,
    );
    expect(found).toEqual([]);
    expect(ledger.callingFiles).toBe(1);
  });

  test('where callers pass nothing from outside, or check it', async () => {
    const base = 'def run(cmd):\n    return subprocess.call([cmd])';
    const head = 'def run(cmd):\n    return subprocess.call(cmd, shell=True)';
    for (const body of [["util.run('ls')"], ["if name in ('a', 'b'):", '    util.run(name)']]) {
      const { found } = await reviewOf(base, head, { 'shop/views.py': VIEWS(...body) });
      expect(found).toEqual([]);
    }
  });

  test('and callers are not looked for, where nothing is weaker', async () => {
    const { ledger } = await reviewOf(
      'def run(cmd):\n    return subprocess.call(cmd, shell=True)',
      'def run(cmd):\n    return subprocess.call("ls")',
      unchanged,
    );
    expect(ledger.callingFiles).toBe(0);
  });
});

test('a comment in the caller that accepts the finding counts', async () => {
  const accepted = `${QUERY}  # patchwarden: ignore[sql-injection] an internal tool`;
  const file = changedFile(
    'shop/util.py',
    'def clean(x):\n    return int(x)\n',
    'def clean(x):\n    return x\n',
  );
  const sources = sourcesOf({ 'shop/views.py': VIEWS('name = util.clean(name)', accepted) });
  const found = await review([file], { analyser, sources, ruleIds: new Set(['sql-injection']) });
  expect(found.defects).toEqual([]);
  expect(found.suppressed).toMatchObject([{ reason: 'an internal tool' }]);
});

test('when the second look breaks a limit, the first one stands', async () => {
  const broken: Analyser = {
    analyse: async (request) =>
      request.callers
        ? { failure: 'timeout', detail: 'it took longer than 60 s' }
        : { answer: await answer(request, analyse) },
  };
  const file = changedFile(
    'shop/util.py',
    'import subprocess\ndef run(x):\n    pass\n',
    'import subprocess\nfrom flask import request\ndef run(x):\n    subprocess.call(x + request.args["y"], shell=True)\n',
  );
  const sources = sourcesOf({ 'shop/views.py': VIEWS('util.run(name)') });
  const { defects, ledger } = await review([file], { analyser: broken, sources });
  expect(defects).toHaveLength(1);
  expect(ledger.limits).toEqual(['Callers of changed functions in other files could not be followed.']);
});

describe('a constant of the change decides in files that it does not touch', () => {
  const ANY = 'import re\nNAMES = re.compile(r".*")';
  const WORDS = 'import re\nNAMES = re.compile(r"[a-z]+")';
  const views = { 'shop/views.py': VIEWS('if not util.NAMES.fullmatch(name):', '    return ""', QUERY) };

  test('a pattern that lets more through', async () => {
    const { found } = await reviewOf(WORDS, ANY, views);
    expect(found).toMatchObject([
      { rule: 'sql-injection', at: 'shop/views.py:10', anchor: 'shop/util.py:RIGHT:3', elsewhere: true },
    ]);
  });

  test('a pattern that lets less through', async () => {
    const { found } = await reviewOf(ANY, WORDS, views);
    expect(found).toEqual([]);
  });

  test('a setting that was safe', async () => {
    const caller = lines(
      'import requests',
      'from shop import util',
      'def load():',
      "    return requests.get('https://example.org', verify=util.VERIFY)",
    );
    const { found } = await reviewOf('VERIFY = True', 'VERIFY = False', { 'shop/load.py': caller });
    expect(found).toMatchObject([{ at: 'shop/load.py:4', anchor: 'shop/util.py:RIGHT:2' }]);
  });
});
