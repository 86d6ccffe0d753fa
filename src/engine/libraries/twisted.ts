import { at, type Library, named } from './library.ts';

const TWISTED = 'twisted.web.http.Request';

/** Twisted: its web server and its protocols. */
export const twisted: Library = {
  name: 'Twisted, Klein',
  docs: 'https://docs.twisted.org/en/stable/api/twisted.web.http.Request.html',
  aliases: {
    'twisted.web.server.Request': TWISTED,
    'klein.Klein': 'klein.app.Klein',
  },
  sources: [
    // https://docs.twisted.org/en/stable/api/twisted.web.http.Request.html
    { on: 'read', paths: [`${TWISTED}.args`], level: 'remote', what: 'a parameter of the request' },
    { on: 'read', paths: [`${TWISTED}.content`], level: 'remote', what: 'the body of the request' },
    {
      on: 'read',
      paths: [`${TWISTED}.uri`, `${TWISTED}.path`, `${TWISTED}.prepath`, `${TWISTED}.postpath`],
      level: 'remote',
      what: 'the path of the request',
    },
    {
      on: 'read',
      paths: [`${TWISTED}.requestHeaders`, `${TWISTED}.received_headers`],
      level: 'remote',
      what: 'a header of the request',
    },
    { on: 'read', paths: [`${TWISTED}.received_cookies`], level: 'remote', what: 'a cookie of the request' },
    {
      on: 'call',
      paths: [
        `${TWISTED}.getHeader`,
        `${TWISTED}.getAllHeaders`,
        `${TWISTED}.getUser`,
        `${TWISTED}.getPassword`,
      ],
      level: 'remote',
      what: 'a header of the request',
    },
    { on: 'call', paths: [`${TWISTED}.getCookie`], level: 'remote', what: 'a cookie of the request' },
    {
      on: 'call',
      paths: [`${TWISTED}.getRequestHostname`],
      level: 'remote',
      what: 'the Host header of the request',
    },
  ],
  sinks: [
    { kind: 'html', paths: [`${TWISTED}.write`], arguments: [at(0, 'data')] },
    { kind: 'response', paths: [`${TWISTED}.write`], arguments: [at(0, 'data')] },
    { kind: 'redirect', paths: [`${TWISTED}.redirect`], arguments: [at(0, 'url')] },
    {
      kind: 'redirect',
      paths: ['twisted.web.util.Redirect', 'twisted.web.util.redirectTo'],
      arguments: [at(0, 'url')],
    },
    {
      kind: 'header',
      paths: [
        `${TWISTED}.setHeader`,
        `${TWISTED}.responseHeaders.setRawHeaders`,
        `${TWISTED}.responseHeaders.addRawHeader`,
      ],
      arguments: [at(0), at(1)],
    },
    { kind: 'cookie-name', paths: [`${TWISTED}.addCookie`], arguments: [at(0, 'k')] },
    { kind: 'cookie-value', paths: [`${TWISTED}.addCookie`], arguments: [at(1, 'v')] },
    {
      kind: 'path',
      paths: ['twisted.web.static.File', 'twisted.python.filepath.FilePath'],
      arguments: [at(0, 'path')],
    },
    {
      kind: 'program',
      paths: ['twisted.internet.reactor.spawnProcess', 'twisted.internet.utils.getProcessOutput'],
      arguments: [at(1, 'executable')],
    },
    {
      kind: 'argument',
      paths: ['twisted.internet.reactor.spawnProcess'],
      arguments: [at(2, 'args')],
      element: 'rest',
    },
    { kind: 'url', paths: ['twisted.web.client.Agent.request'], arguments: [at(1, 'uri')] },
    {
      kind: 'url',
      paths: ['twisted.web.client.getPage', 'twisted.web.client.downloadPage'],
      arguments: [at(0, 'url')],
    },
  ],
  sanitizers: [
    { paths: ['twisted.web.html.escape'], kinds: ['html', 'mail-html', 'xml'] },
    {
      paths: [
        'twisted.python.filepath.FilePath.child',
        'twisted.python.filepath.FilePath.preauthChild',
        'twisted.python.filepath.FilePath.descendant',
      ],
      kinds: ['path'],
    },
  ],
  handlers: [
    {
      what: 'Twisted resource',
      level: 'remote',
      classes: ['twisted.web.resource.Resource'],
      methods: ['render', 'render_GET', 'render_POST', 'render_PUT', 'render_DELETE', 'getChild'],
      parameters: [
        { at: named('request'), type: TWISTED },
        { at: named('req'), type: TWISTED },
      ],
      others: 'tainted',
      othersWhat: 'a path segment',
      returns: 'html',
    },
    {
      what: 'Twisted protocol',
      level: 'remote',
      classes: [
        'twisted.internet.protocol.Protocol',
        'twisted.protocols.basic.LineReceiver',
        'twisted.internet.protocol.DatagramProtocol',
      ],
      methods: ['dataReceived', 'lineReceived', 'rawDataReceived', 'stringReceived', 'datagramReceived'],
      others: 'tainted',
      othersWhat: 'bytes from a socket',
    },
    {
      what: 'Klein route',
      level: 'remote',
      decorators: ['klein.app.Klein.route', 'klein.route'],
      parameters: [{ at: named('request'), type: TWISTED }],
      others: 'tainted',
      othersWhat: 'a path parameter',
      returns: 'html',
    },
  ],
};
