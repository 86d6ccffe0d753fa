import type { Client } from './client.ts';

/** GitHub redelivers webhooks of the past three days. Deliveries are listed newest first, a hundred a page. */
const MOST_PAGES = 20;

interface Delivery {
  readonly id: number;
  readonly guid: string;
  readonly deliveredAt: number;
  readonly isSuccess: boolean;
}

/**
 * Asks GitHub to send again each webhook that did not arrive: down times and lost answers leave them behind, and
 * GitHub does not repeat them by itself
 * (https://docs.github.com/webhooks/using-webhooks/handling-failed-webhook-deliveries).
 *
 * @param client signed in as the App itself, not as an installation.
 * @param since milliseconds since 1970; older deliveries are left alone.
 * @returns how many were asked for.
 */
export async function redeliverFailed(client: Client, since: number): Promise<number> {
  const deliveries = await listDeliveries(client, since);
  const arrived = new Set(deliveries.filter(({ isSuccess }) => isSuccess).map(({ guid }) => guid));
  const failed = new Map(
    deliveries.filter(({ guid }) => !arrived.has(guid)).map((delivery) => [delivery.guid, delivery.id]),
  );
  for (const id of failed.values()) {
    await client.request('POST /app/hook/deliveries/{delivery_id}/attempts', { delivery_id: id });
  }
  return failed.size;
}

async function listDeliveries(client: Client, since: number): Promise<Delivery[]> {
  const all: Delivery[] = [];
  let cursor: string | undefined;
  for (let page = 1; page <= MOST_PAGES; page++) {
    const { data, headers } = await client.request('GET /app/hook/deliveries', {
      per_page: 100,
      ...(cursor === undefined ? {} : { cursor }),
    });
    const found = data.map((delivery) => ({
      id: Number(delivery.id),
      guid: delivery.guid,
      deliveredAt: Date.parse(delivery.delivered_at),
      isSuccess: delivery.status_code >= 200 && delivery.status_code < 400,
    }));
    all.push(...found.filter((delivery) => delivery.deliveredAt >= since));
    const next = /<([^>]+)>; rel="next"/.exec(headers.link ?? '')?.[1];
    if (!next || found.some((delivery) => delivery.deliveredAt < since)) break;
    cursor = new URL(next).searchParams.get('cursor') ?? undefined;
  }
  return all;
}
