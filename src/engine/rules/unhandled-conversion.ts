import { text } from '../finding.ts';
import type { Rule } from './rule.ts';
import { calledAs } from './support/called-as.ts';
import { isFailureHandled } from './support/handled-errors.ts';

export const unhandledConversion: Rule = {
  id: 'unhandled-conversion',
  title: 'Conversion of outside text that may fail',
  cwe: [248, 754],
  aspect: 'errors',
  kind: 'advisory',
  severity: 'low',
  rows: [109],
  summary:
    'Outside text is converted to a number, date or UUID, and the exception for text that is none is not handled.',
  why: 'The request ends with an internal error in place of an answer that says what is wrong; in a server without a framework the connection or the process ends.',
  fix: 'Catch `ValueError` and answer with 400, or let the framework convert: a typed parameter, `<int:id>`, `args.get("page", type=int)`.',
  references: ['https://cwe.mitre.org/data/definitions/248.html'],
  roles: { test: 'silent', example: 'silent' },
  flow: {
    sinks: ['number-parse'],
    levels: { remote: 'advisory' },
    quiet: true,
    accepts: (flow) => !isFailureHandled(flow, flow.node) && !/\bor\b|a header of/.test(flow.source.what),
    message: (flow) =>
      text`${flow.origin} makes ${calledAs(flow)} raise an exception that nothing handles when it is not well formed.`,
  },
  examples: {
    bad: [
      {
        title: 'a page number',
        code: `
from flask import Flask, request

app = Flask(__name__)

@app.route('/list')
def list_items():
    page = int(request.args['page'])  # report
    return {'page': page}
`,
      },
    ],
    good: [
      {
        title: 'handled, checked, or converted by the framework',
        code: `
from flask import Flask, request

app = Flask(__name__)

@app.route('/list/<int:page>')
def list_items(page):
    try:
        size = int(request.args['size'])
    except ValueError:
        return 'no', 400
    other = request.args.get('other', type=int)
    text = request.args['text']
    if text.isdigit():
        size = int(text)
    return {'page': int(page), 'size': size, 'other': other}
`,
      },
    ],
  },
};
