import { text } from '../finding.ts';
import type { Rule } from './rule.ts';
import { calledAs } from './support/called-as.ts';

export const untrustedImport: Rule = {
  id: 'untrusted-import',
  title: 'Outside input chooses the module that is imported',
  cwe: [470, 829, 706],
  aspect: 'injection',
  kind: 'defect',
  severity: 'high',
  rows: [7],
  summary:
    'Outside input that names the module given to `importlib.import_module`, `__import__` or `import_string`. Where the caller of a public function chooses it, that is listed quietly.',
  why: 'Importing runs the code of the module; many installed modules do things when they are imported or hand out dangerous functions, and an uploaded file may be one.',
  fix: 'Look the name up in a dict of the modules that are allowed, or give it a fixed package in front.',
  references: [
    'https://docs.python.org/3/library/importlib.html#importlib.import_module',
    'https://cwe.mitre.org/data/definitions/470.html',
  ],
  flow: {
    sinks: ['import'],
    levels: { remote: 'defect', caller: 'advisory' },
    quiet: true,
    accepts: ({ source }) => source.level !== 'caller' || !/^(?:self|cls)\b/.test(source.code.code),
    message: (flow) => text`${flow.origin} chooses the module that ${calledAs(flow)} imports.`,
  },
  examples: {
    bad: [
      {
        title: 'a module from the request',
        code: `
import importlib
from flask import Flask, request

app = Flask(__name__)

@app.route('/plugin')
def plugin():
    module = importlib.import_module(request.args['module'])  # report
    other = __import__(request.args['other'])  # report
    return module.render()
`,
      },
      {
        title: 'a model that brings its own code',
        code: `
from fastapi import FastAPI
from transformers import AutoModelForCausalLM

app = FastAPI()

@app.post('/load')
async def load(model: str):
    AutoModelForCausalLM.from_pretrained('org/default', revision='0d4c1f1', trust_remote_code=True)
    AutoModelForCausalLM.from_pretrained(model, revision='0d4c1f1')
    return AutoModelForCausalLM.from_pretrained(model, revision='0d4c1f1', trust_remote_code=True)  # report
`,
      },
      {
        title: 'a module that the caller chooses',
        kind: 'advisory',
        code: `
import importlib

def load(name):
    return importlib.import_module(name)  # report

def load_old(name):
    return __import__(name)  # report
`,
      },
    ],
    good: [
      {
        title: 'a fixed package, or a known name',
        code: `
import importlib
from flask import Flask, request

app = Flask(__name__)
PLUGINS = {'a': 'plugins.a', 'b': 'plugins.b'}

@app.route('/plugin')
def plugin():
    importlib.import_module('app.plugins.' + request.args['module'])
    importlib.import_module(f'app.plugins.{request.args["module"]}')
    importlib.import_module(PLUGINS[request.args['module']])
    name = request.args['name']
    if name in PLUGINS:
        importlib.import_module(name)
    return ''
`,
      },
    ],
  },
};
