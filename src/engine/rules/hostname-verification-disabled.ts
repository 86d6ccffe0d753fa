import { code, text } from '../finding.ts';
import type { Report, Rule } from './rule.ts';
import { isOptedOut } from './support/opted-out.ts';
import { lineReplaced } from './support/replacement.ts';
import type { AssignmentView, CallView } from './views.ts';

export const hostnameVerificationDisabled: Rule = {
  id: 'hostname-verification-disabled',
  title: 'Host name of a certificate not checked',
  cwe: [297, 295],
  aspect: 'cryptography',
  kind: 'defect',
  severity: 'high',
  rows: [66],
  summary:
    '`check_hostname = False` on a TLS context that still checks certificates, `assert_hostname=False` in urllib3, and the switches of database and message clients. Where the certificate is not checked at all, `certificate-validation-disabled` says so.',
  why: 'A valid certificate for any other name is then accepted, and everyone can get one for a name of their own.',
  fix: 'Leave the check on and give the name to check as `server_hostname`.',
  references: ['https://docs.python.org/3/library/ssl.html#ssl.SSLContext.check_hostname'],
  calls: [
    { paths: [], keywords: (name) => name in SWITCHES, check: checkSwitches },
    {
      paths: ['pycurl.Curl.setopt', 'pycurl.Curl().setopt'],
      check: (call) =>
        /\.SSL_VERIFYHOST$/.test(call.argument(0)?.path ?? '') &&
        (call.argument(1)?.isFalse || call.argument(1)?.constant === 1)
          ? { message: text`${call.quote(call.node)} accepts a certificate of any host.`, at: call.node }
          : undefined,
    },
  ],
  on: { assignment: { names: ['check_hostname', 'assert_hostname'], check: checkAssignment } },
  examples: {
    bad: [
      {
        title: 'a context',
        code: `
import ssl

def connect(sock, host):
    context = ssl.create_default_context()
    context.check_hostname = False  # report
    return context.wrap_socket(sock)

def accept(connection):
    connection.assert_hostname = False  # report
`,
      },
      {
        title: 'clients',
        code: `
import urllib3
from pymongo import MongoClient

def connect(host):
    pool = urllib3.HTTPSConnectionPool(host, assert_hostname=False)  # report
    return pool, MongoClient(host, tls=True, tlsAllowInvalidHostnames=True)  # report
`,
      },
      {
        title: 'a context that is reported for its certificates',
        kind: 'advisory',
        code: `
import ssl

def unchecked():
    context = ssl.create_default_context()
    context.check_hostname = False  # report
    context.verify_mode = ssl.CERT_NONE
    return context
`,
      },
    ],
    good: [
      {
        title: 'checked',
        code: `
import ssl

def connect(sock, host):
    context = ssl.create_default_context()
    context.check_hostname = True
    return context.wrap_socket(sock, server_hostname=host)
`,
      },
      {
        title: 'a server',
        code: `
import ssl

def server():
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.check_hostname = False
    return context
`,
      },
      {
        title: 'an attribute of something else',
        code: `
class Options:
    def __init__(self):
        self.check_hostname = False
`,
      },
    ],
  },
};

const SWITCHES: Readonly<Record<string, boolean>> = {
  assert_hostname: false,
  ssl_check_hostname: false,
  check_hostname: false,
  tlsAllowInvalidHostnames: true,
  ssl_match_hostname: false,
  ssl_verify_identity: false,
};

function checkSwitches(call: CallView): Report | undefined {
  for (const keyword of call.node.keywords) {
    if (keyword.name === null || !(keyword.name in SWITCHES)) continue;
    const value = call.argument(undefined, keyword.name);
    const off = SWITCHES[keyword.name] ? value?.isTrue : value?.isFalse && !value.isNone;
    if (!off || /CERT_NONE|ssl_cert_reqs\s*=\s*None/.test(call.sourceOf(call.node))) continue;
    return {
      message: text`${call.quote(keyword)} accepts a certificate of any host.`,
      at: keyword,
      fix: { text: text`Leave ${code(keyword.name)} out.` },
    };
  }
  return undefined;
}

function checkAssignment(view: AssignmentView): Report | undefined {
  if (view.target !== 'attribute' || !view.value.isFalse || view.value.isNone) return undefined;
  const written = view.sourceOf(view.node).split(`.${view.name}`)[0]?.trim() ?? '';
  const looksLikeContext =
    view.object?.isA('ssl.SSLContext') ||
    // A connection of urllib3.
    (view.name === 'assert_hostname' && view.object?.type === undefined) ||
    (view.object?.type === undefined && /(ctx|context|ssl)$/i.test(written));
  if (!looksLikeContext) return undefined;
  const maker = view.object?.madeBy;
  if (
    /PROTOCOL_TLS_SERVER$|CLIENT_AUTH$/.test(
      maker?.argument(0)?.path ?? maker?.argument(undefined, 'purpose')?.path ?? '',
    )
  )
    return undefined;
  if (maker?.callee === 'ssl._create_unverified_context') return undefined;
  return {
    message: text`${view.quote(view.node)} makes the context accept a certificate of any host.`,
    at: view.node,
    fix: lineReplaced(view, view.valueNode, 'True', text`Set it to ${code('True')}, which is the default.`),
    ...(isOptedOut(view, view.node) || acceptsAll(view, written)
      ? { kind: 'advisory' as const, severity: 'medium' as const, quiet: acceptsAll(view, written) }
      : {}),
  };
}

/** Where the context takes any certificate, that is the finding, and this only a part of it. */
function acceptsAll(view: AssignmentView, context: string): boolean {
  const around = view.function ?? view.module;
  return new RegExp(`${escaped(context)}\\.verify_mode\\s*=\\s*(ssl\\.)?(VerifyMode\\.)?CERT_NONE`).test(
    around.sourceOf(around.node),
  );
}

function escaped(source: string): string {
  return source.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
