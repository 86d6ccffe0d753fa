import { code, text } from '../finding.ts';
import type { Report, Rule } from './rule.ts';
import type { AssignmentView, CallView, ValueView } from './views.ts';

export const bindAllInterfaces: Rule = {
  id: 'bind-all-interfaces',
  title: 'Listens on all interfaces',
  cwe: [605, 668],
  aspect: 'network',
  kind: 'advisory',
  severity: 'low',
  rows: [90, 126],
  summary:
    'A server that listens on every address of the machine: `bind` to `0.0.0.0`, `::` or the empty address, or a `run` of a web framework with such a host. In tests too, where the fixture is then reachable from outside.',
  why: 'Development servers, debuggers and internal services become reachable from networks that they were not meant for. In a container it may be just what is needed.',
  fix: 'Listen on `127.0.0.1`, or on the one address that is meant; where all are meant, say so in the configuration of the deployment.',
  references: [
    'https://docs.python.org/3/library/socket.html#socket-families',
    'https://flask.palletsprojects.com/en/stable/api/#flask.Flask.run',
  ],
  roles: { test: 'advisory' },
  calls: [
    { paths: [], names: ['run', 'bind', 'listen', 'create_server'], check: checkBind },
    {
      paths: [
        'flask.Flask.run',
        'quart.Quart.run',
        'sanic.Sanic.run',
        'bottle.run',
        'bottle.Bottle.run',
        'uvicorn.run',
        'uvicorn.Config',
        'hypercorn.run',
        'waitress.serve',
        'aiohttp.web.run_app',
        'aiohttp.web.TCPSite',
        'werkzeug.serving.run_simple',
        'wsgiref.simple_server.make_server',
        'dash.Dash.run',
        'dash.Dash.run_server',
        'asyncio.start_server',
        'websockets.serve',
        'websockets.asyncio.server.serve',
        'flask_socketio.SocketIO.run',
        'gradio.Interface.launch',
        'gradio.Blocks.launch',
        'gradio.ChatInterface.launch',
      ],
      check: (call) => checkHost(call),
    },
    {
      paths: [
        'http.server.HTTPServer',
        'http.server.ThreadingHTTPServer',
        'socketserver.TCPServer',
        'socketserver.ThreadingTCPServer',
        'socketserver.UDPServer',
        'socketserver.ThreadingUDPServer',
        'xmlrpc.server.SimpleXMLRPCServer',
        'gevent.pywsgi.WSGIServer',
        'gevent.server.StreamServer',
        'eventlet.listen',
        'socket.create_server',
        'multiprocessing.connection.Listener',
      ],
      check: (call) => checkAddress(call, call.argument(0)),
    },
  ],
  on: {
    assignment: {
      names: (name) => /(?:^|_)(?:host|bind|listen|interface|bind_address|listen_address)$/i.test(name),
      check: checkWritten,
    },
  },
  examples: {
    bad: [
      {
        title: 'sockets',
        code: `
import socket
import eventlet

def serve():
    s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    s.bind(('0.0.0.0', 8080))  # report
    t = socket.socket()
    t.bind(('', 9000))  # report
    return eventlet.listen(('::', 80))  # report
`,
      },
      {
        title: 'web servers',
        code: `
import uvicorn
from flask import Flask
from http.server import HTTPServer, SimpleHTTPRequestHandler

HOST = '0.0.0.0'  # report
app = Flask(__name__)

def main():
    app.run(host=HOST, port=8000)  # report
    uvicorn.run(app, host='0.0.0.0')  # report
    HTTPServer(('', 8000), SimpleHTTPRequestHandler).serve_forever()  # report
`,
      },
      {
        title: 'a fixture that others can reach',
        path: 'tests/fixtures.py',
        code: `
from http.server import HTTPServer

def api(handler):
    return HTTPServer(('0.0.0.0', 0), handler)  # report
`,
      },
    ],
    good: [
      {
        title: 'one address',
        code: `
import os
import socket
import uvicorn

def main(app, host):
    s = socket.socket()
    s.bind(('127.0.0.1', 8080))
    s.bind(('localhost', 0))
    s.bind((host, 80))
    s.bind('/run/app.sock')
    uvicorn.run(app, host=os.environ.get('HOST', '127.0.0.1'))
    uvicorn.run(app)
    query.bind(('', 1))
`,
      },
    ],
  },
};

const ALL: ReadonlySet<unknown> = new Set(['0.0.0.0', '::', '', '0', '::0', '0:0:0:0:0:0:0:0']);

function checkBind(call: CallView): Report | undefined {
  if (call.name === 'run') {
    const receiver = call.node.func.kind === 'Attribute' ? call.sourceOf(call.node.func.value) : '';
    return /(^|[._])(app|application|socketio)$/i.test(receiver) ? checkHost(call, 0) : undefined;
  }
  // Of loops of asyncio, and of Tornado's applications and servers.
  if (call.name === 'create_server') return checkHost(call, 1);
  if (call.name === 'listen')
    return call.argument(1, 'address')?.constant === '0.0.0.0' ? report(call) : undefined;
  const address = call.argument(0);
  // https://zeromq.org/socket-api/: `socket.bind('tcp://*:5555')`
  if (typeof address?.constant === 'string')
    return /^tcp:\/\/(\*|0\.0\.0\.0):/.test(address.constant) ? report(call) : undefined;
  const isSocket =
    call.receiver?.type?.startsWith('socket.') ||
    /(^|[._])(s|sock|socket|server|server_socket|listener|udp|tcp)\d*$/i.test(
      call.node.func.kind === 'Attribute' ? call.sourceOf(call.node.func.value) : '',
    );
  return isSocket ? checkAddress(call, address) : undefined;
}

function checkAddress(call: CallView, address: ValueView | undefined): Report | undefined {
  const [host, port] = address?.elements ?? [];
  if (!host || !ALL.has(host.constant)) return undefined;
  // Port 0 is whichever is free: such a socket mostly sends, and nobody knows where to send to it.
  return port?.constant === 0 ? { ...report(call), quiet: true } : report(call);
}

/** Where the host stands among the positional arguments. */
const HOST_POSITION: Readonly<Record<string, number>> = {
  'flask.Flask.run': 0,
  'werkzeug.serving.run_simple': 0,
  'wsgiref.simple_server.make_server': 0,
  'asyncio.start_server': 1,
  'websockets.serve': 1,
  'websockets.asyncio.server.serve': 1,
  'aiohttp.web.TCPSite': 1,
  'flask_socketio.SocketIO.run': 1,
};

function checkHost(call: CallView, position = HOST_POSITION[call.callee]): Report | undefined {
  const value = call.argument(position, call.callee.startsWith('gradio.') ? 'server_name' : 'host');
  const host = value?.constant;
  if (
    typeof value?.fallback?.constant === 'string' &&
    value.fallback.constant !== '' &&
    ALL.has(value.fallback.constant)
  )
    return { ...report(call), quiet: true };
  // An empty host means the default of most of these.
  return typeof host === 'string' && ALL.has(host) && (host !== '' || EMPTY_MEANS_ALL.has(call.callee))
    ? report(call)
    : undefined;
}

const EMPTY_MEANS_ALL: ReadonlySet<string> = new Set([
  'wsgiref.simple_server.make_server',
  'asyncio.start_server',
]);

/** `HOST = '0.0.0.0'`: where it is used need not show. */
function checkWritten(view: AssignmentView): Report | undefined {
  const address =
    view.valueNode.kind === 'Str' ? view.valueNode.value.replace(/^(0\.0\.0\.0):\d+$/, '$1') : '';
  if (address === '' || !ALL.has(address) || view.target === 'item') return undefined;
  return {
    message: text`${code(view.name)} means every address of the machine.`,
    at: view.valueNode,
    quiet: true,
  };
}

function report(call: CallView): Report {
  return { message: text`${call.quote(call.node)} listens on every address of the machine.`, at: call.node };
}
