import { code, text } from '../finding.ts';
import type { Rule } from './rule.ts';
import { calledAs } from './support/called-as.ts';
import { isOwnInput, isSentByOthers } from './support/weak-sources.ts';

export const codeInjection: Rule = {
  id: 'code-injection',
  title: 'Code injection',
  cwe: [95, 94],
  aspect: 'injection',
  kind: 'defect',
  severity: 'critical',
  rows: [15, 16],
  summary:
    'Outside input that is evaluated as Python: `eval`, `exec`, `compile`, `code.InteractiveInterpreter`, subinterpreters, `timeit`, `DataFrame.query` and `pandas.eval`, `sympy.sympify`. Input from the command line or the environment, a message of a queue and the answer of a language model are advisories.',
  why: 'Evaluated text can import modules and run commands; no dictionary of names keeps `eval` from that.',
  fix: 'Parse the value for what it is: `ast.literal_eval` for literals, `json.loads` for data, a dict of functions for choices.',
  references: [
    'https://docs.python.org/3/library/functions.html#eval',
    'https://docs.python.org/3/library/ast.html#ast.literal_eval',
  ],
  flow: {
    sinks: ['code'],
    levels: { remote: 'defect', stored: 'advisory', local: 'advisory' },
    accepts: ({ source }) =>
      source.level === 'remote' || (source.level === 'stored' ? isSentByOthers(source) : isOwnInput(source)),
    message: (flow) => text`${flow.origin} is evaluated as Python code by ${calledAs(flow)}.`,
    fix: () => ({
      text: text`Use ${code('ast.literal_eval')} or ${code('json.loads')} for data, or look the value up in a dict of the functions that are allowed.`,
    }),
  },
  examples: {
    bad: [
      {
        title: 'a calculator',
        code: `
from flask import Flask, request

app = Flask(__name__)

@app.route('/calculate')
def calculate():
    result = eval(request.args['expression'])  # report
    exec('x = ' + request.args['x'])  # report
    exec(compile(request.args['code'], '<request>', 'exec'))  # report
    return str(eval('2 * {}'.format(request.args['n']), {'__builtins__': None}))  # report
`,
      },
      {
        title: 'an interpreter, and a data frame',
        code: `
import code
import pandas as pd
from django.http import JsonResponse

def run(request):
    console = code.InteractiveConsole()
    console.push(request.POST['line'])  # report
    frame = pd.read_csv('data.csv')
    rows = frame.query(request.GET['filter'])  # report
    return JsonResponse(rows.to_dict())
`,
      },
      {
        title: 'an argument of a tool',
        kind: 'advisory',
        code: `
import sys

print(eval(sys.argv[1]))  # report
`,
      },
    ],
    good: [
      {
        title: 'parsed, converted, or looked up',
        code: `
import ast
import json
import operator
from flask import Flask, request

app = Flask(__name__)
OPERATIONS = {'add': operator.add, 'sub': operator.sub}

@app.route('/calculate')
def calculate():
    value = ast.literal_eval(request.args['value'])
    data = json.loads(request.args['data'])
    number = eval(str(int(request.args['n'])))
    function = OPERATIONS[request.args['operation']]
    name = request.args['name']
    if name in ('add', 'sub'):
        eval(name)
    return str(function(value, number))
`,
      },
      {
        title: 'constant code, and methods that only share the name',
        code: `
import torch
from flask import request

def predict(model):
    model.eval()
    exec('import sys')
    return model.query(request.args['q'])
`,
      },
    ],
  },
};
