import { at, type Library, named } from './library.ts';

/** Smaller object-relational mappers and SQL helpers. Their expressions bind values; these are the places that take SQL text. */
export const objectMappers: Library = {
  name: 'peewee, Pony, Tortoise, databases, records, pandas.read_sql',
  docs: 'http://docs.peewee-orm.com/en/latest/peewee/query_operators.html#sql-injection',
  aliases: {
    'pandas.io.sql.read_sql': 'pandas.read_sql',
    'pandas.io.sql.read_sql_query': 'pandas.read_sql_query',
    'tortoise.backends.base.client.BaseDBAsyncClient': 'tortoise.BaseDBAsyncClient',
    'tortoise.models.Model': 'tortoise.Model',
    'tortoise.connections.connections': 'tortoise.connections',
    'databases.core.Database': 'databases.Database',
    'records.Connection': 'records.Database',
  },
  returns: {
    'playhouse.db_url.connect': 'peewee.Database',
    'peewee.Database.connection': 'databaseApi.Connection',
    'peewee.Database.cursor': 'databaseApi.Cursor',
    'tortoise.Tortoise.get_connection': 'tortoise.BaseDBAsyncClient',
    'tortoise.connections.get': 'tortoise.BaseDBAsyncClient',
    'databases.Database.connection': 'databases.Database',
    'records.Database.get_connection': 'records.Database',
    'pony.orm.Database.get_connection': 'databaseApi.Connection',
    'web.database': 'web.db.DB',
    'dataset.connect': 'dataset.Database',
  },
  bases: {
    'peewee.SqliteDatabase': ['peewee.Database'],
    'peewee.PostgresqlDatabase': ['peewee.Database'],
    'peewee.MySQLDatabase': ['peewee.Database'],
    'playhouse.sqlite_ext.SqliteExtDatabase': ['peewee.Database'],
    'playhouse.pool.PooledPostgresqlDatabase': ['peewee.Database'],
    'playhouse.pool.PooledMySQLDatabase': ['peewee.Database'],
    'playhouse.postgres_ext.PostgresqlExtDatabase': ['peewee.Database'],
  },
  sinks: [
    { kind: 'sql', paths: ['peewee.SQL', 'peewee.Database.execute_sql'], arguments: [at(0, 'sql')] },
    {
      // The names of keyword arguments are columns.
      kind: 'mass-assignment',
      paths: [
        'flask_sqlalchemy.model.Model',
        'flask_sqlalchemy.SQLAlchemy.Model',
        'sqlalchemy.orm.DeclarativeBase',
        'sqlalchemy.ext.declarative.declarative_base()',
        'sqlalchemy.orm.declarative_base()',
        'sqlmodel.SQLModel',
        'mongoengine.Document',
        ...['peewee.Model', 'tortoise.Model'].flatMap((model) => [
          model,
          ...['create', 'update', 'insert', 'get_or_create', 'update_or_create'].map(
            (name) => `${model}.${name}`,
          ),
        ]),
      ],
      arguments: '*',
    },
    { kind: 'mass-assignment', paths: ['sqlalchemy.orm.Query.update'], arguments: [at(0, 'values')] },
    // Model.raw(sql, *params)
    { kind: 'sql', paths: ['peewee.Model.raw', 'peewee.RawQuery'], arguments: [at(0, 'sql')] },
    {
      // https://docs.ponyorm.org/queries.html#raw-sql
      kind: 'sql',
      paths: [
        'pony.orm.raw_sql',
        'pony.orm.Database.select',
        'pony.orm.Database.get',
        'pony.orm.Database.exists',
        'pony.orm.Database.execute',
        'pony.orm.core.Database.select',
        'pony.orm.core.Database.execute',
        'pony.orm.Entity.select_by_sql',
        'pony.orm.Entity.get_by_sql',
      ],
      arguments: [at(0, 'sql')],
    },
    {
      // https://tortoise.github.io/query.html
      kind: 'sql',
      paths: [
        'tortoise.BaseDBAsyncClient.execute_query',
        'tortoise.BaseDBAsyncClient.execute_query_dict',
        'tortoise.BaseDBAsyncClient.execute_insert',
        'tortoise.BaseDBAsyncClient.execute_script',
        'tortoise.BaseDBAsyncClient.execute_many',
        'tortoise.Model.raw',
        'tortoise.expressions.RawSQL',
      ],
      arguments: [at(0, 'query'), named('sql')],
    },
    {
      // https://www.encode.io/databases/database_queries/
      kind: 'sql',
      paths: [
        'databases.Database.execute',
        'databases.Database.execute_many',
        'databases.Database.fetch_all',
        'databases.Database.fetch_one',
        'databases.Database.fetch_val',
        'databases.Database.iterate',
      ],
      arguments: [at(0, 'query')],
    },
    {
      // https://github.com/kennethreitz/records
      kind: 'sql',
      paths: ['records.Database.query', 'records.Database.bulk_query', 'dataset.Database.query'],
      arguments: [at(0, 'query')],
    },
    {
      // https://pandas.pydata.org/docs/reference/api/pandas.read_sql.html
      kind: 'sql',
      paths: [
        'pandas.read_sql',
        'pandas.read_sql_query',
        'polars.read_database',
        'polars.read_database_uri',
        'dask.dataframe.read_sql_query',
        'awswrangler.athena.read_sql_query',
        'awswrangler.postgresql.read_sql_query',
        'awswrangler.redshift.read_sql_query',
        'connectorx.read_sql',
      ],
      arguments: [at(0, 'sql'), named('query')],
    },
    {
      kind: 'sql',
      paths: ['polars.read_database_uri', 'connectorx.read_sql'],
      arguments: [at(1, 'query')],
      when: [{ argument: at(1), given: true }],
    },
    // https://webpy.org/cookbook/query
    { kind: 'sql', paths: ['web.db.DB.query'], arguments: [at(0, 'sql_query')] },
    {
      kind: 'sql',
      paths: ['web.db.DB.select', 'web.db.DB.where', 'web.db.DB.delete', 'web.db.DB.update'],
      arguments: [named('where'), named('order'), named('what'), named('group')],
    },
    {
      // https://torndb.readthedocs.io/: the MySQL helper of old Tornado applications.
      kind: 'sql',
      paths: [
        'torndb.Connection.query',
        'torndb.Connection.get',
        'torndb.Connection.execute',
        'torndb.Connection.iter',
      ],
      arguments: [at(0, 'query')],
    },
    {
      // https://airflow.apache.org/docs/apache-airflow-providers-common-sql/stable/
      kind: 'sql',
      paths: [
        'airflow.providers.common.sql.hooks.sql.DbApiHook.run',
        'airflow.providers.common.sql.hooks.sql.DbApiHook.get_records',
        'airflow.providers.common.sql.hooks.sql.DbApiHook.get_first',
        'airflow.providers.common.sql.hooks.sql.DbApiHook.get_pandas_df',
        'airflow.providers.postgres.hooks.postgres.PostgresHook.run',
        'airflow.providers.postgres.hooks.postgres.PostgresHook.get_records',
        'airflow.providers.postgres.hooks.postgres.PostgresHook.get_first',
        'airflow.providers.mysql.hooks.mysql.MySqlHook.run',
        'airflow.providers.mysql.hooks.mysql.MySqlHook.get_records',
      ],
      arguments: [at(0, 'sql')],
    },
  ],
};
