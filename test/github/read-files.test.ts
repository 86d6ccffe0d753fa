import { compareFiles, listFiles } from '../../src/github/read-files.ts';
import { SHOP, simulation } from './simulated.ts';

const simulated = simulation();

const many = (count: number) =>
  Object.fromEntries(
    Array.from({ length: count }, (_, i) => [`m${String(i).padStart(4, '0')}.py`, `x = ${i}\n`]),
  );

test('a list that is as long as GitHub lists may have been cut, and says so', async () => {
  const repository = await simulated.createRepository({ 'app.py': 'x\n' });
  const pull = await simulated.github.openPullRequest(repository, {
    commits: [{ message: 'Change', files: many(3001) }],
  });
  const target = { repository: SHOP, number: pull.number };
  for (const changedFiles of [3000, 3001]) {
    const { rows, limits } = await listFiles(simulated.client, target, changedFiles);
    expect(rows).toHaveLength(3000);
    expect(limits).toEqual([expect.stringContaining(`3000 of ${changedFiles} or more`)]);
  }
}, 30_000);

test('a comparison lists 300 files, and says so', async () => {
  const repository = await simulated.createRepository({ 'app.py': 'x\n' });
  const base = await repository.git.resolve('main');
  const small = await simulated.github.commitTo(repository, 'main', [{ message: 'Some', files: many(299) }]);
  expect(await compareFiles(simulated.client, SHOP, base, small)).toMatchObject({
    limits: [],
    mergeBaseSha: base,
  });
  const large = await simulated.github.commitTo(repository, 'main', [{ message: 'More', files: many(301) }]);
  const { rows, limits } = await compareFiles(simulated.client, SHOP, base, large);
  expect(rows).toHaveLength(300);
  expect(limits).toEqual([expect.stringContaining('at most 300')]);
}, 30_000);
