import { analyseVersion } from '../../src/review/analysis.ts';
import { AnalysisPool, type WorkerRequest } from '../../src/review/workers.ts';

const entry = new URL('./fake-worker.ts', import.meta.url);
let pool: AnalysisPool;
beforeEach(() => {
  pool = new AnalysisPool({ entry, timeoutMs: 8000, memoryMb: 48, size: 2 });
});
afterEach(() => pool.close());

function requestFor(files: Readonly<Record<string, string>>): WorkerRequest {
  return { paths: Object.keys(files), texts: new Map(Object.entries(files)), targets: Object.keys(files) };
}

test('a request is answered with what the engine found, and the comments that ask to ignore', async () => {
  const outcome = await pool.analyse(requestFor({ 'a.py': 'BUG  # patchwarden: ignore[bug] known' }));
  expect(outcome).toMatchObject({
    answer: {
      findings: [{ ruleId: 'bug', location: { path: 'a.py', startLine: 1 } }],
      ignoreComments: [{ path: 'a.py', line: 1, ruleIds: ['bug'], reason: 'known' }],
    },
  });
});

test('more requests than threads are all answered', async () => {
  const outcomes = await Promise.all(
    Array.from({ length: 20 }, (_, at) => pool.analyse(requestFor({ 'a.py': `${'x\n'.repeat(at)}BUG` }))),
  );
  expect(
    outcomes.map((outcome) => ('answer' in outcome ? outcome.answer.findings[0]!.location.startLine : 0)),
  ).toEqual(Array.from({ length: 20 }, (_, at) => at + 1));
});

test.each([
  ['loops forever', 'LOOP', 'timeout'],
  ['needs too much memory', 'EXHAUST', 'out-of-memory'],
  ['recurses without end', 'DEEP', 'crash'],
  ['fails', 'CRASH', 'crash'],
])('a file that %s is stopped, and the next request is answered', async (_, text, failure) => {
  expect(await pool.analyse(requestFor({ 'a.py': text }))).toMatchObject({ failure });
  expect(await pool.analyse(requestFor({ 'a.py': 'BUG' }))).toHaveProperty('answer');
});

test('of a batch only the guilty files are lost', async () => {
  const files = { 'a.py': 'BUG', 'loop.py': 'LOOP', 'b.py': 'BUG', 'memory.py': 'EXHAUST', 'c.py': 'NOTE' };
  const { texts, targets } = requestFor(files);
  const version = { side: 'head' as const, paths: new Set(targets), texts, targets, roles: new Map() };
  const result = await analyseVersion(version, new Map(), pool);
  expect(result.findings.map(({ location }) => location.path).sort()).toEqual(['a.py', 'b.py', 'c.py']);
  const skipped = result.files.filter((file) => file.status === 'skipped');
  expect(skipped.map(({ path, problems }) => [path, problems[0]!.reason]).sort()).toEqual([
    ['loop.py', 'out-of-steps'],
    ['memory.py', 'internal-error'],
  ]);
}, 90_000);

test('the thread sees nothing of the environment', async () => {
  // The entry runs the fake engine; `process.env` is emptied for every thread of the pool.
  const probe = new AnalysisPool({
    entry: new URL(
      'data:text/javascript,import { parentPort } from "node:worker_threads"; parentPort.on("message", () => parentPort.postMessage({ failure: "crash", detail: JSON.stringify(process.env) }))',
    ),
  });
  expect(await probe.analyse(requestFor({}))).toEqual({ failure: 'crash', detail: '{}' });
  await probe.close();
});

test('closing ends what runs and what waits', async () => {
  const outcomes = Array.from({ length: 4 }, () => pool.analyse(requestFor({ 'a.py': 'LOOP' })));
  await pool.close();
  for (const outcome of await Promise.all(outcomes)) expect(outcome).toMatchObject({ failure: 'crash' });
  expect(() => pool.analyse(requestFor({}))).toThrow('closed');
});
