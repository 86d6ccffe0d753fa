import { code, text } from '../finding.ts';
import type { Rule } from './rule.ts';
import { calledAs } from './support/called-as.ts';

export const urlSchemeNotRestricted: Rule = {
  id: 'url-scheme-not-restricted',
  title: 'urllib opens addresses of any scheme',
  cwe: [939, 22],
  aspect: 'network',
  kind: 'advisory',
  severity: 'low',
  rows: [38],
  summary:
    '`urllib.request.urlopen`, `urlretrieve` or `URLopener` with an address whose scheme the code does not fix.',
  why: '`file:///etc/passwd` and `ftp:` addresses work as well as `https:` ones; where the address comes from a file or a setting, local files can be read through it.',
  fix: 'Check that the address begins with `https://`, or use a client that speaks HTTP only, such as `requests` or `httpx`.',
  references: ['https://docs.python.org/3/library/urllib.request.html'],
  roles: { test: 'silent', example: 'silent', command: 'silent' },
  calls: [
    {
      paths: [
        'urllib.request.urlopen',
        'urllib.request.urlretrieve',
        'urllib.request.URLopener.open',
        'urllib.request.URLopener.retrieve',
      ],
      check: (call) => {
        const url = call.argument(0, 'url');
        const node = call.argumentNode(0, 'url');
        if (!url || !node || url.constants || url.isA('urllib.request.Request')) return undefined;
        if (url.template !== undefined && /^[a-z+]+:/i.test(url.template)) return undefined;
        if (url.sources.some((source) => source.level === 'remote')) return undefined;
        if (/\.startswith\(\s*\(?\s*["']https?:/.test(call.module.text)) return undefined;
        return {
          at: call.node,
          quiet: true,
          message: text`${calledAs(call)} opens ${call.quote(node)} whatever its scheme is, ${code('file:')} included.`,
        };
      },
    },
  ],
  examples: {
    bad: [
      {
        title: 'an address that is passed in',
        code: `
from urllib.request import urlopen

def download(url):
    return urlopen(url).read()  # report
`,
      },
    ],
    good: [
      {
        title: 'a known or checked scheme',
        code: `
from urllib.request import urlopen

def latest(name):
    return urlopen('https://pypi.org/pypi/%s/json' % name).read()
`,
      },
      {
        title: 'checked',
        code: `
from urllib.request import urlopen

def download(url):
    if not url.startswith('https://'):
        raise ValueError(url)
    return urlopen(url).read()
`,
      },
    ],
  },
};
