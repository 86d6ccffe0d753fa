import { code, text } from '../finding.ts';
import { ADDRESS_FIRST, ADDRESS_SECOND, URLLIB_OPENERS, verbsOf } from '../libraries/http-requests.ts';
import type { ApiPath } from '../libraries/library.ts';
import type { Report, Rule } from './rule.ts';
import { isLocalHost, isPublicName, openAddress } from './support/open-addresses.ts';
import type { AssignmentView, CallView, ValueView } from './views.ts';

/** Which argument of a client is the address that it talks to. */
const CLIENTS: readonly {
  readonly paths: readonly ApiPath[];
  readonly position?: number;
  readonly name: string;
}[] = [
  {
    paths: [
      ...ADDRESS_FIRST,
      ...verbsOf('aiohttp.ClientSession'),
      'aiohttp.ClientSession.ws_connect',
      'urllib3.connection_from_url',
      'websocket.create_connection',
      'suds.client.Client',
      'hvac.Client',
      'influxdb_client.InfluxDBClient',
    ],
    position: 0,
    name: 'url',
  },
  { paths: URLLIB_OPENERS, position: 0, name: 'url' },
  {
    paths: [...ADDRESS_SECOND, 'aiohttp.ClientSession.request', 'aiohttp.request'],
    position: 1,
    name: 'url',
  },
  { paths: ['httpx.Client', 'httpx.AsyncClient', 'aiohttp.ClientSession'], name: 'base_url' },
  {
    paths: ['xmlrpc.client.ServerProxy', 'websockets.connect', 'httplib2.Http.request'],
    position: 0,
    name: 'uri',
  },
  { paths: ['zeep.Client', 'zeep.AsyncClient'], position: 0, name: 'wsdl' },
  { paths: ['elasticsearch.Elasticsearch', 'opensearchpy.OpenSearch'], position: 0, name: 'hosts' },
];

/** An argument that turns encryption off. */
interface Switch {
  readonly paths: readonly ApiPath[];
  readonly name: string;
  readonly off: (value: ValueView) => boolean;
  /** The argument that says where it connects to. */
  readonly host?: { readonly position?: number; readonly name: string };
  readonly better: string;
}

const isFalse = (value: ValueView) => value.isFalse && !value.isNone;

/**
 * https://boto3.amazonaws.com/v1/documentation/api/latest/reference/core/session.html,
 * https://min.io/docs/minio/linux/developers/python/API.html, https://www.postgresql.org/docs/current/libpq-ssl.html,
 * https://dev.mysql.com/doc/connector-python/en/connector-python-connectargs.html,
 * https://kafka-python.readthedocs.io/en/master/apidoc/KafkaClient.html
 */
const SWITCHES: readonly Switch[] = [
  {
    paths: ['boto3.client', 'boto3.resource', 'boto3.Session.client', 'boto3.Session.resource'],
    name: 'use_ssl',
    off: isFalse,
    better: 'use_ssl=True',
  },
  {
    paths: ['aws_cdk.aws_elasticache.CfnReplicationGroup', 'pulumi_aws.elasticache.ReplicationGroup'],
    name: 'transit_encryption_enabled',
    off: isFalse,
    better: 'transit_encryption_enabled=True',
  },
  {
    paths: ['boto3.client().create_replication_group'],
    name: 'TransitEncryptionEnabled',
    off: isFalse,
    better: 'TransitEncryptionEnabled=True',
  },
  {
    paths: ['aws_cdk.aws_cloudfront.BehaviorOptions'],
    name: 'viewer_protocol_policy',
    off: (value) => value.path?.endsWith('.ALLOW_ALL') === true,
    better: 'ViewerProtocolPolicy.REDIRECT_TO_HTTPS',
  },
  {
    paths: ['azure.mgmt.storage.models.StorageAccountCreateParameters'],
    name: 'enable_https_traffic_only',
    off: isFalse,
    better: 'enable_https_traffic_only=True',
  },
  {
    paths: ['minio.Minio'],
    name: 'secure',
    off: isFalse,
    host: { position: 0, name: 'endpoint' },
    better: 'secure=True',
  },
  {
    paths: ['elasticsearch.Elasticsearch', 'opensearchpy.OpenSearch'],
    name: 'use_ssl',
    off: isFalse,
    host: { name: 'host' },
    better: 'use_ssl=True',
  },
  {
    paths: [
      'psycopg2.connect',
      'psycopg.connect',
      'psycopg.Connection.connect',
      'psycopg.AsyncConnection.connect',
    ],
    name: 'sslmode',
    off: (value) => value.constant === 'disable',
    host: { name: 'host' },
    better: "sslmode='verify-full'",
  },
  {
    paths: ['mysql.connector.connect', 'pymysql.connect'],
    name: 'ssl_disabled',
    off: (value) => value.isTrue,
    host: { name: 'host' },
    better: 'ssl_disabled=False',
  },
  {
    paths: [
      'kafka.KafkaProducer',
      'kafka.KafkaConsumer',
      'kafka.KafkaAdminClient',
      'aiokafka.AIOKafkaProducer',
      'aiokafka.AIOKafkaConsumer',
    ],
    name: 'security_protocol',
    off: (value) => value.constant === 'SASL_PLAINTEXT' || value.constant === 'PLAINTEXT',
    host: { name: 'bootstrap_servers' },
    better: "security_protocol='SASL_SSL'",
  },
];

export const cleartextProtocol: Rule = {
  id: 'cleartext-protocol',
  title: 'Connection that is not encrypted',
  cwe: [319, 523],
  aspect: 'cryptography',
  kind: 'defect',
  severity: 'medium',
  rows: [79],
  summary:
    'Credentials that are sent over a connection without TLS: HTTP with a user and password or an `Authorization` header, SMTP, IMAP, POP and FTP log-ins, Telnet, SNMP 1 and 2c; and, as advisories, requests to `http://`, `ftp://` and `ws://` addresses of other hosts, switches that turn encryption off (`use_ssl=False`, `grpc.insecure_channel`), and, quietly, such addresses where they are written. Addresses of the machine itself are fine.',
  why: 'Everyone on the way (the Wi-Fi, the provider, a neighbour in the data centre) reads what is sent, passwords first, and can change what comes back.',
  fix: 'Use the protocol over TLS: `https://`, `SMTP_SSL` or `starttls()`, `FTP_TLS`, SSH in place of Telnet, SNMP 3 with privacy.',
  references: [
    'https://cheatsheetseries.owasp.org/cheatsheets/Transport_Layer_Security_Cheat_Sheet.html',
    'https://docs.python.org/3/library/smtplib.html#smtplib.SMTP.starttls',
  ],
  roles: { test: 'silent', example: 'silent' },
  calls: [
    ...CLIENTS.map(({ paths, position, name }) => ({
      paths,
      check: (call: CallView) => checkAddress(call, call.argument(position, name)),
    })),
    ...SWITCHES.map((one) => ({ paths: one.paths, check: (call: CallView) => checkSwitch(call, one) })),
    {
      paths: ['http.client.HTTPConnection', 'httplib.HTTPConnection', 'urllib3.HTTPConnectionPool'],
      check: checkHttpConnection,
    },
    {
      paths: [
        'aws_cdk.aws_elasticloadbalancingv2.ApplicationListener',
        'aws_cdk.aws_elasticloadbalancingv2.ApplicationLoadBalancer.add_listener',
      ],
      check: checkListener,
    },
    { paths: ['docker.DockerClient', 'docker.APIClient'], check: checkDocker },
    {
      paths: [
        'grpc.insecure_channel',
        'grpc.aio.insecure_channel',
        'grpc.Server.add_insecure_port',
        'grpc.server().add_insecure_port',
        'grpc.aio.server().add_insecure_port',
      ],
      check: checkGrpc,
    },
    {
      paths: ['ftplib.FTP'],
      check: (call) =>
        isLocalHost(call.argument(0, 'host'))
          ? undefined
          : unencrypted(call, 'FTP', 'ftplib.FTP_TLS', call.argument(1, 'user') ? 'defect' : 'advisory'),
    },
    {
      paths: ['telnetlib.Telnet', 'telnetlib3.open_connection'],
      check: (call) =>
        isLocalHost(call.argument(0, 'host'))
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
          : {
              ...unencrypted(call, 'Dask', 'require_encryption=True', 'advisory'),
              at: call.argumentNode(undefined, 'require_encryption') ?? call.node,
            },
    },
  ],
  on: { assignment: { names: (name) => ADDRESS_NAME.test(name), check: checkWritten } },
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
      {
        title: 'addresses from elsewhere',
        kind: 'advisory',
        code: `
import os
import requests
import urllib.request

SERVICE_URL = 'http://api.example.com'  # report

class Client:
    url = 'http://api.example.com'  # report

    def __init__(self, session=None):
        self.session = session or requests.Session()

    def fetch(self):
        return self.session.get(self.url, timeout=5)  # report

def fetch(where='http://files.example.com/a'):
    return urllib.request.urlopen(where)  # report

def fetch_other():
    return requests.get(os.environ.get('SERVICE', 'http://api.example.com'), timeout=5)  # report
`,
      },
      {
        title: 'encryption switched off',
        kind: 'advisory',
        code: `
import boto3
import grpc
import docker
import psycopg2

def connect():
    channel = grpc.insecure_channel('api.example.com:50051')  # report
    database = psycopg2.connect(host='db.example.com', sslmode='disable')  # report
    docker.DockerClient(base_url='tcp://build.example.com:2375')  # report
    return channel, database, boto3.client('s3', use_ssl=False)  # report
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

NAMESPACE_URI = 'http://www.w3.org/2000/svg'

def connect(boto3, secure):
    import grpc
    import psycopg2
    from minio import Minio
    grpc.insecure_channel('localhost:50051')
    Minio('minio:9000', secure=False)
    Minio('play.min.io', secure=secure)
    return psycopg2.connect(host='localhost', sslmode='disable')

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

function checkAddress(call: CallView, value: ValueView | undefined): Report | undefined {
  const open = openAddress(value);
  if (open === undefined) return undefined;
  const { host, canChange } = open;
  const headers = call.argument(undefined, 'headers');
  const auth = call.argument(undefined, 'auth');
  const credentials =
    (auth && !auth.isNone) ||
    headers?.entry('Authorization') ||
    headers?.entry('authorization') ||
    headers?.entry('X-Api-Key');
  if (host === undefined && !credentials) return undefined;
  const where = host === undefined ? 'its host' : code(host);
  const unsure = host === undefined || canChange;
  return {
    message: credentials
      ? text`${call.quote(call.node.func)} sends credentials to ${where} over a connection that is not encrypted.`
      : text`${call.quote(call.node.func)} talks to ${where} over a connection that is not encrypted.`,
    at: call.node,
    quiet: unsure,
    fix: { text: text`Use the ${code('https://')} address.` },
    ...(credentials && !unsure ? {} : { kind: 'advisory' as const, severity: 'low' as const }),
  };
}

/** `url = 'http://…'`: what is sent there later can be read on the way. */
function checkWritten(view: AssignmentView): Report | undefined {
  if (view.valueNode.kind !== 'Str' || view.target === 'item' || !ADDRESS_NAME.test(view.name))
    return undefined;
  const address = view.valueNode.value;
  if (NAMESPACE.test(address) || openAddress(view.value)?.host === undefined) return undefined;
  return {
    message: text`The address in ${code(view.name)} begins with ${code(address.slice(0, address.indexOf('/') + 2))}: what is sent there is not encrypted.`,
    at: view.valueNode,
    kind: 'advisory',
    severity: 'low',
    quiet: true,
    fix: { text: text`Use the ${code('https://')} address where the server has one.` },
  };
}

const ADDRESS_NAME = /(?:^|_)(?:url|uri|endpoint|webhook|server|host|address)s?$/i;
/** Names that only look like addresses, and are never opened. */
const NAMESPACE =
  /^\w+:\/\/(?:www\.w3\.org|schemas?\.|purl\.|ns\.|xmlns\.|json-schema\.org|www\.opengis\.net|docs\.oasis-open\.org|creativecommons\.org|\w+\.xmlsoap\.org)/i;

/** A switch that turns encryption off. */
function checkSwitch(call: CallView, { paths: _, name, off, host, better }: Switch): Report | undefined {
  const value = call.argument(undefined, name);
  if (value === undefined || !off(value)) return undefined;
  if (isLocalHost(call.argument(host?.position, host?.name) ?? call.argument(undefined, 'endpoint_url')))
    return undefined;
  const at = call.argumentNode(undefined, name) ?? call.node;
  return {
    message: text`${call.quote(call.node.func)} connects without encryption: ${code(`${name}=`)}${call.quote(at)}.`,
    at,
    kind: 'advisory',
    severity: 'medium',
    fix: { text: text`Use ${code(better)}.` },
  };
}

/** https://grpc.github.io/grpc/python/grpc.html#grpc.insecure_channel */
function checkGrpc(call: CallView): Report | undefined {
  const target = call.argument(0, 'target') ?? call.argument(0, 'address');
  const isOpen = /^(0\.0\.0\.0|\[::\]):/.test(String(target?.constant ?? ''));
  if ((isLocalHost(target) && !isOpen) || /^unix:/.test(String(target?.template ?? ''))) return undefined;
  const report = unencrypted(call, 'gRPC', 'grpc.secure_channel', 'advisory');
  return { ...report, quiet: target?.constant === undefined || call.name === 'add_insecure_port' };
}

/** https://docker-py.readthedocs.io/en/stable/client.html: `DockerClient(base_url='tcp://…:2375')` */
function checkDocker(call: CallView): Report | undefined {
  const address = call.argument(0, 'base_url');
  if (typeof address?.constant !== 'string' || !/^(tcp|http):\/\//.test(address.constant)) return undefined;
  const tls = call.argument(undefined, 'tls');
  if ((tls && !tls.isFalse) || (isLocalHost(address) && !address.constant.includes('0.0.0.0')))
    return undefined;
  return unencrypted(
    call,
    'the protocol of Docker',
    'an address of SSH, or tls=docker.tls.TLSConfig(…)',
    'advisory',
  );
}

/** A load balancer that takes HTTP, and does not only send on to HTTPS. */
function checkListener(call: CallView): Report | undefined {
  const protocol = call.argument(undefined, 'protocol')?.path;
  const isOpen =
    protocol === undefined
      ? call.argument(undefined, 'port')?.constant === 80
      : protocol.endsWith('Protocol.HTTP');
  if (!isOpen || call.hasUnknownArguments || /redirect/i.test(call.sourceOf(call.node))) return undefined;
  return {
    message: text`${call.quote(call.node.func)} takes requests over plain HTTP.`,
    at: call.node,
    kind: 'advisory',
    fix: {
      text: text`Listen with ${code('ApplicationProtocol.HTTPS')}, and let port 80 only redirect to it.`,
    },
  };
}

function checkHttpConnection(call: CallView): Report | undefined {
  const host = call.argument(0, 'host')?.constant;
  if (typeof host !== 'string' || !isPublicName(host)) return undefined;
  return unencrypted(call, 'HTTP', call.callee.replace('HTTP', 'HTTPS'), 'advisory');
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
  if (isLocalHost(host) || call.receiver?.madeBy === undefined) return undefined;
  return {
    message: text`${call.quote(call.node)} sends the password over ${protocol} without encryption.`,
    at: call.node,
    fix: { text: text`Use ${code(better)} before the log-in.` },
  };
}
