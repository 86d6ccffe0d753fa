import type { IncomingMessage, ServerResponse } from 'node:http';
import type { JobQueue } from '../queue/queue.ts';

/** Answers `GET /health`: 200 while the queue can be read, else 503. Anything else is left to others. */
export function healthHandler(queue: Pick<JobQueue, 'state'>) {
  return async (request: IncomingMessage, response: ServerResponse): Promise<boolean> => {
    const path = request.url?.split('?')[0];
    if (path !== '/health' || (request.method !== 'GET' && request.method !== 'HEAD')) return false;
    const [status, body] = await queue.state().then(
      (state) => [200, { status: 'ok', ...state }] as const,
      () => [503, { status: 'the queue cannot be read' }] as const,
    );
    response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
    response.end(`${JSON.stringify(body)}\n`);
    return true;
  };
}
