import { LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { code, type Kind, type RichText, text } from '../engine/finding.ts';
import { CONFIGURATION_PATH } from './input.ts';

/** What a repository decides about its reviews. */
export interface Configuration {
  /** Where advisories are shown. */
  readonly advisories: 'summary' | 'inline' | 'off';
  readonly rules: ReadonlyMap<string, RuleSetting>;
  /** Patterns of paths (see glob.ts) that are not analysed. */
  readonly exclude: readonly string[];
  /** Patterns of paths that hold tests, beside what the engine recognises. */
  readonly tests: readonly string[];
  /** Inline comments at most. */
  readonly inlineLimit: number;
  readonly failOn: 'defect' | 'never';
  readonly suppressions: readonly Suppression[];
  /**
   * Which comments in the code may suppress a finding: those that stand in the base version only, or also those that
   * the change brings itself.
   */
  readonly suppressionComments: 'base' | 'change';
}

/** off: not looked for. summary: listed only. advisory, defect: reported as that. */
export type RuleSetting = 'off' | 'summary' | 'advisory' | 'defect';

/** A decision to accept findings, with who stands for it. */
export interface Suppression {
  readonly rule: string;
  /** A pattern of paths. */
  readonly path: string;
  /** The enclosing function or class, dotted; absent: all. */
  readonly symbol?: string | undefined;
  readonly reason: string;
  readonly owner?: string | undefined;
  /** The last day on which it holds, YYYY-MM-DD. */
  readonly until?: string | undefined;
}

export interface ReadConfiguration {
  readonly configuration: Configuration;
  /** Mistakes, each with its line; what they concern is left out, the rest applies. */
  readonly notices: readonly RichText[];
}

const PATTERN = z.string().min(1).max(200);
const SUPPRESSION = z.strictObject({
  rule: z.string().min(1),
  path: PATTERN,
  symbol: z.string().optional(),
  reason: z.string().trim().min(3),
  owner: z.string().min(1).optional(),
  until: z.iso.date().optional(),
});
const SHAPE = z.strictObject({
  advisories: z.enum(['summary', 'inline', 'off']).default('summary'),
  rules: z.record(z.string(), z.enum(['off', 'summary', 'advisory', 'defect'])).default({}),
  paths: z
    .strictObject({
      exclude: z.array(PATTERN).max(200).default([]),
      tests: z.array(PATTERN).max(200).default([]),
    })
    .default({ exclude: [], tests: [] }),
  'inline-limit': z.int().min(0).max(100).default(30),
  'fail-on': z.enum(['defect', 'never']).default('defect'),
  suppressions: z.array(SUPPRESSION).max(500).default([]),
  'suppression-comments': z.enum(['base', 'change']).default('base'),
});

export const DEFAULT_CONFIGURATION: Configuration = toConfiguration(SHAPE.parse({}));

const LONGEST_TEXT = 100_000;
const MOST_MISTAKES = 50;

/**
 * Reads a configuration file. A mistake costs only the entry that has it; never an exception.
 *
 * @param ruleIds every rule that exists.
 */
export function readConfiguration(source: string, ruleIds: ReadonlySet<string>): ReadConfiguration {
  const unusable = (why: RichText): ReadConfiguration => ({
    configuration: DEFAULT_CONFIGURATION,
    notices: [text`${code(CONFIGURATION_PATH)} is not used: ${why}`],
  });
  if (source.length > LONGEST_TEXT) return unusable(text`it is longer than ${LONGEST_TEXT} characters.`);
  const lines = new LineCounter();
  const document = parseDocument(source, { lineCounter: lines, merge: false, logLevel: 'silent' });
  const error = document.errors[0];
  if (error) {
    const what = error.message.split('\n')[0]!.replace(/ at line \d+, column \d+:?$/, '');
    return unusable(text`line ${lines.linePos(error.pos[0]).line} is not valid YAML: ${code(what, 200)}.`);
  }
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: 20 });
  } catch (thrown) {
    return unusable(text`${code(thrown instanceof Error ? thrown.message : String(thrown), 200)}.`);
  }
  if (value === null || value === undefined) return { configuration: DEFAULT_CONFIGURATION, notices: [] };
  if (!isRecord(value)) return unusable(text`it is not a mapping of names to values.`);

  const lineOf = (path: readonly PropertyKey[]): number => {
    for (let length = path.length; length > 0; length--) {
      const node = document.getIn(path.slice(0, length), true) as
        | { range?: [number, number, number] }
        | undefined;
      if (node?.range) return lines.linePos(node.range[0]).line;
    }
    return 1;
  };
  const notices: RichText[] = [];
  const complain = (path: readonly PropertyKey[], what: string) => {
    const shown = code(path.map(String).join('.') || 'the file');
    notices.push(text`${code(CONFIGURATION_PATH)}, line ${lineOf(path)}: ${shown} is left out: ${what}.`);
  };
  const settings = dropMistakes(value, complain);
  for (const rule of Object.keys(settings.rules)) {
    if (!ruleIds.has(rule)) complain(['rules', rule], 'there is no such rule');
  }
  settings.suppressions.forEach((suppression, at) => {
    if (!ruleIds.has(suppression.rule)) {
      complain(['suppressions', at, 'rule'], `there is no rule ${JSON.stringify(suppression.rule)}`);
    }
  });
  return { configuration: toConfiguration(settings), notices: notices.slice(0, MOST_MISTAKES) };
}

type Settings = z.infer<typeof SHAPE>;

/** Takes out what does not fit the shape, until the rest does. */
function dropMistakes(
  value: Record<string, unknown>,
  complain: (path: readonly PropertyKey[], what: string) => void,
): Settings {
  // Places in a list are kept while mistakes are taken out, so that line numbers stay right.
  const emptied = new Set<number>();
  for (let round = 0; round < MOST_MISTAKES; round++) {
    const parsed = SHAPE.safeParse(withoutEmptied(value, emptied));
    if (parsed.success) return parsed.data;
    const issue = parsed.error.issues[0]!;
    const where = issue.path.map((part, at) =>
      issue.path[0] === 'suppressions' && at === 1 ? placeBefore(part as number, emptied) : part,
    );
    const paths = issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [...where, key]) : [where];
    for (const path of paths) {
      complain(path, issue.code === 'unrecognized_keys' ? 'there is no such setting' : issue.message);
      // A suppression that lost its date or its symbol would silence more: it goes as a whole.
      if (path[0] === 'suppressions' && typeof path[1] === 'number') emptied.add(path[1]);
      else remove(value, path);
    }
  }
  return SHAPE.parse({});
}

function withoutEmptied(
  value: Record<string, unknown>,
  emptied: ReadonlySet<number>,
): Record<string, unknown> {
  const { suppressions } = value;
  if (!Array.isArray(suppressions)) return value;
  return { ...value, suppressions: suppressions.filter((_, at) => !emptied.has(at)) };
}

/** The place in the file's list of what stands at `at` in the list without the emptied places. */
function placeBefore(at: number, emptied: ReadonlySet<number>): number {
  let place = -1;
  for (let left = at; left >= 0; left--) {
    do place++;
    while (emptied.has(place));
  }
  return place;
}

/** Deletes the deepest part of the path that is there. */
function remove(value: Record<string, unknown>, path: readonly PropertyKey[]): void {
  let holder: unknown = value;
  const steps: [Record<PropertyKey, unknown>, PropertyKey][] = [];
  for (const part of path) {
    if (!isRecord(holder) && !Array.isArray(holder)) break;
    const within = holder as Record<PropertyKey, unknown>;
    if (!Object.hasOwn(within, part)) break;
    steps.push([within, part]);
    holder = within[part];
  }
  const [within, part] = steps.at(-1) ?? [];
  if (Array.isArray(within)) within.splice(Number(part), 1);
  else if (within && part !== undefined) delete within[part];
}

function toConfiguration(settings: Settings): Configuration {
  return {
    advisories: settings.advisories,
    rules: new Map(Object.entries(settings.rules)),
    exclude: settings.paths.exclude,
    tests: settings.paths.tests,
    inlineLimit: settings['inline-limit'],
    failOn: settings['fail-on'],
    suppressions: settings.suppressions,
    suppressionComments: settings['suppression-comments'],
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What the configuration makes of findings of a rule; undefined: nothing. */
export function configuredKind(
  { rules, advisories }: Configuration,
  ruleId: string,
  stated: Kind,
): Kind | undefined {
  const setting = rules.get(ruleId);
  if (setting === 'off') return undefined;
  const kind = setting === 'defect' || setting === 'advisory' ? setting : stated;
  return kind === 'advisory' && advisories === 'off' ? undefined : kind;
}

/** In what way a changed configuration would see, fail or show less than the one of the base branch. */
export function weakenings(base: Configuration, head: Configuration): RichText[] {
  const found: RichText[] = [];
  const strength: Record<RuleSetting, number> = { off: 0, summary: 1, advisory: 1, defect: 2 };
  for (const [rule, setting] of head.rules) {
    const before = base.rules.get(rule);
    if (before === undefined ? setting !== 'defect' : strength[setting] < strength[before]) {
      found.push(text`sets rule ${code(rule)} to ${code(setting)}`);
    }
  }
  for (const [rule, setting] of base.rules) {
    if (setting === 'defect' && !head.rules.has(rule))
      found.push(text`no longer makes ${code(rule)} a defect`);
  }
  for (const pattern of head.exclude) {
    if (!base.exclude.includes(pattern)) found.push(text`excludes ${code(pattern)}`);
  }
  for (const pattern of head.tests) {
    if (!base.tests.includes(pattern)) found.push(text`treats ${code(pattern)} as tests`);
  }
  const known = new Set(base.suppressions.map((suppression) => JSON.stringify(suppression)));
  for (const suppression of head.suppressions) {
    if (!known.has(JSON.stringify(suppression))) {
      found.push(text`suppresses ${code(suppression.rule)} in ${code(suppression.path)}`);
    }
  }
  if (head.failOn === 'never' && base.failOn !== 'never')
    found.push(text`lets defects pass (${code('fail-on: never')})`);
  if (head.suppressionComments === 'change' && base.suppressionComments === 'base') {
    found.push(text`lets a change suppress its own findings (${code('suppression-comments: change')})`);
  }
  if (head.advisories === 'off' && base.advisories !== 'off') found.push(text`turns advisories off`);
  if (head.inlineLimit < base.inlineLimit)
    found.push(text`lowers ${code('inline-limit')} to ${head.inlineLimit}`);
  return found;
}
