import {
  type CheckRunContent,
  completeCheckRun,
  findCheckRun,
  startCheckRun,
} from '../../src/github/check-runs.ts';
import type { Annotation } from '../../src/report/annotations.ts';
import type { PullRequest } from '../simulated-github/model.ts';
import { SHOP, simulation } from './simulated.ts';

const simulated = simulation();

async function open(): Promise<PullRequest> {
  const repository = await simulated.createRepository({ 'app.py': 'x = 1\n' });
  return simulated.github.openPullRequest(repository, {
    commits: [{ message: 'Change', files: { 'app.py': 'x = 2\n' } }],
  });
}

const annotation = (line: number): Annotation => ({
  path: 'app.py',
  startLine: line,
  endLine: line,
  level: 'failure',
  title: 'sql-injection',
  message: `Line ${line}`,
});

const CONTENT: CheckRunContent = {
  conclusion: 'failure',
  title: 'Two defects',
  summary: '# Summary',
  text: 'Text',
};

const start = (pull: PullRequest, externalId = 'job-1') =>
  startCheckRun(simulated.client, SHOP, {
    headSha: pull.head.sha,
    externalId,
    appId: simulated.github.app.id,
  });

const runs = (pull: PullRequest) => simulated.github.view(pull).checkRuns;

test('a check run is in progress at once, and then complete', async () => {
  const pull = await open();
  const run = await start(pull);
  expect(runs(pull)).toMatchObject([{ name: 'Patchwarden', status: 'in_progress', conclusion: null }]);
  await completeCheckRun(simulated.client, SHOP, run, { ...CONTENT, annotations: [annotation(1)] });
  expect(runs(pull)).toMatchObject([
    {
      status: 'completed',
      conclusion: 'failure',
      title: 'Two defects',
      summary: '# Summary',
      text: 'Text',
      annotations: [{ path: 'app.py', start_line: 1, annotation_level: 'failure', message: 'Line 1' }],
    },
  ]);
  expect(await findCheckRun(simulated.client, SHOP, pull.head.sha)).toMatchObject({
    id: run.id,
    isCompleted: true,
  });
});

test('annotations go fifty a request, and the conclusion with the last', async () => {
  const pull = await open();
  const run = await start(pull);
  const annotations = Array.from({ length: 120 }, (_, i) => annotation(i + 1));
  await completeCheckRun(simulated.client, SHOP, run, { ...CONTENT, annotations });
  expect(runs(pull)[0]?.annotations.map((one) => one.start_line)).toEqual(
    annotations.map((one) => one.startLine),
  );
  const updates = simulated.github.requests.filter(({ operation }) => operation === 'checks/update');
  expect(updates.map(({ body }) => (body as { conclusion?: string }).conclusion)).toEqual([
    undefined,
    undefined,
    'failure',
  ]);
});

test('a job that crashed while completing goes on where it was', async () => {
  const pull = await open();
  const annotations = Array.from({ length: 120 }, (_, i) => annotation(i + 1));
  const content = { ...CONTENT, annotations };
  let updates = 0;
  const isSecond = ({ operation }: { operation: string }) => operation === 'checks/update' && ++updates === 2;
  simulated.github.fail(isSecond, { kind: 'status', status: 403, message: 'Stop here' });
  await expect(completeCheckRun(simulated.client, SHOP, await start(pull), content)).rejects.toThrow(
    'Stop here',
  );
  expect(runs(pull)[0]).toMatchObject({ status: 'in_progress' });

  await completeCheckRun(simulated.client, SHOP, await start(pull), content);
  expect(runs(pull)).toHaveLength(1);
  expect(runs(pull)[0]?.annotations).toHaveLength(120);
  // Even after the end.
  await completeCheckRun(simulated.client, SHOP, await start(pull), content);
  expect(runs(pull)).toHaveLength(1);
  expect(runs(pull)[0]?.annotations).toHaveLength(120);
});

test('annotations whose answer was lost are not there twice', async () => {
  const pull = await open();
  const content = { ...CONTENT, annotations: [annotation(1), annotation(2)] };
  simulated.github.fail('checks/update', { kind: 'dropped', done: true });
  await expect(completeCheckRun(simulated.client, SHOP, await start(pull), content)).rejects.toThrow();
  await completeCheckRun(simulated.client, SHOP, await start(pull), content);
  expect(runs(pull)).toMatchObject([
    { status: 'completed', annotations: [{ start_line: 1 }, { start_line: 2 }] },
  ]);
  expect(runs(pull)[0]?.annotations).toHaveLength(2);
});

test("another job takes over a run that was left in progress, and adds one to another's completed run", async () => {
  const pull = await open();
  const first = await start(pull, 'job-1');
  const second = await start(pull, 'job-2');
  expect(second).toMatchObject({ id: first.id, externalId: 'job-2' });
  await completeCheckRun(simulated.client, SHOP, second, CONTENT);
  const third = await start(pull, 'job-3');
  expect(third.id).not.toBe(first.id);
  expect(runs(pull)[0]).toMatchObject({ id: third.id, status: 'in_progress' });
  expect(await start(pull, 'job-3')).toEqual(third);
});

test('texts are cut at the bytes that GitHub takes', async () => {
  const pull = await open();
  const long = 'é'.repeat(60_000);
  await completeCheckRun(simulated.client, SHOP, await start(pull), {
    ...CONTENT,
    summary: long,
    text: long,
  });
  const [run] = runs(pull);
  expect(Buffer.byteLength(run!.summary!)).toBeLessThanOrEqual(65_535);
  expect(Buffer.byteLength(run!.summary!)).toBeGreaterThan(65_500);
  expect(run!.text).toBe(run!.summary);
});
