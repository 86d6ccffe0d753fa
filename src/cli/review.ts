import { resolve } from 'node:path';
import { changeBetween, workTreeChange } from '../git/change.ts';
import { defaultBranch, openRepository, type Repository } from '../git/repository.ts';
import { localSources } from '../git/sources.ts';
import type { Site } from '../report/links.ts';
import { postedMarkdown } from '../report/posted.ts';
import type { ReviewInput, Sources } from '../review/input.ts';
import type { Review } from '../review/review.ts';
import { reviewWithAllRules } from '../review/with-all-rules.ts';
import { AnalysisPool } from '../review/workers.ts';
import type { Console } from './console.ts';
import type { ExitCode } from './failure.ts';
import { deliver, exitCodeOf, type OutputOptions, render } from './output.ts';

export interface ReviewOptions extends OutputOptions {
  readonly format: 'text' | 'json' | 'sarif' | 'markdown';
  /** Default: where the person stands. */
  readonly repo?: string;
  /** Default: the default branch. */
  readonly base?: string;
  /** Default: the work tree. */
  readonly head?: string;
}

/** `patchwarden review`: a local change, as if it were a pull request. @throws {Failure | GitError} */
export async function reviewLocal(options: ReviewOptions, console: Console): Promise<ExitCode> {
  const directory = resolve(console.directory, options.repo ?? '.');
  const repository = await openRepository(directory, console.environment);
  try {
    console.progress.show('Reading the change…');
    const { input, sources } = await readLocal(repository, options);
    const review = await reviewOnce(input, sources, console);
    await deliverReview(review, input, sources, options, console);
    return exitCodeOf(review);
  } finally {
    repository.close();
  }
}

async function readLocal(
  repository: Repository,
  { base: givenBase, head }: ReviewOptions,
): Promise<{ input: ReviewInput; sources: Sources }> {
  const base = givenBase ?? (await defaultBranch(repository));
  const input =
    head === undefined ? await workTreeChange(repository, base) : await changeBetween(repository, base, head);
  const { mergeBaseSha, head: revision } = input.pullRequest;
  const version = head === undefined ? 'work tree' : { sha: revision.sha };
  return { input, sources: localSources(repository, { sha: mergeBaseSha }, version) };
}

export async function reviewOnce(input: ReviewInput, sources: Sources, console: Console): Promise<Review> {
  const pool = new AnalysisPool();
  try {
    const progress = (step: string) => console.progress.show(`${step}…`);
    return await reviewWithAllRules(input, { analyser: pool, sources, progress });
  } finally {
    await pool.close();
  }
}

/** Prints the review, or writes it to a file, in the format that was asked for. @throws {Failure} */
export async function deliverReview(
  review: Review,
  input: ReviewInput,
  sources: Sources,
  options: Pick<ReviewOptions, 'format' | 'output' | 'advisories'>,
  console: Console,
  site?: Site,
): Promise<void> {
  const { format } = options;
  const report =
    format === 'markdown'
      ? postedMarkdown(review, site)
      : render(review, format, options, console, {
          pullRequest: review.pullRequest,
          source: await headTexts(review, input, sources),
        });
  await deliver(report, options, console);
}

/** The texts in which findings stand; one that the change does not touch is read now. */
async function headTexts(review: Review, input: ReviewInput, sources: Sources) {
  const texts = new Map(input.files.map((file) => [file.path, file.head]));
  const paths = [...review.defects, ...review.advisories].map(({ finding }) => finding.location.path);
  const missing = [...new Set(paths)].filter((path) => texts.get(path) === undefined);
  if (missing.length > 0) {
    for (const [path, text] of await sources.fetchTexts('head', missing)) texts.set(path, text);
  }
  return (path: string) => texts.get(path);
}
