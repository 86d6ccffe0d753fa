import type { Finding } from '../engine/finding.ts';
import { ModulePaths } from '../engine/names/module-paths.ts';
import type { AnalysisResult, Callers, FileReport, FileRole, Focus } from '../engine/project.ts';
import { identity } from './causes.ts';
import { importedPaths } from './imports.ts';
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
 * Analyses one version, after its imports were fetched level by level within the budget. When a request breaks a
 * limit, its targets are tried one by one, so that only the file that did it is left out, with a report.
 */
export async function analyseVersion(
  version: Version,
  analyser: Analyser,
  sources: Sources,
  budget: ImportBudget = IMPORT_BUDGET,
): Promise<VersionAnalysis> {
  const targets = [...version.targets].sort();
  const imports = await fetchImports(version, sources, budget);
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

/** The texts of the files that targets and callers import, and that those import. The nearest levels come first. */
async function fetchImports(
  version: Version,
  sources: Sources,
  budget: ImportBudget,
): Promise<Map<string, string>> {
  const modules = new ModulePaths(version.paths);
  const asked = new Set(version.texts.keys());
  const imports = new Map<string, string>();
  let characters = 0;
  const analysed = [...version.targets, ...(version.callers?.paths ?? [])];
  let frontier = new Map(analysed.map((path) => [path, version.texts.get(path) ?? '']));
  for (let level = 0; level < budget.levels && frontier.size > 0; level++) {
    const named = new Set<string>();
    for (const [path, text] of frontier)
      for (const other of importedPaths(path, text, modules)) named.add(other);
    const wanted = [...named].filter((path) => !asked.has(path)).sort();
    const affordable = wanted.slice(0, budget.files - imports.size);
    if (affordable.length === 0) break;
    for (const path of affordable) asked.add(path);
    const fetched = await sources.fetchTexts(version.side, affordable);
    frontier = new Map();
    for (const path of affordable) {
      const text = fetched.get(path);
      if (text === undefined || characters + text.length > budget.characters) continue;
      characters += text.length;
      imports.set(path, text);
      frontier.set(path, text);
    }
  }
  return imports;
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
