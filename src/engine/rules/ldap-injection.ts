import { code, text } from '../finding.ts';
import type { Rule } from './rule.ts';
import { isPutIntoText } from './support/built-text.ts';
import { calledAs } from './support/called-as.ts';

/** Parameters that what somebody types at a log-in or a search comes in by. */
const NAMES_A_PERSON = /user|login|uid\b|mail|person|^name|search|query/i;

export const ldapInjection: Rule = {
  id: 'ldap-injection',
  title: 'LDAP injection',
  cwe: [90],
  aspect: 'injection',
  kind: 'defect',
  severity: 'high',
  rows: [12],
  summary:
    'Outside input in an LDAP search filter or distinguished name, with python-ldap, ldap3 or bonsai, that was not escaped for that place. The two places have different escapes. An advisory where a function puts what its callers pass into a filter.',
  why: 'Characters such as `*`, `(` and `,` change what is searched for: a log-in matches any user, or a search shows what it should not.',
  fix: 'Escape the value for its place: `escape_filter_chars` in a filter, `escape_dn_chars` (python-ldap) or `escape_rdn` (ldap3) in a distinguished name.',
  references: [
    'https://cheatsheetseries.owasp.org/cheatsheets/LDAP_Injection_Prevention_Cheat_Sheet.html',
    'https://www.python-ldap.org/en/latest/reference/ldap-filter.html',
    'https://ldap3.readthedocs.io/en/latest/searches.html',
  ],
  flow: {
    sinks: ['ldap-filter', 'ldap-dn'],
    levels: { remote: 'defect', caller: 'advisory' },
    accepts: (flow) => flow.source.level !== 'caller' || (flow.kind === 'ldap-filter' && isPutIntoText(flow)),
    isDoubtful: ({ source }) => source.level === 'caller' && !NAMES_A_PERSON.test(source.code.code),
    message: (flow) =>
      flow.kind === 'ldap-dn'
        ? text`${flow.origin} becomes part of the distinguished name in ${calledAs(flow)}.`
        : text`${flow.origin} becomes part of the search filter in ${calledAs(flow)}.`,
    fix: (flow) => {
      const isLdap3 = flow.sink.startsWith('ldap3.') || flow.module.imports('ldap3');
      if (flow.kind === 'ldap-dn') {
        return {
          text: text`Escape the value with ${code(isLdap3 ? 'ldap3.utils.dn.escape_rdn' : 'ldap.dn.escape_dn_chars')}.`,
        };
      }
      return {
        text: text`Escape the value with ${code(isLdap3 ? 'ldap3.utils.conv.escape_filter_chars' : 'ldap.filter.escape_filter_chars')}.`,
      };
    },
  },
  examples: {
    bad: [
      {
        title: 'python-ldap',
        code: `
import ldap
from flask import Flask, request

app = Flask(__name__)

@app.route('/user')
def user():
    unit = request.args['unit']
    name = request.args['name']
    connection = ldap.initialize('ldaps://ldap.example.com')
    base = 'ou=%s,dc=example,dc=com' % unit
    found = connection.search_s(base, ldap.SCOPE_SUBTREE, '(uid=%s)' % name)  # report
    return {'found': len(found)}
`,
      },
      {
        title: 'ldap3',
        code: `
from flask import Flask, request
from ldap3 import Connection, Server

app = Flask(__name__)

@app.route('/user')
def user():
    connection = Connection(Server('ldap.example.com', use_ssl=True), auto_bind=True)
    connection.search('dc=example,dc=com', f"(&(objectClass=person)(uid={request.args['name']}))")  # report
    return {'found': len(connection.entries)}
`,
      },
      {
        title: 'what the callers of a function pass',
        kind: 'advisory',
        code: `
import ldap

class Directory:
    def find(self, username):
        connection = ldap.initialize('ldaps://ldap.example.com')
        found = connection.search_s(self.base, ldap.SCOPE_SUBTREE, '(uid=%s)' % username)  # report
        return found[0] if found else None

    def members(self, search_filter):
        connection = ldap.initialize('ldaps://ldap.example.com')
        return connection.search_s(self.base, ldap.SCOPE_SUBTREE, search_filter)
`,
      },
      {
        title: 'the escape of the other place',
        code: `
import ldap
import ldap.dn
from flask import Flask, request

app = Flask(__name__)

@app.route('/user')
def user():
    name = ldap.dn.escape_dn_chars(request.args['name'])
    connection = ldap.initialize('ldaps://ldap.example.com')
    found = connection.search_s('dc=example,dc=com', ldap.SCOPE_SUBTREE, '(uid=%s)' % name)  # report
    return {'found': len(found)}
`,
      },
    ],
    good: [
      {
        title: 'escaped',
        code: `
import ldap
import ldap.dn
import ldap.filter
from flask import Flask, request
from ldap3 import Connection, Server
from ldap3.utils.conv import escape_filter_chars

app = Flask(__name__)

@app.route('/user')
def user():
    unit = ldap.dn.escape_dn_chars(request.args['unit'])
    name = ldap.filter.escape_filter_chars(request.args['name'])
    connection = ldap.initialize('ldaps://ldap.example.com')
    found = connection.search_s(f'ou={unit},dc=example,dc=com', ldap.SCOPE_SUBTREE, f'(uid={name})')
    other = Connection(Server('ldap.example.com', use_ssl=True), auto_bind=True)
    other.search('dc=example,dc=com', '(uid=' + escape_filter_chars(request.args['name']) + ')')
    return {'found': len(found)}
`,
      },
    ],
  },
};
