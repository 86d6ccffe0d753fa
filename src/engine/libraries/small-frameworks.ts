import { at, type Library } from './library.ts';

const VERBS = ['get', 'post', 'put', 'patch', 'delete', 'head', 'options'];

/** Smaller web frameworks: web.py, Robyn, Hug. */
export const smallFrameworks: Library = {
  name: 'web.py, Robyn, Hug',
  docs: 'https://webpy.org/docs/0.3/api',
  attributes: {
    'web.ctx': 'web.webapi.Context',
  },
  neverReturns: ['web.redirect', 'web.seeother'],
  sources: [
    // https://webpy.org/docs/0.3/api
    {
      on: 'call',
      paths: ['web.input', 'web.data', 'web.webapi.input', 'web.cookies'],
      level: 'remote',
      what: 'a parameter of the request',
    },
    {
      on: 'read',
      paths: [
        'web.webapi.Context.env',
        'web.webapi.Context.query',
        'web.webapi.Context.path',
        'web.webapi.Context.fullpath',
        'web.webapi.Context.host',
      ],
      level: 'remote',
      what: 'the address of the request',
    },
  ],
  sinks: [
    {
      kind: 'redirect',
      paths: ['web.seeother', 'web.redirect', 'web.found', 'web.tempredirect'],
      arguments: [at(0, 'url')],
    },
    { kind: 'header', paths: ['web.header'], arguments: [at(0), at(1)] },
  ],
  sanitizers: [{ paths: ['web.websafe', 'web.net.websafe'], kinds: ['html', 'mail-html', 'xml'] }],
  handlers: [
    {
      // Groups of the pattern that leads to the class are arguments: `'/(.*)', 'Page'`.
      what: 'web.py page',
      level: 'remote',
      written: [
        {
          name: /^(?:GET|POST|PUT|DELETE)$/,
          parameters: [],
          anyOthers: true,
          isMethod: true,
          evidence: /^\s*import web$/m,
        },
      ],
      others: 'tainted',
      othersWhat: 'a part of the path',
    },
    {
      what: 'Robyn route',
      level: 'remote',
      decorators: ['robyn.Robyn', 'robyn.SubRouter'].flatMap((app) =>
        VERBS.map((method) => `${app}.${method}`),
      ),
      others: 'tainted',
      othersWhat: 'the request',
      returns: 'response',
    },
    {
      what: 'Hug route',
      level: 'remote',
      decorators: ['hug.get', 'hug.post', 'hug.put', 'hug.delete'],
      others: 'tainted',
      othersWhat: 'a parameter of the request',
      returns: 'response',
    },
  ],
};
