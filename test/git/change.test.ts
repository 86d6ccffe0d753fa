import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { changeBetween, workTreeChange } from '../../src/git/change.ts';
import { commitProject, directoryProject } from '../../src/git/project.ts';
import { openRepository, type Repository } from '../../src/git/repository.ts';
import { GitError } from '../../src/git/run.ts';
import { localSources } from '../../src/git/sources.ts';
import { pythonFilesInWorkTree } from '../../src/git/worktree.ts';
import type { ChangedFile } from '../../src/review/change.ts';
import type { ReviewInput } from '../../src/review/input.ts';
import { TemporaryRepository } from './temporary-repository.ts';

/** Names that break line-based parsing, quoting and option parsing. */
const NASTY = [
  'new\nline.py',
  'tab\there.py',
  'quote".py',
  "single'.py",
  'back\\slash.py',
  '--option.py',
  ':(glob)magic.py',
  'spa ce/and * star.py',
  'héllo/日本.py',
  ' leading.py',
  '$(id).py',
  '100644 blob.py',
];

let source: TemporaryRepository;
let repository: Repository;
beforeEach(async () => {
  source = new TemporaryRepository();
  repository = await openRepository(source.root, process.env);
});
afterEach(() => {
  repository.close();
  source.delete();
});

function fileIn(input: ReviewInput, path: string): ChangedFile {
  const file = input.files.find((candidate) => candidate.path === path);
  if (!file)
    throw new Error(`${path} is not in the change: ${input.files.map((known) => known.path).join(', ')}`);
  return file;
}

/** What head did on a branch of its own, as seen from main. */
async function branchChange(before: () => void, after: () => void): Promise<ReviewInput> {
  before();
  source.commit('base');
  source.git('switch', '--quiet', '-c', 'feature');
  after();
  source.commit('head');
  return changeBetween(repository, 'main', 'feature');
}

describe('changeBetween', () => {
  test('compares with the merge base, not with the tip of the base branch', async () => {
    source.write('a.py', 'a = 1\n');
    const parted = source.commit();
    source.git('switch', '--quiet', '-c', 'feature');
    source.write('b.py', 'b = 1\n');
    const head = source.commit();
    source.git('switch', '--quiet', 'main');
    source.write('a.py', 'a = 2\n');
    const base = source.commit();

    const input = await changeBetween(repository, 'main', 'feature');
    expect(input.files.map((file) => file.path)).toEqual(['b.py']);
    expect(input.pullRequest).toMatchObject({
      number: 0,
      base: { sha: base, ref: 'main' },
      mergeBaseSha: parted,
      head: { sha: head, ref: 'feature' },
    });
  });

  test.each(NASTY)('reads %j: added, then modified, then removed', async (path) => {
    const first = source.commit();
    source.write(path, 'x = 1\n');
    const second = source.commit();
    source.write(path, 'x = 2\n');
    const third = source.commit();
    source.remove(path);
    const fourth = source.commit();
    expect((await changeBetween(repository, first, second)).files).toMatchObject([
      { path, previousPath: path, status: 'added', head: 'x = 1\n' },
    ]);
    expect((await changeBetween(repository, second, third)).files).toMatchObject([
      { path, status: 'modified', base: 'x = 1\n', head: 'x = 2\n' },
    ]);
    expect((await changeBetween(repository, third, fourth)).files).toMatchObject([
      { path, status: 'removed', base: 'x = 2\n' },
    ]);
  });

  test('knows renames, with the earlier path', async () => {
    const body = Array.from({ length: 20 }, (_, at) => `x${at} = ${at}\n`).join('');
    const input = await branchChange(
      () => source.write('old name.py', body),
      () => {
        source.remove('old name.py');
        source.write('new\nname.py', `${body}y = 1\n`);
      },
    );
    expect(input.files).toMatchObject([
      {
        path: 'new\nname.py',
        previousPath: 'old name.py',
        status: 'renamed',
        base: body,
        head: `${body}y = 1\n`,
      },
    ]);
    expect(input.files[0]!.hunks).toHaveLength(1);
  });

  test('keeps CRLF, drops a byte order mark, and sees a missing final newline', async () => {
    const input = await branchChange(
      () => {
        source.write('crlf.py', 'a = 1\r\nb = 2\r\n');
        source.write('end.py', 'a = 1\n');
      },
      () => {
        source.write('crlf.py', 'a = 1\r\nb = 3\r\n');
        source.write('end.py', 'a = 1');
        source.write('mark.py', '\uFEFFa = 1\n');
      },
    );
    expect(fileIn(input, 'crlf.py').head).toBe('a = 1\r\nb = 3\r\n');
    expect(fileIn(input, 'crlf.py').hunks[0]!.lines.map((line) => line.text)).toEqual([
      'a = 1',
      'b = 2',
      'b = 3',
    ]);
    expect(fileIn(input, 'end.py').hunks).toHaveLength(1);
    expect(fileIn(input, 'mark.py').head).toBe('a = 1\n');
  });

  test('decodes what the coding line says', async () => {
    const latin = Buffer.from('# -*- coding: latin-1 -*-\nname = "é"\n', 'latin1');
    const input = await branchChange(
      () => {},
      () => source.write('latin.py', latin),
    );
    expect(fileIn(input, 'latin.py').head).toContain('name = "é"');
  });

  test('finds Python by the first line of a script', async () => {
    const input = await branchChange(
      () => {},
      () => {
        source.write('bin/tool', '#!/usr/bin/env python3\nprint(1)\n');
        source.write('bin/shell', '#!/bin/sh\necho python\n');
      },
    );
    expect(fileIn(input, 'bin/tool').head).toContain('print(1)');
    expect(fileIn(input, 'bin/shell')).toMatchObject({ unread: { reason: 'not-python' } });
    expect(fileIn(input, 'bin/shell').hunks).toEqual([]);
    expect(fileIn(input, 'bin/shell')).not.toHaveProperty('head');
  });

  test('says why a text is missing', async () => {
    const input = await branchChange(
      () => {},
      () => {
        source.write('binary.py', Buffer.from([120, 0, 61]));
        source.write('undecodable.py', Buffer.from([0xff, 0xfe, 0x41, 10]));
        source.write('large.py', `x = "${'a'.repeat(5_000_001)}"\n`);
        source.write('target.py', '');
        source.link('link.py', 'target.py');
      },
    );
    const reasons = Object.fromEntries(input.files.map((file) => [file.path, file.unread?.reason]));
    expect(reasons).toEqual({
      'binary.py': 'binary',
      'undecodable.py': 'undecodable',
      'large.py': 'too-large',
      'target.py': undefined,
      'link.py': 'symlink',
    });
  });

  test('a submodule has no content here', async () => {
    source.commit();
    source.git('switch', '--quiet', '-c', 'feature');
    source.git('update-index', '--add', '--cacheinfo', `160000,${'1'.repeat(40)},vendor/module.py`);
    source.git('commit', '--quiet', '-m', 'submodule');
    const input = await changeBetween(repository, 'main', 'feature');
    expect(fileIn(input, 'vendor/module.py')).toMatchObject({ hunks: [], unread: { reason: 'submodule' } });
  });

  test('a file that becomes a link, and a link that becomes a file', async () => {
    const input = await branchChange(
      () => {
        source.write('a.py', 'x = 1\n');
        source.link('b.py', 'a.py');
      },
      () => {
        source.remove('a.py');
        source.remove('b.py');
        source.link('a.py', 'b.py');
        source.write('b.py', 'y = 1\n');
      },
    );
    expect(fileIn(input, 'a.py')).toMatchObject({
      status: 'modified',
      base: 'x = 1\n',
      unread: { reason: 'symlink' },
    });
    expect(fileIn(input, 'b.py')).toMatchObject({ status: 'added', head: 'y = 1\n' });
  });

  test("a person's settings change nothing", async () => {
    const change = () =>
      branchChange(
        () => source.write('dir/a.py', 'x = 1\n'),
        () => source.write('dir/a.py', 'x = 2\n'),
      );
    source.write('.gitattributes', '*.py diff=shout\n');
    for (const [key, value] of [
      ['diff.external', 'false'],
      ['diff.shout.textconv', 'tr a-z A-Z <'],
      ['diff.shout.command', 'false'],
      ['diff.mnemonicPrefix', 'true'],
      ['diff.noprefix', 'true'],
      ['diff.relative', 'true'],
      ['diff.renames', 'false'],
      ['color.ui', 'always'],
      ['core.quotePath', 'true'],
      ['core.pager', 'false'],
    ] as const) {
      source.git('config', key, value);
    }
    expect((await change()).files).toMatchObject([{ path: 'dir/a.py', base: 'x = 1\n', head: 'x = 2\n' }]);
  });

  test('takes the configuration from the base branch, and shows what the change makes of it', async () => {
    const input = await branchChange(
      () => source.write('.github/patchwarden.yml', 'advisories: inline\n'),
      () => source.write('.github/patchwarden.yml', 'advisories: off\n'),
    );
    expect(input.configuration).toEqual({ base: 'advisories: inline\n', head: 'advisories: off\n' });
    source.remove('.github/patchwarden.yml');
    source.commit();
    expect((await changeBetween(repository, 'main', 'feature')).configuration.head).toBeNull();
    expect((await changeBetween(repository, 'main', 'main')).configuration).toEqual({
      base: 'advisories: inline\n',
    });
  });
});

describe('workTreeChange', () => {
  test('sees commits, staged, unstaged and untracked Python files', async () => {
    for (const name of ['committed', 'staged', 'unstaged', 'same', 'deleted'])
      source.write(`${name}.py`, 'x = 1\n');
    source.write('.gitignore', 'ignored.py\n');
    source.commit();
    source.git('switch', '--quiet', '-c', 'feature');
    source.write('committed.py', 'x = 2\n');
    source.commit();
    source.write('staged.py', 'x = 3\n');
    source.git('add', 'staged.py');
    source.write('unstaged.py', 'x = 4\n');
    source.write('same.py', 'x = 1\n');
    source.write('untracked\n.py', 'x = 5\n');
    source.write('untracked-script', '#!/usr/bin/python\nx = 6\n');
    source.write('untracked.txt', 'no');
    source.write('ignored.py', 'no');
    source.remove('deleted.py');

    const input = await workTreeChange(repository, 'main');
    expect(input.files.map(({ path, status, head }) => [path, status, head])).toEqual([
      ['committed.py', 'modified', 'x = 2\n'],
      ['deleted.py', 'removed', undefined],
      ['staged.py', 'modified', 'x = 3\n'],
      ['unstaged.py', 'modified', 'x = 4\n'],
      ['untracked\n.py', 'added', 'x = 5\n'],
      ['untracked-script', 'added', '#!/usr/bin/python\nx = 6\n'],
    ]);
  });

  test('is the same from a directory inside', async () => {
    source.write('top.py', 'x = 1\n');
    source.write('inner/a.py', 'x = 1\n');
    source.commit();
    source.write('top.py', 'x = 2\n');
    source.write('untracked.py', '');
    const inside = await openRepository(join(source.root, 'inner'), process.env);
    expect((await workTreeChange(inside, 'main')).files.map((file) => file.path)).toEqual([
      'top.py',
      'untracked.py',
    ]);
    inside.close();
  });

  test('never follows a link, nor a directory link out of the repository', async () => {
    const outside = mkdtempSync(join(tmpdir(), 'outside-'));
    writeFileSync(join(outside, 'secret.py'), 'password = "hunter2"\n');
    source.write('inner/secret.py', 'x = 1\n');
    source.commit();
    source.link('link.py', join(outside, 'secret.py'));
    source.link('directory', outside);
    source.remove('inner');
    source.link('inner', outside);

    const input = await workTreeChange(repository, 'main');
    expect(JSON.stringify(input)).not.toContain('hunter2');
    expect(fileIn(input, 'link.py')).toMatchObject({ unread: { reason: 'symlink' } });
    const project = directoryProject(source.root, new Set(['inner/secret.py', 'link.py', '../x.py']));
    expect([...project.paths].map((path) => project.read(path))).toEqual([undefined, undefined, undefined]);
    rmSync(outside, { recursive: true });
  });

  test('a named pipe is not waited for', async () => {
    source.write('pipe.py', 'x = 1\n');
    source.commit();
    source.remove('pipe.py');
    execFileSync('mkfifo', [join(source.root, 'pipe.py')]);
    const { files } = await workTreeChange(repository, 'main');
    expect(files.every((file) => file.head === undefined)).toBe(true);
  });

  test('line breaks that only the checkout changed are no change', async () => {
    source.write('a.py', 'x = 1\ny = 2\n');
    source.commit();
    source.write('a.py', 'x = 1\r\ny = 3\r\n');
    const [file] = (await workTreeChange(repository, 'main')).files;
    expect(file!.hunks[0]!.lines.filter((line) => line.kind === 'added')).toMatchObject([
      { headLine: 2, text: 'y = 3' },
    ]);
  });

  test('a conflicted file is read as it stands', async () => {
    source.write('a.py', 'x = 1\n');
    source.commit();
    source.git('switch', '--quiet', '-c', 'feature');
    source.write('a.py', 'x = 2\n');
    source.commit();
    source.git('switch', '--quiet', 'main');
    source.write('a.py', 'x = 3\n');
    source.commit();
    expect(() => source.git('merge', 'feature')).toThrow();
    const { files } = await workTreeChange(repository, 'main');
    expect(files).toHaveLength(1);
    expect(files[0]!.head).toContain('<<<<<<<');
  });

  test('a bare repository has no work tree', async () => {
    source.commit();
    source.git('config', 'core.bare', 'true');
    const bare = await openRepository(join(source.root, '.git'), process.env);
    await expect(workTreeChange(bare, 'main')).rejects.toThrow(/--base REF --head REF|work tree/);
    bare.close();
  });
});

describe('reading beyond the change', () => {
  beforeEach(() => {
    source.write('a.py', 'a = 1\n');
    source.write('package/b\n.pyi', 'b: int\n');
    source.write('notes.txt', 'no');
    source.link('link.py', 'a.py');
  });

  test('a version lists its Python files and gives their texts', async () => {
    const sha = source.commit();
    const sources = localSources(repository, { sha }, 'work tree');
    source.write('new.py', 'new = 1\n');
    source.write('a.py', 'a = 2\n');
    expect([...(await sources.paths('base'))].sort()).toEqual(['a.py', 'package/b\n.pyi']);
    expect(await sources.fetchTexts('base', ['a.py', 'none.py', 'link.py'])).toEqual(
      new Map([['a.py', 'a = 1\n']]),
    );
    expect(await sources.fetchTexts('head', ['a.py', 'new.py', 'link.py'])).toEqual(
      new Map([
        ['a.py', 'a = 2\n'],
        ['new.py', 'new = 1\n'],
      ]),
    );
  });

  test('a version can be searched for words, in Python files only', async () => {
    for (const [i, name] of NASTY.entries()) source.write(name, `x = f${i}.g\n`);
    source.write('notes.txt', 'f1 g');
    const sha = source.commit();
    const sources = localSources(repository, { sha }, 'work tree');
    source.write('new.py', 'print(f1)\n');
    source.write(NASTY[1]!, '');
    const found = async (side: 'base' | 'head', ...words: string[]) =>
      [...(await sources.search!(side, words))].sort();
    expect(await found('base', 'g')).toEqual([...NASTY].sort());
    expect(await found('base', 'f1', 'f0')).toEqual([NASTY[0], NASTY[1]].sort());
    expect(await found('head', 'f1', 'f0')).toEqual([NASTY[0], 'new.py'].sort());
    expect(await found('head', 'absent')).toEqual([]);
    await expect(
      localSources(repository, { sha: '0'.repeat(40) }, 'work tree').search!('base', ['g']),
    ).rejects.toThrow(GitError);
  });

  test('a commit is a project, read at once or when asked', async () => {
    const sha = source.commit();
    const texts = new Map();
    const project = await commitProject(repository, sha, texts);
    await project.prefetch(['package/b\n.pyi', 'none.py']);
    expect(texts.size).toBe(1);
    expect(project.read('package/b\n.pyi')).toBe('b: int\n');
    expect(project.read('a.py')).toBe('a = 1\n');
    expect(project.read('notes.txt')).toBeUndefined();
    expect(texts.size).toBe(2);
  });

  test('the work tree is a project', async () => {
    const project = directoryProject(source.root, await pythonFilesInWorkTree(repository));
    expect(project.read('a.py')).toBe('a = 1\n');
    expect(project.read('link.py')).toBeUndefined();
    expect(project.read('notes.txt')).toBeUndefined();
  });

  test('many objects, some large, some missing, come through one process', async () => {
    const ids = Array.from({ length: 300 }, (_, at) => {
      const content = `${at}\n`.repeat(at * 40);
      return execFileSync('git', ['hash-object', '-w', '--stdin'], { cwd: source.root, input: content })
        .toString()
        .trim();
    });
    const missing = 'f'.repeat(40);
    const blobs = await repository.objects.blobs([...ids, missing, source.commit()]);
    expect(blobs.size).toBe(new Set(ids).size);
    for (const [at, id] of ids.entries()) {
      expect(blobs.get(id)).toEqual({ bytes: Buffer.from(`${at}\n`.repeat(at * 40)) });
    }
  });

  test('reading goes on after the process was ended', async () => {
    const sha = source.commit();
    const project = await commitProject(repository, sha);
    await project.prefetch(['a.py']);
    repository.objects.close();
    await project.prefetch(['package/b\n.pyi']);
    expect(project.read('package/b\n.pyi')).toBe('b: int\n');
  });
});
