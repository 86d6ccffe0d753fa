import type { Annotation } from '../report/annotations.ts';
import { truncateBytes } from '../report/bounded.ts';
import type { RepositoryName } from '../review/change.ts';
import { allPages, type Client } from './client.ts';

/** What the list of checks shows, and what a branch protection rule names. */
export const CHECK_NAME = 'Patchwarden';

/** https://docs.github.com/rest/checks/runs#update-a-check-run */
const ANNOTATIONS_PER_REQUEST = 50;
/** The description says characters, GitHub counts bytes (github/rest-api-description#5399). */
const MOST_BYTES = 65_535;

export type Conclusion =
  | 'success'
  | 'failure'
  | 'neutral'
  | 'action_required'
  | 'cancelled'
  | 'skipped'
  | 'timed_out';

/** `CheckRunReport` of report/ is one. */
export interface CheckRunContent {
  readonly conclusion: Conclusion;
  readonly title: string;
  /** Markdown. */
  readonly summary: string;
  readonly text?: string;
  readonly annotations?: readonly Annotation[];
}

export interface CheckRun {
  readonly id: number;
  readonly headSha: string;
  readonly externalId: string;
  readonly isCompleted: boolean;
  /** Null while it is in progress. */
  readonly conclusion: string | null;
}

/**
 * Our newest check run of a commit, if there is one.
 *
 * @param appId tells our runs from other Apps' of the same name; without it the name decides.
 */
export async function findCheckRun(
  client: Client,
  { owner, name }: RepositoryName,
  headSha: string,
  appId?: number,
): Promise<CheckRun | undefined> {
  const { data } = await client.request('GET /repos/{owner}/{repo}/commits/{ref}/check-runs', {
    owner,
    repo: name,
    ref: headSha,
    check_name: CHECK_NAME,
    ...(appId === undefined ? {} : { app_id: appId }),
  });
  return data.check_runs.map(toCheckRun).toSorted((a, b) => b.id - a.id)[0];
}

export interface NewCheckRun {
  readonly headSha: string;
  /** Names the job that the run is of: the same job, started again after a crash, goes on with the same run. */
  readonly externalId: string;
  readonly appId?: number;
}

/**
 * A check run in progress. One that is there is taken over when it is of the same job, even completed, or when nobody
 * completed it. To a completed run of an earlier job a new one is added, which GitHub shows in its place: annotations
 * can be added to a run, but never taken away.
 */
export async function startCheckRun(
  client: Client,
  repository: RepositoryName,
  { headSha, externalId, appId }: NewCheckRun,
): Promise<CheckRun> {
  const { owner, name: repo } = repository;
  const found = await findCheckRun(client, repository, headSha, appId);
  if (found?.externalId === externalId) return found;
  if (found && !found.isCompleted) {
    const { data } = await client.request('PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}', {
      owner,
      repo,
      check_run_id: found.id,
      external_id: externalId,
      status: 'in_progress',
    });
    return toCheckRun(data);
  }
  const { data } = await client.request('POST /repos/{owner}/{repo}/check-runs', {
    owner,
    repo,
    name: CHECK_NAME,
    head_sha: headSha,
    external_id: externalId,
    status: 'in_progress',
  });
  return toCheckRun(data);
}

/**
 * Completes a check run: annotations first, fifty a request, and the conclusion with the last. Annotations that a
 * crashed attempt has left are not added again.
 */
export async function completeCheckRun(
  client: Client,
  repository: RepositoryName,
  run: Pick<CheckRun, 'id'>,
  { conclusion, title, summary, text = '', annotations = [] }: CheckRunContent,
): Promise<void> {
  const present = annotations.length > 0 ? await annotationsOf(client, repository, run.id) : new Set();
  const missing = annotations.map(toGitHub).filter((annotation) => !present.has(keyOf(annotation)));
  const output = {
    title,
    summary: truncateBytes(summary, MOST_BYTES),
    ...(text === '' ? {} : { text: truncateBytes(text, MOST_BYTES) }),
  };
  let start = 0;
  do {
    const batch = missing.slice(start, start + ANNOTATIONS_PER_REQUEST);
    start += ANNOTATIONS_PER_REQUEST;
    await client.request('PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}', {
      owner: repository.owner,
      repo: repository.name,
      check_run_id: run.id,
      ...(start < missing.length ? {} : { status: 'completed', conclusion }),
      output: { ...output, ...(batch.length > 0 ? { annotations: batch } : {}) },
      // Sent again after a lost answer, annotations would be there twice; the next attempt looks first.
      ...(batch.length > 0 ? { request: { retries: 0 } } : {}),
    });
  } while (start < missing.length);
}

interface GitHubAnnotation {
  readonly path: string;
  readonly start_line: number;
  readonly end_line: number;
  readonly annotation_level: Annotation['level'];
  readonly title: string;
  readonly message: string;
}

function toGitHub({ path, startLine, endLine, level, title, message }: Annotation): GitHubAnnotation {
  return { path, start_line: startLine, end_line: endLine, annotation_level: level, title, message };
}

function keyOf(
  annotation: Omit<GitHubAnnotation, 'annotation_level' | 'title' | 'message'> & {
    title: string | null;
    message: string | null;
  },
): string {
  const { path, start_line, end_line, title, message } = annotation;
  return JSON.stringify([path, start_line, end_line, title, message]);
}

async function annotationsOf(
  client: Client,
  { owner, name }: RepositoryName,
  id: number,
): Promise<Set<string>> {
  const { items } = await allPages(async (page) => {
    const { data } = await client.request('GET /repos/{owner}/{repo}/check-runs/{check_run_id}/annotations', {
      owner,
      repo: name,
      check_run_id: id,
      per_page: 100,
      page,
    });
    return data;
  }, 20);
  return new Set(items.map(keyOf));
}

function toCheckRun(run: {
  readonly id: number | bigint;
  readonly head_sha: string;
  readonly external_id: string | null;
  readonly status: string;
  readonly conclusion: string | null;
}): CheckRun {
  return {
    id: Number(run.id),
    headSha: run.head_sha,
    externalId: run.external_id ?? '',
    isCompleted: run.status === 'completed',
    conclusion: run.conclusion,
  };
}
