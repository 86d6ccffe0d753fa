import { text } from '../finding.ts';
import type { Call } from '../syntax/ast.ts';
import { walk } from '../syntax/walk.ts';
import type { Report, Rule } from './rule.ts';
import { adminClientIn, createdBy, isTenantResource, nounInWords } from './support/cloud-resources.ts';
import type { FunctionView } from './views.ts';

export const adminClientInTests: Rule = {
  id: 'admin-client-in-tests',
  title: 'Test creates resources as administrator',
  cwe: [250],
  aspect: 'access',
  kind: 'advisory',
  severity: 'low',
  rows: [119],
  summary:
    'A test creates something that every user may create (a keypair, security group, floating IP, server, network, volume) through the client of an administrator (`os_admin`, `admin_manager`), which the tested behaviour may not need. One advisory for each function.',
  why: 'A test that runs as administrator passes even if the policy for ordinary users is broken, what it creates lies outside the project that is cleaned up, and a mistake in it can touch the resources of others.',
  fix: 'Create it with the primary client, and keep the administrator for what only an administrator may do.',
  references: ['https://docs.openstack.org/tempest/latest/write_tests.html#allocating-credentials'],
  roles: { test: 'same' },
  on: { mentions: /os_adm|admin|operator_cloud/g, function: check },
  examples: {
    bad: [
      {
        title: 'tempest',
        path: 'scenario/admin/test_floatingip.py',
        code: `
class FloatingIpTest(base.BaseTempestTestCase):
    credentials = ['primary', 'admin']

    @classmethod
    def resource_setup(cls):
        cls.keypair = cls.create_keypair(client=cls.os_admin.keypairs_client)  # report
        cls.secgroup = cls.os_admin.network_client.create_security_group(name='a')['security_group']

    def _fip(self, port):
        return self.create_and_associate_floatingip(  # report
            port['id'], client=self.os_admin.network_client)
`,
      },
    ],
    good: [
      {
        title: 'what only an administrator may do, and ordinary clients',
        path: 'scenario/test_servers.py',
        code: `
class ServersTest(base.BaseTempestTestCase):
    def test_hypervisors(self):
        self.os_admin.hv_client.list_hypervisors()
        self.os_admin.flavors_client.create_flavor(ram=1, vcpus=1, disk=1)
        waiters.wait_for_server_status(self.os_admin.servers_client, 'a', 'ACTIVE')

    def test_keypair(self):
        self.create_keypair(client=self.os_primary.keypairs_client)
        self.os_primary.network_client.create_security_group(name='a')
`,
      },
      {
        title: 'an external or provider network, which only an administrator may make',
        path: 'scenario/test_networks.py',
        code: `
class NetworksTest(base.BaseTempestTestCase):
    def test_provider(self):
        self.os_admin.network_client.create_network(**{'router:external': True})
        self.os_admin.network_client.create_network(name='a', shared=True)
        self.os_admin.network_client.create_network(project_id=self.project)
`,
      },
    ],
  },
};

/** Options that only an administrator may give. */
const NEEDS_ADMIN =
  /external|provider|shared|is_public|host|project_id|tenant_id|distributed|ha\b|availability_zone|physical|segment|visibility/;

function check(fn: FunctionView): Report | undefined {
  const uses: { call: Call; noun: string; client: Parameters<typeof fn.quote>[0] }[] = [];
  walk(fn.node, (node) => {
    if (node.kind !== 'Call') return true;
    const call = node as Call;
    const noun = createdBy(call);
    if (noun === undefined || !isTenantResource(noun)) return true;
    const given = call.keywords.find((keyword) => keyword.name === 'client')?.value;
    const client = adminClientIn(given ?? call.func);
    const needsAdmin = call.keywords.some(
      ({ name, value }) => name !== 'client' && NEEDS_ADMIN.test(name ?? fn.sourceOf(value)),
    );
    if (client && !needsAdmin) uses.push({ call, noun, client });
    return true;
  });
  const [first, ...others] = uses;
  if (!first) return undefined;
  return {
    message: text`${fn.quote(first.call.func)} creates a ${nounInWords(first.noun)} with the credentials of an administrator (${fn.quote(first.client)}), which the tested behaviour may not need.`,
    at: first.call,
    confidence: 'medium',
    steps: others.map(({ call, noun }) => ({
      at: call,
      text: text`${fn.quote(call.func)} creates a ${nounInWords(noun)} in the same way`,
    })),
  };
}
