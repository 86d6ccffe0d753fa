import { getTransformStream } from '@probot/pino';
import { type DestinationStream, type Logger, pino } from 'pino';
import type { Settings } from './environment.ts';

/** The app's log, on standard output unless told otherwise: for people in a terminal, JSON for machines. */
export async function createLog(
  settings: Pick<Settings, 'logLevel' | 'logFormat'>,
  destination: DestinationStream = pino.destination(1),
): Promise<Logger> {
  const transform = await getTransformStream({ logFormat: settings.logFormat });
  transform.pipe(destination as unknown as NodeJS.WritableStream);
  return pino(
    {
      name: 'patchwarden',
      level: settings.logLevel,
      serializers: { err: describeError },
      // Headers hold signatures and tokens.
      redact: { paths: ['req.headers', 'res.headers'], remove: true },
      onChild: quietenRequests,
    },
    transform,
  );
}

/** Probot logs each request to the server: health checks every half minute, and webhooks, which we log ourselves. */
function quietenRequests(child: Logger): void {
  if (child.bindings().name === 'http' && child.isLevelEnabled('info') && !child.isLevelEnabled('debug')) {
    child.level = 'warn';
  }
}

/**
 * An error without what it carries along: an error of a request holds its body, which quotes code of the pull request.
 */
export function describeError(error: unknown): object {
  if (!(error instanceof Error)) return { message: String(error) };
  const { name, message, stack, cause } = error;
  const { status, code, request } = error as {
    status?: unknown;
    code?: unknown;
    request?: { method?: unknown; url?: unknown };
  };
  return {
    type: name,
    message,
    stack,
    ...(status === undefined ? {} : { status }),
    ...(code === undefined ? {} : { code }),
    ...(request === undefined ? {} : { request: { method: request.method, url: request.url } }),
    ...(error instanceof AggregateError ? { errors: error.errors.map(describeError) } : {}),
    ...(cause === undefined ? {} : { cause: describeError(cause) }),
  };
}
