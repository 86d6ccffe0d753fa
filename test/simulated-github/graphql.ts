/** GraphQL: executed against GitHub's published schema; a field without a resolver here is a violation. */
import { schema as published } from '@octokit/graphql-schema';
import { buildSchema, defaultFieldResolver, execute, type GraphQLSchema, parse, validate } from 'graphql';
import {
  type IssueComment,
  nodeId,
  numberOf,
  type PullRequest,
  type Repository,
  type ReviewComment,
  type Thread,
  type User,
} from './model.ts';
import { resolveCommit } from './rest-repositories.ts';
import { type Identity, Refusal, type World } from './world.ts';

let schema: GraphQLSchema | undefined;

/** Built at first use: the schema is 1.5 MB. */
function githubSchema(): GraphQLSchema {
  if (!schema) {
    schema = buildSchema(published.idl, { assumeValidSDL: true });
  }
  return schema;
}

/** An error with the `type` that GitHub puts beside the message. */
class TypedError extends Error {
  readonly type: string;
  constructor(type: string, message: string) {
    super(message);
    this.type = type;
  }
}

const forbidden = () => new TypedError('FORBIDDEN', 'Resource not accessible by integration');

export async function answerGraphql(
  world: World,
  identity: Identity,
  body: unknown,
  violation: (wrong: string) => void,
): Promise<unknown> {
  const { query, variables } = (body ?? {}) as { readonly query?: unknown; readonly variables?: object };
  if (typeof query !== 'string')
    throw new Refusal(400, 'A query attribute must be specified and must be a string.');
  const document = parse(query);
  const errors = validate(githubSchema(), document);
  if (errors.length) {
    violation(errors.map((error) => error.message).join('; '));
    return { errors: errors.map((error) => ({ message: error.message })) };
  }
  const result = await execute({
    schema: githubSchema(),
    document,
    rootValue: root(world, identity),
    variableValues: { ...variables },
    fieldResolver: (source, args, context, info) => {
      if (!(info.fieldName in source))
        violation(`the simulation has no ${info.parentType.name}.${info.fieldName}`);
      return defaultFieldResolver(source, args, context, info);
    },
  });
  const failed = result.errors?.map((error) => {
    const { originalError } = error;
    if (originalError instanceof TypedError) return { ...error.toJSON(), type: originalError.type };
    violation(error.message);
    return error.toJSON();
  });
  return {
    ...(result.data === undefined ? {} : { data: result.data }),
    ...(failed?.length ? { errors: failed } : {}),
  };
}

function root(world: World, identity: Identity) {
  const viewer = identity.kind === 'app' ? world.bot : identity.user;
  return {
    viewer: () => actorNode(viewer),
    rateLimit: { cost: 1, limit: 5000, remaining: 4999, nodeCount: 1, used: 1, resetAt: world.now() },
    repository: ({ owner, name }: { owner: string; name: string }) => {
      try {
        return repositoryNode(world, identity, world.repository(owner, name));
      } catch {
        const message = `Could not resolve to a Repository with the name '${owner}/${name}'.`;
        throw new TypedError('NOT_FOUND', message);
      }
    },
    resolveReviewThread: ({ input }: { input: { threadId: string } }) => {
      const found = thread(world, input.threadId);
      if (!mayResolve(world, identity)) throw forbidden();
      found.thread.resolvedBy = viewer;
      return { clientMutationId: null, thread: threadNode(world, identity, found.pull, found.thread) };
    },
    unresolveReviewThread: ({ input }: { input: { threadId: string } }) => {
      const found = thread(world, input.threadId);
      found.thread.resolvedBy = null;
      return { clientMutationId: null, thread: threadNode(world, identity, found.pull, found.thread) };
    },
    minimizeComment: ({ input }: { input: { subjectId: string; classifier: string } }) => {
      const comment = findComment(world, input.subjectId);
      if (comment.user !== viewer && identity.kind === 'installation') throw forbidden();
      comment.minimizedReason = input.classifier.toLowerCase();
      return {
        clientMutationId: null,
        minimizedComment: {
          __typename: input.subjectId.startsWith('PRRC_') ? 'PullRequestReviewComment' : 'IssueComment',
          isMinimized: true,
          minimizedReason: comment.minimizedReason,
        },
      };
    },
  };
}

/** An App may with write access to contents only: https://github.com/orgs/community/discussions/44650 */
function mayResolve(world: World, identity: Identity): boolean {
  return identity.kind === 'user' || world.app.permissions.contents === 'write';
}

function thread(world: World, id: string) {
  const found = id.startsWith('PRRT_') ? world.thread(numberOf(id)) : undefined;
  if (!found) throw new TypedError('NOT_FOUND', `Could not resolve to a node with the global id of '${id}'`);
  return found;
}

function findComment(world: World, id: string): ReviewComment | IssueComment {
  const number = numberOf(id);
  const pulls = world.repositories.flatMap((repository) => repository.pulls);
  const all = pulls.flatMap((pull) => [
    ...pull.issueComments,
    ...pull.threads.flatMap((candidate) => candidate.comments),
  ]);
  const found = all.find((candidate) => candidate.id === number);
  if (!found) throw new TypedError('NOT_FOUND', `Could not resolve to a node with the global id of '${id}'`);
  return found;
}

function repositoryNode(world: World, identity: Identity, repository: Repository) {
  return {
    id: nodeId('R', repository.id),
    name: repository.name,
    nameWithOwner: `${repository.owner.login}/${repository.name}`,
    object: ({ expression, oid }: { expression?: string; oid?: string }) =>
      gitObject(world, repository, expression ?? oid ?? ''),
    pullRequest: ({ number }: { number: number }) => {
      const pull = repository.pulls.find((candidate) => candidate.number === number);
      if (!pull)
        throw new TypedError('NOT_FOUND', `Could not resolve to a PullRequest with the number of ${number}.`);
      return pullRequestNode(world, identity, pull);
    },
  };
}

/** `sha:path` or an object's own id; null, without an error, for what is not there. */
async function gitObject(world: World, repository: Repository, expression: string) {
  const { git } = repository;
  const colon = expression.indexOf(':');
  let oid = expression;
  if (colon >= 0) {
    const sha = await resolveCommit(repository, expression.slice(0, colon)).catch(() => undefined);
    const entry = sha === undefined ? undefined : await git.entry(sha, expression.slice(colon + 1));
    if (!entry || entry.type === 'commit') return null;
    if (entry.type === 'tree') return { __typename: 'Tree', oid: entry.sha };
    oid = entry.sha;
  } else if (await git.tryResolve(oid)) return { __typename: 'Commit', oid: await git.resolve(oid) };
  const bytes = await git.blob(oid);
  if (!bytes) return null;
  const isBinary = bytes.subarray(0, 8000).includes(0);
  const isTruncated = bytes.length > world.limits.graphqlBlobBytes;
  return {
    __typename: 'Blob',
    id: `B_${oid}`,
    oid,
    byteSize: bytes.length,
    isBinary,
    isTruncated,
    text: isBinary ? null : bytes.subarray(0, world.limits.graphqlBlobBytes).toString(),
  };
}

function actorNode(user: User) {
  return {
    __typename: user.type,
    // Unlike REST, GraphQL names bots without the suffix.
    login: user.login.replace(/\[bot\]$/, ''),
  };
}

function pullRequestNode(world: World, identity: Identity, pull: PullRequest) {
  return {
    id: nodeId('PR', pull.id),
    number: pull.number,
    headRefOid: pull.head.sha,
    baseRefOid: pull.base.sha,
    state: pull.merged ? 'MERGED' : pull.state.toUpperCase(),
    isDraft: pull.draft,
    reviewThreads: (args: ConnectionArguments) =>
      connection(pull.threads, args, (item) => threadNode(world, identity, pull, item)),
  };
}

function threadNode(world: World, identity: Identity, pull: PullRequest, thread: Thread) {
  const { place } = thread;
  return {
    id: nodeId('PRRT', thread.id),
    path: place.path,
    diffSide: place.side,
    line: thread.current?.line ?? null,
    originalLine: place.line ?? null,
    startLine: thread.current?.startLine ?? null,
    originalStartLine: place.startLine ?? null,
    startDiffSide: place.startSide ?? null,
    subjectType: place.line === undefined ? 'FILE' : 'LINE',
    isOutdated: thread.isOutdated,
    isResolved: thread.resolvedBy !== null,
    isCollapsed: thread.resolvedBy !== null || thread.isOutdated,
    resolvedBy: () => (thread.resolvedBy ? actorNode(thread.resolvedBy) : null),
    viewerCanResolve: thread.resolvedBy === null && mayResolve(world, identity),
    viewerCanReply: pull.state === 'open',
    comments: (args: ConnectionArguments) =>
      connection(thread.comments, args, (comment) => ({
        id: nodeId('PRRC', comment.id),
        databaseId: comment.id,
        fullDatabaseId: String(comment.id),
        body: comment.body,
        author: actorNode(comment.user),
        viewerDidAuthor: identity.kind !== 'app' && comment.user === identity.user,
        isMinimized: comment.minimizedReason !== null,
        minimizedReason: comment.minimizedReason,
        createdAt: comment.createdAt,
      })),
  };
}

interface ConnectionArguments {
  readonly first?: number | null;
  readonly last?: number | null;
  readonly after?: string | null;
}

function connection<Item, Node>(
  items: readonly Item[],
  args: ConnectionArguments,
  node: (item: Item) => Node,
) {
  const size = args.first ?? args.last;
  if (!size || size > 100)
    throw new TypedError(
      'EXCESSIVE_PAGINATION',
      'You must provide a `first` or `last` value of at most 100.',
    );
  const start = args.last ? Math.max(0, items.length - size) : args.after ? numberOf(args.after) : 0;
  const nodes = items.slice(start, start + size).map(node);
  return {
    totalCount: items.length,
    nodes,
    edges: nodes.map((item, i) => ({ node: item, cursor: nodeId('cursor', start + i + 1) })),
    pageInfo: {
      hasNextPage: start + size < items.length,
      hasPreviousPage: start > 0,
      startCursor: nodeId('cursor', start),
      endCursor: nodeId('cursor', start + nodes.length),
    },
  };
}
