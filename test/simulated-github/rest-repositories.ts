/** REST: repositories, commits, trees, blobs, contents. */
import { completeAs } from './description.ts';
import type { Handlers } from './http.ts';
import { fullName, permissionOf, type Repository } from './model.ts';
import { commitJson, fileJson, pullRequestJson, repositoryJson, userJson } from './render.ts';
import { notFound, Refusal, type World } from './world.ts';

/** A SHA, a branch, or another name of a commit in this repository. */
export async function resolveCommit(repository: Repository, name: string): Promise<string> {
  const { git, refs } = repository;
  const sha =
    (/^[0-9a-f]{40}$/.test(name) ? await git.tryResolve(name) : undefined) ??
    (await git.tryResolve(`${refs}${name.replace(/^refs\/heads\//, '').replace(/^heads\//, '')}`)) ??
    (/^[0-9a-f]{7,39}$/.test(name) ? await git.tryResolve(name) : undefined) ??
    (name === 'HEAD' ? await git.tryResolve(`${refs}${repository.defaultBranch}`) : undefined);
  if (!sha) throw new Refusal(422, `No commit found for SHA: ${name}`);
  return sha;
}

/** The rows of a diff, with the patches that GitHub leaves out left out. */
export function patchesOf(
  world: World,
  files: readonly { readonly patch?: string }[],
): (string | undefined)[] {
  let lines = 0;
  return files.map(({ patch }) => {
    if (patch === undefined || Buffer.byteLength(patch) > world.limits.patchBytes) return undefined;
    lines += patch.split('\n').length;
    return lines > world.limits.patchLinesPerResponse ? undefined : patch;
  });
}

async function commit(world: World, repository: Repository, sha: string) {
  return completeAs('commit', commitJson(world, repository, await repository.git.facts(sha)));
}

export const repositoryHandlers: Handlers = {
  'repos/get': ({ world, path }) => ({
    body: repositoryJson(world, world.repository(path.owner!, path.repo!)),
  }),

  'repos/get-branch': async ({ world, path }) => {
    const repository = world.repository(path.owner!, path.repo!);
    const sha = await repository.git.tryResolve(`${repository.refs}${path.branch}`);
    if (!sha) throw new Refusal(404, 'Branch not found');
    return { body: { name: path.branch!, commit: await commit(world, repository, sha), protected: false } };
  },

  'repos/get-commit': async ({ world, path }) => {
    const repository = world.repository(path.owner!, path.repo!);
    return { body: await commit(world, repository, await resolveCommit(repository, path.ref!)) };
  },

  'repos/compare-commits': ({ world, path, query, page }) => compare(world, path, query, page),
  'repos/compare-commits-with-basehead': ({ world, path, query, page }) => compare(world, path, query, page),

  'repos/list-pull-requests-associated-with-commit': async ({ world, path, page }) => {
    const repository = world.repository(path.owner!, path.repo!);
    const sha = await resolveCommit(repository, path.commit_sha!);
    const pulls = [];
    for (const pull of repository.pulls) {
      // GitHub knows the pull requests of forks here only once they are merged.
      if (pull.head.repository !== repository) continue;
      const commits = await repository.git.commitsBetween(await world.mergeBase(pull), pull.head.sha);
      if (commits.includes(sha)) pulls.push(pull);
    }
    const { items, headers } = page(pulls);
    return { headers, body: items.map((pull) => pullRequestJson(world, pull)) };
  },

  'repos/get-collaborator-permission-level': ({ world, path }) => {
    const repository = world.repository(path.owner!, path.repo!);
    const user = world.users.get(path.username!);
    if (!user) throw notFound();
    const role = repository.roles.get(user.login) ?? (repository.isPrivate ? 'none' : 'read');
    return {
      body: {
        permission: permissionOf(role),
        role_name: role,
        user: { ...userJson(world, user), role_name: role },
      },
    };
  },

  'repos/get-content': async ({ world, path, query, accept }) => {
    const repository = world.repository(path.owner!, path.repo!);
    const sha = await resolveCommit(repository, query.get('ref') ?? repository.defaultBranch);
    const entry = await repository.git.entry(sha, path.path!);
    if (entry?.type !== 'blob') throw notFound();
    const bytes = (await repository.git.blob(entry.sha))!;
    if (/raw/.test(accept)) return { text: bytes.toString() };
    const small = bytes.length <= world.limits.contentsBytes;
    return {
      body: {
        type: 'file',
        name: path.path!.split('/').at(-1)!,
        path: path.path!,
        sha: entry.sha,
        size: bytes.length,
        encoding: small ? 'base64' : 'none',
        content: small ? bytes.toString('base64') : '',
        url: `${world.url}/repos/${fullName(repository)}/contents/${path.path}?ref=${sha}`,
      },
    };
  },

  'git/get-tree': async ({ world, path, query }) => {
    const repository = world.repository(path.owner!, path.repo!);
    const sha = path.tree_sha!;
    const entries = await repository.git.tree(sha, query.has('recursive')).catch(() => {
      throw notFound();
    });
    const kept = entries.slice(0, world.limits.treeEntries);
    return {
      body: {
        sha,
        url: `${world.url}/repos/${fullName(repository)}/git/trees/${sha}`,
        truncated: kept.length < entries.length,
        tree: kept.map((entry) => ({ ...entry })),
      },
    };
  },

  'git/get-blob': async ({ world, path }) => {
    const repository = world.repository(path.owner!, path.repo!);
    const bytes = await repository.git.blob(path.file_sha!);
    if (!bytes) throw notFound();
    if (bytes.length > world.limits.blobBytes)
      throw new Refusal(403, 'This API returns blobs up to 100 MB in size.', {
        errors: [{ resource: 'Blob', field: 'data', code: 'too_large' }],
      });
    return {
      body: {
        sha: path.file_sha!,
        size: bytes.length,
        encoding: 'base64',
        content: bytes.toString('base64'),
      },
    };
  },
};

/** https://docs.github.com/rest/commits/commits#compare-two-commits; files are on the first page only. */
async function compare(
  world: World,
  path: { readonly [name: string]: string },
  query: URLSearchParams,
  page: <Item>(items: readonly Item[]) => { items: Item[]; headers: { [name: string]: string } },
) {
  const repository = world.repository(path.owner!, path.repo!);
  const [baseName, headName] = path.basehead!.split('...') as [string, string];
  const withoutOwner = (name: string) => name.slice(name.indexOf(':') + 1);
  const base = await resolveCommit(repository, withoutOwner(baseName));
  const head = await resolveCommit(repository, withoutOwner(headName));
  const { git } = repository;
  const mergeBase = await git.mergeBase(base, head);
  if (!mergeBase) throw new Refusal(404, `No common ancestor between ${base} and ${head}.`);
  const ahead = await git.commitsBetween(mergeBase, head);
  const behind = await git.commitsBetween(mergeBase, base);
  const commits = page(ahead);
  const isFirstPage = (query.get('page') ?? '1') === '1';
  const files = isFirstPage ? (await git.diff(mergeBase, head)).slice(0, world.limits.diffFiles) : [];
  const patches = patchesOf(world, files);
  return {
    headers: commits.headers,
    body: {
      url: `${world.url}/repos/${fullName(repository)}/compare/${path.basehead}`,
      base_commit: await commit(world, repository, base),
      merge_base_commit: await commit(world, repository, mergeBase),
      status: ahead.length ? (behind.length ? 'diverged' : 'ahead') : behind.length ? 'behind' : 'identical',
      ahead_by: ahead.length,
      behind_by: behind.length,
      total_commits: ahead.length,
      commits: await Promise.all(commits.items.map((sha) => commit(world, repository, sha))),
      files: files.map((file, i) => fileJson(world, repository, file, patches[i])),
    },
  };
}
