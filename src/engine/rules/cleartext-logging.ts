import { code, text } from '../finding.ts';
import type { Rule } from './rule.ts';
import { type NamedSecret, secretsIn } from './support/secret-names.ts';
import type { CallView } from './views.ts';

export const cleartextLogging: Rule = {
  id: 'cleartext-logging',
  title: 'Secret written to a log',
  cwe: [532, 312],
  aspect: 'exposure',
  kind: 'defect',
  severity: 'medium',
  rows: [76],
  summary:
    'A variable, attribute or entry that is named like a password, secret, key or token and is given to a logging call as it is. `print` is an advisory. Values that are masked, hashed or only counted are fine.',
  why: 'Logs are kept for long, copied to other systems, and read by people who should not know the passwords of users or of the program.',
  fix: 'Leave the value out, or log something that stands for it: the name of the user, the id of the token, its length.',
  references: ['https://cheatsheetseries.owasp.org/cheatsheets/Logging_Cheat_Sheet.html#data-to-exclude'],
  roles: { test: 'silent', example: 'advisory' },
  calls: [{ paths: [], names: (name) => PRINTS.has(name) || LOG_METHODS.has(name), check: checkLogCall }],
  examples: {
    bad: [
      {
        title: 'logging',
        code: `
import logging

logger = logging.getLogger(__name__)

def login(user, password):
    logger.info('login of %s with %s', user, password)  # report
    logging.debug(f'password: {password}')  # report

    logger.info('login', extra={'user': user, 'given': password})  # report

class Client:
    def connect(self):
        self.log.debug('connecting with key ' + self.config['api_key'])  # report
        self.log.error('refused: {}'.format(self.client_secret))  # report
`,
      },
      {
        title: 'the terminal',
        kind: 'advisory',
        code: `
def show(config):
    print('database password', config.db_password)  # report
`,
      },
    ],
    good: [
      {
        title: 'nothing secret, or nothing of it',
        code: `
import logging

logger = logging.getLogger(__name__)

def login(user, password, token):
    logger.info('wrong password for %s', user)
    logger.info('password of length %d', len(password))
    logger.debug('token %s', mask(token))
    logger.debug('token %s...', token[:4])
    logger.info('has a password: %s', bool(password))
    logger.info('%s', user.password_changed_at)
    logger.info('the secret should have %i bytes', COOKIE_SECRET_BYTES)
    masked_token = f'{token[:4]}********'
    logger.info('refused: %s', masked_token)
    logger.info('reset link sent', extra={'password_reset_url': user.url})
    logger.info('password set' if password else 'no password')
`,
      },
      {
        title: 'tokens of a language',
        code: `
import logging

logger = logging.getLogger(__name__)

def parse(tokens):
    for token in tokens:
        logger.debug('token: %s', token)
        print(token)
`,
      },
    ],
  },
};

/** Last names of the calls that write to the terminal: `print`, `sys.stdout.write`, `pprint.pprint`. */
const PRINTS: ReadonlySet<string> = new Set(['print', 'write', 'pprint']);

const LOG_METHODS: ReadonlySet<string> = new Set([
  'debug',
  'info',
  'warning',
  'warn',
  'error',
  'critical',
  'exception',
  'log',
  'fatal',
  'trace',
  'notice',
]);

function checkLogCall(call: CallView) {
  const isPrint =
    call.callee === 'builtins.print' ||
    call.callee === 'sys.stdout.write' ||
    call.callee === 'sys.stderr.write' ||
    call.callee === 'pprint.pprint';
  if (!isPrint && !isLogCall(call)) return undefined;
  const secrets = [
    ...call.node.args.flatMap((argument) => secretsIn(argument)),
    // `extra={…}` of logging, and what structlog and loguru take by name.
    ...call.node.keywords.flatMap(({ value }) => (isPrint ? [] : secretsIn(value))),
  ];
  const found = secrets.find((secret) => isSecretInLog(call, secret));
  if (!found) return undefined;
  return {
    message: isPrint
      ? text`${call.quote(call.node.func)} writes ${call.quote(found.node)} to the terminal as it is.`
      : text`${call.quote(call.node.func)} writes ${call.quote(found.node)} to the log as it is.`,
    at: call.node,
    fix: { text: text`Leave ${code(found.name)} out, or log something that stands for it.` },
    ...(isPrint
      ? { kind: 'advisory' as const, severity: 'low' as const, quiet: call.role === 'command' }
      : {}),
  };
}

/** Words that make a token one of authentication: others mark places in streams and pages, or parts of a language. */
const AUTHENTICATION =
  /auth|access|api|refresh|bearer|secret|session|admin|user|jwt|login|csrf|reset|renewal|registration|github|gitlab|slack|bot|device|id_token|invite|verification/i;

function isSecretInLog(call: CallView, { kind, name }: NamedSecret): boolean {
  if (/session_?key/i.test(name)) return false;
  if (kind === 'token') return AUTHENTICATION.test(name);
  // `logger.debug('Writing private key to %s', target['privkey'])`: its path.
  return (
    kind !== 'private-key' ||
    !/path|file|dir|writ|sav|load|read|link|cop(y|ied)/i.test(call.sourceOf(call.node))
  );
}

function isLogCall(call: CallView): boolean {
  if (!LOG_METHODS.has(call.name)) return false;
  if (
    /^(logging|loguru|structlog|oslo_log|absl\.logging|celery\.utils\.log|twisted\.logger)\b/.test(
      call.callee,
    )
  )
    return true;
  const { func } = call.node;
  return (
    func.kind === 'Attribute' &&
    /(^|[._])(log|logger|logging|_log|_logger|LOG)(\(\))?$/i.test(call.sourceOf(func.value))
  );
}
