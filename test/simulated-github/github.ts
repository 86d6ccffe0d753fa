/**
 * GitHub, simulated: a real HTTP server over real git repositories, which checks every request against GitHub's
 * published descriptions and can behave as badly as the real one.
 *
 *     const github = await SimulatedGitHub.start();
 *     const repository = await github.createRepository('octo/shop', [{ message: 'Start', files: { 'a.py': '' } }]);
 *     github.deliverTo('http://127.0.0.1:3000/api/github/webhooks');
 *     const pull = await github.openPullRequest(repository, { commits: [{ message: 'Change', files: {…} }] });
 *     github.view(pull);
 *     expect(github.violations).toEqual([]);
 *     await github.stop();
 *
 * A client talks to `github.url` (REST) and `github.url + '/graphql'`, with a token of `createInstallationToken` or
 * `createUserToken`, or as the App with `app.id` and `privateKey`.
 */
import type { JsonObject } from './description.ts';
import { completeAs } from './description.ts';
import type { Behaviour, Matcher } from './faults.ts';
import { type CommitContent, GitRepository } from './git.ts';
import { GitHubServer, type RecordedRequest } from './http.ts';
import type {
  Association,
  CheckRun,
  IssueComment,
  PullRequest,
  Repository,
  RoleName,
  Thread,
  User,
} from './model.ts';
import { followLine, placeError } from './positions.ts';
import { appJson, checkRunJson, issueCommentJson, pullRequestJson, pullRequestReference } from './render.ts';
import { addIssueComment } from './rest-issues.ts';
import { addThread, newComment, newReview } from './rest-pulls.ts';
import { type PullRequestView, viewOf } from './view.ts';
import { type Delivery, Webhooks } from './webhooks.ts';
import { World, type WorldOptions } from './world.ts';

export interface PullRequestContent {
  /** On top of the base branch as it stands, or as it stood at `from`. */
  readonly commits: readonly CommitContent[];
  readonly title?: string;
  readonly body?: string;
  readonly author?: string;
  readonly association?: Association;
  readonly draft?: boolean;
  readonly base?: string;
  readonly branch?: string;
  /** A commit that the branch starts from; the base branch's tip if absent. */
  readonly from?: string;
  /** Whose fork the branch is in; the repository itself if absent. */
  readonly fork?: string;
}

export class SimulatedGitHub {
  readonly world: World;
  readonly webhooks: Webhooks;
  private readonly server: GitHubServer;

  private constructor(options: WorldOptions) {
    this.world = new World(options);
    this.webhooks = new Webhooks(this.world);
    this.server = new GitHubServer(this.world, this.webhooks);
  }

  static async start(options: WorldOptions = {}): Promise<SimulatedGitHub> {
    const github = new SimulatedGitHub(options);
    await github.server.listen();
    return github;
  }

  async stop(): Promise<void> {
    await this.server.close();
    for (const repository of this.world.repositories) if (!repository.parent) repository.git.remove();
  }

  get url(): string {
    return this.world.url;
  }
  get app(): World['app'] {
    return this.world.app;
  }
  get privateKey(): string {
    return this.world.privateKey;
  }
  get webhookSecret(): string {
    return this.world.webhookSecret;
  }
  get requests(): readonly RecordedRequest[] {
    return this.server.requests;
  }
  /** What was asked or sent that GitHub would not know or accept by its description. Tests expect none. */
  get violations(): readonly string[] {
    return this.server.violations;
  }

  /** Lets the next `times` requests that match go wrong. */
  fail(matcher: Matcher, behaviour: Behaviour, times = 1): void {
    this.server.fail(matcher, behaviour, times);
  }

  /** Where webhooks go from now on; until then they are lost. */
  deliverTo(url: string): void {
    this.webhooks.target = url;
  }

  /** A token as the App gets it for its installation. */
  createInstallationToken(): string {
    return this.world.createInstallationToken();
  }

  /** A personal access token of this user. */
  createUserToken(login: string): string {
    return this.world.createUserToken(login);
  }

  // ------------------------------------------------------------ what people do

  /** `name` is `owner/name`; the commits are on `main`. */
  async createRepository(
    name: string,
    commits: readonly CommitContent[],
    options: { readonly isPrivate?: boolean } = {},
  ): Promise<Repository> {
    const [owner, shortName] = name.split('/') as [string, string];
    const git = await GitRepository.create();
    const repository: Repository = {
      id: this.world.id(),
      owner: this.world.user(owner, 'Organization'),
      name: shortName,
      isPrivate: options.isPrivate ?? false,
      defaultBranch: 'main',
      git,
      refs: 'refs/heads/',
      roles: new Map(),
      pulls: [],
      checkRuns: [],
      nextNumber: 1,
      deleted: false,
    };
    await git.commit('refs/heads/main', undefined, commits);
    this.world.repositories.push(repository);
    return repository;
  }

  setRole(repository: Repository, login: string, role: RoleName): void {
    this.world.user(login);
    repository.roles.set(login, role);
  }

  /** Commits to a branch of the repository itself. Pull requests into that branch keep the base SHA they were opened with until they are pushed to. */
  async commitTo(repository: Repository, branch: string, commits: readonly CommitContent[]): Promise<string> {
    const ref = `${repository.refs}${branch}`;
    return repository.git.commit(ref, await repository.git.tryResolve(ref), commits);
  }

  async openPullRequest(repository: Repository, content: PullRequestContent): Promise<PullRequest> {
    const { git } = repository;
    const number = repository.nextNumber++;
    const base = content.base ?? repository.defaultBranch;
    const branch = content.branch ?? `change-${number}`;
    const author = this.world.user(content.author ?? 'contributor');
    const home = content.fork ? this.fork(repository, content.fork) : repository;
    const baseSha = await git.resolve(`${repository.refs}${base}`);
    const sha = await git.commit(`${home.refs}${branch}`, content.from ?? baseSha, content.commits);
    await git.setRef(`refs/pull/${number}/head`, sha);
    const now = this.world.now();
    const pull: PullRequest = {
      id: this.world.id(),
      number,
      repository,
      title: content.title ?? content.commits.at(-1)?.message ?? 'A change',
      body: content.body ?? '',
      user: author,
      association: content.association ?? 'CONTRIBUTOR',
      head: { repository: home, branch, sha },
      base: { branch: base, sha: baseSha },
      draft: content.draft ?? false,
      state: 'open',
      merged: false,
      createdAt: now,
      updatedAt: now,
      reviews: [],
      threads: [],
      issueComments: [],
    };
    repository.pulls.push(pull);
    this.sendPullRequest('opened', pull);
    return pull;
  }

  /** Adds commits to the pull request's branch. */
  async push(pull: PullRequest, commits: readonly CommitContent[]): Promise<string> {
    return this.moveHead(pull, await this.commitHead(pull, pull.head.sha, commits));
  }

  /** Puts other commits in place of the pull request's: on top of `from`, by default the base branch. */
  async forcePush(pull: PullRequest, commits: readonly CommitContent[], from?: string): Promise<string> {
    const base = from ?? (await pull.repository.git.resolve(`${pull.repository.refs}${pull.base.branch}`));
    const sha = await this.commitHead(pull, base, commits);
    // Reviews of commits that are gone are shown as of the new head.
    for (const review of pull.reviews) review.commitId = sha;
    return this.moveHead(pull, sha);
  }

  close(pull: PullRequest): void {
    pull.state = 'closed';
    this.sendPullRequest('closed', pull);
  }

  reopen(pull: PullRequest): void {
    pull.state = 'open';
    this.sendPullRequest('reopened', pull);
  }

  readyForReview(pull: PullRequest): void {
    pull.draft = false;
    this.sendPullRequest('ready_for_review', pull);
  }

  /** Changes the title, or with `base` the branch that it shall be merged into. */
  async edit(pull: PullRequest, change: { readonly title?: string; readonly base?: string }): Promise<void> {
    const changes: JsonObject = {};
    if (change.title !== undefined) changes.title = { from: pull.title };
    if (change.base !== undefined) {
      changes.base = { ref: { from: pull.base.branch }, sha: { from: pull.base.sha } };
      const sha = await pull.repository.git.resolve(`${pull.repository.refs}${change.base}`);
      pull.base = { branch: change.base, sha };
    }
    this.sendPullRequest('edited', pull, { changes });
  }

  /** Deletes the fork that the pull request comes from; the commits stay. */
  deleteFork(pull: PullRequest): void {
    if (!pull.head.repository.parent) throw new Error('The pull request does not come from a fork');
    pull.head.repository.deleted = true;
  }

  /** Writes a comment below the pull request, as this user. */
  comment(
    pull: PullRequest,
    login: string,
    body: string,
    options: { readonly association?: Association; readonly isPullRequest?: boolean } = {},
  ): IssueComment {
    const user = this.world.user(login);
    const comment = addIssueComment(this.world, pull, user, body);
    if (options.association) Object.assign(comment, { association: options.association });
    const issueUrl = `${this.url}/repos/${pull.repository.owner.login}/${pull.repository.name}/issues/${pull.number}`;
    const pullUrl = issueUrl.replace('/issues/', '/pulls/');
    const links = { url: pullUrl, html_url: pullUrl, diff_url: '', patch_url: '' };
    this.webhooks.send('issue_comment', 'created', pull.repository, user, {
      comment: issueCommentJson(this.world, pull, comment),
      issue: {
        url: issueUrl,
        number: pull.number,
        title: pull.title,
        state: pull.state,
        user: { login: pull.user.login, id: pull.user.id, type: pull.user.type },
        ...(options.isPullRequest === false ? {} : { pull_request: links }),
      },
    });
    return comment;
  }

  /** Replies in a review thread, as this user. */
  reply(pull: PullRequest, thread: Thread, login: string, body: string): void {
    const review = newReview(this.world, pull, this.world.user(login), '', 'COMMENT');
    thread.comments.push(newComment(this.world, review, body, thread.comments[0]!.id));
  }

  /** Starts a review thread, as this user. */
  async commentOnLine(
    pull: PullRequest,
    login: string,
    path: string,
    line: number,
    body: string,
  ): Promise<Thread> {
    const review = newReview(this.world, pull, this.world.user(login), '', 'COMMENT');
    return addThread(this.world, pull, review, { path, side: 'RIGHT', line }, body);
  }

  resolveThread(thread: Thread, login: string): void {
    thread.resolvedBy = this.world.user(login);
  }

  rerequestCheckRun(repository: Repository, run: CheckRun, login = 'contributor'): Delivery | undefined {
    const check_run = completeAs('check-run', checkRunJson(this.world, repository, run));
    return this.webhooks.send('check_run', 'rerequested', repository, this.world.user(login), { check_run });
  }

  /** GitHub leaves `pull_requests` empty where they come from forks; `withoutPullRequests` makes it so for others. */
  rerequestCheckSuite(
    repository: Repository,
    headSha: string,
    options: { readonly login?: string; readonly withoutPullRequests?: boolean } = {},
  ): Delivery | undefined {
    const pulls = repository.pulls.filter(
      (pull) =>
        pull.head.sha === headSha && pull.head.repository === repository && !options.withoutPullRequests,
    );
    const id = repository.checkRuns.find((run) => run.headSha === headSha)?.suiteId ?? this.world.id();
    return this.webhooks.send(
      'check_suite',
      'rerequested',
      repository,
      this.world.user(options.login ?? 'contributor'),
      {
        check_suite: {
          id,
          head_sha: headSha,
          head_branch: pulls[0]?.head.branch ?? null,
          app: appJson(this.world),
          pull_requests: pulls.map((pull) => pullRequestReference(this.world, pull)),
        },
      },
    );
  }

  /** Puts the pull request into the merge queue: GitHub merges it on trial and asks for checks of the result. */
  async enqueue(pull: PullRequest): Promise<string> {
    const { repository } = pull;
    const base = await repository.git.resolve(`${repository.refs}${pull.base.branch}`);
    const sha = await repository.git.merge(base, pull.head.sha, `Merge pull request #${pull.number}`);
    const ref = `refs/heads/gh-readonly-queue/${pull.base.branch}/pr-${pull.number}-${base}`;
    await repository.git.setRef(ref, sha);
    this.webhooks.send(
      'merge_group',
      'checks_requested',
      repository,
      this.world.user('github-merge-queue[bot]'),
      {
        merge_group: {
          head_sha: sha,
          head_ref: ref,
          base_sha: base,
          base_ref: `refs/heads/${pull.base.branch}`,
          head_commit: { id: sha, message: `Merge pull request #${pull.number}` },
        },
      },
    );
    return sha;
  }

  /** What a person sees on the pull request now. */
  view(pull: PullRequest): PullRequestView {
    return viewOf(pull);
  }

  // ------------------------------------------------------------ what follows from it

  private fork(repository: Repository, login: string): Repository {
    const owner = this.world.user(login);
    const old = this.world.repositories.find((other) => other.parent === repository && other.owner === owner);
    if (old) return old;
    const fork: Repository = {
      ...repository,
      id: this.world.id(),
      owner,
      refs: `refs/forks/${login}/`,
      parent: repository,
      roles: new Map([[login, 'admin']]),
      pulls: [],
      checkRuns: [],
      deleted: false,
    };
    this.world.repositories.push(fork);
    return fork;
  }

  private commitHead(pull: PullRequest, parent: string, commits: readonly CommitContent[]): Promise<string> {
    return pull.repository.git.commit(`${pull.head.repository.refs}${pull.head.branch}`, parent, commits);
  }

  private async moveHead(pull: PullRequest, sha: string): Promise<string> {
    const { git } = pull.repository;
    const before = pull.head.sha;
    await git.setRef(`refs/pull/${pull.number}/head`, sha);
    pull.head.sha = sha;
    pull.base.sha = await git.resolve(`${pull.repository.refs}${pull.base.branch}`);
    pull.updatedAt = this.world.now();
    await this.moveThreads(pull);
    this.sendPullRequest('synchronize', pull, { before, after: sha });
    return sha;
  }

  /** A thread goes with its lines; where those were changed, or have left the diff, it is outdated. */
  private async moveThreads(pull: PullRequest): Promise<void> {
    const files = await this.world.diff(pull);
    for (const thread of pull.threads) {
      const { place } = thread;
      const file = files.find((candidate) => candidate.path === place.path);
      if (place.line === undefined) {
        thread.isOutdated = file === undefined;
        continue;
      }
      const since = await pull.repository.git.diff(thread.originalCommitId, pull.head.sha);
      const changes = since.find((candidate) => candidate.path === place.path)?.patch;
      const follow = (line: number | undefined) =>
        line === undefined || place.side === 'LEFT' ? line : followLine(line, changes);
      const line = follow(place.line);
      const startLine = follow(place.startLine);
      const lost = line === undefined || (place.startLine !== undefined && startLine === undefined);
      const moved = lost ? null : { line, ...(startLine === undefined ? {} : { startLine }) };
      thread.current = moved && file && !placeError({ ...place, ...moved }, file.patch) ? moved : null;
      thread.isOutdated = thread.current === null;
    }
  }

  private sendPullRequest(action: string, pull: PullRequest, more: JsonObject = {}): void {
    const sender: User = pull.user;
    this.webhooks.send('pull_request', action, pull.repository, sender, {
      number: pull.number,
      pull_request: completeAs('pull-request', pullRequestJson(this.world, pull)),
      ...more,
    });
  }
}
