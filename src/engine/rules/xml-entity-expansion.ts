import { code, text } from '../finding.ts';
import type { Rule } from './rule.ts';
import { calledAs } from './support/called-as.ts';
import type { FlowView } from './views.ts';

export const xmlEntityExpansion: Rule = {
  id: 'xml-entity-expansion',
  title: 'XML that grows while it is parsed',
  cwe: [776],
  aspect: 'parsing',
  kind: 'defect',
  severity: 'medium',
  rows: [49],
  summary:
    'Outside input parsed by the XML parsers of the standard library, by xmltodict with `disable_entities=False`, or by lxml with `huge_tree=True`, which expand entities inside entities; and, as quiet advisories, XML-RPC servers and the parsers themselves where the document’s origin is not known. `defusedxml` refuses such documents.',
  why: 'A document of less than a kilobyte with nested entities ("billion laughs") grows to gigabytes of memory. Expat limits the growth since version 2.4.1, but the Python that runs the code may be linked with an older one.',
  fix: 'Parse with `defusedxml.ElementTree` (or its `minidom`, `sax`, `pulldom` and `xmlrpc`).',
  references: [
    'https://docs.python.org/3/library/xml.html#xml-security',
    'https://pypi.org/project/defusedxml/',
  ],
  roles: { test: 'silent' },
  flow: {
    sinks: ['xml-parse'],
    levels: { remote: 'defect' },
    accepts: expandsEntities,
    message: (flow) =>
      text`${flow.origin} is parsed by ${calledAs(flow)}, which expands entities without a limit of its own.`,
    fix: (flow) => ({
      text: text`Use ${code(flow.sink.replace(/^xml\./, 'defusedxml.').replace('.etree.', '.'))}.`,
    }),
  },
  calls: [
    {
      paths: [
        'xml.etree.ElementTree.parse',
        'xml.etree.ElementTree.fromstring',
        'xml.etree.ElementTree.iterparse',
        'xml.etree.ElementTree.XMLParser',
        'xml.dom.minidom.parse',
        'xml.dom.minidom.parseString',
        'xml.dom.pulldom.parse',
        'xml.dom.pulldom.parseString',
        'xml.sax.parse',
        'xml.sax.parseString',
        'xml.sax.make_parser',
        'xml.dom.expatbuilder.parse',
        'xml.dom.expatbuilder.parseString',
        'xml.parsers.expat.ParserCreate',
        'xml.sax.expatreader.create_parser',
      ],
      check: (call) => {
        const source = call.argument(0);
        if (call.module.imports('defusedxml') || source?.constant !== undefined) return undefined;
        if (source?.sources.some(({ level }) => level === 'remote')) return undefined;
        return {
          message: text`${call.quote(call.node.func)} expands entities; it matters where others write the document.`,
          at: call.node,
          kind: 'advisory',
          severity: 'low',
          confidence: 'low',
          quiet: true,
        };
      },
    },
    {
      paths: [
        'xmlrpc.server.SimpleXMLRPCServer',
        'xmlrpc.server.DocXMLRPCServer',
        'SimpleXMLRPCServer.SimpleXMLRPCServer',
      ],
      check: (call) =>
        call.module.imports('defusedxml')
          ? undefined
          : {
              message: text`${call.quote(call.node)} parses requests with a parser that expands entities.`,
              at: call.node,
              kind: 'advisory',
              fix: { text: text`Call ${code('defusedxml.xmlrpc.monkey_patch()')} before the server starts.` },
            },
    },
    {
      paths: ['lxml.etree.XMLParser', 'lxml.etree.iterparse', 'lxml.etree.XMLPullParser'],
      check: (call) =>
        call.argument(undefined, 'huge_tree')?.isTrue &&
        !call.argument(undefined, 'resolve_entities')?.isFalse
          ? {
              message: text`${call.quote(call.node)} switches off lxml’s limit on the growth of documents.`,
              at: call.node,
              kind: 'advisory',
              fix: { text: text`Leave ${code('huge_tree')} out, or add ${code('resolve_entities=False')}.` },
            }
          : undefined,
    },
  ],
  examples: {
    bad: [
      {
        title: 'outside input',
        code: `
import xml.etree.ElementTree as ET
from xml.dom import minidom
from flask import Flask, request

app = Flask(__name__)

@app.route('/import', methods=['POST'])
def read():
    root = ET.fromstring(request.data)  # report
    document = minidom.parseString(request.get_data())  # report
    return root.tag + document.nodeName
`,
      },
      {
        title: 'documents of unknown origin',
        kind: 'advisory',
        code: `
import xml.etree.ElementTree as ET
from xmlrpc.server import SimpleXMLRPCServer

def read(path):
    return ET.parse(path).getroot()  # report

def serve():
    return SimpleXMLRPCServer(('localhost', 8000))  # report
`,
      },
    ],
    good: [
      {
        title: 'defusedxml',
        code: `
import defusedxml.ElementTree as ET
from flask import Flask, request

app = Flask(__name__)

@app.route('/import', methods=['POST'])
def read():
    return ET.fromstring(request.data).tag
`,
      },
      {
        title: 'a constant, and building instead of parsing',
        code: `
import xml.etree.ElementTree as ET

def build():
    root = ET.fromstring('<root/>')
    ET.SubElement(root, 'item')
    return ET.tostring(root)
`,
      },
    ],
  },
};

/** Expat calls these for what declares entities, and so where a document can be refused. */
const REFUSES = /\.(?:StartDoctypeDeclHandler|EntityDeclHandler)\s*=/;

function expandsEntities(flow: FlowView): boolean {
  const around = flow.function ?? flow.module;
  if (flow.sink.startsWith('xml.parsers.expat') && REFUSES.test(around.sourceOf(around.node))) return false;
  // xmltodict refuses entities of a document unless it is told not to (`disable_entities=False`).
  if (flow.sink === 'xmltodict.parse')
    return flow.call?.argument(undefined, 'disable_entities')?.isFalse === true;
  return /^(xml\.|untangle\.)/.test(flow.sink);
}
