import type { Finding } from '../engine/finding.ts';
import type { AnalysisResult, FileReport, FileRole } from '../engine/project.ts';
import { identity } from './causes.ts';
import type { Side, Sources } from './input.ts';
import type { IgnoreComment } from './suppressions.ts';
import type { WorkerAnswer, WorkerOutcome, WorkerRequest } from './workers.ts';

/** Runs one request somewhere; `AnalysisPool` is the real one. */
export interface Analyser {
  analyse(request: WorkerRequest): Promise<WorkerOutcome>;
}

/** One version of the change, ready to be analysed. */
export interface Version {
  readonly side: Side;
  readonly paths: ReadonlySet<string>;
  /** What is at hand from the start: the changed files. */
  readonly texts: ReadonlyMap<string, string>;
  readonly targets: readonly string[];
  readonly roles: ReadonlyMap<string, FileRole>;
}

/** What may be read beyond the change, to follow imports. */
export interface ImportBudget {
  readonly files: number;
  readonly characters: number;
  /** Levels of imports: files that the change imports, files that those import, and so on. */
  readonly levels: number;
}

export const IMPORT_BUDGET: ImportBudget = { files: 400, characters: 20_000_000, levels: 4 };

export interface VersionAnalysis extends Omit<AnalysisResult, 'wanted'> {
  readonly ignoreComments: readonly IgnoreComment[];
  readonly importedFiles: number;
  /** Budgets that were reached, in plain words. */
  readonly limits: readonly string[];
}

/** So many targets share one request: they share what they import, and a file that breaks it costs a retry of these. */
const BATCH = 40;

/**
 * Analyses one version. Imports that the engine asks for are fetched level by level within the budget. When a request
 * breaks a limit, its targets are tried one by one, so that only the file that did it is left out, with a report.
 */
export async function analyseVersion(
  version: Version,
  analyser: Analyser,
  sources: Sources,
  budget: ImportBudget = IMPORT_BUDGET,
): Promise<VersionAnalysis> {
  const imports = new Imports(version, sources, budget);
  const targets = [...version.targets].sort();
  const batches: string[][] = [];
  for (let at = 0; at < targets.length; at += BATCH) batches.push(targets.slice(at, at + BATCH));

  let open = batches;
  const done = new Map<string[], Part>();
  for (;;) {
    const parts = await Promise.all(
      open.map((batch) => analyseBatch(batch, version, imports.texts, analyser)),
    );
    open.forEach((batch, at) => void done.set(batch, parts[at]!));
    const wanted = open.flatMap((batch) => done.get(batch)!.wanted);
    const arrived = await imports.fetch(wanted);
    open = open.filter((batch) => done.get(batch)!.wanted.some((path) => arrived.has(path)));
    if (open.length === 0) break;
  }
  return join(
    batches.map((batch) => done.get(batch)!),
    imports,
  );
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
    ...(version.roles.size > 0 ? { roles: version.roles } : {}),
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
    files: parts.flatMap((part) => part.files),
    wanted: [...new Set(parts.flatMap((part) => part.wanted))].sort(),
    ignoreComments: parts.flatMap((part) => part.ignoreComments),
  };
}

function join(parts: readonly Part[], imports: Imports): VersionAnalysis {
  const { wanted, ...result } = combine(parts);
  return { ...result, importedFiles: imports.files, limits: imports.limits(wanted) };
}

/** The texts at hand, and the fetching of more. */
class Imports {
  readonly texts: Map<string, string>;
  files = 0;
  private readonly version: Version;
  private readonly sources: Sources;
  private readonly budget: ImportBudget;
  private readonly asked = new Set<string>();
  private characters = 0;
  private levels = 0;

  constructor(version: Version, sources: Sources, budget: ImportBudget) {
    this.version = version;
    this.sources = sources;
    this.budget = budget;
    this.texts = new Map(version.texts);
  }

  /** Fetches what is new among the paths; which of them came. */
  async fetch(wanted: readonly string[]): Promise<ReadonlySet<string>> {
    const missing = [...new Set(wanted)].filter((path) => this.isMissing(path)).sort();
    const left = Math.max(0, this.budget.files - this.files);
    if (missing.length === 0 || left === 0 || this.levels >= this.budget.levels) return new Set();
    if (this.characters >= this.budget.characters) return new Set();
    this.levels++;
    const asked = missing.slice(0, left);
    for (const path of asked) this.asked.add(path);
    const fetched = await this.sources.fetchTexts(this.version.side, asked);
    const arrived = new Set<string>();
    for (const path of asked) {
      const text = fetched.get(path);
      if (text === undefined) continue;
      if (this.characters + text.length > this.budget.characters) break;
      this.characters += text.length;
      this.texts.set(path, text);
      this.files++;
      arrived.add(path);
    }
    return arrived;
  }

  limits(wanted: readonly string[]): string[] {
    const left = wanted.filter((path) => this.version.paths.has(path) && !this.texts.has(path)).length;
    if (left === 0) return [];
    const files = left === 1 ? '1 more imported file was' : `${left} more imported files were`;
    return [`Imports were followed ${this.levels} levels deep into ${this.files} files; ${files} not read.`];
  }

  private isMissing(path: string): boolean {
    return this.version.paths.has(path) && !this.texts.has(path) && !this.asked.has(path);
  }
}
