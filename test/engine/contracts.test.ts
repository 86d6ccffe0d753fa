import { isWeaker } from '../../src/engine/contracts.ts';
import type { Contract } from '../../src/engine/project.ts';
import { analyseFiles } from './support.ts';

function contract(code: string, symbol = 'f'): Contract {
  const found = analyseFiles({ 'a.py': `import re, shlex, subprocess\n\n${code}` }).contracts.find(
    (one) => one.symbol === symbol,
  );
  if (!found) throw new Error(`there is no ${symbol}`);
  return found;
}

const lines = (...all: string[]) => `${all.join('\n')}\n`;
const RAISING = lines(
  'def f(x):',
  "    if not re.fullmatch('[a-z]+', x):",
  '        raise ValueError(x)',
  '    return x',
);

describe('a function is weaker when', () => {
  test.each([
    [
      'an argument reaches a sink',
      'def f(x):\n    subprocess.run([x])',
      'def f(x):\n    subprocess.run(x, shell=True)',
    ],
    [
      'another argument reaches it',
      'def f(x, y):\n    subprocess.run(x, shell=True)',
      'def f(x, y):\n    subprocess.run(x + y, shell=True)',
    ],
    [
      'an argument reaches one more',
      'def f(x):\n    subprocess.run(x, shell=True)',
      'def f(x):\n    subprocess.run(x, shell=True)\n    subprocess.call(x, shell=True)',
    ],
    ['it raises no more', RAISING, 'def f(x):\n    return x'],
    ['it checks less', RAISING, RAISING.replace('[a-z]+', '[^<>]+')],
    [
      'it returns a verdict that says less',
      "def f(x):\n    return x in ('a', 'b')",
      'def f(x):\n    return len(x) > 2',
    ],
    ['it escapes no more', 'def f(x):\n    return shlex.quote(x)', 'def f(x):\n    return x.strip()'],
    [
      'it hands out outside input',
      'from flask import request\ndef f():\n    return 1',
      "from flask import request\ndef f():\n    return {'a': request.args['x']}",
    ],
    [
      'it stores an argument where it stored none',
      'def f(x, y):\n    x.name = 1',
      'def f(x, y):\n    x.name = y',
    ],
    ['it ends no more', 'def f(x):\n    raise ValueError(x)', 'def f(x):\n    pass'],
    [
      'what it calls is weaker',
      lines('def f(x):', '    g(x)', 'def g(x):', '    pass'),
      lines('def f(x):', '    g(x)', 'def g(x):', '    subprocess.run(x, shell=True)'),
    ],
  ])('%s', (_title, before, after) => {
    expect(isWeaker(contract(before), contract(after))).toBe(true);
  });
});

describe('it is not when', () => {
  test.each([
    ['it is the same', RAISING, RAISING],
    ['it is laid out otherwise', RAISING, RAISING.replaceAll('    ', '  ').replace('x):', 'x) :  # text')],
    [
      'it checks more',
      'def f(x):\n    return x',
      lines('def f(x):', "    if x not in ('a', 'b'):", '        raise ValueError', '    return x'),
    ],
    [
      'an argument reaches a sink no more',
      'def f(x):\n    subprocess.run(x, shell=True)',
      'def f(x):\n    subprocess.run("ls")',
    ],
    [
      'it does something else',
      "def f(x):\n    print('one')\n    return x",
      "def f(x):\n    y = x\n    print('two')\n    return y",
    ],
  ])('%s', (_title, before, after) => {
    expect(isWeaker(contract(before), contract(after))).toBe(false);
  });
});

test('methods and nested functions have contracts, at a line inside', () => {
  const code = lines('class A:', '    @staticmethod', '    def m(x):', '        return x');
  expect(contract(code, 'A.m')).toMatchObject({ path: 'a.py', symbol: 'A.m', line: 6 });
});

test('a constant is weaker when it holds something else, whatever that is', () => {
  const before = contract("NAMES = {'a', 'b'}", 'NAMES');
  expect(isWeaker(before, contract("NAMES = {'a', 'b', 'c'}", 'NAMES'))).toBe(true);
  expect(isWeaker(before, contract("NAMES = {  # allowed\n    'a',\n    'b',\n}", 'NAMES'))).toBe(false);
  const { contracts } = analyseFiles({ 'a.py': 'LIMIT = 3\nname = "x"\ndef f():\n    INNER = "x"\n' });
  expect(contracts.map(({ symbol }) => symbol)).toEqual(['f']);
});
