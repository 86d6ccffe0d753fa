import { text } from '../finding.ts';
import type { Rule } from './rule.ts';
import { calledAs } from './support/called-as.ts';

export const integerTruncation: Rule = {
  id: 'integer-truncation',
  title: 'Outside number is cut to a fixed width',
  cwe: [190, 681],
  aspect: 'validation',
  kind: 'advisory',
  severity: 'low',
  rows: [112],
  summary:
    'A number from outside goes into a `ctypes` or NumPy integer of fixed width without a check of its range.',
  why: 'ctypes cuts the number silently: 4294967297 becomes 1, and what was checked before no longer holds.',
  fix: 'Refuse numbers outside of the range first.',
  references: ['https://docs.python.org/3/library/ctypes.html#fundamental-data-types'],
  flow: {
    sinks: ['truncation'],
    levels: { remote: 'advisory' },
    accepts: (flow) => flow.sink !== 'struct.pack',
    message: (flow) =>
      text`${flow.origin} is cut to the width of ${calledAs(flow)} without a check of its range.`,
  },
  examples: {
    bad: [
      {
        title: 'a length for a C function',
        code: `
import ctypes
from flask import Flask, request

app = Flask(__name__)
library = ctypes.CDLL('libx.so')

@app.post('/x')
def x():
    library.run(ctypes.c_uint16(int(request.form['length'])))  # report
    return ''
`,
      },
    ],
    good: [
      {
        title: 'checked',
        code: `
import ctypes
from flask import Flask, abort, request

app = Flask(__name__)
library = ctypes.CDLL('libx.so')

@app.post('/x')
def x():
    length = int(request.form['length'])
    if not 0 <= length < 65536:
        abort(400)
    library.run(ctypes.c_uint16(length))
    return ''
`,
      },
    ],
  },
};
