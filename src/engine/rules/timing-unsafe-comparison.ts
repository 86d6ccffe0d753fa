import { code, text } from '../finding.ts';
import type { Expression } from '../syntax/ast.ts';
import type { Report, Rule } from './rule.ts';
import { readName } from './support/read-name.ts';
import { lineReplaced } from './support/replacement.ts';
import { secretNamed } from './support/secret-names.ts';
import type { CompareView, ValueView } from './views.ts';

export const timingUnsafeComparison: Rule = {
  id: 'timing-unsafe-comparison',
  title: 'Secret compared in variable time',
  cwe: [208, 203],
  aspect: 'cryptography',
  kind: 'defect',
  severity: 'medium',
  rows: [69],
  summary:
    'A message authentication code compared with `==` or `!=`, and a secret of the program compared with a value from outside; quietly, any comparison of two values of which one is named so. `hmac.compare_digest` and `secrets.compare_digest` take the same time for every value.',
  why: '`==` stops at the first character that differs, so the time of the answer tells how much of the value was right: it can be guessed character by character.',
  fix: 'Compare with `hmac.compare_digest(a, b)`.',
  references: [
    'https://docs.python.org/3/library/hmac.html#hmac.compare_digest',
    'https://codahale.com/a-lesson-in-timing-attacks/',
  ],
  roles: { test: 'silent' },
  on: { compare: checkCompare },
  examples: {
    bad: [
      {
        title: 'a message authentication code',
        code: `
import hashlib
import hmac
from flask import Flask, abort, request

app = Flask(__name__)
KEY = load_key()

@app.route('/hook', methods=['POST'])
def hook():
    expected = hmac.new(KEY, request.data, hashlib.sha256).hexdigest()
    if request.headers['X-Signature'] != expected:  # report
        abort(403)
    return ''

def verify(key, message, tag):
    return tag == hmac.new(key, message, 'sha256').digest()  # report
`,
      },
      {
        title: 'a message authentication code in Base64',
        code: `
import base64
import binascii
import hmac

def verify(key, message, signature):
    if signature == base64.b64encode(hmac.new(key, message, 'sha256').digest()):  # report
        return True
    return binascii.hexlify(hmac.new(key, message, 'sha256').digest()).decode() == signature  # report
`,
      },
      {
        title: 'names that leave no doubt',
        kind: 'advisory',
        code: `
def allows(user, given):
    return given == user.api_token  # report

def check_auth(username, password):
    return username == auth_username and password == auth_password  # report
`,
      },
      {
        title: 'a token that a handler of the library keeps',
        code: `
import typing as t
from tornado import web

class Identity:
    def allows(self, handler: web.RequestHandler) -> bool:
        token = t.cast('str | None', handler.token)
        return handler.get_argument('token', '') == token  # report
`,
      },
      {
        title: 'a key of the program',
        code: `
from flask import Flask, abort, request
from app.settings import API_KEY

app = Flask(__name__)

@app.route('/data')
def data():
    if request.headers.get('X-Api-Key') != API_KEY:  # report
        abort(403)
    return ''
`,
      },
    ],
    good: [
      {
        title: 'the name of something to do',
        code: `
from flask import Flask, request
from app import actions

app = Flask(__name__)

@app.post('/do')
def act():
    if request.form['action'] == actions.remove_password:
        return 'removed'
    return ''
`,
      },
      {
        title: 'compared in constant time',
        code: `
import hashlib
import hmac
import secrets
from flask import Flask, abort, request
from app.settings import API_KEY

app = Flask(__name__)

@app.route('/hook', methods=['POST'])
def hook():
    expected = hmac.new(API_KEY, request.data, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(request.headers['X-Signature'], expected):
        abort(403)
    if not secrets.compare_digest(request.headers['X-Api-Key'], API_KEY):
        abort(403)
    return ''
`,
      },
      {
        title: 'a password that is typed twice',
        code: `
from django import forms

class Password(forms.Form):
    def clean(self):
        new_password = self.cleaned_data.get('password')
        if new_password != self.data.get('confirm_password'):
            self.add_error('confirm_password', 'The passwords differ.')
`,
      },
      {
        title: 'nothing secret is compared',
        code: `
import hashlib
from flask import Flask, request

app = Flask(__name__)

@app.route('/form', methods=['POST'])
def form():
    if request.form['password'] != request.form['confirm_password']:
        return 'The passwords differ.'
    if request.headers.get('X-Token') is None or request.headers.get('X-Token') == '':
        return 'A token is missing.'
    if request.args['kind'] == 'token':
        return 'kind'
    return ''

class Key:
    @classmethod
    def of(cls, api_key):
        return cls.query.filter(cls.api_key == api_key).one()

def find(session, User):
    return session.query(User).filter(User.api_token == request.args['token']).first()

def same_file(path, checksum):
    with open(path, 'rb') as stream:
        return hashlib.sha256(stream.read()).hexdigest() == checksum
`,
      },
    ],
  },
};

function checkCompare(view: CompareView): Report | undefined {
  if (view.op !== '==' && view.op !== '!=') return undefined;
  if (isPlain(view.left) || isPlain(view.right)) return undefined;
  if (isColumn(view.leftNode) || isColumn(view.rightNode)) return undefined;
  const mac = [
    { value: view.left, node: view.leftNode },
    { value: view.right, node: view.rightNode },
  ].find(({ value, node }) => isMac(value) || makesMac(view, node))?.node;
  if (mac) {
    return report(view, text`${view.quote(mac)}, a message authentication code,`);
  }
  const names = [view.leftNode, view.rightNode].map(nameOf);
  if (names.some((name) => name !== undefined && TYPED_AGAIN.test(name))) return undefined;
  const secret = secretAgainstInput(view);
  if (secret) return report(view, text`The secret ${view.quote(secret)}`);
  const named =
    [view.leftNode, view.rightNode].find((node) => NAMED_SECRET.test(nameOf(node) ?? '')) ??
    (comparesPasswords(names) ? view.leftNode : undefined);
  if (!named || names.includes(undefined)) return undefined;
  return { ...report(view, text`${view.quote(named)}`), kind: 'advisory', severity: 'low', quiet: true };
}

/** Where nothing shows where the two come from, the name must leave no doubt. */
const NAMED_SECRET =
  /(?:^|_)(?:api_?key|api_?token|auth_?token|access_?token|reset_?token|secret|signature|hmac|mac_digest)$/i;

/** `new_password != confirm_password`: both are what the user typed. */
const TYPED_AGAIN = /confirm|repeat|again|re_?type|re_?enter/i;

/** `password == auth_password`; a password that is typed twice says so. */
function comparesPasswords(names: readonly (string | undefined)[]): boolean {
  return names.every(
    (name) =>
      name !== undefined &&
      /passw(?:or)?d|passphrase/i.test(name) &&
      !/confirm|repeat|again|retype|verif|check|new|old|hash|\d$/i.test(name),
  );
}

/** `X-Signature` is a name of words like any other. */
function nameOf(node: Expression): string | undefined {
  return readName(node)?.replaceAll('-', '_');
}

function report(view: CompareView, what: ReturnType<typeof text>): Report {
  const better = `hmac.compare_digest(${view.sourceOf(view.leftNode)}, ${view.sourceOf(view.rightNode)})`;
  const words = text`Compare with ${code(better)}.`;
  const written = view.op === '!=' ? `not ${better}` : better;
  // It takes no `None`, which a look-up gives where nothing was sent.
  const isCertain =
    /^import hmac\b/m.test(view.module.text) &&
    !/\.get\(/.test(view.sourceOf(view.node)) &&
    isMacBeside(view);
  return {
    message: text`${what} is compared with ${code(view.op)}, whose time tells how much of it was right.`,
    at: view.node,
    fix: isCertain ? lineReplaced(view, view.node, written, words) : { text: words },
  };
}

/** Whether one side is a code as text, and the other an entry that is there: `request.headers['X-Signature']`. */
function isMacBeside(view: CompareView): boolean {
  const sides = [view.leftNode, view.rightNode];
  const values = [view.left, view.right];
  return (
    sides.some(({ kind }) => kind === 'Subscript') &&
    values.some(({ madeBy }) => madeBy?.callee.endsWith('.hexdigest') === true)
  );
}

/** `User.token == token`: an expression of a query, which the database answers. */
function isColumn(node: Expression): boolean {
  if (node.kind !== 'Attribute') return false;
  const { value } = node;
  const owner = value.kind === 'Name' ? value.id : value.kind === 'Attribute' ? value.attr : '';
  return /^[A-Z]\w*[a-z]|^c(olumns)?$|^cls$/.test(owner);
}

/** A constant, as in \`== ''\` or \`== None\`: nothing is guessed there that the code does not say. */
function isPlain(value: ValueView): boolean {
  return value.constants !== undefined && !value.isBytes;
}

function isMac(value: ValueView): boolean {
  return /^hmac\.(HMAC\.(hex)?digest|digest|new\(\)\.(hex)?digest)$|^Crypto\.Hash\.[CH]MAC\.|^cryptography\.hazmat\.primitives\.(hmac\.HMAC|cmac\.CMAC)\.finalize$|^django\.utils\.crypto\.salted_hmac/.test(
    value.madeBy?.callee ?? '',
  );
}

/** `base64.b64encode(hmac.new(key, message).digest())`: a code in another form, as written in the comparison. */
function makesMac(view: CompareView, node: Expression): boolean {
  return (
    node.kind === 'Call' &&
    /\bhmac\.(?:new|HMAC|digest)\(/.test(view.sourceOf(node)) &&
    ENCODES.test(view.sourceOf(node.func))
  );
}

const ENCODES =
  /(?:^|\.)(?:(?:url_?safe_|standard_)?b(?:16|32|64|85)encode|encodebytes|hexlify|encode|decode|hex|str|bytes|to_bytes)$/;

const NAMES_ACTION = /^(?:add|change|check|clear|delete|forgot|has|reset|remove|send|set|update|verify)_/i;

/** The side that is a secret of the program, where the other side comes from outside. */
function secretAgainstInput(view: CompareView): Expression | undefined {
  for (const [secret, secretNode, other] of [
    [view.left, view.leftNode, view.right],
    [view.right, view.rightNode, view.left],
  ] as const) {
    const isInput = (value: ValueView) => value.sources.some((source) => source.level === 'remote');
    // `method == bulk_edit.remove_password`: a function is no secret, whatever it is called.
    if (
      !isInput(other) ||
      isInput(secret) ||
      (secret.path !== undefined && view.module.resolve(secretNode) !== '') ||
      NAMES_ACTION.test(nameOf(secretNode) ?? '')
    )
      continue;
    if (secretNamed(secretNode)) return secretNode;
  }
  return undefined;
}
