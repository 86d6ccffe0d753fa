import { mergeTasks, rerunJob, reviewJob, taskOf } from '../../src/app/tasks.ts';

const repository = { installationId: 1, id: 2, owner: 'o', name: 'n' };
const pull = { type: 'pull-request', number: 3 } as const;

test('a newer review answers the comments, and knows the check runs, of the older one', () => {
  const older = {
    ...reviewJob('d1', repository, pull, { comments: [10, 11], again: true }).payload,
    heads: ['a'],
  };
  const newer = reviewJob('d2', repository, pull, { comments: [11, 12] }).payload;
  expect(mergeTasks(older, newer)).toEqual({ ...newer, again: true, comments: [10, 11, 12], heads: ['a'] });
});

test('a newer re-run simply takes the place of the older one', () => {
  const { payload } = rerunJob('d', repository, 'abc');
  expect(mergeTasks(rerunJob('d', repository, 'abc').payload, payload)).toBe(payload);
});

test('jobs of one pull request have one key, of a renamed repository too', () => {
  const renamed = { ...repository, owner: 'p', name: 'm' };
  expect(reviewJob('d1', repository, pull).key).toBe(reviewJob('d2', renamed, pull).key);
  expect(reviewJob('d1', repository, pull).key).not.toBe(reviewJob('d1', { ...repository, id: 9 }, pull).key);
});

test('a job that no version knows is refused', () => {
  expect(() => taskOf({ kind: 'review', payload: { repository: 'o/n' } })).toThrow();
  expect(() => taskOf({ kind: 'bake', payload: {} })).toThrow();
});
