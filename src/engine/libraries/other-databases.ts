import { at, type Library, named } from './library.ts';

/** SQL databases whose drivers have their own interface instead of the Python Database API. */
export const otherDatabases: Library = {
  name: 'SQL drivers with their own interface',
  docs: 'https://magicstack.github.io/asyncpg/current/api/index.html',
  aliases: {
    'asyncpg.connection.Connection': 'asyncpg.Connection',
    'asyncpg.pool.Pool': 'asyncpg.Pool',
    'asyncpg.pool.PoolConnectionProxy': 'asyncpg.Connection',
    'clickhouse_driver.client.Client': 'clickhouse_driver.Client',
    'cassandra.cluster.Session': 'cassandra.Session',
    'google.cloud.bigquery.client.Client': 'google.cloud.bigquery.Client',
  },
  returns: {
    'asyncpg.connect': 'asyncpg.Connection',
    'asyncpg.create_pool': 'asyncpg.Pool',
    'asyncpg.Pool.acquire': 'asyncpg.Connection',
    'asyncpg.Connection.prepare': 'asyncpg.prepared_stmt.PreparedStatement',
    'pg8000.native.Connection.prepare': 'pg8000.native.PreparedStatement',
    'pg.connect': 'pg.DB',
    'duckdb.connect': 'duckdb.DuckDBPyConnection',
    'duckdb.DuckDBPyConnection.cursor': 'duckdb.DuckDBPyConnection',
    'duckdb.DuckDBPyConnection.execute': 'duckdb.DuckDBPyConnection',
    // https://docs.datastax.com/en/developer/python-driver/latest/api/cassandra/cluster/
    'cassandra.cluster.Cluster.connect': 'cassandra.Session',
    'clickhouse_connect.get_client': 'clickhouse_connect.driver.client.Client',
    'clickhouse_connect.create_client': 'clickhouse_connect.driver.client.Client',
    'clickhouse_connect.get_async_client': 'clickhouse_connect.driver.client.Client',
    'google.cloud.spanner.Client.instance': 'google.cloud.spanner.Instance',
    'google.cloud.spanner.Instance.database': 'google.cloud.spanner.Database',
    'google.cloud.spanner.Database.snapshot': 'google.cloud.spanner.Snapshot',
  },
  sinks: [
    {
      kind: 'sql',
      paths: [
        'asyncpg.Connection.execute',
        'asyncpg.Connection.executemany',
        'asyncpg.Connection.fetch',
        'asyncpg.Connection.fetchrow',
        'asyncpg.Connection.fetchval',
        'asyncpg.Connection.fetchmany',
        'asyncpg.Connection.cursor',
        'asyncpg.Connection.prepare',
        'asyncpg.Connection.copy_from_query',
        'asyncpg.Pool.execute',
        'asyncpg.Pool.executemany',
        'asyncpg.Pool.fetch',
        'asyncpg.Pool.fetchrow',
        'asyncpg.Pool.fetchval',
        'asyncpg.Pool.copy_from_query',
      ],
      arguments: [at(0, 'query'), named('command')],
    },
    {
      // https://github.com/tlocke/pg8000
      kind: 'sql',
      paths: ['pg8000.native.Connection.run', 'pg8000.native.Connection.prepare'],
      arguments: [at(0, 'sql'), named('query')],
    },
    // https://www.pygresql.org/contents/pg/db_wrapper.html
    { kind: 'sql', paths: ['pg.DB.query', 'pg.DB.query_formatted'], arguments: [at(0, 'command')] },
    {
      // https://duckdb.org/docs/stable/clients/python/reference/
      kind: 'sql',
      paths: [
        'duckdb.execute',
        'duckdb.executemany',
        'duckdb.sql',
        'duckdb.query',
        'duckdb.query_df',
        'duckdb.from_query',
        'duckdb.DuckDBPyConnection.execute',
        'duckdb.DuckDBPyConnection.executemany',
        'duckdb.DuckDBPyConnection.sql',
        'duckdb.DuckDBPyConnection.query',
        'duckdb.DuckDBPyConnection.from_query',
      ],
      arguments: [at(0, 'query')],
    },
    {
      // https://clickhouse-driver.readthedocs.io/en/latest/api.html
      kind: 'sql',
      paths: [
        'clickhouse_driver.Client.execute',
        'clickhouse_driver.Client.execute_iter',
        'clickhouse_driver.Client.execute_with_progress',
        'clickhouse_driver.Client.query_dataframe',
        'aioch.Client.execute',
      ],
      arguments: [at(0, 'query')],
    },
    {
      // https://clickhouse.com/docs/integrations/python
      kind: 'sql',
      paths: [
        'clickhouse_connect.driver.client.Client.query',
        'clickhouse_connect.driver.client.Client.query_df',
        'clickhouse_connect.driver.client.Client.query_np',
        'clickhouse_connect.driver.client.Client.query_arrow',
        'clickhouse_connect.driver.client.Client.raw_query',
        'clickhouse_connect.driver.client.Client.command',
      ],
      arguments: [at(0, 'query'), named('cmd')],
    },
    {
      kind: 'sql',
      paths: [
        'cassandra.Session.execute',
        'cassandra.Session.execute_async',
        'cassandra.Session.prepare',
        'cassandra.query.SimpleStatement',
      ],
      arguments: [at(0, 'query'), named('query_string')],
    },
    {
      // https://cloud.google.com/python/docs/reference/bigquery/latest
      kind: 'sql',
      paths: [
        'google.cloud.bigquery.Client.query',
        'google.cloud.bigquery.Client.query_and_wait',
        'google.cloud.spanner.Database.execute_partitioned_dml',
        'google.cloud.spanner.Snapshot.execute_sql',
        'google.cloud.spanner.Transaction.execute_sql',
        'google.cloud.spanner.Transaction.execute_update',
        'pandas_gbq.read_gbq',
      ],
      arguments: [at(0, 'query'), named('sql'), named('dml')],
    },
    {
      // https://docs.snowflake.com/en/developer-guide/snowpark/reference/python/latest/
      kind: 'sql',
      paths: ['snowflake.snowpark.Session.sql', 'pyspark.sql.SparkSession.sql', 'pyspark.sql.SQLContext.sql'],
      arguments: [at(0, 'query'), named('sqlQuery')],
    },
    {
      // https://docs.streamlit.io/develop/api-reference/connections/st.connections.sqlconnection
      kind: 'sql',
      paths: ['streamlit.connection().query', 'streamlit.connections.SQLConnection.query'],
      arguments: [at(0, 'sql')],
    },
    {
      // https://docs.influxdata.com/influxdb/v2/api-guide/client-libraries/python/
      kind: 'sql',
      paths: ['influxdb.InfluxDBClient.query', 'influxdb.DataFrameClient.query'],
      arguments: [at(0, 'query')],
    },
  ],
};
