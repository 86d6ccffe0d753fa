import { code, type Fix, text } from '../finding.ts';
import type { Rule } from './rule.ts';
import { calledAs } from './support/called-as.ts';
import type { FlowView } from './views.ts';

export const sqlInjection: Rule = {
  id: 'sql-injection',
  title: 'SQL injection',
  cwe: [89],
  aspect: 'injection',
  kind: 'defect',
  severity: 'critical',
  rows: [9],
  summary:
    'Outside input that becomes part of the text of an SQL statement: in the cursors of all drivers that follow PEP 249, in asyncpg, SQLAlchemy `text()`, Django `raw()`, `extra()` and `RawSQL`, peewee, Pony, Tortoise, pandas and others. Values that are bound as parameters, converted to numbers, or chosen from constants are fine.',
  why: 'Whoever controls the text of a statement controls the statement: they read, change or delete any data that the database account can reach, and on some servers run programs.',
  fix: 'Keep the text of the statement constant and give the value as a bound parameter. A table or column name cannot be bound: choose it from a fixed set of names.',
  references: [
    'https://cheatsheetseries.owasp.org/cheatsheets/SQL_Injection_Prevention_Cheat_Sheet.html',
    'https://peps.python.org/pep-0249/#paramstyle',
    'https://docs.sqlalchemy.org/en/20/core/sqlelement.html#sqlalchemy.sql.expression.text',
    'https://docs.djangoproject.com/en/stable/topics/security/#sql-injection-protection',
  ],
  roles: { command: 'advisory' },
  flow: {
    sinks: ['sql'],
    levels: { remote: 'defect', stored: 'advisory' },
    accepts: (flow) => !isExpressionOfMapper(flow),
    message: (flow) => text`${flow.origin} becomes part of the SQL text in ${calledAs(flow)}.`,
    fix: bindTheValue,
  },
  examples: {
    bad: [
      {
        title: 'a query parameter formatted into a statement',
        code: `
import sqlite3
from flask import Flask, request

app = Flask(__name__)

@app.route('/users')
def users():
    name = request.args.get('name', '')
    connection = sqlite3.connect('app.db')
    cursor = connection.cursor()
    cursor.execute("SELECT * FROM users WHERE name = '%s'" % name)  # report
    return {'users': cursor.fetchall()}
`,
      },
      {
        title: 'an f-string with psycopg2',
        code: `
import psycopg2
from flask import Flask, request

app = Flask(__name__)

@app.route('/orders')
def orders():
    with psycopg2.connect('dbname=shop') as conn:
        with conn.cursor() as cur:
            status = request.args['status']
            query = f"SELECT id FROM orders WHERE status = '{status}' ORDER BY id"
            cur.execute(query)  # report
            return {'rows': cur.fetchall()}
`,
      },
      {
        title: 'through a helper',
        code: `
import MySQLdb
from flask import Flask, request

app = Flask(__name__)

def run(sql):
    db = MySQLdb.connect(host='db', db='shop')
    c = db.cursor()
    c.execute(sql)  # report
    return c.fetchall()

@app.route('/search')
def search():
    return {'rows': run('SELECT * FROM items WHERE title LIKE "%' + request.form['q'] + '%"')}
`,
      },
      {
        title: 'SQLAlchemy text()',
        code: `
from flask import Flask, request
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import text

app = Flask(__name__)
db = SQLAlchemy(app)

@app.route('/items')
def items():
    order = request.args.get('order')
    rows = db.session.execute(text('SELECT * FROM items ORDER BY {}'.format(order)))  # report
    return {'rows': [dict(r) for r in rows]}
`,
      },
      {
        title: 'a cursor whose class is not known',
        code: `
from flask import Flask, request
from app.database import get_cursor

app = Flask(__name__)

@app.route('/delete', methods=['POST'])
def delete():
    cursor = get_cursor()
    cursor.execute('DELETE FROM notes WHERE id = ' + request.form['id'])  # report
    return ''
`,
      },
      {
        title: 'asyncpg in a FastAPI route',
        code: `
import asyncpg
from fastapi import FastAPI

app = FastAPI()

@app.get('/items')
async def items(owner: str):
    conn = await asyncpg.connect('postgresql://db/shop')
    return await conn.fetch(f"SELECT * FROM items WHERE owner = '{owner}'")  # report
`,
      },
      {
        title: 'pandas',
        code: `
import pandas as pd
from flask import Flask, request
from app.db import engine

app = Flask(__name__)

@app.route('/report')
def report():
    year = request.args.get('year')
    frame = pd.read_sql("SELECT * FROM sales WHERE year = " + year, engine)  # report
    return frame.to_json()
`,
      },
      {
        title: 'an identifier put in as text with psycopg',
        code: `
import psycopg2
from psycopg2 import sql
from flask import Flask, request

app = Flask(__name__)

@app.route('/table')
def table():
    name = request.args['table']
    conn = psycopg2.connect('dbname=shop')
    cur = conn.cursor()
    cur.execute(sql.SQL('SELECT * FROM ' + name))  # report
    return {'rows': cur.fetchall()}
`,
      },
    ],
    good: [
      {
        title: 'bound parameters',
        code: `
import sqlite3
from flask import Flask, request

app = Flask(__name__)

@app.route('/users')
def users():
    name = request.args.get('name', '')
    cursor = sqlite3.connect('app.db').cursor()
    cursor.execute('SELECT * FROM users WHERE name = ?', (name,))
    cursor.execute('SELECT * FROM users WHERE name = :name', {'name': name})
    cursor.executemany('INSERT INTO log (name) VALUES (?)', [(name,)])
    cursor.execute("ATTACH DATABASE '{}' AS other".format(name.replace("'", "''")))
    return {'users': cursor.fetchall()}
`,
      },
      {
        title: 'a number',
        code: `
import sqlite3
from flask import Flask, request

app = Flask(__name__)

@app.route('/users')
def users():
    page = int(request.args.get('page', '1'))
    cursor = sqlite3.connect('app.db').cursor()
    cursor.execute('SELECT * FROM users LIMIT 20 OFFSET %d' % (page * 20))
    return {'users': cursor.fetchall()}
`,
      },
      {
        title: 'a column chosen from constants',
        code: `
import sqlite3
from flask import Flask, request

app = Flask(__name__)
COLUMNS = {'name': 'users.name', 'age': 'users.age'}

@app.route('/users')
def users():
    column = COLUMNS.get(request.args.get('sort'), 'users.name')
    order = request.args.get('order', 'asc')
    if order not in ('asc', 'desc'):
        order = 'asc'
    cursor = sqlite3.connect('app.db').cursor()
    cursor.execute(f'SELECT * FROM users ORDER BY {column} {order}')
    return {'users': cursor.fetchall()}
`,
      },
      {
        title: 'as many placeholders as values',
        code: `
import sqlite3
from flask import Flask, request

app = Flask(__name__)

@app.route('/users')
def users():
    ids = request.args.getlist('id')
    marks = ','.join('?' * len(ids))
    cursor = sqlite3.connect('app.db').cursor()
    cursor.execute(f'SELECT * FROM users WHERE id IN ({marks})', ids)
    return {'users': cursor.fetchall()}
`,
      },
      {
        title: 'expressions and bound text of SQLAlchemy',
        code: `
from flask import Flask, request
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import select, text
from app.models import Item

app = Flask(__name__)
db = SQLAlchemy(app)

@app.route('/items')
def items():
    owner = request.args.get('owner')
    db.session.execute(text('SELECT * FROM items WHERE owner = :owner'), {'owner': owner})
    db.session.execute(select(Item).where(Item.owner == owner))
    return {'rows': Item.query.filter_by(owner=owner).filter(Item.title.like(f'%{owner}%')).all()}
`,
      },
      {
        title: 'quoted identifiers of psycopg',
        code: `
import psycopg2
from psycopg2 import sql
from flask import Flask, request

app = Flask(__name__)

@app.route('/table')
def table():
    name = request.args['table']
    conn = psycopg2.connect('dbname=shop')
    cur = conn.cursor()
    cur.execute(sql.SQL('SELECT * FROM {}').format(sql.Identifier(name)))
    return {'rows': cur.fetchall()}
`,
      },
      {
        title: 'typed path parameter',
        code: `
import asyncpg
from fastapi import FastAPI

app = FastAPI()

@app.get('/items/{item_id}')
async def item(item_id: int):
    conn = await asyncpg.connect('postgresql://db/shop')
    return await conn.fetchrow(f'SELECT * FROM items WHERE id = {item_id}')
`,
      },
    ],
  },
};

/** `filter(User.name == name)`: strings are bound by the mapper; only text that is written as SQL counts. */
function isExpressionOfMapper(flow: FlowView): boolean {
  return (
    /^sqlalchemy\.(orm\.Query|sql\.Select)\./.test(flow.sink) &&
    (flow.value.template === undefined || !/[=<>'"]|\blike\b|\bin\b/i.test(flow.value.template))
  );
}

/** How the library at the sink binds a value. */
function bindTheValue(flow: FlowView): Fix {
  const place = calledAs(flow);
  const names = text`Where it is a table or column name, choose it from a fixed set.`;
  if (/^sqlalchemy\.|^flask_sqlalchemy\.|^sqlmodel\./.test(flow.sink)) {
    return {
      text: text`Write a bind parameter in the text (${code(':value')}) and give the value apart: ${code("execute(text('… = :value'), {'value': value})")}. ${names}`,
    };
  }
  if (flow.sink.startsWith('asyncpg.')) {
    return {
      text: text`Write ${code('$1')} in the statement and give the value as a further argument of ${place}. ${names}`,
    };
  }
  if (flow.module.imports('sqlite3') || flow.module.imports('aiosqlite')) {
    return {
      text: text`Write ${code('?')} in the statement and give the value as the second argument of ${place}: ${code("execute('… = ?', (value,))")}. ${names}`,
    };
  }
  if (flow.sink.startsWith('django.')) {
    return {
      text: text`Write ${code('%s')} in the statement and give the value in ${code('params')}. ${names}`,
    };
  }
  return {
    text: text`Write the driver's placeholder (${code('%s')}, ${code('?')} or ${code(':name')}) in the statement, without quotes, and give the value as a parameter of ${place}. ${names}`,
  };
}
