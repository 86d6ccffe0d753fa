import { text } from '../finding.ts';
import type { Rule } from './rule.ts';
import { calledAs } from './support/called-as.ts';

export const unboundedResourceUse: Rule = {
  id: 'unbounded-resource-use',
  title: 'Outside number without a limit',
  cwe: [770, 789, 1284],
  aspect: 'resources',
  kind: 'defect',
  severity: 'medium',
  rows: [110],
  summary:
    'A number from outside decides how long the server sleeps, how often a loop runs or how much memory is taken, and nothing limits it.',
  why: 'One request with a large number keeps a worker busy for hours or takes all memory.',
  fix: 'Limit it: `min(value, LIMIT)`, or refuse values above a limit.',
  references: ['https://cwe.mitre.org/data/definitions/770.html'],
  flow: {
    sinks: ['size'],
    levels: { remote: 'defect' },
    // `range(len(x))` and the like run over what was sent, which the server has limited already.
    accepts: (flow) =>
      !/\blen\(/.test(flow.sourceOf(flow.node)) &&
      !(/range$/.test(flow.sink) && flow.value.template !== undefined) &&
      // `bytes(sent)` makes a copy; only of a number it makes as many bytes.
      (!/\.(bytes|bytearray)$/.test(flow.sink) || flow.value.isA('builtins.int')),
    message: (flow) => text`${flow.origin} decides how much ${calledAs(flow)} does, and nothing limits it.`,
  },
  examples: {
    bad: [
      {
        title: 'a sleep, a loop, a buffer',
        code: `
import time
from flask import Flask, request

app = Flask(__name__)

@app.route('/wait')
def wait():
    time.sleep(int(request.args['seconds']))  # report
    count = int(request.args['count'])
    for i in range(count):  # report
        work(i)
    return bytes(count)  # report
`,
      },
    ],
    good: [
      {
        title: 'limited',
        code: `
import time
from flask import Flask, abort, request

app = Flask(__name__)

@app.route('/wait')
def wait():
    time.sleep(min(int(request.args['seconds']), 10))
    count = int(request.args['count'])
    if count > 100:
        abort(400)
    for i in range(count):
        work(i)
    for i in range(len(request.args)):
        work(i)
    return bytes(request.data)
`,
      },
    ],
  },
};
