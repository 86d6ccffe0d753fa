import { analyse, analyseInTurns } from '../../../src/engine/analyse.ts';
import { parseAhead } from '../../../src/engine/syntax/parse-ahead.ts';
import { projectOf } from '../support.ts';

test('gives every tree by its path', async () => {
  const trees = await parseAhead([
    ['a.py', 'x = 1\ny = 2\n'],
    ['b.py', ''],
  ]);
  expect([...trees].map(([path, { module }]) => [path, module.body.length])).toEqual([
    ['a.py', 2],
    ['b.py', 0],
  ]);
});

test('leaves the event loop a turn after much text, and none after little', async () => {
  const turnsWhileParsing = async (text: string) => {
    let turns = 0;
    let isDone = false;
    const count = (): void => {
      if (isDone) return;
      turns++;
      setImmediate(count);
    };
    setImmediate(count);
    await parseAhead(['a.py', 'b.py', 'c.py'].map((path) => [path, text] as const));
    isDone = true;
    return turns;
  };
  expect(await turnsWhileParsing('x = 1\n')).toBe(0);
  expect(await turnsWhileParsing('x = 1\n'.repeat(50_000))).toBeGreaterThanOrEqual(2);
});

test('an analysis in turns finds the same, and leaves out what is too long', async () => {
  const project = projectOf({
    'a.py': 'import os\nfrom flask import request\nos.system(request.args["a"])\n',
    'b.py': 'x = 1\n'.repeat(100),
  });
  const request = { project, targets: ['a.py', 'b.py', 'gone.py'], limits: { fileSize: 200 } };
  const inTurns = await analyseInTurns(request);
  expect(inTurns).toEqual(analyse(request));
  expect(inTurns.findings.map(({ ruleId }) => ruleId)).toContain('os-command-injection');
  expect(inTurns.files.map(({ status }) => status)).toEqual(['analysed', 'skipped', 'skipped']);
});
