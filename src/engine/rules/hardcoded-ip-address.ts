import { code, text } from '../finding.ts';
import type { Rule } from './rule.ts';
import type { StringView } from './views.ts';

export const hardcodedIpAddress: Rule = {
  id: 'hardcoded-ip-address',
  title: 'IP address written in the code',
  cwe: [547],
  aspect: 'configuration',
  kind: 'advisory',
  severity: 'low',
  rows: [75],
  summary:
    'A literal that is the address of one host. Loopback, unspecified, broadcast, documentation and multicast addresses, networks, and versions that look like addresses are not reported. Always quiet: it stands in the summary only.',
  why: 'The address cannot be changed without a release, tells others about the network, and points at someone else when it is given away.',
  fix: 'Read the address from the configuration, or use a name.',
  references: ['https://datatracker.ietf.org/doc/html/rfc5737'],
  roles: { test: 'silent', example: 'silent', command: 'same' },
  on: {
    string: (view) => {
      const address = addressIn(view);
      return address === undefined
        ? undefined
        : {
            message: text`The address ${code(address)} is written in the code.`,
            at: view.node,
            quiet: true,
            confidence: 'low',
          };
    },
  },
  examples: {
    bad: [
      {
        title: 'a host',
        code: `
import socket

def connect():
    return socket.create_connection(('52.84.13.7', 443))  # report

API = 'http://10.20.30.40:8080/api'  # report
`,
      },
    ],
    good: [
      {
        title: 'not one host, or none at all',
        code: `
import socket

LOCAL = '127.0.0.1'
ANY = '0.0.0.0'
NETWORK = '10.0.0.0/8'
EXAMPLE = '192.0.2.10'
VERSION = 'Chrome/114.0.5735.90'
OID = '1.3.6.1'
MASK = '255.255.255.0'
__version__ = '1.2.3.4'
METADATA = 'http://169.254.169.254/latest'
`,
      },
    ],
  },
};

const ADDRESS = /^(?:[a-z+]+:\/\/)?((?:\d{1,3}\.){3}\d{1,3})(?::\d+)?(?:\/(?!\d{1,2}$).*)?$/i;

function addressIn(view: StringView): string | undefined {
  if (view.isDocstring || view.node.kind !== 'Str' || view.value.length > 200) return undefined;
  const address = ADDRESS.exec(view.value)?.[1];
  if (!address) return undefined;
  const parts = address.split('.').map(Number);
  const [a = 0, b = 0, c = 0, d = 0] = parts;
  if (parts.some((part) => part > 255) || a === 0 || a === 127 || a >= 224 || d === 0 || d === 255)
    return undefined;
  if (a === 169 && b === 254) return undefined;
  // Documentation (RFC 5737) and what versions and object identifiers look like.
  if (
    (a === 192 && b === 0 && c === 2) ||
    (a === 198 && b === 51) ||
    (a === 203 && b === 0 && c === 113) ||
    a < 5
  )
    return undefined;
  const line = lineOf(view);
  return /version|oid|mask/i.test(line) ? undefined : address;
}

function lineOf(view: StringView): string {
  const source = view.module.text;
  return source.slice(source.lastIndexOf('\n', view.node.start - 1) + 1, view.node.start);
}
