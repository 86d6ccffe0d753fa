import { code, text } from '../finding.ts';
import type { Report, Rule } from './rule.ts';
import type { AssignmentView, CallView, ValueView } from './views.ts';

const MAIL_CALLS = [
  'django.core.mail.send_mail',
  'django.core.mail.send_mass_mail',
  'django.core.mail.EmailMessage',
  'django.core.mail.EmailMultiAlternatives',
  'django.core.mail.EmailMultiAlternatives.attach_alternative',
  'flask_mail.Message',
  'email.mime.text.MIMEText',
  'email.message.EmailMessage.set_content',
  'smtplib.SMTP.sendmail',
  'sendgrid.helpers.mail.Mail',
];

function hostIn(value: ValueView | undefined) {
  return value?.sources.find(
    (source) => source.level === 'remote' && source.what === 'the Host header of the request',
  );
}

function report(view: CallView | AssignmentView, value: ValueView | undefined) {
  const source = hostIn(value);
  if (!source) return undefined;
  return {
    at: view.node,
    message: text`A link in the mail is built with ${source.code}, the Host header, which the client writes as it likes.`,
    steps: [{ at: source.at, text: text`the Host header of the request` }],
  };
}

/** `reset_link = 'https://' + request.host + path`: where the link goes, this place does not show. */
function checkLink(view: AssignmentView): Report | undefined {
  const source = view.valueNode.kind === 'Name' ? undefined : hostIn(view.value);
  if (!source || !/^https?:\/\/\0/.test(view.value.template ?? '')) return undefined;
  return {
    at: view.node,
    kind: 'advisory',
    quiet: true,
    message: text`The host of ${code(view.name)} is ${source.code}, the Host header, which the client writes as it likes.`,
    steps: [{ at: source.at, text: text`the Host header of the request` }],
  };
}

export const hostHeaderPoisoning: Rule = {
  id: 'host-header-poisoning',
  title: 'Host header in a mail',
  cwe: [644, 640, 20],
  aspect: 'validation',
  kind: 'defect',
  severity: 'medium',
  rows: [28],
  summary:
    'The Host header of the request (`request.host`, `request.get_host()`, `request.META["HTTP_HOST"]`) becomes part of a mail, as in the link that resets a password. An address that is built with it and goes elsewhere is listed quietly.',
  why: 'Somebody who asks for the reset of another’s password with a Host header of his own gets the token when the link in the mail is opened.',
  fix: 'Build the link from a configured host name.',
  references: [
    'https://portswigger.net/web-security/host-header/exploiting/password-reset-poisoning',
    'https://docs.djangoproject.com/en/stable/topics/security/#host-header-validation',
  ],
  calls: [
    {
      paths: MAIL_CALLS,
      check: (call) => {
        for (let i = 0; i < Math.max(call.positionalCount, 3); i++) {
          const found = report(call, call.argument(i));
          if (found) return found;
        }
        for (const name of ['message', 'html_message', 'body', 'html', 'html_content']) {
          const found = report(call, call.argument(undefined, name));
          if (found) return found;
        }
        return undefined;
      },
    },
  ],
  on: {
    assignment: {
      names: (name) => /^(?:body|html)$|link|ur[il]$|href/i.test(name),
      check: (view) =>
        view.target === 'attribute' && view.object?.isA('flask_mail.Message')
          ? report(view, view.value)
          : checkLink(view),
    },
  },
  examples: {
    bad: [
      {
        title: 'a link that resets a password',
        code: `
from django.core.mail import send_mail
from flask import Flask, request
from flask_mail import Mail, Message

app = Flask(__name__)
mail = Mail(app)

@app.post('/reset')
def reset():
    message = Message('Your password', recipients=[request.form['email']])
    message.body = 'Open https://' + request.host + '/reset/' + make_token()  # report
    mail.send(message)
    return ''

def reset_view(request):
    text = f'Open https://{request.get_host()}/reset/{make_token()}'
    send_mail('Your password', text, 'us@example.com', [request.POST['email']])  # report
`,
      },
      {
        title: 'a link that is kept',
        kind: 'advisory',
        code: `
from flask import Flask, request

app = Flask(__name__)

@app.get('/invite')
def invite():
    invite_url = f'https://{request.host}/join'  # report
    return {'url': invite_url}
`,
      },
    ],
    good: [
      {
        title: 'a configured name',
        code: `
from django.conf import settings
from django.core.mail import send_mail
from django.shortcuts import redirect

def reset_view(request):
    link = f'https://{settings.SITE}/reset/{make_token()}'
    send_mail('Your password', f'Open {link}', 'us@example.com', [request.POST['email']])
    return redirect(f'https://{request.get_host()}/done')
`,
      },
    ],
  },
};
