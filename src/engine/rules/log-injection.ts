import { code, text } from '../finding.ts';
import type { Rule } from './rule.ts';
import { calledAs } from './support/called-as.ts';

export const logInjection: Rule = {
  id: 'log-injection',
  title: 'Log injection',
  cwe: [117],
  aspect: 'exposure',
  kind: 'advisory',
  severity: 'low',
  rows: [26],
  summary: 'Outside text that is logged with its line breaks.',
  why: 'A line break in the value begins a new line, so that the sender can forge entries of the log or hide his own.',
  fix: "Log the value with `%r` or `!r`, or replace line breaks: `value.replace('\\n', ' ').replace('\\r', ' ')`.",
  references: ['https://owasp.org/www-community/attacks/Log_Injection'],
  roles: { test: 'silent', example: 'silent' },
  flow: {
    sinks: ['log'],
    levels: { remote: 'advisory' },
    quiet: true,
    accepts: (flow) => {
      const format = flow.call?.argument(0)?.constant;
      // `%r` writes line breaks as `\n`.
      if (typeof format === 'string' && /%r|![ra]\}/.test(format) && !/%s/.test(format)) return false;
      return !/JSON body|uploaded file/.test(flow.source.what);
    },
    message: (flow) => text`${flow.origin} goes into the log in ${calledAs(flow)} with its line breaks.`,
    fix: () => ({ text: text`Log it with ${code('%r')}, or replace the line breaks.` }),
  },
  examples: {
    bad: [
      {
        title: 'a name from a form',
        code: `
import logging
from flask import Flask, current_app, request

app = Flask(__name__)
logger = logging.getLogger(__name__)

@app.post('/login')
def login():
    user = request.form['user']
    logger.info('login of %s', user)  # report
    logging.warning('failed: ' + user)  # report
    current_app.logger.error(f'failed: {user}')  # report
    return ''
`,
      },
    ],
    good: [
      {
        title: 'quoted, without line breaks, or a number',
        code: `
import logging
from flask import Flask, request

app = Flask(__name__)
logger = logging.getLogger(__name__)

@app.post('/login')
def login():
    user = request.form['user']
    logger.info('login of %r', user)
    logger.info(f'login of {user!r}')
    logger.info('login of %s', user.replace('\\r\\n', '').replace('\\n', ''))
    logger.info('page %s', int(request.args['page']))
    if user in ('admin', 'guest'):
        logger.info('login of %s', user)
    return ''
`,
      },
    ],
  },
};
