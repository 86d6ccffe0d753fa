import { code, text } from '../finding.ts';
import { readConnectionString } from '../secrets/connection-string.ts';
import type { Report, Rule } from './rule.ts';
import type { AssignmentView, CallView } from './views.ts';

export const emptyPassword: Rule = {
  id: 'empty-password',
  title: 'Empty password',
  cwe: [521, 258],
  aspect: 'secrets',
  kind: 'defect',
  severity: 'medium',
  rows: [74],
  summary:
    'A database connection, or an account, with an empty password: in connect calls, in connection strings, in Django’s `DATABASES`, in `set_password("")`, or as a default that reaches such a call. Local SQLite files have none and are not meant; tests stay silent.',
  why: 'Whoever reaches the server logs in. What was meant for a developer’s machine is copied to others.',
  fix: 'Give the account a password and read it from the environment.',
  references: ['https://cwe.mitre.org/data/definitions/258.html'],
  roles: { test: 'silent', example: 'advisory', migration: 'advisory' },
  calls: [
    {
      paths: [
        'MySQLdb.connect',
        'pymysql.connect',
        'mysql.connector.connect',
        'mysql.connector.connection.MySQLConnection',
        'mariadb.connect',
        'aiomysql.connect',
        'aiomysql.create_pool',
        'asyncmy.connect',
        'psycopg2.connect',
        'psycopg.connect',
        'asyncpg.connect',
        'asyncpg.create_pool',
        'aiopg.connect',
        'pg8000.connect',
        'pymssql.connect',
        'oracledb.connect',
        'clickhouse_driver.connect',
        'snowflake.connector.connect',
        'peewee.MySQLDatabase',
        'peewee.PostgresqlDatabase',
      ],
      check: checkConnect,
    },
    {
      paths: [
        'sqlalchemy.create_engine',
        'sqlalchemy.ext.asyncio.create_async_engine',
        'psycopg2.connect',
        'psycopg.connect',
        'asyncpg.connect',
        'playhouse.db_url.connect',
        'databases.Database',
        'dataset.connect',
        'pymongo.MongoClient',
      ],
      check: checkAddress,
    },
    { paths: [], names: ['set_password'], check: checkSetPassword },
  ],
  on: { assignment: { names: ['DATABASES'], check: checkSettings } },
  examples: {
    bad: [
      {
        title: 'connections',
        code: `
import pymysql
from mysql.connector import connect
from sqlalchemy import create_engine

def connections():
    a = pymysql.connect(host='db.internal', user='root', password='')  # report
    b = connect(host='db.internal', user='root', passwd='')  # report
    c = create_engine('mysql+pymysql://root:@db.internal/shop')  # report
    return a, b, c
`,
      },
      {
        title: 'on the same machine',
        kind: 'advisory',
        code: `
import pymysql

connection = pymysql.connect(host='localhost', user='root', password='')  # report
`,
      },
      {
        title: 'a user',
        code: `
from django.contrib.auth.models import User

def guest():
    user = User.objects.create_user('guest')
    user.set_password('')  # report
    user.save()
`,
      },
      {
        title: 'Django',
        path: 'shop/settings.py',
        code: `
DATABASES = {  # report
    'default': {
        'ENGINE': 'django.db.backends.mysql',
        'NAME': 'shop',
        'USER': 'root',
        'PASSWORD': '',
        'HOST': 'db.internal',
    }
}
`,
      },
    ],
    good: [
      {
        title: 'a password, none needed, or not known',
        code: `
import os
import sqlite3
import pymysql
from sqlalchemy import create_engine

def connections(password):
    a = pymysql.connect(host='db.internal', user='app', password=os.environ['DB_PASSWORD'])
    b = pymysql.connect(host='db.internal', user='app', password=password)
    c = create_engine('sqlite:///shop.db')
    return a, b, c, sqlite3.connect('shop.db')
`,
      },
      {
        title: 'no password can match',
        code: `
from django.contrib.auth.models import User

def robot(form):
    user = User.objects.create_user('robot')
    user.set_unusable_password()
    if form.password == '':
        form.error = 'A password is needed.'
`,
      },
      {
        title: 'Django with SQLite, or a local socket',
        path: 'shop/settings.py',
        code: `
DATABASES = {
    'default': {'ENGINE': 'django.db.backends.sqlite3', 'NAME': 'db.sqlite3', 'PASSWORD': ''},
    'other': {'ENGINE': 'django.db.backends.postgresql', 'NAME': 'shop', 'PASSWORD': ''},
}
`,
      },
    ],
  },
};

/** There the password of the system may stand for it. */
const ON_THE_SAME_MACHINE = { kind: 'advisory', severity: 'low', quiet: true } as const;
const LOCAL = /^(localhost|127\.|::1|\/|$)/;

function checkConnect(call: CallView): Report | undefined {
  const keyword = ['password', 'passwd'].find((name) => call.argument(undefined, name)?.constant === '');
  const isPositional = /^(MySQLdb|pymysql)\.connect$/.test(call.callee) && call.argument(2)?.constant === '';
  if (!keyword && !isPositional) return undefined;
  const host = call.argument(0, 'host')?.constant;
  const isLocal = typeof host === 'string' && LOCAL.test(host);
  return {
    message: text`${call.quote(call.node.func)} logs in with an empty password.`,
    at: call.node,
    ...(isLocal ? ON_THE_SAME_MACHINE : {}),
  };
}

function checkAddress(call: CallView): Report | undefined {
  const address = call.argument(0)?.constant;
  // `host=db user=shop password=`
  if (
    typeof address === 'string' &&
    /\bhost=(?!localhost|127\.|\/)\S/.test(address) &&
    /\bpassword=(?:''|\s|$)/.test(address)
  )
    return { message: text`${call.quote(call.node.func)} logs in with an empty password.`, at: call.node };
  const connection = typeof address === 'string' ? readConnectionString(address) : undefined;
  if (connection?.password !== '') return undefined;
  return {
    message: text`${call.quote(call.node.func)} logs in as ${code(connection.user ?? '')} with an empty password.`,
    at: call.node,
    ...(connection.isLocal ? ON_THE_SAME_MACHINE : {}),
  };
}

function checkSetPassword(call: CallView): Report | undefined {
  if (call.positionalCount !== 1 || call.node.func.kind !== 'Attribute') return undefined;
  const password = call.argument(0);
  if (password?.fallback?.constant === '') {
    return {
      message: text`${call.quote(call.node)} gives the account an empty password where none is given.`,
      at: call.node,
      cwe: [521, 258],
      kind: 'advisory',
      fix: { text: text`Make ${code('None')} the default: then no password matches.` },
    };
  }
  if (password?.constant !== '') return undefined;
  return {
    message: text`${call.quote(call.node)} gives the account an empty password.`,
    at: call.node,
    fix: { text: text`Use ${code('set_unusable_password()')} where nobody is to log in with a password.` },
  };
}

function checkSettings(view: AssignmentView): Report | undefined {
  if (view.scope !== 'module') return undefined;
  for (const key of view.value.keys ?? []) {
    const database = view.value.entry(key);
    const host = database?.entry('HOST')?.constant;
    const isEmpty = database?.entry('PASSWORD')?.constant === '';
    if (isEmpty && typeof host === 'string' && host !== '') {
      return {
        message: text`The database ${code(String(key))} on ${code(host)} is used with an empty password.`,
        at: view.node,
        ...(LOCAL.test(host) ? ON_THE_SAME_MACHINE : {}),
      };
    }
  }
  return undefined;
}
