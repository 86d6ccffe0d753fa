import { code, text } from '../finding.ts';
import type { Rule } from './rule.ts';
import { calledAs } from './support/called-as.ts';

export const xmlInjection: Rule = {
  id: 'xml-injection',
  title: 'Outside input in XML built as text',
  cwe: [91],
  aspect: 'injection',
  kind: 'defect',
  severity: 'medium',
  rows: [14],
  summary:
    'Outside input that is put unescaped into XML which is built as text and given to a service, such as the TwiML of a Twilio call.',
  why: 'A value with markup in it becomes elements of its own: the call dials another number, the message says something else.',
  fix: 'Build the document with a library that escapes (`VoiceResponse`, `xml.etree.ElementTree`), or escape the value with `xml.sax.saxutils.escape`.',
  references: [
    'https://www.twilio.com/docs/voice/twiml',
    'https://docs.python.org/3/library/xml.sax.utils.html#xml.sax.saxutils.escape',
  ],
  flow: {
    sinks: ['xml'],
    levels: { remote: 'defect', caller: 'advisory' },
    message: (flow) =>
      text`${flow.origin} becomes part of the XML in ${calledAs(flow)} without being escaped.`,
    fix: () => ({
      text: text`Escape the value with ${code('xml.sax.saxutils.escape')}, or build the document with the library's classes.`,
    }),
  },
  examples: {
    bad: [
      {
        title: 'TwiML built as text',
        code: `
from flask import Flask, request
from twilio.rest import Client

app = Flask(__name__)
client = Client()

@app.route('/call', methods=['POST'])
def call():
    message = request.form['message']
    client.calls.create(to='+15550100', from_='+15550101', twiml=f'<Response><Say>{message}</Say></Response>')  # report
    return ''
`,
      },
    ],
    good: [
      {
        title: 'built by the library, or escaped',
        code: `
from xml.sax.saxutils import escape
from flask import Flask, request
from twilio.rest import Client
from twilio.twiml.voice_response import VoiceResponse

app = Flask(__name__)
client = Client()

@app.route('/call', methods=['POST'])
def call():
    response = VoiceResponse()
    response.say(request.form['message'])
    client.calls.create(to='+15550100', from_='+15550101', twiml=str(response))
    message = escape(request.form['message'])
    client.calls.create(to='+15550100', from_='+15550101', twiml=f'<Response><Say>{message}</Say></Response>')
    return ''
`,
      },
    ],
  },
};
