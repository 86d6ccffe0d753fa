import { code, text } from '../finding.ts';
import type { Node } from '../syntax/ast.ts';
import type { Report, Rule } from './rule.ts';
import { lineReplaced } from './support/replacement.ts';
import type { AssignmentView, CallView, Place, ValueView } from './views.ts';

export const weakTlsVersion: Rule = {
  id: 'weak-tls-version',
  title: 'Old TLS version or weak cipher suites',
  cwe: [327, 326, 757],
  aspect: 'cryptography',
  kind: 'defect',
  severity: 'medium',
  rows: [64],
  summary:
    'SSL 2 and 3, TLS 1.0 and 1.1 chosen for a connection (`ssl.PROTOCOL_TLSv1`, `minimum_version = TLSVersion.TLSv1`, the methods of pyOpenSSL and Twisted), cipher suites without encryption or authentication, and, as an advisory, `ssl.wrap_socket`, which checks no host name.',
  why: 'The old versions have known attacks (POODLE, BEAST) and have been withdrawn (RFC 8996); most servers and clients no longer speak them.',
  fix: 'Use `ssl.create_default_context()`, which asks for TLS 1.2 or newer, or set `minimum_version = ssl.TLSVersion.TLSv1_2`.',
  references: [
    'https://datatracker.ietf.org/doc/html/rfc8996',
    'https://docs.python.org/3/library/ssl.html#protocol-versions',
  ],
  calls: [
    { paths: [], keywords: (name) => VERSION_KEYWORD.test(name), check: checkKeywords },
    {
      paths: ['ssl.SSLContext', 'OpenSSL.SSL.Context', 'eventlet.green.ssl.SSLContext'],
      check: (call) => checkVersion(call, call.argument(0), call.argumentNode(0)),
    },
    {
      paths: ['ssl.wrap_socket'],
      check: (call) =>
        oldVersion(call.argument(undefined, 'ssl_version')) ||
        call.argument(undefined, 'server_side')?.isTrue ||
        call.hasUnknownArguments
          ? undefined
          : {
              message: text`${call.quote(call.node)} checks no host name${call.argument(undefined, 'cert_reqs') ? '' : ' and no certificate'}, and is gone since Python 3.12.`,
              at: call.node,
              kind: 'advisory',
              cwe: [295, 326],
              fix: {
                text: text`Use ${code('ssl.create_default_context().wrap_socket(sock, server_hostname=…)')}.`,
              },
            },
    },
    {
      paths: ['ssl.SSLContext.set_ciphers', 'OpenSSL.SSL.Context.set_cipher_list'],
      check: checkSuites,
    },
  ],
  on: { assignment: { check: checkAssignment } },
  examples: {
    bad: [
      {
        title: 'a protocol version',
        code: `
import ssl
from OpenSSL import SSL

def contexts():
    a = ssl.SSLContext(ssl.PROTOCOL_TLSv1)  # report
    b = ssl.SSLContext(protocol=ssl.PROTOCOL_SSLv3)  # report
    c = SSL.Context(SSL.TLSv1_METHOD)  # report
    return a, b, c

def connect(sock, version=ssl.PROTOCOL_TLSv1_1):  # report
    return ssl.wrap_socket(sock, ssl_version=ssl.PROTOCOL_TLSv1)  # report
`,
      },
      {
        title: 'the lowest version allowed',
        code: `
import ssl

def context():
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1  # report
    context.set_ciphers('ALL:@SECLEVEL=0')  # report
    return context
`,
      },
      {
        title: 'wrap_socket, which checks nothing',
        kind: 'advisory',
        code: `
import ssl

def connect(sock):
    return ssl.wrap_socket(sock)  # report
`,
      },
      {
        title: 'policies of cloud services',
        code: `
from aws_cdk import aws_elasticloadbalancingv2 as elbv2
from azure.mgmt.storage.models import StorageAccountCreateParameters

def build(balancer):
    balancer.add_listener('web', port=443, ssl_policy=elbv2.SslPolicy.TLS10_EXT)  # report
    return StorageAccountCreateParameters(sku=None, kind='x', location='x', minimum_tls_version='TLS1_0')  # report
`,
      },
      {
        title: 'an option for later, through gevent',
        code: `
import gevent.ssl

def options(certificate):
    args = {'certfile': certificate}
    args['ssl_version'] = gevent.ssl.PROTOCOL_TLSv1  # report
    return args
`,
      },
      {
        title: 'allowed again, and suites that are broken',
        code: `
import ssl

def context():
    a = ssl.create_default_context()
    a.options &= ~ssl.OP_NO_TLSv1  # report
    a.set_ciphers('RC4-SHA:DES-CBC3-SHA')  # report
    return a
`,
      },
    ],
    good: [
      {
        title: 'new versions, or the defaults',
        code: `
import ssl
from OpenSSL import SSL

def contexts():
    a = ssl.create_default_context()
    a.minimum_version = ssl.TLSVersion.TLSv1_2
    b = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    c = ssl.SSLContext(ssl.PROTOCOL_TLSv1_2)
    d = SSL.Context(SSL.TLS_METHOD)
    a.options |= ssl.OP_NO_TLSv1 | ssl.OP_NO_TLSv1_1
    a.set_ciphers('ECDHE+AESGCM:!aNULL:!MD5')
    a.set_ciphers('ALL:!ADH:!EXP:!LOW:!RC4:+HIGH')
    return a, b, c, d
`,
      },
      {
        title: 'a highest version, and a name for a log',
        code: `
import ssl

NAMES = {ssl.PROTOCOL_TLSv1: 'TLS 1.0', ssl.PROTOCOL_TLSv1_2: 'TLS 1.2'}

def name(version):
    if version == ssl.PROTOCOL_TLSv1:
        return 'old'
    return NAMES.get(version)
`,
      },
    ],
  },
};

const OLD: Readonly<Record<string, string>> = {
  PROTOCOL_SSLv2: 'SSL 2.0',
  PROTOCOL_SSLv3: 'SSL 3.0',
  PROTOCOL_TLSv1: 'TLS 1.0',
  PROTOCOL_TLSv1_1: 'TLS 1.1',
  SSLv2_METHOD: 'SSL 2.0',
  SSLv3_METHOD: 'SSL 3.0',
  TLSv1_METHOD: 'TLS 1.0',
  TLSv1_1_METHOD: 'TLS 1.1',
  'TLSVersion.SSLv3': 'SSL 3.0',
  'TLSVersion.TLSv1': 'TLS 1.0',
  'TLSVersion.TLSv1_1': 'TLS 1.1',
  'TLSVersion.TLSv1_0': 'TLS 1.0',
  'SslPolicy.TLS10_EXT': 'TLS 1.0',
  'SslPolicy.LEGACY': 'TLS 1.0',
  'SecurityPolicyProtocol.SSL_V3': 'SSL 3.0',
  'SecurityPolicyProtocol.TLS_V1': 'TLS 1.0',
  'SecurityPolicyProtocol.TLS_V1_2016': 'TLS 1.0',
  'SecurityPolicyProtocol.TLS_V1_1_2016': 'TLS 1.1',
  'SecurityPolicy.TLS_1_0': 'TLS 1.0',
  'TLSSecurityPolicy.TLS_1_0': 'TLS 1.0',
  'TLSVersion.MINIMUM_SUPPORTED': 'every version that the library knows',
};

/** Agrees on the newest version that both sides know, old ones included unless options say otherwise. */
const ANY_VERSION = 'SSLv23_METHOD';

/** Parts of OpenSSL cipher strings that allow no encryption, no authentication or broken ciphers. */
const WEAK_SUITE =
  /^(ALL|COMPLEMENTOFALL|e?NULL|NULL-.*|.*-NULL-.*|aNULL|ADH.*|AECDH.*|EXP.*|LOW|RC4.*|DES|3DES|DES-.*|.*-DES-.*|IDEA.*|MD5|.*-MD5|.*-RC4-.*|(DEFAULT|ALL)?@SECLEVEL=0)$/;
/** Suites that are not broken, but whose mode has seen attacks; and a level that takes short keys and SHA-1. */
const OLD_SUITE = /^(.*(AES(128|256)|CAMELLIA\d+|SEED)-SHA|(DEFAULT|HIGH|ALL)?@SECLEVEL=1)$/;

function checkSuites(call: CallView): Report | undefined {
  const list = call.argument(0)?.constant;
  if (typeof list !== 'string') return undefined;
  const suites = list.split(/[:, ]+/);
  // `ALL:!aNULL:!RC4`: all of those that encrypt, without what is taken away.
  const isNarrowed = suites.some((suite) => /^!(aNULL|ADH)$/.test(suite));
  const weak = suites.find((suite) => WEAK_SUITE.test(suite) && !(suite === 'ALL' && isNarrowed));
  const suite = weak ?? suites.find((one) => OLD_SUITE.test(one));
  if (suite === undefined) return undefined;
  return {
    message: text`${call.quote(call.node)} allows ${code(suite)}.`,
    at: call.node,
    fix: { text: text`Leave the list out, or name strong suites only.` },
    ...(weak === undefined ? { kind: 'advisory' as const, severity: 'low' as const, quiet: true } : {}),
  };
}

/** The version's name where the value is the constant of an old one. */
function oldVersion(value: ValueView | undefined): string | undefined {
  // Azure and AWS take the version as text: `minimum_tls_version='TLS1_0'`.
  if (typeof value?.constant === 'string')
    return /^(?:Policy-Min-)?TLSv?[-_ ]?1[._-]?([01])(?:-2019-07)?$/i
      .exec(value.constant)?.[1]
      ?.replace(/^/, 'TLS 1.');
  const names = value?.path?.split('.') ?? [];
  return OLD[names.slice(-2).join('.')] ?? OLD[names.at(-1) ?? ''];
}

const VERSION_KEYWORD =
  /^(ssl_policy|security_policy|tls_security_policy|minimum_protocol_version|minimal_tls_version|ssl_version|ssl_?protocol|tls_version|version|protocol|method|min(imum)?_?(tls_)?version|ssl_minimum_version|lowerMaximumSecurityTo|raiseMinimumTo|insecurelyLowerMinimumTo)$/;

function checkKeywords(call: CallView): Report | undefined {
  if (call.callee === 'ssl.SSLContext' || call.callee === 'OpenSSL.SSL.Context') {
    const keyword = call.node.keywords.find(({ name }) => name === 'protocol' || name === 'method');
    return keyword?.name && call.positionalCount === 0
      ? checkVersion(call, call.argument(undefined, keyword.name), keyword)
      : undefined;
  }
  for (const keyword of call.node.keywords) {
    if (keyword.name !== null && VERSION_KEYWORD.test(keyword.name)) {
      const report = checkVersion(call, call.argument(undefined, keyword.name), keyword);
      if (report) return report;
    }
  }
  return undefined;
}

function checkVersion(
  call: CallView,
  value: ValueView | undefined,
  at: Node | undefined,
): Report | undefined {
  if (!at) return undefined;
  if (agreesOnAny(value)) return flexible(call, call.node, at);
  const version = oldVersion(value);
  return version === undefined
    ? undefined
    : { message: text`${call.quote(call.node)} speaks ${version}, which is broken.`, at };
}

function agreesOnAny(value: ValueView | undefined): boolean {
  return value?.path?.endsWith(`.${ANY_VERSION}`) === true;
}

function flexible(place: Place, quoted: Node, at: Node): Report {
  return {
    message: text`${place.quote(quoted)} agrees on old versions, too, unless options forbid it.`,
    at,
    kind: 'advisory',
    severity: 'low',
    quiet: true,
  };
}

/** `context.options &= ~ssl.OP_NO_TLSv1`: what was forbidden is allowed again. */
const ALLOWS_AGAIN = /~\s*\(?\s*(?:ssl\.|SSL\.)?OP_NO_(SSLv[23]|TLSv1(?:_1)?)\b/;

function checkAssignment(view: AssignmentView): Report | undefined {
  if (view.target === 'attribute' && view.name === 'options') {
    const allowed = ALLOWS_AGAIN.exec(view.sourceOf(view.node))?.[1];
    return allowed === undefined
      ? undefined
      : {
          message: text`${view.quote(view.node)} allows ${code(allowed)} again, which is broken.`,
          at: view.node,
        };
  }
  const chosen =
    view.target === 'default' ||
    (/^(?:attribute|item)$/.test(view.target) &&
      /^(minimum_version|ssl_version|_?ssl_protocol)$/.test(view.name)) ||
    (view.scope === 'class' && view.name === 'ssl_version');
  if (!chosen) return undefined;
  const version = agreesOnAny(view.value) ? ANY_VERSION : oldVersion(view.value);
  if (!version) return undefined;
  if (version === ANY_VERSION) return flexible(view, view.node, view.node);
  const words = text`Ask for ${code('TLSVersion.TLSv1_2')} or newer.`;
  const written = view.sourceOf(view.valueNode);
  return {
    message: text`${view.quote(view.node)} lets connections speak ${version}, which is broken.`,
    at: view.node,
    ...(view.name === 'minimum_version' && /\bTLSVersion\.\w+$/.test(written)
      ? { fix: lineReplaced(view, view.valueNode, written.replace(/\w+$/, 'TLSv1_2'), words) }
      : {}),
  };
}
