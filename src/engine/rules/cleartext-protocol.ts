import { code, text } from '../finding.ts';
import type { Report, Rule } from './rule.ts';
import type { CallView, ValueView } from './views.ts';

export const cleartextProtocol: Rule = {
  id: 'cleartext-protocol',
  title: 'Connection that is not encrypted',
  cwe: [319, 523],
  aspect: 'cryptography',
  kind: 'defect',
  severity: 'medium',
  rows: [79],
  summary:
    'Credentials that are sent over a connection without TLS: HTTP with a user and password or an `Authorization` header, SMTP, IMAP, POP and FTP log-ins, Telnet, SNMP 1 and 2c; and, as advisories, requests to `http://` and `ftp://` addresses of other hosts. Addresses of the machine itself are fine.',
  why: 'Everyone on the way (the Wi-Fi, the provider, a neighbour in the data centre) reads what is sent, passwords first, and can change what comes back.',
  fix: 'Use the protocol over TLS: `https://`, `SMTP_SSL` or `starttls()`, `FTP_TLS`, SSH in place of Telnet, SNMP 3 with privacy.',
  references: [
    'https://cheatsheetseries.owasp.org/cheatsheets/Transport_Layer_Security_Cheat_Sheet.html',
    'https://docs.python.org/3/library/smtplib.html#smtplib.SMTP.starttls',
  ],
  roles: { test: 'silent', example: 'silent' },
  calls: [
    {
      paths: [
        'requests.get',
        'requests.post',
        'requests.put',
        'requests.patch',
        'requests.delete',
        'requests.head',
        'requests.options',
        'requests.Session.get',
        'requests.Session.post',
        'requests.Session.put',
        'requests.Session.patch',
        'requests.Session.delete',
        'requests.Session.head',
        'requests.Session.options',
        'httpx.get',
        'httpx.post',
        'httpx.put',
        'httpx.patch',
        'httpx.delete',
        'httpx.Client.get',
        'httpx.Client.post',
        'aiohttp.ClientSession.get',
        'aiohttp.ClientSession.post',
        'urllib.request.urlopen',
        'urllib.request.urlretrieve',
        'urllib.request.Request',
        'urllib.request.URLopener.open',
        'urllib.request.URLopener.retrieve',
        'urllib.request.FancyURLopener.open',
        'urllib.request.OpenerDirector.open',
        'urllib.urlopen',
        'urllib2.urlopen',
        'urllib2.Request',
      ],
      check: (call) => checkAddress(call, 0, 'url'),
    },
    {
      paths: [
        'requests.request',
        'requests.Request',
        'requests.Session.request',
        'httpx.request',
        'urllib3.PoolManager.request',
        'urllib3.request',
      ],
      check: (call) => checkAddress(call, 1, 'url'),
    },
    { paths: ['http.client.HTTPConnection', 'httplib.HTTPConnection'], check: checkHttpConnection },
    {
      paths: ['ftplib.FTP'],
      check: (call) =>
        isLocal(call.argument(0, 'host'))
          ? undefined
          : unencrypted(call, 'FTP', 'ftplib.FTP_TLS', call.argument(1, 'user') ? 'defect' : 'advisory'),
    },
    {
      paths: ['telnetlib.Telnet', 'telnetlib3.open_connection'],
      check: (call) =>
        isLocal(call.argument(0, 'host'))
          ? undefined
          : unencrypted(call, 'Telnet', 'an SSH client such as Paramiko', 'advisory'),
    },
    { paths: ['smtplib.SMTP.login'], check: (call) => checkLogin(call, 'SMTP', 'starttls', 'starttls()') },
    {
      paths: ['imaplib.IMAP4.login'],
      check: (call) => checkLogin(call, 'IMAP', 'starttls', 'imaplib.IMAP4_SSL'),
    },
    { paths: ['poplib.POP3.pass_'], check: (call) => checkLogin(call, 'POP', 'stls', 'poplib.POP3_SSL') },
    {
      paths: [
        'pysnmp.hlapi.CommunityData',
        'pysnmp.hlapi.asyncio.CommunityData',
        'pysnmp.hlapi.v3arch.CommunityData',
        'pysnmp.hlapi.v1arch.CommunityData',
      ],
      check: (call) => unencrypted(call, 'SNMP 1 or 2c', 'UsmUserData', 'advisory'),
    },
    {
      paths: [
        'pysnmp.hlapi.UsmUserData',
        'pysnmp.hlapi.asyncio.UsmUserData',
        'pysnmp.hlapi.v3arch.UsmUserData',
      ],
      check: (call) => {
        const privacy = call.argument(2, 'privKey');
        const protocol = call.argument(undefined, 'privProtocol')?.path ?? '';
        return (privacy === undefined && !call.hasUnknownArguments) || protocol.endsWith('usmNoPrivProtocol')
          ? unencrypted(call, 'SNMP 3 without privacy', 'privKey', 'advisory')
          : undefined;
      },
    },
    {
      paths: ['pyghmi.ipmi.command.Command'],
      check: (call) => unencrypted(call, 'IPMI', 'Redfish over HTTPS', 'advisory'),
    },
    {
      paths: ['distributed.security.Security', 'distributed.Security', 'dask.distributed.Security'],
      check: (call) =>
        call.argument(undefined, 'require_encryption')?.isTrue || call.hasUnknownArguments
          ? undefined
          : unencrypted(call, 'Dask', 'require_encryption=True', 'advisory'),
    },
  ],
  examples: {
    bad: [
      {
        title: 'credentials',
        code: `
import requests
import smtplib

def fetch(user, password, token):
    requests.get('http://api.example.com/v1/items', auth=(user, password))  # report
    requests.post('http://api.example.com/v1/items', headers={'Authorization': 'Bearer ' + token})  # report

def send(user, password, message):
    server = smtplib.SMTP('mail.example.com', 587)
    server.login(user, password)  # report
    server.send_message(message)
`,
      },
      {
        title: 'no credentials in sight',
        kind: 'advisory',
        code: `
import ftplib
import urllib.request
import requests

def fetch():
    requests.get('http://example.com/data.json', timeout=5)  # report
    urllib.request.urlopen('ftp://example.com/data.json')  # report
    return ftplib.FTP('example.com')  # report
`,
      },
    ],
    good: [
      {
        title: 'over TLS, or on the machine itself',
        code: `
import ftplib
import smtplib
import requests

def fetch(user, password, host):
    requests.get('https://api.example.com/v1/items', auth=(user, password))
    requests.get('http://localhost:8080/health')
    requests.get('http://127.0.0.1:9200/_cat', auth=(user, password))
    requests.get('http://169.254.169.254/latest/meta-data/')
    requests.get('http://backend:8000/internal')
    requests.get(f'http://{host}/health')
    return ftplib.FTP_TLS('example.com')

def send(user, password, message):
    with smtplib.SMTP('mail.example.com', 587) as server:
        server.starttls()
        server.login(user, password)
        server.send_message(message)
    with smtplib.SMTP_SSL('mail.example.com') as server:
        server.login(user, password)
`,
      },
    ],
  },
};

/** The host of a constant `http:` or `ftp:` address; undefined where there is none, or it may be the machine's own or a network's. */
function openHost(value: ValueView | undefined): string | undefined {
  const address = value?.constant ?? value?.template;
  const host =
    typeof address === 'string'
      ? /^(?:http|ftp):\/\/(?:[^/@\0]*@)?([^/:?#\0]+)(?=[/:?#]|$)/i.exec(address)?.[1]
      : undefined;
  return host !== undefined && isPublicName(host) ? host : undefined;
}

/** A name with a dot that is no private, documentation-only or internal one. */
function isPublicName(host: string): boolean {
  if (/^(127\.|10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|169\.254\.|0\.0\.0\.0|\[?::1)/.test(host))
    return false;
  return (
    host.includes('.') &&
    !/\.(local|localhost|internal|lan|home|test|invalid|svc|cluster)$/i.test(host) &&
    !/^localhost\b/i.test(host)
  );
}

function isLocal(host: ValueView | undefined): boolean {
  return typeof host?.constant === 'string' && host.constant !== '' && !isPublicName(host.constant);
}

function checkAddress(call: CallView, position: number, name: string): Report | undefined {
  const host = openHost(call.argument(position, name)) ?? openHost(call.argument(0, 'fullurl'));
  if (host === undefined) return undefined;
  const headers = call.argument(undefined, 'headers');
  const auth = call.argument(undefined, 'auth');
  const credentials =
    (auth && !auth.isNone) ||
    headers?.entry('Authorization') ||
    headers?.entry('authorization') ||
    headers?.entry('X-Api-Key');
  return {
    message: credentials
      ? text`${call.quote(call.node.func)} sends credentials to ${code(host)} over a connection that is not encrypted.`
      : text`${call.quote(call.node.func)} talks to ${code(host)} over a connection that is not encrypted.`,
    at: call.node,
    fix: { text: text`Use the ${code('https://')} address.` },
    ...(credentials ? {} : { kind: 'advisory' as const, severity: 'low' as const }),
  };
}

function checkHttpConnection(call: CallView): Report | undefined {
  const host = call.argument(0, 'host')?.constant;
  if (typeof host !== 'string' || !isPublicName(host)) return undefined;
  return unencrypted(call, 'HTTP', 'http.client.HTTPSConnection', 'advisory');
}

function unencrypted(call: CallView, protocol: string, better: string, kind: 'defect' | 'advisory'): Report {
  return {
    message: text`${call.quote(call.node)} speaks ${protocol}, which is not encrypted.`,
    at: call.node,
    kind,
    ...(kind === 'advisory' ? { severity: 'low' as const } : {}),
    fix: { text: text`Use ${code(better)}.` },
  };
}

/** A log-in where nothing in the function or class starts TLS. */
function checkLogin(call: CallView, protocol: string, start: string, better: string): Report | undefined {
  const around = call.class ?? call.function ?? call.module;
  if (new RegExp(`${start}|_SSL\\(|ssl_context|SSL\\b`).test(around.sourceOf(around.node))) return undefined;
  const host = call.receiver?.madeBy?.argument(0, 'host');
  if (isLocal(host) || call.receiver?.madeBy === undefined) return undefined;
  return {
    message: text`${call.quote(call.node)} sends the password over ${protocol} without encryption.`,
    at: call.node,
    fix: { text: text`Use ${code(better)} before the log-in.` },
  };
}
