import { code, type Fix, text } from '../finding.ts';
import type { Expression } from '../syntax/ast.ts';
import type { Report, Rule } from './rule.ts';
import {
  BROWSER_OPTION,
  ENVIRONMENT,
  isAiohttp,
  isCertNone,
  isOff,
  isSwitch,
  OPENSTACK,
  OPTIONS,
  OTHER_VERIFY,
  SWITCHES,
  takesVerify,
  turnsOff,
  usesHttpClient,
  VERIFY_MODULES,
} from './support/certificate-switches.ts';
import { isOptedOut } from './support/opted-out.ts';
import { keywordRemoved } from './support/replacement.ts';
import type { AssignmentView, CallView, ValueView } from './views.ts';

export const certificateValidationDisabled: Rule = {
  id: 'certificate-validation-disabled',
  title: 'TLS certificate not checked',
  cwe: [295],
  aspect: 'cryptography',
  kind: 'defect',
  severity: 'high',
  rows: [65],
  summary:
    'A TLS connection that accepts any certificate: `verify=False` in requests, HTTPX and clients built on them, `ssl=False` in aiohttp, `CERT_NONE`, `ssl._create_unverified_context`, and the switches of database, cloud, LDAP, mail and MQTT clients. Constants are followed through variables, attributes and defaults.',
  why: 'Without the check, anyone on the way between the two can present their own certificate, read everything that is sent (passwords and tokens too) and answer in the name of the server.',
  fix: 'Leave the check on. For a private certificate authority, give its certificate: `verify="/path/ca.pem"` or `ssl.create_default_context(cafile=...)`.',
  references: [
    'https://docs.python.org/3/library/ssl.html#security-considerations',
    'https://requests.readthedocs.io/en/latest/user/advanced/#ssl-cert-verification',
    'https://www.python-httpx.org/advanced/ssl/',
  ],
  calls: [
    { paths: [], keywords: (name) => name === '**' || isSwitch(name), check: checkSwitches },
    {
      paths: ['ssl._create_unverified_context'],
      check: (call) => report(call, call.node, 'makes a context that accepts any certificate'),
    },
    {
      paths: ['ssl.wrap_socket', 'ssl.SSLContext.wrap_socket', 'ssl.get_server_certificate'],
      check: (call) =>
        isCertNone(call.argument(undefined, 'cert_reqs'))
          ? report(call, call.node, 'accepts any certificate')
          : undefined,
    },
    { paths: [], names: ['add_argument'], check: checkBrowser },
    {
      paths: ['OpenSSL.SSL.Context.set_verify'],
      check: (call) =>
        call.argument(0, 'mode')?.path === 'OpenSSL.SSL.VERIFY_NONE'
          ? report(call, call.node, 'accepts any certificate')
          : acceptsAll(call.argumentNode(1, 'callback'))
            ? report(call, call.node, 'has a check that accepts any certificate')
            : undefined,
    },
    {
      // https://ldap3.readthedocs.io/en/latest/ssltls.html
      paths: ['ldap3.Tls'],
      check: (call) =>
        isCertNone(call.argument(2, 'validate'))
          ? report(call, call.node, 'accepts any certificate of the LDAP server')
          : undefined,
    },
    {
      // https://www.mongodb.com/docs/manual/reference/connection-string-options/, redis-py reads the same parameter names.
      paths: [
        'pymongo.MongoClient',
        'pymongo.AsyncMongoClient',
        'motor.motor_asyncio.AsyncIOMotorClient',
        'mongoengine.connect',
        'redis.from_url',
        'redis.Redis.from_url',
        'redis.ConnectionPool.from_url',
        'redis.asyncio.from_url',
      ],
      check: (call) => {
        const address = call.argument(0, 'host') ?? call.argument(0, 'url');
        return UNCHECKED_ADDRESS.test(String(address?.template ?? ''))
          ? report(call, call.node, 'accepts any certificate of the server')
          : undefined;
      },
    },
    {
      paths: ['functools.partial'],
      check: (call) =>
        VERIFY_MODULES.test(call.argument(0)?.path ?? '') && isOff(call.argument(undefined, 'verify'))
          ? report(call, call.node, 'makes requests that accept any certificate')
          : undefined,
    },
    {
      paths: [],
      names: ['setdefault'],
      check: (call) =>
        call.argument(0)?.constant === 'verify' && isOff(call.argument(1)) && usesHttpClient(call)
          ? { ...report(call, call.node, 'makes requests accept any certificate'), kind: 'advisory' as const }
          : undefined,
    },
    {
      paths: ['ldap.set_option', 'ldap.ldapobject.LDAPObject.set_option'],
      check: (call) =>
        call.argument(0)?.path === 'ldap.OPT_X_TLS_REQUIRE_CERT' &&
        /^ldap\.OPT_X_TLS_(NEVER|ALLOW)$/.test(call.argument(1)?.path ?? '')
          ? report(call, call.node, 'accepts any certificate of the LDAP server')
          : undefined,
    },
    {
      paths: ['pycurl.Curl.setopt', 'pycurl.Curl().setopt'],
      check: (call) =>
        /^pycurl\.(SSL_VERIFYPEER|Curl\.SSL_VERIFYPEER)$|\.SSL_VERIFYPEER$/.test(
          call.argument(0)?.path ?? '',
        ) && call.argument(1)?.isFalse
          ? report(call, call.node, 'accepts any certificate')
          : undefined,
    },
    {
      paths: ['paho.mqtt.client.Client.tls_insecure_set'],
      check: (call) =>
        call.argument(0, 'value')?.isTrue
          ? report(call, call.node, 'accepts a certificate of any host')
          : undefined,
    },
    {
      paths: ['paho.mqtt.client.Client.tls_set'],
      check: (call) =>
        isCertNone(call.argument(undefined, 'cert_reqs'))
          ? report(call, call.node, 'accepts any certificate')
          : undefined,
    },
  ],
  on: {
    assignment: {
      names: [
        'verify_mode',
        'verify',
        'verify_ssl',
        '_create_default_https_context',
        ...Object.keys(ENVIRONMENT),
      ],
      check: checkAssignment,
    },
  },
  examples: {
    bad: [
      {
        title: 'requests',
        code: `
import requests

def fetch(url, token):
    return requests.get(url, headers={'Authorization': token}, verify=False)  # report

def send(url, data):
    session = requests.Session()
    session.verify = False  # report
    return session.post(url, json=data)
`,
      },
      {
        title: 'a constant on the way',
        code: `
import requests

VERIFY = False

class Client:
    def get(self, url):
        options = {'timeout': 10, 'verify': VERIFY}
        return requests.get(url, **options)  # report
`,
      },
      {
        title: 'httpx and aiohttp',
        code: `
import aiohttp
import httpx

async def fetch(url):
    async with httpx.AsyncClient(verify=False) as client:  # report
        await client.get(url)
    connector = aiohttp.TCPConnector(ssl=False)  # report
    async with aiohttp.ClientSession(connector=connector) as session:
        async with session.get(url, ssl=False) as response:  # report
            return await response.text()
`,
      },
      {
        title: 'contexts of the standard library',
        code: `
import ssl
import urllib.request

def fetch(url):
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE  # report
    return urllib.request.urlopen(url, context=context)

def other(url):
    return urllib.request.urlopen(url, context=ssl._create_unverified_context())  # report
`,
      },
      {
        title: 'for the whole process',
        code: `
import ssl

ssl._create_default_https_context = ssl._create_unverified_context  # report
`,
      },
      {
        title: 'a session whose class is not known',
        code: `
class Api:
    def __init__(self, session):
        self.session = session

    def items(self):
        return self.session.get('https://api.example.com/items', verify=False)  # report
`,
      },
      {
        title: 'databases and clouds',
        code: `
import boto3
import ldap
import urllib3
from elasticsearch import Elasticsearch
from pymongo import MongoClient

def connect(host):
    s3 = boto3.client('s3', verify=False)  # report
    es = Elasticsearch(hosts=[host], verify_certs=False)  # report
    mongo = MongoClient(host, tls=True, tlsAllowInvalidCertificates=True)  # report
    pool = urllib3.PoolManager(cert_reqs='CERT_NONE')  # report
    ldap.set_option(ldap.OPT_X_TLS_REQUIRE_CERT, ldap.OPT_X_TLS_NEVER)  # report
    return s3, es, mongo, pool
`,
      },
      {
        title: 'options, a check of its own, an address',
        code: `
from functools import partial
import ldap3
import requests
import ssl
import websocket
from OpenSSL import SSL
from pymongo import MongoClient

def connect():
    context = SSL.Context(SSL.TLS_METHOD)
    context.set_verify(SSL.VERIFY_PEER, lambda conn, certificate, error, depth, ok: True)  # report
    socket = websocket.create_connection('wss://a.example.com', sslopt={'cert_reqs': ssl.CERT_NONE})  # report
    fetch = partial(requests.get, verify=False)  # report
    tls = ldap3.Tls(validate=ssl.CERT_NONE)  # report
    return socket, fetch, tls, MongoClient('mongodb://db.example.com/?tls=true&tlsInsecure=true')  # report
`,
      },
      {
        title: 'off unless told otherwise',
        kind: 'advisory',
        code: `
import os
import requests

def fetch(url, verify=False):
    return requests.get(url, verify=verify)  # report

def fetch_all(url, **options):
    options.setdefault('verify', False)  # report
    return requests.get(url, **options)

def fetch_other(url):
    return requests.get(url, verify=os.environ.get('VERIFY', False))  # report
`,
      },
    ],
    good: [
      {
        title: 'on unless told otherwise',
        code: `
import requests
import ldap3
import ssl
from pymongo import MongoClient

def fetch(url, verify=True, **options):
    options.setdefault('verify', verify)
    tls = ldap3.Tls(validate=ssl.CERT_REQUIRED)
    MongoClient('mongodb://db.example.com/?tls=true')
    return requests.get(url, **options), tls
`,
      },
      {
        title: 'the check is on',
        code: `
import requests
import ssl
import aiohttp
import httpx

VERIFY = True

def fetch(url, ca):
    requests.get(url, verify=True)
    requests.get(url, verify=ca)
    requests.get(url, verify=VERIFY)
    requests.get(url, timeout=5)
    httpx.get(url, verify='/etc/ssl/ca.pem')
    context = ssl.create_default_context(cafile=ca)
    context.verify_mode = ssl.CERT_REQUIRED
    return aiohttp.TCPConnector(ssl=context)
`,
      },
      {
        title: 'the caller or the configuration decides',
        code: `
import os
import requests

def fetch(url, verify=True):
    return requests.get(url, verify=verify)

def configured(url, settings):
    return requests.get(url, verify=settings.verify_ssl)

def from_environment(url):
    return requests.get(url, verify=os.environ.get('CA_BUNDLE'))
`,
      },
      {
        title: 'verify of something else',
        code: `
import jwt

def read(model, token, key):
    image = model.open('a.png', verify=False)
    form = model.validate(token, verify=False)
    return image, form, jwt.decode(token, key, algorithms=['HS256'])
`,
      },
      {
        title: 'a server that does not ask clients for certificates',
        code: `
import ssl

def server_context(certificate):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.verify_mode = ssl.CERT_NONE
    context.load_cert_chain(certificate)
    return context

def other():
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.verify_mode = ssl.CERT_NONE
    return context
`,
      },
    ],
  },
};

function checkSwitches(call: CallView): Report | undefined {
  for (const keyword of call.node.keywords) {
    const name = keyword.name;
    if (name === null || !isSwitch(name)) continue;
    const value = call.argument(undefined, name);
    if (!value) continue;
    const option = OPTIONS[name];
    if (option !== undefined) {
      const entry = value.entry(option);
      if (
        entry &&
        (option === 'verify' ? isOff(entry) && VERIFY_MODULES.test(call.callee) : isCertNone(entry))
      )
        return report(call, keyword, 'accepts any certificate');
      continue;
    }
    // redis-py: https://redis.readthedocs.io/en/stable/examples/ssl_connection_examples.html
    if (name === 'ssl_cert_reqs' && value.isNone) return report(call, keyword, 'accepts any certificate');
    if (
      name === 'verify'
        ? isOff(value) && takesVerify(call)
        : name === 'insecure'
          ? value.isTrue && OPENSTACK.test(call.callee)
          : name === 'ssl'
            ? isOff(value) && isAiohttp(call)
            : turnsOff(SWITCHES[name], value)
    ) {
      const found = report(call, keyword, 'accepts any certificate');
      // The default is to check.
      return /^(?:requests|httpx)\./.test(call.callee) && keyword.value.kind === 'Constant'
        ? { ...found, fix: keywordRemoved(call, call.node, keyword, found.fix?.text ?? []) }
        : found;
    }
    // A function of the project that hands it on, perhaps among others: `fetch(url, verify=False)`.
    if (
      name === 'verify' &&
      isOff(value) &&
      keyword.value.kind === 'Constant' &&
      usesHttpClient(call) &&
      !OTHER_VERIFY.test(call.callee)
    ) {
      return {
        ...report(call, keyword, 'turns a check off, of certificates by its name'),
        kind: 'advisory',
        severity: 'low',
        quiet: true,
      };
    }
    // A default that the caller has to know of.
    if (
      value.fallback &&
      isOff(value.fallback) &&
      (name === 'verify' ? takesVerify(call) : SWITCHES[name] === 'false')
    ) {
      return {
        ...report(call, keyword, 'accepts any certificate unless told otherwise'),
        kind: 'advisory',
        severity: 'medium',
      };
    }
    if (/cert_reqs$/.test(name) && value.path?.endsWith('.CERT_OPTIONAL')) {
      return {
        ...report(call, keyword, 'says that a certificate may be missing'),
        kind: 'advisory',
        severity: 'low',
        quiet: true,
        fix: { text: text`Clients use ${code('ssl.CERT_REQUIRED')}.` },
      };
    }
  }
  if (call.node.keywords.some((keyword) => keyword.name === null) && VERIFY_MODULES.test(call.callee)) {
    if (call.argument(undefined, 'verify')?.isFalse)
      return report(call, call.node, 'accepts any certificate');
  }
  return undefined;
}

/** An option of a browser that Selenium drives; options that a program declares have more than a name. */
function checkBrowser(call: CallView): Report | undefined {
  if (call.positionalCount !== 1 || call.node.keywords.length > 0) return undefined;
  return BROWSER_OPTION.test(String(call.argument(0)?.constant ?? ''))
    ? {
        ...report(call, call.node, 'makes the browser accept any certificate'),
        kind: 'advisory',
        severity: 'low',
        quiet: true,
      }
    : undefined;
}

/** `lambda conn, certificate, error, depth, ok: True` */
function acceptsAll(callback: Expression | undefined): boolean {
  return callback?.kind === 'Lambda' && callback.body.kind === 'Constant' && callback.body.value === 'True';
}

const UNCHECKED_ADDRESS =
  /[?&](?:tlsAllowInvalidCertificates=true|tlsInsecure=true|ssl_cert_reqs=(?:CERT_)?NONE)(?:&|$)/i;

function checkAssignment(view: AssignmentView): Report | undefined {
  const { name, value } = view;
  if (view.target === 'attribute') {
    if (name === 'verify_mode' && isCertNone(value) && !isServerContext(view)) {
      return report(view, view.node, 'makes the context accept any certificate');
    }
    if (name === 'verify' && isOff(value) && isHttpSession(view)) {
      return report(view, view.node, 'makes the session accept any certificate');
    }
    if (name === 'verify' && value.fallback && isOff(value.fallback) && isHttpSession(view)) {
      return {
        ...report(view, view.node, 'makes the session accept any certificate unless told otherwise'),
        kind: 'advisory',
        severity: 'medium',
      };
    }
    if (name === 'verify_ssl' && value.isFalse && view.object?.type?.startsWith('kubernetes.')) {
      return report(view, view.node, 'makes the client accept any certificate');
    }
    if (name === '_create_default_https_context' && isUnverified(value)) {
      return report(view, view.node, 'makes every HTTPS request of the process accept any certificate');
    }
  }
  // `options['verify'] = False`; a dictionary that is written out is looked at where it is passed.
  if (view.target === 'item' && view.object && name === 'verify' && isOff(value) && usesHttpClient(view)) {
    return { ...report(view, view.node, 'makes requests accept any certificate'), kind: 'advisory' };
  }
  const unsets = ENVIRONMENT[name];
  if (view.target === 'item' && unsets?.test(String(value.constant ?? 'unknown'))) {
    return report(view, view.node, 'makes every HTTPS request of the process accept any certificate');
  }
  return undefined;
}

function isUnverified(value: ValueView): boolean {
  return value.path === 'ssl._create_unverified_context';
}

function isHttpSession(view: AssignmentView): boolean {
  const type = view.object?.type;
  if (type !== undefined)
    return view.object?.isA('requests.Session') === true || VERIFY_MODULES.test(`${type}.`);
  const target = view.sourceOf(view.node).split('.verify')[0]?.toLowerCase() ?? '';
  return /(^|[._])(session|sess|s|http|client)\d*$/.test(target);
}

/** Servers do not ask for certificates of their clients, unless they want them. */
function isServerContext(view: AssignmentView): boolean {
  const maker = view.object?.madeBy;
  if (!maker) return false;
  const protocol = maker.argument(0, 'protocol')?.path ?? maker.argument(0, 'purpose')?.path ?? '';
  return /PROTOCOL_TLS_SERVER$|CLIENT_AUTH$/.test(protocol);
}

function report(place: CallView | AssignmentView, at: Report['at'], what: string): Report {
  return {
    message: text`${place.quote(at)} ${what}.`,
    at,
    fix: fixFor(place),
    // Somebody asked for it: then it is theirs to know.
    ...(isOptedOut(place, at) ? { kind: 'advisory' as const, severity: 'medium' as const } : {}),
  };
}

function fixFor(place: CallView | AssignmentView): Fix {
  const callee = 'callee' in place ? place.callee : '';
  if (/^requests\.|^httpx\./.test(callee)) {
    return { text: text`Leave ${code('verify')} out, or give the path of the certificate authority's file.` };
  }
  return {
    text: text`Leave the check on; for a private certificate authority, load its certificate (${code('ssl.create_default_context(cafile=…)')}).`,
  };
}
