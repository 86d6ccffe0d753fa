import { fingerprintOf } from '../report/inline-comment.ts';
import type { PullRequest } from '../review/change.ts';
import { type Client, graphqlFailure } from './client.ts';

/** A review thread that one of our comments started. */
export interface OwnThread {
  readonly id: string;
  /** The GraphQL id of our comment. */
  readonly commentId: string;
  readonly path: string;
  readonly fingerprint: string;
  readonly hasReplies: boolean;
  readonly isResolved: boolean;
  readonly canResolve: boolean;
  readonly isMinimized: boolean;
  /** We closed it ourselves since its finding was gone; people close threads for other reasons. */
  readonly isClosedByUs: boolean;
}

export interface OwnThreads {
  readonly threads: readonly OwnThread[];
  /** Where the pull request is by now. */
  readonly headSha: string;
}

/** Threads of a pull request that are looked through: a hundred each. */
const MOST_PAGES = 30;

const QUERY = `query ($owner: String!, $name: String!, $number: Int!, $after: String) {
  repository(owner: $owner, name: $name) {
    pullRequest(number: $number) {
      headRefOid
      reviewThreads(first: 100, after: $after) {
        pageInfo { hasNextPage endCursor }
        nodes {
          id
          path
          isResolved
          viewerCanResolve
          resolvedBy { login }
          comments(first: 1) {
            totalCount
            nodes { id body viewerDidAuthor isMinimized minimizedReason author { login } }
          }
        }
      }
    }
  }
}`;

interface ThreadNode {
  readonly id: string;
  readonly path: string;
  readonly isResolved: boolean;
  readonly viewerCanResolve: boolean;
  readonly resolvedBy: { readonly login: string } | null;
  readonly comments: {
    readonly totalCount: number;
    readonly nodes: readonly {
      readonly id: string;
      readonly body: string;
      readonly viewerDidAuthor: boolean;
      readonly isMinimized: boolean;
      readonly minimizedReason: string | null;
      readonly author: { readonly login: string } | null;
    }[];
  };
}

interface Answer {
  readonly repository: {
    readonly pullRequest: {
      readonly headRefOid: string;
      readonly reviewThreads: {
        readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
        readonly nodes: readonly ThreadNode[];
      };
    };
  };
}

/** The threads with our comments, resolved and outdated ones included. Others' comments with our marker are not ours. */
export async function listOwnThreads(
  client: Client,
  { repository, number }: Pick<PullRequest, 'repository' | 'number'>,
): Promise<OwnThreads> {
  const threads: OwnThread[] = [];
  let after: string | null = null;
  for (let page = 1; ; page++) {
    const answer: Answer = await client.graphql<Answer>(QUERY, {
      owner: repository.owner,
      name: repository.name,
      number,
      after,
    });
    const { headRefOid, reviewThreads } = answer.repository.pullRequest;
    threads.push(...reviewThreads.nodes.flatMap(toOwnThread));
    after = reviewThreads.pageInfo.endCursor;
    if (!reviewThreads.pageInfo.hasNextPage || page === MOST_PAGES) return { threads, headSha: headRefOid };
  }
}

function toOwnThread(thread: ThreadNode): OwnThread[] {
  const { id, path, isResolved, viewerCanResolve: canResolve, resolvedBy, comments } = thread;
  const comment = comments.nodes[0];
  const fingerprint = comment?.viewerDidAuthor ? fingerprintOf(comment.body) : undefined;
  if (!comment || fingerprint === undefined) return [];
  const isOutdated = comment.isMinimized && comment.minimizedReason?.toLowerCase() === 'outdated';
  return [
    {
      id,
      commentId: comment.id,
      path,
      fingerprint,
      hasReplies: comments.totalCount > 1,
      isResolved,
      canResolve,
      isMinimized: comment.isMinimized,
      isClosedByUs: isOutdated || (isResolved && resolvedBy?.login === comment.author?.login),
    },
  ];
}

/** Two mutations each. */
const THREADS_PER_REQUEST = 20;

/**
 * Closes threads whose findings are gone: resolves them, and hides comments that nobody replied to as outdated. An App
 * may resolve threads only with write access to the repository's contents (orgs/community#44650, github/gh-aw#35726),
 * which ours does not ask for; then hiding has to do.
 */
export async function closeThreads(client: Client, threads: readonly OwnThread[]): Promise<void> {
  for (let i = 0; i < threads.length; i += THREADS_PER_REQUEST) {
    const batch = threads.slice(i, i + THREADS_PER_REQUEST);
    await mutate(client, [
      ...batch
        .filter((thread) => thread.canResolve)
        .map(({ id }) => ({
          id,
          field: (variable: string) => `resolveReviewThread(input: { threadId: ${variable} })`,
        })),
      ...batch
        .filter((thread) => !thread.canResolve || !thread.hasReplies)
        .map(({ commentId: id }) => ({
          id,
          field: (variable: string) =>
            `minimizeComment(input: { subjectId: ${variable}, classifier: OUTDATED })`,
        })),
    ]);
  }
}

interface Mutation {
  readonly id: string;
  readonly field: (variable: string) => string;
}

/** Several mutations in one request. */
async function mutate(client: Client, mutations: readonly Mutation[]): Promise<void> {
  const declarations = mutations.map((_, i) => `$i${i}: ID!`).join(', ');
  const fields = mutations.map(({ field }, i) => `m${i}: ${field(`$i${i}`)} { clientMutationId }`).join('\n');
  const variables = Object.fromEntries(mutations.map(({ id }, i) => [`i${i}`, id]));
  try {
    await client.graphql(`mutation (${declarations}) {\n${fields}\n}`, variables);
  } catch (error) {
    // A thread may have been deleted meanwhile, or a right withdrawn: the others are closed all the same.
    const errors = graphqlFailure(error)?.errors;
    if (!errors?.every(({ type }) => type === 'FORBIDDEN' || type === 'NOT_FOUND')) throw error;
  }
}
