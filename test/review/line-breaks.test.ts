import { inLinesOfDiff } from '../../src/review/line-breaks.ts';
import { answer } from '../../src/review/worker-side.ts';
import { changedFile, review } from './changes.ts';
import { fakeAnalyse } from './fake-engine.ts';

function answerTo(text: string) {
  return answer({ paths: ['a.py'], texts: new Map([['a.py', text]]), targets: ['a.py'] }, fakeAnalyse);
}

test('a lone carriage return ends a line for Python and not for git', async () => {
  const found = await answerTo('x\ry\n\nBUG from 2\rNOTE\r\nGOOD GUARD g');
  expect(found.findings.map(({ location }) => [location.startLine, location.endLine])).toEqual([
    [3, 3],
    [3, 3],
  ]);
  expect(found.findings[0]!.trace[0]!.location.startLine).toBe(1);
  expect(found.practices[0]!.location.startLine).toBe(4);
  expect(found.controls[0]!.location.startLine).toBe(4);
});

test('a replacement of lines is left out where lines differ', async () => {
  const found = await answerTo('BUG');
  const replacement = { path: 'a.py', startLine: 1, endLine: 1, lines: ['fine'] };
  const fixed = {
    ...found,
    findings: found.findings.map((one) => ({ ...one, fix: { ...one.fix, replacement } })),
  };
  expect(inLinesOfDiff(fixed, new Map([['a.py', 'BUG\r\n']]))).toBe(fixed);
  expect(inLinesOfDiff(fixed, new Map([['a.py', 'BUG\r']])).findings[0]!.fix).toEqual({ text: ['mend it'] });
});

test('carriage returns move neither findings nor comments off their lines of the diff', async () => {
  const head = '#\r\r\r\r\r\nx\nBUG\nNOTE  # patchwarden: ignore[note] known\n';
  const found = await review([changedFile('a.py', 'x\n', head)]);
  expect(found.defects).toMatchObject([{ anchor: { line: 3 }, elsewhere: false }]);
  expect(found.suppressed).toMatchObject([{ by: 'a comment in line 4 that this change adds' }]);
});
