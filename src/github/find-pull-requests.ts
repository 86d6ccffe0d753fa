import type { RepositoryName } from '../review/change.ts';
import { allPages, type Client, statusOf } from './client.ts';

export interface OpenPullRequest {
  readonly number: number;
  readonly headSha: string;
  readonly draft: boolean;
}

/** Pages of a hundred open pull requests that are looked through. */
const MOST_PAGES = 10;

/** The open pull requests that something happened to since then, the last updated first; at most a thousand. */
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
    // Less than a full page is the last one.
    return data.filter((pull) => new Date(pull.updated_at) >= since);
  }, MOST_PAGES);
  return items.map(toOpenPullRequest);
}

/**
 * The open pull requests whose head is this commit. Webhooks about checks do not name those of forks, and neither does
 * GitHub's list of a commit's pull requests, so the open ones are looked through where that list is empty.
 */
export async function findPullRequests(
  client: Client,
  repository: RepositoryName,
  headSha: string,
): Promise<OpenPullRequest[]> {
  const atHead = (await ofCommit(client, repository, headSha)).filter((pull) => pull.headSha === headSha);
  if (atHead.length > 0) return atHead;
  return (await listOpenPullRequests(client, repository)).filter((pull) => pull.headSha === headSha);
}

async function ofCommit(
  client: Client,
  { owner, name }: RepositoryName,
  sha: string,
): Promise<OpenPullRequest[]> {
  try {
    const { data } = await client.request('GET /repos/{owner}/{repo}/commits/{commit_sha}/pulls', {
      owner,
      repo: name,
      commit_sha: sha,
      per_page: 100,
    });
    return data.filter((pull) => pull.state === 'open').map(toOpenPullRequest);
  } catch (error) {
    // The commit is not in this repository, or no more.
    if (statusOf(error) === 404 || statusOf(error) === 422) return [];
    throw error;
  }
}

function toOpenPullRequest(pull: {
  readonly number: number;
  readonly head: { readonly sha: string };
  readonly draft?: boolean;
}): OpenPullRequest {
  return { number: pull.number, headSha: pull.head.sha, draft: pull.draft ?? false };
}
