import { code, text } from '../finding.ts';
import { verbsOf } from '../libraries/http-requests.ts';
import type { Report, Rule } from './rule.ts';
import type { CallView } from './views.ts';

export const missingTimeout: Rule = {
  id: 'missing-timeout',
  title: 'Request that waits for ever',
  cwe: [400, 770],
  aspect: 'resources',
  kind: 'advisory',
  severity: 'low',
  rows: [56],
  summary:
    'A call of requests without `timeout`, which waits without end, and `timeout=None` in requests, HTTPX and aiohttp. HTTPX has a timeout by default.',
  why: 'A server that accepts the connection and never answers holds the thread, and with a few such calls the whole program.',
  fix: 'Give a time: `requests.get(url, timeout=10)`.',
  references: [
    'https://requests.readthedocs.io/en/latest/user/advanced/#timeouts',
    'https://www.python-httpx.org/advanced/timeouts/',
  ],
  roles: { test: 'silent', example: 'silent' },
  calls: [
    {
      paths: [...verbsOf('requests'), 'requests.request'],
      check: withoutLimit,
    },
    {
      paths: [...verbsOf('httpx'), 'httpx.request', 'httpx.Client', 'httpx.AsyncClient'],
      check: (call) => (call.argument(undefined, 'timeout')?.isNone ? noLimit(call) : undefined),
    },
    {
      paths: [...verbsOf('requests.Session'), 'requests.Session.request'],
      check: (call) =>
        // An adapter, or a class of its own, can give one to every request.
        call.receiver?.type !== 'requests.Session' || /\.mount\(/.test(call.module.text)
          ? undefined
          : withoutLimit(call),
    },
    {
      paths: ['aiohttp.ClientTimeout'],
      check: (call) =>
        call.argument(0, 'total')?.isNone && call.node.keywords.length + call.positionalCount === 1
          ? noLimit(call)
          : undefined,
    },
  ],
  examples: {
    bad: [
      {
        title: 'requests and HTTPX',
        code: `
import httpx
import requests

def fetch(url):
    a = requests.get(url)  # report
    b = requests.post(url, json={}, timeout=None)  # report
    with requests.Session() as session:
        session.get(url)  # report
    return a, b, httpx.get(url, timeout=None)  # report
`,
      },
    ],
    good: [
      {
        title: 'with a limit',
        code: `
import httpx
import requests

def fetch(url, timeout, **options):
    a = requests.get(url, timeout=5)
    b = requests.get(url, timeout=timeout)
    c = requests.get(url, **options)
    return a, b, c, httpx.get(url)
`,
      },
    ],
  },
};

function withoutLimit(call: CallView): Report | undefined {
  const timeout = call.argument(undefined, 'timeout');
  if (timeout ? !timeout.isNone : call.hasUnknownArguments) return undefined;
  return {
    message: text`${call.quote(call.node.func)} has no time limit.`,
    at: call.node,
    quiet: true,
    fix: { text: text`Add ${code('timeout=10')}, or what the caller can wait.` },
  };
}

function noLimit(call: CallView): Report {
  return { message: text`${call.quote(call.node)} has no time limit.`, at: call.node, quiet: true };
}
