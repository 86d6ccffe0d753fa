import { findPullRequests, listOpenPullRequests } from '../../src/github/find-pull-requests.ts';
import { SHOP, simulation } from './simulated.ts';

const simulated = simulation();

test('finds the open pull requests at a commit, from forks too', async () => {
  const repository = await simulated.createRepository({ 'app.py': 'x = 1\n' });
  const open = (fork?: string, file = 'app.py') =>
    simulated.github.openPullRequest(repository, {
      commits: [{ message: 'Change', files: { [file]: `x = ${repository.nextNumber}\n` } }],
      ...(fork ? { fork } : {}),
    });
  const [own, forked, closed, other] = [await open(), await open('somebody'), await open(), await open()];
  simulated.github.close(closed);
  const find = async (sha: string) =>
    (await findPullRequests(simulated.client, SHOP, sha)).map((pull) => pull.number);
  expect(await find(own.head.sha)).toEqual([own.number]);
  expect(await find(forked.head.sha)).toEqual([forked.number]);
  expect(await find(closed.head.sha)).toEqual([]);
  expect(await find('0'.repeat(40))).toEqual([]);
  // Not a head any more.
  const before = other.head.sha;
  await simulated.github.push(other, [{ message: 'More', files: { 'b.py': 'x\n' } }]);
  expect(await find(before)).toEqual([]);
  expect((await listOpenPullRequests(simulated.client, SHOP)).map((pull) => pull.headSha).toSorted()).toEqual(
    [own, forked, other].map((pull) => pull.head.sha).toSorted(),
  );
});

test('looks through all pages', async () => {
  const repository = await simulated.createRepository({ 'app.py': 'x = 1\n' });
  const first = await simulated.github.openPullRequest(repository, {
    fork: 'somebody',
    commits: [{ message: 'Change', files: { 'app.py': 'x = 2\n' } }],
  });
  for (let number = 2; number <= 150; number++) {
    repository.pulls.push({ ...first, number, head: { ...first.head, sha: 'f'.repeat(40) } });
  }
  expect(await findPullRequests(simulated.client, SHOP, first.head.sha)).toEqual([
    { number: 1, headSha: first.head.sha, draft: false },
  ]);
});
