/** Who calls what a change makes weaker, in files that it does not touch: the other end of a flow. */
import { roleOf } from '../engine/context/role.ts';
import { isWeaker } from '../engine/contracts.ts';
import { ModulePaths } from '../engine/names/module-paths.ts';
import type { Contract } from '../engine/project.ts';
import { importedPaths } from './imports.ts';
import type { Sources } from './input.ts';
import { definitionsMentioning } from './symbols.ts';

/** What may be read to find callers. */
export interface CallerBudget {
  /** Files that are looked into. */
  readonly candidates: number;
  readonly characters: number;
  /** Files that turn out to have callers, and are analysed. */
  readonly callers: number;
  /** Callers, the callers of those, and so on. A package that passes a name on counts, too. */
  readonly levels: number;
}

export const CALLER_BUDGET: CallerBudget = {
  candidates: 200,
  characters: 4_000_000,
  callers: 40,
  levels: 3,
};

/** Words of one search. */
const MOST_WORDS = 500;

export interface FoundCallers {
  readonly texts: ReadonlyMap<string, string>;
  /** The functions and classes by which they lead to what is weaker. */
  readonly names: readonly string[];
  /** What was left out, in plain words. */
  readonly limits: readonly string[];
}

/** The functions that are in both versions and that callers can rely on less in the later one. */
export function weakerContracts(base: readonly Contract[], head: readonly Contract[]): Contract[] {
  const key = ({ path, symbol }: Contract) => `${path}\0${symbol}`;
  const before = new Map(base.map((contract) => [key(contract), contract]));
  return head.filter((contract) => {
    const known = before.get(key(contract));
    return known !== undefined && isWeaker(known, contract) && mayBeCalled(contract.path);
  });
}

/** Where callers matter: what only tests or examples call harms nobody. */
function mayBeCalled(path: string): boolean {
  return ['production', 'settings', 'command'].includes(roleOf(path, ''));
}

/** The names by which callers speak of a function: its own and those of the classes and functions around it. */
function namesOf({ symbol }: Contract): string[] {
  return symbol.split('.').filter((name) => /^[A-Za-z_]\w*$/.test(name) && !/^__\w+__$/.test(name));
}

/** By module: the names in it that lead to what is weaker. */
type Leading = ReadonlyMap<string, ReadonlySet<string>>;

/**
 * Finds files at the head that import a changed module, directly or through others, and mention what is weaker in it.
 * Where the version cannot be searched, the files are looked into whose place makes them likely.
 *
 * @param known what is analysed anyway.
 */
export async function findCallers(
  weaker: readonly Contract[],
  paths: ReadonlySet<string>,
  known: ReadonlySet<string>,
  sources: Sources,
  budget: CallerBudget = CALLER_BUDGET,
): Promise<FoundCallers> {
  const eligible = new Set([...paths].filter((path) => !known.has(path) && mayBeCalled(path)));
  const search = new CallerSearch(new ModulePaths(paths), eligible, sources, budget);
  const named = weaker.filter((contract) => namesOf(contract).length > 0);
  const groups = Map.groupBy(named, ({ path }) => path);
  let frontier: Leading = new Map(
    [...groups].map(([path, contracts]) => [path, new Set(contracts.flatMap(namesOf))]),
  );
  for (let level = 0; level < budget.levels && frontier.size > 0; level++) {
    await search.readAround(frontier);
    frontier = search.takeCallersOf(frontier);
  }
  return search.result();
}

class CallerSearch {
  private readonly modules: ModulePaths;
  private readonly eligible: ReadonlySet<string>;
  private readonly sources: Sources;
  private readonly budget: CallerBudget;
  private readonly asked = new Set<string>();
  private readonly read = new Map<string, string>();
  private readonly callers = new Map<string, string>();
  private readonly names = new Set<string>();
  private readonly leftOut = new Set<string>();
  private characters = 0;

  constructor(modules: ModulePaths, eligible: ReadonlySet<string>, sources: Sources, budget: CallerBudget) {
    this.modules = modules;
    this.eligible = eligible;
    this.sources = sources;
    this.budget = budget;
  }

  /** Reads files that may use what modules lead on to, the likeliest first. */
  async readAround(leading: Leading): Promise<void> {
    const words = [...new Set([...leading.values()].flatMap((names) => [...names]))].slice(0, MOST_WORDS);
    const found = this.sources.search ? await this.sources.search('head', words) : this.eligible;
    // `from .module import *` passes a name on without mentioning it.
    const all = new Set([...found, ...[...leading.keys()].flatMap(packagesOf)]);
    const fitting = [...all].filter((path) => this.eligible.has(path) && !this.asked.has(path));
    for (const path of fitting) this.leftOut.add(path);
    const room = this.budget.candidates - this.asked.size;
    if (room <= 0 || fitting.length === 0) return;
    const candidates = likeliestFirst(fitting, [...leading.keys()]).slice(0, room);
    for (const path of candidates) this.asked.add(path);
    for (const [path, text] of await this.sources.fetchTexts('head', candidates)) {
      this.characters += text.length;
      if (this.characters > this.budget.characters) break;
      this.read.set(path, text);
      this.leftOut.delete(path);
    }
  }

  /** Keeps what uses the modules, of all that was read; the names by which these files lead on. */
  takeCallersOf(leading: Leading): Leading {
    for (const name of [...leading.values()].flatMap((names) => [...names])) this.names.add(name);
    const next = new Map<string, ReadonlySet<string>>();
    for (const [path, text] of this.read) {
      const names = this.callers.has(path) ? undefined : namesLeadingOn(path, text, this.modules, leading);
      if (!names) continue;
      if (this.callers.size >= this.budget.callers) {
        this.leftOut.add(path);
        continue;
      }
      this.callers.set(path, text);
      if (names.size > 0) next.set(path, names);
    }
    return next;
  }

  result(): FoundCallers {
    const left = this.leftOut.size;
    const limits = left > 0 ? [notLookedInto(this.read.size, left)] : [];
    return { texts: this.callers, names: [...this.names], limits };
  }
}

function notLookedInto(read: number, left: number): string {
  const files = read === 1 ? '1 file' : `${read} files`;
  return `Callers of changed functions were looked for in ${files}; ${left} more may have some.`;
}

/**
 * The names by which a file leads on to what is weaker: its definitions that mention it, and what a package passes on.
 * Undefined where it does not use it.
 */
function namesLeadingOn(
  path: string,
  text: string,
  modules: ModulePaths,
  leading: Leading,
): Set<string> | undefined {
  const used = new Set<string>();
  for (const imported of importedPaths(path, text, modules))
    for (const name of leading.get(imported) ?? []) used.add(name);
  if (used.size === 0) return undefined;
  const isStar = /^from\s[^\n]{1,300}import\s{1,20}\*/m.test(text);
  const mention = new RegExp(`\\b(?:${[...used].join('|')})\\b`);
  if (!mention.test(text)) return isStar && isPackage(path) ? used : undefined;
  const names = definitionsMentioning(text, mention);
  if (isPackage(path)) for (const name of used) if (isStar || text.includes(name)) names.add(name);
  return names;
}

/** Where the packages around a module are defined. */
function packagesOf(path: string): string[] {
  const folders = path.split('/').slice(0, -1);
  return folders.map((_, i) => `${folders.slice(0, i + 1).join('/')}/__init__.py`);
}

function isPackage(path: string): boolean {
  return /(^|\/)__init__\.py$/.test(path);
}

/** Names of files and folders in which outside input comes in. */
const HANDLERS =
  /(^|\/)(views?|viewsets?|urls|routes?|routers?|routing|api|apis|rest|handlers?|controllers?|endpoints?|resources?|web|server|app|application|main|__main__|cli|commands?|tasks?|jobs?|workers?|consumers?|services?|graphql|mutations?|serializers?|forms?|blueprints?|pages)(\.pyw?$|\/)/i;

/** Those near to the changed modules, and those whose name says that they handle requests, come first. */
function likeliestFirst(paths: readonly string[], changed: readonly string[]): string[] {
  const folders = [...new Set(changed.map(folderOf))];
  const score = (path: string) =>
    Math.min(...folders.map((folder) => distance(folder, folderOf(path)))) - (HANDLERS.test(path) ? 2 : 0);
  const scored = paths.map((path) => ({ path, score: score(path) }));
  scored.sort((a, b) => a.score - b.score || (a.path < b.path ? -1 : 1));
  return scored.map(({ path }) => path);
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1);
}

/** Steps from one folder to another, up and down. */
function distance(one: string, other: string): number {
  const [a, b] = [one.split('/'), other.split('/')];
  let same = 0;
  while (same < a.length && same < b.length && a[same] === b[same]) same++;
  return a.length - same + (b.length - same);
}
