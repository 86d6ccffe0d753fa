import type { RepositoryName } from '../review/change.ts';
import { type Client, statusOf } from './client.ts';

/** 👍 👎 👀 🚀 😕, by GitHub's names. */
export type Reaction = '+1' | '-1' | 'eyes' | 'rocket' | 'confused';

/** Reacts to a comment below a pull request. Does nothing when the comment is gone or has the reaction already. */
export async function react(
  client: Client,
  { owner, name }: RepositoryName,
  comment: number,
  content: Reaction,
): Promise<void> {
  try {
    await client.request('POST /repos/{owner}/{repo}/issues/comments/{comment_id}/reactions', {
      owner,
      repo: name,
      comment_id: comment,
      content,
    });
  } catch (error) {
    if (statusOf(error) !== 404) throw error;
  }
}

/** Whether a user may write to a repository. False for users that are gone. */
export async function mayWrite(
  client: Client,
  { owner, name }: RepositoryName,
  username: string,
): Promise<boolean> {
  try {
    const { data } = await client.request('GET /repos/{owner}/{repo}/collaborators/{username}/permission', {
      owner,
      repo: name,
      username,
    });
    // The older names, in which maintain is write and triage is read.
    return data.permission === 'admin' || data.permission === 'write';
  } catch (error) {
    if (statusOf(error) === 404) return false;
    throw error;
  }
}
