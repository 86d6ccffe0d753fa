/** REST: check runs and their annotations. */
import type { Handlers } from './http.ts';
import type { Annotation, CheckRun, Repository } from './model.ts';
import { checkRunJson } from './render.ts';
import { resolveCommit } from './rest-repositories.ts';
import { type Identity, Refusal, validationFailed, type World } from './world.ts';

/** Bytes of a summary or text: the description says characters, GitHub counts bytes (rest-api-description#5399). */
const MAX_TEXT = 65_535;

interface CheckRunBody {
  readonly name?: string;
  readonly head_sha?: string;
  readonly external_id?: string;
  readonly details_url?: string;
  readonly started_at?: string;
  readonly completed_at?: string;
  readonly status?: CheckRun['status'];
  readonly conclusion?: string;
  readonly output?: {
    readonly title?: string;
    readonly summary: string;
    readonly text?: string;
    readonly annotations?: readonly Annotation[];
  };
}

function apply(world: World, run: CheckRun, body: CheckRunBody): void {
  const { output } = body;
  for (const field of ['summary', 'text'] as const) {
    if (Buffer.byteLength(output?.[field] ?? '') > MAX_TEXT)
      throw validationFailed({
        resource: 'CheckRun',
        field,
        code: 'too_long',
        message: 'exceeds 65535 bytes',
      });
  }
  for (const annotation of output?.annotations ?? []) {
    if (annotation.end_line < annotation.start_line)
      throw validationFailed('end_line must not be before start_line');
    if (annotation.start_column !== undefined && annotation.start_line !== annotation.end_line)
      throw validationFailed('start_column is for annotations on one line');
    if (Buffer.byteLength(annotation.message) > 65_536 || (annotation.title ?? '').length > 255)
      throw validationFailed('the annotation is too long');
    if (annotation.message === '') throw validationFailed('message must not be empty');
  }
  if (body.status === 'completed' && !body.conclusion) throw validationFailed('conclusion is missing');
  if (body.name !== undefined) run.name = body.name;
  if (body.external_id !== undefined) run.externalId = body.external_id;
  if (body.details_url !== undefined) run.detailsUrl = body.details_url;
  if (body.started_at !== undefined) run.startedAt = body.started_at;
  if (body.status !== undefined) run.status = body.status;
  if (run.status !== 'completed') {
    run.conclusion = null;
    run.completedAt = null;
  }
  if (body.conclusion !== undefined) {
    run.status = 'completed';
    run.conclusion = body.conclusion;
    run.completedAt = body.completed_at ?? world.now();
  }
  if (!output) return;
  if (output.title !== undefined) run.title = output.title;
  run.summary = output.summary;
  if (output.text !== undefined) run.text = output.text;
  // Each update adds to the annotations that are there.
  run.annotations.push(...(output.annotations ?? []));
}

function onlyApp(identity: Identity): void {
  if (identity.kind !== 'installation') throw new Refusal(403, 'You must authenticate via a GitHub App.');
}

/** GitHub has one suite of an App for each commit. */
function suiteOf(world: World, repository: Repository, sha: string): number {
  return repository.checkRuns.find((run) => run.headSha === sha)?.suiteId ?? world.id();
}

export const checkHandlers: Handlers = {
  'checks/create': async ({ world, path, body: given, identity }) => {
    onlyApp(identity);
    const body = given as CheckRunBody & { readonly name: string; readonly head_sha: string };
    const repository = world.repository(path.owner!, path.repo!);
    const sha = await resolveCommit(repository, body.head_sha);
    const run: CheckRun = {
      id: world.id(),
      name: body.name,
      headSha: sha,
      suiteId: suiteOf(world, repository, sha),
      externalId: '',
      detailsUrl: `${world.url}/apps/${world.app.slug}`,
      status: 'queued',
      conclusion: null,
      startedAt: world.now(),
      completedAt: null,
      title: null,
      summary: null,
      text: null,
      annotations: [],
    };
    apply(world, run, body);
    repository.checkRuns.push(run);
    return { status: 201, body: checkRunJson(world, repository, run) };
  },

  'checks/update': ({ world, path, body, identity }) => {
    onlyApp(identity);
    const repository = world.repository(path.owner!, path.repo!);
    const run = world.checkRun(repository, Number(path.check_run_id));
    apply(world, run, body as CheckRunBody);
    return { body: checkRunJson(world, repository, run) };
  },

  'checks/get': ({ world, path }) => {
    const repository = world.repository(path.owner!, path.repo!);
    return { body: checkRunJson(world, repository, world.checkRun(repository, Number(path.check_run_id))) };
  },

  'checks/list-for-ref': async ({ world, path, query, page }) => {
    const repository = world.repository(path.owner!, path.repo!);
    const sha = await resolveCommit(repository, path.ref!);
    const app = query.get('app_id');
    const runs = repository.checkRuns
      .filter((run) => run.headSha === sha)
      .filter((run) => !query.get('check_name') || run.name === query.get('check_name'))
      .filter((run) => !query.get('status') || run.status === query.get('status'))
      .filter(() => !app || Number(app) === world.app.id)
      .toReversed();
    // `latest`, the default, has one run of each name.
    const shown =
      query.get('filter') === 'all'
        ? runs
        : runs.filter((run, i) => runs.findIndex((other) => other.name === run.name) === i);
    const { items, headers } = page(shown);
    return {
      headers,
      body: {
        total_count: shown.length,
        check_runs: items.map((run) => checkRunJson(world, repository, run)),
      },
    };
  },

  'checks/list-annotations': ({ world, path, page }) => {
    const repository = world.repository(path.owner!, path.repo!);
    const run = world.checkRun(repository, Number(path.check_run_id));
    const { items, headers } = page(run.annotations);
    return {
      headers,
      body: items.map((annotation) => ({
        start_column: null,
        end_column: null,
        title: null,
        raw_details: null,
        blob_href: `${world.url}/blob`,
        ...annotation,
      })),
    };
  },
};
