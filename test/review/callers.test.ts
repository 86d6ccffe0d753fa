import type { Contract } from '../../src/engine/project.ts';
import { type CallerBudget, findCallers, weakerContracts } from '../../src/review/callers.ts';
import type { Sources } from '../../src/review/input.ts';
import { sourcesOf } from './changes.ts';

const contract = (path: string, symbol: string, danger = 'x reaches shell'): Contract => ({
  path,
  symbol,
  line: 1,
  dangers: new Map([[danger, 0n]]),
  checks: new Map(),
});

/** As in a git repository: a search through all texts. */
function searchable(files: Readonly<Record<string, string>>): Sources {
  const search: Sources['search'] = async (_side, words) => {
    const word = new RegExp(`\\b(${words.join('|')})\\b`);
    return new Set(Object.keys(files).filter((path) => word.test(files[path]!)));
  };
  return { ...sourcesOf(files), search };
}

const PACKAGE = {
  'shop/__init__.py': '',
  'shop/util.py': 'def run(x): ...\nclass Git:\n    def pull(self): ...\n',
};

async function callers(
  files: Readonly<Record<string, string>>,
  { symbol = 'run', sources = searchable, budget = undefined as CallerBudget | undefined } = {},
) {
  const all = { ...PACKAGE, ...files };
  const weaker = [contract('shop/util.py', symbol)];
  const known = new Set(['shop/util.py']);
  return findCallers(weaker, new Set(Object.keys(all)), known, sources(all), budget);
}

const found = async (...args: Parameters<typeof callers>) =>
  [...(await callers(...args)).texts.keys()].sort();

describe('a file is a caller when it imports the module and mentions the function:', () => {
  test.each([
    ['from shop.util import run\nrun(1)', true],
    ['from .util import run as start\nstart(1)', true],
    ['from . import util\nutil.run(1)', true],
    ['import shop.util\nshop.util.run(1)', true],
    ['from shop import util as u\ndef f():\n    u.run(1)', true],
    ['from shop.util import (\n    other,\n    run,\n)', true],
    ['from shop.util import other\nrun(1)', true],
    ['from shop.util import other\nother.running(1)', false],
    ['from subprocess import run\nrun(1)', false],
    ['import util\nutil.run(1)', false],
  ])('%j: %j', async (text, isCaller) => {
    expect(await found({ 'shop/views.py': text })).toEqual(isCaller ? ['shop/views.py'] : []);
    expect(await found({ 'shop/views.py': text }, { sources: sourcesOf })).toEqual(
      isCaller ? ['shop/views.py'] : [],
    );
  });
});

test('a method is known by its own name and by its class', async () => {
  const files = {
    'shop/one.py': 'from .util import make\nmake().pull()',
    'shop/two.py': 'from .util import Git\nclass Better(Git): ...',
    'shop/three.py': 'from .util import run\nrun(1)',
  };
  expect(await found(files, { symbol: 'Git.pull' })).toEqual(['shop/one.py', 'shop/two.py']);
});

test('what has no name to look for has no callers', async () => {
  const search: Sources['search'] = async () => {
    throw new Error('there is nothing to search for');
  };
  const sources = (files: Readonly<Record<string, string>>) => ({ ...sourcesOf(files), search });
  for (const symbol of ['__getattr__', 'größe'])
    expect(await found({ 'shop/views.py': 'from .util import x' }, { symbol, sources })).toEqual([]);
});

test('packages pass names on', async () => {
  for (const passing of ['from .util import run', 'from .util import *']) {
    const files = { 'shop/__init__.py': passing, 'app/main.py': 'import shop\nshop.run(1)' };
    expect(await found(files)).toEqual(['app/main.py', 'shop/__init__.py']);
  }
});

test('callers of callers, by the functions that lead on', async () => {
  const files = {
    'shop/jobs.py': 'from .util import run\ndef start(x):\n    run(x)\ndef other(x):\n    pass\n',
    'shop/views.py': 'from .jobs import start\nstart(1)',
    'shop/pages.py': 'from .jobs import other\nother(1)',
  };
  const { texts, names } = await callers(files);
  expect([...texts.keys()]).toEqual(['shop/jobs.py', 'shop/views.py']);
  expect(names).toEqual(['run', 'start']);
});

test('two files that call each other end', async () => {
  const files = {
    'shop/a.py': 'from .util import run\nfrom .b import g\ndef f(x):\n    run(g(x))\n',
    'shop/b.py': 'from .a import f\ndef g(x):\n    f(x)\n',
  };
  expect(await found(files)).toEqual(['shop/a.py', 'shop/b.py']);
});

test('tests, examples and copied code do not count', async () => {
  const text = 'from shop.util import run\nrun(1)';
  const files = { 'tests/test_util.py': text, 'examples/one.py': text, 'shop/vendor/a.py': text };
  expect(await found(files)).toEqual([]);
});

describe('the budget', () => {
  const text = 'from shop.util import run\nrun(1)';
  const files = { 'shop/far/off/a.py': text, 'shop/b.py': text, 'shop/views.py': text, 'other/c.py': text };
  // The package's own file is looked into, too.
  const budget = { candidates: 9, characters: 1000, callers: 9, levels: 1 };
  const limited = async (part: Partial<CallerBudget>) => {
    const { texts, limits } = await callers(files, { budget: { ...budget, ...part } });
    return [[...texts.keys()].sort(), ...limits];
  };
  const words = (read: string, left: number) =>
    `Callers of changed functions were looked for in ${read}; ${left} more may have some.`;

  test('takes what is near, and what handles requests, first', async () => {
    expect(await limited({ candidates: 1 })).toEqual([['shop/views.py'], words('1 file', 4)]);
    expect(await limited({ candidates: 3 })).toEqual([['shop/b.py', 'shop/views.py'], words('3 files', 2)]);
  });

  test('counts characters and callers', async () => {
    expect((await limited({ characters: 2 * text.length }))[1]).toBe(words('3 files', 2));
    expect((await limited({ callers: 3 }))[1]).toBe(words('5 files', 1));
    expect(await limited({})).toEqual([Object.keys(files).sort()]);
  });

  test('without a search, what is not looked into is told', async () => {
    const { texts, limits } = await callers(files, {
      sources: sourcesOf,
      budget: { ...budget, candidates: 2 },
    });
    expect([...texts.keys()]).toEqual(['shop/views.py']);
    expect(limits).toEqual([words('2 files', 3)]);
  });
});

describe('weaker functions', () => {
  test('are those that both versions have and whose contract lost something', () => {
    const base = [contract('a.py', 'f', 'one'), contract('a.py', 'g', 'one')];
    const head = [contract('a.py', 'f', 'two'), contract('a.py', 'g', 'one'), contract('a.py', 'h', 'one')];
    expect(weakerContracts(base, head).map(({ symbol }) => symbol)).toEqual(['f']);
  });

  test('in tests are of no interest', () => {
    expect(weakerContracts([contract('test_a.py', 'f', 'one')], [contract('test_a.py', 'f', 'two')])).toEqual(
      [],
    );
  });
});
