import { text } from '../finding.ts';
import type { Expression } from '../syntax/ast.ts';
import type { Report, Rule } from './rule.ts';
import type { CallView } from './views.ts';

export const personalDataInLogs: Rule = {
  id: 'personal-data-in-logs',
  title: 'Host name or personal data in a log',
  cwe: [532, 359],
  aspect: 'exposure',
  kind: 'advisory',
  severity: 'low',
  rows: [121],
  summary:
    'A log call above debug level whose arguments are, by their names, host names, client addresses, e-mail addresses, phone numbers or the like; at every level for numbers of cards, accounts and identity papers. Listed in the summary only. What is masked, hashed or shortened first is left out.',
  why: 'Logs are kept long, copied to other systems and read by more people than the data was meant for; who logs personal data must be able to delete it there too.',
  fix: 'Log an identifier that means nothing outside, mask the value, or log it at debug level.',
  references: ['https://cheatsheetseries.owasp.org/cheatsheets/Logging_Cheat_Sheet.html#data-to-exclude'],
  roles: { test: 'quiet', example: 'silent', command: 'silent', migration: 'silent' },
  calls: [{ paths: [], names: (name) => LEVELS.test(name), check }],
  examples: {
    bad: [
      {
        title: 'who and where',
        code: `
import logging

LOG = logging.getLogger(__name__)

def boot(hostname, user, request):
    LOG.info('booting on %s', hostname)  # report
    LOG.warning(f'mail to {user.email} bounced')  # report
    logging.error('refused %s', request.remote_addr)  # report
    LOG.debug('charging ' + user.card_number)  # report
    logging.getLogger('audit').info('new member: {}'.format(user.ssn))  # report
`,
      },
    ],
    good: [
      {
        title: 'nothing of the kind, masked, or at debug level',
        code: `
import logging

LOG = logging.getLogger(__name__)

def boot(hostname, user, count):
    LOG.debug('booting on %s', hostname)
    LOG.info('user %s', user.id)
    LOG.info('mail to %s', mask(user.email))
    LOG.info('%d hostnames', count)
    print(hostname)
`,
      },
    ],
  },
};

const LEVELS = /^(debug|info|warning|warn|error|critical|exception|fatal|log|notice|success)$/;
const LOGGER = /(^|[._])(log|logger|logging|_log|_logger|syslog|getLogger|get_logger)$/i;
/** What no log may have, whatever its level. */
const OFFICIAL =
  /(^|_)(card_?(number|num|no)|credit_?card(_?(number|num|no))?|cc_?num(ber)?|pan_number|cvv2?|cvc|account_number|routing_number|ssn|social_security(_number)?|national_id|tax_id|passport(_number)?|iban|date_of_birth|dob|diagnosis|medical_record\w*)$/i;
const PERSONAL =
  /(^|_)(host_?name|fqdn|remote_addr|client_ip|remote_ip|ip_address|user_ip|peer_ip|e_?mail|email_address|e_?mails|phone|phone_number|mobile|msisdn|birth_?date|birthday|date_of_birth|dob|ssn|social_security_number|passport|full_name|first_name|last_name|surname|home_address|street|iban|latitude|longitude)$/i;

function check(call: CallView): Report | undefined {
  const { func } = call.node;
  if (func.kind !== 'Attribute' || !LOGGER.test(call.sourceOf(func.value).replace(/\(.*$/s, '')))
    return undefined;
  const names = call.name === 'debug' ? [OFFICIAL] : [PERSONAL, OFFICIAL];
  for (const argument of call.node.args) {
    const named = namedIn(argument, names);
    if (named) {
      return {
        quiet: true,
        message: text`${call.quote(named)} is written to the log in ${call.quote(func)}.`,
        at: call.node,
        confidence: 'low',
      };
    }
  }
  return undefined;
}

/** A name that stands in the text as it is, not inside another call than `format`. */
function namedIn(expression: Expression, names: readonly RegExp[]): Expression | undefined {
  const isNamed = (name: string) => names.some((one) => one.test(name));
  const first = (all: readonly (Expression | undefined)[]) =>
    all.map((one) => one && namedIn(one, names)).find((found) => found);
  switch (expression.kind) {
    case 'Name':
      return isNamed(expression.id) ? expression : undefined;
    case 'Attribute':
      return isNamed(expression.attr) ? expression : undefined;
    case 'Subscript':
      return expression.index.kind === 'Str' && isNamed(expression.index.value) ? expression : undefined;
    case 'JoinedStr':
      return first(expression.parts.map((part) => (part.kind === 'FormattedValue' ? part.value : undefined)));
    case 'BinOp':
      return first(expression.operands);
    case 'Tuple':
      return first(expression.elements);
    case 'Dict':
      return first(expression.values);
    case 'Call':
      return expression.func.kind === 'Attribute' &&
        expression.func.attr === 'format' &&
        expression.func.value.kind === 'Str'
        ? first([...expression.args, ...expression.keywords.map(({ value }) => value)])
        : undefined;
    default:
      return undefined;
  }
}
