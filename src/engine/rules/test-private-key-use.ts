import { text } from '../finding.ts';
import type { Call, Expression, Node } from '../syntax/ast.ts';
import { dottedName, lastName } from '../syntax/headers.ts';
import { walk } from '../syntax/walk.ts';
import type { Report, Rule } from './rule.ts';
import type { ModuleView } from './views.ts';

export const testPrivateKeyUse: Rule = {
  id: 'test-private-key-use',
  title: 'Private key of a generated keypair handed to a client',
  cwe: [522],
  aspect: 'secrets',
  kind: 'advisory',
  severity: 'low',
  rows: [118],
  summary:
    'Test code takes the private key of a keypair that the cloud generated (`keypair["private_key"]`) and hands it to an SSH client. Listed in the summary only: no leak is seen, but logging the client, or its errors, could show the key.',
  why: 'A generated key lives in memory, in the arguments of the client and in whatever logs or tracebacks show them; the machine it opens often has a public address.',
  fix: 'Keep the key out of logs and messages, and delete the keypair with the test.',
  references: ['https://docs.openstack.org/api-ref/compute/#create-import-keypair'],
  roles: {
    test: 'same',
    production: 'silent',
    command: 'silent',
    settings: 'silent',
    migration: 'silent',
    example: 'silent',
  },
  on: { module: check },
  examples: {
    bad: [
      {
        title: 'an SSH client',
        path: 'scenario/test_ssh.py',
        code: `
class SshTest(base.BaseTempestTestCase):
    def client(self, address):
        return ssh.Client(address, 'cirros', pkey=self.keypair['private_key'])  # report
`,
      },
    ],
    good: [
      {
        title: 'other keys',
        path: 'scenario/test_ssh.py',
        code: `
class SshTest(base.BaseTempestTestCase):
    def client(self, address):
        self.assertIn('private_key', self.keypair)
        return ssh.Client(address, 'cirros', password=CONF.validation.image_ssh_password)
`,
      },
    ],
  },
};

function check(module: ModuleView): readonly Report[] | undefined {
  if (!module.text.includes('private_key')) return undefined;
  const reports: Report[] = [];
  walk(module.node, (node) => {
    if (node.kind !== 'Call') return true;
    const call = node as Call;
    if (!/ssh|remote|client/i.test(dottedName(call.func)) || /^assert/.test(lastName(call.func))) return true;
    const key = [...call.args, ...call.keywords.map((keyword) => keyword.value)].find(isPrivateKey);
    if (key) reports.push(reportOf(module, key, call));
    return true;
  });
  return reports;
}

function isPrivateKey(expression: Expression): boolean {
  return (
    (expression.kind === 'Subscript' &&
      expression.index.kind === 'Str' &&
      expression.index.value === 'private_key') ||
    (expression.kind === 'Attribute' && expression.attr === 'private_key')
  );
}

function reportOf(module: ModuleView, key: Node, call: Call): Report {
  return {
    quiet: true,
    message: text`The private key ${module.quote(key)} is handed to ${module.quote(call.func)}; no leak of it is seen.`,
    at: key,
  };
}
