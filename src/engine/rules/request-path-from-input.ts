import { text } from '../finding.ts';
import { ADDRESS_FIRST, ADDRESS_SECOND, URLLIB_OPENERS, verbsOf } from '../libraries/http-requests.ts';
import type { Reports, Rule } from './rule.ts';
import { calledAs } from './support/called-as.ts';
import type { CallView } from './views.ts';

/** What stands before a value that is put behind the host: the host itself, or something that is known to hold it. */
const BEHIND_HOST = /^(?:\w+:\/\/[^/?#\0]+|\0)?\/(?!\/)|^\w+:\/\/[^/?#\0]+\?/;
const IN_QUERY = /[?#]/;

/** The beginning of the address up to the first value behind the host; undefined where there is none. */
function beforeValue(template: string): string | undefined {
  for (let at = template.indexOf('\0'); at >= 0; at = template.indexOf('\0', at + 1)) {
    const before = template.slice(0, at);
    if (BEHIND_HOST.test(before)) return before;
  }
  return undefined;
}

function check(call: CallView, position: number): Reports {
  const value = call.argument(position, 'url');
  if (value?.template === undefined || !value.template.includes('\0')) return undefined;
  const source = value.sources.find(({ level }) => level === 'remote');
  // Whoever decides the host is reported by other rules; what is percent-encoded cannot break a header either.
  if (!source || value.reaches('url') || !value.reaches('header')) return undefined;
  const before = beforeValue(value.template);
  if (before === undefined) return undefined;
  return {
    at: call.node,
    quiet: true,
    message: text`The ${IN_QUERY.test(before) ? 'query' : 'path'} of the address in ${calledAs(call)} holds ${source.what} (${source.code}) that is not encoded.`,
    steps: [{ at: source.at, text: text`${source.what}` }],
  };
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
      check: (call) => check(call, 0),
    },
    { paths: [...ADDRESS_SECOND, 'aiohttp.ClientSession.request'], check: (call) => check(call, 1) },
  ],
  examples: {
    bad: [
      {
        title: 'a fixed host',
        code: `
import aiohttp
import requests
from django.conf import settings
from django.http import JsonResponse

def user(request):
    name = request.GET['name']
    requests.get(f'https://api.internal/users/{name}', timeout=5)  # report
    requests.request('GET', settings.API_URL + '/users/' + name, timeout=5)  # report
    requests.post('https://api.internal/find?user=%s' % name, timeout=5)  # report
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
