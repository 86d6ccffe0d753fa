import { at, type Library, named } from './library.ts';

/** Mail services and helpers: bodies that are read as HTML, and headers. */
export const mailClients: Library = {
  name: 'Flask-Mail, SendGrid, Mailgun, Postmark, FastAPI-Mail, yagmail, Amazon SES',
  docs: 'https://pythonhosted.org/Flask-Mail/',
  aliases: {
    'flask.ext.mail': 'flask_mail',
    flask_mailman: 'flask_mail',
    'sendgrid.helpers.mail.mail.Mail': 'sendgrid.helpers.mail.Mail',
  },
  sinks: [
    { kind: 'mail-html', paths: ['flask_mail.Message'], arguments: [named('html')] },
    { kind: 'mail-html', paths: ['flask_mail.Message.html'], on: 'attribute', arguments: [at(0)] },
    { kind: 'mail-header', paths: ['flask_mail.Message'], arguments: [named('extra_headers')] },
    // https://github.com/sendgrid/sendgrid-python
    { kind: 'mail-html', paths: ['sendgrid.helpers.mail.Mail'], arguments: [named('html_content'), at(4)] },
    { kind: 'mail-html', paths: ['sendgrid.helpers.mail.HtmlContent'], arguments: [at(0, 'content')] },
    {
      kind: 'mail-html',
      paths: ['sendgrid.helpers.mail.Content'],
      arguments: [at(1, 'content')],
      when: [{ argument: at(0, 'mime_type'), is: 'text/html' }],
    },
    { kind: 'mail-html', paths: ['fastapi_mail.MessageSchema'], arguments: [named('body'), named('html')] },
    { kind: 'mail-html', paths: ['yagmail.SMTP.send'], arguments: [at(2, 'contents')] },
    { kind: 'mail-html', paths: ['resend.Emails.send'], arguments: [at(0, 'params')] },
    {
      kind: 'mail-html',
      paths: ['postmarker.core.PostmarkClient.emails.send'],
      arguments: [named('HtmlBody')],
    },
  ],
};
