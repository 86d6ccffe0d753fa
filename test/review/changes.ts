import type { Finding, Location } from '../../src/engine/finding.ts';
import type { Control } from '../../src/engine/project.ts';
import type { ChangedFile, FileStatus } from '../../src/review/change.ts';
import { diffHunks } from '../../src/review/hunks.ts';
import type { ReviewInput, Sources } from '../../src/review/input.ts';
import type { Review } from '../../src/review/review.ts';
import { type ReviewDependencies, reviewPullRequest } from '../../src/review/review-pull-request.ts';
import { answer } from '../../src/review/worker-side.ts';
import { fakeAnalyse } from './fake-engine.ts';

/** A changed file from its two texts; undefined where it is not there. */
export function changedFile(
  path: string,
  base: string | undefined,
  head: string | undefined,
  previousPath = path,
): ChangedFile {
  const status: FileStatus =
    base === undefined
      ? 'added'
      : head === undefined
        ? 'removed'
        : path === previousPath
          ? 'modified'
          : 'renamed';
  return {
    path,
    previousPath,
    status,
    ...(base === undefined ? {} : { base }),
    ...(head === undefined ? {} : { head }),
    hunks: diffHunks(base ?? '', head ?? ''),
  };
}

export function inputOf(files: readonly ChangedFile[], rest: Partial<ReviewInput> = {}): ReviewInput {
  return {
    pullRequest: {
      repository: { owner: 'acme', name: 'shop' },
      number: 1,
      title: 'A change',
      base: { sha: 'b'.repeat(40), ref: 'main' },
      mergeBaseSha: 'b'.repeat(40),
      head: { sha: 'a'.repeat(40), ref: 'feature' },
      draft: false,
    },
    files,
    limits: [],
    configuration: {},
    ...rest,
  };
}

/** Other files of the repository, the same in both versions. */
export function sourcesOf(files: Readonly<Record<string, string>> = {}): Sources {
  return {
    paths: async () => new Set(Object.keys(files)),
    fetchTexts: async (_, paths) =>
      new Map(paths.flatMap((path) => (files[path] === undefined ? [] : [[path, files[path]] as const]))),
  };
}

export function describeRemovedControl(control: Control, location: Location): Finding {
  return {
    ruleId: 'security-control-removed',
    cwe: [693],
    aspect: 'access',
    kind: 'defect',
    severity: 'high',
    confidence: 'high',
    message: ['removed: ', ...control.text],
    location,
    symbol: control.symbol,
    trace: [],
    fix: { text: ['put it back'] },
    fingerprint: Buffer.from(control.key).toString('hex'),
    quiet: false,
  };
}

/** Reviews with the fake engine in this thread. */
export function review(
  input: ReviewInput | readonly ChangedFile[],
  rest: Partial<ReviewDependencies> = {},
): Promise<Review> {
  return reviewPullRequest('files' in input ? input : inputOf(input), {
    analyser: {
      analyse: async (request) => {
        try {
          return { answer: await answer(request, fakeAnalyse) };
        } catch (error) {
          return { failure: 'crash', detail: String(error) };
        }
      },
    },
    sources: sourcesOf(),
    ruleIds: new Set(['bug', 'note', 'security-control-removed']),
    describeRemovedControl,
    today: '2026-06-15',
    ...rest,
  });
}
