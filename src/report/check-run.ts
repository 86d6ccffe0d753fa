import { ASPECTS, type Practice } from '../engine/finding.ts';
import type { PullRequest } from '../review/change.ts';
import type { AspectRow, Review, ReviewFinding, SuppressedFinding } from '../review/review.ts';
import { type Annotation, annotations } from './annotations.ts';
import { bounded, type Section } from './bounded.ts';
import { place, references } from './inline-comment.ts';
import { coverage, ledgerSections, leftOut } from './ledger.ts';
import { blobLink, GITHUB, type Site } from './links.ts';
import { inCell, markdown } from './markdown.ts';

/** What GitHub shows of a completed check run. */
export interface CheckRunReport {
  readonly conclusion: Conclusion;
  /** The verdict: what the list of checks shows beside the name. */
  readonly title: string;
  readonly summary: string;
  readonly text: string;
  readonly annotations: readonly Annotation[];
}

export type Conclusion = 'success' | 'failure' | 'neutral' | 'action_required';

/**
 * How a review ends that found no defect but could not look at everything. GitHub counts `neutral` as passed where the
 * check is required, `action_required` not.
 */
export type IncompleteConclusion = 'action_required' | 'neutral';

/** Bytes that GitHub takes for `summary` and for `text`. */
export const OUTPUT_LIMIT = 65_535;

/** Practices named in one row of the table of aspects. */
const PRACTICES_SHOWN = 3;

/** The whole content of the check run for a review. Every text is GitHub Markdown within GitHub's limits. */
export function checkRunReport(
  review: Review,
  site: Site = GITHUB,
  incomplete: IncompleteConclusion = 'action_required',
): CheckRunReport {
  return {
    conclusion: conclusionOf(review, incomplete),
    title: verdictLine(review),
    summary: bounded(summarySections(review, site), OUTPUT_LIMIT),
    text: bounded([...ledgerSections(review.ledger), suppressedSection(review, site)], OUTPUT_LIMIT),
    annotations: annotations([...review.defects, ...review.advisories]),
  };
}

/** The verdict's sentence, never without the remark that something was not looked at. */
export function verdictLine(review: Pick<Review, 'verdict' | 'ledger'>): string {
  const { sentence } = review.verdict;
  return review.ledger.complete ? sentence : `${sentence} Not all of it was analysed.`;
}

function conclusionOf(review: Review, incomplete: IncompleteConclusion): Conclusion {
  if (review.defects.length > 0) return review.failOn === 'never' ? 'neutral' : 'failure';
  if (review.verdict.conclusion === 'incomplete' || !review.ledger.complete) return incomplete;
  return 'success';
}

function summarySections(review: Review, site: Site): Section[] {
  const { pullRequest } = review;
  const paragraphs = [
    review.verdict.sentence,
    ...leftOut(review.ledger).map((gap) => `**Not analysed:** ${markdown(gap)}`),
    ...review.notices.map((notice) => `**Notice:** ${markdown(notice)}`),
  ];
  const item = (shown: ReviewFinding) => findingItem(shown, pullRequest, site);
  return [
    { heading: '', items: paragraphs, separator: '\n\n', noun: 'notices' },
    { heading: '### Defects', items: review.defects.map(item), separator: '\n', noun: 'defects' },
    {
      heading: '### Advisories\nNot defects: they depend on context that the code does not show.\n',
      items: [
        ...review.advisories.filter(({ finding }) => !finding.quiet).map(item),
        ...quietItems(review.advisories, pullRequest, site),
      ],
      separator: '\n',
      noun: 'advisories',
    },
    {
      heading: '### Looked at\n| Aspect | Defects | Advisories | Done right |\n| --- | ---: | ---: | --- |',
      items: review.aspects.map((row) => aspectRow(row, pullRequest, site)),
      separator: '\n',
      noun: 'aspects',
    },
    { heading: '### Coverage', items: [coverage(review.ledger)], separator: '\n', noun: 'lines' },
  ];
}

/** A list item: what an inline comment says goes without saying here; what has none is said in full. */
function findingItem(shown: ReviewFinding, pullRequest: PullRequest, site: Site): string {
  const { finding } = shown;
  const lines = [
    `- ${findingPlace(shown, pullRequest, site)}: ${markdown(finding.message)} (${finding.severity}; ${references(finding, site).join(', ')})`,
  ];
  if (shown.display === 'summary') {
    for (const { location, text } of finding.trace) {
      const step = place(location.path, location.startLine, blobLink(location, pullRequest, site));
      lines.push(`  - ${step}: ${markdown(text)}`);
    }
    lines.push(`  - **Fix:** ${markdown(finding.fix.text)}`);
  }
  return lines.join('\n');
}

/** One list item for each rule: what is barely worth a line is not worth a line for every place. */
function quietItems(advisories: readonly ReviewFinding[], pullRequest: PullRequest, site: Site): string[] {
  const byRule = new Map<string, ReviewFinding[]>();
  for (const shown of advisories) {
    if (!shown.finding.quiet) continue;
    const alike = byRule.get(shown.finding.ruleId);
    if (alike) alike.push(shown);
    else byRule.set(shown.finding.ruleId, [shown]);
  }
  return [...byRule.values()].map((alike) => {
    const [{ finding }] = alike as [ReviewFinding];
    const places = alike.map((shown) => findingPlace(shown, pullRequest, site)).join(', ');
    const others = alike.length > 1 ? ' The other places are alike.' : '';
    return `- ${places}: ${markdown(finding.message)}${others} (${references(finding, site).join(', ')})`;
  });
}

/** Where a finding is and, if that is elsewhere, what caused it. Removed code is to be read in the merge base. */
function findingPlace(
  { finding: { location }, anchor, elsewhere }: ReviewFinding,
  pullRequest: PullRequest,
  site: Site,
): string {
  const here = place(location.path, location.startLine, blobLink(location, pullRequest, site));
  if (!anchor || (anchor.side === 'RIGHT' && !elsewhere)) return here;
  const { path, line, side } = anchor;
  const span = { path, startLine: line, endLine: line, startColumn: 1, endColumn: 1 };
  const address = blobLink(span, pullRequest, site, side === 'LEFT' ? 'base' : 'head');
  const cause = place(path, line, address) + (side === 'LEFT' ? ' (removed)' : '');
  return elsewhere ? `${here}, caused at ${cause}` : cause;
}

function aspectRow(row: AspectRow, pullRequest: PullRequest, site: Site): string {
  const clear = row.defects === 0 && row.advisories === 0;
  const cells = [ASPECTS[row.aspect], row.defects || '–', row.advisories || '–', clear ? practices(row) : ''];
  return `| ${cells.join(' | ')} |`;

  function practices({ practices: seen }: AspectRow): string {
    const named = seen.slice(0, PRACTICES_SHOWN).map((practice) => practiceText(practice, pullRequest, site));
    if (seen.length > named.length) named.push(`${seen.length - named.length} more`);
    return named.length === 0 ? 'clear' : `clear: ${named.join('; ')}`;
  }
}

function practiceText({ location, text }: Practice, pullRequest: PullRequest, site: Site): string {
  const address = blobLink(location, pullRequest, site);
  return inCell(`${place(location.path, location.startLine, address)} ${markdown(text)}`);
}

function suppressedSection(review: Review, site: Site): Section {
  const item = ({ finding, by, reason }: SuppressedFinding) => {
    const { location } = finding;
    const where = place(location.path, location.startLine, blobLink(location, review.pullRequest, site));
    const why = reason === '' ? 'no reason given' : markdown([reason]);
    return `- ${where}: ${markdown(finding.message)} Suppressed by ${markdown([by])}: ${why}`;
  };
  return {
    heading: '### Suppressed',
    items: review.suppressed.map(item),
    separator: '\n',
    noun: 'suppressed findings',
  };
}
