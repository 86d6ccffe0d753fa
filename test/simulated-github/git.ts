/** A bare git repository in a temporary directory, driven through the git binary. */
import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ObjectReader } from './object-reader.ts';

/** A file's content; a symlink's target; the commit that a submodule is at; or null to delete the file. */
export type FileContent =
  | string
  | Uint8Array
  | { readonly symlink: string }
  | { readonly submodule: string }
  | { readonly executable: string }
  | null;

export interface CommitContent {
  readonly message: string;
  /** What changes against the parent; files that are not named stay. */
  readonly files: { readonly [path: string]: FileContent };
  readonly author?: string;
}

export interface TreeEntry {
  readonly mode: string;
  readonly type: 'blob' | 'tree' | 'commit';
  readonly sha: string;
  readonly size?: number;
  readonly path: string;
}

/** One row of a diff, as the file list of a pull request has it. */
export interface DiffFile {
  readonly sha: string;
  readonly path: string;
  readonly previousPath?: string;
  readonly status: 'added' | 'removed' | 'modified' | 'renamed' | 'changed';
  readonly additions: number;
  readonly deletions: number;
  /** From the first `@@`; absent for binary files and where no line changes. */
  readonly patch?: string;
}

export interface CommitFacts {
  readonly sha: string;
  readonly tree: string;
  readonly parents: readonly string[];
  readonly message: string;
  readonly date: string;
}

/** Nothing of the machine's or the person's git configuration may change what the simulation does. */
const ENVIRONMENT = {
  PATH: process.env.PATH,
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_AUTHOR_NAME: 'Octo Cat',
  GIT_AUTHOR_EMAIL: 'octocat@example.com',
  GIT_COMMITTER_NAME: 'Octo Cat',
  GIT_COMMITTER_EMAIL: 'octocat@example.com',
};

export class GitRepository {
  readonly directory = mkdtempSync(join(tmpdir(), 'simulated-github-'));
  /** Commit times are made up and rise by a minute, so that the same commits have the same SHA in every run. */
  private time = 1_760_000_000;
  private readonly objects = new ObjectReader(this.directory, ENVIRONMENT);
  // Commits do not change, so what was found out about them is remembered.
  private readonly outputs = new Map<string, Promise<Buffer>>();
  private readonly diffs = new Map<string, Promise<DiffFile[]>>();
  private readonly entries = new Map<string, Promise<Map<string, TreeEntry>>>();
  private readonly commits = new Set<string>();

  static async create(): Promise<GitRepository> {
    const repository = new GitRepository();
    await repository.git(['init', '--quiet', '--bare', '--initial-branch=main', '.']);
    return repository;
  }

  remove(): void {
    this.objects.stop();
    rmSync(this.directory, { recursive: true, force: true });
  }

  /** Adds commits on top of `parent` (none: a new history) and lets `ref` point to the last. Returns its SHA. */
  async commit(ref: string, parent: string | undefined, commits: readonly CommitContent[]): Promise<string> {
    const pieces: (string | Uint8Array)[] = [];
    commits.forEach((commit, i) => {
      this.time += 60;
      pieces.push(
        `commit ${ref}\n`,
        `committer ${commit.author ?? 'Octo Cat'} <octocat@example.com> ${this.time} +0000\n`,
        ...data(commit.message),
      );
      if (i === 0 && parent) pieces.push(`from ${parent}\n`);
      for (const [path, content] of Object.entries(commit.files)) pieces.push(...change(path, content));
      pieces.push('\n');
    });
    // Without a parent the ref starts anew; with one it may move sideways, as a force push does.
    if (!parent) pieces.unshift(`reset ${ref}\n\n`);
    await this.git(
      ['fast-import', '--quiet', '--force'],
      Buffer.concat(pieces.map((piece) => Buffer.from(piece))),
    );
    return this.resolve(ref);
  }

  async resolve(revision: string): Promise<string> {
    return (await this.git(['rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`]))
      .toString()
      .trim();
  }

  async tryResolve(revision: string): Promise<string | undefined> {
    if (this.commits.has(revision)) return revision;
    const sha = await this.resolve(revision).catch(() => undefined);
    if (sha) this.commits.add(sha);
    return sha;
  }

  async setRef(ref: string, sha: string): Promise<void> {
    await this.git(['update-ref', ref, sha]);
  }

  async mergeBase(one: string, other: string): Promise<string | undefined> {
    return this.ask(['merge-base', one, other]).then(
      (out) => out.toString().trim(),
      () => undefined,
    );
  }

  /** Merges two commits, which must not conflict, and returns the merge commit. */
  async merge(base: string, head: string, message: string): Promise<string> {
    const tree = (await this.git(['merge-tree', '--write-tree', base, head])).toString().trim();
    return (await this.git(['commit-tree', tree, '-p', base, '-p', head, '-m', message])).toString().trim();
  }

  /** From..to, oldest first. */
  async commitsBetween(from: string, to: string): Promise<string[]> {
    const out = await this.ask(['rev-list', '--reverse', `${from}..${to}`]);
    return out.toString().split('\n').filter(Boolean);
  }

  async facts(revision: string): Promise<CommitFacts> {
    const out = await this.ask([
      'show',
      '--no-patch',
      '--format=%H%n%T%n%P%n%cI%n%B',
      '--end-of-options',
      revision,
    ]);
    const [sha, tree, parents, date, ...message] = out.toString().split('\n');
    return {
      sha: sha!,
      tree: tree!,
      parents: parents!.split(' ').filter(Boolean),
      date: new Date(date!).toISOString().replace('.000', ''),
      message: message.join('\n').trim(),
    };
  }

  async tree(revision: string, recursive: boolean): Promise<TreeEntry[]> {
    const options = recursive ? ['-r', '-t'] : [];
    const out = await this.ask(['ls-tree', '-z', '--long', ...options, '--end-of-options', revision]);
    return out
      .toString()
      .split('\0')
      .filter(Boolean)
      .map((line) => {
        const [facts, path] = line.split('\t') as [string, string];
        const [mode, type, sha, size] = facts.split(/ +/) as [string, TreeEntry['type'], string, string];
        return { mode, type, sha, path, ...(size === '-' ? {} : { size: Number(size) }) };
      });
  }

  /** The tree entry of a path, or undefined. */
  async entry(commitSha: string, path: string): Promise<TreeEntry | undefined> {
    let entries = this.entries.get(commitSha);
    if (!entries) {
      entries = this.tree(commitSha, true).then((all) => new Map(all.map((entry) => [entry.path, entry])));
      this.entries.set(commitSha, entries);
    }
    return (await entries).get(path);
  }

  /** A blob's bytes by its own SHA. */
  blob(sha: string): Promise<Buffer | undefined> {
    return this.objects.blob(sha);
  }

  /** What the pull request from `base` (a merge base) to `head` changes. */
  diff(base: string, head: string): Promise<DiffFile[]> {
    const key = `${base}..${head}`;
    let found = this.diffs.get(key);
    if (!found) {
      found = this.computeDiff(base, head);
      this.diffs.set(key, found);
    }
    return found;
  }

  private async computeDiff(base: string, head: string): Promise<DiffFile[]> {
    const options = [
      '-M',
      '-l0',
      '--no-color',
      '--full-index',
      '--no-abbrev',
      '--no-ext-diff',
      '--no-textconv',
    ];
    const [raw, patches] = await Promise.all([
      this.git(['diff', ...options, '--raw', '-z', base, head]),
      this.git(['diff', ...options, '-U3', base, head]),
    ]);
    const sections = patches
      .toString()
      .split(/(?<=\n)(?=diff --git )/)
      .filter(Boolean);
    const fields = raw.toString().split('\0');
    const files: DiffFile[] = [];
    for (let i = 0; i + 1 < fields.length; ) {
      const [, , baseSha, headSha, letters] = fields[i]!.split(' ') as [
        string,
        string,
        string,
        string,
        string,
      ];
      const letter = letters[0]!;
      const renamed = letter === 'R';
      const path = fields[renamed ? i + 2 : i + 1]!;
      // A change of type (file to symlink) is two sections: one goes, one comes.
      const section = sections.splice(0, letter === 'T' ? 2 : 1).join('');
      const start = section.indexOf('\n@@ ') + 1;
      const patch = start === 0 ? undefined : section.slice(start).replace(/\n$/, '');
      const lines = patch?.split('\n') ?? [];
      files.push({
        sha: letter === 'D' ? baseSha : headSha,
        path,
        ...(renamed ? { previousPath: fields[i + 1]! } : {}),
        status: STATUS[letter]!,
        additions: lines.filter((line) => line.startsWith('+')).length,
        deletions: lines.filter((line) => line.startsWith('-')).length,
        ...(patch === undefined ? {} : { patch }),
      });
      i += renamed ? 3 : 2;
    }
    return files;
  }

  /** Asks git something whose last argument says of which commits; remembers the answer where those are SHAs. */
  private ask(args: readonly string[]): Promise<Buffer> {
    if (!/^[0-9a-f]{40}(\.\.[0-9a-f]{40})?$/.test(args.at(-1)!)) return this.git(args);
    const key = args.join('\0');
    const output = this.outputs.get(key) ?? this.git(args);
    this.outputs.set(key, output);
    return output;
  }

  private git(args: readonly string[], input?: Buffer): Promise<Buffer> {
    return input ? this.feed(args, input) : this.run(args);
  }

  private run(args: readonly string[]): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      execFile(
        'git',
        args,
        { cwd: this.directory, env: ENVIRONMENT, encoding: 'buffer', maxBuffer: 1 << 28 },
        (error, stdout, stderr) => {
          if (error) reject(new Error(`git ${args[0]} failed: ${stderr.toString().trim()}`));
          else resolve(stdout);
        },
      );
    });
  }

  private feed(args: readonly string[], input: Buffer): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      const child = spawn('git', args, { cwd: this.directory, env: ENVIRONMENT });
      const errors: Buffer[] = [];
      child.stderr.on('data', (chunk) => errors.push(chunk));
      child.stdout.resume();
      child.on('error', reject);
      child.on('close', (code) => {
        if (code === 0) resolve(Buffer.alloc(0));
        else reject(new Error(`git ${args[0]} failed: ${Buffer.concat(errors)}`));
      });
      child.stdin.end(input);
    });
  }
}

const STATUS: { [letter: string]: DiffFile['status'] } = {
  A: 'added',
  D: 'removed',
  M: 'modified',
  R: 'renamed',
  T: 'changed',
};

/** https://git-scm.com/docs/git-fast-import: a length in bytes, then the bytes. */
function data(content: string | Uint8Array): (string | Uint8Array)[] {
  const bytes = Buffer.from(content);
  return [`data ${bytes.length}\n`, bytes, '\n'];
}

function change(path: string, content: FileContent): (string | Uint8Array)[] {
  const quoted = `"${path.replace(/[\\"]/g, '\\$&').replaceAll('\n', '\\n')}"`;
  if (content === null) return [`D ${quoted}\n`];
  if (typeof content === 'string' || content instanceof Uint8Array)
    return [`M 100644 inline ${quoted}\n`, ...data(content)];
  if ('symlink' in content) return [`M 120000 inline ${quoted}\n`, ...data(content.symlink)];
  if ('executable' in content) return [`M 100755 inline ${quoted}\n`, ...data(content.executable)];
  return [`M 160000 ${content.submodule} ${quoted}\n`];
}
