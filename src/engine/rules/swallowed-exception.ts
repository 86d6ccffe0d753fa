import { text } from '../finding.ts';
import type { Call, ExceptHandler, Try } from '../syntax/ast.ts';
import { lastName } from '../syntax/headers.ts';
import { walk, walkStatements } from '../syntax/walk.ts';
import type { Report, Rule } from './rule.ts';
import type { FunctionView } from './views.ts';

export const swallowedException: Rule = {
  id: 'swallowed-exception',
  title: 'Failure of a security check is swallowed',
  cwe: [390, 703, 636],
  aspect: 'errors',
  kind: 'advisory',
  severity: 'medium',
  rows: [92],
  summary:
    'A broad `except` that goes on as if nothing had happened (`pass`, `continue`) around a call that verifies, authenticates, authorizes, decrypts or validates. The same around other calls is listed in the summary only.',
  why: 'A check that fails with an error, because a key is missing or a service is down, then counts as passed; and errors that an attacker causes leave no trace.',
  fix: 'Catch the exception that is expected, and refuse when a check could not be made.',
  references: [
    'https://docs.python.org/3/tutorial/errors.html#handling-exceptions',
    'https://owasp.org/www-community/Fail_securely',
  ],
  roles: { test: 'silent', command: 'quiet', example: 'silent', migration: 'silent' },
  on: { mentions: /\bexcept\b/g, function: check },
  examples: {
    bad: [
      {
        title: 'a check that cannot fail',
        code: `
def handle(request, token):
    try:
        verify_signature(token)
    except Exception:  # report
        pass
    return serve(request)

def sweep(items):
    for item in items:
        try:
            policy.authorize(item)
        except:  # report
            continue
        item.delete()
`,
      },
      {
        title: 'everything is caught and nothing said',
        code: `
def close(connection):
    try:
        connection.flush()
    except:  # report
        pass

def best_effort(plugin):
    try:
        plugin.start()
    except Exception:  # report
        pass
`,
      },
    ],
    good: [
      {
        title: 'expected errors, refusals, notes',
        code: `
def handle(request, token):
    try:
        verify_signature(token)
    except Exception:
        return refuse(request)
    return serve(request)

def remove(path):
    try:
        os.remove(path)
    except FileNotFoundError:
        pass

def load(path):
    try:
        verify_checksum(path)
    except Exception:
        LOG.exception('no checksum')
        raise

def optional():
    try:
        import uvloop
    except ImportError:
        pass

def best_effort(plugin):
    try:
        plugin.start()
    except Exception as error:
        LOG.debug('no plugin: %s', error)
`,
      },
    ],
  },
};

const CHECKS =
  /(^|_)(verify|authenticate|authorize|authorise|check_(permission|access|auth|token|signature|password|policy|certificate|csrf)\w*|enforce|validate_(token|signature|certificate|jwt)\w*|decrypt|assert_(can|allowed)\w*|require_\w+)(_|$)/i;

function check(fn: FunctionView): readonly Report[] | undefined {
  const reports: Report[] = [];
  walkStatements(
    fn.node.body,
    (statement) => {
      if (statement.kind !== 'Try') return;
      const handler = statement.handlers.find(isSilent);
      if (!handler) return;
      const checking = checkIn(statement);
      if (checking) {
        reports.push({
          message: text`When ${fn.quote(checking.func)} fails, ${fn.quote({ start: handler.start, end: headEnd(fn, handler) })} goes on as if it had passed.`,
          at: handler,
        });
      } else {
        reports.push({
          quiet: true,
          message:
            handler.type === null
              ? text`A bare ${{ code: 'except:' }} swallows every error here, also ${{ code: 'KeyboardInterrupt' }} and ${{ code: 'SystemExit' }}.`
              : text`${fn.quote({ start: handler.start, end: headEnd(fn, handler) })} swallows every error here, expected or not.`,
          at: handler,
        });
      }
    },
    false,
  );
  return reports;
}

function headEnd(fn: FunctionView, handler: ExceptHandler): number {
  const source = fn.sourceOf(handler);
  return handler.start + (source.indexOf(':') + 1 || source.length);
}

/** Catches broadly, and does nothing. */
function isSilent(handler: ExceptHandler): boolean {
  const isBroad = handler.type === null || /^(Base)?Exception$/.test(lastName(handler.type));
  return isBroad && handler.body.every(({ kind }) => kind === 'Pass' || kind === 'Continue');
}

/** The checking call whose result nobody uses: only its failure tells. */
function checkIn(statement: Try): Call | undefined {
  let found: Call | undefined;
  for (const inner of statement.body) {
    if (inner.kind !== 'ExpressionStatement') continue;
    walk(inner, (node) => {
      if (node.kind === 'Call' && CHECKS.test(lastName((node as Call).func))) found ??= node as Call;
      return found === undefined;
    });
  }
  return found;
}
