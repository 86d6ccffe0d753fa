import { changedFile, mayBePython } from '../../src/github/changed-file.ts';
import type { FileRow } from '../../src/github/read-files.ts';
import { diffHunks, parsePatch } from '../../src/review/hunks.ts';

const BASE = 'a = 1\nb = 2\nc = 3\n';
const HEAD = 'a = 1\nb = 3\nc = 3\n';

const row = (more: Partial<FileRow> = {}): FileRow => ({
  path: 'app.py',
  previousPath: 'app.py',
  status: 'modified',
  typeChanged: false,
  sha: null,
  ...more,
});
const sides = { base: { bytes: Buffer.from(BASE) }, head: { bytes: Buffer.from(HEAD) } };

test('the hunks are those of the patch: GitHub takes comments on its lines only', () => {
  const patch = '@@ -2,1 +2,1 @@ a\n-b = 2\n+b = 3';
  expect(changedFile(row({ patch }), sides, '100644').hunks).toEqual(parsePatch(patch));
  expect(changedFile(row({ patch }), sides, '100644').hunks).not.toEqual(diffHunks(BASE, HEAD));
});

test('a patch that was cut off is computed again', () => {
  const patch = '@@ -1,3 +1,3 @@\n a = 1\n-b = 2';
  expect(changedFile(row({ patch }), sides, '100644').hunks).toEqual(diffHunks(BASE, HEAD));
});

test('a version that GitHub does not have is told', () => {
  expect(changedFile(row(), { base: { absent: true }, head: sides.head }, '100644')).toMatchObject({
    head: HEAD,
    hunks: [],
    unread: { reason: 'unavailable' },
  });
});

test('only files that may be Python are read', () => {
  const paths = ['a.py', 'a.pyi', 'a.PYW', 'bin/tool', 'b.txt', 'a.py/readme.md', 'a.pyc', '.hidden'];
  expect(paths.filter((path) => mayBePython(row({ path, previousPath: path })))).toEqual([
    'a.py',
    'a.pyi',
    'a.PYW',
    'bin/tool',
  ]);
  expect(mayBePython(row({ path: 'a.txt', previousPath: 'a.py' }))).toBe(true);
});
