import { code, text } from '../finding.ts';
import type { Expression } from '../syntax/ast.ts';
import type { Report, Rule } from './rule.ts';
import type { CallView } from './views.ts';

export const privateKeyExposed: Rule = {
  id: 'private-key-exposed',
  title: 'Private key handled loosely',
  cwe: [522, 312, 732],
  aspect: 'secrets',
  kind: 'defect',
  severity: 'high',
  rows: [118],
  summary:
    'A private key that is printed or logged, or written into a file that others can read: `open(path, "w")` makes files with the permissions that the umask leaves, mostly 0644. Paramiko’s `write_private_key_file`, `os.open(..., 0o600)`, a `chmod` or `umask` in the same function, and encrypted keys are fine.',
  why: 'Whoever reads the key is its owner: they log in, sign and decrypt in their place, without a trace.',
  fix: 'Create the file with `os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)`, and never put the key into a log.',
  references: [
    'https://docs.python.org/3/library/os.html#os.open',
    'https://cryptography.io/en/latest/hazmat/primitives/asymmetric/serialization/',
  ],
  calls: [{ paths: [], names: (name) => LOG.test(name) || WRITE.test(name), check: checkCall }],
  examples: {
    bad: [
      {
        title: 'written for everyone',
        code: `
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

def make(path):
    key = rsa.generate_private_key(public_exponent=65537, key_size=3072)
    pem = key.private_bytes(
        encoding=serialization.Encoding.PEM,
        format=serialization.PrivateFormat.PKCS8,
        encryption_algorithm=serialization.NoEncryption(),
    )
    with open(path, 'wb') as stream:
        stream.write(pem)  # report
`,
      },
      {
        title: 'logged',
        code: `
import logging

logger = logging.getLogger(__name__)

def keypair(nova):
    pair = nova.keypairs.create('demo')
    logger.info('new key: %s', pair.private_key)  # report
    return pair.name
`,
      },
    ],
    good: [
      {
        title: 'readable for the owner only',
        code: `
import os
import paramiko
from cryptography.hazmat.primitives import serialization

def save(path, key):
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, 'wb') as stream:
        stream.write(pem)

def other(path, private_key):
    with open(path, 'w') as stream:
        os.chmod(path, 0o600)
        stream.write(private_key)

def ssh(path):
    key = paramiko.RSAKey.generate(3072)
    key.write_private_key_file(path)
    return key.get_name()

def public(path, key, stream):
    stream.write(key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo))
`,
      },
    ],
  },
};

const WRITE = /^write(_text|_bytes)?$/;
const LOG = /^(debug|info|warning|warn|error|critical|exception|log|print)$/;

function checkCall(call: CallView): Report | undefined {
  if (LOG.test(call.name)) {
    const key = isLog(call) ? call.node.args.find((argument) => isPrivateKey(call, argument)) : undefined;
    return (
      key && {
        message: text`${call.quote(call.node.func)} shows the private key ${call.quote(key)}.`,
        at: call.node,
        fix: { text: text`Leave the key out; log its name or fingerprint.` },
      }
    );
  }
  const content = call.node.args[0];
  if (!content || !isPrivateKey(call, content) || isProtected(call)) return undefined;
  if (!/^(builtins\.open|io\.|pathlib\.Path)/.test(call.callee)) return undefined;
  return {
    message: text`${call.quote(call.node)} writes a private key into a file that other users of the machine may read.`,
    at: call.node,
    severity: 'medium',
    fix: {
      text: text`Create the file with ${code('os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)')} and write through ${code('os.fdopen')}.`,
    },
  };
}

function isLog(call: CallView): boolean {
  if (call.callee === 'builtins.print') return true;
  const { func } = call.node;
  return (
    call.callee.startsWith('logging.') ||
    (func.kind === 'Attribute' && /log(ger|ging)?$/i.test(call.sourceOf(func.value)))
  );
}

/** By name (`private_key`, `pair.private_key`), or made by `private_bytes` and its like without a password. */
function isPrivateKey(call: CallView, node: Expression): boolean {
  if (node.kind === 'Attribute')
    return /^(private_?key|private_?key_?pem|key_material|KeyMaterial)$/i.test(node.attr);
  if (node.kind === 'Subscript')
    return node.index.kind === 'Str' && /^(private_?key|KeyMaterial)$/i.test(node.index.value);
  if (node.kind === 'Call' && node.func.kind === 'Attribute') {
    if (node.func.attr === 'private_bytes' || node.func.attr === 'export_key')
      return isPlainExport(call.sourceOf(node));
    return node.func.attr === 'decode' && isPrivateKey(call, node.func.value);
  }
  if (node.kind !== 'Name') return false;
  if (/^private_?key(_?(pem|bytes|text))?$/i.test(node.id)) return true;
  const around = call.function ?? call.module;
  const source = around.sourceOf(around.node);
  if (!source.includes('.private_bytes(')) return false;
  const made = new RegExp(`\\b${node.id}\\s*=\\s*[\\w.]+\\.private_bytes\\(([\\s\\S]{0,300})`).exec(source);
  return made !== null && isPlainExport(made[1] ?? '');
}

function isPlainExport(source: string): boolean {
  return (
    source.includes('NoEncryption') ||
    (source.includes('export_key') && !/passphrase/.test(source) && !/public/.test(source))
  );
}

function isProtected(call: CallView): boolean {
  const around = call.function ?? call.module;
  return /0o?[46]00\b|S_IRUSR|umask|opener\s*=|chmod/.test(around.sourceOf(around.node));
}
