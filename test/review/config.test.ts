import fc from 'fast-check';
import { plain } from '../../src/engine/finding.ts';
import { DEFAULT_CONFIGURATION, readConfiguration, weakenings } from '../../src/review/config.ts';

const RULES = new Set(['sql-injection', 'weak-hash']);
const read = (source: string) => {
  const { configuration, notices } = readConfiguration(source, RULES);
  return { configuration, notices: notices.map(plain) };
};

test('reads every setting', () => {
  const { configuration, notices } = read(`
advisories: inline
rules: {sql-injection: defect, weak-hash: "off"}
paths: {exclude: [vendor/], tests: ["**/checks/*.py"]}
inline-limit: 5
fail-on: never
suppression-comments: change
suppressions:
  - {rule: weak-hash, path: legacy/**, symbol: digest, reason: not for security, owner: ann, until: 2027-01-31}
`);
  expect(notices).toEqual([]);
  expect(configuration).toEqual({
    advisories: 'inline',
    rules: new Map([
      ['sql-injection', 'defect'],
      ['weak-hash', 'off'],
    ]),
    exclude: ['vendor/'],
    tests: ['**/checks/*.py'],
    inlineLimit: 5,
    failOn: 'never',
    suppressionComments: 'change',
    suppressions: [
      {
        rule: 'weak-hash',
        path: 'legacy/**',
        symbol: 'digest',
        reason: 'not for security',
        owner: 'ann',
        until: '2027-01-31',
      },
    ],
  });
});

test.each(['', '# only a comment\n', '{}', 'null'])('%j means the defaults', (source) => {
  expect(read(source)).toEqual({ configuration: DEFAULT_CONFIGURATION, notices: [] });
});

test.each([
  ['a wrong value', 'advisories: often\ninline-limit: 3', /line 1: `advisories` is left out/],
  [
    'an unknown setting',
    'inline-limit: 3\nadvisory: inline',
    /line 2: `advisory` is left out: there is no such setting/,
  ],
  [
    'a wrong rule setting',
    'inline-limit: 3\nrules:\n  weak-hash: maybe',
    /line 3: `rules.weak-hash` is left out/,
  ],
  [
    'an unknown rule',
    'inline-limit: 3\nrules: {nope: "off"}',
    /line 2: `rules.nope` is left out: there is no such rule/,
  ],
  ['a pattern that is none', 'inline-limit: 3\npaths:\n  exclude:\n    - 7', /line 4: `paths.exclude.0`/],
  [
    'a suppression without a reason',
    'inline-limit: 3\nsuppressions:\n  - {rule: weak-hash, path: a.py}',
    /line 3: `suppressions.0.reason`/,
  ],
  [
    'a date that is none',
    'inline-limit: 3\nsuppressions:\n  - {rule: weak-hash, path: a.py, reason: known, until: 2026-02-30}',
    /line 3: `suppressions.0.until`/,
  ],
])('%s is told with its line; the rest applies', (_, source, notice) => {
  const { configuration, notices } = read(source);
  expect(notices).toHaveLength(1);
  expect(notices[0]).toMatch(notice);
  expect(configuration.inlineLimit).toBe(3);
  expect(configuration).toMatchObject({ advisories: 'summary', exclude: [], suppressions: [] });
});

test('of several suppressions the wrong ones go, each with its own line', () => {
  const { configuration, notices } = read(
    [
      'suppressions:',
      '  - {rule: weak-hash, path: one.py}',
      '  - {rule: weak-hash, path: two.py, reason: known}',
      '  - {rule: weak-hash, path: three.py, reason: known, untill: 2026-01-01}',
      '  - {rule: weak-hash, path: four.py, reason: known}',
    ].join('\n'),
  );
  expect(configuration.suppressions.map(({ path }) => path)).toEqual(['two.py', 'four.py']);
  expect(notices.map((notice) => /line (\d+)/.exec(notice)![1])).toEqual(['2', '4']);
});

test.each([
  ['not YAML', 'a: [', /line 1 is not valid YAML/],
  ['not a mapping', '- a', /not a mapping/],
  ['doubled keys', 'advisories: inline\nadvisories: inline', /line 2 is not valid YAML/],
  ['too long', `#${'x'.repeat(100_000)}`, /longer than/],
  [
    'a bomb of aliases',
    `a: &a [1,1,1,1,1,1,1,1]\n${Array.from('bcdefghi', (name, at) => `${name}: &${name} [${`*${'abcdefgh'[at]},`.repeat(8)}]`).join('\n')}`,
    /Excessive alias count/,
  ],
])('%s is not used', (_, source, notice) => {
  const started = performance.now();
  const { configuration, notices } = read(source);
  expect(performance.now() - started).toBeLessThan(2000);
  expect(configuration).toEqual(DEFAULT_CONFIGURATION);
  expect(notices).toHaveLength(1);
  expect(notices[0]).toMatch(notice);
});

test('no text is too strange to be read', () => {
  const setting = fc.constantFrom(
    'advisories',
    'rules',
    'paths',
    'exclude',
    'tests',
    'inline-limit',
    'suppressions',
    'rule',
    'path',
    'reason',
    '__proto__',
    'constructor',
  );
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      fc.integer(),
      fc.string(),
      fc.constantFrom('off', 'inline', null),
      tie('list'),
      tie('map'),
    ),
    list: fc.array(tie('value'), { maxLength: 4 }),
    map: fc.dictionary(setting, tie('value'), { maxKeys: 5 }),
  }));
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        value.map((made) => JSON.stringify(made)),
      ),
      (source) => {
        const { configuration } = readConfiguration(source, RULES);
        expect(['summary', 'inline', 'off']).toContain(configuration.advisories);
        expect(configuration.suppressions.every(({ reason }) => reason.length >= 3)).toBe(true);
      },
    ),
  );
});

describe('weakenings', () => {
  const between = (base: string, head: string) =>
    weakenings(read(base).configuration, read(head).configuration).map(plain);

  test.each([
    ['rules: {weak-hash: "off"}', 'sets rule `weak-hash` to `off`'],
    ['paths: {exclude: [app/]}', 'excludes `app/`'],
    ['paths: {tests: [app/]}', 'treats `app/` as tests'],
    ['suppressions: [{rule: weak-hash, path: a.py, reason: known}]', 'suppresses `weak-hash` in `a.py`'],
    ['fail-on: never', 'lets defects pass (`fail-on: never`)'],
    [
      'suppression-comments: change',
      'lets a change suppress its own findings (`suppression-comments: change`)',
    ],
    ['advisories: "off"', 'turns advisories off'],
    ['inline-limit: 0', 'lowers `inline-limit` to 0'],
  ])('%s', (head, told) => {
    expect(between('', head)).toEqual([told]);
    expect(between(head, head)).toEqual([]);
    expect(between(head, '')).toEqual([]);
  });

  test('a rule that was made a defect and no longer is', () => {
    expect(between('rules: {weak-hash: defect}', '')).toEqual(['no longer makes `weak-hash` a defect']);
    expect(between('rules: {weak-hash: defect}', 'rules: {weak-hash: advisory}')).toEqual([
      'sets rule `weak-hash` to `advisory`',
    ]);
  });
});
