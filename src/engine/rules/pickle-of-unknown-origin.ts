import { code, text } from '../finding.ts';
import type { Report, Rule } from './rule.ts';
import type { CallView } from './views.ts';

export const pickleOfUnknownOrigin: Rule = {
  id: 'pickle-of-unknown-origin',
  title: 'Format that runs code, data of unknown origin',
  cwe: [502],
  aspect: 'parsing',
  kind: 'advisory',
  severity: 'medium',
  rows: [46],
  summary:
    'A call that decodes pickles or marshalled code where the code does not show who wrote the data: `pickle.load`, dill, cloudpickle, shelve, marshal, jsonpickle, joblib, `pandas.read_pickle`, `torch.load` without `weights_only=True`, `numpy.load(allow_pickle=True)`, `multiprocessing.connection` without a key. Nearly always quiet: it stands in the summary only. Outside input that reaches such a call is reported by `unsafe-deserialization`.',
  why: 'Loading such data runs whatever it names. It is harmless as long as nobody else can write the file or message.',
  fix: 'Use a format that only holds data (JSON, safetensors), or make sure that only this program can write what it loads.',
  references: [
    'https://docs.python.org/3/library/pickle.html',
    'https://pytorch.org/docs/stable/generated/torch.load.html',
  ],
  roles: { test: 'silent', example: 'silent' },
  calls: [
    { paths: [], names: ['set_cookie'], check: checkCookie },
    {
      paths: [
        'pickle.load',
        'pickle.loads',
        'pickle.Unpickler',
        'dill.load',
        'dill.loads',
        'cloudpickle.load',
        'cloudpickle.loads',
        'joblib.load',
        'shelve.open',
        'shelve.DbfilenameShelf',
        'marshal.load',
        'marshal.loads',
        'jsonpickle.decode',
        'jsonpickle.loads',
        'pandas.read_pickle',
        'compress_pickle.load',
        'compress_pickle.loads',
        'mlflow.pyfunc.load_model',
      ],
      check: (call) => (isKnown(call) ? undefined : unknownOrigin(call)),
    },
    {
      paths: ['torch.load'],
      check: (call) =>
        call.argument(undefined, 'weights_only') === undefined && !call.hasUnknownArguments && !isKnown(call)
          ? unknownOrigin(call)
          : call.argument(undefined, 'weights_only')?.isFalse && !isKnown(call)
            ? unknownOrigin(call)
            : undefined,
    },
    {
      paths: ['numpy.load'],
      check: (call) =>
        call.argument(2, 'allow_pickle')?.isTrue && !isKnown(call) ? unknownOrigin(call) : undefined,
    },
    {
      paths: [
        'multiprocessing.connection.Connection.recv',
        'multiprocessing.connection.Client.recv',
        'multiprocessing.connection.Listener.accept().recv',
      ],
      check: unknownOrigin,
    },
    // https://pyzmq.readthedocs.io/en/latest/api/zmq.html#zmq.Socket.recv_pyobj
    { paths: ['zmq.Socket.recv_pyobj'], check: unknownOrigin },
    {
      // https://keras.io/api/models/model_saving_apis/model_saving_and_loading/
      paths: ['keras.models.load_model'],
      check: (call) => (call.argument(undefined, 'safe_mode')?.isFalse ? unknownOrigin(call) : undefined),
    },
    {
      paths: ['keras.config.enable_unsafe_deserialization'],
      check: (call) => ({
        ...unknownOrigin(call),
        message: text`${call.quote(call.node)} lets every model that is loaded run code of its own.`,
        quiet: false,
      }),
    },
    {
      // https://skops.readthedocs.io/en/stable/persistence.html
      paths: ['skops.io.load', 'skops.io.loads'],
      check: (call) => (call.argument(undefined, 'trusted')?.isTrue ? unknownOrigin(call) : undefined),
    },
    {
      paths: ['multiprocessing.connection.Listener'],
      check: (call) => {
        const address = call.argument(0, 'address')?.elements?.[0]?.constant;
        const isOpen = typeof address === 'string' && !/^(localhost|127\.|::1)/.test(address);
        return isOpen && call.argument(undefined, 'authkey') === undefined && !call.hasUnknownArguments
          ? {
              message: text`${call.quote(call.node)} unpickles what anyone sends, since no ${code('authkey')} is given.`,
              at: call.node,
              kind: 'defect',
              severity: 'high',
              fix: { text: text`Pass a secret ${code('authkey')}.` },
            }
          : undefined;
      },
    },
  ],
  examples: {
    bad: [
      {
        title: 'a file, a cache, a model',
        code: `
import marshal
import pickle
import shelve
import torch
from six.moves import cPickle

def read(path, data):
    with open(path, 'rb') as stream:
        a = pickle.load(stream)  # report
    b = cPickle.loads(data)  # report
    c = marshal.loads(data)  # report
    d = shelve.open(path)  # report
    return a, b, c, d, torch.load(path)  # report
`,
      },
      {
        title: 'a cookie that holds a pickle',
        code: `
import pickle
from base64 import b64encode
from flask import Flask, make_response

app = Flask(__name__)

@app.route('/')
def index():
    response = make_response('')
    response.set_cookie('user', b64encode(pickle.dumps(new_user())).decode())  # report
    return response
`,
      },
    ],
    good: [
      {
        title: 'written by the same function, and plain data',
        code: `
import json
import pickle
import numpy as np
import torch

def copy(value, path):
    again = pickle.loads(pickle.dumps(value))
    return again, json.load(open(path)), torch.load(path, weights_only=True), np.load(path)
`,
      },
    ],
  },
};

const PICKLES = /^(?:pickle|dill|cloudpickle|marshal|jsonpickle)\.(?:dumps|encode)$/;
/** Encodings may stand one in the other: `b64encode(zlib.compress(pickle.dumps(x))).decode()`. */
const MAX_ENCODINGS = 5;

/** `set_cookie('user', b64encode(pickle.dumps(user)))`: the browser sends back what it likes. */
function checkCookie(call: CallView): Report | undefined {
  let maker = call.argument(1, 'value')?.madeBy;
  for (let i = 0; maker && i < MAX_ENCODINGS; i++) {
    if (PICKLES.test(maker.callee))
      return {
        at: call.node,
        message: text`The cookie holds what ${call.quote(maker.node.func)} made: whoever loads it again runs what the browser sends.`,
        fix: { text: text`Put JSON into the cookie, or keep the object in the session of the server.` },
      };
    maker = (maker.argument(0) ?? maker.receiver)?.madeBy;
  }
  return undefined;
}

/** Outside input has a rule of its own; what was pickled just before is our own. */
function isKnown(call: CallView): boolean {
  const data = call.argument(0);
  if (data?.sources.some(({ level }) => level === 'remote' || level === 'stored')) return true;
  if (
    data?.constant !== undefined &&
    data.constant !== null &&
    call.name !== 'open' &&
    !/^(joblib|pandas|torch|numpy|mlflow)\./.test(call.callee)
  )
    return true;
  const written = call.node.args[0];
  return written?.kind === 'Call' && /dumps?$|serialize|getvalue$/.test(call.sourceOf(written.func));
}

function unknownOrigin(call: CallView) {
  return {
    message: text`${call.quote(call.node.func)} runs what the data names, and the code does not show who writes it.`,
    at: call.node,
    confidence: 'low' as const,
    quiet: true,
  };
}
