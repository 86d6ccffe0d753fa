import { code, text } from '../finding.ts';
import { PASSED_SECRETS, type PassedSecret } from '../libraries/passed-secrets.ts';
import { judgeLiteral, judgePassedSecret, mask } from '../secrets/judge.ts';
import { sensitiveKind } from '../secrets/sensitive-names.ts';
import { findToken } from '../secrets/token-formats.ts';
import type { Expression, Node } from '../syntax/ast.ts';
import type { Report, Rule } from './rule.ts';
import { isFrameworkSecretName } from './support/framework-secrets.ts';
import { type NamedLiteral, namedLiterals } from './support/literals.ts';
import { readName } from './support/read-name.ts';
import { defaultPassword, judged, revealed, shown, withdraw } from './support/written-secrets.ts';
import type { AssignmentView, CallView, CompareView, Place, StringView } from './views.ts';

/** Calls that take a name and what stands in for its value. */
const LOOK_UPS = ['get', 'setdefault', 'getenv', 'putenv', 'config', 'env'];

export const hardcodedCredentials: Rule = {
  id: 'hardcoded-credentials',
  title: 'Credentials written in the code',
  cwe: [798, 259, 321],
  aspect: 'secrets',
  kind: 'defect',
  severity: 'high',
  rows: [72],
  summary:
    'A literal that is a secret: by its form (tokens of cloud and code hosts, private keys), or by the name that it is given to and its look (passwords, keys and tokens in variables, attributes, defaults, dictionaries, keyword arguments and comparisons). Placeholders, names of fields, look-ups in the environment and values in tests are not reported; the value itself is never shown.',
  why: 'Everyone who can read the code, or any copy of its history, has the secret; it cannot be changed without a new release, and it stays in the history when the line is removed.',
  fix: 'Read it from the environment or from a secret store, and replace the secret itself: it counts as known.',
  references: [
    'https://cheatsheetseries.owasp.org/cheatsheets/Secrets_Management_Cheat_Sheet.html',
    'https://docs.github.com/en/code-security/secret-scanning/introduction/about-secret-scanning',
  ],
  roles: { test: 'advisory', example: 'advisory' },
  calls: [
    {
      paths: [],
      names: LOOK_UPS,
      keywords: (name) => AUTHENTICATION.has(name) || isSecretName(name),
      check: checkCall,
    },
    { paths: ['builtins.setattr'], check: checkSetting },
    {
      paths: [
        'psycopg2.connect',
        'psycopg.connect',
        'pyodbc.connect',
        'aioodbc.connect',
        'aiopg.connect',
        'pypyodbc.connect',
        'asyncpg.connect',
      ],
      check: checkDataSource,
    },
    ...PASSED_SECRETS.map((one) => ({ paths: one.paths, check: (call: CallView) => checkPassed(call, one) })),
    { paths: [], keywords: ['headers'], check: checkHeaders },
    {
      paths: [
        'requests.auth.HTTPBasicAuth',
        'requests.auth.HTTPDigestAuth',
        'httpx.BasicAuth',
        'aiohttp.BasicAuth',
      ],
      check: (call) => checkPassword(call, call.argumentNode(1, 'password')),
    },
    {
      paths: [
        'Crypto.Cipher.AES.new',
        'Crypto.Cipher.ChaCha20.new',
        'Crypto.Cipher.ChaCha20_Poly1305.new',
        'Crypto.Cipher.Salsa20.new',
        'Crypto.Hash.HMAC.new',
        'cryptography.hazmat.primitives.ciphers.algorithms.AES',
        'cryptography.hazmat.primitives.ciphers.algorithms.ChaCha20',
        'cryptography.hazmat.primitives.ciphers.aead.AESGCM',
        'cryptography.hazmat.primitives.ciphers.aead.ChaCha20Poly1305',
        'cryptography.hazmat.primitives.hmac.HMAC',
        'cryptography.fernet.Fernet',
        'nacl.secret.SecretBox',
        'hmac.new',
        'hmac.digest',
      ],
      check: checkKey,
    },
  ],
  on: {
    assignment: { names: isSecretName, check: checkAssignment },
    compare: checkCompare,
    string: checkString,
  },
  examples: {
    bad: [
      {
        title: 'passwords and keys by their names',
        code: `
import psycopg2

DB_PASSWORD = 'Tr0ub4dor&3'  # report
API_KEY: str = 'zX8kQ2mN5vB7cL1pR4tY6wE9'  # report

class Client:
    auth_token = 'c0ffee5ab1e8d7f6a5b4c3d2e1f0a9b8'  # report

    def __init__(self):
        self.password = 'hunter2!x'  # report

def connect():
    return psycopg2.connect(host='db', user='app', password='Sup3r-Secret-Pw1')  # report
`,
      },
      {
        title: 'in a dictionary',
        code: `
CONFIG = {
    'user': 'app',
    'password': 'pa55w0rd!2024',  # report
    'nested': {'api_key': '9f86d081884c7d659a2feaa0c55ad015'},  # report
}
`,
      },
      {
        title: 'a token whose form says what it is',
        code: `
import boto3

def client():
    return boto3.client('s3', aws_access_key_id='AKIA5QF7XJ2MNB4VKT6R')  # report
`,
      },
      {
        title: 'put together',
        code: `
DB_PASSWORD = 'Tr0ub' + '4dor&3'  # report
`,
      },
      {
        title: 'the key of a cipher',
        code: `
from cryptography.fernet import Fernet

KEY = b'Yx3mQ0m1b2V5c2VjcmV0a2V5MTIzNDU2Nzg5MDEyMzQ='

def seal(message):
    return Fernet(KEY).encrypt(message)  # report
`,
      },
      {
        title: 'a default that anybody would guess',
        kind: 'advisory',
        code: `
def connect(host, user='root', password='admin123'):  # report
    return host, user, password
`,
      },
      {
        title: 'compared with what was typed',
        code: `
def login(form, data):
    return form['password'] == 'Tr0ub4dor&3' or data.get('password') == 'Tr0ub4dor&3'  # report
`,
      },
      {
        title: 'what stands in for the environment',
        kind: 'advisory',
        code: `
import os

DB_PASSWORD = os.getenv('DB_PASSWORD', 'Tr0ub4dor&3')  # report

def connect(options):
    password = os.environ.get('SMTP_PASSWORD', 'Tr0ub4dor&3')  # report
    options.setdefault('ftp_password', 'Tr0ub4dor&3')  # report
    return password, os.environ.get('ADMIN_PASSWORD', default='Tr0ub4dor&3')  # report
`,
      },
      {
        title: 'wrapped, or given by a call',
        code: `
from pydantic import BaseModel, Field, SecretStr

class Settings(BaseModel):
    db_password: str = Field('Tr0ub4dor&3')  # report
    smtp_password: SecretStr = SecretStr('Tr0ub4dor&3')  # report

def fill(settings, options):
    setattr(settings, 'password', 'Tr0ub4dor&3')  # report
    signing_key = 'hG7sKd82kdLs92kdKs82Ld'.encode()  # report
    connection_string = 'Server=db.example.org;User ID=shop;Password=Tr0ub4dor&3;'  # report
    return signing_key, connection_string
`,
      },
      {
        title: 'made up',
        kind: 'advisory',
        code: `
def login(name, password='as-good-as-any'):  # report
    return name, password

DB_PASSWORD = 'mysecretpassword'  # report
API_KEY = '12345-abcde-67890'  # report
auth_token = 'abcdef1234567890'  # report
`,
      },
      {
        title: 'what a library takes as a secret',
        code: `
import ftplib
import pika
import pymysql
import requests
import smtplib

def connect():
    database = pymysql.connect('db.example.org', 'shop', 'Tr0ub4dor&3', 'shop')  # report
    Elasticsearch('https://db.example.org', basic_auth=('elastic', 'Tr0ub4dor&3'))  # report
    pika.PlainCredentials('shop', 'Tr0ub4dor&3')  # report
    mail = smtplib.SMTP_SSL('mail.example.org')
    mail.login('shop', 'c0rrect-h0rse')  # report
    files = ftplib.FTP_TLS('files.example.org', 'shop', 'b4ttery-st4ple')  # report
    return database, mail, files

def fetch():
    return requests.get('https://api.example.org', headers={'Authorization': 'Bearer q8Zr4TnV2wXc7LmB9kPd'}, timeout=5)  # report
`,
      },
    ],
    good: [
      {
        title: 'keys that clients are given, patterns, and tables that say what a setting is',
        code: `
import posthog

posthog.api_key = 'phc_C44vUK9R1J6HYVdfJarTEPqVAoRPJzMXzFcj8PIrJgP'
REGEX_PASSWORD = r'^[a-zA-Z0-9]{12,}$'
SETTINGS = {'API_TOKEN': (str, 'Advanced7', '')}
`,
      },
      {
        title: 'secrets that come from elsewhere',
        code: `
import os
import pymysql
import requests

def connect(user, secret, token):
    requests.get('https://api.example.org', headers={'Authorization': 'Bearer ' + token}, timeout=5)
    pymysql.connect('db.example.org', user, '', 'shop')
    pymysql.connect('db.example.org', user, '<password>', 'shop')
    return pymysql.connect('db.example.org', user, secret, 'shop')
`,
      },
      {
        title: 'from the environment or a store',
        code: `
import os
import keyring

PASSWORD = os.environ['PASSWORD']
API_KEY = os.getenv('API_KEY')
TOKEN = os.environ.get('TOKEN', '')
SECRET = keyring.get_password('app', 'secret')
`,
      },
      {
        title: 'names, placeholders, labels and messages',
        code: `
PASSWORD = ''
PASSWORD_FIELD = 'user_password'
TOKEN_URL = 'https://example.com/oauth2/token'
API_KEY = 'your-api-key-here'
api_key = '<API_KEY>'
password = 'changeme'
SECRET_NAME = 'prod/db/password'
password_label = 'Enter your password'
TOKEN_TYPE = 'Bearer'
max_tokens = '4096'
token = 'none'
ERRORS = {'password': 'The password is too short.', 'token': 'invalid_token'}

def login(form):
    return form.get('password') and form['token'] != 'invalid'
`,
      },
      {
        title: 'digests and public keys',
        code: `
SHA256 = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08'
revision = 'a1b2c3d4e5f6'
PUBLIC_KEY = '-----BEGIN PUBLIC KEY-----MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE-----END PUBLIC KEY-----'
`,
      },
    ],
  },
};

function checkAssignment(view: AssignmentView): Report | readonly Report[] | undefined {
  if (view.node.kind === 'AugAssign') return undefined;
  if (sensitiveKind(view.name) === 'connection-string' && view.valueNode.kind === 'Str')
    return checkPasswordIn(view, view.valueNode, view.valueNode.value);
  const isDefault = view.target === 'default';
  // `'sk_live_' + '…'`: put together so that no search finds it.
  const { constant } = view.value;
  if (view.valueNode.kind === 'BinOp' && typeof constant === 'string')
    return judgeLiteral(view.name, constant).verdict === 'secret'
      ? revealed(view.valueNode, constant)
      : judged(view, view.name, view.valueNode, constant, isDefault);
  return namedLiterals(view.name, view.valueNode).flatMap(
    ({ name, node }) =>
      judged(view, name, node, node.value, isDefault) ??
      (isDefault ? defaultPassword(view, name, node) : undefined) ??
      [],
  );
}

/** A password inside of a data source name: `host=db password=…`, `UID=app;PWD=…`. */
function checkDataSource(call: CallView): Report | undefined {
  const name = call.argument(0, 'dsn')?.constant;
  return typeof name === 'string' ? checkPasswordIn(call, call.node.args[0] ?? call.node, name) : undefined;
}

function checkPasswordIn(place: Place, at: Node, dataSource: string): Report | undefined {
  const password = /\b(?:password|pwd)\s*=\s*([^;\s'"{}%]+)/i.exec(dataSource)?.[1];
  return password === undefined ? undefined : judged(place, 'password', at, password, false);
}

function checkPassword(call: CallView, node: Expression | undefined): Report | undefined {
  return node?.kind === 'Str' ? judged(call, 'password', node, node.value, false) : undefined;
}

/** The secrets that frameworks sign sessions with have a rule of their own. */
function isSecretName(name: string): boolean {
  return !isFrameworkSecretName(name) && sensitiveKind(name) !== undefined;
}

/** Keywords that take a user and a password: requests, Elasticsearch, OpenSearch, Neo4j. */
const AUTHENTICATION: ReadonlySet<string> = new Set(['auth', 'http_auth', 'basic_auth']);

function checkCall(call: CallView): Report | readonly Report[] | undefined {
  const auth = call.node.keywords.find(({ name }) => AUTHENTICATION.has(name ?? ''))?.value;
  // `auth=(user, password)`
  if (auth?.kind === 'Tuple' && auth.elements.length === 2) {
    const report = checkPassword(call, auth.elements[1]);
    if (report) return report;
  }
  const given = call.node.keywords.flatMap(({ name, value }) =>
    name === null ? [] : namedLiterals(name, value),
  );
  const judgedAll = (literals: readonly NamedLiteral[], isDefault: boolean) =>
    literals
      .filter(({ name }) => isSecretName(name))
      .flatMap(({ name, node }) => judged(call, name, node, node.value, isDefault) ?? []);
  return [...judgedAll(given, false), ...judgedAll(fallbackOf(call), true)];
}

/** What a library takes as a secret is one, though nothing is named so. */
function checkPassed(call: CallView, { position, name, kind }: PassedSecret): Report | undefined {
  const value = call.argument(position, name)?.constant;
  const written = call.argumentNode(position, name);
  if (typeof value !== 'string' || !written || call.role === 'test' || call.role === 'example')
    return undefined;
  const given = written.kind === 'Name' ? written.id : written.kind === 'Attribute' ? written.attr : '';
  // What has a name of its own is looked at where it gets its value; a literal for a keyword, by the keyword.
  if (given !== '' && isJudged(given, value)) return undefined;
  if (call.node.keywords.some((keyword) => keyword.value === written && isJudged(keyword.name ?? '', value)))
    return undefined;
  // `----`, `xxxx`
  if (/^(.)\1*$/.test(value)) return undefined;
  const judgement = judgePassedSecret(kind, value);
  if (judgement.verdict === 'no' || judgement.verdict === 'secret') return undefined;
  const isMasked = /x{4,}|\*{3,}|example|changeme|your/i.test(value);
  return {
    message: text`${call.quote(call.node.func)} gets a ${kind} that is written in the code: ${shown(judgement)}.`,
    at: call.node,
    cwe: kind === 'password' ? [798, 259] : [798, 321],
    confidence: judgement.verdict === 'likely' ? 'medium' : 'low',
    ...(judgement.verdict === 'likely' && !isMasked
      ? {}
      : { kind: 'advisory' as const, severity: 'medium' as const, quiet: isMasked }),
    fix: withdraw(),
  };
}

/** Whether the name that it has tells enough by itself. */
function isJudged(name: string, value: string): boolean {
  return !/^(no|doubtful)$/.test(judgeLiteral(name, value).verdict);
}

/** `headers={'Authorization': 'Bearer …'}` */
function checkHeaders(call: CallView): Report | undefined {
  const header = call.argument(undefined, 'headers')?.entry('Authorization')?.constant;
  const token =
    typeof header === 'string' ? /^(?:Bearer|Token|Basic)\s+(\S{16,})$/i.exec(header)?.[1] : undefined;
  return token === undefined ? undefined : judged(call, 'access_token', call.node, token, false);
}

/** A key of a cipher or of a message authentication code. */
function checkKey(call: CallView): Report | undefined {
  const key = call.argument(0, 'key');
  if (typeof key?.constant !== 'string' || call.role === 'test' || call.role === 'example') return undefined;
  return {
    message:
      key.constant === ''
        ? text`${call.quote(call.node)} works with an empty key.`
        : text`The key of ${call.quote(call.node.func)} is written in the code: ${code(mask(key.constant))}.`,
    at: call.node,
    cwe: [321, 798],
    // A fixed key of HMAC can be public on purpose: labels of key derivations such as `b'Bitcoin seed'`.
    ...(call.callee.startsWith('hmac.') ? { kind: 'advisory' as const, severity: 'medium' as const } : {}),
    fix: withdraw(),
  };
}

/** `os.environ.get('API_KEY', 'the key itself')`, `settings.get('password', '…')`, `config('TOKEN', default='…')` */
function fallbackOf(call: CallView): readonly NamedLiteral[] {
  if (!LOOK_UPS.includes(call.name)) return [];
  const fallback = call.argumentNode(1, 'default');
  const name = fallback && call.argument(0, 'key')?.constant;
  return typeof name === 'string' && fallback ? namedLiterals(name, fallback) : [];
}

/** `setattr(settings, 'password', '…')` */
function checkSetting(call: CallView): Report | readonly Report[] | undefined {
  const name = call.argument(1)?.constant;
  const value = call.argumentNode(2);
  if (typeof name !== 'string' || !isSecretName(name) || !value) return undefined;
  return namedLiterals(name, value).flatMap(({ node }) => judged(call, name, node, node.value, false) ?? []);
}

function checkCompare(view: CompareView): Report | undefined {
  if (view.op !== '==' && view.op !== '!=') return undefined;
  for (const [name, literal] of [
    [view.leftNode, view.rightNode],
    [view.rightNode, view.leftNode],
  ] as const) {
    if (literal.kind !== 'Str') continue;
    const word = readName(name);
    if (word !== undefined && sensitiveKind(word) === 'password')
      return judged(view, word, literal, literal.value, false);
  }
  return undefined;
}

/** Only what its form gives away; what has a name is looked at where it is named. */
function checkString(view: StringView): Report | undefined {
  if (view.node.kind !== 'Str') return undefined;
  return findToken(view.value) ? revealed(view.node, view.value) : undefined;
}
