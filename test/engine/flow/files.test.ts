import { reachedLines } from './support.ts';

const LAB = 'from lab import check, clean, is_safe, sink, sink_if, source\n';

test('a function of another file reaches the sink, and the finding stands there', () => {
  const files = {
    'app.py': 'from helpers import run\nfrom lab import source\nrun(source())\n',
    'helpers.py': 'from lab import sink\ndef run(x):\n    sink(x)\n',
  };
  expect(reachedLines(files, 'helpers.py', ['app.py'])).toEqual([3]);
  expect(reachedLines(files, 'app.py')).toEqual([]);
});

test('a source in another file comes back through its return value', () => {
  const files = {
    'pkg/__init__.py': '',
    'pkg/inputs.py':
      'from lab import source\ndef read():\n    return source()\ndef fixed():\n    return "a"\n',
    'pkg/app.py': `${LAB}from .inputs import read, fixed\nsink(read())\nsink(fixed())\n`,
  };
  expect(reachedLines(files, 'pkg/app.py')).toEqual([3]);
});

test.each([
  ['absolute', 'from pkg.sub.m import f', 'f'],
  ['relative', 'from .sub.m import f', 'f'],
  ['relative module', 'from .sub import m', 'm.f'],
  ['module with alias', 'import pkg.sub.m as n', 'n.f'],
  ['dotted', 'import pkg.sub.m', 'pkg.sub.m.f'],
  ['re-exported', 'from pkg.sub import f', 'f'],
  ['star', 'from pkg.sub.m import *', 'f'],
  ['name with alias', 'from pkg.sub.m import f as g', 'g'],
])('imports are followed: %s', (_title, statement, name) => {
  const files = {
    'pkg/__init__.py': '',
    'pkg/sub/__init__.py': 'from .m import f\n',
    'pkg/sub/m.py': 'from lab import source\ndef f():\n    return source()\n',
    'pkg/app.py': `${LAB}${statement}\nsink(${name}())\n`,
  };
  expect(reachedLines(files, 'pkg/app.py')).toEqual([3]);
});

test('imports in a circle end', () => {
  const files = {
    'a.py': 'from b import g\nfrom lab import source\ndef f():\n    return source()\ng()\n',
    'b.py': 'from lab import sink\nfrom a import f\ndef g():\n    sink(f())\n',
  };
  expect(reachedLines(files, 'b.py')).toEqual([4]);
});

test('a package that imports its own modules and makes something of them', () => {
  const files = {
    'pkg/__init__.py': 'from . import tools\nfrom . import app\nrunner = tools.Runner()\n',
    'pkg/tools.py': 'from lab import sink\nclass Runner:\n    def run(self, x):\n        sink(x)\n',
    // While the package is being run, its last name is not there yet.
    'pkg/app.py': `${LAB}from . import runner\nrunner.run(1)\ndef f():\n    runner.run(source())\n`,
    // Beside a package of the same name it is never found.
    'pkg.py': 'runner = None\n',
  };
  for (const targets of [['pkg/app.py'], ['pkg/__init__.py', 'pkg/app.py'], Object.keys(files)])
    expect(reachedLines(files, 'pkg/tools.py', targets)).toEqual([4]);
  const absolute = { ...files, 'pkg/app.py': files['pkg/app.py'].replace('from .', 'from pkg') };
  expect(reachedLines(absolute, 'pkg/tools.py', ['pkg/app.py'])).toEqual([4]);
});

test('classes of other files: bases, methods, attributes', () => {
  const files = {
    'base.py':
      'from lab import sink\nclass Base:\n    SHELL = True\n    def run(self, x):\n        sink(x)\n    def keep(self, x):\n        self.x = x\n',
    'app.py': `${LAB}from base import Base\nclass App(Base):\n    def go(self):\n        self.run(source())\n        self.keep(source())\n        sink(self.x)\n        sink_if(source(), self.SHELL)\n`,
  };
  expect(reachedLines(files, 'base.py')).toEqual([5]);
  expect(reachedLines(files, 'app.py')).toEqual([7, 8]);
});

test('constants of other files decide', () => {
  const files = {
    'config.py': 'ON = True\nOFF = False\nOPTIONS = {"on": True}\n',
    'app.py': `${LAB}import config\nfrom config import OFF, ON, OPTIONS\nsink_if(source(), ON)\nsink_if(source(), OFF)\nsink_if(source(), config.ON)\nsink_if(source(), **OPTIONS)\n`,
  };
  expect(reachedLines(files, 'app.py')).toEqual([4, 6, 7]);
});

test('a checking helper of another file cleans', () => {
  const files = {
    'checks.py':
      'def valid(x):\n    return x in ("a", "b")\ndef require(x):\n    if not valid(x):\n        raise ValueError\n',
    'app.py': `${LAB}from checks import require, valid\nx = source()\nif valid(x):\n    sink(x)\ny = source()\nrequire(y)\nsink(y)\nsink(source())\n`,
  };
  expect(reachedLines(files, 'app.py')).toEqual([9]);
});

test('a module that is not at hand is wanted, and nothing is guessed of it', () => {
  expect(reachedLines({ 'app.py': `${LAB}from missing import f\nsink(f(source()))\n` })).toEqual([]);
});

test('a file with the name of a known library is in its way only beside the importer', () => {
  const text = 'import lab\nlab.sink(lab.source())\n';
  const other = 'def sink(x):\n    pass\ndef source():\n    pass\n';
  expect(reachedLines({ 'tools/lab.py': other, 'tools/sub/app.py': text }, 'tools/sub/app.py')).toEqual([2]);
  expect(reachedLines({ 'tools/lab.py': other, 'tools/app.py': text }, 'tools/app.py')).toEqual([]);
  expect(reachedLines({ 'tools/lab.py': text }, 'tools/lab.py')).toEqual([2]);
});
