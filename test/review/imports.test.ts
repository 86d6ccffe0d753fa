import { ModulePaths } from '../../src/engine/names/module-paths.ts';
import { importedPaths } from '../../src/review/imports.ts';

const modules = new ModulePaths(
  new Set([
    'shop/__init__.py',
    'shop/app.py',
    'shop/db.py',
    'shop/util/__init__.py',
    'shop/util/text.py',
    'shop/util/sql.py',
    'settings.py',
  ]),
);
const imported = (text: string) => [...importedPaths('shop/app.py', text, modules)].sort();

test.each([
  ['import settings', ['settings.py']],
  ['import os, settings as s  # why', ['settings.py']],
  ['import shop.util.text', ['shop/util/text.py']],
  ['from shop import db', ['shop/__init__.py', 'shop/db.py']],
  [
    'from shop.util import (\n    text,  # one\n    sql as s,\n)',
    ['shop/util/__init__.py', 'shop/util/sql.py', 'shop/util/text.py'],
  ],
  ['from . import db', ['shop/__init__.py', 'shop/db.py']],
  ['from .util.text import clean', ['shop/util/text.py']],
  ['from .. import settings', ['settings.py']],
  ['if x:\n\tfrom .db import connect\r\n', ['shop/db.py']],
  ['from shop.util import *', ['shop/util/__init__.py']],
  ['import shop.app', []],
  ['imports = 1; fromage = 2', []],
])('%j', (text, paths) => {
  expect(imported(text)).toEqual(paths);
});

test('unclosed parentheses, many times, take no time', () => {
  const started = performance.now();
  importedPaths('shop/app.py', 'from a import (\n'.repeat(200_000), modules);
  importedPaths('shop/app.py', `from ${'.'.repeat(2_000_000)}`, modules);
  importedPaths('shop/app.py', `import ${' ,'.repeat(1_000_000)}`, modules);
  expect(performance.now() - started).toBeLessThan(5000);
});

test('a copy of a library that is described is no part of the application; its own code is', () => {
  const vendored = new ModulePaths(
    new Set(['app/web.py', 'lib/cherrypy/__init__.py', 'lib/cherrypy/lib/static.py', 'lib/shop/__init__.py']),
  );
  expect(vendored.resolve('cherrypy', 'app/web.py')).toBeUndefined();
  expect(vendored.resolve('cherrypy.lib.static', 'app/web.py')).toBeUndefined();
  expect(vendored.resolve('cherrypy', 'lib/cherrypy/lib/static.py')).toBe('lib/cherrypy/__init__.py');
  expect(vendored.resolve('shop', 'app/web.py')).toBe('lib/shop/__init__.py');
  const own = new ModulePaths(new Set(['src/flask/__init__.py', 'tests/test_app.py']));
  expect(own.resolve('flask', 'tests/test_app.py')).toBe('src/flask/__init__.py');
});
