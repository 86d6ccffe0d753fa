import { code, text } from '../finding.ts';
import type { Report, Rule } from './rule.ts';
import type { CallView } from './views.ts';

export const testReachesNetwork: Rule = {
  id: 'test-reaches-network',
  title: 'Test that reaches a real server',
  cwe: [441, 918],
  aspect: 'isolation',
  kind: 'advisory',
  severity: 'low',
  rows: [125],
  summary:
    'A test that sends a request to a host of the internet, in a file where nothing stands in for the network (`responses`, `requests_mock`, `respx`, `httpretty`, `vcr`, `aioresponses`, `mock.patch`, `monkeypatch`). Listed in the summary only. Reserved names such as `example.com` and addresses of this machine are left out.',
  why: 'The test tells somebody else what runs here, fails when they are away, and does what they answer.',
  fix: "Let `responses`, `respx` or a server of the test's own answer instead.",
  references: ['https://github.com/getsentry/responses', 'https://www.rfc-editor.org/rfc/rfc2606'],
  roles: {
    test: 'same',
    production: 'silent',
    command: 'silent',
    settings: 'silent',
    migration: 'silent',
    example: 'silent',
  },
  calls: [
    {
      paths: [
        ...['get', 'post', 'put', 'patch', 'delete', 'head', 'options', 'request'].flatMap((method) => [
          `requests.${method}`,
          `httpx.${method}`,
        ]),
        'urllib.request.urlopen',
        'urllib.request.urlretrieve',
        'socket.create_connection',
      ],
      check,
    },
  ],
  examples: {
    bad: [
      {
        title: 'a real host',
        path: 'test_download.py',
        code: `
import requests

def test_download():
    answer = requests.get('https://pypi.org/simple/')  # report
    assert answer.ok
`,
      },
    ],
    good: [
      {
        title: "a server of one's own, reserved names, stand-ins",
        path: 'test_download.py',
        code: `
import requests

def test_download(server):
    requests.get('http://localhost:8000/')
    requests.get('http://127.0.0.1/')
    requests.get('https://example.com/')
    requests.get('https://shop.test/')
    requests.get(server.url + '/a')
`,
      },
      {
        title: 'the network is stubbed',
        path: 'test_other.py',
        code: `
import requests
import responses

@responses.activate
def test_download():
    responses.add(responses.GET, 'https://pypi.org/simple/', body='')
    requests.get('https://pypi.org/simple/')
`,
      },
    ],
  },
};

const STANDS_IN =
  /\b(responses|requests_mock|respx|httpretty|vcr|aioresponses|patch|monkeypatch|mocker|pook|httmock|betamax|MockTransport|nock)\b/;
const LOCAL =
  /^(localhost|127\.|0\.0\.0\.0|\[?::1|10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|169\.254\.|host\.docker\.internal)|(^|\.)(example|test|invalid|localhost|local|internal)$|(^|\.)example\.(com|org|net|edu)$|^[^.]+$/i;

function check(call: CallView): Report | undefined {
  if (STANDS_IN.test(call.module.text)) return undefined;
  const position = call.name === 'request' ? 1 : 0;
  const address = call.argument(position, 'url');
  const host = hostOf(address?.template ?? '') ?? address?.elements?.[0]?.constant;
  if (typeof host !== 'string' || host === '' || LOCAL.test(host)) return undefined;
  return {
    quiet: true,
    message: text`The test reaches ${code(host)} in ${call.quote(call.node.func)}.`,
    at: call.node,
  };
}

function hostOf(address: string): string | undefined {
  return /^[a-z]+:\/\/([^/:?#\0]+)(?=[/:?#]|$)/i.exec(address)?.[1];
}
