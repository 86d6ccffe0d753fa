import type { RepositoryName } from '../review/change.ts';
import { type Client, statusOf } from './client.ts';

export interface Commander {
  readonly login: string;
  /** As in GitHub's API. */
  readonly type: string;
  /** Whether this user wrote the pull request. */
  readonly isAuthor: boolean;
}

/**
 * Whether a user may give commands on a pull request: its author, or someone with write access. Never a bot. Errors
 * are thrown, so that nobody is let in by a failure.
 */
export async function mayCommand(
  client: Client,
  repository: RepositoryName,
  { login, type, isAuthor }: Commander,
): Promise<boolean> {
  if (type !== 'User') return false;
  if (isAuthor) return true;
  try {
    const { data } = await client.request('GET /repos/{owner}/{repo}/collaborators/{username}/permission', {
      owner: repository.owner,
      repo: repository.name,
      username: login,
    });
    // `maintain` is told as `write` here.
    return data.permission === 'admin' || data.permission === 'write';
  } catch (error) {
    if (statusOf(error) === 404) return false;
    throw error;
  }
}
