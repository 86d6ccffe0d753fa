import { text } from '../finding.ts';
import type { Rule } from './rule.ts';
import { calledAs } from './support/called-as.ts';

export const requestDataWrittenToFile: Rule = {
  id: 'request-data-written-to-file',
  title: 'Request data written to a file as it is',
  cwe: [93, 434],
  aspect: 'validation',
  kind: 'advisory',
  severity: 'low',
  rows: [42],
  summary:
    'A field of the request is written into a file as it is, without a format such as JSON or CSV around it.',
  why: 'Line breaks and markup of the sender become part of the file: entries are forged, and whoever reads or serves the file takes them as they are. Nothing keeps the file from growing.',
  fix: 'Write the value in a format that quotes it (`json.dumps`), and limit its length.',
  references: ['https://cwe.mitre.org/data/definitions/93.html'],
  flow: {
    sinks: ['file-content'],
    levels: { remote: 'advisory' },
    quiet: true,
    accepts: (flow) =>
      /form field|query parameter|parameter of the request|body of the request/.test(flow.source.what) &&
      !/\bdumps?\(/.test(flow.sourceOf(flow.node)),
    message: (flow) => text`${flow.origin} is written into a file as it is in ${calledAs(flow)}.`,
  },
  examples: {
    bad: [
      {
        title: 'a guest book',
        code: `
from django.http import HttpResponse

def sign(request):
    with open('/srv/guests.txt', 'a') as f:
        f.write(request.POST['name'])  # report
    return HttpResponse('thanks')
`,
      },
    ],
    good: [
      {
        title: 'in a format, or an upload',
        code: `
import json
from django.http import HttpResponse

def sign(request):
    with open('/srv/guests.json', 'a') as f:
        f.write(json.dumps({'name': request.POST['name']}))
    with open('/srv/upload', 'wb') as f:
        for chunk in request.FILES['file'].chunks():
            f.write(chunk)
    return HttpResponse('thanks')
`,
      },
    ],
  },
};
