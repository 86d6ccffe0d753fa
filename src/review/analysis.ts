import type { Finding } from '../engine/finding.ts';
import { ModulePaths } from '../engine/names/module-paths.ts';
import type { AnalysisResult, Callers, FileReport, FileRole, Focus } from '../engine/project.ts';
import { identity } from './causes.ts';
import { importedPaths } from './imports.ts';
import type { Side, Sources } from './input.ts';
import type { IgnoreComment } from './suppressions.ts';
import type { WorkerAnswer, WorkerOutcome, WorkerRequest } from './workers.ts';

/** By path. */
export type Texts = ReadonlyMap<string, string>;

/** Runs one request somewhere; `AnalysisPool` is the real one. */
export interface Analyser {
  analyse(request: WorkerRequest): Promise<WorkerOutcome>;
}

/** One version of the change, ready to be analysed. */
export interface Version {
  readonly side: Side;
  readonly paths: ReadonlySet<string>;
  /** What is at hand from the start. */
  readonly texts: ReadonlyMap<string, string>;
  readonly targets: readonly string[];
  /** Files that call what the targets define; their texts are at hand. */
  readonly callers?: Callers;
  readonly roles: ReadonlyMap<string, FileRole>;
  readonly focus?: Focus;
}

/** What may be read beyond the change, to follow imports. */
export interface ImportBudget {
  readonly files: number;
  readonly characters: number;
  /** Levels of imports: files that the change imports, files that those import, and so on. */
  readonly levels: number;
}

export const IMPORT_BUDGET: ImportBudget = { files: 300, characters: 10_000_000, levels: 3 };

export interface VersionAnalysis extends Omit<AnalysisResult, 'wanted'> {
  readonly ignoreComments: readonly IgnoreComment[];
  readonly importedFiles: number;
  /** Budgets that were reached, in plain words. */
  readonly limits: readonly string[];
}

/** So many targets share one request: they share what they import, and a file that breaks it costs a retry of these. */
const BATCH = 40;

/**
 * Analyses one version with what it imports. When a request breaks a limit, its targets are tried one by one, so that
 * only the file that did it is left out, with a report.
 */
export async function analyseVersion(
  version: Version,
  imports: Texts,
  analyser: Analyser,
): Promise<VersionAnalysis> {
  const targets = [...version.targets].sort();
  const texts = new Map([...version.texts, ...imports]);
  const batches: string[][] = [];
  for (let at = 0; at < targets.length; at += BATCH) batches.push(targets.slice(at, at + BATCH));
  const parts = await Promise.all(batches.map((batch) => analyseBatch(batch, version, texts, analyser)));
  const { wanted, ...result } = combine(parts);
  const missing = wanted.filter((path) => version.paths.has(path) && !texts.has(path)).length;
  return {
    ...result,
    importedFiles: imports.size,
    limits: missing === 0 ? [] : [notFollowed(imports.size, missing)],
  };
}

function notFollowed(read: number, missing: number): string {
  const files = missing === 1 ? '1 more was' : `${missing} more were`;
  return `Imports were followed into ${read} ${read === 1 ? 'file' : 'files'}; ${files} not read.`;
}

/**
 * The texts of the files that the targets and callers of the versions import, and that those import. The nearest
 * levels come first. What one version imports is read of the others, too: a flow that is only seen in one version,
 * since in the other a file was not read, would look new.
 */
export async function fetchImports(
  versions: readonly Version[],
  sources: Sources,
  budget: ImportBudget = IMPORT_BUDGET,
): Promise<ReadonlyMap<Version, Texts>> {
  const readers = versions.map((version) => new ImportReader(version));
  const asked = new Set<string>();
  let characters = 0;
  for (let level = 0; level < budget.levels; level++) {
    const named = new Set(readers.flatMap((reader) => reader.named()));
    const wanted = [...named].filter((path) => !asked.has(path)).sort();
    const affordable = wanted.slice(0, budget.files - asked.size);
    if (affordable.length === 0) break;
    for (const path of affordable) asked.add(path);
    const fetched = await Promise.all(readers.map((reader) => reader.fetch(affordable, sources)));
    for (const path of affordable) {
      const length = Math.max(...fetched.map((texts) => texts.get(path)?.length ?? 0));
      if (characters + length > budget.characters) continue;
      characters += length;
      for (const [i, reader] of readers.entries()) reader.take(path, fetched[i]!.get(path));
    }
  }
  return new Map(readers.map(({ version, imports }) => [version, imports]));
}

class ImportReader {
  readonly version: Version;
  readonly imports = new Map<string, string>();
  private readonly modules: ModulePaths;
  /** What was read last, and whose imports are looked at next. */
  private frontier: Map<string, string>;

  constructor(version: Version) {
    this.version = version;
    this.modules = new ModulePaths(version.paths);
    const analysed = [...version.targets, ...(version.callers?.paths ?? [])];
    this.frontier = new Map(analysed.map((path) => [path, version.texts.get(path) ?? '']));
  }

  /** The files that the last ones import, and that are not at hand. */
  named(): string[] {
    const { frontier, modules, version } = this;
    this.frontier = new Map();
    return [...frontier].flatMap(([path, text]) =>
      [...importedPaths(path, text, modules)].filter((other) => !version.texts.has(other)),
    );
  }

  async fetch(paths: readonly string[], sources: Sources): Promise<Texts> {
    const own = paths.filter((path) => this.version.paths.has(path) && !this.version.texts.has(path));
    return own.length === 0 ? new Map() : sources.fetchTexts(this.version.side, own);
  }

  take(path: string, text: string | undefined): void {
    if (text === undefined) return;
    this.imports.set(path, text);
    this.frontier.set(path, text);
  }
}

type Part = WorkerAnswer;

async function analyseBatch(
  batch: readonly string[],
  version: Version,
  texts: ReadonlyMap<string, string>,
  analyser: Analyser,
): Promise<Part> {
  const outcome = await analyser.analyse({
    paths: [...version.paths],
    texts,
    targets: batch,
    ...(version.callers ? { callers: version.callers } : {}),
    ...(version.roles.size > 0 ? { roles: version.roles } : {}),
    ...(version.focus ? { focus: version.focus } : {}),
  });
  if ('answer' in outcome) return outcome.answer;
  const [only, ...others] = batch;
  if (only !== undefined && others.length === 0) return lost(only, outcome.failure, outcome.detail);
  const parts = await Promise.all(batch.map((path) => analyseBatch([path], version, texts, analyser)));
  return combine(parts);
}

function lost(path: string, failure: 'timeout' | 'out-of-memory' | 'crash', detail: string): Part {
  const report: FileReport = {
    path,
    role: 'production',
    status: 'skipped',
    problems: [
      {
        reason: failure === 'timeout' ? 'out-of-steps' : 'internal-error',
        detail:
          failure === 'crash' ? `the analysis failed (${detail})` : `the analysis was stopped: ${detail}`,
      },
    ],
  };
  return { ...combine([]), files: [report] };
}

function combine(parts: readonly Part[]): Part {
  const seen = new Set<string>();
  const isFirst = (finding: Finding) => {
    const key = identity(finding);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  };
  return {
    findings: parts.flatMap((part) => part.findings).filter(isFirst),
    practices: parts.flatMap((part) => part.practices),
    controls: parts.flatMap((part) => part.controls),
    contracts: parts.flatMap((part) => part.contracts),
    files: parts.flatMap((part) => part.files),
    wanted: [...new Set(parts.flatMap((part) => part.wanted))].sort(),
    ignoreComments: parts.flatMap((part) => part.ignoreComments),
  };
}
