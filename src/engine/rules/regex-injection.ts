import { code, text } from '../finding.ts';
import type { Rule } from './rule.ts';
import { calledAs } from './support/called-as.ts';

export const regexInjection: Rule = {
  id: 'regex-injection',
  title: 'Regular expression from outside',
  cwe: [730, 400],
  aspect: 'injection',
  kind: 'defect',
  severity: 'medium',
  rows: [51],
  summary: 'Outside input that becomes a regular expression, or part of one, without `re.escape`.',
  why: 'Python’s matcher can be made to run for hours by a pattern such as `(a+)+b`, and a pattern can match what the check around it was to refuse.',
  fix: 'Escape the part with `re.escape`, or search for the plain text with `in`.',
  references: [
    'https://docs.python.org/3/library/re.html#re.escape',
    'https://owasp.org/www-community/attacks/Regular_expression_Denial_of_Service_-_ReDoS',
  ],
  flow: {
    sinks: ['regex'],
    levels: { remote: 'defect' },
    // `re.compile(pattern)` whose result is dropped only asks whether the pattern is one.
    accepts: (flow) => !(flow.call?.name === 'compile' && flow.call.isStatement),
    message: (flow) => text`${flow.origin} becomes the pattern that ${calledAs(flow)} matches with.`,
    fix: () => ({ text: text`Escape it with ${code('re.escape')}.` }),
  },
  examples: {
    bad: [
      {
        title: 'a pattern of the client',
        code: `
import re
from flask import Flask, request

app = Flask(__name__)

@app.route('/search')
def search():
    pattern = request.args['pattern']
    found = re.search(pattern, 'text')  # report
    word = re.compile(r'\\b' + request.args['word'] + r'\\b')  # report
    return {'found': bool(found and word)}
`,
      },
    ],
    good: [
      {
        title: 'escaped, or matched against a pattern of our own',
        code: `
import re
from flask import Flask, request

app = Flask(__name__)

@app.route('/search')
def search():
    word = re.compile(r'\\b' + re.escape(request.args['word']) + r'\\b')
    return {'found': bool(word.search('text') and re.match(r'[a-z]+', request.args['word']))}
`,
      },
    ],
  },
};
