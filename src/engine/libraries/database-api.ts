import { at, type Library, named } from './library.ts';

/** The statement of a PEP 249 call: always first, but every driver has another name for it. */
const statement = [
  at(0, 'operation'),
  named('query'),
  named('sql'),
  named('statement'),
  named('sql_script'),
  named('stmt'),
];

/**
 * The Python Database API, which nearly all SQL drivers follow. The drivers (`database-drivers.ts`) say which of
 * their classes are connections and cursors; `databaseApi.Connection` stands for what they have in common.
 */
export const databaseApi: Library = {
  name: 'Python Database API (PEP 249)',
  docs: 'https://peps.python.org/pep-0249/',
  returns: {
    'databaseApi.Connection.cursor': 'databaseApi.Cursor',
    'databaseApi.Cursor.execute': 'databaseApi.Cursor',
    'databaseApi.Connection.execute': 'databaseApi.Cursor',
    'databaseApi.Pool.acquire': 'databaseApi.Connection',
    'databaseApi.Pool.connection': 'databaseApi.Connection',
    'databaseApi.Pool.getconn': 'databaseApi.Connection',
    'databaseApi.Pool.get_connection': 'databaseApi.Connection',
    'databaseApi.Pool.cursor': 'databaseApi.Cursor',
  },
  sinks: [
    {
      kind: 'sql',
      paths: [
        'databaseApi.Cursor.execute',
        'databaseApi.Cursor.executemany',
        'databaseApi.Cursor.executescript',
        'databaseApi.Cursor.execute_async',
        'databaseApi.Cursor.copy_expert',
        'databaseApi.Cursor.copy',
        'databaseApi.Cursor.mogrify',
        'databaseApi.Connection.execute',
        'databaseApi.Connection.executemany',
        'databaseApi.Connection.executescript',
        'databaseApi.Pool.execute',
      ],
      arguments: statement,
    },
    { kind: 'sql', paths: ['databaseApi.Cursor.callproc'], arguments: [at(0, 'procname')] },
  ],
  sources: [
    {
      on: 'call',
      paths: [
        'databaseApi.Cursor.fetchone',
        'databaseApi.Cursor.fetchall',
        'databaseApi.Cursor.fetchmany',
        'databaseApi.Cursor.fetch_df',
      ],
      level: 'stored',
      what: 'a row of the database',
    },
  ],
  duckSinks: [
    {
      kind: 'sql',
      method: 'execute',
      receiver:
        /^(_*(db|dict|read|write|my|sql|pg|mysql|sqlite|psql|dst|src|local)?_?(cur|curs|cursor|csr|crsr)\d*_?)$|_cursor$|_cur$|^cursor_/,
      arguments: statement,
    },
    {
      kind: 'sql',
      method: 'executemany',
      receiver: /(^|_)(c|cr|cur|curs|cursor|conn|con|connection|db|database)\d*$/,
      arguments: statement,
    },
    {
      kind: 'sql',
      method: 'executescript',
      receiver: /(^|_)(c|cr|cur|curs|cursor|conn|con|connection|db|database)\d*$/,
      arguments: statement,
    },
    {
      kind: 'sql',
      method: 'execute',
      receiver:
        /^_*(c|cr|con|conn|cnx|cnxn|connection|db|database|dbconn|dbc|dbh|engine|session|db_session|dbsession|sess|sql_session|db_conn|database_connection|mydb|sql_connection|sqlite_connection|async_session|tx|transaction)$|_(conn|connection|db|session|engine|database)$/,
      arguments: statement,
    },
    { kind: 'sql', method: 'exec_driver_sql', receiver: /./, arguments: statement },
    {
      kind: 'sql',
      method: 'fetchval',
      receiver: /^_*(con|conn|connection|db|database|pool|pg|db_pool|db_conn)$|_(conn|connection|db|pool)$/,
      arguments: [at(0, 'query')],
    },
    {
      kind: 'sql',
      method: 'fetchrow',
      receiver: /^_*(con|conn|connection|db|database|pool|pg|db_pool|db_conn)$|_(conn|connection|db|pool)$/,
      arguments: [at(0, 'query')],
    },
    {
      kind: 'sql',
      method: 'fetch_all',
      receiver: /^_*(con|conn|connection|db|database|pool)$|_(conn|connection|db|pool)$/,
      arguments: [at(0, 'query')],
    },
    {
      kind: 'sql',
      method: 'fetch_one',
      receiver: /^_*(con|conn|connection|db|database|pool)$|_(conn|connection|db|pool)$/,
      arguments: [at(0, 'query')],
    },
  ],
};
