import { getPrivateKey } from '@probot/get-private-key';
import { z } from 'zod';

/** The environment cannot be used; the message says which variable and what it should be. */
export class EnvironmentError extends Error {
  override readonly name = 'EnvironmentError';
}

export type Environment = { readonly [name: string]: string | undefined };

/** What GitHub calls the App's credentials, all three or none. */
export interface Credentials {
  readonly appId: number;
  /** PEM. */
  readonly privateKey: string;
  readonly webhookSecret: string;
}

export interface Settings {
  /** Absent before the App was registered: the set-up page then helps to do that. */
  readonly credentials?: Credentials;
  readonly host: string;
  readonly port: number;
  /** Where a proxy such as smee.io takes webhooks for a machine that GitHub cannot reach. */
  readonly webhookProxy?: string;
  /** Where people read GitHub, without a slash at the end. */
  readonly webUrl: string;
  /** Where the REST API is, without a slash at the end. */
  readonly apiUrl: string;
  readonly queueFile: string;
  /** Reviews that run at once. */
  readonly concurrency: number;
  readonly logLevel: (typeof LOG_LEVELS)[number];
  readonly logFormat: 'pretty' | 'json';
}

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

const schema = z.object({
  APP_ID: z.coerce.number().int().positive().optional(),
  WEBHOOK_SECRET: z.string().optional(),
  HOST: z.string().default('localhost'),
  PORT: z.coerce.number().int().min(1).max(65_535).default(3000),
  WEBHOOK_PROXY_URL: z.url().optional(),
  GHE_HOST: z
    .string()
    .regex(/^[\w.-]+(:\d+)?$/, 'should be a host name without https:// and path')
    .optional(),
  GHE_PROTOCOL: z.enum(['https', 'http']).default('https'),
  // By the names that GitHub Actions gives them.
  GITHUB_API_URL: z.url({ protocol: /^https?$/ }).optional(),
  GITHUB_SERVER_URL: z.url({ protocol: /^https?$/ }).optional(),
  QUEUE_FILE: z.string().default('data/queue.db'),
  CONCURRENCY: z.coerce.number().int().min(1).max(64).default(2),
  LOG_LEVEL: z.enum(LOG_LEVELS).default('info'),
  LOG_FORMAT: z.enum(['pretty', 'json']).optional(),
  NODE_ENV: z.string().optional(),
});

/**
 * The settings that the environment makes. A variable that is empty counts as not set.
 * Throws `EnvironmentError` when a variable makes no sense, or when some but not all credentials are there.
 */
export function readEnvironment(environment: Environment): Settings {
  const set = Object.fromEntries(Object.entries(environment).filter(([, value]) => value?.trim()));
  const parsed = schema.safeParse(set);
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw new EnvironmentError(
      `The environment has mistakes (.env.example explains each variable).\n${problems.join('\n')}`,
    );
  }
  const values = parsed.data;
  const credentials = readCredentials(values, set);
  const site = values.GHE_HOST ? `${values.GHE_PROTOCOL}://${values.GHE_HOST}` : undefined;
  return {
    ...(credentials ? { credentials } : {}),
    host: values.HOST,
    port: values.PORT,
    ...(values.WEBHOOK_PROXY_URL ? { webhookProxy: values.WEBHOOK_PROXY_URL } : {}),
    webUrl: withoutSlash(values.GITHUB_SERVER_URL ?? site ?? 'https://github.com'),
    apiUrl: withoutSlash(values.GITHUB_API_URL ?? (site ? `${site}/api/v3` : 'https://api.github.com')),
    queueFile: values.QUEUE_FILE,
    concurrency: values.CONCURRENCY,
    logLevel: values.LOG_LEVEL,
    logFormat: values.LOG_FORMAT ?? (values.NODE_ENV === 'production' ? 'json' : 'pretty'),
  };
}

function withoutSlash(url: string): string {
  return url.replace(/\/+$/, '');
}

function readCredentials(
  { APP_ID: appId, WEBHOOK_SECRET: webhookSecret, NODE_ENV: mode }: z.infer<typeof schema>,
  environment: Environment,
): Credentials | undefined {
  const privateKey = readPrivateKey(environment);
  if (!appId && !privateKey) {
    if (mode !== 'production') return undefined;
    throw new EnvironmentError(
      'There are no credentials of a GitHub App: APP_ID, PRIVATE_KEY and WEBHOOK_SECRET. ' +
        'To get them from the set-up page, run `npm start` where NODE_ENV is not production.',
    );
  }
  const missing = [
    appId ? [] : ['APP_ID (on the page of your GitHub App)'],
    privateKey ? [] : ['PRIVATE_KEY or PRIVATE_KEY_PATH (generated on the page of your GitHub App)'],
    // Probot would fall back to a secret that everybody knows.
    webhookSecret ? [] : ['WEBHOOK_SECRET (as set on the page of your GitHub App)'],
  ].flat();
  if (!appId || !privateKey || !webhookSecret) {
    throw new EnvironmentError(
      `The credentials of the GitHub App are not complete: ${missing.join(', ')} missing.`,
    );
  }
  return { appId, privateKey, webhookSecret };
}

function readPrivateKey(env: Environment): string | undefined {
  // Without either variable the library would take any .pem file in the folder.
  if (!env.PRIVATE_KEY && !env.PRIVATE_KEY_PATH) return undefined;
  try {
    return getPrivateKey({ env })?.toString();
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace(/^\[.*?\] /, '') : String(error);
    throw new EnvironmentError(`The private key of the GitHub App cannot be read: ${reason}`);
  }
}
