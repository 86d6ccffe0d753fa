/** Builds, signs, delivers and remembers webhooks. */
import { createHmac, randomUUID } from 'node:crypto';
import examples from '@octokit/webhooks-examples' with { type: 'json' };
import type { JsonObject } from './description.ts';
import type { Repository, User } from './model.ts';
import { repositoryJson, userJson } from './render.ts';
import { notFound, type World } from './world.ts';

export interface Delivery {
  readonly id: number;
  /** X-GitHub-Delivery: a redelivery has the same. */
  readonly guid: string;
  readonly event: string;
  readonly action: string | null;
  readonly payload: JsonObject;
  readonly redelivery: boolean;
  readonly deliveredAt: string;
  readonly repositoryId: number | null;
  /** Settled when the receiver has answered, or could not be reached. */
  readonly done: Promise<void>;
  /** The receiver's answer; 0 while there is none, 599 when it could not be reached, as GitHub logs it. */
  statusCode: number;
  seconds: number;
}

/** What becomes of the next webhooks, other than being delivered once. */
export type DeliveryBehaviour = 'lost' | 'doubled';

export class Webhooks {
  readonly log: Delivery[] = [];
  readonly world: World;
  /** Where the App listens; webhooks before it is set are lost. */
  target: string | undefined;
  private readonly behaviours: DeliveryBehaviour[] = [];

  constructor(world: World) {
    this.world = world;
  }

  /** The next webhooks are lost or doubled; in order, one word for each. */
  misbehave(...behaviours: DeliveryBehaviour[]): void {
    this.behaviours.push(...behaviours);
  }

  /**
   * Sends an event of GitHub's published example, changed to say `facts`. An App gets only what it subscribed to, and
   * may read; re-requested checks it gets unasked.
   */
  send(
    event: string,
    action: string,
    repository: Repository,
    sender: User,
    facts: JsonObject,
  ): Delivery | undefined {
    const { events, permissions } = this.world.app;
    if (action !== 'rerequested' && !events.includes(event)) return undefined;
    const needed = NEEDED[event];
    if (needed && !permissions[needed]) return undefined;
    const payload = merge(examplePayload(event, action), {
      ...facts,
      action,
      repository: repositoryJson(this.world, repository),
      sender: userJson(this.world, sender),
      installation: { id: this.world.installationId, node_id: 'MDIzOkludGVncmF0aW9uSW5zdGFsbGF0aW9uMQ==' },
    });
    delete payload.organization;
    const behaviour = this.behaviours.shift();
    const guid = randomUUID();
    const delivery = this.deliver(event, action, payload, guid, false, repository.id, behaviour === 'lost');
    return behaviour === 'doubled'
      ? this.deliver(event, action, payload, guid, false, repository.id)
      : delivery;
  }

  redeliver(id: number): Delivery {
    const { event, action, payload, guid, repositoryId } = this.find(id);
    return this.deliver(event, action, payload, guid, true, repositoryId);
  }

  find(id: number): Delivery {
    const found = this.log.find((delivery) => delivery.id === id);
    if (!found) throw notFound();
    return found;
  }

  /** Until each webhook so far is answered. */
  async settled(): Promise<void> {
    await Promise.all(this.log.map((delivery) => delivery.done));
  }

  json(delivery: Delivery): JsonObject {
    return {
      id: delivery.id,
      guid: delivery.guid,
      delivered_at: delivery.deliveredAt,
      redelivery: delivery.redelivery,
      duration: delivery.seconds,
      status: delivery.statusCode < 400 ? 'OK' : 'Invalid HTTP Response',
      status_code: delivery.statusCode,
      event: delivery.event,
      action: delivery.action,
      installation_id: this.world.installationId,
      repository_id: delivery.repositoryId,
    };
  }

  detailedJson(delivery: Delivery): JsonObject {
    return {
      ...this.json(delivery),
      url: this.target ?? '',
      request: { headers: { 'X-GitHub-Delivery': delivery.guid }, payload: delivery.payload },
      response: { headers: {}, payload: null },
    };
  }

  private deliver(
    event: string,
    action: string | null,
    payload: JsonObject,
    guid: string,
    redelivery: boolean,
    repositoryId: number | null,
    lost = false,
  ): Delivery {
    const started = Date.now();
    const answered =
      lost || !this.target ? Promise.resolve(599) : this.post(this.target, event, guid, payload);
    const delivery: Delivery = {
      id: this.world.id(),
      guid,
      event,
      action,
      payload,
      redelivery,
      repositoryId,
      deliveredAt: this.world.now(),
      statusCode: 0,
      seconds: 0,
      done: answered.then((status) => {
        delivery.statusCode = status;
        delivery.seconds = (Date.now() - started) / 1000;
      }),
    };
    this.log.push(delivery);
    return delivery;
  }

  private async post(target: string, event: string, guid: string, payload: JsonObject): Promise<number> {
    const body = JSON.stringify(payload);
    const signature = createHmac('sha256', this.world.webhookSecret).update(body).digest('hex');
    try {
      const response = await fetch(target, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'user-agent': 'GitHub-Hookshot/simulated',
          'x-github-event': event,
          'x-github-delivery': guid,
          'x-hub-signature-256': `sha256=${signature}`,
          'x-github-hook-installation-target-type': 'integration',
          'x-github-hook-installation-target-id': String(this.world.app.id),
        },
        body,
        signal: AbortSignal.timeout(10_000),
      });
      await response.arrayBuffer();
      return response.status;
    } catch {
      return 599;
    }
  }
}

/** The permission without which an App gets no webhook (https://docs.github.com/webhooks/webhook-events-and-payloads). */
const NEEDED: { readonly [event: string]: string } = {
  pull_request: 'pull_requests',
  issue_comment: 'issues',
  check_run: 'checks',
  check_suite: 'checks',
  merge_group: 'merge_queues',
};

function examplePayload(event: string, action: string): JsonObject {
  const known = (examples as unknown as { name: string; examples: JsonObject[] }[]).find(
    (definition) => definition.name === event,
  );
  const example =
    known?.examples.find((candidate) => candidate.action === action) ??
    // GitHub publishes no example of `pull_request.edited`: any other of the event has the same shape.
    known?.examples.find((candidate) => candidate.action === 'opened');
  if (!example) throw new Error(`There is no published example of ${event}.${action}`);
  return structuredClone(example);
}

/** `facts` over `base`: objects are merged, everything else is replaced. */
function merge(base: JsonObject, facts: JsonObject): JsonObject {
  const out = { ...base };
  for (const [key, value] of Object.entries(facts)) {
    const old = out[key];
    out[key] = isObject(old) && isObject(value) ? merge(old, value) : value;
  }
  return out;
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
