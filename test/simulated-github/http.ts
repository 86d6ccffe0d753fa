/** The server: who asks, is the request right, what is the answer, is the answer right. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  complete,
  findOperation,
  type Json,
  type JsonObject,
  type Match,
  requestError,
  responseError,
} from './description.ts';
import {
  type Behaviour,
  type Fault,
  type Matcher,
  matches,
  type RawAnswer,
  type RequestFacts,
  refusal,
} from './faults.ts';
import { answerGraphql } from './graphql.ts';
import { appHandlers } from './rest-app.ts';
import { checkHandlers } from './rest-checks.ts';
import { issueHandlers } from './rest-issues.ts';
import { pullHandlers } from './rest-pulls.ts';
import { repositoryHandlers } from './rest-repositories.ts';
import type { Webhooks } from './webhooks.ts';
import { type Identity, Refusal, validationFailed, type World } from './world.ts';

export interface HandlerRequest {
  readonly world: World;
  readonly webhooks: Webhooks;
  readonly identity: Identity;
  readonly path: { readonly [name: string]: string };
  readonly query: URLSearchParams;
  /** It has the shape that the description gives it. */
  readonly body: unknown;
  readonly accept: string;
  /** Cuts out the page that is asked for, with a `link` header. */
  page<Item>(items: readonly Item[]): { items: Item[]; headers: { [name: string]: string } };
}

export interface HandlerAnswer {
  readonly status?: number;
  readonly headers?: { readonly [name: string]: string };
  readonly body?: Json | JsonObject;
  /** The body is not JSON, and not checked. */
  readonly text?: string;
}

export type Handler = (request: HandlerRequest) => HandlerAnswer | Promise<HandlerAnswer>;
export interface Handlers {
  readonly [operation: string]: Handler;
}

const HANDLERS: Handlers = {
  ...appHandlers,
  ...repositoryHandlers,
  ...pullHandlers,
  ...issueHandlers,
  ...checkHandlers,
};

/** A request as it came, for tests that count. */
export interface RecordedRequest extends RequestFacts {
  readonly query: string;
  readonly status: number;
  readonly at: number;
}

export class GitHubServer {
  readonly requests: RecordedRequest[] = [];
  /** What no client of GitHub may do, and what the simulation itself does wrong. */
  readonly violations: string[] = [];
  private readonly faults: Fault[] = [];
  private readonly world: World;
  private readonly webhooks: Webhooks;
  private readonly server: Server;

  constructor(world: World, webhooks: Webhooks) {
    this.world = world;
    this.webhooks = webhooks;
    this.server = createServer((request, response) => {
      this.handle(request, response).catch((error) => {
        this.violations.push(`the simulation failed at ${request.method} ${request.url}: ${error.stack}`);
        response.destroy();
      });
    });
  }

  async listen(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    this.world.url = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  fail(matcher: Matcher, behaviour: Behaviour, times: number): void {
    this.faults.push({ matcher, behaviour, left: times });
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', this.world.url);
    const method = request.method ?? 'GET';
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const raw = Buffer.concat(chunks).toString();
    const body: Json | undefined = raw ? JSON.parse(raw) : undefined;
    const match = url.pathname === '/graphql' ? undefined : findOperation(method, url.pathname);
    const operation = url.pathname === '/graphql' ? 'graphql' : (match?.operation.id ?? 'unknown');
    const facts: RequestFacts = { method, path: url.pathname, operation, body };

    const fault = this.faults.find((candidate) => candidate.left > 0 && matches(candidate.matcher, facts));
    if (fault) fault.left--;
    const behaviour = fault?.behaviour;
    const record = (status: number) =>
      this.requests.push({ ...facts, query: url.search, status, at: Date.now() });

    if (behaviour?.kind === 'dropped' && !behaviour.done) {
      record(0);
      request.socket.destroy();
      return;
    }
    const answer =
      (behaviour && refusal(behaviour, Math.floor(Date.now() / 1000))) ??
      (await this.answer(request, url, match, facts));
    if (behaviour?.kind === 'slow') await sleep(behaviour.milliseconds);
    record(answer.status);
    if (behaviour?.kind === 'dropped') {
      request.socket.destroy();
      return;
    }
    response.writeHead(answer.status, {
      'x-ratelimit-limit': '5000',
      'x-ratelimit-remaining': '4999',
      'x-ratelimit-reset': String(Math.floor(Date.now() / 1000) + 3600),
      'x-github-request-id': `SIM:${this.requests.length}`,
      ...(typeof answer.body === 'string' ? {} : { 'content-type': 'application/json; charset=utf-8' }),
      ...answer.headers,
    });
    if (answer.body === undefined) response.end();
    else response.end(typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body));
  }

  private async answer(
    request: IncomingMessage,
    url: URL,
    match: Match | undefined,
    facts: RequestFacts,
  ): Promise<RawAnswer> {
    const place = `${facts.method} ${url.pathname}${url.search}`;
    const identity = this.world.identify(request.headers.authorization);
    if (!identity) return refused(new Refusal(401, 'Bad credentials'));
    try {
      if (facts.operation === 'graphql') {
        if (identity.kind === 'app') throw new Refusal(403, 'Resource not accessible by integration');
        const answer = await answerGraphql(this.world, identity, facts.body, (wrong) =>
          this.violations.push(`GraphQL: ${wrong}`),
        );
        return { status: 200, headers: {}, body: answer };
      }
      const handler = match && HANDLERS[match.operation.id];
      if (!match || !handler) {
        this.violations.push(`${place}: the simulation does not know this endpoint`);
        throw new Refusal(404, 'Not Found');
      }
      const wrong = requestError(match, url.searchParams, facts.body as Json | undefined);
      if (wrong) {
        this.violations.push(`${place}: ${wrong}`);
        throw validationFailed(wrong);
      }
      checkPermission(this.world, identity, match.operation.id);
      const answer = await handler({
        world: this.world,
        webhooks: this.webhooks,
        identity,
        path: match.path,
        query: url.searchParams,
        body: facts.body,
        accept: String(request.headers.accept),
        page: (items) => page(url, items),
      });
      if (answer.text !== undefined)
        return { status: answer.status ?? 200, headers: answer.headers ?? {}, body: answer.text };
      const status = answer.status ?? 200;
      const body = complete(match.operation, status, answer.body as Json | undefined);
      const mistake = responseError(match.operation, status, body);
      if (mistake) this.violations.push(`the simulation's answer to ${place} is not GitHub's: ${mistake}`);
      return { status, headers: answer.headers ?? {}, body };
    } catch (error) {
      if (error instanceof Refusal) return refused(error);
      throw error;
    }
  }
}

function refused(refusal: Refusal): RawAnswer {
  return { status: refusal.status, headers: {}, body: refusal.body };
}

/** https://docs.github.com/rest/using-the-rest-api/using-pagination-in-the-rest-api */
function page<Item>(
  url: URL,
  items: readonly Item[],
): { items: Item[]; headers: { [name: string]: string } } {
  const size = Math.min(Number(url.searchParams.get('per_page') ?? 30), 100);
  const number = Number(url.searchParams.get('page') ?? 1);
  const last = Math.max(1, Math.ceil(items.length / size));
  const link = (to: number, rel: string) => {
    const other = new URL(url);
    other.searchParams.set('page', String(to));
    return `<${other}>; rel="${rel}"`;
  };
  const links = [
    ...(number > 1 ? [link(number - 1, 'prev'), link(1, 'first')] : []),
    ...(number < last ? [link(number + 1, 'next'), link(last, 'last')] : []),
  ];
  return {
    items: items.slice((number - 1) * size, number * size),
    headers: links.length ? { link: links.join(', ') } : {},
  };
}

/** https://docs.github.com/rest/authentication/permissions-required-for-github-apps */
const PERMISSIONS: readonly (readonly [RegExp, string])[] = [
  [/^checks\//, 'checks'],
  [/^git\/|^repos\/(get-content|compare-commits|get-commit|get-branch)/, 'contents'],
  [/^pulls\//, 'pull_requests'],
  [/^issues\/|^reactions\//, 'issues'],
];

function checkPermission(world: World, identity: Identity, operation: string): void {
  if (/^apps\//.test(operation)) {
    if ((identity.kind === 'app') === (operation !== 'apps/list-repos-accessible-to-installation')) return;
    throw new Refusal(
      403,
      'A JSON web token is for the App itself, an installation token for everything else',
    );
  }
  if (identity.kind === 'app') throw new Refusal(403, 'Resource not accessible by integration');
  if (identity.kind === 'user') return;
  const name = PERMISSIONS.find(([pattern]) => pattern.test(operation))?.[1];
  if (!name) return;
  const writes = /\/(create|update|delete|request|set|remove)/.test(operation);
  const held = world.app.permissions[name];
  // Comments on pull requests may be written with either permission.
  const other = name === 'issues' ? world.app.permissions.pull_requests : undefined;
  if (held === 'write' || other === 'write' || (!writes && (held || other))) return;
  throw new Refusal(403, 'Resource not accessible by integration');
}
