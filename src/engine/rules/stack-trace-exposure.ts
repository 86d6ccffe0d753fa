import { code, text } from '../finding.ts';
import type { Rule } from './rule.ts';

export const stackTraceExposure: Rule = {
  id: 'stack-trace-exposure',
  title: 'Stack trace in a response',
  cwe: [209, 497],
  aspect: 'exposure',
  kind: 'defect',
  severity: 'medium',
  rows: [89],
  summary:
    'The stack trace of an exception (`traceback.format_exc()` and its relatives) becomes part of a response.',
  why: 'It shows paths, versions, names of tables and pieces of the data to whoever causes the error.',
  fix: 'Log the exception with `logger.exception(…)` and answer with a fixed text.',
  references: [
    'https://cwe.mitre.org/data/definitions/209.html',
    'https://owasp.org/www-community/Improper_Error_Handling',
  ],
  flow: {
    sinks: ['response', 'html'],
    levels: { local: 'defect' },
    accepts: (flow) => flow.source.what === 'a stack trace',
    message: (flow) => text`${flow.source.code}, ${flow.source.what}, becomes part of the response.`,
    fix: () => ({ text: text`Log it with ${code('logger.exception(…)')} and answer with a fixed text.` }),
  },
  examples: {
    bad: [
      {
        title: 'Flask, Django, FastAPI',
        code: `
import traceback
from django.http import HttpResponse, JsonResponse
from fastapi import FastAPI, HTTPException
from flask import Flask, jsonify

app = Flask(__name__)
api = FastAPI()

@app.route('/a')
def a():
    try:
        work()
    except Exception:
        return traceback.format_exc(), 500  # report
    return ''

def view(request):
    try:
        work()
    except Exception:
        trace = traceback.format_exc()
        return JsonResponse({'trace': trace}, status=500)  # report
    return HttpResponse('')

@api.get('/b')
def b():
    try:
        work()
    except Exception:
        raise HTTPException(status_code=500, detail=traceback.format_exc())  # report
`,
      },
    ],
    good: [
      {
        title: 'logged',
        code: `
import logging
import traceback
from flask import Flask

app = Flask(__name__)

@app.route('/a')
def a():
    try:
        work()
    except Exception:
        logging.error(traceback.format_exc())
        traceback.print_exc()
        return 'failed', 500
    return ''
`,
      },
    ],
  },
};
