import { code, text } from '../finding.ts';
import type { Rule } from './rule.ts';
import { calledAs } from './support/called-as.ts';

const CHECKED = /isnan|isfinite|is_nan|is_finite|['"]-?nan['"]|math\.inf|Decimal/i;

/** `int(float(text))`: neither is a whole number, and the conversion says so. */
const WHOLE_NUMBER = /\b(?:int|round|math\.(?:floor|ceil|trunc))\(\s*$/;

export const nanInjection: Rule = {
  id: 'nan-injection',
  title: 'Outside text may become NaN',
  cwe: [704, 1287],
  aspect: 'validation',
  kind: 'advisory',
  severity: 'low',
  rows: [57],
  summary:
    'Outside text is converted with `float` or `complex`, which take `nan` and `inf`, and nothing checks for them.',
  why: 'Every comparison with NaN is false: limits such as `if amount > balance` let it through, and sums and sorts go wrong.',
  fix: 'Check `math.isfinite(value)` after the conversion, or use `Decimal` or `int`.',
  references: ['https://docs.python.org/3/library/math.html#math.isfinite'],
  roles: { test: 'silent', example: 'silent' },
  flow: {
    sinks: ['number-parse'],
    levels: { remote: 'advisory' },
    quiet: true,
    accepts: (flow) => {
      const around = flow.function ?? flow.module;
      const start = flow.call?.node.start ?? 0;
      if (WHOLE_NUMBER.test(flow.module.text.slice(Math.max(0, start - 20), start))) return false;
      return /^builtins\.(?:float|complex)$/.test(flow.sink) && !CHECKED.test(around.sourceOf(around.node));
    },
    message: (flow) =>
      text`${flow.origin} becomes a number in ${calledAs(flow)}, which takes ${code('nan')} and ${code('inf')}.`,
    fix: () => ({ text: text`Check ${code('math.isfinite(value)')} after the conversion.` }),
  },
  examples: {
    bad: [
      {
        title: 'an amount',
        code: `
from flask import Flask, request

app = Flask(__name__)

@app.post('/pay')
def pay():
    amount = float(request.form['amount'])  # report
    if amount > 100:
        return 'too much', 400
    return ''
`,
      },
    ],
    good: [
      {
        title: 'checked, or another type',
        code: `
import math
from flask import Flask, request

app = Flask(__name__)

@app.post('/pay')
def pay():
    amount = float(request.form['amount'])
    if not math.isfinite(amount):
        return 'no', 400
    return ''

@app.post('/count')
def count():
    return {'count': int(request.form['count']), 'places': int(float(request.form['places']))}
`,
      },
    ],
  },
};
