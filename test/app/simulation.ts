/** The real app against a simulated GitHub, in one process. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { parse } from 'yaml';
import { readEnvironment, type Settings } from '../../src/app/environment.ts';
import { createLog } from '../../src/app/log.ts';
import { type RunningApp, serve } from '../../src/app/server.ts';
import type { CommitContent } from '../simulated-github/git.ts';
import { SimulatedGitHub } from '../simulated-github/github.ts';
import type { PullRequest, Repository } from '../simulated-github/model.ts';

/** A small web application without a defect. */
export const CLEAN: CommitContent = {
  message: 'Start',
  files: {
    'shop/database.py': `import sqlite3

from flask import current_app, g


def connection() -> sqlite3.Connection:
    if 'connection' not in g:
        g.connection = sqlite3.connect(current_app.config['DATABASE'])
    return g.connection
`,
  },
};

/** Adds a file with an SQL injection at its line 10. */
export function defective(name: string): CommitContent {
  return {
    message: `Add ${name}`,
    files: {
      [`shop/${name}.py`]: `from flask import Flask, request

from shop.database import connection

app = Flask(__name__)


@app.get('/${name}')
def ${name}():
    rows = connection().execute(f"SELECT * FROM ${name} WHERE name = '{request.args['name']}'")
    return {'${name}': rows.fetchall()}
`,
    },
  };
}

export class Simulation {
  readonly github: SimulatedGitHub;
  readonly repository: Repository;
  readonly settings: Settings;
  readonly log: string[] = [];
  private readonly folder: string;
  private app: RunningApp | undefined;

  private constructor(github: SimulatedGitHub, repository: Repository, folder: string, port: number) {
    this.github = github;
    this.repository = repository;
    this.folder = folder;
    this.settings = readEnvironment(this.environment(port));
  }

  static async create(): Promise<Simulation> {
    // Only the permissions and events that the App is registered with.
    const manifest = parse(readFileSync(join(import.meta.dirname, '../../app.yml'), 'utf8'));
    const github = await SimulatedGitHub.start({
      permissions: manifest.default_permissions,
      events: manifest.default_events,
    });
    const repository = await github.createRepository('octo/shop', [CLEAN]);
    const folder = mkdtempSync(join(tmpdir(), 'patchwarden-app-'));
    return new Simulation(github, repository, folder, await freePort());
  }

  /** The environment of the app. */
  environment(port = this.settings.port) {
    return {
      APP_ID: String(this.github.app.id),
      PRIVATE_KEY: this.github.privateKey,
      WEBHOOK_SECRET: this.github.webhookSecret,
      GITHUB_API_URL: this.github.url,
      HOST: '127.0.0.1',
      PORT: String(port),
      QUEUE_FILE: join(this.folder, 'queue.db'),
    };
  }

  get webhookUrl(): string {
    return `http://127.0.0.1:${this.settings.port}/api/github/webhooks`;
  }

  async startApp(): Promise<void> {
    const lines = new Writable({
      write: (line, _encoding, done) => {
        this.log.push(String(line));
        done();
      },
    });
    this.app = await serve(this.settings, {
      log: await createLog({ logLevel: 'debug', logFormat: 'json' }, lines),
      paced: false,
      backoff: { first: 200, factor: 1, longest: 200, attempts: 4 },
    });
    this.github.deliverTo(this.webhookUrl);
  }

  async stopApp(): Promise<void> {
    await this.app?.stop();
    this.app = undefined;
  }

  async close(): Promise<void> {
    await this.stopApp();
    await this.github.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Waits until the queue has nothing to do and every webhook is answered. */
  async idle(): Promise<void> {
    const deadline = Date.now() + 30_000;
    for (let quiet = 0; quiet < 3; ) {
      if (Date.now() > deadline)
        throw new Error(
          `The app never came to rest:\n${this.log
            .filter((line) => !line.includes('/health'))
            .slice(-20)
            .join('')}`,
        );
      await sleep(40);
      await this.github.webhooks.settled();
      const answer = await fetch(`http://127.0.0.1:${this.settings.port}/health`);
      const { waiting, running } = (await answer.json()) as { waiting: number; running: number };
      quiet = waiting + running === 0 ? quiet + 1 : 0;
    }
  }

  checkRuns(headSha: string) {
    return this.repository.checkRuns
      .filter((run) => run.headSha === headSha)
      .map(({ status, conclusion, title }) => ({ status, conclusion, title }));
  }

  /** The places of the comments on SQL injections that a person sees. */
  comments(pull: PullRequest): string[] {
    return this.github
      .view(pull)
      .threads.filter(({ comments }) => comments[0]?.body.includes('sql-injection'))
      .map(({ path, originalLine }) => `${path}:${originalLine}`);
  }
}

export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 30_000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error('It never came true');
    await sleep(10);
  }
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
