import { RemoteSources, type SourcesBudget } from '../../src/github/sources.ts';
import type { FileContent } from '../simulated-github/git.ts';
import { SHOP, simulation } from './simulated.ts';

const simulated = simulation();

async function sourcesOf(files: { [path: string]: FileContent }, budget?: SourcesBudget) {
  const repository = await simulated.createRepository({ ...files, 'changed.py': 'x = "old"\n' });
  const base = await repository.git.resolve('main');
  const head = await simulated.github.commitTo(repository, 'main', [
    { message: 'Change', files: { 'changed.py': 'x = 2\n', 'added.py': 'y = 1\n' } },
  ]);
  return new RemoteSources(simulated.client, SHOP, { base, head }, budget);
}

const requests = () => simulated.github.requests.length;

test('knows the Python files of both versions, and reads them a hundred and more at once', async () => {
  const many = Object.fromEntries(Array.from({ length: 150 }, (_, i) => [`m${i}.py`, `x = ${i}\n`]));
  const sources = await sourcesOf({
    ...many,
    'a.txt': 'no',
    'link.py': { symlink: 'm1.py' },
    'dir.py/in.pyi': 'z: int\n',
  });
  const paths = await sources.paths('head');
  expect(paths.size).toBe(153);
  expect(paths.has('dir.py/in.pyi')).toBe(true);
  expect(paths.has('link.py')).toBe(false);
  expect((await sources.paths('base')).has('added.py')).toBe(false);
  expect(requests()).toBe(2);

  const texts = await sources.fetchTexts('head', [...paths, 'none.py', 'a.txt', 'link.py']);
  expect(texts.size).toBe(153);
  expect(texts.get('changed.py')).toBe('x = 2\n');
  expect(requests()).toBe(3);
  // The same files at the base are known; only the changed one is read.
  const base = await sources.fetchTexts('base', [...paths]);
  expect(base.get('changed.py')).toBe('x = "old"\n');
  expect(base.get('m7.py')).toBe('x = 7\n');
  expect(requests()).toBe(4);
  await sources.fetchTexts('base', [...paths]);
  expect(requests()).toBe(4);
});

test('keeps to its budget of files and bytes', async () => {
  const files = {
    'a.py': 'x = 1\n',
    'b.py': 'x = 22\n',
    'c.py': 'x = 333\n',
    'long.py': 'x = 1\n'.repeat(100),
  };
  const sources = await sourcesOf(files, { files: 2, bytes: 1000, fileBytes: 500 });
  const texts = await sources.fetchTexts('head', ['long.py', 'a.py', 'b.py', 'c.py']);
  expect([...texts.keys()]).toEqual(['a.py', 'b.py']);
  expect([...(await sources.fetchTexts('head', ['c.py', 'a.py'])).keys()]).toEqual(['a.py']);
});

test('leaves out what it cannot read', async () => {
  const latin1 = Buffer.from('x = "\xe9"\n', 'latin1');
  const sources = await sourcesOf({ 'latin.py': latin1, 'nul.py': Buffer.from([0]) });
  expect([...(await sources.fetchTexts('head', ['latin.py', 'nul.py', 'changed.py'])).keys()]).toEqual([
    'changed.py',
  ]);
});
