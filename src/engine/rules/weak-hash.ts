import { type Code, code, text } from '../finding.ts';
import type { Report, Rule } from './rule.ts';
import {
  credentialNameIn,
  handlesCredentials,
  meansCredential,
  passwordNameIn,
} from './support/security-words.ts';
import type { CallView } from './views.ts';

export const weakHash: Rule = {
  id: 'weak-hash',
  title: 'Broken hash function',
  cwe: [328, 327],
  aspect: 'cryptography',
  kind: 'defect',
  severity: 'medium',
  rows: [61],
  summary:
    'MD2, MD4, MD5, SHA-1 and RIPEMD-128, from `hashlib`, PyCryptodome, `cryptography` and pyOpenSSL. A defect where the code itself says that security hangs on it: a password, token, salt or signature is hashed, the result becomes one, or a message is authenticated or signed. Elsewhere a quiet advisory; nothing with `usedforsecurity=False` or where the result is a checksum, an ETag or the key of a cache.',
  why: 'Two inputs with the same MD5 or SHA-1 can be made on a laptop or for a few thousand dollars, so a signature or token over one fits the other. Both are also fast, so that passwords hashed with them are guessed by the billion.',
  fix: 'Use SHA-256 or BLAKE2 (`hashlib.sha256`, `hashlib.blake2b`). For a password use a slow function made for it, such as `hashlib.scrypt` or Argon2. Where nothing depends on it, say so with `usedforsecurity=False`.',
  references: [
    'https://docs.python.org/3/library/hashlib.html',
    'https://csrc.nist.gov/news/2022/nist-transitioning-away-from-sha-1-for-all-apps',
    'https://shattered.io/',
  ],
  roles: { test: 'silent' },
  calls: [
    {
      paths: [
        'hashlib.md5',
        'hashlib.sha1',
        'hashlib.md4',
        'hashlib.new',
        'md5.new',
        'md5.md5',
        'sha.new',
        'sha.sha',
        'Crypto.Hash.MD2.new',
        'Crypto.Hash.MD4.new',
        'Crypto.Hash.MD5.new',
        'Crypto.Hash.SHA.new',
        'Crypto.Hash.SHA1.new',
        'Crypto.Hash.RIPEMD.new',
        'Crypto.Hash.MD2.MD2Hash',
        'Crypto.Hash.MD4.MD4Hash',
        'Crypto.Hash.MD5.MD5Hash',
        'Crypto.Hash.SHA1.SHA1Hash',
        'cryptography.hazmat.primitives.hashes.MD5',
        'cryptography.hazmat.primitives.hashes.SHA1',
        'django.utils.crypto.md5',
        'oslo_utils.secretutils.md5',
      ],
      check: checkHash,
    },
    { paths: ['hmac.new', 'hmac.digest', 'hmac.HMAC'], check: checkMac },
    { paths: ['hashlib.pbkdf2_hmac'], check: checkDerivation },
    {
      paths: [
        'OpenSSL.crypto.X509.sign',
        'OpenSSL.crypto.X509Req.sign',
        'OpenSSL.crypto.sign',
        // https://stuvel.eu/python-rsa-doc/reference.html#rsa.sign
        'rsa.sign',
        'rsa.sign_hash',
      ],
      check: checkSigning,
    },
    {
      // A certificate that is handed in: `certificate.sign(key, 'md5')`.
      paths: [],
      names: ['sign'],
      check: (call) =>
        call.callee === '' && call.positionalCount === 2 && call.module.imports('OpenSSL')
          ? checkSigning(call)
          : undefined,
    },
  ],
  examples: {
    bad: [
      {
        title: 'a password',
        code: `
import hashlib

def store(user, password):
    user.password = hashlib.md5(password.encode()).hexdigest()  # report
    user.save()
`,
      },
      {
        title: 'a token',
        code: `
import hashlib
import time

class Account:
    def reset(self):
        self.reset_token = hashlib.sha1(str(time.time()).encode()).hexdigest()  # report
`,
      },
      {
        title: 'by name, and filled later',
        code: `
import hashlib

ALGORITHM = 'sha1'

def check_password(stored, given, salt):
    digest = hashlib.new(ALGORITHM)  # report
    digest.update(salt + given)
    return digest.hexdigest() == stored
`,
      },
      {
        title: 'a signature',
        code: `
import rsa
from OpenSSL import crypto
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding

def sign(key, message):
    return key.sign(message, padding.PKCS1v15(), hashes.SHA1())  # report

def certify(certificate, key, message):
    certificate.sign(key, 'md5')  # report
    return rsa.sign(message, key, 'MD5')  # report
`,
      },
      {
        title: 'a default',
        kind: 'advisory',
        code: `
import hashlib

def hash_password(password, algorithm='md5'):
    return hashlib.new(algorithm, password.encode()).hexdigest()  # report
`,
      },
      {
        title: 'a message authentication code with MD5',
        code: `
import hashlib
import hmac

def tag(key, message):
    return hmac.new(key, message, hashlib.md5).hexdigest()  # report
`,
      },
      {
        title: 'nothing says what it is for',
        kind: 'advisory',
        code: `
import hashlib
from Crypto.Hash import MD4, MD5

def short(data):
    first = hashlib.md5(data)  # report
    second = MD5.new(data)  # report
    third = MD4.new()  # report
    fourth = hashlib.pbkdf2_hmac('md5', data, b'a label', 600000)  # report
    return first, second, third, fourth
`,
      },
    ],
    good: [
      {
        title: 'strong functions',
        code: `
import hashlib
import hmac

def digest(password, key, message):
    a = hashlib.sha256(message)
    b = hashlib.new('sha512', message)
    c = hmac.new(key, message, hashlib.sha256)
    d = hashlib.blake2b(message, key=key)
    return a, b, c, d, hashlib.scrypt(password, salt=key, n=2**14, r=8, p=1)
`,
      },
      {
        title: 'what protocols ask for: one-time passwords, and the list of leaked passwords',
        code: `
import hashlib
from cryptography.hazmat.backends import default_backend
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

def totp_of(key, settings):
    totp = TOTP(key, int(settings.get('length', 6)), SHA1(), 30, backend=default_backend())
    return totp

def check_password_pwned(password):
    sha = hashlib.sha1(password.encode()).hexdigest().upper()
    return sha[5:] in leaked_hashes(sha[:5])
`,
      },
      {
        title: 'said not to be for security',
        code: `
import hashlib

def bucket(name):
    return int(hashlib.md5(name.encode(), usedforsecurity=False).hexdigest(), 16) % 16

def other(name):
    return hashlib.new('md5', name, usedforsecurity=False)
`,
      },
      {
        title: 'checksums, ETags and keys of a cache',
        code: `
import hashlib

def cache_key(url):
    return 'page:' + hashlib.md5(url.encode()).hexdigest()

def respond(response, body):
    response.headers['ETag'] = hashlib.md5(body).hexdigest()
    etag = hashlib.sha1(body).hexdigest()
    return etag

def file_checksum(path):
    md5sum = hashlib.md5()
    with open(path, 'rb') as stream:
        for block in iter(lambda: stream.read(65536), b''):
            md5sum.update(block)
    return md5sum.hexdigest()

def gravatar(email):
    return 'https://www.gravatar.com/avatar/' + hashlib.md5(email.lower().encode()).hexdigest()
`,
      },
      {
        title: 'HMAC-SHA1, which is not broken',
        code: `
import hashlib
import hmac

def sign_oauth(key, base_string):
    return hmac.new(key, base_string, hashlib.sha1).digest()
`,
      },
      {
        title: 'an algorithm that is not known',
        code: `
import hashlib

def digest(algorithm, data):
    return hashlib.new(algorithm, data).hexdigest()
`,
      },
    ],
  },
};

const WEAK: Readonly<Record<string, string>> = {
  md2: 'MD2',
  md4: 'MD4',
  md5: 'MD5',
  md5hash: 'MD5',
  md4hash: 'MD4',
  md2hash: 'MD2',
  sha: 'SHA-1',
  sha1: 'SHA-1',
  sha1hash: 'SHA-1',
  ripemd: 'RIPEMD',
  ripemd128: 'RIPEMD-128',
};

/** The common name of a weak algorithm: `hashlib.md5` and `'md5'` are MD5. */
function weakName(path: string): string | undefined {
  const names = path.toLowerCase().replaceAll('-', '').split('.');
  const last = names.at(-1) ?? '';
  return WEAK[last === 'new' || last === 'new()' ? (names.at(-2) ?? '') : last];
}

/** Names that say that a collision harms nobody. */
const HARMLESS_USE =
  /(^|[^a-z])(e?tags?|checksums?|cache|cached|caching|memo|memoize|gravatar|avatar|fingerprints?|dedup|deduplicate|dedupe|duplicates?|shard|bucket|partition|unique_?name|file_?hash|file_?md5|file_?sha1?|md5_?sums?|content_?md5|content_?hash|file_?digest|blob_?id|git|color|colour|seed|uuid|guid|unique_?id|short_?id|etag_?for|integrity|filename|file_?name|sha1_?sums?|image_?hash|asset|static)([^a-z]|$)/;

/** `cacheKey` and `CACHE_KEY` alike. */
function snake(name: string): string {
  return name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase();
}

function checkHash(call: CallView): Report | undefined {
  const given = call.callee === 'hashlib.new' ? call.argument(0, 'name') : undefined;
  // `def __init__(self, algorithm='md5')`: what it is unless told otherwise.
  const isDefault = given?.constant === undefined && given?.fallback !== undefined;
  const named = call.callee === 'hashlib.new' ? (given?.fallback ?? given)?.constant : call.callee;
  const algorithm = typeof named === 'string' ? weakName(named) : undefined;
  if (!algorithm || call.argument(undefined, 'usedforsecurity')?.isFalse) return undefined;
  if (isSound(call)) return undefined;
  if (isHarmless(call) && passwordNameIn(inputOf(call)) === undefined) return undefined;
  const evidence = securityUse(call);
  if (evidence) {
    return {
      message: text`${call.quote(call.node)} hashes with ${algorithm}${isDefault ? ' unless told otherwise' : ''}, which is broken, and ${evidence}.`,
      at: call.node,
      ...(isDefault ? { kind: 'advisory' as const } : {}),
      ...(readsOldHashes(call.function?.name ?? '') ? { kind: 'advisory' as const, quiet: true } : {}),
      fix: {
        text: text`Use ${code('hashlib.sha256')}; for a password a slow function such as ${code('hashlib.scrypt')} or Argon2.`,
      },
    };
  }
  return {
    message: text`${call.quote(call.node)} hashes with ${algorithm}, for which two inputs with the same hash can be made.`,
    at: call.node,
    kind: 'advisory',
    severity: 'low',
    quiet: true,
    confidence: 'low',
  };
}

/** HMAC, one-time passwords and OAEP stand with a hash that has collisions; and random bytes stay random when hashed. */
function isSound(call: CallView): boolean {
  if (
    /\b(TOTP|HOTP|HMAC|MGF1|OAEP|PBKDF2HMAC|HKDF)\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*$/.test(before(call))
  )
    return true;
  if (asksForLeaks(call)) return true;
  return /urandom|token_bytes|token_hex|uuid4|secrets\.|SystemRandom|getrandbits/.test(inputOf(call));
}

/** Services that know the passwords of data breaches are asked by a part of the SHA-1. https://haveibeenpwned.com/API/v3#PwnedPasswords */
function asksForLeaks(call: CallView): boolean {
  const place = `${call.class?.name} ${call.function?.name}`;
  return /pwned|hibp|breach|leaked/i.test(place) || /\bpwned\w*\(|pwnedpasswords/.test(rest(call));
}

/** The function from the call on. */
function rest(call: CallView): string {
  return call.function ? call.module.text.slice(call.node.end, call.function.node.end) : '';
}

/** What was stored with the old hash is checked, mostly to store it anew. */
function readsOldHashes(name: string): boolean {
  return /upgrad|legacy|migrat|(?:^|_)(?:old|from_(?:sha_?1|md5))(?:_|$)/.test(snake(name));
}

/** The place in the code that says that security hangs on the hash. */
function securityUse(call: CallView): readonly (string | Code)[] | undefined {
  const input = inputOf(call);
  const credential = credentialNameIn(input);
  if (credential) return text`${code(credential)} is hashed`;
  const target = call.targets.find(meansCredential);
  if (target) return text`the result becomes ${code(target)}`;
  if (call.callee.startsWith('cryptography.') && /\.(sign|verify)\($|signature/.test(before(call))) {
    return text`a signature is made over it`;
  }
  const setter = givenTo(call);
  if (setter) return text`the result is given to ${code(setter)}`;
  const owner = call.function;
  if (owner && handlesCredentials(owner.name) && !HARMLESS_USE.test(snake(owner.name))) {
    return text`it is used in ${code(owner.name)}`;
  }
  return undefined;
}

/** The function with a password or token in its name that the result is given to later: `user.set_password(digest)`. */
function givenTo(call: CallView): string | undefined {
  const variable = call.targets[0];
  if (!call.function || !variable || !/^\w+$/.test(variable)) return undefined;
  for (const match of rest(call).matchAll(
    new RegExp(`([\\w.]+)\\((?:[^()\\n]*[\\s,(])?${variable}\\b`, 'g'),
  )) {
    const name = match[1]?.split('.').at(-1) ?? '';
    if (meansCredential(name) && !HARMLESS_USE.test(snake(name))) return match[1];
  }
  return undefined;
}

/** What is hashed: the argument, what it was assigned from, and what the function later gives to `update` of the same variable. */
function inputOf(call: CallView): string {
  const data = call.argumentNode(call.callee === 'hashlib.new' ? 1 : 0, 'data');
  const pieces = data ? [withoutStrings(call.sourceOf(data))] : [];
  if (data?.kind === 'Name' && call.function) {
    const body = call.sourceOf(call.function.node);
    for (const match of body.matchAll(new RegExp(`^[ \\t]*${data.id}[ \\t]*\\+?=(?!=)([^\\n]*)`, 'gm'))) {
      pieces.push(withoutStrings(match[1] ?? ''));
    }
  }
  const variable = call.targets[0];
  if (call.function && variable && /^\w+$/.test(variable)) {
    const body = call.sourceOf(call.function.node);
    for (const match of body.matchAll(new RegExp(`\\b${variable}\\.update\\(([^\\n]*)`, 'g'))) {
      pieces.push(withoutStrings(match[1] ?? ''));
    }
  }
  return pieces.join(' ');
}

function withoutStrings(source: string): string {
  return source.replace(/'[^'\n]*'|"[^"\n]*"/g, "''");
}

/** What stands before the call: its line and some before it. */
function before(call: CallView): string {
  return call.module.text.slice(Math.max(0, call.node.start - 200), call.node.start);
}

function isHarmless(call: CallView): boolean {
  const names = [...call.targets, call.function?.name ?? '', call.class?.name ?? ''];
  if (names.some((name) => HARMLESS_USE.test(snake(name)))) return true;
  const line = before(call);
  return HARMLESS_USE.test(snake(line.slice(line.lastIndexOf('\n') + 1)));
}

function checkMac(call: CallView): Report | undefined {
  const digest = call.callee === 'hmac.digest' ? call.argument(2, 'digest') : call.argument(2, 'digestmod');
  const named = digest?.path ?? digest?.constant;
  const algorithm = typeof named === 'string' ? weakName(named) : undefined;
  // HMAC stands even where the hash below it has collisions; SHA-1 there is what protocols ask for.
  if (!algorithm || algorithm === 'SHA-1') return undefined;
  return {
    message: text`${call.quote(call.node)} authenticates a message with ${algorithm}.`,
    at: call.node,
    severity: 'low',
    fix: { text: text`Pass ${code('hashlib.sha256')}.` },
  };
}

/** PBKDF2 stands with a hash that has collisions, but both are the fastest to guess with. */
function checkDerivation(call: CallView): Report | undefined {
  const name = call.argument(0, 'hash_name')?.constant;
  const algorithm = typeof name === 'string' ? weakName(name) : undefined;
  if (!algorithm) return undefined;
  return {
    message: text`${call.quote(call.node)} derives a key with ${algorithm}, which makes guessing cheap.`,
    at: call.node,
    kind: 'advisory',
    severity: 'low',
    quiet: true,
    fix: { text: text`Pass ${code("'sha256'")}.` },
  };
}

function checkSigning(call: CallView): Report | undefined {
  const isOfThree = call.callee === 'OpenSSL.crypto.sign' || call.callee.startsWith('rsa.');
  const digest = call.argument(isOfThree ? 2 : 1, 'digest')?.constant;
  const algorithm = typeof digest === 'string' ? weakName(digest) : undefined;
  if (!algorithm) return undefined;
  return {
    message: text`${call.quote(call.node)} signs with ${algorithm}.`,
    at: call.node,
    fix: { text: text`Pass ${code("'sha256'")}.` },
  };
}
