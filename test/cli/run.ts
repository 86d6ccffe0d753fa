import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const LAUNCHER = fileURLToPath(new URL('../../bin/patchwarden', import.meta.url));
const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly directory?: string;
  readonly environment?: Record<string, string>;
  /** The program that is run, instead of src/main.ts. */
  readonly program?: string;
}

/** Runs the command line as a process of its own, as a person would, without this process's settings. */
export function run(args: readonly string[], options: RunOptions = {}): Promise<Ran> {
  const { directory = tmpdir(), environment = {}, program = MAIN } = options;
  const env = { PATH: process.env.PATH, HOME: process.env.HOME, TZ: 'UTC', ...environment };
  return new Promise((resolve) => {
    const all = ['--disable-warning=ExperimentalWarning', program, ...args];
    execFile(process.execPath, all, { cwd: directory, env, maxBuffer: 1e8 }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code ?? -1), stdout, stderr });
    });
  });
}

/** A function that formats a request parameter into SQL: the plainest of defects. Reported at line 6. */
export const VULNERABLE = `import sqlite3
from flask import request

def find():
    name = request.args['name']
    return sqlite3.connect('shop.db').execute(f"SELECT * FROM item WHERE name = '{name}'")
`;
export const SAFE = `import sqlite3
from flask import request

def find():
    name = request.args['name']
    return sqlite3.connect('shop.db').execute('SELECT * FROM item WHERE name = ?', (name,))
`;
/** An advisory: a broken hash function, used for who knows what. */
export const DOUBTFUL = `import hashlib

def digest(data):
    return hashlib.md5(data).hexdigest()
`;

/** A directory for one test file; `afterAll(place.remove)`. */
export class Place {
  readonly root = realpathSync(mkdtempSync(join(tmpdir(), 'patchwarden-cli-')));
  readonly remove = () => rmSync(this.root, { recursive: true, force: true });

  path(name: string): string {
    return join(this.root, name);
  }

  write(files: Readonly<Record<string, string>>): void {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(this.path(name)), { recursive: true });
      writeFileSync(this.path(name), text);
    }
  }

  git(...args: string[]): string {
    const identity = [
      '-c',
      'user.name=Ada',
      '-c',
      'user.email=ada@example.org',
      '-c',
      'commit.gpgsign=false',
    ];
    return execFileSync('git', ['-C', this.root, ...identity, ...args], {
      encoding: 'utf8',
      env: { PATH: process.env.PATH, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' },
    }).trim();
  }

  /** @returns the new commit. */
  commit(subject: string, files: Readonly<Record<string, string>>): string {
    this.write(files);
    this.git('add', '-A');
    this.git('commit', '--quiet', '--message', subject);
    return this.git('rev-parse', 'HEAD');
  }
}
