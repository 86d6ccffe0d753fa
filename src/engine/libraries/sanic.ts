import { at, type Library, named } from './library.ts';

const VERBS = ['get', 'post', 'put', 'patch', 'delete', 'head', 'options'];
const SANIC = 'sanic.request.Request';

/** Sanic. */
export const sanic: Library = {
  name: 'Sanic',
  docs: 'https://sanic.dev/en/guide/basics/request.html',
  aliases: {
    'sanic.Request': SANIC,
    'sanic.request.types.Request': SANIC,
    'sanic.response.types.HTTPResponse': 'sanic.response.HTTPResponse',
    'sanic.HTTPResponse': 'sanic.response.HTTPResponse',
    'sanic.html': 'sanic.response.html',
    'sanic.file': 'sanic.response.file',
    'sanic.redirect': 'sanic.response.redirect',
    'sanic.text': 'sanic.response.text',
  },
  attributes: {
    [`${SANIC}.ctx`]: 'sanic.request.Context',
  },
  neverReturns: ['sanic.exceptions.abort'],
  sources: [
    // https://sanic.dev/en/guide/basics/request.html
    {
      on: 'read',
      paths: [`${SANIC}.args`, `${SANIC}.query_args`, `${SANIC}.query_string`],
      level: 'remote',
      what: 'a query parameter of the request',
    },
    { on: 'read', paths: [`${SANIC}.form`], level: 'remote', what: 'a form field of the request' },
    {
      on: 'read',
      paths: [`${SANIC}.json`],
      level: 'remote',
      what: 'the JSON body of the request',
      marks: ['json'],
    },
    {
      on: 'read',
      paths: [`${SANIC}.body`, `${SANIC}.raw_args`],
      level: 'remote',
      what: 'the body of the request',
    },
    {
      on: 'read',
      paths: [`${SANIC}.files`],
      level: 'remote',
      what: 'an uploaded file of the request',
      marks: ['file-name'],
    },
    { on: 'read', paths: [`${SANIC}.headers`], level: 'remote', what: 'a header of the request' },
    { on: 'read', paths: [`${SANIC}.cookies`], level: 'remote', what: 'a cookie of the request' },
    {
      on: 'read',
      paths: [`${SANIC}.path`, `${SANIC}.url`, `${SANIC}.match_info`],
      level: 'remote',
      what: 'the address of the request',
    },
    { on: 'read', paths: [`${SANIC}.host`], level: 'remote', what: 'the Host header of the request' },
  ],
  sinks: [
    { kind: 'html', paths: ['sanic.response.html'], arguments: [at(0, 'body')] },
    {
      kind: 'html',
      paths: ['sanic.response.HTTPResponse', 'sanic.response.raw'],
      arguments: [at(0, 'body')],
      when: [{ argument: named('content_type'), is: 'text/html' }],
    },
    {
      kind: 'response',
      paths: [
        'sanic.response.html',
        'sanic.response.text',
        'sanic.response.json',
        'sanic.response.HTTPResponse',
      ],
      arguments: [at(0, 'body')],
    },
    { kind: 'redirect', paths: ['sanic.response.redirect'], arguments: [at(0, 'to')] },
    {
      kind: 'path',
      paths: ['sanic.response.file', 'sanic.response.file_stream'],
      arguments: [at(0, 'location')],
    },
  ],
  handlers: [
    {
      what: 'Sanic handler',
      level: 'remote',
      decorators: ['sanic.Sanic', 'sanic.Blueprint', 'sanic.blueprints.Blueprint'].flatMap((app) =>
        ['route', 'websocket', ...VERBS].map((method) => `${app}.${method}`),
      ),
      registeredBy: [
        { paths: ['sanic.Sanic.add_route', 'sanic.Blueprint.add_route'], argument: at(0, 'handler') },
      ],
      parameters: [{ at: at(0), type: SANIC }],
      others: 'tainted',
      othersWhat: 'a path parameter',
      returns: 'response',
    },
    {
      what: 'Sanic view',
      level: 'remote',
      classes: ['sanic.views.HTTPMethodView'],
      methods: VERBS,
      parameters: [{ at: at(0), type: SANIC }],
      others: 'tainted',
      othersWhat: 'a path parameter',
      returns: 'response',
    },
  ],
};
