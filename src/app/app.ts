import type { Probot } from 'probot';
import type { JobQueue } from '../queue/queue.ts';
import { EVENTS, jobFor } from './events.ts';

/**
 * The way of a webhook: Probot has verified its signature, we store what it asks for, and GitHub gets its answer.
 * When it cannot be stored, the answer is an error: GitHub's list of deliveries then shows it, and it is redelivered.
 */
export function registerWebhooks(probot: Probot, queue: JobQueue): void {
  probot.on([...EVENTS], async ({ id, name, payload, log }) => {
    const job = jobFor({ id, name, payload } as Parameters<typeof jobFor>[0]);
    if (!job) return;
    const result = await queue.enqueue(job);
    log.info({ kind: job.kind, key: job.key, result }, 'Webhook taken');
  });
}
