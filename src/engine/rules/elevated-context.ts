import { code, text } from '../finding.ts';
import type { Call } from '../syntax/ast.ts';
import { lastName } from '../syntax/headers.ts';
import { walk } from '../syntax/walk.ts';
import type { Report, Rule } from './rule.ts';
import { accessCheckIn } from './support/access-control.ts';
import type { FunctionView } from './views.ts';

export const elevatedContext: Rule = {
  id: 'elevated-context',
  title: 'Administrator rights taken on in a request without a check',
  cwe: [250, 862, 269],
  aspect: 'access',
  kind: 'advisory',
  severity: 'medium',
  rows: [114],
  summary:
    "A method that serves a request raises its own rights (`context.elevated()`, `get_admin_context()`, Odoo's `sudo()`, `impersonate`) and has asked no policy and no permission before.",
  why: 'With an elevated context the layers below check nothing any more: whoever can send the request acts as administrator.',
  fix: 'Ask the policy first (`context.can(...)`, `policy.authorize(...)`), and elevate only around the one call that needs it.',
  references: [
    'https://docs.openstack.org/nova/latest/reference/policy-enforcement.html',
    'https://www.odoo.com/documentation/master/developer/reference/backend/orm.html',
  ],
  roles: { test: 'silent', example: 'silent', command: 'silent', migration: 'silent' },
  on: { mentions: /elevated|get_admin_context|sudo|impersonate|with_admin_rights/g, function: check },
  examples: {
    bad: [
      {
        title: 'an API method',
        code: `
class ServersController(wsgi.Controller):
    def delete(self, req, id):
        context = req.environ['nova.context']
        admin = context.elevated()  # report
        self.api.delete(admin, id)

    def show(self, req, id):
        context = nova_context.get_admin_context()  # report
        return self.api.get(context, id)
`,
      },
    ],
    good: [
      {
        title: 'checked before, or no request',
        code: `
class ServersController(wsgi.Controller):
    def delete(self, req, id):
        context = req.environ['nova.context']
        context.can(policies.DELETE)
        self.api.delete(context.elevated(), id)

class Manager:
    def periodic(self, context):
        self.clean(context.elevated())

def main():
    ctxt = get_admin_context()
    return ctxt
`,
      },
    ],
  },
};

const ELEVATES = /^(elevated|get_admin_context|sudo|impersonate|with_admin_rights)$/;

function check(fn: FunctionView): Report | undefined {
  if (!servesRequest(fn)) return undefined;
  let found: Call | undefined;
  walk(fn.node, (node) => {
    if (node.kind === 'Call' && ELEVATES.test(lastName((node as Call).func)) && isElevation(node as Call))
      found ??= node as Call;
    return found === undefined;
  });
  if (!found) return undefined;
  const checked = accessCheckIn(fn);
  if (checked && checked.start < found.start) return undefined;
  return {
    message: text`${code(fn.name)} acts as administrator from ${fn.quote(found)} on, and nothing before it asks what the caller may do.`,
    at: found,
  };
}

/** `sudo` is also the name of many other things: without arguments, on a model. */
function isElevation(call: Call): boolean {
  const name = lastName(call.func);
  return name !== 'sudo' || (call.func.kind === 'Attribute' && call.args.length === 0);
}

function servesRequest(fn: FunctionView): boolean {
  if (fn.name.startsWith('_')) return false;
  // Procedures that other services call were checked where the request came in.
  const isWeb = fn.handler !== undefined && !/rpc|procedure|message|task|queue/i.test(fn.handler);
  return isWeb || (fn.class !== undefined && /^(req|request)$/.test(fn.node.params[1]?.name ?? ''));
}
