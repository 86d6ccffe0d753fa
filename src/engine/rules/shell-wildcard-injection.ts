import { code, text } from '../finding.ts';
import type { Reports, Rule } from './rule.ts';
import { calledAs } from './support/called-as.ts';
import type { CallView } from './views.ts';

const SHELL_CALLS = [
  'os.system',
  'os.popen',
  'os.popen2',
  'os.popen3',
  'os.popen4',
  'subprocess.getoutput',
  'subprocess.getstatusoutput',
];
const WITH_SHELL_OPTION = ['run', 'call', 'check_call', 'check_output', 'Popen'].map(
  (name) => `subprocess.${name}`,
);

/** `chown user *`, `tar cf x *`: a bare `*` that a shell replaces by the names of files, in a program whose options can hurt. */
const WILDCARD =
  /(?:^|[;&|]\s*|\bsudo\s+)(?:\S*\/)?(tar|chown|chmod|rsync|rm|scp|7z|zip)\s(?:[^;&|'"]*\s)?\*(?:\.\w+)?(?=\s|$|[;&|])/;

function check(call: CallView): Reports {
  const command = call.argument(0, 'args') ?? call.argument(undefined, 'cmd');
  const program = command?.template && WILDCARD.exec(command.template)?.[1];
  if (!program || / -- [^;&|]*\*/.test(command.template!)) return undefined;
  return {
    at: call.node,
    message: text`The shell that ${calledAs(call)} starts replaces ${code('*')} by the names of files, and ${code(program)} takes a name that begins with ${code('-')} for an option.`,
    fix: { text: text`Write ${code('./*')}, or put ${code('--')} before it.` },
  };
}

export const shellWildcardInjection: Rule = {
  id: 'shell-wildcard-injection',
  title: 'Wildcard in a shell command',
  cwe: [155, 78],
  aspect: 'injection',
  kind: 'defect',
  severity: 'medium',
  rows: [6],
  summary:
    'A bare `*` in a `tar`, `chown`, `chmod`, `rsync`, `rm`, `scp`, `7z` or `zip` command that a shell runs.',
  why: 'Anyone who can create files in the directory names one `--checkpoint-action=exec=sh x.sh` or `--reference=…`; `tar` then runs it, `chown` and `chmod` copy its owner or mode.',
  fix: 'Write `./*` instead of `*`, or put `--` before it.',
  references: ['https://www.exploit-db.com/papers/33930', 'https://cwe.mitre.org/data/definitions/155.html'],
  calls: [
    { paths: SHELL_CALLS, check },
    {
      paths: WITH_SHELL_OPTION,
      check: (call) => (call.argument(undefined, 'shell')?.isTrue ? check(call) : undefined),
    },
  ],
  examples: {
    bad: [
      {
        title: 'names that are options',
        code: `
import os
import subprocess

def pack():
    os.system('tar cf /backup/all.tar *')  # report
    subprocess.run('chown -R www-data *', shell=True)  # report
    os.popen('cd /srv && rsync -a * backup:/srv')  # report
`,
      },
    ],
    good: [
      {
        title: 'no bare wildcard, or no shell',
        code: `
import os
import subprocess

def pack(directory):
    os.system('tar cf /backup/all.tar ./*')
    os.system('tar cf /backup/all.tar -- *')
    os.system('ls *')
    os.system('find . -name "*.pyc" -delete')
    subprocess.run(['tar', 'cf', '/backup/all.tar', '*'])
    os.system('rm -f build/*')
`,
      },
    ],
  },
};
