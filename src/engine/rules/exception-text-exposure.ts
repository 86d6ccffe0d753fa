import { code, text } from '../finding.ts';
import type { Rule } from './rule.ts';

export const exceptionTextExposure: Rule = {
  id: 'exception-text-exposure',
  title: 'Text of any exception in a response',
  cwe: [209],
  aspect: 'exposure',
  kind: 'advisory',
  severity: 'low',
  rows: [89],
  summary: 'The text of whatever exception occurred (`except Exception as e`) becomes part of a response.',
  why: 'Texts of unexpected exceptions name files, tables, hosts and queries.',
  fix: 'Log the exception and answer with a fixed text; pass on the texts of your own exception classes only.',
  references: ['https://cwe.mitre.org/data/definitions/209.html'],
  roles: { test: 'silent', example: 'silent' },
  flow: {
    sinks: ['response'],
    levels: { local: 'advisory' },
    quiet: true,
    accepts: (flow) =>
      flow.source.what === 'the text of an exception' &&
      /\b(?:Exception|BaseException|OSError|IOError|DatabaseError|SQLAlchemyError)\b|^except\s*:/.test(
        flow.source.code.code,
      ),
    message: (flow) =>
      text`${flow.quote(flow.node)} puts the text of any exception (${flow.source.code}) into the response.`,
    fix: () => ({ text: text`Log it with ${code('logger.exception(…)')} and answer with a fixed text.` }),
  },
  examples: {
    bad: [
      {
        title: 'any exception',
        code: `
from flask import Flask, jsonify

app = Flask(__name__)

@app.route('/a')
def a():
    try:
        work()
    except Exception as error:
        return jsonify(error=str(error)), 500  # report
    return ''
`,
      },
    ],
    good: [
      {
        title: 'an exception that is meant for the client',
        code: `
import logging
from flask import Flask, jsonify

app = Flask(__name__)

class BadInput(Exception):
    pass

@app.route('/a')
def a():
    try:
        work()
    except BadInput as error:
        return jsonify(error=str(error)), 400
    except Exception as error:
        logging.error('failed: %s', error)
        return jsonify(error='failed'), 500
    return ''
`,
      },
    ],
  },
};
