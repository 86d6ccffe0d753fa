import { code, type Finding, type Location, type RichText, text } from '../engine/finding.ts';
import type { Control, FileReport } from '../engine/project.ts';
import type { Analyser, VersionAnalysis } from './analysis.ts';
import { aspectRows } from './aspects.ts';
import { analyseBoth, type BothVersions, type Budgets } from './both-versions.ts';
import { type Cause, ChangedLines, causeInCallee, causeOf, newFindings } from './causes.ts';
import type { ChangedFile } from './change.ts';
import {
  type Configuration,
  configuredKind,
  DEFAULT_CONFIGURATION,
  type ReadConfiguration,
  readConfiguration,
  weakenings,
} from './config.ts';
import { type RemovedControl, removedControls } from './controls.ts';
import { matchesGlob } from './glob.ts';
import { CONFIGURATION_PATH, type ReviewInput, type Sources } from './input.ts';
import { intakeOf, ledgerOf } from './ledger.ts';
import { withOpenWay } from './open-ways.ts';
import { bySeverity, display, type Reported } from './order.ts';
import type { Review, SuppressedFinding } from './review.ts';
import { decideSuppression } from './suppressions.ts';
import { symbolLines } from './symbols.ts';
import { verdictOf } from './verdict.ts';

/** What a review needs from around it. */
export interface ReviewDependencies {
  readonly analyser: Analyser;
  readonly sources: Sources;
  /** Every rule that exists. */
  readonly ruleIds: ReadonlySet<string>;
  /** The finding for a control of the base version that the change takes away. */
  readonly describeRemovedControl: (control: Control, headLocation: Location) => Finding;
  /** YYYY-MM-DD: suppressions have a last day. */
  readonly today: string;
  readonly budgets?: Budgets;
  /** Ends the review early, between two steps, by rejecting with its reason. */
  readonly signal?: AbortSignal;
  /** Told what is being done, for a person who waits. */
  readonly progress?: (step: string) => void;
}

/**
 * Reviews one change from start to end. The result depends on the input, the sources and the day only.
 *
 * What files do to the engine ends in the ledger; a rejection means that the sources failed or the signal was given.
 */
export async function reviewPullRequest(
  input: ReviewInput,
  dependencies: ReviewDependencies,
): Promise<Review> {
  const { signal, progress = () => {}, today } = dependencies;
  const { configuration, notices } = settle(input, dependencies.ruleIds);
  const isExcluded = (path: string) => configuration.exclude.some((pattern) => matchesGlob(pattern, path));
  const intake = new Map(input.files.map((file) => [file.path, intakeOf(file, isExcluded)]));
  const targets = input.files.filter((file) => intake.get(file.path)?.kind === 'target');
  const changed = new ChangedLines(input.files);

  signal?.throwIfAborted();
  progress(`Analysing ${targets.length} changed Python ${targets.length === 1 ? 'file' : 'files'}`);
  const { analyser, sources, budgets } = dependencies;
  const versions = await analyseBoth(targets, configuration, analyser, sources, budgets);
  const { base, head } = versions;
  signal?.throwIfAborted();

  progress('Comparing with the earlier version');
  const notCompared = filesNotCompared(targets, base);
  const fresh = causedByChange(versions, notCompared, changed);
  const caused = fresh
    .concat(removals(base, head, fresh, changed, dependencies))
    .flatMap((found) => configured(found, configuration, isExcluded))
    .sort((a, b) => bySeverity(a.finding, b.finding));

  const reported: Reported[] = [];
  const suppressed: SuppressedFinding[] = [];
  for (const found of caused) {
    const decision = decideSuppression(found.finding, {
      configuration,
      comments: head.ignoreComments,
      changed,
      today,
    });
    notices.push(...decision.notices);
    if (decision.kind === 'reported') reported.push(found);
    else suppressed.push({ finding: found.finding, by: decision.by, reason: decision.reason });
  }

  const shown = display(reported, configuration);
  const defects = shown.filter(({ finding }) => finding.kind === 'defect');
  const advisories = shown.filter(({ finding }) => finding.kind === 'advisory');
  const ledger = ledgerOf({
    files: input.files,
    intake,
    headReports: byPath(head.files),
    notCompared: new Map(
      [...notCompared].map(([path, why]) => [path, `${why}; only changed lines are reported`]),
    ),
    importedFiles: head.importedFiles,
    callingFiles: versions.callerTexts.size,
    inputLimits: input.limits,
    analysisLimits: versions.limits,
  });
  return {
    pullRequest: input.pullRequest,
    failOn: configuration.failOn,
    verdict: verdictOf(defects.length, ledger.complete),
    defects,
    advisories,
    suppressed,
    aspects: aspectRows(defects, advisories, head.practices, changed),
    ledger,
    notices: withoutRepeats(notices),
  };
}

/** The base branch's configuration, and what is to be said about it. */
function settle(
  input: ReviewInput,
  ruleIds: ReadonlySet<string>,
): { configuration: Configuration; notices: RichText[] } {
  const read = (source: string | null | undefined): ReadConfiguration =>
    typeof source === 'string'
      ? readConfiguration(source, ruleIds)
      : { configuration: DEFAULT_CONFIGURATION, notices: [] };
  const { configuration, notices } = read(input.configuration.base);
  const { head } = input.configuration;
  if (head === undefined) return { configuration, notices: [...notices] };
  const weaker = weakenings(configuration, read(head).configuration);
  const said = text`This change edits ${code(CONFIGURATION_PATH)}; the review used the base branch's.`;
  const warnings = weaker.map((what) => text`The changed configuration is weaker: it ${what}.`);
  return { configuration, notices: [...notices, said, ...warnings] };
}

/** Files that were there before and whose earlier version was not, or not wholly, analysed. */
function filesNotCompared(targets: readonly ChangedFile[], base: VersionAnalysis): Map<string, string> {
  const reports = byPath(base.files);
  const found = new Map<string, string>();
  for (const file of targets) {
    if (file.status === 'added') continue;
    const report = reports.get(file.path);
    if (file.base === undefined)
      found.set(file.path, `its earlier version was not read (${file.unread?.detail ?? ''})`);
    else if (!report || report.status === 'skipped')
      found.set(file.path, 'its earlier version could not be analysed');
  }
  return found;
}

function causedByChange(
  { base, head, weaker, callerTexts }: BothVersions,
  notCompared: ReadonlyMap<string, string>,
  changed: ChangedLines,
): Reported[] {
  return newFindings(base.findings, head.findings, changed).flatMap((finding) => {
    // Without the earlier findings of a file, only what stands on changed lines is surely new.
    if (notCompared.has(finding.location.path) && !touchesChange(finding, changed)) return [];
    const cause = causeOf(finding, changed) ?? causeInCallee(finding, weaker, callerTexts, changed);
    return cause ? [{ finding, cause, listedOnly: false }] : [];
  });
}

function touchesChange(finding: Finding, changed: ChangedLines): boolean {
  return [finding.location, ...finding.trace.map((step) => step.location)].some((place) =>
    changed.touches(place),
  );
}

function removals(
  base: VersionAnalysis,
  head: VersionAnalysis,
  fresh: readonly Reported[],
  changed: ChangedLines,
  { describeRemovedControl }: ReviewDependencies,
): Reported[] {
  const reports = byPath(head.files);
  // In a file that was not wholly analysed a control may be there and not have been seen.
  const isWhole = (control: Control) => reports.get(control.location.path)?.status === 'analysed';
  const told = fresh.map(({ finding }) => finding);
  return removedControls(base.controls, head.controls, told, changed)
    .filter(
      (removed) => isWhole(removed.control) && !fresh.some(({ cause }) => isToldAt(cause, removed, changed)),
    )
    .map(({ control, anchor, headLocation }) => ({
      finding: withOpenWay(
        describeRemovedControl(control, headLocation),
        changed.files.get(headLocation.path)?.head ?? '',
        head.findings,
      ),
      cause: { anchor, elsewhere: false },
      listedOnly: false,
    }));
}

/** Whether what the missing control lets through elsewhere is shown in the function that it was taken from. */
function isToldAt(
  { anchor, elsewhere }: Cause,
  { control, headLocation }: RemovedControl,
  changed: ChangedLines,
) {
  const file = changed.files.get(headLocation.path);
  if (!elsewhere || !file || anchor.path !== file.path) return false;
  const [text = '', line] =
    anchor.side === 'LEFT' ? [file.base, control.location.startLine] : [file.head, headLocation.startLine];
  const { from, to } = symbolLines(text, line);
  return from <= anchor.line && anchor.line <= to;
}

/** What the configuration makes of a finding. */
function configured(
  found: Reported,
  configuration: Configuration,
  isExcluded: (path: string) => boolean,
): Reported[] {
  if (isExcluded(found.finding.location.path)) return [];
  const { finding } = found;
  const kind = configuredKind(configuration, finding.ruleId, finding.kind);
  const listedOnly = configuration.rules.get(finding.ruleId) === 'summary';
  return kind ? [{ ...found, finding: { ...finding, kind }, listedOnly }] : [];
}

function byPath(reports: readonly FileReport[]): Map<string, FileReport> {
  return new Map(reports.map((report) => [report.path, report]));
}

function withoutRepeats(notices: readonly RichText[]): RichText[] {
  const byWords = new Map(notices.map((notice) => [JSON.stringify(notice), notice]));
  return [...byWords.values()];
}
