import type { RepositoryName } from '../review/change.ts';
import { type Client, statusOf } from './client.ts';

/** 👀, 🚀, 😕, 👎. */
export type ReactionContent = 'eyes' | 'rocket' | 'confused' | '-1';

/**
 * Reacts to a comment below a pull request. The same reaction again changes nothing.
 *
 * @returns false when the comment is gone, or its conversation locked.
 */
export async function react(
  client: Client,
  repository: RepositoryName,
  commentId: number,
  content: ReactionContent,
): Promise<boolean> {
  try {
    await client.request('POST /repos/{owner}/{repo}/issues/comments/{comment_id}/reactions', {
      owner: repository.owner,
      repo: repository.name,
      comment_id: commentId,
      content,
    });
    return true;
  } catch (error) {
    const status = statusOf(error);
    if (status === 404 || status === 410 || (status === 403 && /locked/i.test((error as Error).message)))
      return false;
    throw error;
  }
}
