import { text } from '../finding.ts';
import type { Rule } from './rule.ts';
import type { CompareView, ValueView } from './views.ts';

const FORWARDED =
  /x[-_]forwarded[-_]for|x[-_]real[-_]ip|x[-_]client[-_]ip|true[-_]client[-_]ip|x[-_]originating[-_]ip/i;
const ADDRESS = /^(?:\d{1,3}\.){1,3}\d{0,3}|^::1$|^localhost$|^fe80|^fd/;
const ADDRESS_LIST = /ip|addr|host|trust|allow|white|internal|admin|local/i;

function isHeader(view: CompareView, value: ValueView, source: string): boolean {
  const fromHeader = value.sources.some(
    (one) => one.level === 'remote' && one.what === 'a header of the request',
  );
  if (!fromHeader || FORWARDED.test(source)) return fromHeader;
  // `ip = request.headers['X-Forwarded-For']` further up.
  const around = view.function ?? view.module;
  const name = /^\w+$/.exec(source)?.[0];
  if (name === undefined) return false;
  const assigned = new RegExp(`\\b${name}\\s*=[^\\n]*(?:${FORWARDED.source})`, 'i');
  return assigned.test(around.sourceOf(around.node));
}

function isAddress(value: ValueView, source: string): boolean {
  if (typeof value.constant === 'string') return ADDRESS.test(value.constant);
  const elements = value.elements ?? [];
  if (elements.length > 0)
    return elements.every((one) => typeof one.constant === 'string' && ADDRESS.test(one.constant));
  return ADDRESS_LIST.test(source);
}

export const clientAddressSpoofing: Rule = {
  id: 'client-address-spoofing',
  title: 'Access by an address that the client writes',
  cwe: [348, 290],
  aspect: 'access',
  kind: 'defect',
  severity: 'high',
  rows: [83],
  summary: 'The address in `X-Forwarded-For` or a header like it is compared with trusted addresses.',
  why: 'The client writes the header: `X-Forwarded-For: 127.0.0.1` passes the check.',
  fix: 'Use the address of the connection (`request.remote_addr`), with a proxy middleware that is told how many proxies to trust (`werkzeug.middleware.proxy_fix.ProxyFix`).',
  references: [
    'https://werkzeug.palletsprojects.com/en/stable/middleware/proxy_fix/',
    'https://cwe.mitre.org/data/definitions/348.html',
  ],
  on: {
    compare: (view) => {
      if (!['==', '!=', 'in', 'not in'].includes(view.op)) return undefined;
      const left = view.sourceOf(view.leftNode);
      const right = view.sourceOf(view.rightNode);
      const matches =
        (isHeader(view, view.left, left) && isAddress(view.right, right)) ||
        (isHeader(view, view.right, right) && isAddress(view.left, left));
      if (!matches) return undefined;
      return {
        at: view.node,
        message: text`${view.quote(view.node)} trusts an address that the client itself writes into a header.`,
      };
    },
  },
  examples: {
    bad: [
      {
        title: 'an internal page',
        code: `
from flask import Flask, abort, request

app = Flask(__name__)
ADMIN_IPS = {'10.0.0.1', '10.0.0.2'}

@app.route('/internal')
def internal():
    if request.headers.get('X-Forwarded-For') != '127.0.0.1':  # report
        abort(403)
    return ''

@app.route('/admin')
def admin():
    client_ip = request.headers.get('X-Real-IP', request.remote_addr)
    if client_ip not in ADMIN_IPS:  # report
        abort(403)
    return ''
`,
      },
    ],
    good: [
      {
        title: 'the address of the connection, or another use',
        code: `
from flask import Flask, abort, request

app = Flask(__name__)
ADMIN_IPS = {'10.0.0.1', '10.0.0.2'}

@app.route('/admin')
def admin():
    if request.remote_addr not in ADMIN_IPS:
        abort(403)
    if request.headers.get('X-Forwarded-Proto') == 'https':
        return ''
    return request.headers.get('Accept') == 'text/plain' and '' or 'x'
`,
      },
    ],
  },
};
