import { code, text } from '../finding.ts';
import type { Rule } from './rule.ts';
import type { CallView } from './views.ts';

export const unicodeAfterValidation: Rule = {
  id: 'unicode-after-validation',
  title: 'Unicode normalised after it was escaped or checked',
  cwe: [180, 176, 179],
  aspect: 'validation',
  kind: 'defect',
  severity: 'medium',
  rows: [53],
  summary:
    'Text that was escaped (`html.escape`, `markupsafe.escape`) and is then normalised with a compatibility form (`NFKC`, `NFKD`), or encoded with `unidecode`, which brings the characters back that the escape took out.',
  why: 'Normalising turns look-alikes such as `＜` (U+FF1C) into `<`: after the escape nobody looks any more.',
  fix: 'Normalise first, then check and escape.',
  references: [
    'https://docs.python.org/3/library/unicodedata.html#unicodedata.normalize',
    'https://cwe.mitre.org/data/definitions/180.html',
  ],
  calls: [
    {
      paths: ['unicodedata.normalize', 'pyunormalize.NFKC', 'pyunormalize.NFKD', 'unidecode.unidecode'],
      check: checkOrder,
    },
  ],
  examples: {
    bad: [
      {
        title: 'escaped, then normalised',
        code: `
import unicodedata
from flask import Flask, request
from markupsafe import escape

app = Flask(__name__)

@app.route('/hello')
def hello():
    name = escape(request.args['name'])
    return unicodedata.normalize('NFKC', name)  # report
`,
      },
    ],
    good: [
      {
        title: 'normalised, then escaped',
        code: `
import unicodedata
from flask import Flask, request
from markupsafe import escape

app = Flask(__name__)

@app.route('/hello')
def hello():
    name = unicodedata.normalize('NFKC', request.args['name'])
    other = unicodedata.normalize('NFC', escape(request.args['other']))
    return escape(name) + other
`,
      },
    ],
  },
};

function checkOrder(call: CallView) {
  const isNormalize = call.callee === 'unicodedata.normalize';
  const form = isNormalize ? call.argument(0)?.constant : 'NFKC';
  if (form !== 'NFKC' && form !== 'NFKD') return undefined;
  const subject = call.argument(isNormalize ? 1 : 0);
  const isInput = subject?.sources.some(({ level }) => level === 'remote');
  // Outside input that is clean for HTML has been escaped before it comes here.
  if (!subject || !isInput || subject.reaches('html')) return undefined;
  return {
    message: text`${call.quote(call.node)} normalises with ${code(form)} what was escaped before, and can bring back the characters that the escape took out.`,
    at: call.node,
  };
}
