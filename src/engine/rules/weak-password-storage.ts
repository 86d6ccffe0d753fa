import { code, text } from '../finding.ts';
import type { Node } from '../syntax/ast.ts';
import type { Report, Rule } from './rule.ts';
import { isDevelopmentFile } from './support/environments.ts';
import { passwordNameIn } from './support/security-words.ts';
import type { AssignmentView, CallView } from './views.ts';

/** Hashes that are made to be fast, which is what passwords must not have. */
const FAST = [
  'hashlib.sha224',
  'hashlib.sha256',
  'hashlib.sha384',
  'hashlib.sha512',
  'hashlib.sha3_256',
  'hashlib.sha3_512',
  'hashlib.blake2b',
  'hashlib.blake2s',
];

export const weakPasswordStorage: Rule = {
  id: 'weak-password-storage',
  title: 'Password stored so that it can be guessed fast',
  cwe: [916, 256, 760],
  aspect: 'cryptography',
  kind: 'defect',
  severity: 'high',
  rows: [62],
  summary:
    'Password hashing that is too cheap or not salted: few rounds of PBKDF2, scrypt, bcrypt or Argon2, a salt written in the code, the old schemes of passlib and `crypt`, MD5 and SHA-1 hashers in Django and Werkzeug, and a Django user made with a plain password. A plain MD5 or SHA-1 of a password is reported by `weak-hash`.',
  why: 'A stolen table of such hashes is a table of passwords a day later: graphics cards try billions of guesses a second, and without a salt of its own all users are tried at once.',
  fix: 'Use a slow function with its own random salt and today’s cost: Argon2id (`argon2.PasswordHasher()`), scrypt with `n=2**17`, bcrypt with 12 rounds, or PBKDF2-SHA256 with 600,000 iterations.',
  references: [
    'https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html',
    'https://docs.djangoproject.com/en/stable/topics/auth/passwords/',
  ],
  roles: { test: 'silent' },
  calls: [
    {
      paths: ['hashlib.pbkdf2_hmac', 'backports.pbkdf2.pbkdf2_hmac'],
      check: (call) =>
        cheaper(call, call.argument(3, 'iterations')?.constant, 100_000, 'iterations') ??
        fixedSalt(call, 2, 'salt'),
    },
    {
      paths: ['cryptography.hazmat.primitives.kdf.pbkdf2.PBKDF2HMAC'],
      check: (call) =>
        cheaper(call, call.argument(3, 'iterations')?.constant, 100_000, 'iterations') ??
        fixedSalt(call, 2, 'salt'),
    },
    {
      paths: ['Crypto.Protocol.KDF.PBKDF2'],
      check: (call) =>
        cheaper(call, call.argument(3, 'count')?.constant, 100_000, 'iterations') ??
        (call.argument(3, 'count') === undefined && !call.hasUnknownArguments
          ? { message: text`${call.quote(call.node)} makes 1,000 iterations, the default.`, at: call.node }
          : fixedSalt(call, 1, 'salt')),
    },
    {
      paths: ['hashlib.scrypt', 'cryptography.hazmat.primitives.kdf.scrypt.Scrypt'],
      check: (call) =>
        cheaper(call, call.argument(undefined, 'n')?.constant, 2 ** 13, 'as the cost n') ??
        fixedSalt(call, undefined, 'salt'),
    },
    {
      paths: ['Crypto.Protocol.KDF.scrypt'],
      check: (call) =>
        cheaper(call, call.argument(3, 'N')?.constant, 2 ** 13, 'as the cost N') ??
        fixedSalt(call, 1, 'salt'),
    },
    {
      paths: ['bcrypt.gensalt'],
      check: (call) => cheaper(call, call.argument(0, 'rounds')?.constant, 10, 'rounds'),
    },
    {
      paths: ['bcrypt.kdf'],
      check: (call) =>
        cheaper(call, call.argument(undefined, 'rounds')?.constant, 50, 'rounds') ??
        fixedSalt(call, 1, 'salt'),
    },
    { paths: ['bcrypt.hashpw'], check: (call) => fixedSalt(call, 1, 'salt') },
    {
      paths: ['argon2.PasswordHasher'],
      check: (call) => cheaper(call, call.argument(1, 'memory_cost')?.constant, 7168, 'KiB of memory'),
    },
    {
      paths: [
        'passlib.hash.md5_crypt.*',
        'passlib.hash.des_crypt.*',
        'passlib.hash.bsdi_crypt.*',
        'passlib.hash.bigcrypt.*',
        'passlib.hash.sha1_crypt.*',
        'passlib.hash.apr_md5_crypt.*',
        'passlib.hash.hex_md5.*',
        'passlib.hash.hex_sha1.*',
        'passlib.hash.hex_sha256.*',
        'passlib.hash.ldap_md5.*',
        'passlib.hash.ldap_salted_md5.*',
        'passlib.hash.ldap_sha1.*',
        'passlib.hash.ldap_salted_sha1.*',
        'passlib.hash.plaintext.*',
        'passlib.hash.ldap_plaintext.*',
        'passlib.hash.mysql323.*',
        'passlib.hash.mysql41.*',
        'passlib.hash.lmhash.*',
        'passlib.hash.nthash.*',
        'passlib.hash.unix_disabled.*',
      ],
      check: (call) =>
        /^(hash|encrypt|using)$/.test(call.name) && !call.callee.includes('unix_disabled')
          ? {
              message: text`${call.quote(call.node)} stores passwords with a scheme that is guessed fast.`,
              at: call.node,
            }
          : undefined,
    },
    { paths: FAST, check: checkFastHash },
    {
      paths: [
        'passlib.hash.pbkdf2_sha256.using',
        'passlib.hash.pbkdf2_sha512.using',
        'passlib.hash.pbkdf2_sha1.using',
      ],
      check: (call) => cheaper(call, call.argument(undefined, 'rounds')?.constant, 100_000, 'iterations'),
    },
    {
      paths: ['passlib.hash.bcrypt.hash', 'passlib.hash.bcrypt.encrypt', 'passlib.hash.bcrypt_sha256.hash'],
      check: (call) => cheaper(call, call.argument(undefined, 'rounds')?.constant, 10, 'rounds'),
    },
    { paths: [], names: ['update'], check: checkFilledHash },
    {
      paths: ['passlib.hash.bcrypt.using', 'passlib.hash.bcrypt_sha256.using'],
      check: (call) => cheaper(call, call.argument(undefined, 'rounds')?.constant, 10, 'rounds'),
    },
    {
      paths: ['passlib.hash.scrypt.using'],
      check: (call) =>
        cheaper(call, call.argument(undefined, 'rounds')?.constant, 13, 'as the exponent of the cost'),
    },
    { paths: ['passlib.context.CryptContext', 'passlib.apps.LazyCryptContext'], check: checkContext },
    {
      paths: ['crypt.crypt', 'crypt.mksalt'],
      check: (call) => {
        const method = call.argument(call.name === 'mksalt' ? 0 : 1, 'salt')?.path ?? '';
        return /METHOD_(CRYPT|MD5)$/.test(method)
          ? {
              message: text`${call.quote(call.node)} stores passwords with a scheme that is guessed fast.`,
              at: call.node,
            }
          : undefined;
      },
    },
    { paths: ['werkzeug.security.generate_password_hash'], check: checkWerkzeug },
    {
      paths: ['flask_bcrypt.generate_password_hash', 'flask_bcrypt.Bcrypt.generate_password_hash'],
      check: (call) => cheaper(call, call.argument(1, 'rounds')?.constant, 10, 'rounds'),
    },
    {
      paths: ['django.contrib.auth.hashers.make_password'],
      check: (call) => {
        const hasher = call.argument(2, 'hasher')?.constant;
        return typeof hasher === 'string' && WEAK_DJANGO.test(hasher)
          ? {
              message: text`${call.quote(call.node)} stores the password with ${code(hasher)}, which is guessed fast.`,
              at: call.node,
            }
          : fixedSalt(call, 1, 'salt');
      },
    },
    {
      paths: ['django.db.models.QuerySet.create', 'django.db.models.QuerySet.get_or_create'],
      check: (call) => {
        const password = call.argument(undefined, 'password');
        const model = call.node.func.kind === 'Attribute' ? call.sourceOf(call.node.func.value) : '';
        return password &&
          call.argumentNode(undefined, 'password') &&
          /(^|\.)(User|CustomUser|get_user_model\(\))\.objects$/.test(model) &&
          !password.isNone &&
          !/make_password$/.test(password.madeBy?.callee ?? '')
          ? {
              message: text`${call.quote(call.node)} stores ${call.quote(call.argumentNode(undefined, 'password') ?? call.node)} as it is, not hashed.`,
              at: call.node,
              cwe: [256, 916],
              fix: { text: text`Use ${code('User.objects.create_user(…)')}, which hashes it.` },
            }
          : undefined;
      },
    },
  ],
  on: { assignment: { names: ['PASSWORD_HASHERS'], check: checkHashers } },
  examples: {
    bad: [
      {
        title: 'too few rounds',
        code: `
import hashlib
import os
import bcrypt
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC

def hash_password(password):
    salt = os.urandom(16)
    a = hashlib.pbkdf2_hmac('sha256', password, salt, 1000)  # report
    b = bcrypt.hashpw(password, bcrypt.gensalt(4))  # report
    c = PBKDF2HMAC(algorithm=hashes.SHA256(), length=32, salt=salt, iterations=5000)  # report
    d = hashlib.scrypt(password, salt=salt, n=1024, r=8, p=1)  # report
    return a, b, c, d
`,
      },
      {
        title: 'one round of a fast hash',
        code: `
import hashlib

def store(user, password, salt):
    user.password_hash = hashlib.sha256(salt + password.encode()).hexdigest()  # report
    digest = hashlib.sha512()
    digest.update(password.encode())  # report
    digest.update(user.name.encode())
`,
      },
      {
        title: 'a salt written in the code',
        code: `
import hashlib

SALT = b'pepper and salt'

def hash_password(password):
    return hashlib.pbkdf2_hmac('sha256', password, SALT, 600000)  # report
`,
      },
      {
        title: 'old schemes',
        code: `
from passlib.context import CryptContext
from passlib.hash import md5_crypt
from werkzeug.security import generate_password_hash

context = CryptContext(schemes=['md5_crypt', 'des_crypt'])  # report

def hash_password(password):
    return md5_crypt.hash(password), generate_password_hash(password, method='sha1')  # report
`,
      },
      {
        title: 'Django',
        path: 'shop/settings.py',
        code: `
PASSWORD_HASHERS = [  # report
    'django.contrib.auth.hashers.MD5PasswordHasher',
    'django.contrib.auth.hashers.PBKDF2PasswordHasher',
]
`,
      },
      {
        title: 'a plain password in the table of users',
        code: `
from django.contrib.auth.models import User

def register(name, password):
    return User.objects.create(username=name, password=password)  # report
`,
      },
    ],
    good: [
      {
        title: 'slow and salted',
        code: `
import hashlib
import os
import argon2
import bcrypt
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import User
from passlib.context import CryptContext
from werkzeug.security import generate_password_hash

context = CryptContext(schemes=['argon2', 'md5_crypt'], deprecated='auto')

def hash_password(password, rounds):
    salt = os.urandom(16)
    a = hashlib.pbkdf2_hmac('sha256', password, salt, 600_000)
    b = bcrypt.hashpw(password, bcrypt.gensalt())
    c = bcrypt.hashpw(password, bcrypt.gensalt(rounds))
    d = hashlib.scrypt(password, salt=salt, n=2**14, r=8, p=1)
    e = argon2.PasswordHasher().hash(password)
    f = generate_password_hash(password)
    User.objects.create(username='x', password=make_password(password))
    User.objects.create_user('x', password=password)
    return a, b, c, d, e, f, context.hash(password)
`,
      },
      {
        title: 'many rounds, and a hash of a hash',
        code: `
import hashlib

def stretch(password, salt, rounds):
    digest = hashlib.sha512(salt + password).digest()
    for _ in range(rounds):
        digest = hashlib.sha512(digest + password).digest()
    return digest

def session_mark(user):
    return hashlib.sha256(user.password_hash.encode()).hexdigest()
`,
      },
      {
        title: 'checked against the stored hash',
        code: `
import bcrypt

def check_password(password, stored):
    return bcrypt.hashpw(password, stored) == stored
`,
      },
    ],
  },
};

const WEAK_DJANGO =
  /(^|\.)(md5|sha1|unsalted_md5|unsalted_sha1|crypt|MD5PasswordHasher|SHA1PasswordHasher|UnsaltedMD5PasswordHasher|UnsaltedSHA1PasswordHasher|CryptPasswordHasher)$/;

const WEAK_SCHEME =
  /^(md5_crypt|des_crypt|bsdi_crypt|bigcrypt|crypt16|sha1_crypt|apr_md5_crypt|hex_\w+|ldap_md5|ldap_salted_md5|ldap_sha1|ldap_salted_sha1|plaintext|ldap_plaintext|mysql\d+|lmhash|nthash|django_salted_md5|django_salted_sha1|django_des_crypt|unix_fallback|roundup_plaintext)$/;

function cheaper(call: CallView, cost: unknown, least: number, unit: string): Report | undefined {
  if (typeof cost !== 'number' || cost >= least || isKeyDerivationOfRandom(call)) return undefined;
  return {
    message: text`${call.quote(call.node)} asks for ${cost} ${unit}, which makes guessing cheap.`,
    at: call.node,
    ...(cost * 10 >= least ? { severity: 'medium' as const } : {}),
  };
}

/** Deriving from a key that is random already (a master key, a shared secret) needs no cost. */
function isKeyDerivationOfRandom(call: CallView): boolean {
  const input = call.argumentNode(call.callee === 'hashlib.pbkdf2_hmac' ? 1 : 0, 'password');
  return (
    input !== undefined &&
    /urandom|token_bytes|master_?key|shared_?(key|secret)|seed|mnemonic/i.test(call.sourceOf(input))
  );
}

function fixedSalt(call: CallView, position: number | undefined, name: string): Report | undefined {
  const salt = call.argument(position, name);
  if (typeof salt?.constant !== 'string') return undefined;
  return {
    message:
      salt.constant === ''
        ? text`${call.quote(call.node)} hashes without a salt.`
        : text`${call.quote(call.node)} hashes every password with the same salt.`,
    at: call.node,
    cwe: [salt.constant === '' ? 759 : 760, 916],
    severity: 'medium',
    fix: {
      text: text`Make a salt for each password with ${code('os.urandom(16)')} and store it beside the hash.`,
    },
  };
}

function checkContext(call: CallView): Report | undefined {
  const schemes = call.argument(0, 'schemes');
  const scheme = call.argument(undefined, 'default')?.constant ?? schemes?.elements?.[0]?.constant;
  return typeof scheme === 'string' && WEAK_SCHEME.test(scheme)
    ? storesWith(call, call.node, scheme)
    : undefined;
}

function checkWerkzeug(call: CallView): Report | undefined {
  const method = call.argument(1, 'method')?.constant;
  if (typeof method !== 'string') return undefined;
  const iterations = /^pbkdf2:\w+:(\d+)$/.exec(method)?.[1];
  if (iterations !== undefined) return cheaper(call, Number(iterations), 100_000, 'iterations');
  return /^(plain|md5|sha1|sha256|sha512|sha224)$/.test(method)
    ? storesWith(call, call.node, method)
    : undefined;
}

/** `digest = hashlib.sha256()`, `digest.update(password)` */
function checkFilledHash(call: CallView): Report | undefined {
  if (call.positionalCount !== 1 || call.node.keywords.length > 0) return undefined;
  const maker = call.receiver?.madeBy?.callee;
  return maker !== undefined && FAST.includes(maker) ? checkFastHash(call) : undefined;
}

/** One round of a fast hash over a password. */
function checkFastHash(call: CallView): Report | undefined {
  const data = call.argumentNode(0, 'data') ?? call.argumentNode(0, 'string');
  const source = data ? call.sourceOf(data).replace(/'[^'\n]*'|"[^"\n]*"/g, "''") : '';
  const password = passwordNameIn(source);
  if (!password || /hash|digest/i.test(password) || /pwned|hibp|breach/i.test(call.function?.name ?? ''))
    return undefined;
  // A scheme of one's own with many rounds is another matter.
  if (call.function && /\b(range|while)\b/.test(call.sourceOf(call.function.node))) return undefined;
  return {
    message: text`${call.quote(call.node)} hashes ${code(password)} in one fast round, so that it can be guessed by the billion.`,
    at: call.node,
    severity: 'medium',
  };
}

function storesWith(call: CallView, at: Node, scheme: string): Report {
  return {
    message: text`${call.quote(call.node)} stores passwords with ${code(scheme)}, which is guessed fast.`,
    at,
  };
}

/** The first of Django's hashers is the one that new passwords are stored with. */
function checkHashers(view: AssignmentView): Report | undefined {
  if (view.target !== 'name') return undefined;
  const first = view.value.elements?.[0]?.constant;
  if (typeof first !== 'string' || !WEAK_DJANGO.test(first)) return undefined;
  // A fast hash makes tests fast.
  if (/test/i.test(view.path) || isDevelopmentFile(view.path)) return undefined;
  return {
    message: text`${code(view.name)} begins with ${code(first)}, so that new passwords are stored with a hash that is guessed fast.`,
    at: view.node,
  };
}
