import type { RepositoryName } from '../review/change.ts';
import { allPages, type Client, statusOf } from './client.ts';

/** More than any GitHub App here will see: ten thousand of anything. */
const MOST_PAGES = 100;

export interface Installation {
  readonly id: number;
  readonly createdAt: Date;
}

/** Where the App is installed, without what its owner has suspended. As the App. */
export async function listInstallations(app: Client): Promise<Installation[]> {
  const { items } = await allPages(async (page) => {
    const { data } = await app.request('GET /app/installations', { per_page: 100, page });
    return data;
  }, MOST_PAGES);
  return items
    .filter((installation) => !installation.suspended_at)
    .map(({ id, created_at }) => ({ id, createdAt: new Date(created_at) }));
}

/** The repositories that an installation may see, without archived ones: nothing can be written there. */
export async function listRepositories(
  client: Client,
): Promise<(RepositoryName & { readonly id: number })[]> {
  const { items } = await allPages(async (page) => {
    const { data } = await client.request('GET /installation/repositories', { per_page: 100, page });
    return data.repositories;
  }, MOST_PAGES);
  return items
    .filter((repository) => !repository.archived)
    .map(({ id, name, owner }) => ({ id: Number(id), owner: owner.login, name }));
}

export interface OpenPullRequest {
  readonly number: number;
  readonly headSha: string;
  readonly draft: boolean;
}

/** The open pull requests of a repository that something happened to since then: one request for each hundred. */
export async function listOpenPullRequests(
  client: Client,
  { owner, name }: RepositoryName,
  since = new Date(0),
): Promise<OpenPullRequest[]> {
  const { items } = await allPages(async (page) => {
    const { data } = await client.request('GET /repos/{owner}/{repo}/pulls', {
      owner,
      repo: name,
      state: 'open',
      sort: 'updated',
      direction: 'desc',
      per_page: 100,
      page,
    });
    // Fewer than a full page: the last one that is asked for.
    return data.filter((pullRequest) => new Date(pullRequest.updated_at) >= since);
  }, MOST_PAGES);
  return items.map(({ number, head, draft }) => ({ number, headSha: head.sha, draft: draft === true }));
}

/** The head of a pull request; undefined when it is closed or gone. */
export async function openHead(
  client: Client,
  { owner, name }: RepositoryName,
  number: number,
): Promise<string | undefined> {
  try {
    const { data } = await client.request('GET /repos/{owner}/{repo}/pulls/{pull_number}', {
      owner,
      repo: name,
      pull_number: number,
    });
    return data.state === 'open' ? data.head.sha : undefined;
  } catch (error) {
    if (statusOf(error) === 404) return undefined;
    throw error;
  }
}
