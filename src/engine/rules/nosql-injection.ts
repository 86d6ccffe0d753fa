import { code, text } from '../finding.ts';
import type { Rule } from './rule.ts';
import { calledAs } from './support/called-as.ts';
import type { FlowView, ValueView } from './views.ts';

export const nosqlInjection: Rule = {
  id: 'nosql-injection',
  title: 'NoSQL injection',
  cwe: [943],
  aspect: 'injection',
  kind: 'defect',
  severity: 'high',
  rows: [11],
  summary:
    'Outside input that becomes a query, or a condition of one, without having been made plain text or a number: a decoded JSON value in a MongoDB filter (it can be `{"$ne": null}`), text in `$where` JavaScript, in a DynamoDB condition, a Cypher statement or a Redis script. Text alone, as a value under a key of the filter, is fine.',
  why: 'A filter that should say "this password" says "any password" when the client sends an operator instead of a text; text that becomes a query or script reads and changes any data.',
  fix: 'Make the value what it should be before it goes into the filter (`str(value)`, or a schema), or wrap it as `{"$eq": value}`. Give values to Cypher, DynamoDB and Lua as parameters.',
  references: [
    'https://owasp.org/www-project-web-security-testing-guide/latest/4-Web_Application_Security_Testing/07-Input_Validation_Testing/05.6-Testing_for_NoSQL_Injection',
    'https://www.mongodb.com/docs/manual/faq/fundamentals/#how-does-mongodb-address-sql-or-query-injection',
    'https://neo4j.com/developer/kb/protecting-against-cypher-injection/',
  ],
  flow: {
    sinks: ['nosql', 'query-text'],
    levels: { remote: 'defect' },
    accepts: canBeAnOperator,
    // What people search for may be meant to be written in the language of the search.
    isDoubtful: (flow) =>
      flow.value.keys !== undefined && !holdsText(flow.value, SCRIPT) && holdsText(flow.value, SEARCH),
    message: (flow) =>
      flow.kind === 'query-text'
        ? text`${flow.origin} becomes part of the query in ${calledAs(flow)}.`
        : text`${flow.origin} becomes part of the query in ${calledAs(flow)}, and can carry operators such as ${code('$ne')}.`,
    fix: (flow) =>
      flow.kind === 'query-text'
        ? {
            text: text`Keep the text of the query constant and give the value as a parameter of ${calledAs(flow)}.`,
          }
        : {
            text: text`Make the value plain text before it goes into the filter (${code('str(value)')}), or compare with ${code("{'$eq': value}")}.`,
          },
  },
  examples: {
    bad: [
      {
        title: 'a decoded JSON value in a filter',
        code: `
from flask import Flask, request
from pymongo import MongoClient

app = Flask(__name__)
db = MongoClient()['shop']

@app.route('/login', methods=['POST'])
def login():
    body = request.get_json()
    user = db.users.find_one({'name': body['name'], 'password': body['password']})  # report
    return {'ok': user is not None}
`,
      },
      {
        title: 'the whole filter from the client',
        code: `
import json
from flask import Flask, request
from pymongo import MongoClient

app = Flask(__name__)
client = MongoClient()

@app.route('/items')
def items():
    query = json.loads(request.args['query'])
    return {'items': list(client.shop.items.find(query))}  # report
`,
      },
      {
        title: 'JavaScript in $where',
        code: `
from flask import Flask, request
from flask_pymongo import PyMongo

app = Flask(__name__)
mongo = PyMongo(app)

@app.route('/find')
def find():
    name = request.args['name']
    return {'items': list(mongo.db.items.find({'$where': "this.name == '" + name + "'"}))}  # report
`,
      },
      {
        title: 'Cypher',
        code: `
from flask import Flask, request
from neo4j import GraphDatabase

app = Flask(__name__)
driver = GraphDatabase.driver('neo4j://db')

@app.route('/person')
def person():
    name = request.args['name']
    with driver.session() as session:
        result = session.run("MATCH (p:Person {name: '" + name + "'}) RETURN p")  # report
        return {'people': result.data()}
`,
      },
      {
        title: 'a condition of DynamoDB',
        code: `
import boto3
from flask import Flask, request

app = Flask(__name__)
client = boto3.client('dynamodb')
table = boto3.resource('dynamodb').Table('items')

@app.route('/scan')
def scan():
    return client.scan(TableName='items', FilterExpression=request.args['filter'])  # report

@app.route('/query')
def query():
    return table.query(QueryFilter=request.get_json()['filter'])  # report
`,
      },
      {
        title: 'a script of Elasticsearch',
        code: `
from elasticsearch import Elasticsearch
from flask import Flask, request

app = Flask(__name__)
client = Elasticsearch()

@app.route('/cheap')
def cheap():
    source = "doc['price'].value < " + request.args['price']
    return client.search(index='items', query={'script': {'script': {'source': source}}})  # report
`,
      },
      {
        title: 'the language of a search',
        kind: 'advisory',
        code: `
from elasticsearch import Elasticsearch
from flask import Flask, request

app = Flask(__name__)
client = Elasticsearch()

@app.route('/search')
def search():
    return client.search(index='items', body={'query': {'query_string': {'query': request.args['q']}}})  # report
`,
      },
    ],
    good: [
      {
        title: 'conditions of DynamoDB that are built of objects',
        code: `
import boto3
from boto3.dynamodb.conditions import Attr, Key
from flask import Flask, request

app = Flask(__name__)
table = boto3.resource('dynamodb').Table('items')

@app.route('/items')
def items():
    found = table.query(KeyConditionExpression=Key('owner').eq(request.args['owner']))
    return table.scan(FilterExpression=Attr('kind').eq(request.get_json()['kind'])) or found
`,
      },
      {
        title: 'a value of a search',
        code: `
from elasticsearch import Elasticsearch
from flask import Flask, request

app = Flask(__name__)
client = Elasticsearch()

@app.route('/search')
def search():
    script = {'source': "doc['price'].value < params.price", 'params': {'price': request.args['price']}}
    client.search(index='items', query={'bool': {'filter': [{'script': {'script': script}}]}})
    return client.search(index='items', query={'match': {'title': request.args['q']}})
`,
      },
      {
        title: 'text under a key',
        code: `
from flask import Flask, request
from pymongo import MongoClient

app = Flask(__name__)
db = MongoClient()['shop']

@app.route('/items')
def items():
    return {'items': list(db.items.find({'owner': request.args['owner']}))}
`,
      },
      {
        title: 'made plain, or compared as a value',
        code: `
from bson import ObjectId
from flask import Flask, request
from pymongo import MongoClient

app = Flask(__name__)
db = MongoClient()['shop']

@app.route('/login', methods=['POST'])
def login():
    body = request.get_json()
    a = db.users.find_one({'name': str(body['name'])})
    b = db.users.find_one({'name': {'$eq': body['name']}})
    c = db.users.find_one({'_id': ObjectId(body['id'])})
    return {'ok': bool(a and b and c)}
`,
      },
      {
        title: 'a value in a condition of DynamoDB',
        code: `
import boto3
from flask import Flask, request

app = Flask(__name__)
client = boto3.client('dynamodb')

@app.route('/scan')
def scan():
    return client.scan(TableName='items', ScanFilter={'name': request.args['name']})
`,
      },
      {
        title: 'parameters of Cypher',
        code: `
from flask import Flask, request
from neo4j import GraphDatabase

app = Flask(__name__)
driver = GraphDatabase.driver('neo4j://db')

@app.route('/person')
def person():
    with driver.session() as session:
        result = session.run('MATCH (p:Person {name: $name}) RETURN p', name=request.args['name'])
        return {'people': result.data()}
`,
      },
    ],
  },
};

/** Text under a key of a filter stays a value; it takes a decoded document, or a place where text is code. */
function canBeAnOperator(flow: FlowView): boolean {
  // `{'first_name': value}`: the value of a condition is bound; a whole filter or text from outside is not.
  if (flow.kind === 'query-text')
    return flow.value.keys === undefined || holdsText(flow.value, SCRIPT) || holdsText(flow.value, SEARCH);
  if (flow.value.template !== undefined && flow.value.keys === undefined) return true;
  const keys = flow.value.keys;
  if (!keys) return true;
  return keys.some((key) => {
    const entry = flow.value.entry(key);
    if (!entry?.reaches('nosql')) return false;
    if (typeof key === 'string' && /^\$(where|function|accumulator|expr)$/.test(key)) return true;
    if (key === '$eq') return false;
    // `{'name': {'$eq': value}}` compares with the value, whatever it is.
    if (entry.keys?.every((inner) => inner === '$eq' || inner === '$regex' || inner === '$options'))
      return false;
    return entry.template === undefined && (entry.bears('json') || carriesDocument(flow));
  });
}

/** Keys of a query of Elasticsearch under which text is a program, or a search in a language of its own. */
const SCRIPT = /^(?:source|inline)$/;
const SEARCH = /^(?:query_string|simple_query_string)$/;

/** Whether outside input stands under one of these keys, at any depth. */
function holdsText(value: ValueView, key: RegExp, depth = 0): boolean {
  if (depth > 8) return false;
  const parts = (value.keys ?? []).map((name) => [name, value.entry(name)] as const);
  return (
    parts.some(
      ([name, part]) =>
        part?.reaches('query-text') && (key.test(String(name)) || holdsText(part, key, depth + 1)),
    ) ||
    (value.elements?.some((element) => holdsText(element, key, depth + 1)) ?? false)
  );
}

/** Whether the input was decoded from a format that has objects: the source says so. */
function carriesDocument(flow: FlowView): boolean {
  return /json|body|document|message|event|payload/i.test(`${flow.source.what} ${flow.source.code.code}`);
}
