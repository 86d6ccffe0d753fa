import { code, text } from '../finding.ts';
import type { Rule } from './rule.ts';

export const unboundedUnicodeNormalization: Rule = {
  id: 'unbounded-unicode-normalization',
  title: 'Text of any length is normalised',
  cwe: [770],
  aspect: 'resources',
  kind: 'advisory',
  severity: 'low',
  rows: [54],
  summary:
    'Outside text whose length nothing limits goes through compatibility normalisation (`unicodedata.normalize("NFKC", …)`).',
  why: 'NFKC and NFKD of some characters take time that grows with the square of the length, on Windows above all; a megabyte of them keeps a worker busy for minutes.',
  fix: 'Refuse text that is longer than it needs to be before normalising.',
  references: [
    'https://nvd.nist.gov/vuln/detail/CVE-2023-46695',
    'https://docs.djangoproject.com/en/stable/releases/4.2.7/',
  ],
  flow: {
    sinks: ['unicode-normalize'],
    levels: { remote: 'advisory' },
    quiet: true,
    accepts: (flow) => {
      const form = flow.call?.argument(0)?.constant;
      return form === 'NFKC' || form === 'NFKD';
    },
    message: (flow) =>
      text`${flow.origin} is normalised with ${code('NFKC')} or ${code('NFKD')} whatever its length.`,
  },
  examples: {
    bad: [
      {
        title: 'a user name',
        code: `
import unicodedata
from flask import Flask, request

app = Flask(__name__)

@app.post('/user')
def user():
    return {'name': unicodedata.normalize('NFKC', request.form['name'])}  # report
`,
      },
    ],
    good: [
      {
        title: 'with a limit',
        code: `
import unicodedata
from flask import Flask, abort, request

app = Flask(__name__)

@app.post('/user')
def user():
    name = request.form['name']
    if len(name) > 100:
        abort(400)
    return {'name': unicodedata.normalize('NFKC', name)}
`,
      },
    ],
  },
};
