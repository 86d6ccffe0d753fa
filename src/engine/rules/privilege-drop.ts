import { code, text } from '../finding.ts';
import type { Call } from '../syntax/ast.ts';
import { walk } from '../syntax/walk.ts';
import type { Report, Rule } from './rule.ts';
import type { FunctionView } from './views.ts';

export const privilegeDrop: Rule = {
  id: 'privilege-drop',
  title: 'Privileges dropped in the wrong way',
  cwe: [271, 273, 250],
  aspect: 'access',
  kind: 'defect',
  severity: 'high',
  rows: [113],
  summary:
    'A process that gives up being root in the wrong order or by half: `os.setuid` before `os.setgid`, a user and group that are set while the supplementary groups of root stay (no `os.setgroups` or `os.initgroups`).',
  why: 'After `setuid` a process may no longer change its group, so it keeps the group of root; supplementary groups and a saved id keep the rights of root at hand too.',
  fix: 'Call `os.initgroups` (or `os.setgroups([])`), then `os.setgid`, then `os.setuid`.',
  references: [
    'https://docs.python.org/3/library/os.html#os.setuid',
    'https://wiki.sei.cmu.edu/confluence/display/c/POS36-C.+Observe+correct+revocation+order+while+relinquishing+privileges',
  ],
  on: { mentions: /\bsetr?e?s?uid\b/g, function: check },
  examples: {
    bad: [
      {
        title: 'the wrong order',
        code: `
import os

def drop(uid, gid):
    os.setgroups([])
    os.setuid(uid)  # report
    os.setgid(gid)
`,
      },
      {
        title: 'groups that stay',
        code: `
import os
import pwd

def drop(name):
    user = pwd.getpwnam(name)
    os.setgid(user.pw_gid)
    os.setuid(user.pw_uid)  # report
`,
      },
      {
        title: 'the user alone',
        code: `
import os

def drop(uid):
    os.setuid(uid)  # report
`,
      },
    ],
    good: [
      {
        title: 'all, in order',
        code: `
import os

def drop(name, uid, gid):
    os.initgroups(name, gid)
    os.setgid(gid)
    os.setuid(uid)

def other(uid, gid):
    os.setgroups([])
    os.setresgid(gid, gid, gid)
    os.setresuid(uid, uid, uid)

def become_root():
    os.setuid(0)
`,
      },
    ],
  },
};

type Step = 'groups' | 'group' | 'user';
const STEPS: Readonly<Record<string, Step>> = {
  'os.setgroups': 'groups',
  'os.initgroups': 'groups',
  'os.setgid': 'group',
  'os.setregid': 'group',
  'os.setresgid': 'group',
  'os.setuid': 'user',
  'os.setreuid': 'user',
  'os.setresuid': 'user',
};

function check(fn: FunctionView): Report | undefined {
  const steps: { step: Step; call: Call }[] = [];
  walk(fn.node, (node) => {
    if (node.kind === 'Call') {
      const step = STEPS[fn.resolve((node as Call).func)];
      if (step) steps.push({ step, call: node as Call });
    }
    return undefined;
  });
  const user = steps.find(({ step }) => step === 'user');
  if (!user || isRoot(user.call)) return undefined;
  const order = steps.map(({ step }) => step);
  const group = steps.find(({ step, call }) => step === 'group' && call.start > user.call.start);
  if (group && !steps.some(({ step, call }) => step === 'group' && call.start < user.call.start)) {
    return {
      message: text`${fn.quote(user.call)} comes before ${fn.quote(group.call)}, which can then no longer give up the group of root.`,
      at: user.call,
      fix: {
        text: text`Call ${code('os.initgroups')}, then ${fn.quote(group.call.func)}, then ${fn.quote(user.call.func)}.`,
      },
    };
  }
  if (order.includes('groups') || isStepOfOthers(fn, order)) return undefined;
  return {
    severity: 'medium',
    ...(order.includes('group') ? {} : { confidence: 'medium' as const }),
    message: order.includes('group')
      ? text`${fn.quote(user.call)} gives up the user, but the supplementary groups of root stay.`
      : text`${fn.quote(user.call)} gives up the user, but the groups of root stay.`,
    at: user.call,
  };
}

/** A function that does one step only, while others of the module do the rest. */
function isStepOfOthers(fn: FunctionView, order: readonly Step[]): boolean {
  return (
    !order.includes('group') && /\b(setgid|setgroups|initgroups|setregid|setresgid)\b/.test(fn.module.text)
  );
}

/** Taking root on is no dropping. */
function isRoot(call: Call): boolean {
  return (
    call.args.length > 0 && call.args.every((argument) => argument.kind === 'Num' && argument.value === 0)
  );
}
