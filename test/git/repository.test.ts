import { execFileSync } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  defaultBranch,
  mergeBase,
  openRepository,
  type Repository,
  repositoryName,
  resolveCommit,
} from '../../src/git/repository.ts';
import { GitError, type GitProblem } from '../../src/git/run.ts';
import { TemporaryRepository } from './temporary-repository.ts';

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

async function problemOf(promise: Promise<unknown>): Promise<{ problem: GitProblem; message: string }> {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(GitError);
  const { problem, message } = error as GitError;
  return { problem, message };
}

describe('openRepository', () => {
  test('finds the root from a directory inside', async () => {
    source.write('a/b/c.py', '');
    const inside = await openRepository(join(source.root, 'a/b'), process.env);
    expect(inside.workTree).toBe(source.root);
    inside.close();
  });

  test('says so where there is none', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'no-repository-'));
    const { problem, message } = await problemOf(openRepository(directory, process.env));
    rmSync(directory, { recursive: true });
    expect(problem).toBe('not-a-repository');
    expect(message).toContain(directory);
    expect(message).toContain('--repo');
  });

  test('a directory that does not exist is no repository either', async () => {
    expect(await problemOf(openRepository(join(source.root, 'nowhere'), process.env))).toMatchObject({
      problem: 'not-a-repository',
    });
  });

  test('says that git is missing', async () => {
    expect(await problemOf(openRepository(source.root, { PATH: '/nowhere' }))).toMatchObject({
      problem: 'git-missing',
    });
  });

  test('is not led away by the variables of a surrounding git', async () => {
    const other = new TemporaryRepository();
    const opened = await openRepository(source.root, {
      ...process.env,
      GIT_DIR: join(other.root, '.git'),
      GIT_WORK_TREE: other.root,
      GIT_EXTERNAL_DIFF: 'false',
    });
    expect(opened.workTree).toBe(source.root);
    opened.close();
    other.delete();
  });

  test('opens a bare repository', async () => {
    const sha = source.commit();
    const bare = join(realpathSync(mkdtempSync(join(tmpdir(), 'bare-'))), 'project.git');
    execFileSync('git', ['clone', '--quiet', '--bare', source.root, bare], { stdio: 'ignore' });
    const opened = await openRepository(bare, process.env);
    expect(opened.workTree).toBeUndefined();
    expect(await resolveCommit(opened, 'main')).toBe(sha);
    opened.close();
    rmSync(bare, { recursive: true });
  });
});

describe('resolveCommit', () => {
  test('takes branches, tags, SHAs and expressions', async () => {
    const first = source.commit();
    const second = source.commit();
    source.git('tag', '-a', 'v1', '-m', 'one', first);
    for (const [ref, sha] of [
      ['main', second],
      ['v1', first],
      [first, first],
      ['HEAD~1', first],
    ] as const) {
      expect(await resolveCommit(repository, ref)).toBe(sha);
    }
  });

  test('names what there is instead of an unknown name', async () => {
    source.commit();
    source.git('branch', 'feature/login');
    const { problem, message } = await problemOf(resolveCommit(repository, 'login'));
    expect(problem).toBe('unknown-ref');
    expect(message).toContain('"feature/login"');
    expect(message).toContain('git fetch');
  });

  test('tells when there is no commit yet', async () => {
    expect((await problemOf(resolveCommit(repository, 'HEAD'))).message).toContain('no commit');
  });

  test.each(['--output=/tmp/x', '-h', '--help', '', 'a\nb', 'main:file', '$(id)', 'main\0x', '--all'])(
    'refuses %j without running it',
    async (ref) => {
      source.commit();
      expect(await problemOf(resolveCommit(repository, ref))).toMatchObject({ problem: 'unknown-ref' });
    },
  );
});

describe('defaultBranch', () => {
  test('is what origin says', async () => {
    const sha = source.commit();
    source.git('update-ref', 'refs/remotes/origin/trunk', sha);
    source.git('symbolic-ref', 'refs/remotes/origin/HEAD', 'refs/remotes/origin/trunk');
    expect(await defaultBranch(repository)).toBe('origin/trunk');
  });

  test('prefers the remote branch to the local one, main to master', async () => {
    const sha = source.commit();
    source.git('branch', 'master');
    expect(await defaultBranch(repository)).toBe('main');
    source.git('update-ref', 'refs/remotes/origin/main', sha);
    expect(await defaultBranch(repository)).toBe('origin/main');
  });

  test('falls back to the configured name, then asks', async () => {
    source.commit();
    source.git('branch', '--move', 'main', 'develop');
    source.git('config', 'init.defaultBranch', 'develop');
    expect(await defaultBranch(repository)).toBe('develop');
    source.git('config', 'init.defaultBranch', 'other');
    expect(await problemOf(defaultBranch(repository))).toMatchObject({ problem: 'no-default-branch' });
  });
});

describe('mergeBase', () => {
  test('is where two branches parted', async () => {
    const parted = source.commit();
    source.git('switch', '--quiet', '-c', 'feature');
    const feature = source.commit('feature');
    source.git('switch', '--quiet', 'main');
    const main = source.commit('main');
    expect(await mergeBase(repository, main, feature)).toBe(parted);
  });

  test('tells unrelated histories', async () => {
    const one = source.commit('one');
    source.git('switch', '--quiet', '--orphan', 'other');
    const other = source.commit('other');
    expect(await problemOf(mergeBase(repository, one, other))).toMatchObject({ problem: 'no-merge-base' });
  });

  test('in a shallow clone, says how to get the history', async () => {
    source.commit('root');
    source.git('branch', 'feature');
    source.commit('main');
    source.git('switch', '--quiet', 'feature');
    source.commit('feature');
    const directory = mkdtempSync(join(tmpdir(), 'shallow-'));
    execFileSync(
      'git',
      ['clone', '--quiet', '--depth=1', '--no-single-branch', `file://${source.root}`, directory],
      {
        stdio: 'ignore',
      },
    );
    const shallow = await openRepository(directory, process.env);
    const [one, other] = [
      await resolveCommit(shallow, 'origin/main'),
      await resolveCommit(shallow, 'origin/feature'),
    ];
    const found = await problemOf(mergeBase(shallow, one, other));
    shallow.close();
    rmSync(directory, { recursive: true });
    expect(found.problem).toBe('shallow');
    expect(found.message).toContain('git fetch --unshallow');
  });
});

test('the name comes from the address of origin, without its password', async () => {
  source.git('remote', 'add', 'origin', 'https://user:secret@github.com/acme/shop.git');
  expect(await repositoryName(repository)).toEqual({ owner: 'acme', name: 'shop' });
  source.git('remote', 'set-url', 'origin', 'git@github.com:acme/other');
  expect(await repositoryName(repository)).toEqual({ owner: 'acme', name: 'other' });
  source.git('remote', 'remove', 'origin');
  expect((await repositoryName(repository)).owner).toBe('');
});
