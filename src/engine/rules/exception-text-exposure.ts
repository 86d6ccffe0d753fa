import { code, text } from '../finding.ts';
import { walkStatements } from '../syntax/walk.ts';
import type { Report, Rule } from './rule.ts';
import type { FunctionView } from './views.ts';

export const exceptionTextExposure: Rule = {
  id: 'exception-text-exposure',
  title: 'Text of any exception in a response',
  cwe: [209],
  aspect: 'exposure',
  kind: 'advisory',
  severity: 'low',
  rows: [89],
  summary:
    'The text of whatever exception occurred (`except Exception as e`, or the handler of all errors in Flask, FastAPI and Starlette) becomes part of a response.',
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
  on: { mentions: /errorhandler|exception_handler/g, function: checkErrorHandler },
  examples: {
    bad: [
      {
        title: 'the handler of all errors',
        code: `
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from flask import Flask, jsonify

app = Flask(__name__)
api = FastAPI()

@app.errorhandler(Exception)
def failed(error):
    return jsonify(error=str(error)), 500  # report

@api.exception_handler(Exception)
async def broken(request: Request, exc: Exception):
    return JSONResponse(status_code=500, content={'detail': f'failed: {exc}'})  # report
`,
      },
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

@app.errorhandler(BadInput)
def bad_input(error):
    return jsonify(error=str(error)), 400

@app.errorhandler(Exception)
def failed(error):
    logging.error('failed: %s', error)
    return jsonify(error='failed'), 500
`,
      },
    ],
  },
};

/** `@app.errorhandler(Exception)` and `@app.exception_handler(500)`: what they get is no one's message to the client. */
const HANDLES_ALL =
  /\.(app_)?(errorhandler|exception_handler)\(\s*(500|Exception|BaseException|InternalServerError|\w+\.InternalServerError)\s*\)$/;

function checkErrorHandler(fn: FunctionView): readonly Report[] | undefined {
  if (!fn.node.decorators.some((decorator) => HANDLES_ALL.test(fn.sourceOf(decorator)))) return undefined;
  const error = fn.node.params.at(-1)?.name;
  if (error === undefined) return undefined;
  const shows = new RegExp(`\\b(str|repr)\\(${error}\\)|\\{${error}(![rs])?\\}|\\b${error}\\.args\\b`);
  const reports: Report[] = [];
  walkStatements(fn.node.body, (statement) => {
    if (statement.kind !== 'Return' || !shows.test(fn.sourceOf(statement))) return;
    reports.push({
      quiet: true,
      message: text`${code(fn.name)} puts the text of any exception (${code(error)}) into the response.`,
      at: statement,
    });
  });
  return reports;
}
