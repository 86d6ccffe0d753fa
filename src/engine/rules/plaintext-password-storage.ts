import { text } from '../finding.ts';
import type { Expression } from '../syntax/ast.ts';
import { lastName } from '../syntax/headers.ts';
import type { Report, Rule } from './rule.ts';
import type { AssignmentView, CallView, CompareView, Place } from './views.ts';

export const plaintextPasswordStorage: Rule = {
  id: 'plaintext-password-storage',
  title: 'Password stored as it is',
  cwe: [256, 312, 522],
  aspect: 'cryptography',
  kind: 'advisory',
  severity: 'medium',
  rows: [62],
  summary:
    'Passwords of users that seem to be stored without a hash: users looked up by their password (`filter_by(name=name, password=password)`), the password of a record compared with the one that was typed in, and a password of a request that becomes an attribute or a column as it is. Only the first is listed by itself, the others quietly: the model may hash what it is given. Not reported where anything around hashes.',
  why: 'Whoever reads the table, by an injection, a backup or a log, has the passwords of all users, and those for other services too.',
  fix: 'Store the result of a slow hash (`argon2.PasswordHasher().hash(password)`), look the user up by name, and let the same library verify the password.',
  references: [
    'https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html',
    'https://cwe.mitre.org/data/definitions/256.html',
  ],
  roles: { test: 'silent', example: 'quiet', command: 'quiet', migration: 'silent' },
  calls: [
    { paths: [], keywords: ['password', 'passwd', 'pwd'], check: checkCall },
    { paths: [], names: ['execute'], check: checkStatement },
  ],
  on: {
    assignment: { names: ['password', 'passwd', 'pwd'], check: checkAssignment },
    compare: checkCompare,
  },
  examples: {
    bad: [
      {
        title: 'looked up, compared, stored',
        code: `
from flask import Flask, request
from models import User, db

app = Flask(__name__)

@app.post('/login')
def login():
    user = User.query.filter_by(name=request.form['name'], password=request.form['password']).first()  # report
    return 'in' if user else 'out'

@app.post('/login2')
def login_by_name():
    password = request.form['password']
    user = User.query.filter_by(name=request.form['name']).first()
    if user and user.password == password:  # report
        return 'in'
    return 'out'

@app.post('/register')
def register():
    user = User()
    user.password = request.form['password']  # report
    db.session.add(User(name='x', password=request.form['password']))  # report
    return 'welcome'

def add(connection, name, password):
    connection.execute('INSERT INTO users (name, password) VALUES (?, ?)', (name, password))  # report
    return connection.execute('SELECT id FROM users WHERE name = ? AND password = ?', (name, password))  # report
`,
      },
    ],
    good: [
      {
        title: 'hashed, or something else',
        code: `
from flask import Flask, request
from models import User, db, hash_password

app = Flask(__name__)

@app.post('/login')
def login():
    password = hash_password(request.form['password'])
    return User.query.filter_by(name=request.form['name'], password=password).first().name

@app.post('/register')
def register():
    if request.form['password'] != request.form['confirm_password']:
        return 'not the same'
    user = User()
    user.password = generate_password_hash(request.form['password'])
    return 'welcome'

def connect(settings, password):
    client = Client(user='x', password=password)
    client.password = settings.password
    return client

class Credentials:
    def __eq__(self, other):
        return self.password == other.password
`,
      },
    ],
  },
};

const PASSWORD = /^(password|passwd|pwd|pass|user_?password)$/i;
const HASHES =
  /hash|digest|crypt|pbkdf|argon|scrypt|md5|sha\d|set_password|encode\(|verify|ldap|authenticate\(/i;
const SENT =
  /\b(request\.|form\.|form\[|self\.request\.|data\[|data\.get\(|body\.|payload|params\[|json\[|args\[)/;

/** Whether something around turns passwords into hashes. */
function hashes(place: Place): boolean {
  const around = place.function ?? place.module;
  return HASHES.test(around.sourceOf(around.node));
}

function checkCall(call: CallView): Report | undefined {
  const written = call.node.keywords.find(({ name }) => /^(password|passwd|pwd)$/.test(name ?? ''))?.value;
  if (!written || !isPassword(written)) return undefined;
  const { func } = call.node;
  const isLookup =
    func.kind === 'Attribute' &&
    /^(get|filter|filter_by|get_or_none|find_one|first)$/.test(func.attr) &&
    /\b(objects|query|session|select)\b/.test(call.sourceOf(func.value));
  if (isLookup) {
    return hashes(call)
      ? undefined
      : {
          message: text`${call.quote(func)} looks a user up by the password, which must then be stored as it is.`,
          at: call.node,
        };
  }
  const isRecord =
    /^(User|Users|Account|Member|Customer|Person|Admin|Employee|Student|UserModel|AppUser|CustomUser)$/.test(
      lastName(func),
    );
  if (!isRecord || !SENT.test(call.sourceOf(written)) || hashes(call)) return undefined;
  return stored(call, written, call.node);
}

/** `execute('INSERT INTO users (name, password) VALUES (?, ?)', (name, password))` */
function checkStatement(call: CallView): Report | undefined {
  const values = call.node.args[1];
  if (values?.kind !== 'Tuple' && values?.kind !== 'List') return undefined;
  const written = values.elements.find((element) => isPassword(element));
  const statement = written && call.argument(0)?.constant;
  if (!written || typeof statement !== 'string' || hashes(call)) return undefined;
  if (/\bwhere\b[^;]*\b(password|passwd|pwd)\s*=/i.test(statement))
    return {
      message: text`${call.quote(call.node.func)} looks a user up by the password, which must then be stored as it is.`,
      at: call.node,
    };
  return /\b(insert\s+into|update)\b[^;]*\b(password|passwd|pwd)\b/i.test(statement)
    ? stored(call, written, call.node)
    : undefined;
}

function checkAssignment(view: AssignmentView): Report | undefined {
  if (view.target !== 'attribute' || view.node.kind !== 'Assign') return undefined;
  const owner = view.node.targets[0];
  if (
    owner?.kind !== 'Attribute' ||
    !/user|account|member|customer|person|employee|student|record/i.test(view.sourceOf(owner.value))
  )
    return undefined;
  const { valueNode } = view;
  if (!isPassword(valueNode) || !SENT.test(view.sourceOf(valueNode)) || hashes(view)) return undefined;
  return stored(view, valueNode, view.node);
}

function stored(place: Place, written: Expression, at: Report['at']): Report {
  return {
    quiet: true,
    message: text`${place.quote(written)} is stored as it is, unless the model hashes it.`,
    at,
    confidence: 'low',
  };
}

function checkCompare(view: CompareView): Report | undefined {
  if (view.op !== '==' && view.op !== '!=') return undefined;
  if (!isPassword(view.leftNode) || !isPassword(view.rightNode)) return undefined;
  const sides = [view.leftNode, view.rightNode];
  const record = sides.find((side) => isOfRecord(side, view));
  const given = sides.find((side) => side !== record);
  if (!record || !given || isOfRecord(given, view) || hashes(view)) return undefined;
  return {
    quiet: true,
    message: text`${view.quote(record)} is compared with ${view.quote(given)}, so it is stored as it is.`,
    at: view.node,
    confidence: 'low',
  };
}

/** `user.password`, `row['password']`: of something that is no form and no request. */
function isOfRecord(side: Expression, view: CompareView): boolean {
  return (
    (side.kind === 'Attribute' || side.kind === 'Subscript') &&
    /user|account|member|customer|person|employee|student|record|row|result|found|existing|\bu\b/i.test(
      view.sourceOf(side.value),
    ) &&
    !SENT.test(view.sourceOf(side))
  );
}

/** A variable, attribute, entry or field that is named so: `form.password.data`, `request.POST.get('password')`. */
function isPassword(expression: Expression): boolean {
  switch (expression.kind) {
    case 'Name':
      return PASSWORD.test(expression.id);
    case 'Attribute':
      return expression.attr === 'data' ? isPassword(expression.value) : PASSWORD.test(expression.attr);
    case 'Subscript':
      return expression.index.kind === 'Str' && PASSWORD.test(expression.index.value);
    case 'Call': {
      const [name] = expression.args;
      return lastName(expression.func) === 'get' && name?.kind === 'Str' && PASSWORD.test(name.value);
    }
    default:
      return false;
  }
}
