import { code, text } from '../finding.ts';
import type { Report, Rule } from './rule.ts';
import type { CallView } from './views.ts';

export const ldapAuthentication: Rule = {
  id: 'ldap-authentication',
  title: 'LDAP log-in that proves nothing, or is sent in clear text',
  cwe: [287, 522, 523],
  aspect: 'access',
  kind: 'defect',
  severity: 'medium',
  rows: [80],
  summary:
    'An LDAP bind with an empty or missing password, which the server accepts as anonymous, and a bind with a password over `ldap://` where nothing starts TLS; with python-ldap and ldap3. Servers on the machine itself are fine.',
  why: 'A bind without a password succeeds for every user name, so that a log-in built on it lets everyone in. Without TLS the password is read by everyone on the way.',
  fix: 'Refuse empty passwords before the bind, and use `ldaps://` or `start_tls_s()`.',
  references: [
    'https://datatracker.ietf.org/doc/html/rfc4513#section-5.1.2',
    'https://www.python-ldap.org/en/latest/reference/ldap.html',
    'https://ldap3.readthedocs.io/en/latest/ssltls.html',
  ],
  roles: { test: 'silent' },
  calls: [
    {
      paths: [
        'ldap.ldapobject.LDAPObject.simple_bind',
        'ldap.ldapobject.LDAPObject.simple_bind_s',
        'ldap.ldapobject.LDAPObject.bind',
        'ldap.ldapobject.LDAPObject.bind_s',
      ],
      check: checkBind,
    },
    { paths: ['ldap3.Connection'], check: checkConnection },
  ],
  examples: {
    bad: [
      {
        title: 'no password',
        code: `
import ldap
from ldap3 import Connection, Server

def login(name):
    connection = ldap.initialize('ldaps://ldap.example.com')
    connection.simple_bind_s('cn=%s,dc=example' % name, '')  # report
    other = Connection(Server('ldap.example.com', use_ssl=True), user=name, password=None)  # report
    return connection, other
`,
      },
      {
        title: 'in clear text',
        code: `
import ldap
from ldap3 import Connection, Server

def login(name, password):
    connection = ldap.initialize('ldap://ldap.example.com')
    connection.simple_bind_s('cn=admin,dc=example', password)  # report
    server = Server('ldap.example.com', use_ssl=False)
    return Connection(server, user=name, password=password, auto_bind=True)  # report
`,
      },
      {
        title: 'as nobody',
        kind: 'advisory',
        code: `
import ldap

def lookup():
    connection = ldap.initialize('ldaps://ldap.example.com')
    connection.simple_bind_s()  # report
    return connection.search_s('dc=example', ldap.SCOPE_SUBTREE)
`,
      },
    ],
    good: [
      {
        title: 'a password over TLS',
        code: `
import ldap
from ldap3 import Connection, Server

def login(name, password):
    connection = ldap.initialize('ldap://ldap.example.com')
    connection.start_tls_s()
    connection.simple_bind_s('cn=admin,dc=example', password)
    secure = ldap.initialize('ldaps://ldap.example.com')
    secure.simple_bind_s('cn=admin,dc=example', password)
    local = ldap.initialize('ldapi:///')
    local.simple_bind_s('cn=admin,dc=example', password)
    server = Server('ldap.example.com', use_ssl=True)
    return Connection(server, user=name, password=password, auto_bind=True)
`,
      },
    ],
  },
};

function isEmpty(call: CallView, position: number, name: string): boolean {
  const password = call.argument(position, name);
  return password?.constant === '' || password?.isNone === true;
}

function isLocal(address: string): boolean {
  return /^(ldapi:|(ldap:\/\/)?(localhost|127\.|\[?::1))/i.test(address);
}

/** Whether the function, or the class around it, starts TLS on some connection. */
function startsTls(call: CallView): boolean {
  const around = call.class ?? call.function ?? call.module;
  return /start_tls|use_ssl\s*=\s*True|AUTO_BIND_TLS|OPT_X_TLS_DEMAND|Tls\(/.test(
    around.sourceOf(around.node),
  );
}

function checkBind(call: CallView): Report | undefined {
  const who = call.argument(0, 'who');
  if (who && !who.isNone && who.constant !== '') {
    const position = 1;
    if (isEmpty(call, position, 'cred')) return withoutPassword(call);
    if (call.argument(position, 'cred') === undefined && !call.hasUnknownArguments)
      return withoutPassword(call);
  }
  if (!call.hasUnknownArguments && (call.argument(1, 'cred') === undefined || isEmpty(call, 1, 'cred')))
    return anonymous(call);
  const address = call.receiver?.madeBy?.argument(0, 'uri');
  const text = address?.constant ?? address?.template;
  const sends = call.argument(1, 'cred') !== undefined;
  if (!sends || typeof text !== 'string' || !/^ldap:\/\//i.test(text) || isLocal(text) || startsTls(call))
    return undefined;
  return inClearText(call);
}

function checkConnection(call: CallView): Report | undefined {
  const user = call.argument(1, 'user');
  const given = call.argument(2, 'password');
  const isAnonymous = call.argument(undefined, 'authentication')?.path?.endsWith('.ANONYMOUS') === true;
  if (isAnonymous || (!user && !given && !call.hasUnknownArguments && mechanismOf(call) === undefined))
    return anonymous(call);
  if (!user || user.isNone) return undefined;
  if (given && isEmpty(call, 2, 'password')) return withoutPassword(call);
  if (!given && !call.hasUnknownArguments && mechanismOf(call) === undefined) return withoutPassword(call);
  const server = call.argument(0, 'server')?.madeBy;
  const host = server?.argument(0, 'host')?.constant;
  const encrypted = server?.argument(2, 'use_ssl');
  if (!given || !server || (encrypted && !encrypted.isFalse) || server.hasUnknownArguments) return undefined;
  if (typeof host !== 'string' || /^ldaps:/i.test(host) || isLocal(host) || startsTls(call)) return undefined;
  return inClearText(call);
}

function mechanismOf(call: CallView) {
  return call.argument(undefined, 'authentication')?.path ?? call.argumentNode(undefined, 'authentication');
}

/** Nobody is named: on purpose, as a rule, where the directory is open to read. */
function anonymous(call: CallView): Report {
  return {
    message: text`${call.quote(call.node)} binds as nobody.`,
    at: call.node,
    cwe: [287, 521],
    kind: 'advisory',
    severity: 'low',
    quiet: true,
  };
}

function withoutPassword(call: CallView): Report {
  return {
    message: text`${call.quote(call.node)} binds without a password, which the server takes as anonymous.`,
    at: call.node,
    cwe: [287, 521],
    severity: 'high',
  };
}

function inClearText(call: CallView): Report {
  return {
    message: text`${call.quote(call.node)} sends the password over a connection that is not encrypted.`,
    at: call.node,
    cwe: [523, 522],
    fix: { text: text`Use an ${code('ldaps://')} address, or ${code('start_tls_s()')} before the bind.` },
  };
}
