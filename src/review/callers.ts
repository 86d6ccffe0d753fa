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
  const modules = new ModulePaths(paths);
  const eligible = new Set([...paths].filter((path) => !known.has(path) && mayBeCalled(path)));
  /** By module: the names in it that lead to what is weaker. */
  const leading = new Map<string, Set<string>>();
  for (const contract of weaker) {
    const names = leading.get(contract.path) ?? new Set();
    for (const name of namesOf(contract)) names.add(name);
    if (names.size > 0) leading.set(contract.path, names);
  }
  const read = new Map<string, string>();
  const callers = new Map<string, string>();
  const asked = new Set<string>();
  let frontier: ReadonlyMap<string, ReadonlySet<string>> = leading;
  let characters = 0;
  let left = 0;
  for (let level = 0; level < budget.levels && frontier.size > 0; level++) {
    const words = new Set([...frontier.values()].flatMap((names) => [...names]));
    const found = sources.search ? await sources.search('head', [...words].slice(0, MOST_WORDS)) : eligible;
    // `from .module import *` passes a name on without mentioning it.
    const all = new Set([...found, ...[...frontier.keys()].flatMap(packagesOf)]);
    const fitting = [...all].filter((path) => eligible.has(path) && !asked.has(path));
    const candidates = likeliestFirst(fitting, [...frontier.keys()]).slice(0, budget.candidates - asked.size);
    left = Math.max(left, fitting.length - candidates.length);
    for (const path of candidates) asked.add(path);
    const texts = candidates.length > 0 ? await sources.fetchTexts('head', candidates) : new Map();
    for (const [path, text] of texts) {
      if (characters + text.length > budget.characters) left++;
      else read.set(path, text);
      characters += text.length;
    }
    const next = new Map<string, Set<string>>();
    for (const [path, text] of read) {
      const names = namesLeadingOn(path, text, modules, leading);
      if (!names || callers.has(path)) continue;
      if (callers.size >= budget.callers) left++;
      else {
        callers.set(path, text);
        if (names.size > 0) next.set(path, names);
      }
    }
    for (const [path, names] of next) leading.set(path, names);
    frontier = next;
  }
  const names = new Set([...leading.values()].flatMap((some) => [...some]));
  return { texts: callers, names: [...names], limits: left > 0 ? [notLookedInto(read.size, left)] : [] };
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
  leading: ReadonlyMap<string, ReadonlySet<string>>,
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
