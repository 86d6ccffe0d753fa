/** Both versions of a change, analysed alike; and once more from their callers, where these can rely on less now. */
import { kindOfControl } from '../engine/controls/controls.ts';
import { VALUE_CHECKS } from '../engine/controls/value-checks.ts';
import type { Finding } from '../engine/finding.ts';
import type { Contract, Control, FileRole } from '../engine/project.ts';
import {
  type Analyser,
  analyseVersion,
  fetchImports,
  type ImportBudget,
  type Version,
  type VersionAnalysis,
} from './analysis.ts';
import { type CallerBudget, type FoundCallers, findCallers, weakerContracts } from './callers.ts';
import { identity, surplus } from './causes.ts';
import type { ChangedFile } from './change.ts';
import type { Configuration } from './config.ts';
import { focusOf } from './focus.ts';
import { matchesGlob } from './glob.ts';
import type { Side, Sources } from './input.ts';

export interface Budgets {
  readonly imports?: ImportBudget;
  readonly callers?: CallerBudget;
}

export interface BothVersions {
  readonly base: VersionAnalysis;
  readonly head: VersionAnalysis;
  /** Functions of the change that callers can rely on less than before, and the unchanged files that call them. */
  readonly weaker: readonly Contract[];
  readonly callerTexts: ReadonlyMap<string, string>;
  readonly limits: readonly string[];
}

const NOTHING: VersionAnalysis = {
  findings: [],
  practices: [],
  controls: [],
  contracts: [],
  files: [],
  ignoreComments: [],
  importedFiles: 0,
  limits: [],
};

/** How far imports are followed the second time: callers need to be understood, not all that is behind them. */
const CALLER_IMPORTS: ImportBudget = { files: 150, characters: 5_000_000, levels: 2 };

export async function analyseBoth(
  files: readonly ChangedFile[],
  configuration: Configuration,
  analyser: Analyser,
  sources: Sources,
  budgets: Budgets = {},
): Promise<BothVersions> {
  const [base, head] = await Promise.all([
    versionOf('base', files, configuration, sources),
    versionOf('head', files, configuration, sources),
  ]);
  const versions = [base, head].filter(({ targets }) => targets.length > 0);
  const imports = await fetchImports(versions, sources, budgets.imports);
  const analysed = (version: Version) => {
    const read = imports.get(version);
    return read ? analyseVersion(version, read, analyser) : Promise.resolve(NOTHING);
  };
  const [baseResult, headResult] = await Promise.all([analysed(base), analysed(head)]);
  const weaker = [
    ...new Set([
      ...weakerContracts(baseResult.contracts, headResult.contracts),
      ...lessChecked(baseResult.controls, headResult),
    ]),
  ];
  const first = {
    base: baseResult,
    head: headResult,
    weaker,
    callerTexts: new Map(),
    limits: headResult.limits,
  };
  if (weaker.length === 0) return first;

  const callers = await findCallers(weaker, head.paths, new Set(head.texts.keys()), sources, budgets.callers);
  const found = { ...first, callerTexts: callers.texts, limits: [...first.limits, ...callers.limits] };
  if (callers.texts.size === 0) return found;
  const calledHead = await calledBy(callers, weaker, head, sources);
  const fromCallers = async (version: Version, beside: readonly Version[] = []) => {
    const read = await fetchImports([version, ...beside], sources, CALLER_IMPORTS);
    return analyseVersion(version, read.get(version)!, analyser);
  };
  const headAgain = await fromCallers(calledHead);
  if (!isWhole(headAgain)) return { ...found, limits: [...found.limits, NOT_FOLLOWED] };
  if (additions(headResult, headAgain).length === 0) return found;
  const baseAgain = await fromCallers(await calledBy(callers, weaker, base, sources), [calledHead]);
  if (!isWhole(baseAgain)) return { ...found, limits: [...found.limits, NOT_FOLLOWED] };
  return { ...found, base: together(baseResult, baseAgain), head: together(headResult, headAgain) };
}

/**
 * The functions that check a value no longer: where a check leaves a doubt, as that of an address does which may lead
 * elsewhere the next time, contracts are the same with and without it.
 */
function lessChecked(before: readonly Control[], { controls, contracts }: VersionAnalysis): Contract[] {
  const gone = surplus(
    controls.map(({ key }) => key),
    before.filter((control) => CHECKS.has(kindOfControl(control))),
    ({ key }) => key,
  );
  const where = new Set(gone.map(({ location, symbol }) => `${location.path}\n${symbol}`));
  return contracts.filter(({ path, symbol }) => symbol !== '' && where.has(`${path}\n${symbol}`));
}

const CHECKS: ReadonlySet<string> = new Set(VALUE_CHECKS);

const NOT_FOLLOWED = 'Callers of changed functions in other files could not be followed.';

/** Whether nothing broke a limit: one version without the other cannot be compared. */
function isWhole({ files }: VersionAnalysis): boolean {
  return files.every(({ status, problems }) => status !== 'skipped' && !problems.some(isLoss));
}

function isLoss({ reason }: { readonly reason: string }): boolean {
  return reason === 'out-of-steps' || reason === 'internal-error';
}

/**
 * The base version is analysed under the paths of the head, so that a rename alone changes no fingerprint; the earlier
 * paths stay there for those who import them.
 */
async function versionOf(
  side: Side,
  files: readonly ChangedFile[],
  configuration: Configuration,
  sources: Sources,
): Promise<Version> {
  const texts = new Map<string, string>();
  for (const file of files)
    if (side === 'base' && file.base !== undefined) texts.set(file.previousPath, file.base);
  const targets: string[] = [];
  for (const file of files) {
    const own = file[side];
    if (own === undefined) continue;
    texts.set(file.path, own);
    targets.push(file.path);
  }
  const roles = new Map<string, FileRole>();
  for (const path of targets) {
    if (configuration.tests.some((pattern) => matchesGlob(pattern, path))) roles.set(path, 'test');
  }
  const listed = targets.length === 0 ? [] : await sources.paths(side);
  const focus = focusOf(side, files, roles);
  return { side, paths: new Set([...listed, ...texts.keys()]), texts, targets, roles, focus };
}

/** The version with its callers, to be analysed for what these pass into the weaker functions and get out of them. */
async function calledBy(
  { texts, names }: FoundCallers,
  weaker: readonly Contract[],
  version: Version,
  sources: Sources,
): Promise<Version> {
  const paths = [...texts.keys()].filter((path) => version.paths.has(path)).sort();
  const own = version.side === 'head' ? texts : await sources.fetchTexts(version.side, paths);
  return {
    ...version,
    texts: new Map([...version.texts, ...own]),
    targets: [...new Set(weaker.map(({ path }) => path))],
    callers: { paths, names },
  };
}

function additions(first: VersionAnalysis, again: VersionAnalysis): Finding[] {
  const known = new Set(first.findings.map(identity));
  return again.findings.filter((finding) => !known.has(identity(finding)));
}

/** Of the same line the second time tells more: whose input it is that arrives there. */
function together(first: VersionAnalysis, again: VersionAnalysis): VersionAnalysis {
  const place = ({ ruleId, location: { path, startLine, startColumn } }: Finding) =>
    `${ruleId} ${startLine} ${startColumn} ${path}`;
  const more = additions(first, again);
  const replaced = new Set(more.map(place));
  return {
    ...first,
    findings: [...first.findings.filter((finding) => !replaced.has(place(finding))), ...more],
    ignoreComments: [...first.ignoreComments, ...again.ignoreComments],
  };
}
