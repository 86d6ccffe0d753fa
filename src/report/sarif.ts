import type sarif from 'sarif';
import {
  type Finding,
  type Location,
  plain,
  type Replacement,
  type RichText,
  type Severity,
} from '../engine/finding.ts';
import type { Rule } from '../engine/rules/rule.ts';
import type { ReviewFinding } from '../review/review.ts';
import { GITHUB, ruleLink, type Site } from './links.ts';
import { markdown } from './markdown.ts';
import type { Outcome } from './outcome.ts';
import { visible } from './visible.ts';

/** What SARIF says of a rule. */
export type DescribedRule = Pick<
  Rule,
  'id' | 'title' | 'cwe' | 'kind' | 'severity' | 'summary' | 'why' | 'fix'
>;

export interface SarifOptions {
  readonly version: string;
  /** Rules that have no finding are listed too: they were looked for. */
  readonly rules: readonly DescribedRule[];
  readonly site?: Site;
}

/**
 * GitHub refuses a run with more results and keeps the 5,000 most severe; of a flow it shows 1,000 steps
 * (https://docs.github.com/en/code-security/code-scanning/troubleshooting-sarif-uploads/results-exceed-limit).
 */
const MOST_RESULTS = 25_000;
const MOST_STEPS = 1_000;

/** The middle of GitHub's bands for `security-severity`, which are those of CVSS. */
const SECURITY_SEVERITY: Record<Severity, string> = {
  critical: '9.5',
  high: '8.0',
  medium: '5.5',
  low: '2.5',
};
const SEVERITIES: readonly Severity[] = ['critical', 'high', 'medium', 'low'];

/** A SARIF 2.1.0 log with one run; the most severe results first, defects before advisories. */
export function sarifLog(outcome: Outcome, options: SarifOptions): sarif.Log {
  const site = options.site ?? GITHUB;
  const ruleIndex = new Map(options.rules.map((rule, i) => [rule.id, i]));
  const found = [...outcome.defects].sort(bySeverity).concat([...outcome.advisories].sort(bySeverity));
  const results = found.map((shown) => result(shown, ruleIndex));
  const suppressed = outcome.suppressed.map(({ finding, by, reason }) => ({
    ...result({ finding, elsewhere: false, display: 'summary' }, ruleIndex),
    suppressions: [{ kind: 'external' as const, justification: reason === '' ? by : `${by}: ${reason}` }],
  }));
  return {
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'Patchwarden',
            semanticVersion: options.version,
            informationUri: 'https://github.com/patchwarden/patchwarden',
            rules: options.rules.map((rule) => descriptor(rule, site)),
          },
        },
        columnKind: 'utf16CodeUnits',
        invocations: [{ executionSuccessful: true, toolExecutionNotifications: notifications(outcome) }],
        results: [...results, ...suppressed].slice(0, MOST_RESULTS),
      },
    ],
  };
}

function bySeverity(one: ReviewFinding, other: ReviewFinding): number {
  return SEVERITIES.indexOf(one.finding.severity) - SEVERITIES.indexOf(other.finding.severity);
}

function descriptor(rule: DescribedRule, site: Site): sarif.ReportingDescriptor {
  return {
    id: rule.id,
    shortDescription: { text: rule.title },
    fullDescription: { text: rule.summary },
    help: {
      text: `${rule.summary}\n\n${rule.why}\n\n${rule.fix}`,
      markdown: `${rule.summary}\n\n${rule.why}\n\n**Fix:** ${rule.fix}`,
    },
    helpUri: ruleLink(rule.id, site),
    defaultConfiguration: { level: level(rule.kind, rule.severity) },
    properties: {
      // GitHub lists a result among security alerts, and by CWE, because of these tags.
      tags: ['security', ...rule.cwe.map((cwe) => `external/cwe/cwe-${String(cwe).padStart(3, '0')}`)],
      'security-severity': SECURITY_SEVERITY[rule.severity],
    },
  };
}

function level(kind: Finding['kind'], severity: Severity): sarif.ReportingConfiguration.level {
  if (kind === 'defect') return 'error';
  return severity === 'critical' || severity === 'high' ? 'warning' : 'note';
}

function result(
  { finding, anchor, elsewhere }: ReviewFinding,
  rules: ReadonlyMap<string, number>,
): sarif.Result {
  const index = rules.get(finding.ruleId);
  return {
    ruleId: finding.ruleId,
    ...(index === undefined ? {} : { ruleIndex: index }),
    level: level(finding.kind, finding.severity),
    message: message(finding.message),
    locations: [
      {
        ...location(finding.location),
        ...(finding.symbol === '' ? {} : { logicalLocations: [{ fullyQualifiedName: finding.symbol }] }),
      },
    ],
    ...(elsewhere && anchor
      ? {
          relatedLocations: [
            {
              id: 1,
              physicalLocation: {
                artifactLocation: artifact(anchor.path),
                region: { startLine: anchor.startLine ?? anchor.line, endLine: anchor.line },
              },
              message: { text: 'The change that causes it' },
            },
          ],
        }
      : {}),
    ...(finding.trace.length > 0 ? { codeFlows: [codeFlow(finding)] } : {}),
    partialFingerprints: { 'patchwarden/v1': finding.fingerprint },
    ...(finding.fix.replacement ? { fixes: [fix(finding.fix.text, finding.fix.replacement)] } : {}),
    properties: {
      kind: finding.kind,
      severity: finding.severity,
      confidence: finding.confidence,
      aspect: finding.aspect,
      cwe: finding.cwe,
      fix: words(finding.fix.text),
    },
  };
}

function codeFlow(finding: Finding): sarif.CodeFlow {
  return {
    threadFlows: [
      {
        locations: finding.trace.slice(0, MOST_STEPS).map((step) => ({
          location: { ...location(step.location), message: message(step.text) },
        })),
      },
    ],
  };
}

function location({ path, ...span }: Location): sarif.Location {
  const { startLine, startColumn, endLine, endColumn } = span;
  return {
    physicalLocation: {
      artifactLocation: artifact(path),
      region: { startLine, startColumn, endLine, endColumn },
    },
  };
}

function artifact(path: string): sarif.ArtifactLocation {
  const uri = path.toWellFormed().split('/').map(encodeURIComponent).join('/');
  return { uri, uriBaseId: '%SRCROOT%' };
}

function fix(description: RichText, { path, startLine, endLine, lines }: Replacement): sarif.Fix {
  // Without an end column a region ends before the last line's break; lines to delete go with their breaks.
  const deletedRegion =
    lines.length > 0
      ? { startLine, startColumn: 1, endLine }
      : { startLine, startColumn: 1, endLine: endLine + 1, endColumn: 1 };
  return {
    description: message(description),
    artifactChanges: [
      {
        artifactLocation: artifact(path),
        replacements: [
          { deletedRegion, ...(lines.length > 0 ? { insertedContent: { text: lines.join('\n') } } : {}) },
        ],
      },
    ],
  };
}

/** Plain and formatted; brackets are escaped where they would make a link (SARIF 2.1.0, 3.11.6). */
function message(rich: RichText): sarif.Message {
  const text = words(rich);
  return { text: text.includes('](') ? text.replace(/[[\]\\]/g, '\\$&') : text, markdown: markdown(rich) };
}

function words(rich: RichText): string {
  return visible(plain(rich));
}

/** What was not analysed: a log without results must not pass for a clean one. */
function notifications({ ledger }: Outcome): sarif.Notification[] {
  const gaps = ledger.entries
    .filter((entry) => entry.outcome === 'left-out' || entry.outcome === 'partly-analysed')
    .map((entry): sarif.Notification => {
      const how = entry.outcome === 'left-out' ? 'Not analysed' : 'Analysed in part';
      return {
        level: 'warning',
        message: { text: visible([how, ...entry.reasons].join(': ')) },
        locations: [{ physicalLocation: { artifactLocation: artifact(entry.path) } }],
      };
    });
  const limits = ledger.limits.map(
    (limit): sarif.Notification => ({ level: 'warning', message: { text: visible(limit) } }),
  );
  return [...gaps, ...limits];
}
