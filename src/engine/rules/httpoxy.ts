import { text } from '../finding.ts';
import type { Rule } from './rule.ts';

export const httpoxy: Rule = {
  id: 'httpoxy',
  title: 'CGI handler that takes a proxy from the request',
  cwe: [807, 284],
  aspect: 'network',
  kind: 'advisory',
  severity: 'low',
  rows: [91],
  summary:
    'An application run as CGI (`wsgiref.handlers.CGIHandler`, `twisted.web.twcgi.CGIScript`): the header `Proxy` of a request becomes the variable `HTTP_PROXY`, which HTTP clients take for the proxy to use.',
  why: 'Whoever sends the header can read and answer the requests that the application makes to others.',
  fix: 'Run the application behind WSGI or ASGI; or take the header away in the web server, and `HTTP_PROXY` out of the environment.',
  references: [
    'https://httpoxy.org/',
    'https://docs.python.org/3/library/wsgiref.html#wsgiref.handlers.CGIHandler',
  ],
  calls: [
    {
      paths: [
        'wsgiref.handlers.CGIHandler',
        'wsgiref.handlers.IISCGIHandler',
        'twisted.web.twcgi.CGIScript',
        'twisted.web.twcgi.CGIDirectory',
      ],
      check: (call) => ({
        message: text`With ${call.quote(call.node)}, the header ${{ code: 'Proxy' }} of a request sets the proxy of the requests that the application makes.`,
        at: call.node,
      }),
    },
  ],
  examples: {
    bad: [
      {
        title: 'wsgiref',
        code: `
from wsgiref.handlers import CGIHandler

def main(app):
    CGIHandler().run(app)  # report
`,
      },
    ],
    good: [
      {
        title: 'a server',
        code: `
from wsgiref.simple_server import make_server

def main(app):
    make_server('127.0.0.1', 8000, app).serve_forever()
`,
      },
    ],
  },
};
