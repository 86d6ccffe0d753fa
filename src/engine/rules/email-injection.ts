import { code, text } from '../finding.ts';
import type { Reports, Rule } from './rule.ts';
import { calledAs } from './support/called-as.ts';
import type { AssignmentView } from './views.ts';

/** `message.content_subtype = 'html'`: what the message was made with is HTML. */
function checkSubtype(view: AssignmentView): Reports {
  const { object, value } = view;
  if (value.constant !== 'html' || !object?.isA('django.core.mail.EmailMessage')) return undefined;
  const source = object.sources.find(({ level }) => level === 'remote');
  if (!source || !object.reaches('mail-html')) return undefined;
  return {
    at: view.node,
    message: text`${view.quote(view.node)} makes HTML of the body of the mail, which holds ${source.what} (${source.code}) as it came.`,
    steps: [{ at: source.at, text: text`${source.what}` }],
  };
}

export const emailInjection: Rule = {
  id: 'email-injection',
  title: 'Outside text in the HTML or the headers of a mail',
  cwe: [80, 93, 74],
  aspect: 'injection',
  kind: 'defect',
  severity: 'medium',
  rows: [34],
  summary:
    'Outside text that becomes the HTML body of a mail without being escaped, or a header of a mail with its line breaks.',
  why: 'The sender writes links and pictures into a mail that comes from you; with a line break in a header he adds recipients.',
  fix: 'Render the body with a template that escapes, or escape the value with `html.escape`; build messages with `email.message.EmailMessage`, which refuses line breaks in headers.',
  references: [
    'https://docs.djangoproject.com/en/stable/topics/email/#preventing-header-injection',
    'https://docs.python.org/3/library/email.message.html',
  ],
  flow: {
    sinks: ['mail-html', 'mail-header'],
    levels: { remote: 'defect' },
    accepts: (flow) =>
      flow.kind === 'mail-html' || !/JSON body|uploaded|a header of|path|cookie/.test(flow.source.what),
    message: (flow) =>
      flow.kind === 'mail-html'
        ? text`${flow.origin} becomes part of the HTML body of a mail in ${calledAs(flow)} without being escaped.`
        : text`${flow.origin} becomes part of the headers of a mail in ${calledAs(flow)} with its line breaks.`,
    fix: (flow) => ({
      text:
        flow.kind === 'mail-html'
          ? text`Escape the value with ${code('html.escape')}, or render the body with a template.`
          : text`Build the message with ${code('email.message.EmailMessage')}, which refuses line breaks in headers.`,
    }),
  },
  on: { assignment: { names: ['content_subtype'], check: checkSubtype } },
  examples: {
    bad: [
      {
        title: 'a body that is declared to be HTML',
        code: `
from django.core.mail import EmailMessage

def contact(request):
    message = EmailMessage('Hello', request.POST['text'], 'a@example.com', ['b@example.com'])
    message.content_subtype = 'html'  # report
    message.send()
`,
      },
      {
        title: 'an HTML body',
        code: `
from django.core.mail import EmailMultiAlternatives, send_mail
from email.mime.text import MIMEText

def contact(request):
    name = request.POST['name']
    send_mail('Hello', 'text', 'a@example.com', ['b@example.com'], html_message=f'<p>{name}</p>')  # report
    message = EmailMultiAlternatives('Hello', 'text', 'a@example.com', ['b@example.com'])
    message.attach_alternative('<p>' + name + '</p>', 'text/html')  # report
    part = MIMEText('<p>%s</p>' % name, 'html')  # report
`,
      },
      {
        title: 'a message that is built as text',
        code: `
import smtplib
from flask import Flask, request

app = Flask(__name__)

@app.post('/contact')
def contact():
    server = smtplib.SMTP('localhost')
    message = 'Subject: %s\\n\\nHello' % request.form['subject']
    server.sendmail('a@example.com', ['b@example.com'], message)  # report
    return ''
`,
      },
    ],
    good: [
      {
        title: 'escaped, rendered, or plain text',
        code: `
import html
from django.core import mail
from django.core.mail import send_mail
from django.template.loader import render_to_string
from email.message import EmailMessage

def contact(request):
    name = request.POST['name']
    send_mail('Hello', f'Dear {name}', 'a@example.com', ['b@example.com'])
    send_mail('Hello', '', 'a@example.com', ['b@example.com'], html_message=f'<p>{html.escape(name)}</p>')
    send_mail('Hello', '', 'a@example.com', ['b@example.com'], html_message=render_to_string('mail.html', {'name': name}))
    message = EmailMessage()
    message['Subject'] = name
    message.set_content(name)
    page = mail.EmailMessage(name, render_to_string('mail.html', {'name': name}), 'a@example.com')
    page.content_subtype = 'html'
    plain = mail.EmailMessage('Hello', name, 'a@example.com')
    plain.content_subtype = 'plain'
`,
      },
    ],
  },
};
