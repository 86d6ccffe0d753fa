import { code, type Fix, text } from '../finding.ts';
import type { Rule } from './rule.ts';
import { calledAs } from './support/called-as.ts';
import { isSafeYamlLoad } from './support/yaml-loaders.ts';
import type { FlowView } from './views.ts';

export const unsafeDeserialization: Rule = {
  id: 'unsafe-deserialization',
  title: 'Deserialization of untrusted data',
  cwe: [502],
  aspect: 'parsing',
  kind: 'defect',
  severity: 'critical',
  rows: [46],
  summary:
    'Outside input that is decoded by a format which can run code while it is read: `pickle` and everything built on it (dill, cloudpickle, joblib, shelve, `pandas.read_pickle`, `torch.load`, `numpy.load(allow_pickle=True)`), `marshal`, jsonpickle, and YAML with a loader that makes Python objects.',
  why: 'A pickle is a program: it names functions and their arguments, and loading it calls them. Whoever sends the bytes runs code in the process that loads them.',
  fix: 'Use a format that only holds data, such as JSON, and check its shape. Where the program itself wrote the bytes, sign them (HMAC) and check the signature before they are loaded.',
  references: [
    'https://docs.python.org/3/library/pickle.html#restricting-globals',
    'https://cheatsheetseries.owasp.org/cheatsheets/Deserialization_Cheat_Sheet.html',
    'https://pyyaml.org/wiki/PyYAMLDocumentation',
  ],
  flow: {
    sinks: ['deserialize'],
    levels: { remote: 'defect', stored: 'advisory' },
    accepts: (flow) => !/yaml/.test(flow.sink) || (flow.call !== undefined && !isSafeYamlLoad(flow.call)),
    message: (flow) =>
      text`${flow.origin} is decoded by ${calledAs(flow)}, which can run code that the data names.`,
    fix: useDataFormat,
  },
  examples: {
    bad: [
      {
        title: 'a cookie that is unpickled',
        code: `
import base64
import pickle
from flask import Flask, request

app = Flask(__name__)

@app.route('/')
def index():
    prefs = pickle.loads(base64.b64decode(request.cookies['prefs']))  # report
    return prefs['theme']
`,
      },
      {
        title: 'YAML with a loader that makes objects',
        code: `
import yaml
from flask import Flask, request

app = Flask(__name__)

@app.route('/config', methods=['POST'])
def config():
    settings = yaml.load(request.data, Loader=yaml.UnsafeLoader)  # report
    other = yaml.unsafe_load(request.data)  # report
    return {'ok': bool(settings and other)}
`,
      },
      {
        title: 'relatives of pickle',
        code: `
import io
import dill
import joblib
import jsonpickle
import numpy as np
import torch
from flask import Flask, request

app = Flask(__name__)

@app.route('/model', methods=['POST'])
def model():
    body = request.get_data()
    a = dill.loads(body)  # report
    b = jsonpickle.decode(request.form['state'])  # report
    c = torch.load(io.BytesIO(body), weights_only=False)  # report
    d = np.load(io.BytesIO(body), allow_pickle=True)  # report
    e = joblib.load(io.BytesIO(body))  # report
    return {'parts': len([a, b, c, d, e])}
`,
      },
      {
        title: 'an uploaded file',
        code: `
import pandas as pd
import pickle
from flask import Flask, request

app = Flask(__name__)

@app.route('/upload', methods=['POST'])
def upload():
    upload = request.files['file']
    data = pickle.load(upload)  # report
    frame = pd.read_pickle(upload)  # report
    return {'rows': len(frame), 'data': len(data)}
`,
      },
    ],
    good: [
      {
        title: 'formats that hold only data',
        code: `
import io
import json
import numpy as np
import torch
import yaml
from flask import Flask, request

app = Flask(__name__)

@app.route('/config', methods=['POST'])
def config():
    a = json.loads(request.data)
    b = yaml.safe_load(request.data)
    c = yaml.load(request.data, Loader=yaml.SafeLoader)
    d = yaml.load(request.data, yaml.CSafeLoader)
    e = torch.load(io.BytesIO(request.data), weights_only=True)
    f = np.load(io.BytesIO(request.data))
    return {'parts': len([a, b, c, d, e, f])}
`,
      },
      {
        title: 'what the program pickled itself',
        code: `
import pickle

def copy(value):
    return pickle.loads(pickle.dumps(value))
`,
      },
    ],
  },
};

function useDataFormat(flow: FlowView): Fix | undefined {
  const name = flow.call?.callee ?? '';
  if (/^(ruamel\.)?yaml\./.test(name)) {
    return { text: text`Use ${code('yaml.safe_load')}, which builds only plain data.` };
  }
  if (name === 'torch.load') {
    return { text: text`Pass ${code('weights_only=True')}, or keep the weights in the safetensors format.` };
  }
  if (name.startsWith('numpy.')) {
    return { text: text`Leave ${code('allow_pickle')} off, and store arrays without Python objects.` };
  }
  return undefined;
}
