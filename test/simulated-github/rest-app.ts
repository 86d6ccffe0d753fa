/** REST: the App, its installation, its webhook deliveries. */
import { completeAs } from './description.ts';
import type { Handlers } from './http.ts';
import { appJson, installationJson, repositoryJson } from './render.ts';
import { notFound } from './world.ts';

export const appHandlers: Handlers = {
  'apps/get-authenticated': ({ world }) => ({ body: { ...appJson(world), installations_count: 1 } }),

  'apps/list-installations': ({ world }) => ({ body: [installationJson(world)] }),

  'apps/get-installation': ({ world, path }) => {
    if (Number(path.installation_id) !== world.installationId) throw notFound();
    return { body: installationJson(world) };
  },

  'apps/get-repo-installation': ({ world, path }) => {
    world.repository(path.owner!, path.repo!);
    return { body: installationJson(world) };
  },

  'apps/create-installation-access-token': ({ world, path }) => {
    if (Number(path.installation_id) !== world.installationId) throw notFound();
    return {
      status: 201,
      body: {
        token: world.createInstallationToken(),
        expires_at: new Date(Date.now() + 3_600_000).toISOString(),
        permissions: { ...world.app.permissions },
        repository_selection: 'all',
      },
    };
  },

  'apps/list-repos-accessible-to-installation': ({ world, page }) => {
    const repositories = world.repositories.filter((repository) => !repository.parent && !repository.deleted);
    const { items, headers } = page(repositories);
    return {
      headers,
      body: {
        total_count: repositories.length,
        repositories: items.map((repository) => completeAs('repository', repositoryJson(world, repository))),
      },
    };
  },

  'apps/list-webhook-deliveries': ({ webhooks, query }) => {
    const status = query.get('status');
    const deliveries = webhooks.log
      .filter((delivery) => !status || (status === 'success') === delivery.statusCode < 400)
      .toReversed();
    const start = Number(query.get('cursor') ?? 0);
    const size = Number(query.get('per_page') ?? 30);
    const next = new URL(`${query}`, 'http://unused');
    const headers: { [name: string]: string } = {};
    if (start + size < deliveries.length) {
      const more = new URLSearchParams(query);
      more.set('cursor', String(start + size));
      next.search = more.toString();
      headers.link = `<${webhooks.world.url}/app/hook/deliveries${next.search}>; rel="next"`;
    }
    return {
      headers,
      body: deliveries.slice(start, start + size).map((delivery) => webhooks.json(delivery)),
    };
  },

  'apps/get-webhook-delivery': ({ webhooks, path }) => {
    const delivery = webhooks.find(Number(path.delivery_id));
    return { body: webhooks.detailedJson(delivery) };
  },

  'apps/redeliver-webhook-delivery': ({ webhooks, path }) => {
    webhooks.redeliver(Number(path.delivery_id));
    return { status: 202, body: {} };
  },
};
