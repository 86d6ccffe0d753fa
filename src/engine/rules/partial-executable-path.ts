import { text } from '../finding.ts';
import type { Rule } from './rule.ts';
import { calledAs } from './support/called-as.ts';
import { commandWords } from './support/command-line.ts';

const STARTERS = ['run', 'call', 'check_call', 'check_output', 'Popen'].map((name) => `subprocess.${name}`);

export const partialExecutablePath: Rule = {
  id: 'partial-executable-path',
  title: 'Privileged program found through PATH',
  cwe: [426, 427],
  aspect: 'access',
  kind: 'advisory',
  severity: 'low',
  rows: [5],
  summary:
    'A process that has just changed its user, or that starts a program through `sudo`, names the program without its directory.',
  why: 'The program is looked up in the directories of `PATH`; whoever can put a directory there chooses what runs with the higher privilege.',
  fix: 'Name the program with its full path, or pass an `env` with a fixed `PATH`.',
  references: ['https://cwe.mitre.org/data/definitions/426.html'],
  roles: { test: 'silent', example: 'silent' },
  calls: [
    {
      paths: STARTERS,
      check: (call) => {
        const words = commandWords(call);
        const [program, next] = words ?? [];
        if (program?.constant !== 'sudo' && program?.constant !== '/usr/bin/sudo') return undefined;
        if (typeof next?.constant !== 'string' || /^-|\/|=/.test(next.constant)) return undefined;
        if (call.argument(undefined, 'env')) return undefined;
        return {
          at: call.node,
          quiet: true,
          message: text`${calledAs(call)} runs ${call.quote(call.node)} with the privileges of another user and lets PATH decide which program that is.`,
        };
      },
    },
  ],
  examples: {
    bad: [
      {
        title: 'sudo and a bare name',
        code: `
import subprocess

def restart():
    subprocess.run(['sudo', 'systemctl', 'restart', 'app'], check=True)  # report
`,
      },
    ],
    good: [
      {
        title: 'a full path, or no other privilege',
        code: `
import subprocess

def restart():
    subprocess.run(['sudo', '/usr/bin/systemctl', 'restart', 'app'], check=True)
    subprocess.run(['ls', '-l'], check=True)
`,
      },
    ],
  },
};
