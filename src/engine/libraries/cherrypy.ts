import { at, type Library } from './library.ts';

/** CherryPy: what an exposed method returns is a page. */
export const cherrypy: Library = {
  name: 'CherryPy',
  docs: 'https://docs.cherrypy.dev/en/latest/pkg/cherrypy._cprequest.html',
  attributes: {
    'cherrypy.request': 'cherrypy._cprequest.Request',
    'cherrypy.response.headers': 'cherrypy.ResponseHeaders',
    'cherrypy.session': 'cherrypy.lib.sessions.Session',
  },
  sources: [
    // https://docs.cherrypy.dev/en/latest/pkg/cherrypy._cprequest.html
    {
      on: 'read',
      paths: ['params', 'body', 'json', 'rfile', 'query_string'].map(
        (name) => `cherrypy._cprequest.Request.${name}`,
      ),
      level: 'remote',
      what: 'a parameter of the request',
    },
    {
      on: 'read',
      paths: ['headers', 'header_list'].map((name) => `cherrypy._cprequest.Request.${name}`),
      level: 'remote',
      what: 'a header of the request',
    },
    {
      on: 'read',
      paths: ['cherrypy._cprequest.Request.cookie'],
      level: 'remote',
      what: 'a cookie of the request',
    },
    {
      on: 'read',
      paths: ['cherrypy._cprequest.Request.path_info', 'cherrypy._cprequest.Request.request_line'],
      level: 'remote',
      what: 'the path of the request',
    },
  ],
  sinks: [
    {
      kind: 'redirect',
      paths: ['cherrypy.HTTPRedirect', 'cherrypy.InternalRedirect'],
      arguments: [at(0, 'urls')],
    },
    { kind: 'header', on: 'item', paths: ['cherrypy.ResponseHeaders'], arguments: [at(0), at(1)] },
    {
      kind: 'path',
      paths: [
        'cherrypy.lib.static.serve_file',
        'cherrypy.lib.static.serve_download',
        'cherrypy.lib.static.staticfile',
      ],
      arguments: [at(0, 'path')],
    },
    {
      kind: 'session',
      on: 'item',
      paths: ['cherrypy.lib.sessions.Session', 'cherrypy.session'],
      arguments: [at(1)],
    },
  ],
  handlers: [
    {
      what: 'CherryPy page',
      level: 'remote',
      decorators: ['cherrypy.expose'],
      others: 'tainted',
      othersWhat: 'a parameter of the request',
      returns: 'html',
    },
  ],
};
