import { text } from '../finding.ts';
import type { Assert } from '../syntax/ast.ts';
import { walkStatements } from '../syntax/walk.ts';
import type { Report, Rule } from './rule.ts';
import type { FunctionView } from './views.ts';

export const assertAsCheck: Rule = {
  id: 'assert-as-check',
  title: 'Access check made with assert',
  cwe: [617, 703],
  aspect: 'access',
  kind: 'advisory',
  severity: 'medium',
  rows: [92],
  summary:
    'An `assert` in production code that decides who may go on: its condition asks for permissions, roles, logins, tokens or signatures. Other assertions are not reported.',
  why: 'Python leaves assertions out when it runs with `-O` or `PYTHONOPTIMIZE`; then nothing is checked.',
  fix: 'Write `if not …: raise PermissionError(...)`, or what the framework has for a refusal.',
  references: ['https://docs.python.org/3/reference/simple_stmts.html#the-assert-statement'],
  roles: { test: 'silent', example: 'silent', migration: 'silent' },
  on: { mentions: /\bassert\b/g, function: check },
  examples: {
    bad: [
      {
        title: 'who may go on',
        code: `
def delete(request, item):
    assert request.user.is_staff  # report
    item.delete()

def transfer(user, account, token):
    assert user.has_perm('bank.transfer'), 'no permission'  # report
    assert account.owner_id == user.id  # report
    assert verify_token(token)  # report
    assert session.get('admin')  # report
    assert account.org == request.org  # report
`,
      },
    ],
    good: [
      {
        title: 'what must hold anyway',
        code: `
def delete(request, item):
    assert item is not None
    assert isinstance(item.size, int)
    assert request.user is not None
    if not request.user.is_staff:
        raise PermissionError('staff only')
`,
      },
    ],
  },
};

const DECIDES =
  /\bis_(staff|superuser|admin|authenticated|authorized|allowed|owner|permitted)\b|\bhas_(perm|perms|permission|access|role|scope)s?\b|\b(verify|check)_(token|signature|password|permissions?|access|csrf|auth\w*)\b|\b(owner|owner_id|tenant_id|project_id|user_id)\b\s*==|compare_digest|\bsession(\.get\(|\[)\s*['"](?:is_)?(admin|user\w*|role|logged_?in|auth\w*)['"]|\.(role|org|organi[sz]ation|tenant|account|customer)(_id)?\s*==\s*(current|request|self\.request|user|g)\b/;

function check(fn: FunctionView): readonly Report[] | undefined {
  const asserts: Assert[] = [];
  walkStatements(
    fn.node.body,
    (statement) => {
      if (statement.kind === 'Assert' && DECIDES.test(fn.sourceOf(statement.test))) asserts.push(statement);
    },
    false,
  );
  return asserts.map((statement) => ({
    message: text`${fn.quote(statement)} decides who may go on, but Python leaves it out when it runs with ${{ code: '-O' }}.`,
    at: statement,
  }));
}
