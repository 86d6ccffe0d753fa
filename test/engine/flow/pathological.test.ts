import { analyse } from '../../../src/engine/analyse.ts';
import { projectOf } from '../support.ts';

/** Analyses one text; the engine must neither fail nor run without end. */
function problemsOf(text: string, steps?: number): string[] {
  const failures: unknown[] = [];
  const { files } = analyse({
    project: projectOf({ 'app.py': text }),
    targets: ['app.py'],
    ...(steps && { limits: { steps } }),
    onError: (error) => failures.push(error),
  });
  expect(failures).toEqual([]);
  return files.flatMap((file) => file.problems.map((problem) => problem.reason));
}

const lines = (count: number, line: (i: number) => string): string =>
  Array.from({ length: count }, (_, i) => line(i)).join('\n');

test.each([
  ['nothing', ''],
  ['a syntax error', 'def f(:\n  x = \nimport os\nos.system(x)\n'],
  ['Python 2', 'print "a" % x\nexec "x" in d\nraise E, "x"\n'],
  ['notebook magics', '%matplotlib inline\n!ls\nx = 1\n'],
  ['a deep expression', `x = ${'('.repeat(5000)}1${')'.repeat(5000)}\n`],
  ['a long sum', `x = ${Array(20000).fill('a').join(' + ')}\n`],
  ['a long chain of methods', `x = a${'.b()'.repeat(3000)}\n`],
  ['deep blocks', lines(90, (i) => `${' '.repeat(i)}if x${i}:`)],
  ['many branches', `def f(x):\n${lines(3000, (i) => `    if x == ${i}: y = ${i}`)}\n    return y\n`],
  ['a long elif chain', `def f(x):\n    if x: pass\n${lines(3000, (i) => `    elif x == ${i}: y = ${i}`)}\n`],
  ['nested loops', lines(25, (i) => `${' '.repeat(i)}for x${i} in y:`)],
  ['a large dict', `D = {\n${lines(20000, (i) => `  'k${i}': ${i},`)}\n}\n`],
  ['many assignments', lines(30000, (i) => `x${i} = x${Math.max(0, i - 1)} + f(${i})`)],
  [
    'functions that call each other',
    lines(400, (i) => `def f${i}(x): return f${(i * 7 + 1) % 400}(f${(i * 3 + 2) % 400}(x))`),
  ],
  ['a long chain of calls', lines(2000, (i) => `def f${i}(x): return f${i + 1}(x)`)],
  ['classes in a circle', 'class A(B): pass\nclass B(A): pass\nA().x()\n'],
  ['a decorator of itself', '@f\ndef f(x):\n    return f(f)(f)\n'],
  [
    'closures that return closures',
    `def f0(x): return lambda y: x\n${lines(60, (i) => `def f${i + 1}(x): return lambda y: f${i}(x)(y)`)}\nf60(1)(2)\n`,
  ],
  [
    'checks of checks',
    `def c0(x): return x in (1,)\n${lines(60, (i) => `def c${i + 1}(x): return c${i}(x) and c${i}(x)`)}\nif c60(a): b\n`,
  ],
])('%s', (_title, text) => {
  problemsOf(text);
});

test('a factory of functions that calls itself is followed to its end', () => {
  const kinds = lines(
    6,
    (i) => `    if kind == ${i}:\n        parts = [build(k, items[${i}:]) for k in (0, 1, 2, 3)]`,
  );
  const text = `def build(kind, items):\n${kinds}\n    def select(x):\n        return [part(x) for part in parts]\n    return select\nbuild(f(), g())(1)\n`;
  expect(problemsOf(text, 50_000)).toEqual([]);
});

test('a parser in another file, whose methods call each other and keep what they read, is followed to its end', () => {
  const method = (i: number) =>
    `    def rule${i}(self):\n        self.state = ${i}\n        self.context = Context(self.context, self.state)\n` +
    lines(
      4,
      (k) => `        if self.token == ${k}:\n            self.context = self.rule${(i * 3 + k) % 12}()`,
    ) +
    '\n        return self.context';
  const { files } = analyse({
    project: projectOf({
      'app.py':
        'from parser import Parser\ndef main():\n    tree = Parser().rule0()\n    return tree.state\n',
      'parser.py': `class Context:\n    def __init__(self, parent, state):\n        self.parent = parent\n        self.state = state\nclass Parser:\n    def __init__(self):\n        self.context = None\n        self.token = read()\n${lines(12, method)}\n`,
    }),
    targets: ['app.py'],
    limits: { steps: 50_000 },
  });
  expect(files.map(({ status }) => status)).toEqual(['analysed']);
});

test('a property that reads itself of other instances, which lead back to the first', () => {
  const text = `
class Place:
    def __init__(self, parent=None, other=None):
        self.parent = parent if parent else self
        self.other = other

    @property
    def path(self):
        return (self.parent.path, self.other.path)

def walk(a, b):
    one = Place(a, b)
    two = Place(one, one)
    one.parent = two
    one.other = two
    return one.path, two.path

walk(Place(), Place())
`;
  const { files } = analyse({ project: projectOf({ 'app.py': text }), targets: ['app.py'] });
  expect(files).toMatchObject([{ status: 'analysed', problems: [] }]);
});

test('a file that takes too many steps is given up in part, and says so', () => {
  const text = lines(400, (i) => `def f${i}(x):\n    a = x + ${i}\n    return a`);
  const { files } = analyse({
    project: projectOf({ 'app.py': text }),
    targets: ['app.py'],
    limits: { steps: 500 },
  });
  expect(files[0]?.status).toBe('partial');
  expect(files[0]?.problems[0]?.reason).toBe('out-of-steps');
});

test('a file beyond the size limit is left out, and says so', () => {
  const { files } = analyse({
    project: projectOf({ 'app.py': 'x = 1\n'.repeat(1000) }),
    targets: ['app.py'],
    limits: { fileSize: 100 },
  });
  expect(files[0]).toMatchObject({ status: 'skipped', problems: [{ reason: 'too-large' }] });
});
