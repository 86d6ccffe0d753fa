import { code, text } from '../finding.ts';
import type { Rule } from './rule.ts';
import { isPutIntoText } from './support/built-text.ts';
import { calledAs } from './support/called-as.ts';

export const xpathInjection: Rule = {
  id: 'xpath-injection',
  title: 'XPath injection',
  cwe: [643],
  aspect: 'injection',
  kind: 'defect',
  severity: 'high',
  rows: [13],
  summary:
    'Outside input that becomes part of an XPath expression in lxml, libxml2, `xml.etree` or elementpath. Variables of the expression (`$name`) are fine. What the callers of a function pass is listed quietly.',
  why: 'Whoever writes part of the expression chooses what it selects: a check that looks for one user finds another, or the whole document is read bit by bit.',
  fix: 'Keep the expression constant, with a variable (`$name`) for the value: `tree.xpath("//user[@name=$name]", name=value)`.',
  references: [
    'https://lxml.de/xpathxslt.html#xpath-return-values',
    'https://owasp.org/www-community/attacks/XPATH_Injection',
  ],
  flow: {
    sinks: ['xpath'],
    levels: { remote: 'defect', caller: 'advisory' },
    accepts: (flow) => flow.source.level !== 'caller' || isPutIntoText(flow),
    isDoubtful: ({ source }) => source.level === 'caller',
    message: (flow) => text`${flow.origin} becomes part of the XPath expression in ${calledAs(flow)}.`,
    fix: (flow) =>
      flow.module.imports('lxml')
        ? {
            text: text`Write a variable in the expression and give the value apart: ${code("tree.xpath('//user[@name=$name]', name=value)")}.`,
          }
        : { text: text`Select with a constant expression and compare the value in Python.` },
  },
  examples: {
    bad: [
      {
        title: 'lxml',
        code: `
from flask import Flask, request
from lxml import etree

app = Flask(__name__)
tree = etree.parse('users.xml')

@app.route('/user')
def user():
    name = request.args['name']
    found = tree.xpath("//user[@name='" + name + "']")  # report
    find = etree.XPath(f"//user[@name='{name}']")  # report
    return {'found': len(found) + len(find(tree))}
`,
      },
      {
        title: 'the standard library',
        code: `
import xml.etree.ElementTree as ET
from flask import Flask, request

app = Flask(__name__)

@app.route('/user')
def user():
    root = ET.parse('users.xml').getroot()
    found = root.findall("./user[@name='%s']" % request.args['name'])  # report
    return {'found': len(found)}
`,
      },
    ],
    good: [
      {
        title: 'a variable of the expression',
        code: `
from flask import Flask, request
from lxml import etree

app = Flask(__name__)
tree = etree.parse('users.xml')
find = etree.XPath('//user[@name=$name]')

@app.route('/user')
def user():
    name = request.args['name']
    return {'found': len(tree.xpath('//user[@name=$name]', name=name)) + len(find(tree, name=name))}
`,
      },
    ],
  },
};
