import { DOUBTFUL, Place, run, SAFE, VULNERABLE } from './run.ts';

const place = new Place();
afterAll(place.remove);
const commits: string[] = [];
beforeAll(() => {
  place.git('init', '--quiet', '--initial-branch=main');
  commits.push(place.commit('Start', { 'search.py': SAFE }));
  commits.push(place.commit('Break it', { 'search.py': VULNERABLE }));
  commits.push(place.commit('Add a digest', { 'digest.py': DOUBTFUL }));
  commits.push(place.commit('Only words', { 'readme.txt': 'words' }));
});

test('reviews each commit against its parent, and counts', async () => {
  const { code, stdout } = await run(['replay', '--commits', '10', '--advisories'], {
    directory: place.root,
  });
  expect(code).toBe(1);
  const blocks = stdout.trimEnd().split('\n\n');
  expect(blocks).toHaveLength(3);
  expect(blocks[0]).toMatch(
    new RegExp(`^${commits[2]!.slice(0, 12)} Add a digest\n  advisory \\w+ weak-hash  digest\\.py:4\n`),
  );
  expect(blocks[1]).toMatch(
    new RegExp(`^${commits[1]!.slice(0, 12)} Break it\n  defect \\w+ sql-injection  search\\.py:6\n`),
  );
  expect(blocks[2]).toMatch(
    /^3 commits, 2 changed Python files\n1 defect in 1 commit: sql-injection 1\n1 advisory(, 1 of them quiet)?: weak-hash 1\ntime per commit: median \d+ ms/,
  );
});

test('json has a row for each commit, the newest first', async () => {
  const args = ['replay', '--until', 'HEAD~1', '--commits', '2', '--format', 'json'];
  const { code, stdout } = await run(args, { directory: place.root });
  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject([
    { sha: commits[2], subject: 'Add a digest', complete: true, defects: [], files: 1 },
    {
      sha: commits[1],
      subject: 'Break it',
      defects: [{ rule: 'sql-injection', path: 'search.py', line: 6 }],
    },
  ]);
});
