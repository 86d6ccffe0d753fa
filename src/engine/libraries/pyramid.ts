import { at, type Library, named } from './library.ts';

const REQUEST = 'pyramid.request.Request';
const RESPONSE = 'webob.Response';
const HTML_TYPES = ['text/html', 'text/html; charset=utf-8'];
const REDIRECTS = [
  'HTTPFound',
  'HTTPSeeOther',
  'HTTPMovedPermanently',
  'HTTPTemporaryRedirect',
  'HTTPPermanentRedirect',
];
const ERRORS = [
  'HTTPBadRequest',
  'HTTPForbidden',
  'HTTPNotFound',
  'HTTPUnauthorized',
  'HTTPInternalServerError',
  'HTTPConflict',
];

/** Pyramid, and WebOb, whose requests and responses it uses. */
export const pyramid: Library = {
  name: 'Pyramid, WebOb',
  docs: 'https://docs.pylonsproject.org/projects/pyramid/en/latest/api/request.html',
  aliases: {
    'webob.request.Request': 'webob.Request',
    'webob.BaseRequest': 'webob.Request',
    'webob.request.BaseRequest': 'webob.Request',
    'webob.response.Response': RESPONSE,
    'pyramid.response.Response': RESPONSE,
    'pyramid.request.Response': RESPONSE,
  },
  bases: { [REQUEST]: ['webob.Request'], 'pyramid.testing.DummyRequest': [REQUEST] },
  attributes: {
    [`${RESPONSE}.headers`]: 'webob.ResponseHeaders',
    [`${REQUEST}.response`]: RESPONSE,
    [`${REQUEST}.session`]: 'pyramid.interfaces.ISession',
  },
  sources: [
    {
      on: 'read',
      paths: ['webob.Request.params', 'webob.Request.str_params'],
      level: 'remote',
      what: 'a parameter of the request',
    },
    {
      on: 'read',
      paths: ['webob.Request.GET', 'webob.Request.str_GET', 'webob.Request.query_string'],
      level: 'remote',
      what: 'a query parameter of the request',
    },
    {
      on: 'read',
      paths: ['webob.Request.POST', 'webob.Request.str_POST'],
      level: 'remote',
      what: 'a form field of the request',
    },
    {
      on: 'read',
      paths: [
        'webob.Request.body',
        'webob.Request.text',
        'webob.Request.body_file',
        'webob.Request.body_file_raw',
      ],
      level: 'remote',
      what: 'the body of the request',
    },
    {
      on: 'read',
      paths: ['webob.Request.json', 'webob.Request.json_body'],
      level: 'remote',
      what: 'the JSON body of the request',
      marks: ['json'],
    },
    {
      on: 'read',
      paths: [
        'webob.Request.headers',
        'webob.Request.environ',
        'webob.Request.referer',
        'webob.Request.referrer',
        'webob.Request.user_agent',
        'webob.Request.authorization',
      ],
      level: 'remote',
      what: 'a header of the request',
    },
    {
      on: 'read',
      paths: [
        'webob.Request.host',
        'webob.Request.domain',
        'webob.Request.host_url',
        'webob.Request.application_url',
      ],
      level: 'remote',
      what: 'the Host header of the request',
    },
    {
      on: 'read',
      paths: ['webob.Request.cookies', 'webob.Request.str_cookies'],
      level: 'remote',
      what: 'a cookie of the request',
    },
    {
      on: 'read',
      paths: ['webob.Request.url', 'webob.Request.path_url'],
      level: 'remote',
      what: 'the address of the request',
    },
    {
      on: 'read',
      paths: ['webob.Request.path', 'webob.Request.path_info', 'webob.Request.path_qs'],
      level: 'remote',
      what: 'the path of the request',
    },
    {
      on: 'read',
      paths: ['webob.Request.urlvars', `${REQUEST}.matchdict`, `${REQUEST}.subpath`, `${REQUEST}.traversed`],
      level: 'remote',
      what: 'a path parameter',
    },
    {
      on: 'call',
      paths: ['webob.Request.as_bytes', 'webob.Request.copy_get'],
      level: 'remote',
      what: 'the body of the request',
    },
  ],
  sinks: [
    {
      kind: 'html',
      paths: [RESPONSE],
      arguments: [at(0, 'body'), named('text')],
      when: [
        { argument: named('content_type'), given: false },
        { argument: named('headerlist'), given: false },
        { argument: named('charset'), given: false },
      ],
    },
    ...HTML_TYPES.map((type) => ({
      kind: 'html' as const,
      paths: [RESPONSE],
      arguments: [at(0, 'body'), named('text')],
      when: [{ argument: named('content_type'), is: type }],
    })),
    { kind: 'html', on: 'attribute', paths: [`${RESPONSE}.body`], arguments: [at(0)] },
    { kind: 'html', on: 'attribute', paths: [`${RESPONSE}.text`], arguments: [at(0)] },
    { kind: 'response', paths: [RESPONSE], arguments: [at(0, 'body'), named('text'), named('json')] },
    {
      kind: 'response',
      paths: ERRORS.flatMap((name) => [`pyramid.httpexceptions.${name}`, `webob.exc.${name}`]),
      arguments: [at(0, 'detail'), named('body'), named('explanation')],
    },
    {
      kind: 'redirect',
      paths: REDIRECTS.flatMap((name) => [`pyramid.httpexceptions.${name}`]),
      arguments: [at(0, 'location')],
    },
    {
      kind: 'redirect',
      paths: REDIRECTS.flatMap((name) => [`webob.exc.${name}`]),
      arguments: [named('location')],
    },
    { kind: 'redirect', on: 'attribute', paths: [`${RESPONSE}.location`], arguments: [at(0)] },
    {
      kind: 'path',
      paths: ['pyramid.response.FileResponse', 'pyramid.response.FileIter'],
      arguments: [at(0, 'path')],
    },
    { kind: 'header', on: 'item', paths: ['webob.ResponseHeaders'], arguments: [at(0), at(1)] },
    { kind: 'header', on: 'attribute', paths: [`${RESPONSE}.headerlist`], arguments: [at(0)] },
    { kind: 'cookie-name', paths: [`${RESPONSE}.set_cookie`], arguments: [at(0, 'name')] },
    { kind: 'cookie-value', paths: [`${RESPONSE}.set_cookie`], arguments: [at(1, 'value')] },
    {
      kind: 'session',
      on: 'item',
      paths: ['pyramid.interfaces.ISession', 'beaker.session.Session'],
      arguments: [at(1)],
    },
  ],
  sanitizers: [
    {
      paths: [
        `${REQUEST}.route_url`,
        `${REQUEST}.route_path`,
        `${REQUEST}.resource_url`,
        `${REQUEST}.static_url`,
      ],
      kinds: ['redirect', 'url', 'header', 'html'],
    },
    { paths: ['pyramid.renderers.render'], kinds: ['html', 'mail-html'] },
    { paths: ['webob.html_escape'], kinds: ['html', 'mail-html', 'xml'] },
  ],
  handlers: [
    {
      what: 'Pyramid view',
      level: 'remote',
      decorators: [
        'pyramid.view.view_config',
        'pyramid.view.notfound_view_config',
        'pyramid.view.forbidden_view_config',
        'pyramid.view.exception_view_config',
        'cornice.Service.get',
        'cornice.Service.post',
        'cornice.Service.put',
        'cornice.Service.delete',
        'cornice.resource.view',
      ],
      registeredBy: [{ paths: ['pyramid.config.Configurator.add_view'], argument: at(0, 'view') }],
      parameters: [
        { at: named('request'), type: REQUEST },
        { at: named('req'), type: REQUEST },
      ],
      others: 'none',
      returns: 'response',
    },
    {
      // https://docs.pylonsproject.org/projects/webob/en/stable/api/dec.html
      what: 'WSGI application',
      level: 'remote',
      decorators: ['webob.dec.wsgify'],
      parameters: [
        { at: named('req'), type: 'webob.Request' },
        { at: named('request'), type: 'webob.Request' },
      ],
      others: 'none',
      returns: 'html',
    },
  ],
};
