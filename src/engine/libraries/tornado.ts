import { at, type Library } from './library.ts';

const HANDLER = 'tornado.web.RequestHandler';
const REQUEST = 'tornado.httputil.HTTPServerRequest';

/** Tornado, and Jupyter Server's handlers on top of it. */
export const tornado: Library = {
  name: 'Tornado, Jupyter Server',
  docs: 'https://www.tornadoweb.org/en/stable/web.html',
  returns: {
    'tornado.httpclient.AsyncHTTPClient.fetch': 'tornado.httpclient.HTTPResponse',
    'tornado.httpclient.HTTPClient.fetch': 'tornado.httpclient.HTTPResponse',
    'tornado.template.Loader.load': 'tornado.template.Template',
  },
  attributes: { [`${HANDLER}.request`]: REQUEST },
  bases: {
    'tornado.web.StaticFileHandler': [HANDLER],
    'tornado.websocket.WebSocketHandler': [HANDLER],
    'jupyter_server.base.handlers.AuthenticatedHandler': [HANDLER],
    'jupyter_server.base.handlers.JupyterHandler': ['jupyter_server.base.handlers.AuthenticatedHandler'],
    'jupyter_server.base.handlers.APIHandler': ['jupyter_server.base.handlers.JupyterHandler'],
    'jupyter_server.extension.handler.ExtensionHandlerMixin': [],
    'notebook.base.handlers.IPythonHandler': [HANDLER],
    'notebook.base.handlers.APIHandler': ['notebook.base.handlers.IPythonHandler'],
    'jupyterhub.handlers.base.BaseHandler': [HANDLER],
    'jupyterhub.apihandlers.base.APIHandler': ['jupyterhub.handlers.base.BaseHandler'],
  },
  sources: [
    {
      on: 'call',
      paths: ['get_argument', 'get_arguments', 'get_query_argument', 'get_query_arguments'].map(
        (name) => `${HANDLER}.${name}`,
      ),
      level: 'remote',
      what: 'a parameter of the request',
    },
    {
      on: 'call',
      paths: [`${HANDLER}.get_body_argument`, `${HANDLER}.get_body_arguments`],
      level: 'remote',
      what: 'a form field of the request',
    },
    { on: 'call', paths: [`${HANDLER}.get_cookie`], level: 'remote', what: 'a cookie of the request' },
    {
      on: 'call',
      paths: [`${HANDLER}.get_secure_cookie`, `${HANDLER}.get_signed_cookie`],
      level: 'stored',
      what: 'a signed cookie',
    },
    {
      on: 'read',
      paths: [`${HANDLER}.path_args`, `${HANDLER}.path_kwargs`],
      level: 'remote',
      what: 'a path parameter',
    },
    { on: 'read', paths: [`${REQUEST}.body`], level: 'remote', what: 'the body of the request' },
    {
      on: 'read',
      paths: [`${REQUEST}.arguments`, `${REQUEST}.query_arguments`, `${REQUEST}.body_arguments`],
      level: 'remote',
      what: 'a parameter of the request',
    },
    { on: 'read', paths: [`${REQUEST}.query`], level: 'remote', what: 'the query string of the request' },
    { on: 'read', paths: [`${REQUEST}.headers`], level: 'remote', what: 'a header of the request' },
    {
      on: 'read',
      paths: [`${REQUEST}.host`, `${REQUEST}.host_name`],
      level: 'remote',
      what: 'the Host header of the request',
    },
    {
      on: 'read',
      paths: [`${REQUEST}.uri`, `${REQUEST}.path`],
      level: 'remote',
      what: 'the path of the request',
    },
    { on: 'read', paths: [`${REQUEST}.cookies`], level: 'remote', what: 'a cookie of the request' },
    {
      on: 'read',
      paths: [`${REQUEST}.files`],
      level: 'remote',
      what: 'an uploaded file of the request',
      marks: ['path', 'upload'],
    },
    { on: 'call', paths: [`${REQUEST}.full_url`], level: 'remote', what: 'the address of the request' },
    {
      on: 'call',
      paths: [
        'jupyter_server.base.handlers.JupyterHandler.get_json_body',
        'notebook.base.handlers.IPythonHandler.get_json_body',
      ],
      level: 'remote',
      what: 'the JSON body of the request',
      marks: ['json'],
    },
    {
      on: 'read',
      paths: ['tornado.httpclient.HTTPResponse.body'],
      level: 'stored',
      what: 'the response of another server',
    },
  ],
  sinks: [
    // A dict is written as JSON; text is HTML unless set_header says otherwise.
    { kind: 'html', paths: [`${HANDLER}.write`, `${HANDLER}.finish`], arguments: [at(0, 'chunk')] },
    {
      kind: 'response',
      paths: [`${HANDLER}.write`, `${HANDLER}.finish`, 'tornado.web.HTTPError'],
      arguments: '*',
    },
    { kind: 'redirect', paths: [`${HANDLER}.redirect`], arguments: [at(0, 'url')] },
    {
      kind: 'header',
      paths: [`${HANDLER}.set_header`, `${HANDLER}.add_header`],
      arguments: [at(0, 'name'), at(1, 'value')],
    },
    { kind: 'cookie-name', paths: [`${HANDLER}.set_cookie`], arguments: [at(0, 'name')] },
    { kind: 'cookie-value', paths: [`${HANDLER}.set_cookie`], arguments: [at(1, 'value')] },
    { kind: 'template', paths: ['tornado.template.Template'], arguments: [at(0, 'template_string')] },
    { kind: 'template', paths: ['tornado.template.DictLoader'], arguments: [at(0, 'dict')] },
    {
      kind: 'url',
      paths: [
        'tornado.httpclient.AsyncHTTPClient.fetch',
        'tornado.httpclient.HTTPClient.fetch',
        'tornado.httpclient.HTTPRequest',
        'tornado.simple_httpclient.SimpleAsyncHTTPClient.fetch',
      ],
      arguments: [at(0, 'url'), { name: 'request' }],
    },
    { kind: 'url', paths: ['tornado.websocket.websocket_connect'], arguments: [at(0, 'url')] },
    { kind: 'program', paths: ['tornado.process.Subprocess'], arguments: [at(0)], element: 'first' },
  ],
  sanitizers: [
    { paths: ['tornado.escape.xhtml_escape'], kinds: ['html', 'mail-html', 'xml'] },
    { paths: ['tornado.escape.url_escape'], kinds: ['html', 'header', 'log', 'redirect', 'path', 'url'] },
    { paths: [`${HANDLER}.render_string`, `${HANDLER}.reverse_url`], kinds: ['html', 'redirect'] },
  ],
  propagators: [
    {
      paths: [
        'tornado.escape.xhtml_escape',
        'tornado.escape.xhtml_unescape',
        'tornado.escape.url_escape',
        'tornado.escape.url_unescape',
        'tornado.escape.json_decode',
        'tornado.escape.json_encode',
        'tornado.escape.native_str',
        'tornado.escape.to_unicode',
        'tornado.escape.utf8',
        'tornado.escape.squeeze',
      ],
    },
    // The arguments end up behind the question mark.
    { paths: ['tornado.httputil.url_concat'], from: [at(0, 'url')] },
  ],
  handlers: [
    {
      what: 'Tornado handler',
      level: 'remote',
      classes: [HANDLER],
      methods: ['get', 'post', 'put', 'patch', 'delete', 'head', 'options', 'prepare'],
      others: 'tainted',
      othersWhat: 'a path parameter',
    },
    {
      what: 'Tornado websocket handler',
      level: 'remote',
      classes: ['tornado.websocket.WebSocketHandler'],
      methods: ['on_message', 'open'],
      others: 'tainted',
      othersWhat: 'a message of the client',
    },
  ],
};
