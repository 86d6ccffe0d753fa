import { text } from '../finding.ts';
import type { Rule } from './rule.ts';
import { calledAs } from './support/called-as.ts';

export const xsltInjection: Rule = {
  id: 'xslt-injection',
  title: 'Stylesheet from outside',
  cwe: [91, 643],
  aspect: 'injection',
  kind: 'defect',
  severity: 'high',
  rows: [14],
  summary:
    'An XSLT stylesheet that comes from outside and is compiled with lxml or libxslt. Documents that are transformed, and parameters of the transformation, are fine.',
  why: 'A stylesheet is a program: it reads files and addresses with `document()`, and writes files where extensions are on.',
  fix: 'Use stylesheets of your own, chosen by name from a fixed set, and give outside values as parameters (`etree.XSLT.strparam`).',
  references: [
    'https://lxml.de/xpathxslt.html#xslt',
    'https://lxml.de/FAQ.html#how-do-i-use-lxml-safely-as-a-web-service-endpoint',
  ],
  flow: {
    sinks: ['xslt'],
    levels: { remote: 'defect' },
    message: (flow) => text`${flow.origin} becomes the stylesheet that ${calledAs(flow)} compiles.`,
  },
  examples: {
    bad: [
      {
        title: 'an uploaded stylesheet',
        code: `
from flask import Flask, request
from lxml import etree

app = Flask(__name__)

@app.route('/transform', methods=['POST'])
def transform():
    stylesheet = etree.XML(request.form['xslt'])
    render = etree.XSLT(stylesheet)  # report
    return str(render(etree.parse('report.xml')))
`,
      },
    ],
    good: [
      {
        title: 'a stylesheet of our own, values as parameters',
        code: `
from flask import Flask, request
from lxml import etree

app = Flask(__name__)
render = etree.XSLT(etree.parse('report.xslt'))

@app.route('/transform', methods=['POST'])
def transform():
    title = etree.XSLT.strparam(request.form['title'])
    return str(render(etree.parse('report.xml'), title=title))
`,
      },
    ],
  },
};
