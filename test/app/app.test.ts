import { NO_DEFECTS } from '../../src/review/review.ts';
import type { PullRequest } from '../simulated-github/model.ts';
import { defective, Simulation, until } from './simulation.ts';

let simulation: Simulation;
let github: Simulation['github'];
let repository: Simulation['repository'];

beforeEach(async () => {
  simulation = await Simulation.create();
  ({ github, repository } = simulation);
});

afterEach(async () => {
  await simulation.close();
  expect(github.violations).toEqual([]);
});

const FAILURE = { status: 'completed', conclusion: 'failure' };
const SUCCESS = { status: 'completed', conclusion: 'success', title: NO_DEFECTS };

/** A pull request that was there before the app, so that no webhook of it reached us. */
async function openBefore(content: Partial<Parameters<typeof github.openPullRequest>[1]> = {}) {
  return github.openPullRequest(repository, { commits: [defective('search')], ...content });
}

function reactions(pull: PullRequest): string[] {
  return github.view(pull).comments.flatMap((comment) => comment.reactions.map(({ content }) => content));
}

describe('pull_request', () => {
  test('opened: a comment at the defect, a check run that fails', async () => {
    await simulation.startApp();
    const pull = await openBefore();
    await simulation.idle();
    expect(simulation.checkRuns(pull.head.sha)).toMatchObject([FAILURE]);
    expect(simulation.comments(pull)).toEqual(['shop/search.py:10']);
  });

  test('opened, clean: a green check run and not a word', async () => {
    await simulation.startApp();
    const pull = await openBefore({ commits: [{ message: 'Note', files: { 'notes.py': 'NOTE = 1\n' } }] });
    await simulation.idle();
    expect(simulation.checkRuns(pull.head.sha)).toEqual([SUCCESS]);
    expect(github.view(pull)).toMatchObject({ threads: [], reviews: [], comments: [] });
  });

  test('opened without Python: a green check run, so that no required check waits for ever', async () => {
    await simulation.startApp();
    const pull = await openBefore({ commits: [{ message: 'Note', files: { 'README.md': 'Hello\n' } }] });
    await simulation.idle();
    expect(simulation.checkRuns(pull.head.sha)).toEqual([SUCCESS]);
  });

  test('a weaker check is told at its line, with the handlers that rely on it in files that are not touched', async () => {
    const unsafe = defective('search').files['shop/search.py']!.toString();
    const views = unsafe
      .replace('from shop.database', 'from shop.names import clean\nfrom shop.database')
      .replace("request.args['name']", "clean(request.args['name'])");
    const names = (body: string) => ({ 'shop/names.py': `def clean(name):\n${body}    return name\n` });
    const check = "    if not name.isalnum():\n        raise ValueError('no name')\n";
    await github.commitTo(repository, 'main', [
      { message: 'Search', files: { 'shop/views.py': views, ...names(check) } },
    ]);
    await simulation.startApp();
    const pull = await openBefore({ commits: [{ message: 'Any name', files: names('') }] });
    await simulation.idle();
    expect(simulation.checkRuns(pull.head.sha)).toMatchObject([FAILURE]);
    expect(simulation.comments(pull)).toEqual(['shop/names.py:2']);
    expect(github.view(pull).threads[0]?.comments[0]?.body).toContain('shop/views.py:11');
    // One query for the changed files, one for those that may call them; the base has the same.
    const queries = github.requests.filter(({ body }) => JSON.stringify(body ?? '').includes('expression:'));
    expect(queries).toHaveLength(2);
  });

  test('the check run is in progress before anything is read', async () => {
    await simulation.startApp();
    github.fail('pulls/list-files', { kind: 'slow', milliseconds: 500 });
    const pull = await openBefore();
    await until(() => simulation.checkRuns(pull.head.sha).length > 0);
    expect(simulation.checkRuns(pull.head.sha)).toMatchObject([{ status: 'in_progress' }]);
    await simulation.idle();
    expect(simulation.checkRuns(pull.head.sha)).toMatchObject([FAILURE]);
  });

  test('synchronize: what was fixed is closed, what is new is said, nothing is repeated', async () => {
    await simulation.startApp();
    const pull = await openBefore({ commits: [defective('search'), defective('find')] });
    await simulation.idle();
    expect(simulation.comments(pull)).toEqual(['shop/find.py:10', 'shop/search.py:10']);
    await github.push(pull, [
      { ...defective('list'), files: { ...defective('list').files, 'shop/find.py': null } },
    ]);
    await simulation.idle();
    expect(simulation.comments(pull)).toEqual(['shop/find.py:10', 'shop/search.py:10', 'shop/list.py:10']);
    const [find, search, list] = github.view(pull).threads;
    expect(find!.isResolved || find!.comments[0]!.minimizedReason !== null).toBe(true);
    for (const thread of [search, list]) {
      expect(thread).toMatchObject({ isResolved: false, comments: [{ minimizedReason: null }] });
    }
    expect(simulation.checkRuns(pull.head.sha)).toMatchObject([FAILURE]);
  });

  test('edited: reviewed again when the base changed, left alone when the title changed', async () => {
    await simulation.startApp();
    const pull = await openBefore();
    await simulation.idle();
    await repository.git.setRef('refs/heads/release', await repository.git.resolve('refs/heads/main'));
    await github.commitTo(repository, 'release', [defective('find')]);
    await github.edit(pull, { title: 'Better words' });
    await simulation.idle();
    expect(simulation.checkRuns(pull.head.sha)).toHaveLength(1);
    await github.edit(pull, { base: 'release' });
    await simulation.idle();
    expect(simulation.checkRuns(pull.head.sha)).toHaveLength(2);
  });

  test('a draft is left alone until it is ready', async () => {
    await simulation.startApp();
    const pull = await openBefore({ draft: true });
    await simulation.idle();
    expect(simulation.checkRuns(pull.head.sha)).toEqual([]);
    github.readyForReview(pull);
    await simulation.idle();
    expect(simulation.checkRuns(pull.head.sha)).toMatchObject([FAILURE]);
  });

  test('reopened: reviewed where that has not been done', async () => {
    const pull = await openBefore();
    github.close(pull);
    await simulation.startApp();
    await simulation.idle();
    expect(simulation.checkRuns(pull.head.sha)).toEqual([]);
    github.reopen(pull);
    await simulation.idle();
    github.close(pull);
    github.reopen(pull);
    await simulation.idle();
    expect(simulation.checkRuns(pull.head.sha)).toMatchObject([FAILURE]);
  });

  test('from a fork that is deleted meanwhile is reviewed all the same', async () => {
    await simulation.startApp();
    github.fail('pulls/get', { kind: 'slow', milliseconds: 200 });
    const pull = await openBefore({ fork: 'somebody', author: 'somebody' });
    github.deleteFork(pull);
    await simulation.idle();
    expect(simulation.checkRuns(pull.head.sha)).toMatchObject([FAILURE]);
  });
});

describe('re-run', () => {
  test.each([
    ['a branch', {}],
    ['a fork, which the webhook does not name', { fork: 'somebody', author: 'somebody' }],
  ])('of a check run, of %s', async (_name, content) => {
    await simulation.startApp();
    const pull = await openBefore(content);
    await simulation.idle();
    github.rerequestCheckRun(repository, repository.checkRuns[0]!);
    await simulation.idle();
    expect(simulation.checkRuns(pull.head.sha)).toMatchObject([FAILURE, FAILURE]);
    expect(simulation.comments(pull)).toHaveLength(1);
  });

  test('of a check suite that names no pull request', async () => {
    await simulation.startApp();
    const pull = await openBefore();
    await simulation.idle();
    github.rerequestCheckSuite(repository, pull.head.sha, { withoutPullRequests: true });
    await simulation.idle();
    expect(simulation.checkRuns(pull.head.sha)).toMatchObject([FAILURE, FAILURE]);
  });

  test('of a commit that is nobody’s head any more does nothing', async () => {
    await simulation.startApp();
    const pull = await openBefore();
    await simulation.idle();
    const [run] = repository.checkRuns;
    await github.push(pull, [{ message: 'More', files: { 'more.py': 'MORE = 1\n' } }]);
    await simulation.idle();
    const before = repository.checkRuns.length;
    github.rerequestCheckRun(repository, run!);
    await simulation.idle();
    expect(repository.checkRuns).toHaveLength(before);
  });
});

test('a merge queue gets a check run on the combined code', async () => {
  await simulation.startApp();
  const pull = await openBefore();
  const sha = await github.enqueue(pull);
  await simulation.idle();
  expect(simulation.checkRuns(sha)).toMatchObject([FAILURE]);
  // There is nowhere to comment, so the summary tells it in full.
  expect(repository.checkRuns.find((run) => run.headSha === sha)?.summary).toContain('**Fix:**');
});

describe('/recheck', () => {
  test('of the author: 👀, a new review, 🚀', async () => {
    await simulation.startApp();
    const pull = await openBefore({ author: 'ann' });
    await simulation.idle();
    github.comment(pull, 'ann', '/recheck\nthe base was broken');
    await simulation.idle();
    expect(reactions(pull)).toEqual(['eyes', 'rocket']);
    expect(simulation.checkRuns(pull.head.sha)).toMatchObject([FAILURE, FAILURE]);
    expect(simulation.comments(pull)).toHaveLength(1);
  });

  test('of someone with write access, on a draft', async () => {
    await simulation.startApp();
    const pull = await openBefore({ draft: true });
    github.setRole(repository, 'maria', 'write');
    github.comment(pull, 'maria', '/recheck');
    await simulation.idle();
    expect(reactions(pull)).toEqual(['eyes', 'rocket']);
    expect(simulation.checkRuns(pull.head.sha)).toMatchObject([FAILURE]);
  });

  test.each(['read', 'triage', 'none'] as const)(
    'of someone with the role %s: 👎 and nothing',
    async (role) => {
      await simulation.startApp();
      const pull = await openBefore();
      await simulation.idle();
      github.setRole(repository, 'eve', role);
      // What GitHub calls an association says nothing about write access.
      github.comment(pull, 'eve', '/recheck', { association: 'MEMBER' });
      await simulation.idle();
      expect(reactions(pull)).toEqual(['-1']);
      expect(simulation.checkRuns(pull.head.sha)).toHaveLength(1);
    },
  );

  test.each([
    ['a bot', 'helper[bot]', '/recheck'],
    ['this bot', 'patchwarden[bot]', '/recheck'],
    ['words around it', 'contributor', 'try /recheck'],
  ])('of %s: not even a reaction', async (_name, login, body) => {
    await simulation.startApp();
    const pull = await openBefore();
    await simulation.idle();
    github.comment(pull, login, body);
    await simulation.idle();
    expect(reactions(pull)).toEqual([]);
    expect(simulation.checkRuns(pull.head.sha)).toHaveLength(1);
  });

  test('that cannot be done: 😕, and the check run says why', async () => {
    await simulation.startApp();
    const pull = await openBefore({ author: 'ann' });
    await simulation.idle();
    github.fail('pulls/list-files', { kind: 'status', status: 404 }, 1000);
    github.comment(pull, 'ann', '/recheck');
    await until(() => reactions(pull).length === 2);
    expect(reactions(pull)).toEqual(['eyes', 'confused']);
    await simulation.idle();
    expect(simulation.checkRuns(pull.head.sha)).toMatchObject([
      FAILURE,
      { status: 'completed', conclusion: 'timed_out', title: 'The review could not be finished' },
    ]);
    expect(github.view(pull).checkRuns[0]!.summary).toContain('/recheck');
  });

  test('whose review is overtaken by a push gets its answer from the review of the push', async () => {
    await simulation.startApp();
    const pull = await openBefore({ author: 'ann' });
    await simulation.idle();
    github.fail('pulls/list-files', { kind: 'slow', milliseconds: 1000 });
    github.comment(pull, 'ann', '/recheck');
    await until(() => simulation.checkRuns(pull.head.sha).length === 2);
    await github.push(pull, [defective('list')]);
    await simulation.idle();
    expect(reactions(pull)).toEqual(['eyes', 'rocket']);
  });
});
