import { at, type Library } from './library.ts';

const FALCON = 'falcon.Request';

/** Falcon. */
export const falcon: Library = {
  name: 'Falcon',
  docs: 'https://falcon.readthedocs.io/en/stable/api/request_and_response_wsgi.html',
  aliases: {
    'falcon.request.Request': FALCON,
    'falcon.asgi.Request': FALCON,
    'falcon.asgi.Response': 'falcon.Response',
  },
  sources: [
    // https://falcon.readthedocs.io/en/stable/api/request_and_response_wsgi.html
    {
      on: 'read',
      paths: [`${FALCON}.params`, `${FALCON}.query_string`],
      level: 'remote',
      what: 'a query parameter of the request',
    },
    {
      on: 'call',
      paths: [`${FALCON}.get_param`, `${FALCON}.get_param_as_list`],
      level: 'remote',
      what: 'a query parameter of the request',
    },
    {
      on: 'read',
      paths: [`${FALCON}.media`],
      level: 'remote',
      what: 'the body of the request',
      marks: ['json'],
    },
    {
      on: 'call',
      paths: [`${FALCON}.get_media`],
      level: 'remote',
      what: 'the body of the request',
      marks: ['json'],
    },
    {
      on: 'read',
      paths: [`${FALCON}.stream`, `${FALCON}.bounded_stream`],
      level: 'remote',
      what: 'the body of the request',
    },
    {
      on: 'read',
      paths: [
        `${FALCON}.headers`,
        `${FALCON}.env`,
        `${FALCON}.referer`,
        `${FALCON}.user_agent`,
        `${FALCON}.auth`,
      ],
      level: 'remote',
      what: 'a header of the request',
    },
    { on: 'call', paths: [`${FALCON}.get_header`], level: 'remote', what: 'a header of the request' },
    { on: 'read', paths: [`${FALCON}.cookies`], level: 'remote', what: 'a cookie of the request' },
    {
      on: 'read',
      paths: [`${FALCON}.path`, `${FALCON}.uri`, `${FALCON}.url`, `${FALCON}.relative_uri`],
      level: 'remote',
      what: 'the address of the request',
    },
    {
      on: 'read',
      paths: [`${FALCON}.host`, `${FALCON}.forwarded_host`],
      level: 'remote',
      what: 'the Host header of the request',
    },
  ],
  sinks: [
    {
      kind: 'redirect',
      paths: [
        'falcon.HTTPFound',
        'falcon.HTTPMovedPermanently',
        'falcon.HTTPSeeOther',
        'falcon.HTTPTemporaryRedirect',
        'falcon.HTTPPermanentRedirect',
      ],
      arguments: [at(0, 'location')],
    },
    { kind: 'redirect', on: 'attribute', paths: ['falcon.Response.location'], arguments: [at(0)] },
    {
      kind: 'header',
      paths: ['falcon.Response.set_header', 'falcon.Response.append_header'],
      arguments: [at(0), at(1)],
    },
    { kind: 'header', paths: ['falcon.Response.set_headers'], arguments: [at(0)] },
    { kind: 'cookie-name', paths: ['falcon.Response.set_cookie'], arguments: [at(0, 'name')] },
    { kind: 'cookie-value', paths: ['falcon.Response.set_cookie'], arguments: [at(1, 'value')] },
    {
      kind: 'response',
      on: 'attribute',
      paths: [
        'falcon.Response.text',
        'falcon.Response.body',
        'falcon.Response.media',
        'falcon.Response.data',
      ],
      arguments: [at(0)],
    },
  ],
  sanitizers: [{ paths: ['falcon.uri.encode_value'], kinds: ['html', 'mail-html', 'xml'] }],
  handlers: [
    {
      what: 'Falcon responder',
      level: 'remote',
      written: [
        {
          name: /^on_(?:get|post|put|patch|delete|head|options|websocket)(?:_\w+)?$/,
          parameters: [/^_?req(?:uest)?$/, /^_?resp(?:onse)?$/],
          anyOthers: true,
          isMethod: true,
        },
      ],
      parameters: [
        { at: at(0), type: FALCON },
        { at: at(1), type: 'falcon.Response' },
      ],
      others: 'tainted',
      othersWhat: 'a path parameter',
    },
  ],
};
