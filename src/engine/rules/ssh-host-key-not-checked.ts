import { code, text } from '../finding.ts';
import type { FunctionDef, Node } from '../syntax/ast.ts';
import type { Report, Rule } from './rule.ts';
import { isOptedOut } from './support/opted-out.ts';
import type { CallView, ClassView } from './views.ts';

export const sshHostKeyNotChecked: Rule = {
  id: 'ssh-host-key-not-checked',
  title: 'SSH host key not checked',
  cwe: [322, 295],
  aspect: 'cryptography',
  kind: 'defect',
  severity: 'high',
  rows: [67],
  summary:
    'An SSH connection that takes any host key: `AutoAddPolicy` and `WarningPolicy` of Paramiko, `known_hosts=None` in AsyncSSH, `ssh_strict=False` in Netmiko when asked for, `auth_strict_key=False` in Scrapli, `StrictHostKeyChecking=no` given to `ssh`, `scp` or pxssh, `cnopts.hostkeys = None` in pysftp.',
  why: 'Anyone on the way between the two can then answer in the place of the server, read what is sent, and get the password.',
  fix: 'Load the keys of the hosts (`client.load_system_host_keys()`, or a file of your own) and refuse unknown ones, which is what Paramiko does by default (`RejectPolicy`).',
  references: [
    'https://docs.paramiko.org/en/stable/api/client.html#paramiko.client.SSHClient.set_missing_host_key_policy',
    'https://asyncssh.readthedocs.io/en/latest/api.html#specifying-known-hosts',
  ],
  calls: [
    {
      paths: ['paramiko.SSHClient.set_missing_host_key_policy'],
      check: checkPolicy,
    },
    {
      paths: ['asyncssh.connect', 'asyncssh.create_connection', 'asyncssh.SSHClientConnectionOptions'],
      check: (call) => (call.argument(undefined, 'known_hosts')?.isNone ? takesAny(call) : undefined),
    },
    {
      paths: ['scrapli.*', 'scrapli.driver.*', 'scrapli.driver.core.*'],
      check: (call) => (call.argument(undefined, 'auth_strict_key')?.isFalse ? takesAny(call) : undefined),
    },
    {
      paths: [],
      names: ['set_missing_host_key_policy'],
      check: (call) => (call.callee.startsWith('paramiko.') ? undefined : checkPolicy(call)),
    },
  ],
  on: {
    class: checkOwnPolicy,
    assignment: {
      names: ['hostkeys'],
      check: (view) =>
        view.target === 'attribute' && view.value.isNone && view.module.imports('pysftp')
          ? { message: text`${view.quote(view.node)} makes the connection take any host key.`, at: view.node }
          : undefined,
    },
    string: (view) =>
      !view.isDocstring &&
      view.value.length > 'StrictHostKeyChecking'.length &&
      !view.value.includes('\n') &&
      /StrictHostKeyChecking[= ]["']?(no|off)\b/i.test(view.value)
        ? {
            message: text`${view.quote(view.node)} makes ${code('ssh')} take any host key.`,
            at: view.node,
            kind: 'advisory',
            severity: 'medium',
            fix: {
              text: text`Use ${code('StrictHostKeyChecking=yes')}, or ${code('accept-new')} where the first contact is trusted.`,
            },
          }
        : undefined,
  },
  examples: {
    bad: [
      {
        title: 'a policy of its own',
        code: `
import paramiko

class Ignore(paramiko.MissingHostKeyPolicy):
    def missing_host_key(self, client, hostname, key):  # report
        pass
`,
      },
      {
        title: 'Paramiko',
        code: `
import paramiko
from paramiko.client import SSHClient, WarningPolicy

def connect(host):
    client = paramiko.SSHClient()
    client.set_missing_host_key_policy(paramiko.AutoAddPolicy())  # report
    client.connect(host)
    other = SSHClient()
    other.set_missing_host_key_policy(WarningPolicy)  # report
    return client, other
`,
      },
      {
        title: 'unless the caller knows better',
        code: `
import paramiko

def create_ssh_client(**kwargs):
    client = paramiko.SSHClient()
    client.load_system_host_keys()
    policy = kwargs.get('missing_key_policy')
    if policy is None:
        policy = paramiko.WarningPolicy()
    client.set_missing_host_key_policy(policy)  # report
    return client
`,
      },
      {
        title: 'in a class',
        code: `
import paramiko

class Remote:
    def __init__(self, host):
        self.client = paramiko.SSHClient()
        self.client.load_system_host_keys()
        policy = paramiko.AutoAddPolicy()
        self.client.set_missing_host_key_policy(policy)  # report
        self.client.connect(host)
`,
      },
      {
        title: 'AsyncSSH',
        code: `
import asyncssh

async def run(host):
    async with asyncssh.connect(host, known_hosts=None) as connection:  # report
        return await connection.run('uptime')
`,
      },
      {
        title: 'options of the ssh program',
        kind: 'advisory',
        code: `
import subprocess

def run(host):
    subprocess.run(['ssh', '-o', 'StrictHostKeyChecking=no', host, 'uptime'], check=True)  # report
`,
      },
    ],
    good: [
      {
        title: 'unknown keys are refused',
        code: `
import asyncssh
import paramiko

def connect(host):
    client = paramiko.SSHClient()
    client.load_system_host_keys()
    client.set_missing_host_key_policy(paramiko.RejectPolicy())
    client.connect(host)
    return client

async def run(host):
    return await asyncssh.connect(host, known_hosts='/etc/ssh/known_hosts')
`,
      },
      {
        title: 'a policy of one’s own',
        code: `
import paramiko

class AskPolicy(paramiko.MissingHostKeyPolicy):
    def missing_host_key(self, client, hostname, key):
        if input(f'Trust {hostname}?') != 'yes':
            raise paramiko.SSHException('unknown host key')

def connect(host):
    client = paramiko.SSHClient()
    client.set_missing_host_key_policy(AskPolicy())
    client.connect(host)
`,
      },
    ],
  },
};

function checkPolicy(call: CallView): Report | undefined {
  const policy = call.argument(0, 'policy');
  const path = policy?.path ?? policy?.type ?? '';
  if (!/^paramiko\.(client\.)?(AutoAddPolicy|WarningPolicy)$/.test(path) && !isTakenByDefault(call))
    return undefined;
  return {
    message: text`${call.quote(call.node)} makes the connection take any host key.`,
    at: call.node,
    ...(isOptedOut(call, call.node) ? { kind: 'advisory' as const, severity: 'medium' as const } : {}),
    fix: {
      text: text`Load the keys of the hosts with ${code('load_system_host_keys()')} and use ${code('paramiko.RejectPolicy()')}.`,
    },
  };
}

/** `if policy is None: policy = paramiko.WarningPolicy()`: what is used unless the caller knows better. */
function isTakenByDefault(call: CallView): boolean {
  const node = call.argumentNode(0, 'policy');
  const around = call.function;
  if (node?.kind !== 'Name' || !around) return false;
  const given = new RegExp(`\\b${node.id}\\s*=[^=\\n]*\\b(?:AutoAddPolicy|WarningPolicy)\\b`);
  return given.test(around.sourceOf(around.node));
}

/** A policy of one's own that neither raises nor looks at the key. */
function checkOwnPolicy(cls: ClassView): Report | undefined {
  if (!cls.bases.some((base) => /^paramiko\.(client\.)?MissingHostKeyPolicy$/.test(base))) return undefined;
  const method = cls.methods.find(({ name }) => name === 'missing_host_key');
  const isEmpty = method?.node.body.every(
    ({ kind }, i) => kind === 'Pass' || kind === 'Return' || (kind === 'ExpressionStatement' && i === 0),
  );
  return method && isEmpty
    ? { message: text`${code(cls.name)} takes any host key.`, at: headOf(method.node, method.name) }
    : undefined;
}

function headOf(node: FunctionDef, name: string): Node {
  return { start: node.nameStart, end: node.nameStart + name.length };
}

function takesAny(call: CallView): Report {
  return { message: text`${call.quote(call.node)} takes any host key.`, at: call.node };
}
