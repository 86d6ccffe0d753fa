import { processConsole } from '../../src/cli/console.ts';

/** A process with what the console looks at; what it writes is kept. */
function fakeProcess(isTTY: boolean, environment: Record<string, string> = {}) {
  const written: string[] = [];
  const stream = (name: string) => ({
    isTTY,
    columns: 40,
    write: (text: string) => written.push(`${name}: ${text}`),
  });
  const fake = { env: environment, cwd: () => '/here', stdout: stream('out'), stderr: stream('err') };
  return { console: processConsole(fake as unknown as NodeJS.Process), written };
}

test.each([
  ['in a terminal', true, {}, true],
  ['in a pipe', false, {}, false],
  ['in a terminal with NO_COLOR', true, { NO_COLOR: '1' }, false],
  ['in a terminal with an empty NO_COLOR', true, { NO_COLOR: '' }, true],
  ['in a terminal that cannot', true, { TERM: 'dumb' }, false],
  ['in a pipe where they are forced', false, { FORCE_COLOR: '1' }, true],
  ['where they are forced off', true, { FORCE_COLOR: '0' }, false],
] as const)('colours %s', (_, isTTY, environment, expected) => {
  expect(fakeProcess(isTTY, environment).console.colors.isColorSupported).toBe(expected);
});

test('progress is one line on standard error, gone before anything else is written', () => {
  const { console, written } = fakeProcess(true);
  console.progress.show(`Reading ${'x'.repeat(100)}`);
  console.progress.show('Analysing');
  console.print('report');
  console.note('done');
  expect(written).toEqual([
    `err: \r\u001b[2KReading ${'x'.repeat(31)}`,
    'err: \r\u001b[2KAnalysing',
    'err: \r\u001b[2K',
    'out: report',
    'err: done\n',
  ]);
});

test('there is no progress where nobody watches', () => {
  const { console, written } = fakeProcess(false);
  console.progress.show('Reading');
  console.print('report');
  expect(written).toEqual(['out: report']);
});
