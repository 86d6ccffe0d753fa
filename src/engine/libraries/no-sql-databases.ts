import { at, type Library, named } from './library.ts';

/** Key-value, search, graph and document stores besides MongoDB, and DynamoDB. */
export const noSqlDatabases: Library = {
  name: 'Redis, Elasticsearch, OpenSearch, Neo4j, DynamoDB, CouchDB',
  docs: 'https://neo4j.com/docs/python-manual/current/query-simple/',
  aliases: {
    'redis.client.Redis': 'redis.Redis',
    'redis.StrictRedis': 'redis.Redis',
    'redis.client.StrictRedis': 'redis.Redis',
    'redis.asyncio.client.Redis': 'redis.asyncio.Redis',
    'redis.asyncio.StrictRedis': 'redis.asyncio.Redis',
    aioredis: 'redis.asyncio',
    'neo4j.v1': 'neo4j',
  },
  returns: {
    'redis.from_url': 'redis.Redis',
    'redis.Redis.from_url': 'redis.Redis',
    'redis.asyncio.from_url': 'redis.asyncio.Redis',
    'redis.asyncio.Redis.from_url': 'redis.asyncio.Redis',
    'neo4j.GraphDatabase.driver': 'neo4j.Driver',
    'neo4j.AsyncGraphDatabase.driver': 'neo4j.AsyncDriver',
    'neo4j.Driver.session': 'neo4j.Session',
    'neo4j.AsyncDriver.session': 'neo4j.AsyncSession',
    'neo4j.Session.begin_transaction': 'neo4j.Transaction',
    'neo4j.AsyncSession.begin_transaction': 'neo4j.Transaction',
  },
  bases: {
    'redis.asyncio.Redis': ['redis.Redis'],
    'redis.cluster.RedisCluster': ['redis.Redis'],
    'neo4j.AsyncDriver': ['neo4j.Driver'],
    'neo4j.AsyncSession': ['neo4j.Session'],
    'neo4j.ManagedTransaction': ['neo4j.Transaction'],
    'neo4j.AsyncTransaction': ['neo4j.Transaction'],
    'neo4j.AsyncManagedTransaction': ['neo4j.Transaction'],
    'elasticsearch.AsyncElasticsearch': ['elasticsearch.Elasticsearch'],
    'opensearchpy.OpenSearch': ['elasticsearch.Elasticsearch'],
    'opensearchpy.AsyncOpenSearch': ['elasticsearch.Elasticsearch'],
  },
  sinks: [
    {
      // https://redis.io/docs/latest/develop/programmability/eval-intro/: the script, not KEYS and ARGV.
      kind: 'query-text',
      paths: [
        'redis.Redis.eval',
        'redis.Redis.eval_ro',
        'redis.Redis.register_script',
        'redis.Redis.script_load',
      ],
      arguments: [at(0, 'script')],
    },
    {
      // Cypher text; parameters are bound.
      kind: 'query-text',
      paths: [
        'neo4j.Session.run',
        'neo4j.Transaction.run',
        'neo4j.Driver.execute_query',
        'py2neo.Graph.run',
        'py2neo.Graph.evaluate',
        'py2neo.Graph.query',
        'neomodel.db.cypher_query',
        'neomodel.adb.cypher_query',
        'falkordb.Graph.query',
        'redisgraph.Graph.query',
      ],
      arguments: [at(0, 'query'), named('query_'), named('cypher'), named('q')],
    },
    {
      // https://elasticsearch-py.readthedocs.io/: a whole body from outside, scripts included.
      kind: 'query-text',
      paths: [
        'elasticsearch.Elasticsearch.search',
        'elasticsearch.Elasticsearch.count',
        'elasticsearch.Elasticsearch.delete_by_query',
        'elasticsearch.Elasticsearch.update_by_query',
        'elasticsearch.Elasticsearch.msearch',
      ],
      arguments: [named('body'), named('query'), named('script')],
    },
    {
      // https://boto3.amazonaws.com/v1/documentation/api/latest/reference/services/dynamodb.html: conditions as text, PartiQL.
      kind: 'query-text',
      paths: [
        'boto3.client().scan',
        'boto3.client().query',
        'boto3.client().update_item',
        'boto3.client().delete_item',
        'boto3.client().put_item',
        'boto3.resource().Table.scan',
        'boto3.resource().Table.query',
        'boto3.resource().Table.update_item',
        'boto3.resource().Table.delete_item',
        'boto3.resource().Table.put_item',
      ],
      arguments: [
        named('FilterExpression'),
        named('KeyConditionExpression'),
        named('ConditionExpression'),
        named('UpdateExpression'),
        named('ScanFilter'),
        named('QueryFilter'),
        named('KeyConditions'),
      ],
    },
    {
      kind: 'sql',
      paths: ['boto3.client().execute_statement'],
      arguments: [named('Statement'), named('sql'), named('Sql')],
    },
    { kind: 'sql', paths: ['boto3.client().start_query_execution'], arguments: [named('QueryString')] },
    {
      kind: 'query-text',
      paths: ['couchdb.Database.query', 'couchdb.client.Database.query'],
      arguments: [at(0, 'map_fun')],
    },
  ],
  // `session.execute_read(lambda tx: tx.run(…))`
  duckSinks: [
    { kind: 'query-text', method: 'run', receiver: /^_?(?:tx|transaction)$/, arguments: [at(0, 'query')] },
  ],
};
