import { decodePython, looksLikePython } from '../engine/syntax/decode.ts';
import type { RepositoryName } from '../review/change.ts';
import type { Side, Sources } from '../review/input.ts';
import type { Client } from './client.ts';
import { readBlobs } from './read-blobs.ts';
import { readTree, type Tree, type TreeEntry } from './read-tree.ts';

export interface SourcesBudget {
  /** Files that are read beyond the change. */
  readonly files: number;
  /** Their bytes. */
  readonly bytes: number;
  /** Bytes of one of them. GraphQL gives no longer text, and imported files are not worth a request each. */
  readonly fileBytes: number;
}

export const SOURCES_BUDGET: SourcesBudget = { files: 1000, bytes: 20_000_000, fileBytes: 500_000 };

/** Two commits of a repository on GitHub, read as needed: a tree is one request, two hundred files are one. */
export class RemoteSources implements Sources {
  private readonly client: Client;
  private readonly repository: RepositoryName;
  private readonly commits: { readonly [side in Side]: string };
  private readonly budget: SourcesBudget;
  private readonly trees = new Map<Side, Promise<Tree>>();
  /** By blob: most files are the same in both versions. Undefined: not readable. */
  private readonly texts = new Map<string, string | undefined>();
  private files = 0;
  private bytes = 0;

  constructor(
    client: Client,
    repository: RepositoryName,
    commits: { readonly [side in Side]: string },
    budget: SourcesBudget = SOURCES_BUDGET,
  ) {
    this.client = client;
    this.repository = repository;
    this.commits = commits;
    this.budget = budget;
  }

  tree(side: Side): Promise<Tree> {
    let tree = this.trees.get(side);
    if (!tree) {
      tree = readTree(this.client, this.repository, this.commits[side]);
      this.trees.set(side, tree);
    }
    return tree;
  }

  async paths(side: Side): Promise<ReadonlySet<string>> {
    const { entries } = await this.tree(side);
    return new Set([...entries].filter(([path, { mode }]) => isPythonFile(path, mode)).map(([path]) => path));
  }

  async fetchTexts(side: Side, paths: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const { entries } = await this.tree(side);
    const known = paths.flatMap((path) => {
      const entry = entries.get(path);
      return entry && isPythonFile(path, entry.mode) ? [{ path, entry }] : [];
    });
    const missing = new Set<string>();
    for (const { entry } of known) {
      if (!this.texts.has(entry.sha) && !missing.has(entry.sha) && this.affords(entry))
        missing.add(entry.sha);
    }
    if (missing.size > 0) {
      const { fileBytes, bytes: totalBytes } = this.budget;
      const budget = { fileBytes, totalBytes, rawRequests: 0 };
      for (const [sha, content] of await readBlobs(this.client, this.repository, missing, budget)) {
        const decoded = 'bytes' in content ? decodePython(content.bytes) : undefined;
        this.texts.set(sha, decoded && 'text' in decoded ? decoded.text : undefined);
      }
    }
    const found = new Map<string, string>();
    for (const { path, entry } of known) {
      const text = this.texts.get(entry.sha);
      if (text !== undefined) found.set(path, text);
    }
    return found;
  }

  private affords({ size = 0 }: TreeEntry): boolean {
    const { files, bytes, fileBytes } = this.budget;
    if (size > fileBytes || this.files >= files || this.bytes + size > bytes) return false;
    this.files++;
    this.bytes += size;
    return true;
  }
}

function isPythonFile(path: string, mode: string): boolean {
  return mode.startsWith('100') && looksLikePython(path, '');
}
