import { code, text } from '../finding.ts';
import type { Rule } from './rule.ts';

export const pamAccountNotChecked: Rule = {
  id: 'pam-account-not-checked',
  title: 'PAM log-in without a check of the account',
  cwe: [285],
  aspect: 'access',
  kind: 'defect',
  severity: 'high',
  rows: [82],
  summary:
    '`pam_authenticate` called through ctypes in a function or module that never calls `pam_acct_mgmt`.',
  why: 'A right password is not enough: the account may be expired, locked, or not allowed at this time or place. Only `pam_acct_mgmt` says so.',
  fix: 'Call `pam_acct_mgmt` after `pam_authenticate` and refuse the log-in unless both return `PAM_SUCCESS`.',
  references: ['https://man7.org/linux/man-pages/man3/pam_acct_mgmt.3.html'],
  on: {
    module: (view) => {
      if (!/pam_authenticate/.test(view.text) || /pam_acct_mgmt/.test(view.text)) return undefined;
      // Declarations (`libpam.pam_authenticate`, `restype`, `argtypes`) are no calls.
      const name = /(\w+)\s*=\s*\w+(?:\.\w+)*\.pam_authenticate\b/.exec(view.text)?.[1] ?? 'pam_authenticate';
      const call = new RegExp(`(?<!def\\s)\\b${name}\\s*\\(`).exec(view.text);
      if (!call) return undefined;
      return {
        message: text`${code('pam_authenticate')} is called, and nothing calls ${code('pam_acct_mgmt')} to see whether the account may log in.`,
        at: { start: call.index, end: call.index + call[0].length },
      };
    },
  },
  examples: {
    bad: [
      {
        title: 'through ctypes',
        code: `
from ctypes import CDLL, POINTER, c_int
from ctypes.util import find_library

libpam = CDLL(find_library('pam'))
pam_authenticate = libpam.pam_authenticate
pam_authenticate.restype = c_int
pam_authenticate.argtypes = [PamHandle, c_int]

def authenticate(handle):
    return pam_authenticate(handle, 0) == 0  # report
`,
      },
    ],
    good: [
      {
        title: 'with the account',
        code: `
from ctypes import CDLL, POINTER, c_int
from ctypes.util import find_library

libpam = CDLL(find_library('pam'))
pam_authenticate = libpam.pam_authenticate
pam_acct_mgmt = libpam.pam_acct_mgmt

def authenticate(handle):
    return pam_authenticate(handle, 0) == 0 and pam_acct_mgmt(handle, 0) == 0
`,
      },
    ],
  },
};
