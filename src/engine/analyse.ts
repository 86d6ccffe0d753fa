/** The engine's door: Python in, findings out. Pure: no network, no files, no clock, no environment. */
import { roleOf } from './context/role.ts';
import { contractsIn } from './contracts.ts';
import { controlsIn } from './controls/controls.ts';
import type { Finding, Practice } from './finding.ts';
import { findingOf } from './findings.ts';
import { CallingFunctions } from './flow/callers.ts';
import { Collector } from './flow/collector.ts';
import { runInherited } from './flow/inherited.ts';
import { type Inspected, Probe } from './flow/inspect.ts';
import { runModule } from './flow/modules.ts';
import { classView, functionView, moduleView } from './flow/place-views.ts';
import { type FunctionInfo, ModuleInfo, OutOfSteps, type Program } from './flow/program.ts';
import { summaryOf } from './flow/summaries.ts';
import { ApiIndex } from './libraries/api.ts';
import { LIBRARIES } from './libraries/index.ts';
import { ModulePaths } from './names/module-paths.ts';
import { practicesIn } from './practices.ts';
import type {
  AnalysisRequest,
  AnalysisResult,
  Contract,
  Control,
  FileProblem,
  FileReport,
  FileRole,
  Limits,
} from './project.ts';
import { withProvenFixes } from './proven-fixes.ts';
import { RULES } from './rules/index.ts';
import type { Rule } from './rules/rule.ts';
import { parseAhead } from './syntax/parse-ahead.ts';
import { parsed } from './syntax/parse-cache.ts';

const DEFAULT_LIMITS: Limits = { fileSize: 2_000_000, steps: 4_000_000, imports: 2_000 };

/** How often functions are run again because what they read has changed. */
const MAX_ROUNDS = 4;

let index: ApiIndex | undefined;
/** Library data and rules as a tree; built once. */
function apiIndex(): ApiIndex {
  index ??= new ApiIndex(LIBRARIES, RULES);
  return index;
}

/** Analyses the target files of one version of a repository, following imports as far as texts are at hand. */
export function analyse(request: AnalysisRequest): AnalysisResult {
  return analyseWith(request, RULES, apiIndex());
}

/** The same for many files: parses them first, in several turns of the event loop, so that memory is given back. */
export async function analyseInTurns(request: AnalysisRequest): Promise<AnalysisResult> {
  const { fileSize } = { ...DEFAULT_LIMITS, ...request.limits };
  const files = request.targets.flatMap((path) => {
    const text = request.project.read(path);
    return text === undefined || text.length > fileSize ? [] : [[path, text] as const];
  });
  return analyse({ ...request, trees: await parseAhead(files) });
}

/** The same with other rules: for tests of the engine itself. */
export function analyseWith(request: AnalysisRequest, rules: readonly Rule[], api: ApiIndex): AnalysisResult {
  const result = new Analysis(request, rules, api, null).run();
  const again = (changed: AnalysisRequest) => new Analysis(changed, rules, api, null).run();
  return { ...result, findings: withProvenFixes(result.findings, request, again) };
}

/** What the engine believes of the expressions at one line of a target: names, values, and where taint came from. */
export function inspectLine(request: AnalysisRequest, path: string, line: number): readonly Inspected[] {
  const probe = new Probe(path, line);
  new Analysis(request, RULES, apiIndex(), probe).run();
  return probe.results;
}

class Analysis {
  private readonly request: AnalysisRequest;
  private readonly limits: Limits;
  private readonly modules = new Map<string, ModuleInfo | null>();
  private readonly wanted = new Set<string>();
  private readonly reports = new Map<string, FileReport>();
  private readonly targets: ReadonlySet<string>;
  private readonly collector: Collector;
  private readonly program: Program;
  private imported = 0;
  private stepsLeft = 0;
  private objects = 0;

  constructor(request: AnalysisRequest, rules: readonly Rule[], api: ApiIndex, probe: Probe | null) {
    this.request = request;
    this.limits = { ...DEFAULT_LIMITS, ...request.limits };
    const callers = request.callers && new CallingFunctions(request.callers);
    this.targets = new Set(request.targets);
    this.collector = new Collector(rules, this.targets, callers, request.focus);
    this.program = {
      project: request.project,
      api,
      rules,
      limits: this.limits,
      paths: new ModulePaths(request.project.paths),
      collector: this.collector,
      load: (path) => this.load(path),
      nextObject: () => ++this.objects,
      step: () => {
        if (--this.stepsLeft < 0) throw new OutOfSteps();
      },
      heap: new Map(),
      owners: new Map(),
      origins: new WeakMap(),
      views: {
        module: (info) => moduleView(this.program, info),
        function: (fn) => functionView(this.program, fn),
        class: (cls) => classView(this.program, cls),
      },
      probe,
      importDepth: 0,
      depth: 0,
      applied: 0,
    };
    this.collector.attach(this.program);
  }

  run(): AnalysisResult {
    const targets = this.loadAll(this.request.targets);
    const callers = this.loadAll(this.request.callers?.paths ?? []);
    const contracts: Contract[] = [];
    const controls: Control[] = [];
    const practices: Practice[] = [];
    // All bodies first: a router in one file makes handlers of functions in another.
    for (const module of [...targets, ...callers])
      this.guarded(module, () => runModule(this.program, module));
    for (const module of targets) {
      this.guarded(module, () => this.runFunctions(module));
      this.guarded(module, () => this.collector.finish(module));
      if (this.request.findingsOnly) continue;
      this.guarded(module, () => {
        const view = moduleView(this.program, module);
        const found = controlsIn(view, module.lines);
        // What a test checks protects nobody.
        if (module.role !== 'test') controls.push(...found);
        practices.push(...practicesIn(view, module.lines, found));
        // Nor does anybody call it.
        if (module.role !== 'test') contracts.push(...contractsIn(this.program, module));
      });
    }
    for (const module of callers) this.guarded(module, () => this.runFunctions(module));
    const findings: Finding[] = [];
    for (const hit of this.collector.hits.values()) {
      const finding = findingOf(hit);
      if (finding) findings.push(finding);
    }
    findings.sort(inOrder);
    return {
      findings,
      practices,
      controls,
      contracts,
      files: this.request.targets.map((path) => this.reportOf(path)),
      wanted: [...this.wanted].sort(),
    };
  }

  private loadAll(paths: readonly string[]): ModuleInfo[] {
    return paths.flatMap((path) => this.load(path) ?? []);
  }

  /** Runs what must not end the analysis of the other files. */
  private guarded(module: ModuleInfo, work: () => void): void {
    this.stepsLeft = this.limits.steps;
    try {
      work();
    } catch (error) {
      if (error instanceof OutOfSteps) {
        module.problems.push({
          reason: 'out-of-steps',
          detail: 'the file is too large to be followed in full',
        });
        return;
      }
      module.problems.push({
        reason: 'internal-error',
        detail: `the engine failed: ${error instanceof Error ? error.message : String(error)}`,
      });
      this.request.onError?.(error, module.path);
    }
  }

  private runFunctions(module: ModuleInfo): void {
    for (let round = 0; round < MAX_ROUNDS; round++) {
      const batch = this.collector.takeQueue(module);
      if (batch.length === 0 && round > 0) return;
      for (const fn of batch) this.runFunction(fn);
      if (round === 0) runInherited(this.program, module);
    }
  }

  private runFunction(fn: FunctionInfo): void {
    // Functions inside others are run with the closures that their definition made.
    for (const closure of fn.handler?.closures ?? [fn.closure])
      summaryOf({ program: this.program }, { kind: 'function', fn, closure, self: null });
    // Nobody calls a test: what it does need not be kept.
    if (fn.module.role === 'test' && fn.name.startsWith('test')) fn.summaries.clear();
  }

  private load(path: string): ModuleInfo | null {
    const known = this.modules.get(path);
    if (known !== undefined) return known;
    const isTarget = this.targets.has(path);
    if (!isTarget && this.imported >= this.limits.imports) return null;
    const text = this.request.project.read(path);
    if (text === undefined) {
      this.wanted.add(path);
      this.modules.set(path, null);
      return null;
    }
    if (!isTarget) this.imported++;
    if (text.length > this.limits.fileSize) {
      this.skip(path, text, {
        reason: 'too-large',
        detail: `the file has ${text.length} characters; at most ${this.limits.fileSize} are analysed`,
      });
      return null;
    }
    const { module: node, lines } = this.request.trees?.get(path) ?? parsed(path, text);
    const module = new ModuleInfo(
      path,
      this.program.paths.nameOf(path),
      text,
      node,
      lines,
      this.roleOf(path, text),
    );
    for (const range of node.unread) {
      module.problems.push({
        reason: range.reason,
        detail: range.reason === 'too-deep' ? 'nested too deeply' : 'the syntax could not be read',
        lines: { from: lines.lineAt(range.start), to: lines.lineAt(Math.max(range.start, range.end - 1)) },
      });
    }
    this.modules.set(path, module);
    return module;
  }

  private roleOf(path: string, text: string): FileRole {
    return this.request.roles?.get(path) ?? roleOf(path, text);
  }

  private skip(path: string, text: string, problem: FileProblem): void {
    this.modules.set(path, null);
    this.reports.set(path, { path, role: this.roleOf(path, text), status: 'skipped', problems: [problem] });
  }

  private reportOf(path: string): FileReport {
    const known = this.reports.get(path);
    if (known) return known;
    const module = this.modules.get(path);
    if (!module) {
      return {
        path,
        role: this.roleOf(path, ''),
        status: 'skipped',
        problems: [{ reason: 'not-readable', detail: 'the text is not at hand' }],
      };
    }
    return {
      path,
      role: module.role,
      status: module.problems.length > 0 ? 'partial' : 'analysed',
      problems: module.problems,
    };
  }
}

function inOrder(a: Finding, b: Finding): number {
  return (
    (a.location.path < b.location.path ? -1 : a.location.path > b.location.path ? 1 : 0) ||
    a.location.startLine - b.location.startLine ||
    a.location.startColumn - b.location.startColumn ||
    (a.ruleId < b.ruleId ? -1 : a.ruleId > b.ruleId ? 1 : 0)
  );
}
