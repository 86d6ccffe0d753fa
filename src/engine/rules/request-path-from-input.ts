import { text } from '../finding.ts';
import { ADDRESS_FIRST, ADDRESS_SECOND, URLLIB_OPENERS, verbsOf } from '../libraries/http-requests.ts';
import type { Report, Reports, Rule } from './rule.ts';
import { calledAs } from './support/called-as.ts';
import type { CallView, SourceView, ValueView } from './views.ts';

/** What stands before a value that is put behind the host: the host itself, or something that is known to hold it. */
const BEHIND_HOST = /^(?:\w+:\/\/[^/?#\0]+|\0)?\/(?!\/)|^\w+:\/\/[^/?#\0]+\?/;
const IN_QUERY = /[?#]/;

/** What has a host of its own: https://docs.python.org/3/library/http.client.html#httpconnection-objects */
const CONNECTIONS = [
  'http.client.HTTPConnection.request',
  'http.client.HTTPConnection.putrequest',
  'urllib3.HTTPConnectionPool.request',
  'urllib3.HTTPConnectionPool.urlopen',
];

/** The beginning of the address up to the first value behind the host; undefined where there is none. */
function beforeValue(template: string): string | undefined {
  for (let at = template.indexOf('\0'); at >= 0; at = template.indexOf('\0', at + 1)) {
    const before = template.slice(0, at);
    if (BEHIND_HOST.test(before)) return before;
  }
  return undefined;
}

/** Outside input in an argument, that does not decide the host and is not percent-encoded: that cannot break a header either. */
function sourceIn(value: ValueView | undefined): SourceView | undefined {
  const source = value?.sources.find(({ level }) => level === 'remote');
  return source && !value?.reaches('url') && value?.reaches('header') ? source : undefined;
}

function report(call: CallView, source: SourceView, part: 'path' | 'query'): Report {
  return {
    at: call.node,
    quiet: true,
    message: text`The ${part} of the address in ${calledAs(call)} holds ${source.what} (${source.code}) that is not encoded.`,
    steps: [{ at: source.at, text: text`${source.what}` }],
  };
}

function checkAddress(call: CallView, position: number): Reports {
  const value = call.argument(position, 'url');
  if (!value?.template?.includes('\0')) return undefined;
  const source = sourceIn(value);
  const before = source && beforeValue(value.template);
  return before === undefined ? undefined : report(call, source!, IN_QUERY.test(before) ? 'query' : 'path');
}

/** `connection.request('GET', path)`, where the connection knows its host. */
function checkPath(call: CallView): Reports {
  const value = call.argument(1, 'url');
  const source = value?.sources.find(({ level }) => level === 'remote');
  return source && value?.reaches('header') ? report(call, source, 'path') : undefined;
}

export const requestPathFromInput: Rule = {
  id: 'request-path-from-input',
  title: 'Outside input in the path of a request',
  cwe: [918, 441],
  aspect: 'network',
  kind: 'advisory',
  severity: 'low',
  rows: [37],
  summary:
    'Outside input that is written into the path or the query of a request which the server makes, without being encoded. The host is fixed; where the input decides it, `server-side-request-forgery` reports it.',
  why: 'With `../`, `?` and `#` the sender reaches other paths of the same host than the code has in mind, with the rights of the server; with `&` he adds parameters.',
  fix: 'Encode what becomes one piece of the path (`quote(value, safe="")`) and refuse `.` and `..`; give parameters in `params`.',
  references: [
    'https://cheatsheetseries.owasp.org/cheatsheets/Server_Side_Request_Forgery_Prevention_Cheat_Sheet.html',
    'https://docs.python.org/3/library/urllib.parse.html#urllib.parse.quote',
  ],
  roles: { test: 'silent', example: 'silent' },
  calls: [
    {
      paths: [...ADDRESS_FIRST, ...URLLIB_OPENERS, ...verbsOf('aiohttp.ClientSession')],
      check: (call) => checkAddress(call, 0),
    },
    { paths: [...ADDRESS_SECOND, 'aiohttp.ClientSession.request'], check: (call) => checkAddress(call, 1) },
    { paths: CONNECTIONS, check: checkPath },
  ],
  examples: {
    bad: [
      {
        title: 'a fixed host',
        code: `
import http.client
import requests
from django.conf import settings
from django.http import JsonResponse

def user(request):
    name = request.GET['name']
    requests.get(f'https://api.internal/users/{name}', timeout=5)  # report
    requests.request('GET', settings.API_URL + '/users/' + name, timeout=5)  # report
    requests.post('https://api.internal/find?user=%s' % name, timeout=5)  # report
    http.client.HTTPSConnection('api.internal').request('GET', '/users/' + name)  # report
    return JsonResponse({})
`,
      },
    ],
    good: [
      {
        title: 'encoded, a parameter, a number',
        code: `
from urllib.parse import quote
import requests
from django.http import JsonResponse

def user(request):
    name = request.GET['name']
    requests.get('https://api.internal/users/' + quote(name, safe=''), timeout=5)
    requests.get('https://api.internal/users', params={'name': name}, timeout=5)
    requests.get(f'https://api.internal/users/{int(name)}', timeout=5)
    requests.get('https://api.internal/users/1', headers={'X-Name': name}, timeout=5)
    return JsonResponse({})
`,
      },
    ],
  },
};
