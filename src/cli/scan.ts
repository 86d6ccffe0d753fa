import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { Finding, Kind, RichText } from '../engine/finding.ts';
import type { FileReport, FileRole } from '../engine/project.ts';
import { RULES } from '../engine/rules/index.ts';
import { directoryProject } from '../git/project.ts';
import type { Outcome } from '../report/outcome.ts';
import { ChangedLines } from '../review/causes.ts';
import {
  type Configuration,
  configuredKind,
  DEFAULT_CONFIGURATION,
  type ReadConfiguration,
  readConfiguration,
} from '../review/config.ts';
import { matchesGlob } from '../review/glob.ts';
import { CONFIGURATION_PATH } from '../review/input.ts';
import type { LedgerEntry, ReviewFinding, SuppressedFinding } from '../review/review.ts';
import { decideSuppression } from '../review/suppressions.ts';
import { verdictOf } from '../review/verdict.ts';
import { AnalysisPool, type WorkerAnswer } from '../review/workers.ts';
import type { Console } from './console.ts';
import { type ExitCode, Failure } from './failure.ts';
import { deliver, exitCodeOf, type OutputOptions, reason, render } from './output.ts';
import { findPythonFiles, type PythonFiles } from './python-files.ts';
import type { ScanRequest } from './scan-worker.ts';
import { runShard, shards } from './shards.ts';

export interface ScanOptions extends OutputOptions {
  readonly format: 'text' | 'json' | 'sarif';
  /** Threads; default: as many as there are processors, at most 8. */
  readonly jobs?: number;
}

/** Files of one request to a worker at most: bounds what a worker keeps in memory at once. */
const SHARD = 800;
/** The heap of one worker at most, in megabytes. */
const MEMORY = 2048;
const WORKER = new URL('./scan-worker.ts', import.meta.url);

/** `patchwarden scan PATH…`: everything in the files, whoever wrote it and whenever. @throws {Failure} */
export async function scan(
  given: readonly string[],
  options: ScanOptions,
  console: Console,
): Promise<ExitCode> {
  console.progress.show('Looking for Python files…');
  const files = await findPythonFiles(given, console);
  const { configuration, notices } = await configurationOf(files.root);
  const isExcluded = (path: string) => configuration.exclude.some((pattern) => matchesGlob(pattern, path));
  const targets = files.targets.filter((path) => !isExcluded(path));
  const answers = await analyseAll(
    { ...files, targets },
    configuration,
    options.jobs ?? defaultJobs(),
    console,
  );
  const today = new Date().toISOString().slice(0, 10);
  const outcome = scanOutcome(answers, configuration, notices, today);
  const source = directoryProject(files.root, files.paths);
  const report = render(outcome, options.format, options, console, { source: (path) => source.read(path) });
  await deliver(report, options, console);
  return exitCodeOf(outcome);
}

/** The tree's own configuration: whoever scans it has chosen it. */
async function configurationOf(root: string): Promise<ReadConfiguration> {
  try {
    const source = await readFile(join(root, CONFIGURATION_PATH), 'utf8');
    return readConfiguration(source, new Set(RULES.map((rule) => rule.id)));
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) {
      return { configuration: DEFAULT_CONFIGURATION, notices: [] };
    }
    throw new Failure(`${join(root, CONFIGURATION_PATH)} cannot be read: ${reason(error)}.`);
  }
}

function defaultJobs(): number {
  return Math.min(8, availableParallelism());
}

async function analyseAll(
  { root, paths, targets }: PythonFiles,
  configuration: Configuration,
  jobs: number,
  console: Console,
): Promise<WorkerAnswer[]> {
  // Smaller shards where the files would not keep all threads busy to the end; but each reads again what it imports.
  const size = Math.min(SHARD, Math.ceil(targets.length / (jobs > 1 ? jobs * 2 : 1)));
  const all = shards(targets, Math.max(1, size));
  const pool = new AnalysisPool({
    size: Math.min(jobs, all.length),
    timeoutMs: 300_000,
    memoryMb: MEMORY,
    entry: WORKER,
  });
  const everything = [...paths];
  const isTest = (path: string) => configuration.tests.some((pattern) => matchesGlob(pattern, path));
  const roles = new Map<string, FileRole>(targets.filter(isTest).map((path) => [path, 'test']));
  let done = 0;
  const run = (part: readonly string[]) => {
    const request: ScanRequest = {
      root,
      paths: everything,
      texts: new Map(),
      targets: part,
      roles,
      findingsOnly: true,
    };
    return pool.analyse(request);
  };
  try {
    const answers = await Promise.all(
      all.map(async (shard) => {
        const answer = await runShard(shard, run);
        done += shard.length;
        console.progress.show(`Analysed ${done} of ${targets.length} files…`);
        return answer;
      }),
    );
    return answers.flat();
  } finally {
    await pool.close();
  }
}

/** Brings the answers of all shards together, in an order that does not depend on how the files were divided. */
export function scanOutcome(
  answers: readonly WorkerAnswer[],
  configuration: Configuration,
  configurationNotices: readonly RichText[],
  today: string,
): Outcome {
  const comments = answers.flatMap((answer) => answer.ignoreComments);
  // Nothing is being changed: every comment counts as one that was accepted.
  const context = { configuration, comments, changed: new ChangedLines([]), today };
  const open: Finding[] = [];
  const suppressed: SuppressedFinding[] = [];
  const notices = [...configurationNotices];
  for (const found of withoutDoubles(answers.flatMap((answer) => answer.findings))) {
    const kind = configuredKind(configuration, found.ruleId, found.kind);
    if (!kind) continue;
    const finding = { ...found, kind };
    const decision = decideSuppression(finding, context);
    notices.push(...decision.notices);
    if (decision.kind === 'reported') open.push(finding);
    else suppressed.push({ finding, by: decision.by, reason: decision.reason });
  }
  const entries = answers
    .flatMap((answer) => answer.files)
    .map(ledgerEntry)
    .sort((one, other) => compare(one.path, other.path));
  const complete = entries.every((entry) => entry.outcome === 'analysed');
  const shown = (kind: Kind): ReviewFinding[] =>
    open
      .filter((finding) => finding.kind === kind)
      .map((finding) => ({ finding, elsewhere: false, display: 'inline' }));
  const defects = shown('defect');
  return {
    verdict: verdictOf(defects.length, complete),
    defects,
    advisories: shown('advisory'),
    suppressed,
    aspects: [],
    ledger: { entries, importedFiles: 0, callingFiles: 0, limits: [], complete },
    notices,
  };
}

/** A file that two shards read can bring the same finding twice. */
function withoutDoubles(findings: readonly Finding[]): Finding[] {
  const byPlace = new Map(
    findings.map((finding) => {
      const { path, startLine, startColumn } = finding.location;
      return [`${path}\0${startLine}\0${startColumn}\0${finding.ruleId}\0${finding.fingerprint}`, finding];
    }),
  );
  return [...byPlace.values()].sort(
    ({ location: one, ruleId: oneRule }, { location: other, ruleId: otherRule }) =>
      compare(one.path, other.path) ||
      one.startLine - other.startLine ||
      one.startColumn - other.startColumn ||
      compare(oneRule, otherRule),
  );
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

function ledgerEntry({ path, role, status, problems }: FileReport): LedgerEntry {
  const outcome = { analysed: 'analysed', partial: 'partly-analysed', skipped: 'left-out' } as const;
  const reasons = problems.map(({ detail, lines }) =>
    lines === undefined
      ? detail
      : `${detail} (${lines.from === lines.to ? `line ${lines.from}` : `lines ${lines.from}–${lines.to}`})`,
  );
  return { path, outcome: outcome[status], reasons, hunks: 0, hunksLeftOut: 0, role };
}
