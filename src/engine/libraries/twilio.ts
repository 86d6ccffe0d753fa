import { type Library, named } from './library.ts';

/** Twilio: TwiML that is given as text. */
export const twilio: Library = {
  name: 'Twilio',
  docs: 'https://www.twilio.com/docs/libraries/reference/twilio-python/',
  sinks: [{ kind: 'xml', paths: ['twilio.rest.Client.calls.create'], arguments: [named('twiml')] }],
  sanitizers: [
    {
      paths: ['xml.sax.saxutils.escape', 'xml.sax.saxutils.quoteattr', 'html.escape', 'markupsafe.escape'],
      kinds: ['xml'],
    },
  ],
};
