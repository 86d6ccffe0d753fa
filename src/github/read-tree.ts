import type { RepositoryName } from '../review/change.ts';
import type { Client } from './client.ts';

export interface TreeEntry {
  /** As in git: 100644 and 100755 files, 120000 symbolic links, 160000 submodules. */
  readonly mode: string;
  readonly sha: string;
  /** Bytes; absent for submodules. */
  readonly size?: number;
}

export interface Tree {
  /** Everything that is no directory, by its path. */
  readonly entries: ReadonlyMap<string, TreeEntry>;
  /** True beyond 100,000 entries or 7 MB (https://docs.github.com/rest/git/trees#get-a-tree): files are missing then. */
  readonly truncated: boolean;
}

/** All paths of one commit, by one request. */
export async function readTree(client: Client, repository: RepositoryName, commitSha: string): Promise<Tree> {
  const { data } = await client.request('GET /repos/{owner}/{repo}/git/trees/{tree_sha}', {
    owner: repository.owner,
    repo: repository.name,
    tree_sha: commitSha,
    recursive: '1',
  });
  const entries = new Map<string, TreeEntry>();
  for (const { path, mode, sha, size, type } of data.tree) {
    if (type === 'tree') continue;
    entries.set(path, { mode, sha, ...(size === undefined ? {} : { size }) });
  }
  return { entries, truncated: data.truncated };
}
