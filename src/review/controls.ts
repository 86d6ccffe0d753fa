import { kindOfControl } from '../engine/controls/controls.ts';
import { countChecks, hasCheck, VALUE_CHECKS } from '../engine/controls/value-checks.ts';
import { type Finding, type Location, plain } from '../engine/finding.ts';
import type { Control } from '../engine/project.ts';
import { normalised } from '../engine/syntax/unparse.ts';
import { changedLines } from './anchors.ts';
import { type ChangedLines, surplus } from './causes.ts';
import type { Hunk } from './change.ts';
import type { Anchor } from './review.ts';
import { definesSymbol, symbolText } from './symbols.ts';

/** A control of the base version that the change took away from code that is still there. */
export interface RemovedControl {
  /** At the base; its path is the file's path at the head. */
  readonly control: Control;
  /** The removed line, on the left side. */
  readonly anchor: Anchor;
  /** The line of the head version that stands where it was. */
  readonly headLocation: Location;
}

/**
 * Controls that are on a removed line and have no counterpart at the head. Not counted: what went away together with
 * its function or with the code that it protected, what moved elsewhere in the same file, and what a new finding in
 * the same function already tells.
 *
 * @param base the controls of the base version, analysed under the paths of the head.
 * @param reported the new findings.
 */
export function removedControls(
  base: readonly Control[],
  head: readonly Control[],
  reported: readonly Finding[],
  changed: ChangedLines,
): RemovedControl[] {
  const key = (control: Control) => control.key;
  const words = (control: Control) => `${control.location.path}\n${plain(control.text)}`;
  const gone = surplus(head.map(key), lastWhere(base, isOn(changed, 'LEFT')), key);
  const appeared = surplus(base.map(key), lastWhere(head, isOn(changed, 'RIGHT')), key);
  const notMoved = surplus(appeared.map(words), gone, words);
  const told = new Set(
    reported.flatMap(({ quiet, location, symbol }) => (quiet ? [] : `${location.path}\n${symbol}`)),
  );
  const removed = notMoved.flatMap((control) => {
    const { path } = control.location;
    const headText = changed.files.get(path)?.head;
    if (headText === undefined || !definesSymbol(headText, control.symbol)) return [];
    if (told.has(`${path}\n${control.symbol}`)) return [];
    if (!leavesItsCode(control, headText)) return [];
    if (NEEDLESS.get(kindOfControl(control))?.test(symbolText(headText, control.symbol))) return [];
    if (
      WRITTEN_BY_PROJECT.has(kindOfControl(control)) &&
      appeared.some((other) => isSameKind(other, control))
    )
      return [];
    return removalOf(control, changed.hunks(path)) ?? [];
  });
  return removed.filter(({ control }) => !removed.some((other) => saysMore(other.control, control)));
}

/** Of several equal controls in a function, the one on a changed line is the one that went or came: it is counted last. */
function lastWhere(controls: readonly Control[], isChanged: (control: Control) => boolean): Control[] {
  const { changed = [], kept = [] } = Object.groupBy(controls, (control) =>
    isChanged(control) ? 'changed' : 'kept',
  );
  return [...kept, ...changed];
}

function isOn(changed: ChangedLines, side: 'LEFT' | 'RIGHT'): (control: Control) => boolean {
  const lines = new Map<string, ReadonlySet<number>>();
  return ({ location: { path, startLine, endLine } }) => {
    let known = lines.get(path);
    if (!known) {
      known = new Set(changed.hunks(path).flatMap((hunk) => changedLines(hunk, side)));
      lines.set(path, known);
    }
    for (let line = startLine; line <= endLine; line++) if (known.has(line)) return true;
    return false;
  };
}

/** A decorator that asks what the caller may do also asks who it is; one of the two is enough to say. */
function saysMore(one: Control, other: Control): boolean {
  return (
    kindOfControl(one) === 'authorization' &&
    kindOfControl(other) === 'authentication' &&
    one.location.path === other.location.path &&
    one.location.startLine === other.location.startLine
  );
}

/** Checks known by what they ask or by their names: one more of the kind anywhere in the change is the same one, moved. */
const WRITTEN_BY_PROJECT: ReadonlySet<string> = new Set(VALUE_CHECKS);

function isSameKind(one: Control, other: Control): boolean {
  return kindOfControl(one) === kindOfControl(other);
}

/** `with make_safe_connect():` around a request: the connection is made only where it may lead. */
const GUARDED_CONNECTION = /\bwith\s+(?:\w+\.)*\w*(?:safe|ssrf|guard|pin_|restrict)\w*\(/i;

/** What in the function shows that it does without the control: what it answers is no HTML, for one. */
const NEEDLESS: ReadonlyMap<string, RegExp> = new Map([
  ['url-check', GUARDED_CONNECTION],
  ['address-check', GUARDED_CONNECTION],
  ['html-escape', /['"](?:application\/(?:[\w.-]+\+)?json|text\/plain)\b|\bjsonify\(|\bJSONResponse\(/],
]);

/** Whether the head version still has the code that the control protected, now without it. */
function leavesItsCode({ leaves, symbol }: Control, headText: string): boolean {
  if (leaves === undefined) return true;
  const code = ` ${normalised(symbolText(headText, symbol))} `;
  return leaves.some((left) => code.includes(` ${left} `));
}

function removalOf(control: Control, hunks: readonly Hunk[]): RemovedControl | undefined {
  const { path, startLine, endLine } = control.location;
  for (const hunk of hunks) {
    const line = changedLines(hunk, 'LEFT').find((removed) => removed >= startLine && removed <= endLine);
    if (line === undefined) continue;
    const kind = kindOfControl(control);
    const handedOver = HANDED_OVER.get(kind);
    const isStillAsked = (added: string) => handedOver?.test(added) || hasCheck(kind, added);
    const isAsked = hunk.lines.some((line) => line.kind === 'added' && isStillAsked(line.text));
    if (isAsked && !WRITTEN_BY_PROJECT.has(kind)) return undefined;
    const isNarrowed = isAsked || kind === 'narrowed';
    if (isNarrowed && !hasFewerChecks(hunk)) return undefined;
    const at = headLineAfter(hunk, line);
    return {
      control: isNarrowed ? { ...control, key: control.key.replace(/^[^\n]*/, 'narrowed') } : control,
      anchor: { path, side: 'LEFT', line },
      headLocation: { path, startLine: at, startColumn: 1, endLine: at, endColumn: 1 },
    };
  }
  return undefined;
}

/** Whether the hunk leaves fewer checks of values than there were. */
function hasFewerChecks({ lines }: Hunk): boolean {
  const textOf = (kind: 'added' | 'removed') =>
    lines.filter((line) => line.kind === kind).map(({ text }) => text);
  return countChecks(textOf('added')) < countChecks(textOf('removed'));
}

/** A call whose name says that it asks what the caller may do: `check_attribute_type_permissions(…)`. */
const ASKS_CALLER =
  /\b_*(?:check|require|ensure|enforce|verify|assert|validate|authorize|raise_if|has)_\w*(?:permission|access|auth|role|scope|allowed|policy|owner|admin|user)\w*\(/i;

/**
 * What in the place of a control shows that it has another form now: `raise Forbidden(…)` becomes
 * `_block_delegated_token(…)` or `abort(404)`, a check moves into a function of its own.
 */
const HANDED_OVER: ReadonlyMap<string, RegExp> = new Map([
  [
    'refusal',
    /\b_*(?:block|deny|forbid|refuse|reject|disallow|check|require|ensure|enforce|verify|assert|validate)_\w+\(|\babort\(\s*4\d\d\b|\bstatus(?:_code)?\s*=\s*(?:\w+\.)*(?:HTTP_)?4\d\d|\braise\s+[\w.]*(?:NotFound|Http404)\b/,
  ],
  ['authorization', ASKS_CALLER],
  ['authentication', ASKS_CALLER],
  // Which loader it is decides; there is a rule for that.
  ['plain-data', /\b(?!Loader\s*=)(?!C?(?:Full|Unsafe)?Loader\b)\w*(?:[Ll]oader|LOADER)\w*/],
]);

/** The first line of the head version after a removed line, or the last before it at the end of a hunk. */
function headLineAfter(hunk: Hunk, removed: number): number {
  const at = hunk.lines.findIndex((line) => line.kind === 'removed' && line.baseLine === removed);
  for (const line of hunk.lines.slice(at)) if (line.kind !== 'removed') return line.headLine;
  return Math.max(1, hunk.headStart + hunk.headLines - 1);
}
