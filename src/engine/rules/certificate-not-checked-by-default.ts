import { code, text } from '../finding.ts';
import type { ApiPath } from '../libraries/library.ts';
import type { Report, Rule } from './rule.ts';
import { isLocalHost } from './support/open-addresses.ts';
import type { CallView } from './views.ts';

export const certificateNotCheckedByDefault: Rule = {
  id: 'certificate-not-checked-by-default',
  title: 'TLS of a mail or file server without a check of its certificate',
  cwe: [295],
  aspect: 'cryptography',
  kind: 'advisory',
  severity: 'low',
  rows: [65],
  summary:
    'TLS of `smtplib`, `imaplib`, `poplib` and `ftplib` without a context: other than for HTTPS, the standard library then checks neither the certificate nor the name of the server; and an `ssl.SSLContext` that is made without `PROTOCOL_TLS_CLIENT` and never told to check. A quiet advisory.',
  why: 'Who stands between the two can present any certificate, and gets the password and the messages.',
  fix: 'Pass `context=ssl.create_default_context()` (`ssl_context=` in `imaplib`).',
  references: [
    'https://docs.python.org/3/library/ssl.html#security-considerations',
    'https://peps.python.org/pep-0476/#other-protocols',
  ],
  roles: { test: 'silent', example: 'quiet' },
  calls: [
    contextOf(['smtplib.SMTP.starttls', 'smtplib.SMTP_SSL'], 'context'),
    contextOf(['poplib.POP3.stls', 'poplib.POP3_SSL', 'ftplib.FTP_TLS', 'nntplib.NNTP_SSL'], 'context'),
    { paths: ['ssl.SSLContext'], check: checkContext },
    contextOf(['imaplib.IMAP4.starttls', 'imaplib.IMAP4_SSL'], 'ssl_context'),
  ],
  examples: {
    bad: [
      {
        title: 'no context',
        code: `
import ftplib
import imaplib
import smtplib
import ssl

def send(host, user, password, message):
    server = smtplib.SMTP(host, 587)
    server.starttls()  # report
    server.login(user, password)
    server.send_message(message)

def fetch(host):
    mail = imaplib.IMAP4_SSL(host)  # report
    return mail, ftplib.FTP_TLS(host), smtplib.SMTP_SSL(host, 465)  # report

def context():
    return ssl.SSLContext()  # report
`,
      },
    ],
    good: [
      {
        title: 'with a context, or on the same machine',
        code: `
import imaplib
import smtplib
import ssl

def send(host, options):
    server = smtplib.SMTP(host, 587)
    server.starttls(context=ssl.create_default_context())
    smtplib.SMTP_SSL(host, 465, **options)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS)
    context.verify_mode = ssl.CERT_REQUIRED
    ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    smtplib.SMTP_SSL('localhost', 465)
    return imaplib.IMAP4_SSL(host, ssl_context=ssl.create_default_context())
`,
      },
    ],
  },
};

/** https://github.com/python/cpython/blob/3.13/Lib/ssl.py: `_create_stdlib_context = _create_unverified_context` */
function contextOf(paths: readonly ApiPath[], name: string) {
  return { paths, check: (call: CallView) => check(call, name) };
}

/** https://docs.python.org/3/library/ssl.html#ssl.SSLContext: only PROTOCOL_TLS_CLIENT checks by itself. */
function checkContext(call: CallView): Report | undefined {
  const protocol = call.argument(0, 'protocol');
  if (
    protocol === undefined
      ? call.hasUnknownArguments
      : !/\.PROTOCOL_(TLS|SSLv23|TLSv1_2)$/.test(protocol.path ?? '')
  )
    return undefined;
  const around = call.class ?? call.function ?? call.module;
  // Servers have a certificate of their own, and seldom ask for others.
  if (/verify_mode|load_cert_chain|server_side|set_verify|CERT_/.test(around.sourceOf(around.node)))
    return undefined;
  return {
    quiet: true,
    message: text`${call.quote(call.node)} makes a context that checks no certificate.`,
    at: call.node,
    fix: { text: text`Use ${code('ssl.create_default_context()')}, or ${code('ssl.PROTOCOL_TLS_CLIENT')}.` },
  };
}

function check(call: CallView, name: string): Report | undefined {
  const context = call.argument(undefined, name);
  if ((context !== undefined && !context.isNone) || call.hasUnknownArguments) return undefined;
  // `server.starttls(keyfile, certfile, context)` of old.
  const isMethod = call.name === 'starttls' || call.name === 'stls';
  if (isMethod && call.positionalCount > 0) return undefined;
  const host = isMethod ? call.receiver?.madeBy?.argument(0, 'host') : call.argument(0, 'host');
  if (isLocalHost(host)) return undefined;
  return {
    quiet: true,
    message: text`${call.quote(call.node)} checks no certificate: it gets no ${code(name)}.`,
    at: call.node,
    fix: { text: text`Pass ${code(`${name}=ssl.create_default_context()`)}.` },
  };
}
