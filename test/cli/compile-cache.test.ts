import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const MAIN = path.resolve('src/main.ts');

/** Runs `patchwarden --version` in an empty folder with these variables; returns what the folder holds afterwards. */
function filesAfterStart(variables: (folder: string) => Record<string, string>): readonly string[] {
  const folder = mkdtempSync(path.join(tmpdir(), 'patchwarden-cache-'));
  try {
    const environment = { PATH: process.env.PATH ?? '', HOME: folder, ...variables(folder) };
    const out = execFileSync(process.execPath, ['--disable-warning=ExperimentalWarning', MAIN, '--version'], {
      cwd: folder,
      env: environment,
      encoding: 'utf8',
    });
    expect(out).toMatch(/^\d+\.\d+\.\d+\n$/);
    return readdirSync(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('compiled code', () => {
  test('is kept in the folder for caches', () => {
    expect(filesAfterStart((folder) => ({ XDG_CACHE_HOME: path.join(folder, 'kept') }))).toEqual(['kept']);
  });

  test('is kept in the home folder where no other is named', () => {
    expect(filesAfterStart(() => ({}))).toEqual(['.cache']);
    expect(filesAfterStart(() => ({ XDG_CACHE_HOME: 'relative' }))).toEqual(['.cache']);
  });

  test('is not kept where the user says so', () => {
    expect(filesAfterStart(() => ({ NODE_DISABLE_COMPILE_CACHE: '1' }))).toEqual([]);
  });

  test('is not missed where nothing can be written', () => {
    expect(filesAfterStart(() => ({ XDG_CACHE_HOME: '/dev/null/none' }))).toEqual([]);
    expect(existsSync('/dev/null/none')).toBe(false);
  });
});
