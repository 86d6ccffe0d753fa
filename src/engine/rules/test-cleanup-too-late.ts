import { type Code, code, text } from '../finding.ts';
import type { Call, Expression, FunctionDef, Node, Statement } from '../syntax/ast.ts';
import { headersOf, lastName, rootName } from '../syntax/headers.ts';
import { walk, walkStatements } from '../syntax/walk.ts';
import type { Report, Rule } from './rule.ts';
import {
  createdBy,
  deletedBy,
  isClientCall,
  nounInWords,
  registersCleanup,
} from './support/cloud-resources.ts';
import type { ClassView, FunctionView } from './views.ts';

export const testCleanupTooLate: Rule = {
  id: 'test-cleanup-too-late',
  title: 'Clean-up of a test registered too late, or not at all',
  cwe: [772, 459],
  aspect: 'resources',
  kind: 'advisory',
  severity: 'low',
  rows: [106],
  summary:
    'A test creates something outside itself (a server, keypair, security group, floating IP, volume, network, bucket), then does something that can fail, and only then registers the clean-up with `addCleanup` and its relatives; or a class set-up creates it through a client of its own choice and nothing in the class deletes it.',
  why: 'When the step in between fails, the test ends without the clean-up. What was created stays, costs money or quota, makes later tests fail, and a machine with a public address and a test key stays reachable.',
  fix: 'Register the clean-up in the statement after the one that creates the resource.',
  references: [
    'https://docs.python.org/3/library/unittest.html#unittest.TestCase.addCleanup',
    'https://docs.openstack.org/tempest/latest/write_tests.html',
  ],
  roles: { test: 'same' },
  on: {
    mentions:
      /addCleanup|addClass(Resource)?Cleanup|addfinalizer|setUpClass|resource_setup|setup_class|setUpTestData/g,
    function: checkOrder,
    class: checkSetUp,
  },
  examples: {
    bad: [
      {
        title: 'something in between can fail',
        path: 'scenario/test_floatingip.py',
        code: `
class FloatingIpTest(base.BaseTempestTestCase):
    def _create_vms(self, servers):
        fips, clients = [], []
        for i, server in enumerate(servers):
            fips.append(self.create_and_associate_floatingip(  # report
                server['port'], client=self.os_admin.network_client))
            clients.append(ssh.Client(fips[i]['floating_ip_address'], 'cirros'))
            self.addCleanup(self.os_admin.network_client.delete_floatingip,
                            fips[i]['id'])
        return clients

    def test_volume(self):
        volume = self.volumes_client.create_volume(size=1)['volume']  # report
        waiters.wait_for_volume_resource_status(self.volumes_client, volume['id'], 'available')
        self.addCleanup(self.volumes_client.delete_volume, volume['id'])
`,
      },
      {
        title: 'a class set-up without clean-up',
        path: 'scenario/test_keypair.py',
        code: `
class KeypairTest(base.BaseTempestTestCase):
    @classmethod
    def resource_setup(cls):
        super().resource_setup()
        cls.keypair = cls.create_keypair(client=cls.os_admin.keypairs_client)  # report
        cls.secgroup = cls.os_admin.network_client.create_security_group(name='x')['security_group']

    @classmethod
    def resource_cleanup(cls):
        cls.os_admin.network_client.delete_security_group(security_group_id=cls.secgroup['id'])
        super().resource_cleanup()
`,
      },
    ],
    good: [
      {
        title: 'registered at once',
        path: 'scenario/test_server.py',
        code: `
class ServerTest(base.BaseTempestTestCase):
    def test_volume(self):
        volume = self.volumes_client.create_volume(size=1)['volume']
        self.addCleanup(self.volumes_client.delete_volume, volume['id'])
        waiters.wait_for_volume_resource_status(self.volumes_client, volume['id'], 'available')

    def test_server(self):
        server = self.client.create_server(name='a')
        LOG.info('created')
        self.addCleanup(waiters.wait_for_server_termination, self.client, server['id'])
        self.addCleanup(test_utils.call_and_ignore_notfound_exc, self.client.delete_server, server['id'])
`,
      },
      {
        title: 'the base class cleans up, or the class does',
        path: 'scenario/test_network.py',
        code: `
class NetworkTest(base.BaseTempestTestCase):
    @classmethod
    def resource_setup(cls):
        super().resource_setup()
        cls.network = cls.create_network()
        cls.bucket = cls.s3_client.create_bucket(Bucket='a')
        cls.addClassResourceCleanup(cls.s3_client.delete_bucket, Bucket='a')
        cls.image = cls.image_client.create_image(name='x')

    @classmethod
    def resource_cleanup(cls):
        for item in (cls.image,):
            cls.image_client.delete_image(item['id'])
        super().resource_cleanup()
`,
      },
    ],
  },
};

/** In every block: what creates, then what can fail, then the clean-up of what was created. */
function checkOrder(fn: FunctionView): readonly Report[] | undefined {
  if (!/addCleanup|addClass(Resource)?Cleanup|addfinalizer/.test(fn.sourceOf(fn.node))) return undefined;
  const reports: Report[] = [];
  forEachBlock(fn.node, (block) => {
    block.forEach((statement, at) => {
      const cleanup = callOf(statement);
      if (!cleanup || !registersCleanup(cleanup)) return;
      const found = creationBefore(block, at, cleanup);
      if (found) reports.push(tooLate(fn, found, cleanup));
    });
  });
  return reports;
}

interface Late {
  readonly creation: Call;
  readonly noun: string;
  /** What can fail in between. */
  readonly risk: Node;
}

function creationBefore(block: readonly Statement[], at: number, cleanup: Call): Late | undefined {
  const variables = new Set(
    cleanup.args.map(rootName).filter((name) => name !== '' && name !== 'self' && name !== 'cls'),
  );
  const deletes = cleanup.args
    .map((argument) => deletedBy(lastName(argument)))
    .find((noun) => noun !== undefined);
  let risk: Node | undefined;
  for (let i = at - 1; i >= 0; i--) {
    const statement = block[i]!;
    const creation = creationIn(statement, variables, deletes);
    if (creation) return risk ? { ...creation, risk } : undefined;
    risk = riskIn(statement) ?? risk;
  }
  return undefined;
}

/** The creation of what one of the variables holds, of the kind that the clean-up deletes. */
function creationIn(
  statement: Statement,
  variables: ReadonlySet<string>,
  deletes: string | undefined,
): { creation: Call; noun: string } | undefined {
  const value =
    statement.kind === 'Assign' && statement.targets.some((target) => variables.has(rootName(target)))
      ? statement.value
      : appendedTo(statement, variables);
  if (!value) return undefined;
  const creation = innermostCall(value);
  const noun = creation && createdBy(creation);
  if (!creation || !noun || (deletes !== undefined && !sameNoun(noun, deletes))) return undefined;
  return { creation, noun };
}

function appendedTo(statement: Statement, variables: ReadonlySet<string>): Expression | undefined {
  const call = callOf(statement);
  return call && lastName(call.func) === 'append' && variables.has(rootName(call.func))
    ? call.args[0]
    : undefined;
}

/** `client.create_volume(size=1)['volume']` → the call. */
function innermostCall(expression: Expression): Call | undefined {
  let at = expression;
  while (at.kind === 'Subscript' || at.kind === 'Attribute' || at.kind === 'Await') at = at.value;
  return at.kind === 'Call' ? at : undefined;
}

function sameNoun(a: string, b: string): boolean {
  const plain = (noun: string) => noun.replace(/_/g, '').replace(/s$/, '');
  return plain(a).includes(plain(b)) || plain(b).includes(plain(a));
}

function tooLate(fn: FunctionView, { creation, noun, risk }: Late, cleanup: Call): Report {
  return {
    message: text`When ${quoteCall(fn, risk)} fails, the ${nounInWords(noun)} that ${fn.quote(creation.func)} made stays: its clean-up is registered only afterwards.`,
    at: creation,
    steps: [
      { at: creation, text: text`${fn.quote(creation.func)} creates it` },
      { at: risk, text: text`${quoteCall(fn, risk)} can fail` },
      { at: cleanup, text: text`the clean-up is registered here` },
    ],
    fix: { text: text`Move ${fn.quote(cleanup)} to right after ${fn.quote(creation.func)}.` },
  };
}

/** A call by what it calls, without its arguments. */
function quoteCall(fn: FunctionView, node: Node): Code {
  return fn.quote('func' in node ? (node as Call).func : node);
}

const SET_UP = /^(setUpClass|resource_setup|setup_class|setUpTestData)$/;
const TEAR_DOWN = /^(tearDownClass|resource_cleanup|teardown_class|clear_isolated_creds)$/;

/** What a class set-up makes with a client that it names itself, and nothing in the class deletes. */
function checkSetUp(cls: ClassView): readonly Report[] | undefined {
  const setUp = cls.methods.filter((method) => SET_UP.test(method.name));
  if (setUp.length === 0) return undefined;
  const others = cls.methods
    .filter((method) => TEAR_DOWN.test(method.name))
    .map((method) => method.sourceOf(method.node));
  const reports: Report[] = [];
  for (const method of setUp) {
    const own = method.sourceOf(method.node);
    walkStatements(method.node.body, (statement) => {
      if (statement.kind !== 'Assign') return;
      const [target] = statement.targets;
      const creation = innermostCall(statement.value);
      const noun = creation && createdBy(creation);
      if (!creation || !noun || target?.kind !== 'Attribute') return;
      if (!isClientCall(creation) && !creation.keywords.some(({ name }) => name === 'client')) return;
      const name = target.attr;
      const mentioned = (source: string) =>
        new RegExp(`\\b${name}\\b`).test(source) &&
        /delete|remove|destroy|terminate|release|cleanup/i.test(source);
      if (
        others.some(mentioned) ||
        new RegExp(`addClass(Resource)?Cleanup[\\s\\S]*(${name}|delete_${noun})`).test(own)
      )
        return;
      reports.push({
        message: text`Nothing in ${code(cls.name)} deletes the ${nounInWords(noun)} that ${cls.quote(creation)} makes.`,
        at: creation,
        confidence: 'medium',
        fix: {
          text: text`Register its deletion with ${code('addClassResourceCleanup')} (${code('addClassCleanup')} in unittest) right after it, or delete it in the class's clean-up.`,
        },
      });
    });
  }
  return reports;
}

function forEachBlock(fn: FunctionDef, visit: (block: readonly Statement[]) => void): void {
  visit(fn.body);
  walkStatements(
    fn.body,
    (statement) => {
      switch (statement.kind) {
        case 'For':
        case 'While':
        case 'With':
          visit(statement.body);
          break;
        case 'If':
          for (const body of [
            statement.body,
            ...statement.elifs.map((branch) => branch.body),
            statement.orelse,
          ])
            visit(body);
          break;
        case 'Try':
          visit(statement.body);
          break;
      }
    },
    false,
  );
}

function callOf(statement: Statement): Call | undefined {
  return statement.kind === 'ExpressionStatement' && statement.value.kind === 'Call'
    ? statement.value
    : undefined;
}

/** Calls that do not fail, or whose failure is that of the test's own code. */
const CALM =
  /^(str|len|int|dict|list|set|get|format|join|append|update|add|rand_name|range|enumerate|debug|info|warning)$/;

/** The first call of a statement that may fail: not logging, not the registering of another clean-up. */
function riskIn(statement: Statement): Node | undefined {
  let risk: Node | undefined;
  walkStatements([statement], (inner) => {
    for (const header of headersOf(inner)) {
      walk(header, (node) => {
        if (node.kind !== 'Call') return risk === undefined;
        if (registersCleanup(node as Call)) return false;
        if (!CALM.test(lastName((node as Call).func))) risk ??= node;
        return risk === undefined;
      });
    }
  });
  return risk;
}
