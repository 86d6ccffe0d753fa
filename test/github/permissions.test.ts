import { type Commander, mayCommand } from '../../src/github/permissions.ts';
import { react } from '../../src/github/reactions.ts';
import type { RoleName } from '../simulated-github/model.ts';
import { SHOP, simulation } from './simulated.ts';

const simulated = simulation();

const may = (commander: Partial<Commander>) =>
  mayCommand(simulated.client, SHOP, { login: 'somebody', type: 'User', isAuthor: false, ...commander });

test('the author may command, and who may write', async () => {
  const repository = await simulated.createRepository({ 'app.py': 'x = 1\n' });
  expect(await may({ isAuthor: true })).toBe(true);
  const expected: Record<RoleName, boolean> = {
    admin: true,
    maintain: true,
    write: true,
    triage: false,
    read: false,
    none: false,
  };
  for (const [role, allowed] of Object.entries(expected)) {
    simulated.github.setRole(repository, 'somebody', role as RoleName);
    expect([role, await may({})]).toEqual([role, allowed]);
  }
});

test('bots and unknown users may not, and a failure lets nobody in', async () => {
  const repository = await simulated.createRepository({ 'app.py': 'x = 1\n' });
  simulated.github.setRole(repository, 'robot', 'admin');
  expect(await may({ login: 'robot', type: 'Bot', isAuthor: true })).toBe(false);
  expect(await may({ login: 'never-seen' })).toBe(false);
  simulated.github.setRole(repository, 'somebody', 'admin');
  simulated.github.fail('repos/get-collaborator-permission-level', { kind: 'secondary-rate-limit' });
  await expect(may({})).rejects.toMatchObject({ status: 403 });
});

test('a reaction is there once; to a comment that is gone there is none', async () => {
  const repository = await simulated.createRepository({ 'app.py': 'x = 1\n' });
  const pull = await simulated.github.openPullRequest(repository, {
    commits: [{ message: 'Change', files: { 'app.py': 'x = 2\n' } }],
  });
  const { id } = simulated.github.comment(pull, 'somebody', '/recheck');
  expect(await react(simulated.client, SHOP, id, 'eyes')).toBe(true);
  expect(await react(simulated.client, SHOP, id, 'eyes')).toBe(true);
  expect(await react(simulated.client, SHOP, id, 'rocket')).toBe(true);
  expect(simulated.github.view(pull).comments[0]?.reactions).toEqual([
    { content: 'eyes', author: 'patchwarden[bot]' },
    { content: 'rocket', author: 'patchwarden[bot]' },
  ]);
  expect(await react(simulated.client, SHOP, 1, 'eyes')).toBe(false);
});
