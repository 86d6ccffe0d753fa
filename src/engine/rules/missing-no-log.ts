import { code, text } from '../finding.ts';
import { sensitiveKind } from '../secrets/sensitive-names.ts';
import type { Call, Dict, Expression, Node } from '../syntax/ast.ts';
import { lastName } from '../syntax/headers.ts';
import { walk } from '../syntax/walk.ts';
import type { Report, Rule } from './rule.ts';
import { type Fields, fieldsOfCall, fieldsOfDict } from './support/ingress.ts';
import { type Literals, literalsOf } from './support/module-literals.ts';
import type { ModuleView } from './views.ts';

export const missingNoLog: Rule = {
  id: 'missing-no-log',
  title: 'Secret option of an Ansible module without no_log',
  cwe: [532, 200],
  aspect: 'exposure',
  kind: 'defect',
  severity: 'medium',
  rows: [76],
  summary:
    "An option of an Ansible module's `argument_spec` whose name says that it is a password, token or key, that takes text, and that has no `no_log`. Options with fixed `choices`, other types, and `no_log=False`, which somebody decided, are not reported.",
  why: "Ansible shows and stores the parameters of every task: on the screen with `-v`, in the system's log of the managed host, in callbacks and in the results that a controller keeps.",
  fix: 'Add `no_log=True` to the option.',
  references: [
    'https://docs.ansible.com/ansible/latest/dev_guide/developing_program_flow_modules.html#no-log',
    'https://docs.ansible.com/ansible/latest/reference_appendices/logging.html',
  ],
  on: { module: check },
  examples: {
    bad: [
      {
        title: 'options of a module',
        code: `
from ansible.module_utils.basic import AnsibleModule, env_fallback

def main():
    module = AnsibleModule(
        argument_spec=dict(
            host=dict(required=True),
            username=dict(type='str'),
            password=dict(type='str', required=True),  # report
            api_token=dict(fallback=(env_fallback, ['API_TOKEN'])),  # report
            auth={
                'type': 'dict',
                'options': {
                    'client_secret': {'type': 'str'},  # report
                },
            },
        ),
        supports_check_mode=True,
    )
`,
      },
      {
        title: 'a specification for several modules',
        code: `
from ansible.module_utils.basic import env_fallback

def argument_spec():
    return {
        'hostname': {'type': 'str', 'required': True},
        'private_key': {'type': 'str'},  # report
    }
`,
      },
    ],
    good: [
      {
        title: 'hidden, or no secret',
        code: `
from ansible.module_utils.basic import AnsibleModule

def main():
    module = AnsibleModule(argument_spec=dict(
        password=dict(type='str', no_log=True),
        token=dict(no_log=False),
        update_password=dict(choices=['always', 'on_create'], default='always'),
        password_file=dict(type='path'),
        store_token=dict(type='bool', default=False),
        private_key=dict(type='path'),
        token_lifetime=dict(type='int'),
        secret_name=dict(type='str'),
        ssh_key_comment=dict(type='str'),
    ))
`,
      },
      {
        title: 'no module of Ansible',
        code: `
SCHEMA = dict(password=dict(type='str'))

def validate(data):
    return AnsibleModule, SCHEMA
`,
      },
    ],
  },
};

const ACTION =
  /^(update|store|revoke|require|force|generate|create|reset|change|use|check|keep|allow|validate|rotate|disable|enable|show|send|has|is|no)_/;

/** What is said about a secret: `ssh_key_comment`. */
const ABOUT =
  /_(comment|type|bits|file|path|src|dest|name|id|url|uri|length|size|format|algorithm|expir\w*|lifetime|ttl|policy|version|state|fingerprint|usage|validity|prompt|age|count|field|attribute)s?$/;

/** What an option is described with, https://docs.ansible.com/ansible/latest/dev_guide/developing_program_flow_modules.html#argument-spec */
const DESCRIBES =
  /^(type|required|default|fallback|choices|aliases|elements|options|no_log|removed_in_version|removed_at_date|removed_from_collection|deprecated_aliases|mutually_exclusive|required_together|required_one_of|required_if|required_by|apply_defaults|version_added)$/;

function check(module: ModuleView): readonly Report[] | undefined {
  const isModule = module.imports('ansible.module_utils') || /ansible_collections/.test(module.text);
  if (!isModule || !/argument_?spec|AnsibleModule/i.test(module.text)) return undefined;
  const literals = literalsOf(module);
  const reports: Report[] = [];
  const judge = (name: string, value: Expression, at: Node) => {
    if (isShown(name, value, literals)) reports.push(reportOf(module, name, at));
  };
  walk(module.node, (node) => {
    if (node.kind === 'Dict') {
      const dict = node as Dict;
      dict.keys.forEach((key, i) => {
        const value = dict.values[i];
        if (key?.kind === 'Str' && value) judge(key.value, value, key);
      });
    } else if (node.kind === 'Call' && lastName((node as Call).func) === 'dict') {
      for (const keyword of (node as Call).keywords)
        if (keyword.name !== null) judge(keyword.name, keyword.value, keyword);
    }
    return true;
  });
  return reports;
}

function reportOf(module: ModuleView, name: string, at: Node): Report {
  return {
    message: text`The option ${code(name)} is shown and logged by Ansible: it has no ${code('no_log')}.`,
    at,
    ...(module.role === 'test' ? { quiet: true } : {}),
  };
}

/** Whether an option of this name and description is a secret that Ansible does not hide. */
function isShown(name: string, value: Expression, literals: Literals): boolean {
  const kind = sensitiveKind(name);
  if (!kind || kind === 'connection-string' || kind === 'credential') return false;
  if (ACTION.test(name) || ABOUT.test(name)) return false;
  const fields = fieldsOfOption(value);
  if (!fields?.isComplete || fields.has('no_log', 'choices', 'options')) return false;
  const type = fields.get('type');
  return !type || literals.of(type) === 'str';
}

/** `dict(type='str')` or `{'type': 'str'}`, where all that it says describes an option. */
function fieldsOfOption(value: Expression): Fields | undefined {
  if (value.kind === 'Call') {
    const isOption =
      lastName(value.func) === 'dict' &&
      value.args.length === 0 &&
      value.keywords.every(({ name }) => name !== null && DESCRIBES.test(name));
    return isOption ? fieldsOfCall(value) : undefined;
  }
  if (value.kind !== 'Dict' || value.keys.length === 0) return undefined;
  const isOption = value.keys.every((key) => key?.kind === 'Str' && DESCRIBES.test(key.value));
  return isOption ? fieldsOfDict(value) : undefined;
}
