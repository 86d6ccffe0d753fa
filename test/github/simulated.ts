import { type Client, createClient } from '../../src/github/client.ts';
import {
  type PullRequestFacts,
  readPullRequest,
  readPullRequestFacts,
} from '../../src/github/read-pull-request.ts';
import type { ChangedFile } from '../../src/review/change.ts';
import type { CommitContent } from '../simulated-github/git.ts';
import { SimulatedGitHub } from '../simulated-github/github.ts';
import type { PullRequest, Repository } from '../simulated-github/model.ts';

export const SHOP = { owner: 'octo', name: 'shop' };

/** A simulated GitHub with one repository, stopped and checked for violations after each test of the file. */
export interface Simulation {
  readonly github: SimulatedGitHub;
  /** Signed in as the App's installation. */
  readonly client: Client;
  createRepository(files: CommitContent['files']): Promise<Repository>;
}

export function simulation(): Simulation {
  let github: SimulatedGitHub;
  let client: Client;
  beforeEach(async () => {
    github = await SimulatedGitHub.start();
    client = clientOf(github);
  });
  afterEach(async () => {
    await github.stop();
    expect(github.violations).toEqual([]);
  });
  return {
    get github() {
      return github;
    },
    get client() {
      return client;
    },
    createRepository: (files) => github.createRepository('octo/shop', [{ message: 'Start', files }]),
  };
}

export function clientOf(github: SimulatedGitHub): Client {
  return createClient({ token: github.createInstallationToken(), baseUrl: github.url, paced: false });
}

export async function factsOf(client: Client, pull: PullRequest): Promise<PullRequestFacts> {
  return readPullRequestFacts(client, SHOP, pull.number);
}

export async function readChanged(client: Client, pull: PullRequest) {
  const { input, sources } = await readPullRequest(client, await factsOf(client, pull));
  const byPath = new Map<string, ChangedFile>(input.files.map((file) => [file.path, file]));
  return { input, sources, file: (path: string) => byPath.get(path) };
}
