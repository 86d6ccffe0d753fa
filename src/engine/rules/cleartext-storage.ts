import { code, text } from '../finding.ts';
import { sensitiveKind } from '../secrets/sensitive-names.ts';
import type { Expression } from '../syntax/ast.ts';
import type { Report, Rule } from './rule.ts';
import { type NamedSecret, secretsIn } from './support/secret-names.ts';
import { meansCredential, meansPassword } from './support/security-words.ts';
import type { AssignmentView, CallView, ValueView } from './views.ts';

export const cleartextStorage: Rule = {
  id: 'cleartext-storage',
  title: 'Secret stored as it is',
  cwe: [312, 315, 522],
  aspect: 'secrets',
  kind: 'defect',
  severity: 'medium',
  rows: [77],
  summary:
    'A variable, attribute or entry that is named like a password, secret or key and is written into a cookie or a JSON Web Token (a defect) or a file (an advisory) without having been encrypted or hashed. Temporary files and files for their owner only are fine.',
  why: 'Files are copied, backed up and read by other programs, and cookies lie on other people’s machines: the secret is in all these places, in clear text.',
  fix: 'Store a hash of a password (Argon2, scrypt), keep keys in a secret store or the system’s keyring, and put only an opaque session id into a cookie.',
  references: ['https://cheatsheetseries.owasp.org/cheatsheets/Cryptographic_Storage_Cheat_Sheet.html'],
  roles: { test: 'silent', example: 'advisory' },
  calls: [
    { paths: [], names: ['set_cookie'], check: checkCookie },
    { paths: [], names: ['write', 'writelines'], check: checkFile },
    {
      paths: ['pathlib.Path.write_text', 'pathlib.Path.write_bytes'],
      check: (call) => found(call, call.argumentNode(0, 'data'), 'a file'),
    },
    {
      paths: ['json.dump', 'yaml.dump', 'pickle.dump', 'toml.dump'],
      check: (call) => found(call, dictOnly(call.argumentNode(0)), 'a file') ?? checkEntries(call),
    },
    {
      paths: ['jwt.encode', 'jwt.PyJWT.encode', 'jose.jwt.encode'],
      check: (call) => checkToken(call, call.argument(0, 'payload') ?? call.argument(0, 'claims')),
    },
    {
      paths: ['authlib.jose.jwt.encode', 'joserfc.jwt.encode'],
      check: (call) => checkToken(call, call.argument(1, 'payload') ?? call.argument(1, 'claims')),
    },
  ],
  on: { assignment: { names: ['password', 'passwd', 'pwd'], check: checkSession } },
  examples: {
    bad: [
      {
        title: 'a session, and what is put together before',
        kind: 'advisory',
        code: `
import json
from flask import request, session

def login():
    session['password'] = request.form['password']  # report

def save(name, password):
    account = {'name': name, 'password': password}
    with open('account.json', 'w') as f:
        json.dump(account, f)  # report
`,
      },
      {
        title: 'a file',
        kind: 'advisory',
        code: `
import json

def save(user, password):
    with open('users.txt', 'a') as stream:
        stream.write(f'{user}:{password}\\n')  # report

def export(config, path):
    with open(path, 'w') as out:
        json.dump({'user': config.user, 'password': config.password}, out)  # report
`,
      },
      {
        title: 'a cookie',
        code: `
from flask import make_response, request

def remember():
    response = make_response('')
    response.set_cookie('password', request.form['password'])  # report
    return response
`,
      },
      {
        title: 'a token that its holder can read',
        code: `
import jwt

def issue(user, password, key):
    claims = {'sub': user.id, 'password': password}
    return jwt.encode(claims, key, algorithm='HS256')  # report
`,
      },
    ],
    good: [
      {
        title: 'a token with an id only',
        code: `
import jwt

def issue(user, key):
    return jwt.encode({'sub': user.id, 'password_changed': user.changed}, key, algorithm='HS256')
`,
      },
      {
        title: 'encrypted, hashed, or something else',
        code: `
import hashlib
import json

def save(stream, user, password, fernet, response, session_token):
    stream.write(fernet.encrypt(password))
    stream.write(hash_password(password))
    stream.write(user.password_hash)
    stream.write('password\\n')
    response.set_cookie('session', session_token)
    response.set_cookie('csrftoken', user.csrf_token)
    json.dump({'user': user.name, 'password_hash': user.password_hash}, stream)
    state = {'password': bool(password)}
    json.dump(state, stream)

def send(socket, password):
    socket.write(password)
`,
      },
    ],
  },
};

function checkCookie(call: CallView): Report | undefined {
  const value = call.argumentNode(1, 'value') ?? call.argumentNode(2);
  // A session's or a form's token belongs into a cookie; a password or key never does.
  return found(call, value, 'a cookie', 315);
}

/** The content of a JSON Web Token is signed, not encrypted: whoever holds it reads it. */
function checkToken(call: CallView, claims: ValueView | undefined): Report | undefined {
  const name = claims?.keys?.find(
    (key) =>
      typeof key === 'string' && /^(password|secret)$/.test(sensitiveKind(key) ?? '') && meansCredential(key),
  );
  const value = name === undefined ? undefined : claims?.entry(name);
  if (name === undefined || value?.isNone || typeof value?.constant === 'boolean') return undefined;
  return {
    message: text`${call.quote(call.node.func)} puts ${code(String(name))} into a token, which is signed and not encrypted.`,
    at: call.node,
    cwe: [522, 312],
    fix: { text: text`Leave ${code(String(name))} out of the token; look it up where it is needed.` },
  };
}

function checkFile(call: CallView): Report | undefined {
  const { func } = call.node;
  if (func.kind !== 'Attribute' || !isFile(call)) return undefined;
  return found(call, call.node.args[0], 'a file');
}

function isFile(call: CallView): boolean {
  return (
    /^(builtins\.open|io\.open|pathlib\.Path\.open|codecs\.open)\b/.test(
      call.receiver?.type ?? call.receiver?.madeBy?.callee ?? '',
    ) || /^(builtins\.open|io\.)/.test(call.callee)
  );
}

/** A temporary file, or one for its owner only. */
function isProtected(call: CallView): boolean {
  const around = call.function ?? call.module;
  return /0o?[46]00\b|S_IRUSR|umask|opener\s*=|chmod|temp|secure_write/i.test(around.sourceOf(around.node));
}

/** `data = {'password': password}`, `json.dump(data, file)` */
function checkEntries(call: CallView): Report | undefined {
  const data = call.argument(0);
  const name = data?.keys?.find(
    (key) =>
      typeof key === 'string' &&
      /^[\w -]+$/.test(key) &&
      meansPassword(key) &&
      !/hash|digest|crypt/i.test(key),
  );
  if (name === undefined || data?.entry(name)?.isNone || isProtected(call)) return undefined;
  // `'password': bool(password)` and `seal(password)` keep something else.
  const around = call.function ?? call.module;
  const isPlain = new RegExp(`['"]${name}['"]\\]?\\s*[:=]\\s*[\\w.]+(?:\\[[^\\]]*\\])?\\s*[,}\\n]`);
  if (!isPlain.test(around.sourceOf(around.node))) return undefined;
  return {
    message: text`${call.quote(call.node.func)} writes ${code(String(name))} into a file as it is.`,
    at: call.node,
    kind: 'advisory',
    quiet: true,
    fix: { text: text`Store a hash of ${code(String(name))}, or encrypt it first.` },
  };
}

/** `session['password'] = password`: sessions are cookies that the browser can read, or rows that stay. */
function checkSession(view: AssignmentView): Report | undefined {
  if (view.target !== 'item' || view.node.kind !== 'Assign' || view.value.isNone) return undefined;
  const [target] = view.node.targets;
  if (target?.kind !== 'Subscript' || !/(^|\.)session$/.test(view.sourceOf(target.value))) return undefined;
  if (!secretsIn(view.valueNode).some(({ kind }) => kind === 'password')) return undefined;
  return {
    message: text`${view.quote(target)} keeps the password as it is, in a cookie or beside the other sessions.`,
    at: view.node,
    kind: 'advisory',
    cwe: [312, 315],
    fix: { text: ['Keep the id of the user who logged in.'] },
  };
}

function dictOnly(node: Expression | undefined): Expression | undefined {
  return node?.kind === 'Dict' ? node : undefined;
}

function found(call: CallView, node: Expression | undefined, place: string, cwe = 312): Report | undefined {
  const secret: NamedSecret | undefined = node && secretsIn(node).find(({ kind }) => kind !== 'token');
  if (!secret) return undefined;
  if (place === 'a file' && isProtected(call)) return undefined;
  return {
    message: text`${call.quote(call.node.func)} writes ${call.quote(secret.node)} into ${place} as it is.`,
    at: call.node,
    cwe: [cwe],
    // A file can be for the owner alone; whose it is, and for how long, is not written here.
    ...(place === 'a file' ? { kind: 'advisory' as const } : {}),
    fix: { text: text`Store a hash of ${code(secret.name)}, or encrypt it first.` },
  };
}
