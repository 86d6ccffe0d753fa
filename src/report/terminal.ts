import type { Colors } from 'picocolors/types.js';
import { type Finding, plain, type RichText, type Severity } from '../engine/finding.ts';
import type { ReviewFinding } from '../review/review.ts';
import { codeExcerpt } from './excerpt.ts';
import { coverage, leftOut } from './ledger.ts';
import { count } from './markdown.ts';
import type { Outcome } from './outcome.ts';
import { visible } from './visible.ts';

export interface TerminalOptions {
  /** From picocolors' `createColors`; it decides whether there are colours at all. */
  readonly colors: Colors;
  /** Also advisories, not only their number. */
  readonly advisories: boolean;
  /** The analysed version's text of a file, for the excerpt; undefined where it is not at hand. */
  readonly source: (path: string) => string | undefined;
}

const INDENT = '    ';

/** The outcome for a person at a terminal: findings by file, each with code, way and fix; the verdict last. */
export function terminalReport(outcome: Outcome, options: TerminalOptions): string {
  const found = [...outcome.defects, ...(options.advisories ? outcome.advisories : [])];
  const blocks: string[] = [];
  for (const [path, findings] of byPath(found)) {
    blocks.push(options.colors.bold(options.colors.underline(visible(path))));
    blocks.push(...findings.map((shown) => findingBlock(shown, options)));
  }
  blocks.push(closing(outcome, options));
  return `${blocks.join('\n\n')}\n`;
}

function byPath(found: readonly ReviewFinding[]): [string, ReviewFinding[]][] {
  const groups = Map.groupBy(found, ({ finding }) => finding.location.path);
  return [...groups]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([path, findings]) => [path, findings.sort(byPlace)]);
}

function byPlace(
  { finding: { location: one } }: ReviewFinding,
  { finding: { location: other } }: ReviewFinding,
) {
  return one.startLine - other.startLine || one.startColumn - other.startColumn;
}

function findingBlock(shown: ReviewFinding, options: TerminalOptions): string {
  const { colors, source } = options;
  const { finding, anchor, elsewhere } = shown;
  const removed = anchor?.side === 'LEFT' && !elsewhere;
  const { path, startLine, startColumn } = finding.location;
  const place = removed ? `${anchor.path}:${anchor.line}` : `${path}:${startLine}:${startColumn}`;
  const cwe = finding.cwe.map((number) => `CWE-${number}`).join(' ');
  const head = [colors.bold(visible(place)), label(finding, colors), finding.ruleId, colors.dim(cwe)];
  const text = source(path);
  const lines = [
    head.filter((part) => part !== '').join('  '),
    `${INDENT}${words(finding.message, colors)}`,
    ...(elsewhere && anchor
      ? [`${INDENT}This change causes it at ${visible(anchor.path)}:${anchor.line}.`]
      : []),
    ...(removed ? [`${INDENT}The change removes this line; it is gone from here:`] : []),
    ...(text === undefined ? [] : ['', ...codeExcerpt(text, finding.location, colors), '']),
    ...finding.trace.map(({ location, text: step }, i) => {
      const where = colors.dim(`${visible(location.path)}:${location.startLine}`);
      return `${INDENT}${i + 1}. ${where}  ${words(step, colors)}`;
    }),
    `${INDENT}${colors.green('Fix:')} ${words(finding.fix.text, colors)}`,
  ];
  return lines.join('\n');
}

function label(finding: Finding, colors: Colors): string {
  if (finding.kind === 'advisory') return colors.cyan(`advisory, ${finding.severity}`);
  const paint: Record<Severity, (text: string) => string> = {
    critical: (text) => colors.bold(colors.red(text)),
    high: colors.red,
    medium: colors.yellow,
    low: colors.yellow,
  };
  return paint[finding.severity](finding.severity);
}

/** Rich text with its code coloured instead of quoted where there are colours. */
function words(rich: RichText, colors: Colors): string {
  if (!colors.isColorSupported) return visible(plain(rich));
  return rich
    .map((part) => (typeof part === 'string' ? visible(part) : colors.cyan(visible(part.code))))
    .join('');
}

function closing(outcome: Outcome, { colors, advisories }: TerminalOptions): string {
  const { verdict, ledger } = outcome;
  const clean = outcome.defects.length === 0;
  const paint = clean ? (ledger.complete ? colors.green : colors.yellow) : colors.red;
  const lines = [
    ...outcome.notices.map((notice) => `${colors.yellow('Notice:')} ${words(notice, colors)}`),
    ...leftOut(ledger).map((gap) => `${colors.yellow('Not analysed:')} ${words(gap, colors)}`),
    colors.bold(paint(verdict.sentence)),
  ];
  const number = outcome.advisories.length;
  if (number > 0 && !advisories)
    lines.push(`${count(number, 'advisory', 'advisories')}: show with --advisories.`);
  if (outcome.suppressed.length > 0) lines.push(`${count(outcome.suppressed.length, 'finding')} suppressed.`);
  lines.push(colors.dim(coverage(ledger)));
  return lines.join('\n');
}
