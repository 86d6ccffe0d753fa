/** All that the simulated GitHub knows: users, repositories, the App and who holds which token. */
import { createPublicKey, generateKeyPairSync, randomBytes, verify } from 'node:crypto';
import type { CheckRun, IssueComment, PullRequest, Repository, Thread, User } from './model.ts';

export type Identity =
  | { readonly kind: 'app' }
  | { readonly kind: 'installation'; readonly user: User }
  | { readonly kind: 'user'; readonly user: User };

/** A request that GitHub refuses. */
export class Refusal extends Error {
  readonly status: number;
  readonly body: { readonly [key: string]: unknown };

  constructor(status: number, message: string, more: { readonly [key: string]: unknown } = {}) {
    super(message);
    this.status = status;
    this.body = {
      message,
      documentation_url: 'https://docs.github.com/rest',
      status: String(status),
      ...more,
    };
  }
}

export const notFound = () => new Refusal(404, 'Not Found');
export const validationFailed = (...errors: unknown[]) => new Refusal(422, 'Validation Failed', { errors });

export interface WorldOptions {
  /** What the App may do, as in its registration. */
  readonly permissions?: { readonly [name: string]: 'read' | 'write' };
  readonly events?: readonly string[];
}

let key: string | undefined;

/** Made once for all worlds of a process, since it takes a tenth of a second. */
function privateKey(): string {
  key ??= generateKeyPairSync('rsa', { modulusLength: 2048 })
    .privateKey.export({ type: 'pkcs1', format: 'pem' })
    .toString();
  return key;
}

export class World {
  /** Where the server listens; known once it does. */
  url = '';
  readonly users = new Map<string, User>();
  readonly repositories: Repository[] = [];
  readonly tokens = new Map<string, Identity>();
  readonly webhookSecret = randomBytes(16).toString('hex');
  /** PEM, as GitHub hands it out. */
  readonly privateKey: string;
  readonly app: {
    readonly id: number;
    readonly slug: string;
    readonly name: string;
    readonly owner: User;
    readonly permissions: { readonly [name: string]: 'read' | 'write' };
    readonly events: readonly string[];
  };
  /** The user that the App acts as. */
  readonly bot: User;
  readonly installationId = 1;
  /** Sizes that are too big to reach in a test; GitHub's by default. */
  readonly limits = {
    listedFiles: 3000,
    patchLinesPerResponse: 20_000,
    diffFiles: 300,
    diffLines: 20_000,
    patchBytes: 500_000,
    graphqlBlobBytes: 512_000,
    contentsBytes: 1_000_000,
    blobBytes: 100_000_000,
    treeEntries: 100_000,
  };
  private lastId = 1000;

  constructor(options: WorldOptions = {}) {
    this.privateKey = privateKey();
    this.app = {
      id: 7,
      slug: 'patchwarden',
      name: 'Patchwarden',
      owner: this.user('patchwarden-project', 'Organization'),
      permissions: options.permissions ?? {
        checks: 'write',
        contents: 'read',
        issues: 'write',
        merge_queues: 'read',
        metadata: 'read',
        pull_requests: 'write',
      },
      events: options.events ?? ['pull_request', 'issue_comment', 'check_run', 'check_suite', 'merge_group'],
    };
    this.bot = this.user('patchwarden[bot]', 'Bot');
  }

  id(): number {
    return ++this.lastId;
  }

  now(): string {
    return new Date().toISOString().replace(/\.\d+Z$/, 'Z');
  }

  /** The user of this name, who is made up on first mention. */
  user(login: string, type: User['type'] = login.endsWith('[bot]') ? 'Bot' : 'User'): User {
    let user = this.users.get(login);
    if (!user) {
      user = { id: this.id(), login, type };
      this.users.set(login, user);
    }
    return user;
  }

  /** A personal access token, for the command line. */
  createUserToken(login: string): string {
    const token = `ghp_${randomBytes(18).toString('hex')}`;
    this.tokens.set(token, { kind: 'user', user: this.user(login) });
    return token;
  }

  createInstallationToken(): string {
    const token = `ghs_${randomBytes(18).toString('hex')}`;
    this.tokens.set(token, { kind: 'installation', user: this.bot });
    return token;
  }

  /** Who sends a request; undefined for a bad token. */
  identify(authorization: string | undefined): Identity | undefined {
    const token = authorization?.replace(/^(bearer|token) /i, '') ?? '';
    return this.tokens.get(token) ?? (this.isAppToken(token) ? { kind: 'app' } : undefined);
  }

  /** https://docs.github.com/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-json-web-token-jwt-for-a-github-app */
  private isAppToken(token: string): boolean {
    const [header, payload, signature] = token.split('.');
    if (!header || !payload || !signature) return false;
    const key = createPublicKey(this.privateKey);
    const signed = Buffer.from(`${header}.${payload}`);
    if (!verify('RSA-SHA256', signed, key, Buffer.from(signature, 'base64url'))) return false;
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString());
    const now = Date.now() / 1000;
    return String(claims.iss) === String(this.app.id) && claims.exp > now && claims.exp - now <= 601;
  }

  repository(owner: string, name: string): Repository {
    const found = this.repositories.find(
      (candidate) => candidate.owner.login === owner && candidate.name === name && !candidate.deleted,
    );
    if (!found) throw notFound();
    return found;
  }

  pullRequest(repository: Repository, number: number): PullRequest {
    const found = repository.pulls.find((candidate) => candidate.number === number);
    if (!found) throw notFound();
    return found;
  }

  checkRun(repository: Repository, id: number): CheckRun {
    const found = repository.checkRuns.find((candidate) => candidate.id === id);
    if (!found) throw notFound();
    return found;
  }

  issueComment(repository: Repository, id: number): { pull: PullRequest; comment: IssueComment } {
    for (const pull of repository.pulls) {
      const comment = pull.issueComments.find((candidate) => candidate.id === id);
      if (comment) return { pull, comment };
    }
    throw notFound();
  }

  thread(id: number): { pull: PullRequest; thread: Thread } | undefined {
    for (const pull of this.repositories.flatMap((repository) => repository.pulls)) {
      const thread = pull.threads.find((candidate) => candidate.id === id);
      if (thread) return { pull, thread };
    }
    return undefined;
  }

  /** The diff base of a pull request, as GitHub takes it: where head left the base branch. */
  async mergeBase(pull: PullRequest): Promise<string> {
    const { git } = pull.repository;
    return (await git.mergeBase(pull.base.sha, pull.head.sha)) ?? pull.base.sha;
  }

  async diff(pull: PullRequest) {
    return pull.repository.git.diff(await this.mergeBase(pull), pull.head.sha);
  }
}
