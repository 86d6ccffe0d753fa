import { text } from '../finding.ts';
import type { Node } from '../syntax/ast.ts';
import type { Reports, Rule } from './rule.ts';
import { isStructure } from './support/response-type.ts';
import type { Place, SourceView, ValueView } from './views.ts';

/** An address whose host begins with something unknown. */
const OPEN_HOST = /\b(?:https?|wss?|ftp):\/\/\0/i;

function report(place: Place, value: ValueView, at: Node): Reports {
  if (value.template === undefined || !OPEN_HOST.test(value.template)) return undefined;
  const source = value.sources.find(isChosenByOthers);
  if (!source || (!value.reaches('url') && !value.reaches('html'))) return undefined;
  return {
    at,
    quiet: true,
    message: text`${place.quote(at)} is an address whose host is ${source.what} (${source.code}).`,
    steps: [{ at: source.at, text: text`${source.what}` }],
  };
}

/** Not the server's own name, which is a finding of its own. */
function isChosenByOthers({ level, what }: SourceView): boolean {
  return level === 'remote' && !/Host header|address of the request/.test(what);
}

export const urlHostFromInput: Rule = {
  id: 'url-host-from-input',
  title: 'Address whose host is outside input',
  cwe: [918, 601],
  aspect: 'injection',
  kind: 'advisory',
  severity: 'medium',
  rows: [36, 37],
  summary:
    'An address that is put together with outside input in the place of its host: `"https://" + host`, or a page with such an address in it. A request or a redirect to it is reported by `server-side-request-forgery` and `open-redirect`.',
  why: 'Whoever uses the address, the server or the reader of the page, talks to a host of the sender’s choice.',
  fix: 'Take the host from a fixed set or from the settings, and only the path or the query from the input.',
  references: [
    'https://cheatsheetseries.owasp.org/cheatsheets/Server_Side_Request_Forgery_Prevention_Cheat_Sheet.html',
  ],
  roles: { test: 'silent', example: 'silent' },
  flow: {
    sinks: ['html'],
    levels: { remote: 'advisory' },
    quiet: true,
    accepts: (flow) =>
      isChosenByOthers(flow.source) &&
      !isStructure(flow) &&
      flow.value.template !== undefined &&
      OPEN_HOST.test(flow.value.template),
    message: (flow) => text`${flow.origin} is the host of an address in the page.`,
  },
  on: {
    assignment: {
      names: (name) => /ur[il]|link|href|endpoint|address|target|html|page|body|content/i.test(name),
      // Where it is put together, not where it is passed on.
      check: (view) =>
        view.valueNode.kind === 'Name' ? undefined : report(view, view.value, view.valueNode),
    },
  },
  examples: {
    bad: [
      {
        title: 'an address that is kept, and a link in a page',
        code: `
from flask import Flask, request

app = Flask(__name__)

@app.route('/link')
def link():
    url = 'https://' + request.args['host'] + '/logo.png'  # report
    return {'url': url}

@app.route('/page')
def page():
    host = request.args['host']
    return f'<a href="https://{host}/">Continue</a>'  # report
`,
      },
    ],
    good: [
      {
        title: 'a fixed host',
        code: `
from flask import Flask, request

app = Flask(__name__)
HOST = 'example.com'

@app.route('/link')
def link():
    url = 'https://example.com/' + request.args['path']
    other = f'https://{HOST}/{request.args["path"]}'
    return {'url': url, 'other': other, 'text': 'https://' + str(len(url))}
`,
      },
    ],
  },
};
