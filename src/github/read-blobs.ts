import { createHash } from 'node:crypto';
import type { RepositoryName, Unread } from '../review/change.ts';
import { type Client, graphqlFailure, statusOf } from './client.ts';

/** A file's exact bytes; why they are not read; or that there is no such file. */
export type BlobContent =
  | { readonly bytes: Buffer }
  | { readonly unread: Unread }
  | { readonly absent: true };

export interface BlobBudget {
  /** Bytes of one file. */
  readonly fileBytes: number;
  /** Bytes of all files together: what a hostile pull request can make us hold in memory. */
  readonly totalBytes: number;
  /** Files that GraphQL does not give exactly, each of which takes a REST request. */
  readonly rawRequests: number;
}

export const BLOB_BUDGET: BlobBudget = { fileBytes: 5_000_000, totalBytes: 100_000_000, rawRequests: 50 };

/** Both sides of a hundred files. */
const OBJECTS_PER_QUERY = 200;

interface GraphqlBlob {
  readonly __typename: string;
  readonly oid: string;
  readonly byteSize?: number;
  readonly isBinary?: boolean | null;
  readonly text?: string | null;
}

/**
 * Reads files, many at once: one GraphQL query for two hundred. A text that is not the blob to the byte (truncated, or
 * in another encoding than UTF-8, which GitHub converts by guessing) is read again by REST.
 *
 * @param expressions `sha:path`, or the SHA of a blob itself.
 * @throws the client's error when GitHub does not answer.
 */
export async function readBlobs(
  client: Client,
  repository: RepositoryName,
  expressions: Iterable<string>,
  budget: BlobBudget = BLOB_BUDGET,
): Promise<Map<string, BlobContent>> {
  const wanted = [...new Set(expressions)];
  const contents = new Map<string, BlobContent>();
  const inexact: { expression: string; oid: string }[] = [];
  let bytes = 0;
  const keep = (expression: string, content: BlobContent) => {
    bytes += 'bytes' in content ? content.bytes.length : 0;
    contents.set(expression, bytes > budget.totalBytes ? tooMuch(budget) : content);
  };
  for (let i = 0; i < wanted.length; i += OBJECTS_PER_QUERY) {
    const batch = wanted.slice(i, i + OBJECTS_PER_QUERY);
    if (bytes > budget.totalBytes) {
      for (const expression of batch) contents.set(expression, tooMuch(budget));
      continue;
    }
    const blobs = await queryBlobs(client, repository, batch);
    batch.forEach((expression, j) => {
      const blob = blobs[j] ?? null;
      const content = contentOf(blob, budget);
      if (content) keep(expression, content);
      else if (blob) inexact.push({ expression, oid: blob.oid });
    });
  }
  const raw = new Map<string, BlobContent>();
  for (const { expression, oid } of inexact) {
    if (!raw.has(oid)) {
      const isAffordable = raw.size < budget.rawRequests && bytes <= budget.totalBytes;
      raw.set(oid, isAffordable ? await readRawBlob(client, repository, oid) : tooManyRaw(budget));
    }
    keep(expression, raw.get(oid)!);
  }
  return contents;
}

function tooMuch({ totalBytes }: BlobBudget): BlobContent {
  return unread('over-budget', `the changed files are more than ${totalBytes} bytes together`);
}

function tooManyRaw({ rawRequests }: BlobBudget): BlobContent {
  return unread('over-budget', `more than ${rawRequests} files that are large or not in UTF-8`);
}

function unread(reason: Unread['reason'], detail: string): BlobContent {
  return { unread: { reason, detail } };
}

/** What the query told; undefined when the bytes have to be read by REST. */
function contentOf(blob: GraphqlBlob | null, budget: BlobBudget): BlobContent | undefined {
  if (!blob) return { absent: true };
  if (blob.__typename !== 'Blob') return unread('unavailable', 'not a file');
  const size = blob.byteSize ?? 0;
  if (size > budget.fileBytes) {
    return unread('too-large', `${size} bytes; at most ${budget.fileBytes} are read`);
  }
  if (blob.isBinary) return unread('binary', 'a binary file');
  const bytes = Buffer.from(blob.text ?? '');
  return gitHash(bytes, blob.oid) === blob.oid ? { bytes } : undefined;
}

/** The id under which git keeps a file, by the hash function that the other id has. */
function gitHash(bytes: Buffer, like: string): string {
  return createHash(like.length === 64 ? 'sha256' : 'sha1')
    .update(`blob ${bytes.length}\0`)
    .update(bytes)
    .digest('hex');
}

async function queryBlobs(
  client: Client,
  repository: RepositoryName,
  expressions: readonly string[],
): Promise<(GraphqlBlob | null)[]> {
  const declarations = expressions.map((_, i) => `, $e${i}: String!`).join('');
  const fields = expressions.map((_, i) => `f${i}: object(expression: $e${i}) { ...file }`).join('\n');
  const query = `query ($owner: String!, $name: String!${declarations}) {
    repository(owner: $owner, name: $name) {
      ${fields}
    }
  }
  fragment file on GitObject { __typename oid ... on Blob { byteSize isBinary text } }`;
  const variables = Object.fromEntries(expressions.map((expression, i) => [`e${i}`, expression]));
  try {
    const answer = await client.graphql<{ repository: { [alias: string]: GraphqlBlob | null } }>(query, {
      owner: repository.owner,
      name: repository.name,
      ...variables,
    });
    return expressions.map((_, i) => answer.repository[`f${i}`] ?? null);
  } catch (error) {
    if (expressions.length === 1 || !isTooMuch(error)) throw error;
    const middle = expressions.length >> 1;
    return [
      ...(await queryBlobs(client, repository, expressions.slice(0, middle))),
      ...(await queryBlobs(client, repository, expressions.slice(middle))),
    ];
  }
}

/** GitHub gives up on a query after ten seconds: with 502 or 504, or with an error that asks to try a smaller one. */
function isTooMuch(error: unknown): boolean {
  const status = statusOf(error);
  if (status === 502 || status === 504) return true;
  return (
    graphqlFailure(error)?.errors.some(({ message }) =>
      /timed? ?out|timeout|something went wrong/i.test(message),
    ) ?? false
  );
}

async function readRawBlob(client: Client, repository: RepositoryName, oid: string): Promise<BlobContent> {
  const { data } = await client.request('GET /repos/{owner}/{repo}/git/blobs/{file_sha}', {
    owner: repository.owner,
    repo: repository.name,
    file_sha: oid,
  });
  if (data.encoding !== 'base64') return unread('unavailable', `GitHub sent it encoded as ${data.encoding}`);
  const bytes = Buffer.from(data.content, 'base64');
  return gitHash(bytes, oid) === oid
    ? { bytes }
    : unread('unavailable', 'GitHub sent other bytes than asked for');
}
