import { code, text } from '../finding.ts';
import type { Rule } from './rule.ts';

export const loggingConfigListen: Rule = {
  id: 'logging-config-listen',
  title: 'Logging configuration is taken from a socket',
  cwe: [94, 95],
  aspect: 'network',
  kind: 'defect',
  severity: 'high',
  rows: [21],
  summary: '`logging.config.listen()` without a `verify` function.',
  why: 'Parts of a logging configuration are given to `eval`; every local user who can connect to the port runs code as this process.',
  fix: 'Pass `verify=` with a function that checks a signature of the bytes, or read the configuration from a file.',
  references: ['https://docs.python.org/3/library/logging.config.html#logging.config.listen'],
  calls: [
    {
      paths: ['logging.config.listen'],
      check: (call) => {
        const verify = call.argument(1, 'verify');
        if ((verify && !verify.isNone) || call.hasUnknownArguments) return undefined;
        return {
          at: call.node,
          message: text`${call.quote(call.node)} takes logging configurations, which can hold code, from anyone who connects.`,
          fix: {
            text: text`Pass ${code('verify=')} with a function that checks a signature of the bytes and returns ${code('None')} otherwise.`,
          },
        };
      },
    },
  ],
  examples: {
    bad: [
      {
        title: 'no check',
        code: `
import logging.config

thread = logging.config.listen(9999)  # report
thread.start()
`,
      },
    ],
    good: [
      {
        title: 'checked',
        code: `
import hmac
import logging.config

def check(data):
    body, signature = data[:-32], data[-32:]
    return body if hmac.compare_digest(sign(body), signature) else None

logging.config.listen(9999, verify=check).start()
`,
      },
    ],
  },
};
