import { plain } from '../../src/engine/finding.ts';
import { parseModule } from '../../src/engine/syntax/parse.ts';
import { ignoreComments } from '../../src/review/suppressions.ts';
import { changedFile, inputOf, review } from './changes.ts';

function commentsIn(source: string) {
  return ignoreComments('a.py', source, parseModule(source).module.comments);
}

describe('comments that ask to ignore', () => {
  test('speak of their line, or, alone, of the next line of code', () => {
    const found = commentsIn(
      [
        'x = 1  # patchwarden: ignore[bug] it is fine',
        '# patchwarden: ignore[bug, note] two of them',
        '# another comment',
        '',
        'y = 2',
        '',
      ].join('\n'),
    );
    expect(found).toEqual([
      { path: 'a.py', line: 1, appliesTo: [1], ruleIds: ['bug'], reason: 'it is fine' },
      { path: 'a.py', line: 2, appliesTo: [2, 5], ruleIds: ['bug', 'note'], reason: 'two of them' },
    ]);
  });

  test('are comments: text in strings is none', () => {
    expect(
      commentsIn('x = "# patchwarden: ignore[bug] no"\ny = f"{1} # patchwarden: ignore[bug] no"\n'),
    ).toEqual([]);
    expect(commentsIn('"""\n# patchwarden: ignore[bug] no\n"""\n')).toEqual([]);
  });

  test('may lack the rule or the reason, and then say so', () => {
    expect(commentsIn('x  # patchwarden: ignore\n')).toMatchObject([{ ruleIds: [], reason: '' }]);
    expect(commentsIn('x  # patchwarden: ignore[bug]\n')).toMatchObject([{ ruleIds: ['bug'], reason: '' }]);
  });
});

describe('a comment in the code', () => {
  const comment = '# patchwarden: ignore[bug] reviewed by Ann';

  test('that was there before, over untouched code, silences; the finding is listed', async () => {
    const after = `\nx\ny\nz\n${comment}\nBUG from 1\n`;
    const found = await review([changedFile('a.py', `safe${after}`, `tainted${after}`)]);
    expect(found.verdict.conclusion).toBe('clean');
    expect(found.suppressed).toMatchObject([
      {
        finding: { ruleId: 'bug' },
        by: 'a comment in line 5, older than this change',
        reason: 'reviewed by Ann',
      },
    ]);
  });

  test('that the change adds does not silence a defect', async () => {
    const found = await review([changedFile('a.py', 'x\n', `x\nBUG  ${comment}\n`)]);
    expect(found.defects).toHaveLength(1);
    expect(found.suppressed).toEqual([]);
    expect(found.notices.map(plain)).toEqual([
      "The comment in `a.py`, line 2, is added by this change: it does not suppress the defect (`bug`). To accept it, list it under `suppressions` in the base branch's configuration.",
    ]);
  });

  test('nor does an old one, when the change puts other code under it', async () => {
    const found = await review([changedFile('a.py', `${comment}\nold\n`, `${comment}\nBUG\n`)]);
    expect(found.defects).toHaveLength(1);
    expect(found.notices.map(plain).join()).toContain(
      'is older than the code under it, which this change touches',
    );
  });

  test('that the change adds silences an advisory, accountably', async () => {
    const found = await review([changedFile('a.py', 'x\n', 'x\nNOTE  # patchwarden: ignore[note] known\n')]);
    expect(found.advisories).toEqual([]);
    expect(found.suppressed).toMatchObject([
      { by: 'a comment in line 2 that this change adds', reason: 'known' },
    ]);
  });

  test('that the change adds silences a defect where the base branch allows that, with a notice', async () => {
    const files = [changedFile('a.py', 'x\n', `x\nBUG  ${comment}\n`)];
    const found = await review(inputOf(files, { configuration: { base: 'suppression-comments: change' } }));
    expect(found.defects).toEqual([]);
    expect(found.suppressed).toHaveLength(1);
    expect(found.notices.map(plain).join()).toContain('suppresses a defect');
  });

  test.each([
    ['without a rule', '# patchwarden: ignore known', 'names no rule'],
    ['without a reason', '# patchwarden: ignore[note]', 'gives no reason'],
  ])('%s has no effect', async (_, written, notice) => {
    const found = await review([changedFile('a.py', 'x\n', `x\nNOTE  ${written}\n`)]);
    expect(found.advisories).toHaveLength(1);
    expect(found.notices.map(plain).join()).toContain(notice);
  });

  test('for another rule has no effect', async () => {
    const found = await review([changedFile('a.py', 'x\n', 'x\nNOTE  # patchwarden: ignore[bug] known\n')]);
    expect(found.advisories).toHaveLength(1);
    expect(found.notices).toEqual([]);
  });
});

describe('a suppression of the configuration', () => {
  const files = [changedFile('pkg/a.py', undefined, 'def f():\n  BUG\ndef fg():\n  BUG\n')];
  const under = (suppression: string) =>
    review(
      inputOf(files, {
        configuration: { base: `suppressions:\n  - {rule: bug, reason: known risk, ${suppression}}` },
      }),
    );

  test('holds for its path', async () => {
    const found = await under('path: pkg/**, owner: ann');
    expect(found.defects).toEqual([]);
    expect(found.suppressed).toMatchObject(
      Array(2).fill({ by: 'the configuration of the base branch, owner ann', reason: 'known risk' }),
    );
    expect((await under('path: other/**')).defects).toHaveLength(2);
  });

  test('holds for its symbol only', async () => {
    expect((await under('path: pkg/**, symbol: f')).defects).toMatchObject([{ finding: { symbol: 'fg' } }]);
  });

  test('ends after its last day', async () => {
    expect((await under('path: pkg/**, until: 2026-06-15')).defects).toEqual([]);
    const ended = await under('path: pkg/**, until: 2026-06-14');
    expect(ended.defects).toHaveLength(2);
    expect(ended.notices.map(plain)).toEqual(['The suppression of `bug` in `pkg/**` ended on 2026-06-14.']);
  });
});
