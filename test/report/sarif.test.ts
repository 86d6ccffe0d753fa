import '@microsoft/jest-sarif';
import fc from 'fast-check';
import { text } from '../../src/engine/finding.ts';
import { sarifLog } from '../../src/report/sarif.ts';
import { hostile } from './hostile.ts';
import { at, COMPLETE, finding, review, shown } from './sample.ts';

const RULE = {
  id: 'sql-injection',
  title: 'SQL injection',
  cwe: [89],
  kind: 'defect',
  severity: 'high',
  summary: 'Outside input becomes part of SQL.',
  why: 'It can read every table.',
  fix: 'Use parameters.',
} as const;
const OPTIONS = { version: '1.2.3', rules: [RULE] };

/** The first result of a log with this finding. */
function resultOf(changes: Parameters<typeof shown>[0]) {
  const log = sarifLog(review({ defects: [shown(changes)] }), OPTIONS);
  expect(log).toBeValidSarifLog();
  return log.runs[0]!.results![0]!;
}

test('a log without findings lists the rules that were applied', () => {
  const log = sarifLog(review(), OPTIONS);
  expect(log).toBeValidSarifLog();
  expect(log.runs[0]!.results).toEqual([]);
  expect(log.runs[0]!.tool.driver).toMatchObject({
    name: 'Patchwarden',
    semanticVersion: '1.2.3',
    rules: [
      {
        id: 'sql-injection',
        shortDescription: { text: 'SQL injection' },
        defaultConfiguration: { level: 'error' },
        properties: { tags: ['security', 'external/cwe/cwe-089'], 'security-severity': '8.0' },
      },
    ],
  });
});

test('a result has its place, its flow and its fingerprint', () => {
  const result = resultOf({});
  expect(result).toMatchObject({
    ruleId: 'sql-injection',
    ruleIndex: 0,
    level: 'error',
    message: { text: "The request parameter `args['q']` becomes part of the SQL text of `cursor.execute`." },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: 'shop/search.py', uriBaseId: '%SRCROOT%' },
          region: { startLine: 12, startColumn: 5, endLine: 12, endColumn: 20 },
        },
        logicalLocations: [{ fullyQualifiedName: 'search' }],
      },
    ],
    partialFingerprints: { 'patchwarden/v1': '0123456789abcdef' },
  });
  const steps = result.codeFlows![0]!.threadFlows[0]!.locations;
  expect(steps.map((step) => step.location!.physicalLocation!.region!.startLine)).toEqual([10, 12]);
  expect(steps[1]!.location!.message!.text).toBe('`query` is run as SQL');
});

test('a certain fix is a replacement of whole lines', () => {
  const replace = (lines: string[]) =>
    resultOf({
      finding: finding({
        fix: { text: text`Change it.`, replacement: { path: 'a b.py', startLine: 3, endLine: 4, lines } },
      }),
    }).fixes![0]!.artifactChanges[0]!;
  expect(replace(['x', 'y'])).toEqual({
    artifactLocation: { uri: 'a%20b.py', uriBaseId: '%SRCROOT%' },
    replacements: [
      { deletedRegion: { startLine: 3, startColumn: 1, endLine: 4 }, insertedContent: { text: 'x\ny' } },
    ],
  });
  expect(replace([]).replacements).toEqual([
    { deletedRegion: { startLine: 3, startColumn: 1, endLine: 5, endColumn: 1 } },
  ]);
});

test('a finding caused elsewhere points to its cause', () => {
  const result = resultOf({ elsewhere: true, finding: finding({ location: at('shop/db.py', 40) }) });
  expect(result.relatedLocations).toMatchObject([
    { physicalLocation: { artifactLocation: { uri: 'shop/search.py' }, region: { startLine: 12 } } },
  ]);
});

test('defects come before advisories, the most severe first; suppressed ones are marked', () => {
  const of = (severity: 'low' | 'critical', kind: 'defect' | 'advisory') =>
    shown({ finding: finding({ severity, kind }) });
  const log = sarifLog(
    review({
      defects: [of('low', 'defect'), of('critical', 'defect')],
      advisories: [of('critical', 'advisory'), of('low', 'advisory')],
      suppressed: [{ finding: finding(), by: 'a comment', reason: 'reviewed' }],
    }),
    OPTIONS,
  );
  expect(log).toBeValidSarifLog();
  const results = log.runs[0]!.results!;
  expect(results.map((result) => [result.level, result.properties!.severity])).toEqual([
    ['error', 'critical'],
    ['error', 'low'],
    ['warning', 'critical'],
    ['note', 'low'],
    ['error', 'high'],
  ]);
  expect(results.map((result) => result.suppressions?.[0]?.justification)).toEqual([
    ...Array(4).fill(undefined),
    'a comment: reviewed',
  ]);
});

test('says what was not analysed', () => {
  const log = sarifLog(
    review({
      ledger: {
        ...COMPLETE,
        entries: [{ path: 'a.py', outcome: 'left-out', reasons: ['too large'], hunks: 1, hunksLeftOut: 1 }],
        limits: ['The list of files was cut.'],
        complete: false,
      },
    }),
    OPTIONS,
  );
  expect(log).toBeValidSarifLog();
  expect(
    log.runs[0]!.invocations![0]!.toolExecutionNotifications!.map(({ message }) => message.text),
  ).toEqual(['Not analysed: too large', 'The list of files was cut.']);
});

test('stays within what GitHub takes', () => {
  const step = { location: at('a.py', 1), text: text`it is passed on` };
  const long = shown({ finding: finding({ trace: Array(1500).fill(step) }) });
  const log = sarifLog(review({ defects: [long, ...Array(26_000).fill(shown())] }), OPTIONS);
  expect(log.runs[0]!.results).toHaveLength(25_000);
  expect(log.runs[0]!.results![0]!.codeFlows![0]!.threadFlows[0]!.locations).toHaveLength(1000);
});

test('hostile names make neither an invalid log nor a link', () => {
  fc.assert(
    fc.property(hostile, hostile, (name, path) => {
      fc.pre(path !== '');
      const result = resultOf({
        finding: finding({
          message: text`${{ code: name }} and ${name}`,
          location: at(path, 1),
          symbol: name,
        }),
      });
      expect(result.message.text).not.toMatch(/(?<!\\)\]\(/);
      const uri = result.locations![0]!.physicalLocation!.artifactLocation!.uri!;
      expect(new URL(uri, 'file:///root/').href).toMatch(/^file:\/\/\/root\//);
    }),
  );
});
