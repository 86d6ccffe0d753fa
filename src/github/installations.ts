import type { RepositoryName } from '../review/change.ts';
import { allPages, type Client } from './client.ts';

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
