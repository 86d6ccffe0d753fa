import fc from 'fast-check';
import { plain } from '../../src/engine/finding.ts';
import { isInDiff } from '../../src/review/anchors.ts';
import type { ChangedFile } from '../../src/review/change.ts';
import { NO_DEFECTS, type Review } from '../../src/review/review.ts';
import { changedFile, inputOf, review, sourcesOf } from './changes.ts';

const filler = (count: number, name = 'x') =>
  Array.from({ length: count }, (_, at) => `${name}${at} = ${at}`);
const text = (...lines: (string | string[])[]) => `${lines.flat().join('\n')}\n`;
const notices = (found: Review) => found.notices.map(plain);

describe('what the change causes', () => {
  test('a finding on an added line is shown there', async () => {
    const { defects, verdict } = await review([changedFile('a.py', text('a'), text('a', 'BUG'))]);
    expect(defects).toMatchObject([
      { anchor: { path: 'a.py', side: 'RIGHT', line: 2 }, elsewhere: false, display: 'inline' },
    ]);
    expect(verdict).toEqual({
      conclusion: 'defects',
      sentence: '1 security defect is detected in the code.',
    });
  });

  test('one that was there before is not reported, wherever it moved', async () => {
    const found = await review([
      changedFile('a.py', text('BUG', filler(20)), text('new', filler(20), 'BUG')),
    ]);
    expect(found.defects).toEqual([]);
    expect(found.verdict).toEqual({ conclusion: 'clean', sentence: NO_DEFECTS });
  });

  test('of four equal ones, three of them old, the one on an added line is new', async () => {
    const { defects } = await review([
      changedFile(
        'a.py',
        text('BUG', filler(9), 'BUG', filler(9), 'BUG'),
        text('BUG', filler(9), 'BUG', filler(4), 'BUG', filler(9).slice(4), 'BUG'),
      ),
    ]);
    expect(defects.map(({ finding }) => finding.location.startLine)).toEqual([16]);
  });

  test('a rename alone makes nothing new', async () => {
    const base = text(filler(20), 'BUG');
    expect((await review([changedFile('new.py', base, base, 'old.py')])).defects).toEqual([]);
    const touched = await review([
      changedFile('new.py', base, text('BUG other', filler(20), 'BUG'), 'old.py'),
    ]);
    expect(touched.defects.map(({ finding }) => finding.location.startLine)).toEqual([1]);
  });

  test('files that changed names with each other are compared with what they were', async () => {
    const one = text(filler(20), 'BUG');
    const other = text(filler(20, 'y'));
    const { defects } = await review([
      changedFile('a.py', other, other, 'b.py'),
      changedFile('b.py', one, one, 'a.py'),
    ]);
    expect(defects).toEqual([]);
  });

  test('a function that got another name keeps its findings', async () => {
    const body = [...filler(12), 'BUG'];
    const { defects } = await review([
      changedFile('a.py', text('def one():', body), text('def two():', body)),
    ]);
    expect(defects).toEqual([]);
  });

  test('an untouched consequence is shown where the change touched its trace', async () => {
    const after = [...filler(30), 'BUG from 2'];
    const { defects } = await review([
      changedFile('a.py', text('one', 'safe', after), text('two', 'tainted', after)),
    ]);
    expect(defects).toMatchObject([
      {
        finding: { location: { startLine: 33 } },
        anchor: { path: 'a.py', side: 'RIGHT', line: 2 },
        elsewhere: true,
        display: 'inline',
      },
    ]);
  });

  test('an imported file that is now unsafe is told at the hunk of the importing file that is nearest', async () => {
    const importing = (first: string) => text(first, filler(20), 'import helper', filler(20), 'end');
    const { defects } = await review([
      changedFile('app.py', importing('one'), importing('two')),
      changedFile('helper.py', text('fine'), text('EXPORT')),
    ]);
    expect(defects).toMatchObject([
      {
        anchor: { path: 'app.py', side: 'RIGHT', line: 1 },
        elsewhere: true,
        finding: { location: { startLine: 22 } },
      },
    ]);
  });

  test('a defect that was there is not new, whatever its rule says of advisories', async () => {
    const after = [...filler(30), 'BUG quiet from 2'];
    const { defects } = await review([
      changedFile('a.py', text('one', 'tainted', after), text('two', 'tainted', after)),
    ]);
    expect(defects).toEqual([]);
  });

  test('in a file without hunks there is no cause', async () => {
    const same = text('import helper');
    const { defects } = await review([
      changedFile('app.py', same, same),
      changedFile('helper.py', text('fine'), text('EXPORT')),
    ]);
    expect(defects).toEqual([]);
  });

  test('a removal that causes a finding is shown on the removed line, not at a nearer hunk elsewhere', async () => {
    const rest = [...filler(20), '  BUG', '', '', 'def g():'].map((line) =>
      line.startsWith('x') ? `  ${line}` : line,
    );
    const { defects } = await review([
      changedFile('a.py', text('def f():', '  checked', rest, '  one'), text('def f():', rest, '  two')),
    ]);
    expect(defects).toMatchObject([
      {
        finding: { location: { startLine: 22 } },
        anchor: { path: 'a.py', side: 'LEFT', line: 2 },
        elsewhere: true,
      },
    ]);
  });
});

describe('removed security controls', () => {
  const before = text('def f():', '  GUARD login', '  work');

  test('are told on the removed line', async () => {
    const { defects } = await review([changedFile('a.py', before, text('def f():', '  work'))]);
    expect(defects).toMatchObject([
      {
        finding: { ruleId: 'security-control-removed', location: { path: 'a.py', startLine: 2 } },
        anchor: { path: 'a.py', side: 'LEFT', line: 2 },
      },
    ]);
  });

  test.each([
    ['the function went away with it', text('other = 1')],
    ['it moved inside the function', text('def f():', '  work', '  GUARD login')],
    ['it moved to a helper of the same file', text('def f():', '  work', 'def g():', '  GUARD login')],
    ['it was only written anew', text('def f():', '  GUARD login  # again', '  work')],
  ])('are not told where %s', async (_, after) => {
    expect((await review([changedFile('a.py', before, after)])).defects).toEqual([]);
  });

  test('are not told where a function of its own asks now', async () => {
    const checked = text('def f():', '  GUARD authorization', '  work');
    const asks = text('def f():', '  check_type_permission(context)', '  work');
    const works = text('def f():', '  prepare_type_permission(context)', '  work');
    expect((await review([changedFile('a.py', checked, asks)])).defects).toEqual([]);
    expect((await review([changedFile('a.py', checked, works)])).defects).toHaveLength(1);
  });

  test('are told once, when a new finding in the function says it already', async () => {
    const { defects } = await review([changedFile('a.py', before, text('def f():', '  work BUG'))]);
    expect(defects.map(({ finding }) => finding.ruleId)).toEqual(['bug']);
  });

  test('are not guessed in a file that was only partly read', async () => {
    const { defects } = await review([
      changedFile('a.py', before, text('def f():', '  SYNTAX GUARD login', '  work')),
    ]);
    expect(defects).toEqual([]);
  });
});

describe('the ledger', () => {
  test('without Python there is nothing to analyse, and the review is clean', async () => {
    const readme: ChangedFile = {
      ...changedFile('README.md', undefined, undefined),
      status: 'modified',
      hunks: changedFile('README.md', text('a'), text('b')).hunks,
      unread: { reason: 'not-python', detail: 'not a Python file' },
    };
    const found = await review([readme]);
    expect(found.verdict).toEqual({ conclusion: 'clean', sentence: NO_DEFECTS });
    expect(found.ledger).toMatchObject({
      complete: true,
      entries: [{ path: 'README.md', outcome: 'nothing-to-analyse', hunks: 1, hunksLeftOut: 0 }],
    });
    expect(found.aspects).toEqual([]);
  });

  test.each([
    ['an undecodable file', 'undecodable', 'a.py', 'left-out', 'incomplete'],
    ['a file that was too large', 'too-large', 'a.py', 'left-out', 'incomplete'],
    ['a binary that calls itself Python', 'binary', 'a.py', 'left-out', 'incomplete'],
    ['a picture', 'binary', 'a.png', 'nothing-to-analyse', 'clean'],
    ['a link', 'symlink', 'a.py', 'nothing-to-analyse', 'clean'],
  ] as const)('%s', async (_, reason, path, outcome, conclusion) => {
    const { verdict, ledger } = await review([
      { path, previousPath: path, status: 'added', hunks: [], unread: { reason, detail: 'so it is' } },
    ]);
    expect(ledger.entries).toMatchObject([{ path, outcome }]);
    expect(verdict).toEqual({ conclusion, sentence: NO_DEFECTS });
  });

  test('a syntax error counts where a hunk meets it', async () => {
    const far = await review([
      changedFile('a.py', text('SYNTAX', filler(20)), text('SYNTAX', filler(20), 'new')),
    ]);
    expect(far.ledger).toMatchObject({
      complete: true,
      entries: [{ outcome: 'partly-analysed', hunksLeftOut: 0 }],
    });
    const near = await review([changedFile('a.py', text(filler(20)), text(filler(20), 'SYNTAX'))]);
    expect(near.ledger).toMatchObject({
      complete: false,
      entries: [{ outcome: 'partly-analysed', hunksLeftOut: 1 }],
    });
    expect(near.ledger.entries[0]!.reasons).toEqual(['line 21: a syntax error']);
    expect(near.verdict.conclusion).toBe('incomplete');
  });

  test('a file that breaks the engine is lost alone', async () => {
    const found = await review([
      changedFile('bad.py', undefined, text('CRASH')),
      changedFile('good.py', undefined, text('BUG')),
    ]);
    expect(found.defects).toHaveLength(1);
    expect(found.ledger).toMatchObject({
      complete: false,
      entries: [
        { path: 'bad.py', outcome: 'left-out', hunks: 1, hunksLeftOut: 1 },
        { path: 'good.py', outcome: 'analysed', hunksLeftOut: 0 },
      ],
    });
  });

  test('without the earlier version only changed lines are trusted, and it is said', async () => {
    const { defects, ledger } = await review([
      changedFile('a.py', text('CRASH', 'BUG', filler(9)), text('fixed', 'BUG', filler(9), 'BUG too')),
    ]);
    expect(defects.map(({ finding }) => finding.location.startLine)).toEqual([12]);
    expect(ledger.complete).toBe(false);
    expect(ledger.entries[0]!.reasons.join()).toContain('earlier version');
  });

  test('what the input could not read makes the review incomplete', async () => {
    const input = inputOf([], { limits: ['Only 3000 of 8082 files are listed.'] });
    const { verdict, ledger } = await review(input);
    expect(verdict.conclusion).toBe('incomplete');
    expect(ledger.limits).toEqual(['Only 3000 of 8082 files are listed.']);
  });

  test('imports are followed level by level, within the budget', async () => {
    const sources = sourcesOf({ 'b.py': 'import c\nEXPORT', 'c.py': 'EXPORT', 'd.py': 'EXPORT' });
    const files = [changedFile('a.py', undefined, text('import b', 'import d', 'import absent'))];
    const whole = await review(files, { sources });
    expect(whole.ledger.importedFiles).toBe(3);
    expect(whole.defects).toHaveLength(2);
    for (const imports of [
      { files: 1, characters: 1000, levels: 3 },
      { files: 9, characters: 16, levels: 3 },
    ]) {
      const small = await review(files, { sources, budgets: { imports } });
      expect(small.ledger.limits).toEqual(['Imports were followed into 1 file; 1 more was not read.']);
      expect(small.ledger.complete).toBe(true);
    }
    const deep = sourcesOf({ 'b.py': 'import c', 'c.py': 'import d', 'd.py': 'x' });
    for (const levels of [0, 1, 2, 3, 4]) {
      const found = await review(files, {
        sources: deep,
        budgets: { imports: { files: 9, characters: 1000, levels } },
      });
      // d.py is imported by a.py itself.
      expect(found.ledger.importedFiles).toBe([0, 2, 3, 3, 3][levels]);
    }
  });
});

describe('the configuration', () => {
  const bug = [changedFile('pkg/a.py', undefined, text('BUG', 'NOTE', 'NOTE quiet'))];
  const configuredBy = (base: string) => review(inputOf(bug, { configuration: { base } }));

  test('shows advisories in the summary unless asked otherwise, quiet ones always', async () => {
    expect((await review(bug)).advisories.map(({ display }) => display)).toEqual(['summary', 'summary']);
    const inline = await configuredBy('advisories: inline');
    expect(inline.advisories.map(({ display }) => display)).toEqual(['inline', 'summary']);
    expect((await configuredBy('advisories: "off"')).advisories).toEqual([]);
  });

  test('changes what a rule is', async () => {
    expect((await configuredBy('rules: {bug: "off"}')).verdict.conclusion).toBe('clean');
    expect((await configuredBy('rules: {bug: advisory}')).advisories).toHaveLength(3);
    expect((await configuredBy('rules: {note: defect}')).verdict.sentence).toBe(
      '3 security defects are detected in the code.',
    );
    expect((await configuredBy('rules: {bug: summary}')).defects).toMatchObject([{ display: 'summary' }]);
  });

  test('leaves paths out by choice: the ledger says so and stays complete', async () => {
    const found = await configuredBy('paths: {exclude: [pkg/]}');
    expect(found.verdict.conclusion).toBe('clean');
    expect(found.ledger).toMatchObject({
      complete: true,
      entries: [{ outcome: 'left-out', hunksLeftOut: 1 }],
    });
  });

  test('names tests', async () => {
    expect((await configuredBy('paths: {tests: [pkg/**]}')).ledger.entries[0]!.role).toBe('test');
  });

  test('limits inline comments, the most severe first', async () => {
    const files = [changedFile('a.py', undefined, text('BUG 1', 'BUG 2', 'BUG 3 critical'))];
    const { defects } = await review(inputOf(files, { configuration: { base: 'inline-limit: 2' } }));
    expect(defects.map(({ finding, display }) => [finding.location.startLine, display])).toEqual([
      [3, 'inline'],
      [1, 'inline'],
      [2, 'summary'],
    ]);
  });

  test('says whether defects fail the check', async () => {
    expect((await review(bug)).failOn).toBe('defect');
    expect(await configuredBy('fail-on: never')).toMatchObject({
      failOn: 'never',
      verdict: { conclusion: 'defects' },
    });
  });

  test('of the head is not followed; its weakening is told', async () => {
    const head = 'rules: {bug: "off"}\nsuppressions: [{rule: note, path: "**", reason: because}]';
    const found = await review(inputOf(bug, { configuration: { base: '', head } }));
    expect(found.defects).toHaveLength(1);
    expect(notices(found)).toEqual([
      "This change edits `.github/patchwarden.yml`; the review used the base branch's.",
      'The changed configuration is weaker: it sets rule `bug` to `off`.',
      'The changed configuration is weaker: it suppresses `note` in `**`.',
    ]);
  });

  test('with a mistake applies but for the mistake', async () => {
    const found = await configuredBy('rules:\n  bug: "off"\n  nonsense: "off"\n');
    expect(found.defects).toEqual([]);
    expect(notices(found)).toEqual([
      '`.github/patchwarden.yml`, line 3: `rules.nonsense` is left out: there is no such rule.',
    ]);
  });
});

describe('always', () => {
  const line = fc.constantFrom(
    'a',
    'b',
    'c',
    'BUG',
    'NOTE',
    'BUG from 1',
    'GUARD g',
    'def f():',
    'def g():',
    'GOOD',
    'SYNTAX',
    'import other',
    'CRASH',
  );
  const content = fc.option(
    fc.array(line, { maxLength: 25 }).map((lines) => text(lines)),
    { nil: undefined },
  );
  const files = fc
    .uniqueArray(fc.tuple(fc.constantFrom('a.py', 'b.py', 'other.py', 'd.py'), content, content), {
      selector: ([path]) => path,
    })
    .map((sides) => sides.filter(([, base, head]) => base !== undefined || head !== undefined))
    .map((sides) => sides.map(([path, base, head]) => changedFile(path, base, head)));

  test('anchors are in the diff, the ledger is whole, the verdict follows from the findings', async () => {
    await fc.assert(
      fc.asyncProperty(files, async (changed) => {
        const found = await review(changed);
        for (const { anchor } of [...found.defects, ...found.advisories]) {
          const file = changed.find(({ path }) => path === anchor!.path);
          expect(isInDiff(file!.hunks, anchor!)).toBe(true);
        }
        expect(found.ledger.entries.map(({ path, hunks }) => [path, hunks])).toEqual(
          changed.map(({ path, hunks }) => [path, hunks.length]).toSorted(([a], [b]) => (a! < b! ? -1 : 1)),
        );
        for (const { hunks, hunksLeftOut } of found.ledger.entries)
          expect(hunksLeftOut).toBeLessThanOrEqual(hunks);
        const { conclusion, sentence } = found.verdict;
        expect(conclusion === 'defects').toBe(found.defects.length > 0);
        expect(sentence === NO_DEFECTS).toBe(found.defects.length === 0);
        expect(conclusion === 'clean').toBe(found.defects.length === 0 && found.ledger.complete);
        expect(found.defects.every(({ finding }) => finding.kind === 'defect')).toBe(true);
        expect(found.advisories.every(({ finding }) => finding.kind === 'advisory')).toBe(true);
      }),
    );
  });

  test('the same change gives the same review, in whatever order its files come', async () => {
    await fc.assert(
      fc.asyncProperty(files, async (changed) => {
        expect(await review(changed.toReversed())).toEqual(await review(changed));
      }),
    );
  });

  test('a change to nothing reports nothing', async () => {
    await fc.assert(
      fc.asyncProperty(content, async (same) => {
        const found = await review([changedFile('a.py', same ?? '', same ?? '')]);
        expect([...found.defects, ...found.advisories]).toEqual([]);
      }),
    );
  });
});

test('a signal ends the review', async () => {
  const stopped = AbortSignal.abort(new Error('a newer push'));
  await expect(review([changedFile('a.py', '', 'BUG')], { signal: stopped })).rejects.toThrow('a newer push');
});
