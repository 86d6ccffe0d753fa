import { code, text } from '../finding.ts';
import { databaseApi } from '../libraries/database-api.ts';
import { LIBRARIES } from '../libraries/index.ts';
import type { Expression } from '../syntax/ast.ts';
import { lastName } from '../syntax/headers.ts';
import type { Report, Rule } from './rule.ts';
import { hasHole, hasQuotedHole, looksLikeSql } from './support/sql-text.ts';
import type { AssignmentView, CallView } from './views.ts';

/** Methods of SQLAlchemy's queries that once took SQL as text: CVE-2019-7164, CVE-2019-7548. */
const CLAUSES = ['filter', 'where', 'having', 'order_by', 'group_by', 'distinct'];

export const sqlStringFormatting: Rule = {
  id: 'sql-string-formatting',
  title: 'SQL put together from pieces of text',
  cwe: [89],
  aspect: 'injection',
  kind: 'advisory',
  severity: 'medium',
  rows: [10],
  summary:
    'An SQL statement that is put together with `%`, `.format`, f-strings or `+` from values that are not constants, and is given to a function that runs SQL; or one that holds outside input and is given to a function that is not known. Outside input that reaches a driver is reported by `sql-injection`; numbers, constants, and lists of placeholders are fine.',
  why: 'It works until one of the values can be chosen by someone else; then it is an SQL injection, and nothing in the code shows the difference.',
  fix: 'Write placeholders in the statement and give the values as parameters; take names of tables and columns from a fixed set.',
  references: [
    'https://cheatsheetseries.owasp.org/cheatsheets/Query_Parameterization_Cheat_Sheet.html',
    'https://peps.python.org/pep-0249/#paramstyle',
  ],
  roles: { test: 'silent', migration: 'silent', example: 'silent' },
  calls: [
    { paths: [], check: checkCall },
    { paths: [], names: CLAUSES, check: checkClause },
  ],
  on: { assignment: { check: checkAssignment } },
  examples: {
    bad: [
      {
        title: 'a value of unknown origin in quotes',
        code: `
import sqlite3

def find(connection, name):
    cursor = connection.cursor()
    cursor.execute("SELECT * FROM users WHERE name = '%s'" % name)  # report
    return cursor.fetchall()

def remove(db, key):
    db.execute(f"DELETE FROM items WHERE key = '{key}'")  # report

def update(cur, value, key):
    query = 'UPDATE items SET value = ' + value + ' WHERE id = {}'.format(key)
    cur.execute(query)  # report
`,
      },
      {
        title: 'a statement that stands elsewhere, and one that the value does not get into',
        code: `
from app.queries import find_query

def find(cursor, queries, kind, name):
    cursor.execute(queries[kind].format(name))  # report
    cursor.execute(find_query % name)  # report
    cursor.execute('SELECT * FROM users WHERE name = %s'.format(name))  # report
`,
      },
      {
        title: 'kept for later',
        code: `
def query_for(name):
    query = "SELECT * FROM users WHERE name = '%s'" % name  # report
    return query

def rows_of(show, key):
    statement = f'SELECT * FROM users WHERE id = {key}'  # report
    return show(statement)

def row_of(key):
    return show('SELECT * FROM users WHERE id = %s' % key)  # report
`,
      },
      {
        title: 'clauses and SQL texts of SQLAlchemy',
        code: `
from sqlalchemy import text

def sorted_by(session, kind, direction):
    query = session.query(Item).order_by('%s %s' % (kind, direction))  # report
    return query.filter(text('kind = ' + kind))  # report
`,
      },
      {
        title: 'outside input, and a function that is not known',
        code: `
from flask import Flask, request
from app.reports import run_report

app = Flask(__name__)

@app.route('/report')
def report():
    return run_report("SELECT * FROM sales WHERE region = '" + request.args['region'] + "'")  # report
`,
      },
      {
        title: 'outside input, and a wrapper of a driver',
        code: `
from flask import Flask, request
from app.database import helper

app = Flask(__name__)

@app.route('/restore-point', methods=['POST'])
def restore_point():
    name = request.form['name']
    helper.execute_scalar("SELECT pg_create_restore_point('{0}');".format(name))  # report
    helper.execute("DELETE FROM points WHERE name = '" + name + "'")  # report
    helper.execute_scalar('SELECT pg_create_restore_point(%s)', (name,))
    return ''
`,
      },
    ],
    good: [
      {
        title: 'placeholders, constants and numbers',
        code: `
import sqlite3

TABLE = 'users'

def find(cursor, names, limit: int):
    cursor.execute('SELECT * FROM users WHERE name = ?', (names[0],))
    cursor.execute(f'SELECT * FROM {TABLE} WHERE name = ?', (names[0],))
    marks = ', '.join('?' for _ in names)
    cursor.execute(f'SELECT * FROM users WHERE name IN ({marks})', names)
    cursor.execute('SELECT * FROM users WHERE name IN (%s)' % ','.join(['%s'] * len(names)), names)
    cursor.execute('SELECT * FROM users LIMIT %d' % limit)
    cursor.execute('SELECT COUNT(*) FROM users')
    cursor.execute(f'SELECT * FROM users LIMIT {limit}')

def count(cursor, query):
    cursor.execute(query.format(table=TABLE))
    cursor.execute(query, (TABLE,))

def sorted_users(cursor, column, descending):
    if column not in ('name', 'age'):
        column = 'name'
    direction = 'DESC' if descending else 'ASC'
    cursor.execute(f"SELECT * FROM users WHERE kind = 'u' ORDER BY {column} {direction}")
`,
      },
      {
        title: 'text that is no SQL',
        code: `
import logging
from flask import request

def log(session, name):
    logging.info("select something from '%s'" % name)
    session.execute(build(name))
    print(f"Select '{name}' from the list")
    raise ValueError("update '%s' failed" % request.args['x'])
`,
      },
    ],
  },
};

/** First names of what libraries say runs SQL: `sqlite3`. */
const SQL_LIBRARIES: ReadonlySet<string> = new Set(
  LIBRARIES.flatMap(({ sinks = [] }) => sinks)
    .filter(({ kind }) => kind === 'sql')
    .flatMap(({ paths }) => paths.map((path) => path.split('.', 1)[0]!)),
);

const RUNS_SQL: ReadonlySet<string> = new Set([
  'execute',
  'executemany',
  'executescript',
  'execute_sql',
  'exec_driver_sql',
  'raw',
  'text',
  'RawSQL',
  'read_sql',
  'read_sql_query',
  'fetchrow',
  'fetchval',
  'fetch_all',
  'fetch_one',
  'get_records',
  'raw_sql',
]);

/** Django's `extra(where=[…], select={…}, tables=[…])`. */
function checkExtra(call: CallView): Report | undefined {
  for (const name of ['where', 'select', 'tables', 'order_by']) {
    const value = call.argument(undefined, name);
    if (!value) continue;
    const pieces = [
      ...(value.elements ?? []),
      ...(value.keys ?? []).flatMap((key) => value.entry(key) ?? []),
    ];
    const built = pieces.find(
      (piece) =>
        piece.template !== undefined && hasHole(piece.template) && !piece.isPlain && !piece.reaches('sql'),
    );
    if (built) {
      return {
        message: text`The SQL text of ${call.quote(call.node.func)} is put together from values (${code((built.template ?? '').replaceAll('\0', '…'), 60)}).`,
        at: call.node,
        fix: { text: text`Write ${code('%s')} in the text and give the value in ${code('params')}.` },
      };
    }
  }
  return undefined;
}

/** `query.order_by('%s desc' % column)` */
function checkClause(call: CallView): Report | undefined {
  const { func } = call.node;
  const node = call.node.args[0];
  if (func.kind !== 'Attribute' || !node || call.module.imports('django')) return undefined;
  const value = call.argument(0);
  if (!value?.template || !hasHole(value.template) || value.template === '\0' || value.isPlain)
    return undefined;
  if (!/query|session|\b(?:select|search)\(|\bstmt\b|statement/i.test(call.sourceOf(func.value)))
    return undefined;
  const source = value.sources.find(({ level }) => level === 'remote');
  // What a library knows for sure is SQL is an injection.
  if (source && call.callee.startsWith('sqlalchemy.') && /[=<>'"]/.test(value.template)) return undefined;
  return {
    message: source
      ? text`Outside input (${source.code}) becomes part of the text that ${call.quote(func)} takes for a clause.`
      : text`The clause in ${call.quote(func)} is put together as text (${code(value.template.replaceAll('\0', '…'), 60)}).`,
    at: call.node,
    quiet: !source,
    fix: {
      text: text`Use columns and operators of the mapper, or ${code("text('… = :value')")} with bound parameters.`,
    },
  };
}

/** Methods of drivers whose names mean other things elsewhere. */
const MAY_RUN_SQL = /^(fetch|run|cursor|prepare|query|sql|command|select|mogrify|copy_expert|fetchmany)$/;

function runsSql(call: CallView): boolean {
  return runsByName(call.name) || (MAY_RUN_SQL.test(call.name) && isGivenToDriver(call));
}

/** Whether no library says what the call does with its text, so that no flow ends there: a wrapper of the project's. */
function isUnknown(call: CallView): boolean {
  if (SQL_LIBRARIES.has(call.callee.split('.', 1)[0]!)) return false;
  const { func } = call.node;
  if (func.kind !== 'Attribute') return true;
  const receiver = lastName(func.value).toLowerCase();
  return !databaseApi.duckSinks?.some((sink) => sink.method === call.name && sink.receiver.test(receiver));
}

/** `execute_scalar`, `execute_dict`: what wrappers of drivers call it. */
function runsByName(name: string): boolean {
  return RUNS_SQL.has(name) || /^execute_(?!async$|command$|on_|in_)/.test(name);
}

/** Whether what is called belongs to a driver, or is named like a connection or a cursor. */
function isGivenToDriver(call: CallView): boolean {
  if (!runsByName(call.name) && !MAY_RUN_SQL.test(call.name)) return false;
  if (
    /^(asyncpg|pg8000|duckdb|psycopg2?|MySQLdb|pymysql|clickhouse_\w+|cassandra|google\.cloud|pony|records|dataset|databaseApi)\./.test(
      call.callee,
    )
  )
    return true;
  const { func } = call.node;
  return (
    func.kind === 'Attribute' &&
    /(^|[._])(conn|connection|con|db|database|pool|cursor|cur|session|cnx)$/i.test(call.sourceOf(func.value))
  );
}

const RUNS_NO_SQL =
  /^(debug|info|warning|warn|error|critical|exception|log|print|format|join|encode|append|write|len|str|repr|strip|replace|lower|upper|split|dedent|assertEqual|Exception|\w*Error|_|gettext|ugettext|flash|sub)$/;

/** Where text is shown, kept or taken apart. */
const NO_SQL_LIBRARY = /^(?:builtins|logging|json|re|os|sys|textwrap|hashlib|html|string|unittest|pytest)\./;

function checkCall(call: CallView): Report | undefined {
  if (call.name === 'extra') return checkExtra(call);
  if (RUNS_NO_SQL.test(call.name)) return undefined;
  const node =
    call.node.args[0] ??
    call.node.keywords.find(({ name }) => name === 'sql' || name === 'query' || name === 'statement')?.value;
  // Only what is written or named here can be a text that is put together.
  if (
    !node ||
    (node.kind !== 'Name' &&
      node.kind !== 'BinOp' &&
      node.kind !== 'JoinedStr' &&
      node.kind !== 'Call' &&
      node.kind !== 'Attribute')
  )
    return undefined;
  const value =
    call.argument(0, 'sql') ?? call.argument(undefined, 'query') ?? call.argument(undefined, 'statement');
  const template = value?.template;
  if (template === undefined || template === '\0') return checkFilledIn(call, node);
  if (!hasHole(template)) return checkLeftOut(call, node, template);
  if (!value || value.isPlain) return undefined;
  if (!looksLikeSql(template) && !(call.callee === 'sqlalchemy.text' && template !== '\0')) return undefined;
  const isOutside =
    value.sources.some(({ level }) => level === 'remote' || level === 'stored') && value.reaches('sql');
  if (runsSql(call) && !(isOutside && isUnknown(call))) {
    if (isOutside || isHarmless(call, node, template)) return undefined;
    return {
      message: text`The SQL text of ${call.quote(call.node.func)} is put together from values (${code(template.replaceAll('\0', '…'), 60)}).`,
      at: call.node,
      confidence: hasQuotedHole(template) ? 'medium' : 'low',
      quiet: !hasQuotedHole(template),
    };
  }
  if (!isCertainlySql(template)) return undefined;
  if (!isOutside || !value.sources.some(({ level }) => level === 'remote')) {
    // Who runs it is not known, only that it is SQL.
    if (!isUnknown(call) || NO_SQL_LIBRARY.test(call.callee)) return undefined;
    if (node.kind === 'Name' || isHarmless(call, node, template)) return undefined;
    return {
      message: text`The SQL text that ${call.quote(call.node.func)} is given is put together from values (${code(template.replaceAll('\0', '…'), 60)}).`,
      at: call.node,
      confidence: 'low',
      quiet: true,
    };
  }
  return {
    message: text`Outside input (${value.sources[0]!.code}) becomes part of an SQL text that is given to ${call.quote(call.node.func)}.`,
    at: call.node,
  };
}

/** `execute("… WHERE name = %s".format(name))`: meant to be put together, and one repair away from an injection. */
function checkLeftOut(call: CallView, node: Expression, template: string): Report | undefined {
  if (node.kind !== 'Call' || node.func.kind !== 'Attribute' || node.func.attr !== 'format') return undefined;
  const { value } = node.func;
  const isLeftOut =
    value.kind === 'Str' && /%s/.test(value.value) && !value.value.includes('{') && node.args.length > 0;
  if (!isLeftOut || !looksLikeSql(template) || !runsSql(call)) return undefined;
  return {
    message: text`${code('format')} finds no ${code('{}')} in the SQL text of ${call.quote(call.node.func)}: the value is left out, and put in it would be SQL.`,
    at: call.node,
    quiet: true,
    fix: { text: text`Give the value as a parameter of ${call.quote(call.node.func)}.` },
  };
}

/** `connection.fetch(QUERIES[kind].format(name))`: a text that is not known, filled in before a driver gets it. */
function checkFilledIn(call: CallView, node: Expression): Report | undefined {
  if (!isGivenToDriver(call)) return undefined;
  const isFormat =
    node.kind === 'Call' && node.func.kind === 'Attribute' && node.func.attr === 'format'
      ? node.func.value.kind !== 'Str'
      : node.kind === 'BinOp' && node.op === '%' && node.operands[0]?.kind !== 'Str';
  const holes = isFormat ? holesOf(node) : undefined;
  if (!holes?.length || holes.every((hole) => isFixedName(call.sourceOf(hole)))) return undefined;
  return {
    message: text`The SQL text of ${call.quote(call.node.func)} is filled in before it is run: ${call.quote(node)}.`,
    at: call.node,
    confidence: 'low',
    quiet: true,
  };
}

/** A statement with a value in it that is kept for later; where it is run in the same function, the call is reported. */
function checkAssignment(view: AssignmentView): Report | undefined {
  if (
    view.target !== 'name' ||
    (view.valueNode.kind !== 'BinOp' && view.valueNode.kind !== 'JoinedStr' && view.valueNode.kind !== 'Call')
  )
    return undefined;
  const template = view.value.template;
  if (template === undefined || !hasHole(template) || !looksLikeSql(template) || !isCertainlySql(template))
    return undefined;
  if (view.value.isPlain) return undefined;
  const holes = holesOf(view.valueNode);
  if (holes === undefined || holes.every((hole) => isFixedName(view.sourceOf(hole)))) return undefined;
  const around = view.function ?? view.module;
  const runs = new RegExp(`(\\w+)\\(\\s*(?:\\w+\\s*=\\s*)?${view.name}\\b`, 'g');
  for (const [, name] of around.sourceOf(around.node).matchAll(runs)) {
    if (RUNS_SQL.has(name!) || MAY_RUN_SQL.test(name!)) return undefined;
  }
  return {
    message: text`The SQL text ${code(view.name)} is put together from values (${code(template.replaceAll('\0', '…'), 60)}).`,
    at: view.node,
    confidence: 'low',
    quiet: true,
  };
}

function isCertainlySql(template: string): boolean {
  return /\b(?:where|values|set|from|into|table)\b|^\s*select\s+[\w.]+\s*\([^()]*'\0/i.test(template);
}

/** Lists of placeholders, numbers, names in upper case, and metadata of a mapper. */
function isHarmless(call: CallView, node: Expression, template: string): boolean {
  if (
    /\0/.test(template) &&
    template.replace(/\bin\s*\(\s*\0\s*\)|values\s*\(\s*\0\s*\)/gi, '').includes('\0') === false
  )
    return true;
  if (
    node.kind === 'BinOp' &&
    node.op === '%' &&
    node.operands[0]?.kind === 'Str' &&
    !/%(\(\w+\))?[sra]/.test(node.operands[0].value)
  ) {
    return true;
  }
  const holes = holesOf(node);
  return holes !== undefined && holes.length > 0 && holes.every((hole) => isFixedName(call.sourceOf(hole)));
}

/** The expressions that are put into a text which is written right here. */
function holesOf(node: Expression): readonly Expression[] | undefined {
  switch (node.kind) {
    case 'JoinedStr':
      return node.parts.flatMap((part) => (part.kind === 'FormattedValue' ? [part.value] : []));
    case 'BinOp': {
      const rest = node.op === '%' ? node.operands.slice(1) : node.operands;
      return rest.flatMap((operand) =>
        operand.kind === 'Tuple' ? operand.elements : operand.kind === 'Str' ? [] : [operand],
      );
    }
    case 'Call':
      return node.func.kind === 'Attribute' && node.func.attr === 'format'
        ? [...node.args, ...node.keywords.map(({ value }) => value)]
        : undefined;
    default:
      return undefined;
  }
}

/** Constants by convention, quoted names, tables of a model, counts. */
function isFixedName(source: string): boolean {
  return (
    /^(\w+\.)*_*[A-Z][A-Z0-9_]*$/.test(source) ||
    /^(int|len|float|min|max)\(|placeholders?|quote_name\(|quote_ident|quote_literal|escape_identifier|\.escape(?:_string)?\(|_meta\.|__tablename__/i.test(
      source,
    )
  );
}
