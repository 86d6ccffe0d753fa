import { code, text } from '../finding.ts';
import { readConnectionString } from '../secrets/connection-string.ts';
import { mask } from '../secrets/judge.ts';
import type { Report, Rule } from './rule.ts';
import type { StringView } from './views.ts';

export const connectionStringInCode: Rule = {
  id: 'connection-string-in-code',
  title: 'Address of a service written in the code',
  cwe: [547, 798],
  aspect: 'configuration',
  kind: 'advisory',
  severity: 'low',
  rows: [120],
  summary:
    'A literal that is the address of a database, cache, broker, directory or hypervisor. A defect where it holds a password; a quiet advisory otherwise. Addresses of the machine itself, placeholders and addresses in tests without a password are not reported.',
  why: 'With a password in it, everyone who can read the code has the account. Without one, the program still talks to a fixed place that differs between installations.',
  fix: 'Read the address from the configuration or the environment.',
  references: [
    'https://12factor.net/config',
    'https://cheatsheetseries.owasp.org/cheatsheets/Secrets_Management_Cheat_Sheet.html',
  ],
  roles: { test: 'advisory' },
  on: { string: checkString },
  examples: {
    bad: [
      {
        title: 'with a password',
        kind: 'defect',
        code: `
from sqlalchemy import create_engine

engine = create_engine('postgresql://shop:kX9-vL2pQ8s@db.shop.internal:5432/shop')  # report
BROKER = 'amqp://worker:Zt7Jq1mWb4@mq.shop.internal//'  # report
`,
      },
      {
        title: 'without',
        code: `
import ldap

def connect():
    return ldap.initialize('ldaps://directory.corp.internal')  # report
`,
      },
    ],
    good: [
      {
        title: 'placeholders, templates, and the machine itself',
        code: `
import os

URL = os.environ['DATABASE_URL']
LOCAL = 'redis://localhost:6379/0'
HELP = 'postgresql://user:password@host/database'
SITE = 'https://example.org/page'

def url(user, password):
    return f'postgresql://{user}:{password}@db/shop'
`,
      },
    ],
  },
};

const HIDDEN_SERVICES: ReadonlySet<string> = new Set(['web', 'mail', 'file-transfer']);

function checkString(view: StringView): Report | undefined {
  if (view.isDocstring || view.node.kind !== 'Str' || !view.value.includes('://')) return undefined;
  const connection = readConnectionString(view.value);
  if (!connection) return undefined;
  const address = `${connection.scheme}://${connection.user ? `${connection.user}:…@` : ''}${connection.host}`;
  if (connection.hasCredentials) {
    // `guest:guest` is what the server is delivered with.
    const isLocal = connection.isLocal || view.role === 'test' || connection.password === connection.user;
    return {
      message: text`${code(address)} is written in the code with its password (${code(mask(connection.password ?? ''))}).`,
      at: view.node,
      cwe: [798, 259],
      kind: isLocal ? 'advisory' : 'defect',
      severity: isLocal ? 'low' : 'high',
      quiet: isLocal,
      fix: {
        text: text`Read the address from the environment, and change the password: it stays readable in the history.`,
      },
    };
  }
  // A password that is a placeholder: an example, or a template.
  if (connection.password !== undefined) return undefined;
  if (connection.isLocal && connection.service !== 'hypervisor') return undefined;
  if (
    HIDDEN_SERVICES.has(connection.service) ||
    (connection.host === '' && connection.service !== 'hypervisor')
  )
    return undefined;
  if (view.role === 'test' && connection.service !== 'hypervisor') return undefined;
  // Without a user nothing in front of the query is secret.
  const shown = connection.user === undefined ? view.value.split('?', 1)[0]! : address;
  return {
    message: text`${code(shown)} is written in the code.`,
    at: view.node,
    confidence: 'low',
    quiet: true,
  };
}
