import { resolve } from 'node:path';
import { plain } from '../engine/finding.ts';
import { changeBetween } from '../git/change.ts';
import { openRepository, type Repository, resolveCommit } from '../git/repository.ts';
import { git } from '../git/run.ts';
import { localSources } from '../git/sources.ts';
import { count } from '../report/markdown.ts';
import { visible } from '../report/visible.ts';
import type { Review, ReviewFinding } from '../review/review.ts';
import { reviewWithAllRules } from '../review/with-all-rules.ts';
import { AnalysisPool } from '../review/workers.ts';
import type { Console } from './console.ts';
import { type ExitCode, Failure } from './failure.ts';
import { deliver, type OutputOptions } from './output.ts';

export interface ReplayOptions extends OutputOptions {
  readonly format: 'text' | 'json';
  readonly repo?: string;
  readonly commits: number;
  readonly until: string;
}

/** What became of one commit, reviewed as a pull request of its own. */
export interface ReplayedCommit {
  readonly sha: string;
  readonly subject: string;
  readonly milliseconds: number;
  readonly complete: boolean;
  readonly defects: readonly ReplayedFinding[];
  readonly advisories: readonly ReplayedFinding[];
  /** Python files whose changes were analysed. */
  readonly files: number;
}

export interface ReplayedFinding {
  readonly rule: string;
  readonly severity: string;
  readonly path: string;
  readonly line: number;
  readonly message: string;
  /** Advisories marked so are listed in the summary only. */
  readonly quiet: boolean;
}

/**
 * `patchwarden replay`: each of the last commits of a history as a pull request. On code that people have reviewed and
 * merged, what is reported should be rare and right: this is how false positives are measured.
 *
 * @throws {Failure | GitError}
 */
export async function replay(options: ReplayOptions, console: Console): Promise<ExitCode> {
  const directory = resolve(console.directory, options.repo ?? '.');
  const repository = await openRepository(directory, console.environment);
  const pool = new AnalysisPool();
  try {
    const commits = await lastCommits(repository, options.until, options.commits);
    if (commits.length === 0)
      throw new Failure('There is no commit with a parent to replay. Name another --until REF.');
    const replayed: ReplayedCommit[] = [];
    for (const [at, commit] of commits.entries()) {
      console.progress.show(
        `${at + 1} of ${commits.length}: ${commit.sha.slice(0, 10)} ${visible(commit.subject)}`,
      );
      const started = performance.now();
      const input = await changeBetween(repository, commit.parent, commit.sha);
      const sources = localSources(repository, { sha: commit.parent }, { sha: commit.sha });
      const review = await reviewWithAllRules(input, { analyser: pool, sources });
      replayed.push(replayedCommit(commit, review, performance.now() - started));
    }
    const report =
      options.format === 'json'
        ? `${JSON.stringify(replayed, null, 2)}\n`
        : replayText(replayed, options.advisories ?? false);
    await deliver(report, options, console);
    return replayed.some((commit) => commit.defects.length > 0) ? 1 : 0;
  } finally {
    await pool.close();
    repository.close();
  }
}

interface Commit {
  readonly sha: string;
  readonly parent: string;
  readonly subject: string;
}

async function lastCommits(repository: Repository, until: string, number: number): Promise<Commit[]> {
  const sha = await resolveCommit(repository, until);
  const format = '--format=%H%x00%P%x00%s';
  const log = await git(repository, ['log', '--no-merges', format, `--max-count=${number}`, sha, '--']);
  return log
    .toString()
    .split('\n')
    .flatMap((line) => {
      const [commit = '', parent = '', subject = ''] = line.split('\0');
      return parent === '' ? [] : [{ sha: commit, parent, subject }];
    });
}

function replayedCommit({ sha, subject }: Commit, review: Review, milliseconds: number): ReplayedCommit {
  const { ledger } = review;
  return {
    sha,
    subject,
    milliseconds: Math.round(milliseconds),
    complete: ledger.complete,
    defects: review.defects.map(replayedFinding),
    advisories: review.advisories.map(replayedFinding),
    files: ledger.entries.filter(({ outcome }) => outcome === 'analysed' || outcome === 'partly-analysed')
      .length,
  };
}

function replayedFinding({ finding }: ReviewFinding): ReplayedFinding {
  const { ruleId, severity, location, message, quiet } = finding;
  return {
    rule: ruleId,
    severity,
    path: location.path,
    line: location.startLine,
    message: plain(message),
    quiet,
  };
}

/** Commits with something to say, then totals. */
function replayText(commits: readonly ReplayedCommit[], withAdvisories: boolean): string {
  const blocks = commits.flatMap((commit) => {
    const found = [
      ...commit.defects.map((finding) => findingLine('defect', finding)),
      ...(withAdvisories ? commit.advisories.map((finding) => findingLine('advisory', finding)) : []),
    ];
    const incomplete = commit.complete ? [] : ['  not all was analysed'];
    if (found.length + incomplete.length === 0) return [];
    return [[`${commit.sha.slice(0, 12)} ${visible(commit.subject)}`, ...found, ...incomplete].join('\n')];
  });
  return `${[...blocks, totals(commits)].join('\n\n')}\n`;
}

function findingLine(kind: string, { rule, severity, path, line, message }: ReplayedFinding): string {
  return `  ${kind} ${severity} ${rule}  ${visible(path)}:${line}\n    ${visible(message)}`;
}

function totals(commits: readonly ReplayedCommit[]): string {
  const times = commits.map((commit) => commit.milliseconds).sort((one, other) => one - other);
  const timeAt = (part: number) => times[Math.min(times.length - 1, Math.floor(times.length * part))]!;
  const defects = commits.flatMap((commit) => commit.defects);
  const advisories = commits.flatMap((commit) => commit.advisories);
  const quiet = advisories.filter((advisory) => advisory.quiet).length;
  const withDefects = commits.filter((commit) => commit.defects.length > 0).length;
  const incomplete = commits.filter((commit) => !commit.complete).length;
  return [
    `${count(commits.length, 'commit')}, ${commits.reduce((sum, commit) => sum + commit.files, 0)} changed Python files`,
    `${count(defects.length, 'defect')} in ${count(withDefects, 'commit')}${byRule(defects)}`,
    `${count(advisories.length, 'advisory', 'advisories')}${quiet > 0 ? `, ${quiet} of them quiet` : ''}${byRule(advisories)}`,
    ...(incomplete > 0 ? [`${count(incomplete, 'commit')} not wholly analysed`] : []),
    `time per commit: median ${timeAt(0.5)} ms, 95th percentile ${timeAt(0.95)} ms, longest ${timeAt(1)} ms`,
  ].join('\n');
}

function byRule(findings: readonly ReplayedFinding[]): string {
  const groups = [...Map.groupBy(findings, (finding) => finding.rule)].map(
    ([rule, group]) => [rule, group.length] as const,
  );
  groups.sort(([oneRule, one], [otherRule, other]) => other - one || (oneRule < otherRule ? -1 : 1));
  return groups.length === 0 ? '' : `: ${groups.map(([rule, number]) => `${rule} ${number}`).join(', ')}`;
}
