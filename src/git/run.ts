import { spawn } from 'node:child_process';

export type GitProblem =
  | 'git-missing'
  | 'not-a-repository'
  | 'unknown-ref'
  | 'no-default-branch'
  | 'no-merge-base'
  | 'shallow'
  | 'failed';

/** What went wrong with a local repository; the message says what to do. */
export class GitError extends Error {
  readonly problem: GitProblem;

  constructor(problem: GitProblem, message: string) {
    super(message);
    this.name = 'GitError';
    this.problem = problem;
  }
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** Where and how git is run: always with these options, so that a person's settings do not change its output. */
export interface GitPlace {
  readonly directory: string;
  readonly environment: Environment;
}

export interface GitResult {
  readonly code: number;
  readonly stdout: Buffer;
  /** The first lines of what git said. */
  readonly stderr: string;
}

/** Settings that could start a program or change what plumbing prints. */
const NEUTRAL_SETTINGS = [
  'core.fsmonitor=false',
  'core.hooksPath=/dev/null',
  'core.quotePath=false',
  'core.commitGraph=true',
  'diff.renameLimit=1000',
  'submodule.recurse=false',
  'color.ui=false',
];

/** The arguments before a git command; no shell ever sees them. */
export function gitArguments(place: GitPlace, args: readonly string[]): string[] {
  const settings = NEUTRAL_SETTINGS.flatMap((setting) => ['-c', setting]);
  return [
    '--no-pager',
    '--no-optional-locks',
    '--literal-pathspecs',
    '-C',
    place.directory,
    ...settings,
    ...args,
  ];
}

/**
 * The environment that git gets: the given one without GIT_*, which a surrounding git (a hook, an alias) sets for
 * another repository or index.
 */
export function gitEnvironment(environment: Environment): NodeJS.ProcessEnv {
  const kept = Object.entries(environment).filter(([name]) => !name.toUpperCase().startsWith('GIT_'));
  return { ...Object.fromEntries(kept), GIT_TERMINAL_PROMPT: '0', GIT_OPTIONAL_LOCKS: '0', LC_ALL: 'C' };
}

/**
 * Runs git and waits for it. A non-zero exit is a result, not an error.
 *
 * @throws {GitError} git-missing
 */
export function tryGit(place: GitPlace, args: readonly string[]): Promise<GitResult> {
  return new Promise((resolve, reject) => {
    const child = spawn('git', gitArguments(place, args), {
      env: gitEnvironment(place.environment),
      stdio: ['ignore', 'pipe', 'pipe'],
      windowsHide: true,
    });
    const stdout: Buffer[] = [];
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => {
      if (stderr.length < 4000) stderr += chunk.toString();
    });
    child.on('error', (error) => reject(startError(error)));
    child.on('close', (code) =>
      resolve({ code: code ?? -1, stdout: Buffer.concat(stdout), stderr: stderr.trim() }),
    );
  });
}

/** Runs git; the output is what it printed. @throws {GitError} failed, where it exits with anything but 0 */
export async function git(place: GitPlace, args: readonly string[]): Promise<Buffer> {
  const result = await tryGit(place, args);
  if (result.code !== 0) {
    throw new GitError('failed', `git ${args[0]} failed: ${result.stderr || `exit code ${result.code}`}`);
  }
  return result.stdout;
}

export function startError(error: NodeJS.ErrnoException): GitError {
  return error.code === 'ENOENT'
    ? new GitError('git-missing', 'git was not found. Install git, or add it to PATH.')
    : new GitError('failed', `git could not be started: ${error.message}`);
}

/** The pieces of `-z` output. Paths are bytes in git; those that are not UTF-8 get replacement characters. */
export function splitZero(output: Buffer): string[] {
  const pieces = output.toString('utf8').split('\0');
  if (pieces.at(-1) === '') pieces.pop();
  return pieces;
}
