import { text } from '../finding.ts';
import type { Report, Rule } from './rule.ts';
import type { CallView } from './views.ts';

export const uncheckedCommandResult: Rule = {
  id: 'unchecked-command-result',
  title: 'Result of a started program is not looked at',
  cwe: [252, 754],
  aspect: 'errors',
  kind: 'advisory',
  severity: 'low',
  rows: [124],
  summary:
    'A program that is started with `subprocess.call` or with `subprocess.run` without `check=True`, while nobody looks at how it ended. Listed in the summary only.',
  why: 'When it fails, what follows works on half of what it expects: an archive that was not written, a firewall that was not set.',
  fix: 'Give `check=True`, use `subprocess.check_call`, or look at `returncode`.',
  references: ['https://docs.python.org/3/library/subprocess.html#subprocess.run'],
  roles: { test: 'silent', command: 'silent', example: 'silent', migration: 'silent' },
  calls: [{ paths: ['subprocess.call', 'subprocess.run'], check }],
  examples: {
    bad: [
      {
        title: 'nobody asks',
        code: `
import subprocess

def pack(path):
    subprocess.call(['tar', 'cf', 'a.tar', path])  # report
    subprocess.run(['gzip', 'a.tar'])  # report
`,
      },
    ],
    good: [
      {
        title: 'looked at, or raised',
        code: `
import subprocess

def pack(path, check):
    subprocess.run(['tar', 'cf', 'a.tar', path], check=True)
    subprocess.run(['tar', 'cf', 'a.tar', path], check=check)
    subprocess.run(['pkill', 'helper'], check=False)
    subprocess.check_call(['gzip', 'a.tar'])
    if subprocess.call(['test', '-f', 'a']) != 0:
        raise RuntimeError
    return subprocess.run(['ls']).returncode
`,
      },
    ],
  },
};

function check(call: CallView): Report | undefined {
  if (!call.isStatement || call.hasUnknownArguments || call.argument(undefined, 'check')) return undefined;
  return { quiet: true, message: text`Nobody looks at how ${call.quote(call.node)} ended.`, at: call.node };
}
