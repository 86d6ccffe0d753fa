import { code, text } from '../finding.ts';
import type { Expression } from '../syntax/ast.ts';
import type { Report, Rule } from './rule.ts';
import type { CallView, ValueView } from './views.ts';

export const weakCipher: Rule = {
  id: 'weak-cipher',
  title: 'Broken cipher or unsafe mode',
  cwe: [327, 329],
  aspect: 'cryptography',
  kind: 'defect',
  severity: 'high',
  rows: [60],
  summary:
    'DES, Triple DES, RC2, RC4, Blowfish, CAST, IDEA, SEED and XOR ciphers; the ECB mode; an initialisation vector or nonce that is written in the code; RSA with PKCS #1 v1.5 encryption padding; and, as a quiet advisory, modes that nothing authenticates.',
  why: 'These ciphers are broken or have blocks so small that long messages leak; ECB shows which blocks are equal; a fixed vector does the same for the beginning of messages; without authentication the message can be changed under way.',
  fix: 'Use an authenticated mode with a fresh nonce: AES-GCM or ChaCha20-Poly1305 (`cryptography.hazmat.primitives.ciphers.aead`), or `cryptography.fernet.Fernet`.',
  references: [
    'https://cryptography.io/en/latest/hazmat/primitives/aead/',
    'https://pycryptodome.readthedocs.io/en/latest/src/cipher/modern.html',
    'https://sweet32.info/',
  ],
  calls: [
    {
      paths: [
        'Crypto.Cipher.DES.new',
        'Crypto.Cipher.DES3.new',
        'Crypto.Cipher.ARC2.new',
        'Crypto.Cipher.ARC4.new',
        'Crypto.Cipher.Blowfish.new',
        'Crypto.Cipher.CAST.new',
        'Crypto.Cipher.XOR.new',
        'Crypto.Cipher.IDEA.new',
        'cryptography.hazmat.primitives.ciphers.algorithms.ARC4',
        'cryptography.hazmat.primitives.ciphers.algorithms.TripleDES',
        'cryptography.hazmat.primitives.ciphers.algorithms.Blowfish',
        'cryptography.hazmat.primitives.ciphers.algorithms.CAST5',
        'cryptography.hazmat.primitives.ciphers.algorithms.IDEA',
        'cryptography.hazmat.primitives.ciphers.algorithms.SEED',
        'cryptography.hazmat.primitives.ciphers.algorithms.RC2',
        'pyDes.des',
        'pyDes.triple_des',
        'arc4.ARC4',
        'blowfish.Cipher',
        'rc4.RC4',
      ],
      check: (call) => ({
        message: text`${call.quote(call.node)} encrypts with ${cipherName(call.callee)}, which is broken or has blocks that are too small.`,
        at: call.node,
      }),
    },
    {
      paths: [
        'Crypto.Cipher.AES.new',
        'Crypto.Cipher.Camellia.new',
        'Crypto.Cipher.ChaCha20.new',
        'Crypto.Cipher.Salsa20.new',
      ],
      check: checkPyCryptodome,
    },
    {
      // https://github.com/ricmoo/pyaes
      paths: ['cryptography.hazmat.primitives.ciphers.modes.ECB', 'pyaes.AESModeOfOperationECB'],
      check: (call) => ({
        message: text`${call.quote(call.node)} encrypts equal blocks to equal blocks.`,
        at: call.node,
      }),
    },
    {
      paths: [
        'cryptography.hazmat.primitives.ciphers.modes.CBC',
        'cryptography.hazmat.primitives.ciphers.modes.CTR',
        'cryptography.hazmat.primitives.ciphers.modes.OFB',
        'cryptography.hazmat.primitives.ciphers.modes.CFB',
        'cryptography.hazmat.primitives.ciphers.modes.GCM',
        'cryptography.hazmat.primitives.ciphers.algorithms.ChaCha20',
      ],
      check: (call) => {
        const position = call.callee.endsWith('ChaCha20') ? 1 : 0;
        const vector = call.argument(position) ?? call.argument(undefined, 'initialization_vector');
        return fixedVector(call, vector) ?? unauthenticated(call, call.callee.split('.').at(-1) ?? '');
      },
    },
    {
      paths: [
        'cryptography.hazmat.primitives.ciphers.aead.AESGCM.encrypt',
        'cryptography.hazmat.primitives.ciphers.aead.AESCCM.encrypt',
        'cryptography.hazmat.primitives.ciphers.aead.ChaCha20Poly1305.encrypt',
      ],
      check: (call) => fixedVector(call, call.argument(0, 'nonce')),
    },
    {
      // https://pynacl.readthedocs.io/en/latest/secret/
      paths: ['nacl.secret.SecretBox.encrypt', 'nacl.public.Box.encrypt', 'nacl.secret.Aead.encrypt'],
      check: (call) => fixedVector(call, call.argument(call.callee.includes('Aead') ? 2 : 1, 'nonce')),
    },
    {
      paths: ['Crypto.Cipher.PKCS1_v1_5.new'],
      check: (call) => oldPadding(call, 'Crypto.Cipher.PKCS1_OAEP'),
    },
    {
      paths: [],
      names: ['encrypt', 'decrypt'],
      check: (call) =>
        call.argument(1, 'padding')?.isA('cryptography.hazmat.primitives.asymmetric.padding.PKCS1v15')
          ? oldPadding(call, 'padding.OAEP')
          : undefined,
    },
  ],
  examples: {
    bad: [
      {
        title: 'old ciphers',
        code: `
from Crypto.Cipher import ARC4, Blowfish, DES, DES3
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

def encrypt(key, iv, data):
    a = DES.new(key, DES.MODE_CBC, iv)  # report
    b = DES3.new(key, DES3.MODE_CBC, iv)  # report
    c = ARC4.new(key)  # report
    d = Blowfish.new(key, Blowfish.MODE_CBC, iv)  # report
    e = Cipher(algorithms.TripleDES(key), mode=None)  # report
    f = Cipher(algorithms.ARC4(key), mode=None)  # report
    return a, b, c, d, e, f
`,
      },
      {
        title: 'ECB',
        code: `
import pyaes
from Cryptodome.Cipher import AES
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

def encrypt(key, data):
    first = AES.new(key, AES.MODE_ECB)  # report
    second = Cipher(algorithms.AES(key), modes.ECB())  # report
    third = pyaes.AESModeOfOperationECB(key)  # report
    return first.encrypt(data), second, third
`,
      },
      {
        title: 'a vector that is always the same',
        code: `
from Crypto.Cipher import AES
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from nacl.secret import SecretBox

IV = b'0000000000000000'

def encrypt(key, data):
    cipher = AES.new(key, AES.MODE_CBC, IV)  # report
    other = AES.new(key, AES.MODE_CBC, iv=b'\\x00' * 16)  # report
    SecretBox(key).encrypt(data, IV)  # report
    return cipher, other, AESGCM(key).encrypt(b'000000000000', data, None)  # report
`,
      },
      {
        title: 'nothing authenticates the message',
        kind: 'advisory',
        code: `
import os
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

def encrypt(key, data):
    iv = os.urandom(16)
    cipher = Cipher(algorithms.AES(key), modes.CBC(iv))  # report
    return iv + cipher.encryptor().update(data)
`,
      },
      {
        title: 'the key as vector, zeros, old padding',
        code: `
from Crypto.Cipher import AES

def encrypt(key, data):
    first = AES.new(key, AES.MODE_CBC, key[:16])  # report
    second = AES.new(key, AES.MODE_CBC, iv=bytes(16))  # report
    return first, second
`,
      },
      {
        title: 'a default',
        kind: 'advisory',
        code: `
from Crypto.Cipher import AES

def encrypt(key, data, mode=AES.MODE_ECB):
    return AES.new(key, mode).encrypt(data)  # report
`,
      },
      {
        title: 'padding of RSA',
        kind: 'advisory',
        code: `
from cryptography.hazmat.primitives.asymmetric import padding

def encrypt(public_key, data):
    return public_key.encrypt(data, padding.PKCS1v15())  # report
`,
      },
    ],
    good: [
      {
        title: 'signatures may pad so',
        code: `
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding

def sign(private_key, data):
    return private_key.sign(data, padding.PKCS1v15(), hashes.SHA256())
`,
      },
      {
        title: 'authenticated modes with a fresh nonce',
        code: `
import os
from Crypto.Cipher import AES
from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, ChaCha20Poly1305

def encrypt(key, data):
    nonce = os.urandom(12)
    a = AESGCM(key).encrypt(nonce, data, None)
    b = ChaCha20Poly1305(key).encrypt(nonce, data, None)
    c = Fernet(key).encrypt(data)
    d = AES.new(key, AES.MODE_GCM)
    e = AES.new(key, AES.MODE_GCM, nonce=nonce)
    return a, b, c, d, e
`,
      },
      {
        title: 'authenticated by a code of its own',
        code: `
import hashlib
import hmac
import os
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

def encrypt(key, mac_key, data):
    iv = os.urandom(16)
    encrypted = Cipher(algorithms.AES(key), modes.CBC(iv)).encryptor().update(data)
    return iv + encrypted + hmac.new(mac_key, iv + encrypted, hashlib.sha256).digest()
`,
      },
      {
        title: 'a fixed vector to decrypt with',
        code: `
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

def decrypt(key, nonce, data):
    return AESGCM(key).decrypt(nonce, data, None)
`,
      },
    ],
  },
};

function oldPadding(call: CallView, better: string): Report {
  return {
    message: text`${call.quote(call.node)} pads with PKCS #1 v1.5, whose errors let an attacker decrypt messages.`,
    at: call.node,
    cwe: [780, 327],
    kind: 'advisory',
    severity: 'medium',
    fix: { text: text`Use ${code(better)}.` },
  };
}

const NAMES: Readonly<Record<string, string>> = {
  DES: 'DES',
  des: 'DES',
  DES3: 'Triple DES',
  triple_des: 'Triple DES',
  TripleDES: 'Triple DES',
  ARC2: 'RC2',
  ARC4: 'RC4',
  CAST: 'CAST-128',
  CAST5: 'CAST-128',
};

function cipherName(callee: string): string {
  const names = callee.split('.');
  const last = names.at(-1) ?? '';
  const name = last === 'new' || last === 'Cipher' ? (names.at(-2) ?? '') : last;
  return NAMES[name] ?? name;
}

function checkPyCryptodome(call: CallView): Report | undefined {
  const chosen = call.argument(1, 'mode');
  const mode = (chosen?.fallback ?? chosen)?.path?.split('.').at(-1);
  if (mode === 'MODE_ECB') {
    return {
      message: text`${call.quote(call.node)} encrypts equal blocks to equal blocks${chosen?.fallback ? ' unless told otherwise' : ''}.`,
      at: call.node,
      ...(chosen?.fallback ? { kind: 'advisory' as const } : {}),
    };
  }
  const vector =
    call.argument(undefined, 'iv') ??
    call.argument(undefined, 'IV') ??
    call.argument(undefined, 'nonce') ??
    (call.callee.includes('AES') || call.callee.includes('Camellia') ? call.argument(2) : undefined);
  if (
    mode === 'MODE_GCM' ||
    mode === 'MODE_EAX' ||
    mode === 'MODE_CCM' ||
    mode === 'MODE_OCB' ||
    mode === 'MODE_SIV'
  ) {
    return decryptsOnly(call) ? undefined : fixedVector(call, vector);
  }
  const vectorNode =
    call.argumentNode(undefined, 'iv') ?? call.argumentNode(undefined, 'IV') ?? call.argumentNode(2);
  return (
    fixedVector(call, vector) ??
    (mode ? keyAsVector(call, call.argumentNode(0, 'key'), vectorNode) : undefined) ??
    (mode ? unauthenticated(call, mode.replace('MODE_', '')) : undefined)
  );
}

function fixedVector(call: CallView, vector: ValueView | undefined): Report | undefined {
  if (!isFixed(vector) || decryptsOnly(call)) return undefined;
  return {
    message: text`${call.quote(call.node)} uses the same initialisation vector for every message.`,
    at: call.node,
    cwe: [329, 1204],
    severity: 'medium',
    fix: { text: text`Make a new one for each message with ${code('os.urandom')} and send it along.` },
  };
}

/** A text of the code, or as many zeros: `bytes(16)`. */
function isFixed(vector: ValueView | undefined): boolean {
  if (typeof vector?.constant === 'string') return vector.constant !== '';
  const made = vector?.madeBy;
  if (made?.callee !== 'builtins.bytes' && made?.callee !== 'builtins.bytearray') return false;
  const content = made.argument(0);
  return typeof content?.constant === 'number' || isFixed(content);
}

/** `AES.new(key, AES.MODE_CBC, key[:16])`: what encrypts is sent along in the clear. */
function keyAsVector(
  call: CallView,
  key: Expression | undefined,
  vector: Expression | undefined,
): Report | undefined {
  if (!key || !vector || !/^(Name|Attribute|Subscript)$/.test(vector.kind)) return undefined;
  const part = vector.kind === 'Subscript' ? vector.value : vector;
  if (call.sourceOf(part) !== call.sourceOf(key)) return undefined;
  return {
    message: text`${call.quote(call.node)} takes the key as initialisation vector too, which is the same for every message and is sent with it.`,
    at: call.node,
    cwe: [329, 1204],
    fix: { text: text`Make a new one for each message with ${code('os.urandom')} and send it along.` },
  };
}

function decryptsOnly(call: CallView): boolean {
  return (
    /decrypt|unwrap|decode|unpad/i.test(call.function?.name ?? '') &&
    !/encrypt/i.test(call.function?.name ?? '')
  );
}

/** Only where nothing around it knows of authentication. */
function unauthenticated(call: CallView, mode: string): Report | undefined {
  if (!['CBC', 'CTR', 'OFB', 'CFB'].includes(mode)) return undefined;
  const around = call.class ?? call.function ?? call.module;
  const source = around.sourceOf(around.node).replace(/#.*$/gm, '');
  if (AUTHENTICATES.test(source) || decryptsOnly(call)) return undefined;
  return {
    message: text`${call.quote(call.node)} encrypts in the ${mode} mode, and nothing around it authenticates the message.`,
    at: call.node,
    cwe: [353],
    kind: 'advisory',
    severity: 'low',
    confidence: 'low',
    quiet: true,
  };
}

const AUTHENTICATES = /hmac|cmac|poly1305|\bmac\b|authenticat|signature|GCM/i;
