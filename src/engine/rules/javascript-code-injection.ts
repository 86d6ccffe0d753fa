import { code, text } from '../finding.ts';
import type { Rule } from './rule.ts';
import { calledAs } from './support/called-as.ts';

export const javascriptCodeInjection: Rule = {
  id: 'javascript-code-injection',
  title: 'Outside input is run as JavaScript in the process',
  cwe: [94, 95],
  aspect: 'injection',
  kind: 'defect',
  severity: 'critical',
  rows: [17],
  summary: 'Outside input given to `js2py`, PyExecJS, Py Mini Racer, dukpy or QuickJS as code.',
  why: 'js2py lets JavaScript import Python modules unless `js2py.disable_pyimport()` was called, and has had escapes even then; the others run endless loops as asked.',
  fix: 'Pass the value to a constant function as an argument, or do the work in Python.',
  references: ['https://github.com/PiotrDabkowski/Js2Py', 'https://nvd.nist.gov/vuln/detail/CVE-2024-28397'],
  flow: {
    sinks: ['js-code'],
    levels: { remote: 'defect' },
    accepts: (flow) => !/\bdisable_pyimport\(\)/.test(flow.module.text),
    message: (flow) => text`${flow.origin} is run as JavaScript by ${calledAs(flow)}.`,
    fix: () => ({
      text: text`Define a constant JavaScript function and pass the value as its argument, or call ${code('js2py.disable_pyimport()')} first.`,
    }),
  },
  examples: {
    bad: [
      {
        title: 'js2py',
        code: `
import js2py
from flask import Flask, request

app = Flask(__name__)

@app.route('/js')
def js():
    return str(js2py.eval_js(request.args['js']))  # report
`,
      },
    ],
    good: [
      {
        title: 'without access to Python, or constant',
        code: `
import js2py
from flask import Flask, request

app = Flask(__name__)
js2py.disable_pyimport()

@app.route('/js')
def js():
    add = js2py.eval_js('function add(a, b) { return a + b }')
    js2py.eval_js(request.args['js'])
    return str(add(1, 2))
`,
      },
    ],
  },
};
