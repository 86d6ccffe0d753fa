import { at, type Library, named } from './library.ts';

const COLLECTION = 'pymongo.collection.Collection';
const DATABASE = 'pymongo.database.Database';
const CLIENT = 'pymongo.MongoClient';

/** MongoDB drivers and mappers. A query that is (or holds) a dict from outside can carry operators such as `$ne` and `$where`. */
export const mongodb: Library = {
  name: 'MongoDB (PyMongo, Motor, MongoEngine, Flask-PyMongo)',
  docs: 'https://pymongo.readthedocs.io/en/stable/api/pymongo/collection.html',
  aliases: {
    'pymongo.mongo_client.MongoClient': CLIENT,
    'pymongo.MongoReplicaSetClient': CLIENT,
    'pymongo.Connection': CLIENT,
    'pymongo.Collection': COLLECTION,
    'pymongo.asynchronous.collection.AsyncCollection': COLLECTION,
    'pymongo.asynchronous.mongo_client.AsyncMongoClient': CLIENT,
    'motor.MotorClient': 'motor.motor_tornado.MotorClient',
    'flask_pymongo.wrappers.Collection': COLLECTION,
    'mongoengine.document.Document': 'mongoengine.Document',
    'mongoengine.queryset.QuerySet': 'mongoengine.QuerySet',
    'mongoengine.connection.get_db': 'mongoengine.get_db',
  },
  returns: {
    'pymongo.MongoClient.get_database': DATABASE,
    'pymongo.MongoClient.get_default_database': DATABASE,
    'pymongo.database.Database.get_collection': COLLECTION,
    'pymongo.database.Database.create_collection': COLLECTION,
    'mongoengine.connect': CLIENT,
    'mongoengine.get_db': DATABASE,
    'mongoengine.get_connection': CLIENT,
    'mongoengine.QuerySet.filter': 'mongoengine.QuerySet',
  },
  attributes: {
    'flask_pymongo.PyMongo.db': DATABASE,
    'flask_pymongo.PyMongo.cx': CLIENT,
    'mongoengine.Document.objects': 'mongoengine.QuerySet',
    'flask_mongoengine.Document.objects': 'mongoengine.QuerySet',
    'flask_mongoengine.MongoEngine.connection': CLIENT,
    // Databases and collections are attributes of any name.
    'pymongo.MongoClient.*': DATABASE,
    'pymongo.database.Database.*': COLLECTION,
  },
  elements: {
    'pymongo.MongoClient': DATABASE,
    'pymongo.database.Database': COLLECTION,
  },
  bases: {
    'motor.motor_asyncio.AsyncIOMotorClient': [CLIENT],
    'motor.motor_tornado.MotorClient': [CLIENT],
    'pymongo.AsyncMongoClient': [CLIENT],
    'motor.motor_asyncio.AsyncIOMotorDatabase': [DATABASE],
    'motor.motor_asyncio.AsyncIOMotorCollection': [COLLECTION],
    'mongomock.MongoClient': [CLIENT],
    'flask_mongoengine.Document': ['mongoengine.Document'],
    'mongoengine.DynamicDocument': ['mongoengine.Document'],
  },
  sinks: [
    {
      kind: 'nosql',
      paths: [
        'pymongo.collection.Collection.find',
        'pymongo.collection.Collection.find_one',
        'pymongo.collection.Collection.find_one_and_delete',
        'pymongo.collection.Collection.find_one_and_replace',
        'pymongo.collection.Collection.find_one_and_update',
        'pymongo.collection.Collection.find_one_or_404',
        'pymongo.collection.Collection.find_raw_batches',
        'pymongo.collection.Collection.count_documents',
        'pymongo.collection.Collection.delete_one',
        'pymongo.collection.Collection.delete_many',
        'pymongo.collection.Collection.replace_one',
        'pymongo.collection.Collection.update_one',
        'pymongo.collection.Collection.update_many',
        'pymongo.collection.Collection.find_and_modify',
        'pymongo.collection.Collection.remove',
        'pymongo.collection.Collection.update',
        'pymongo.collection.Collection.aggregate',
        'pymongo.collection.Collection.aggregate_raw_batches',
        'pymongo.collection.Collection.map_reduce',
        'pymongo.collection.Collection.inline_map_reduce',
        'pymongo.collection.Collection.group',
      ],
      arguments: [
        at(0, 'filter'),
        named('pipeline'),
        named('query'),
        named('spec'),
        named('map'),
        named('reduce'),
      ],
    },
    {
      kind: 'nosql',
      paths: ['pymongo.collection.Collection.distinct'],
      arguments: [at(1, 'filter')],
    },
    {
      kind: 'nosql',
      paths: ['pymongo.database.Database.command', 'pymongo.database.Database.eval'],
      arguments: '*',
    },
    {
      kind: 'nosql',
      paths: [
        'mongoengine.QuerySet.__call__',
        'mongoengine.QuerySet.get',
        'mongoengine.QuerySet.filter',
        'mongoengine.QuerySet.exec_js',
        'mongoengine.QuerySet.where',
      ],
      arguments: [named('__raw__')],
    },
    { kind: 'js-code', paths: ['bson.Code', 'bson.code.Code'], arguments: [at(0, 'code')] },
  ],
  sanitizers: [
    // What is decoded can be a document, with operators as keys.
    {
      paths: [
        'json.loads',
        'json.load',
        'orjson.loads',
        'ujson.loads',
        'simplejson.loads',
        'rapidjson.loads',
        'bson.json_util.loads',
        'yaml.safe_load',
        'ast.literal_eval',
      ],
      kinds: [],
      marks: ['json'],
    },
    {
      paths: [
        'bson.ObjectId',
        'bson.objectid.ObjectId',
        'mongosanitizer.sanitizer.sanitize',
        'bson.regex.Regex',
      ],
      kinds: ['nosql'],
    },
    // Text and numbers hold no operators. https://www.mongodb.com/docs/manual/faq/fundamentals/
    {
      paths: [
        'builtins.str',
        'builtins.int',
        'builtins.float',
        'builtins.bool',
        'builtins.repr',
        'builtins.format',
      ],
      kinds: ['nosql'],
    },
  ],
  sources: [
    {
      on: 'call',
      paths: ['pymongo.collection.Collection.find_one', 'pymongo.collection.Collection.find'],
      level: 'stored',
      what: 'a document of the database',
    },
  ],
  duckSinks: (
    [
      'find',
      'find_one',
      'find_one_and_update',
      'find_one_and_delete',
      'find_one_and_replace',
      'delete_one',
      'delete_many',
      'update_one',
      'update_many',
      'count_documents',
      'replace_one',
      'aggregate',
    ] as const
  ).map((method) => ({
    kind: 'nosql' as const,
    method,
    receiver:
      /^(users?|accounts?|posts?|customers?|items|orders|products)$|collection$|_col(l)?$|^coll?$|mongo/,
    arguments: [at(0, 'filter')],
  })),
};
