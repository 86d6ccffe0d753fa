import type { Logger } from 'pino';
import { Probot, run, Server } from 'probot';
import type { RemoteReview } from '../github/read-pull-request.ts';
import type { Backoff } from '../queue/backoff.ts';
import { openEmbeddedQueue } from '../queue/embedded-queue.ts';
import { GITHUB } from '../report/links.ts';
import { reviewWithAllRules } from '../review/with-all-rules.ts';
import { AnalysisPool } from '../review/workers.ts';
import { registerWebhooks } from './app.ts';
import type { Credentials, Settings } from './environment.ts';
import { jobHandlers } from './handlers.ts';
import { healthHandler } from './health.ts';
import { octokitClass } from './octokit.ts';
import { startReconciling } from './reconcile.ts';
import { mergeTasks } from './tasks.ts';

export interface RunningApp {
  /** The port that it listens on. */
  readonly port: number;
  /** Answers no more, lets running reviews stop, and closes the queue. They go on at the next start. */
  stop(): Promise<void>;
}

export interface ServeOptions {
  readonly log: Logger;
  /** False only against a simulated GitHub. */
  readonly paced?: boolean;
  readonly backoff?: Backoff;
}

/** Starts the app, or the set-up page where the App is not registered yet. Throws when it cannot start. */
export async function serve(settings: Settings, options: ServeOptions): Promise<RunningApp> {
  const { credentials } = settings;
  return credentials ? serveApp(settings, credentials, options) : serveSetUp(settings, options.log);
}

async function serveApp(
  settings: Settings,
  { appId, privateKey, webhookSecret }: Credentials,
  { log, paced = true, backoff }: ServeOptions,
): Promise<RunningApp> {
  const { host, port, webhookProxy, concurrency, apiUrl: baseUrl } = settings;
  const queue = await openEmbeddedQueue(settings.queueFile, {
    log,
    merge: mergeTasks,
    ...(backoff ? { backoff } : {}),
  });
  const pool = new AnalysisPool({ size: concurrency });
  const Octokit = octokitClass({ paced });
  const server = new Server({
    host,
    port,
    webhookProxy,
    log,
    Probot: Probot.defaults({ appId, privateKey, secret: webhookSecret, baseUrl, log, Octokit }),
  });
  let stopReconciling = () => {};
  const stop = async () => {
    stopReconciling();
    // The queue first: it tells the jobs why they end, before their analyses do.
    await Promise.all([queue.close(), pool.close(), server.stop()]);
  };
  try {
    await server.load(async (probot, { addHandler }) => {
      registerWebhooks(probot, queue);
      addHandler(healthHandler(queue));
      // The set-up page registers the App with the root as its webhook address.
      addHandler(await probot.getNodeMiddleware({ log, path: '/' }));
      const site = { ...GITHUB, web: settings.webUrl };
      const review = ({ input, sources }: RemoteReview, signal: AbortSignal) =>
        reviewWithAllRules(input, { analyser: pool, sources, signal });
      await server.start();
      queue.run(jobHandlers({ probot, appId, queue, log, site, review }), { concurrency });
      stopReconciling = startReconciling({ probot, appId, queue, log });
    });
  } catch (error) {
    await stop();
    throw error;
  }
  return { port: server.port, stop };
}

/** Probot's page that registers the GitHub App by a click and writes its credentials into `.env`. */
async function serveSetUp(settings: Settings, log: Logger): Promise<RunningApp> {
  // Otherwise Probot opens a channel on smee.io unasked: webhooks would go through somebody else's server.
  process.env.NO_SMEE_SETUP = 'true';
  const env = { ...process.env, HOST: settings.host, PORT: String(settings.port) };
  const server = await run(() => {}, { env, log });
  log.info(
    `There are no credentials of a GitHub App yet. Open http://${settings.host}:${server.port} to register one; ` +
      'they are written into .env. Then start again.',
  );
  return { port: server.port, stop: () => server.stop() };
}
