import published from '@octokit/webhooks-examples' with { type: 'json' };
import { EVENTS, type HandledEvent, jobFor } from '../../src/app/events.ts';
import { taskOf } from '../../src/app/tasks.ts';

type Facts = { readonly [key: string]: unknown };

/** The package describes itself as a module of named exports; it is one JSON array. */
const examples = published as unknown as readonly {
  readonly name: string;
  readonly examples: readonly { readonly action?: string }[];
}[];

const installation = { id: 99, node_id: 'x' };

/** GitHub's own example of an event with some of its facts changed. */
function event(name: string, action: string, facts: Facts = {}): HandledEvent {
  const definition = examples.find((candidate) => candidate.name === name);
  const payload = definition?.examples.find((example) => example.action === action);
  if (!payload) throw new Error(`no example of ${name}.${action}`);
  return {
    id: 'delivery',
    name,
    payload: merge({ ...payload, installation }, facts),
  } as unknown as HandledEvent;
}

function merge(into: unknown, facts: unknown): unknown {
  if (typeof facts !== 'object' || facts === null || typeof into !== 'object' || into === null) return facts;
  const merged: { [key: string]: unknown } = { ...into };
  for (const [key, value] of Object.entries(facts)) merged[key] = merge(merged[key], value);
  return merged;
}

function task(given: HandledEvent) {
  const job = jobFor(given);
  return job && taskOf(job);
}

describe('pull_request', () => {
  test.each(['opened', 'reopened', 'synchronize', 'ready_for_review'])('%s asks for a review', (action) => {
    const given = event('pull_request', action, { pull_request: { draft: false, state: 'open' } });
    const { number } = (given.payload as { pull_request: { number: number } }).pull_request;
    expect(jobFor(given)).toEqual({
      kind: 'review',
      key: `99/${given.payload.repository?.id}/pull/${number}`,
      deliveryId: 'delivery',
      payload: {
        repository: {
          installationId: 99,
          id: given.payload.repository?.id,
          owner: 'Codertocat',
          name: 'Hello-World',
        },
        target: { type: 'pull-request', number },
        token: expect.any(String),
        again: false,
        comments: [],
        heads: [],
      },
    });
  });

  const edited = (changes: Facts) => {
    const { payload } = event('pull_request', 'synchronize', { action: 'edited', changes });
    return { id: 'delivery', name: 'pull_request', payload } as unknown as HandledEvent;
  };

  test('edited asks for a review when the base changed', () => {
    const given = edited({ base: { ref: { from: 'main' }, sha: { from: 'abc' } } });
    expect(task(given)).toMatchObject({ kind: 'review', payload: { again: true } });
  });

  test('edited asks for nothing when only words changed', () => {
    expect(task(edited({ title: { from: 'Old title' } }))).toBeUndefined();
  });

  test.each([
    ['a draft', { draft: true }],
    ['closed', { state: 'closed' }],
  ])('%s is left alone', (_name, pullRequest) => {
    expect(task(event('pull_request', 'synchronize', { pull_request: pullRequest }))).toBeUndefined();
  });

  test('without an installation is left alone: there would be no access', () => {
    expect(task(event('pull_request', 'opened', { installation: undefined }))).toBeUndefined();
  });
});

test.each(['check_run', 'check_suite'])('%s.rerequested asks for the pull requests of the commit', (name) => {
  const given = event(name, 'rerequested', { [name]: { head_sha: 'abc123', pull_requests: [] } });
  expect(task(given)).toMatchObject({ kind: 'rerun', payload: { headSha: 'abc123' } });
});

test('merge_group.checks_requested asks for a review of the combined code', () => {
  const given = event('merge_group', 'checks_requested');
  expect(task(given)).toMatchObject({
    kind: 'review',
    payload: {
      target: {
        type: 'merge-group',
        headSha: '2ffea6db159f6b6c47a24e778fb9ef40cf6b1c7d',
        headRef: 'refs/heads/gh-readonly-queue/main/pr-104-929f8209d40f77f4abc622a499c93a83babdbe64',
        baseSha: '380387fbc80638b734a49e1be1c4dfec1c01b33c',
        baseRef: 'refs/heads/main',
      },
    },
  });
});

describe('issue_comment', () => {
  const comment = (facts: Facts) =>
    event('issue_comment', 'created', {
      issue: { number: 5, state: 'open', pull_request: { url: 'x' }, user: { id: 1, login: 'author' } },
      comment: { id: 7, body: '/recheck', user: { id: 2, login: 'reader', type: 'User' } },
      sender: { type: 'User' },
      ...facts,
    });

  test('/recheck asks for a decision whether the writer may', () => {
    expect(task(comment({}))).toMatchObject({
      kind: 'command',
      payload: { number: 5, comment: 7, login: 'reader', isAuthor: false },
    });
  });

  test('/recheck of the author of the pull request says so', () => {
    const given = comment({ issue: { number: 5, state: 'open', pull_request: {}, user: { id: 9 } } });
    const ofAuthor = merge(given, {
      payload: { comment: { body: '/recheck', user: { id: 9, type: 'User' } } },
    });
    expect(task(ofAuthor as HandledEvent)).toMatchObject({ payload: { isAuthor: true } });
  });

  test.each([
    ['other words', { comment: { body: 'please /recheck', user: { type: 'User' } } }],
    ['a plain issue', { issue: { state: 'open', pull_request: undefined } }],
    ['a closed pull request', { issue: { state: 'closed', pull_request: {} } }],
    ['a bot', { comment: { body: '/recheck', user: { type: 'Bot' } } }],
    ['a bot in the name of a user', { sender: { type: 'Bot' }, comment: { body: '/recheck' } }],
    ['a deleted user', { comment: { body: '/recheck', user: null } }],
  ])('%s: nothing', (_name, facts) => {
    expect(task(comment(facts))).toBeUndefined();
  });
});

test('no example of GitHub of any event that the app listens to makes it throw', () => {
  let seen = 0;
  for (const { name, examples: payloads } of examples) {
    for (const payload of payloads) {
      if (!EVENTS.includes(`${name}.${payload.action}` as (typeof EVENTS)[number])) continue;
      jobFor({ id: 'd', name, payload } as unknown as HandledEvent);
      seen++;
    }
  }
  expect(seen).toBeGreaterThan(20);
});
