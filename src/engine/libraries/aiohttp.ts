import { verbsOf } from './http-requests.ts';
import { at, type Library, named } from './library.ts';

const REQUEST = 'aiohttp.web.Request';
const RESPONSE = 'aiohttp.web.Response';
const METHODS = ['get', 'post', 'put', 'patch', 'delete', 'head', 'view'];
const REDIRECTS = [
  'HTTPFound',
  'HTTPMovedPermanently',
  'HTTPSeeOther',
  'HTTPTemporaryRedirect',
  'HTTPPermanentRedirect',
].map((name) => `aiohttp.web.${name}`);

/** aiohttp: its server and its client. */
export const aiohttp: Library = {
  name: 'aiohttp',
  docs: 'https://docs.aiohttp.org/en/stable/web_reference.html',
  aliases: {
    'aiohttp.web.BaseRequest': REQUEST,
    'aiohttp.web_request.Request': REQUEST,
    'aiohttp.web_request.BaseRequest': REQUEST,
    'aiohttp.web_response.Response': RESPONSE,
    'aiohttp.client.ClientSession': 'aiohttp.ClientSession',
    'aiohttp.client_reqrep.ClientResponse': 'aiohttp.ClientResponse',
  },
  returns: {
    'aiohttp.ClientSession.get': 'aiohttp.ClientResponse',
    'aiohttp.ClientSession.post': 'aiohttp.ClientResponse',
    'aiohttp.ClientSession.request': 'aiohttp.ClientResponse',
    'aiohttp.request': 'aiohttp.ClientResponse',
    'aiohttp.ClientSession.ws_connect': 'aiohttp.ClientWebSocketResponse',
    'aiohttp.web.json_response': RESPONSE,
    [`${REQUEST}.multipart`]: 'aiohttp.MultipartReader',
    'aiohttp.MultipartReader.next': 'aiohttp.BodyPartReader',
  },
  bases: {
    'aiohttp.web.StreamResponse': [],
    [RESPONSE]: ['aiohttp.web.StreamResponse'],
    'aiohttp.web.FileResponse': ['aiohttp.web.StreamResponse'],
  },
  attributes: {
    'aiohttp.web.View.request': REQUEST,
    'aiohttp.web.StreamResponse.headers': 'aiohttp.web.ResponseHeaders',
  },
  elements: {
    'aiohttp.MultipartReader': 'aiohttp.BodyPartReader',
    'aiohttp.web.WebSocketResponse': 'aiohttp.WSMessage',
  },
  sources: [
    {
      on: 'read',
      paths: [`${REQUEST}.query`, `${REQUEST}.rel_url`],
      level: 'remote',
      what: 'a query parameter of the request',
    },
    {
      on: 'read',
      paths: [`${REQUEST}.query_string`],
      level: 'remote',
      what: 'the query string of the request',
    },
    { on: 'read', paths: [`${REQUEST}.match_info`], level: 'remote', what: 'a path parameter' },
    {
      on: 'read',
      paths: [`${REQUEST}.headers`, `${REQUEST}.raw_headers`],
      level: 'remote',
      what: 'a header of the request',
    },
    { on: 'read', paths: [`${REQUEST}.host`], level: 'remote', what: 'the Host header of the request' },
    { on: 'read', paths: [`${REQUEST}.cookies`], level: 'remote', what: 'a cookie of the request' },
    {
      on: 'read',
      paths: [`${REQUEST}.path`, `${REQUEST}.path_qs`, `${REQUEST}.raw_path`],
      level: 'remote',
      what: 'the path of the request',
      marks: ['rooted'],
    },
    { on: 'read', paths: [`${REQUEST}.url`], level: 'remote', what: 'the address of the request' },
    { on: 'read', paths: [`${REQUEST}.content`], level: 'remote', what: 'the body of the request' },
    { on: 'call', paths: [`${REQUEST}.post`], level: 'remote', what: 'a form field of the request' },
    {
      on: 'call',
      paths: [`${REQUEST}.text`, `${REQUEST}.read`],
      level: 'remote',
      what: 'the body of the request',
    },
    {
      on: 'call',
      paths: [`${REQUEST}.json`],
      level: 'remote',
      what: 'the JSON body of the request',
      marks: ['json'],
    },
    {
      on: 'read',
      paths: [
        'aiohttp.BodyPartReader.filename',
        'aiohttp.web.FileField.filename',
        'aiohttp.web_request.FileField.filename',
      ],
      level: 'remote',
      what: 'the name of an uploaded file',
      marks: ['file-name'],
    },
    {
      on: 'read',
      paths: ['aiohttp.web.FileField.file'],
      level: 'remote',
      what: 'the content of an uploaded file',
    },
    {
      on: 'call',
      paths: [
        'aiohttp.BodyPartReader.read',
        'aiohttp.BodyPartReader.text',
        'aiohttp.BodyPartReader.read_chunk',
      ],
      level: 'remote',
      what: 'the content of an uploaded file',
    },
    {
      on: 'call',
      paths: [
        'aiohttp.web.WebSocketResponse.receive_str',
        'aiohttp.web.WebSocketResponse.receive_bytes',
        'aiohttp.web.WebSocketResponse.receive_json',
        'aiohttp.web.WebSocketResponse.receive',
      ],
      level: 'remote',
      what: 'a message of the client',
    },
    { on: 'read', paths: ['aiohttp.WSMessage.data'], level: 'remote', what: 'a message of the client' },
    {
      on: 'call',
      paths: ['aiohttp.ClientResponse.text', 'aiohttp.ClientResponse.read'],
      level: 'stored',
      what: 'the response of another server',
    },
    {
      on: 'call',
      paths: ['aiohttp.ClientResponse.json'],
      level: 'stored',
      what: 'the response of another server',
      marks: ['json'],
    },
  ],
  sinks: [
    {
      kind: 'url',
      paths: [...verbsOf('aiohttp.ClientSession'), 'aiohttp.ClientSession.ws_connect'],
      arguments: [at(0, 'url')],
    },
    { kind: 'url', paths: ['aiohttp.ClientSession.request', 'aiohttp.request'], arguments: [at(1, 'url')] },
    { kind: 'url', paths: ['aiohttp.ClientSession'], arguments: [at(0, 'base_url')] },
    // Response(body=…, text=…, content_type='text/plain'): text alone is plain text.
    {
      kind: 'html',
      paths: [RESPONSE],
      arguments: [named('text'), named('body')],
      when: [{ argument: named('content_type'), is: 'text/html' }],
    },
    {
      kind: 'response',
      paths: [RESPONSE, 'aiohttp.web.json_response'],
      arguments: [at(0, 'data'), named('text'), named('body')],
    },
    { kind: 'redirect', paths: REDIRECTS, arguments: [at(0, 'location')] },
    { kind: 'path', paths: ['aiohttp.web.FileResponse'], arguments: [at(0, 'path')] },
    { kind: 'header', on: 'item', paths: ['aiohttp.web.ResponseHeaders'], arguments: [at(0), at(1)] },
    { kind: 'header', paths: [RESPONSE, 'aiohttp.web.StreamResponse'], arguments: [named('headers')] },
    { kind: 'cookie-name', paths: ['aiohttp.web.StreamResponse.set_cookie'], arguments: [at(0, 'name')] },
    { kind: 'cookie-value', paths: ['aiohttp.web.StreamResponse.set_cookie'], arguments: [at(1, 'value')] },
  ],
  propagators: [{ paths: ['yarl.URL', 'multidict.MultiDict', 'multidict.CIMultiDict'] }],
  handlers: [
    {
      what: 'aiohttp handler',
      level: 'remote',
      decorators: METHODS.map((method) => `aiohttp.web.RouteTableDef.${method}`),
      registeredBy: [
        { paths: METHODS.map((method) => `aiohttp.web.${method}`), argument: at(1, 'handler') },
        {
          paths: METHODS.map((method) => `aiohttp.web.Application.router.add_${method}`),
          argument: at(1, 'handler'),
        },
        {
          paths: METHODS.map((method) => `aiohttp.web.UrlDispatcher.add_${method}`),
          argument: at(1, 'handler'),
        },
        {
          paths: [
            'aiohttp.web.route',
            'aiohttp.web.Application.router.add_route',
            'aiohttp.web.UrlDispatcher.add_route',
          ],
          argument: at(2, 'handler'),
        },
      ],
      parameters: [{ at: at(0), type: REQUEST }],
      others: 'none',
      returns: 'response',
    },
    {
      what: 'aiohttp view',
      level: 'remote',
      classes: ['aiohttp.web.View'],
      methods: ['get', 'post', 'put', 'patch', 'delete', 'head', 'options'],
      others: 'none',
      returns: 'response',
    },
    {
      what: 'aiohttp middleware',
      level: 'remote',
      decorators: ['aiohttp.web.middleware'],
      parameters: [{ at: at(0), type: REQUEST }],
      others: 'none',
    },
  ],
};
