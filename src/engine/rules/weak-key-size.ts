import { text } from '../finding.ts';
import type { Report, Rule } from './rule.ts';
import type { CallView } from './views.ts';

export const weakKeySize: Rule = {
  id: 'weak-key-size',
  title: 'Key too short',
  cwe: [326],
  aspect: 'cryptography',
  kind: 'defect',
  severity: 'high',
  rows: [63],
  summary:
    'RSA, DSA and Diffie-Hellman keys of less than 2048 bits and elliptic curves of less than 224 bits, made with `cryptography`, PyCryptodome, pyOpenSSL, Paramiko or rsa. Sizes are followed through constants and defaults.',
  why: 'Keys of 1024 bits are within reach of well-funded attackers and have been refused by browsers, authorities and standards for years.',
  fix: 'Use 3072 bits (at least 2048) for RSA and DSA, and a curve such as P-256 or Ed25519.',
  references: [
    'https://csrc.nist.gov/pubs/sp/800/131/a/r2/final',
    'https://cryptography.io/en/latest/hazmat/primitives/asymmetric/rsa/',
  ],
  calls: [
    {
      paths: [
        'cryptography.hazmat.primitives.asymmetric.rsa.generate_private_key',
        'cryptography.hazmat.primitives.asymmetric.dh.generate_parameters',
      ],
      check: (call) => checkBits(call, 1, 'key_size') ?? checkExponent(call),
    },
    {
      paths: [
        'cryptography.hazmat.primitives.asymmetric.dsa.generate_private_key',
        'cryptography.hazmat.primitives.asymmetric.dsa.generate_parameters',
      ],
      check: (call) => checkBits(call, 0, 'key_size'),
    },
    {
      paths: [
        'Crypto.PublicKey.RSA.generate',
        'Crypto.PublicKey.DSA.generate',
        'Crypto.PublicKey.ElGamal.generate',
        'paramiko.RSAKey.generate',
        'paramiko.DSSKey.generate',
      ],
      check: (call) => checkBits(call, 0, 'bits'),
    },
    { paths: ['rsa.newkeys'], check: (call) => checkBits(call, 0, 'nbits') },
    {
      paths: ['OpenSSL.crypto.PKey.generate_key'],
      check: (call) =>
        /\.TYPE_EC$/.test(call.argument(0, 'type')?.path ?? '') ? undefined : checkBits(call, 1, 'bits'),
    },
    {
      // https://jwcrypto.readthedocs.io/en/latest/jwk.html
      paths: ['jwcrypto.jwk.JWK.generate'],
      check: (call) =>
        call.argument(undefined, 'kty')?.constant === 'RSA' ? checkBits(call, undefined, 'size') : undefined,
    },
    { paths: ['asyncssh.generate_private_key'], check: (call) => checkBits(call, undefined, 'key_size') },
    {
      paths: [
        'cryptography.hazmat.primitives.asymmetric.ec.generate_private_key',
        'cryptography.hazmat.primitives.asymmetric.ec.derive_private_key',
      ],
      check: (call) =>
        checkCurve(
          call,
          [call.argument(0, 'curve'), call.argument(1)].map((value) => value?.type ?? value?.path),
        ),
    },
    {
      paths: ['Crypto.PublicKey.ECC.generate', 'ecdsa.SigningKey.generate'],
      check: (call) => {
        const curve = call.argument(0, 'curve');
        return checkCurve(call, [typeof curve?.constant === 'string' ? curve.constant : curve?.path]);
      },
    },
  ],
  examples: {
    bad: [
      {
        title: 'RSA and DSA',
        code: `
import rsa as simple
from jwcrypto import jwk
from Crypto.PublicKey import DSA, RSA
from cryptography.hazmat.backends import default_backend
from cryptography.hazmat.primitives.asymmetric import dsa, rsa
import paramiko

BITS = 1024

def keys():
    a = rsa.generate_private_key(public_exponent=65537, key_size=1024)  # report
    b = rsa.generate_private_key(65537, BITS, default_backend())  # report
    c = dsa.generate_private_key(key_size=1024)  # report
    d = RSA.generate(1024)  # report
    e = DSA.generate(bits=1024)  # report
    f = paramiko.RSAKey.generate(bits=1024)  # report
    jwk.JWK.generate(kty='RSA', size=1024)  # report
    return a, b, c, d, e, f, simple.newkeys(512)  # report
`,
      },
      {
        title: 'a small public exponent',
        kind: 'advisory',
        code: `
from cryptography.hazmat.primitives.asymmetric import rsa

key = rsa.generate_private_key(public_exponent=3, key_size=3072)  # report
`,
      },
      {
        title: 'a default',
        kind: 'advisory',
        code: `
from Crypto.PublicKey import RSA

def make_key(bits=1024):
    return RSA.generate(bits)  # report
`,
      },
      {
        title: 'elliptic curves',
        code: `
from Crypto.PublicKey import ECC
from cryptography.hazmat.primitives.asymmetric import ec

def keys():
    return ec.generate_private_key(ec.SECP192R1()), ECC.generate(curve='P-192')  # report
`,
      },
    ],
    good: [
      {
        title: 'long enough, or not known',
        code: `
from Crypto.PublicKey import ECC, RSA
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed25519, rsa

def keys(bits):
    a = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    b = rsa.generate_private_key(public_exponent=65537, key_size=bits)
    c = dsa.generate_private_key(key_size=3072)
    d = RSA.generate(4096)
    e = ec.generate_private_key(ec.SECP256R1())
    f = ECC.generate(curve='P-256')
    return a, b, c, d, e, f, ed25519.Ed25519PrivateKey.generate()
`,
      },
    ],
  },
};

function checkBits(call: CallView, position: number | undefined, name: string): Report | undefined {
  const value = call.argument(position, name);
  const isDefault = value?.fallback !== undefined;
  const bits = (value?.fallback ?? value)?.constant;
  if (typeof bits !== 'number' || bits >= 2048 || bits <= 0) return undefined;
  return {
    message: text`${call.quote(call.node)} makes a key of ${bits} bits${isDefault ? ' unless told otherwise' : ''}, which is too short.`,
    at: call.node,
    ...(isDefault ? { kind: 'advisory' as const } : {}),
  };
}

/** https://cryptography.io/en/latest/hazmat/primitives/asymmetric/rsa/: "almost everyone should use 65537". */
function checkExponent(call: CallView): Report | undefined {
  const exponent = call.callee.endsWith('rsa.generate_private_key')
    ? call.argument(0, 'public_exponent')?.constant
    : undefined;
  if (typeof exponent !== 'number' || exponent >= 65537 || exponent <= 0) return undefined;
  return {
    message: text`${call.quote(call.node)} makes a key with the public exponent ${exponent}, with which mistakes in padding are fatal.`,
    at: call.node,
    kind: 'advisory',
    severity: 'low',
    quiet: true,
    fix: { text: ['Use 65537.'] },
  };
}

const SHORT_CURVES =
  /(^|\.)(SECP160\w*|SECP192[RK]1|SECT163[RK][12]|SECT193\w*|P-?192|p192|prime192v[123]|NIST192p|BRAINPOOLP160\w*|BRAINPOOLP192\w*)(\(\))?$/i;

function checkCurve(call: CallView, names: readonly (string | undefined)[]): Report | undefined {
  if (!names.some((name) => name !== undefined && SHORT_CURVES.test(name))) return undefined;
  return {
    message: text`${call.quote(call.node)} makes a key on a curve of less than 224 bits.`,
    at: call.node,
  };
}
