import { code, text } from '../finding.ts';
import type { Report, Rule } from './rule.ts';
import { calledAs } from './support/called-as.ts';
import { lineReplaced } from './support/replacement.ts';
import type { CallView, FlowView } from './views.ts';

export const xmlExternalEntities: Rule = {
  id: 'xml-external-entities',
  title: 'XML parser that resolves external entities',
  cwe: [611, 827],
  aspect: 'parsing',
  kind: 'defect',
  severity: 'high',
  rows: [48],
  summary:
    'A parser that is told to load what a document names: lxml with `resolve_entities=True`, `no_network=False` or `load_dtd=True`, `xml.sax` with `feature_external_ges`, libxml2 with `XML_PARSE_NOENT` or `XML_PARSE_DTDLOAD`; and outside input parsed by lxml with its older defaults. The parsers of the standard library resolve no external entities since Python 3.7.1.',
  why: 'A document can name a file of the server or an address inside its network as an entity; the parser fetches it and puts it where the sender, or the answer, can read it.',
  fix: 'Parse with `defusedxml`, or with `etree.XMLParser(resolve_entities=False, no_network=True)`.',
  references: [
    'https://cheatsheetseries.owasp.org/cheatsheets/XML_External_Entity_Prevention_Cheat_Sheet.html',
    'https://docs.python.org/3/library/xml.html#xml-security',
    'https://lxml.de/parsing.html#parser-options',
  ],
  flow: {
    sinks: ['xml-parse'],
    levels: { remote: 'defect' },
    accepts: resolvesEntities,
    message: (flow) =>
      text`${flow.origin} is parsed by ${calledAs(flow)}, which resolves external entities before lxml 5.0.`,
    severity: () => 'medium',
    fix: () => ({
      text: text`Give a parser that does not: ${code('parser=etree.XMLParser(resolve_entities=False)')}.`,
    }),
  },
  calls: [
    {
      paths: [
        'lxml.etree.XMLParser',
        'lxml.etree.ETCompatXMLParser',
        'lxml.etree.iterparse',
        'lxml.objectify.makeparser',
        'lxml.etree.XMLPullParser',
      ],
      check: checkParser,
    },
    {
      paths: ['xml.sax.xmlreader.XMLReader.setFeature', 'xml.sax.make_parser().setFeature'],
      check: (call) =>
        isExternalFeature(call) && call.argument(1, 'state')?.isTrue
          ? {
              message: text`${call.quote(call.node)} makes the parser load external entities.`,
              at: call.node,
            }
          : undefined,
    },
    {
      paths: [
        'libxml2.readFile',
        'libxml2.readDoc',
        'libxml2.readMemory',
        'libxml2.readFd',
        'libxml2.ctxtReadFile',
        'libxml2.ctxtReadDoc',
      ],
      check: (call) => {
        const options = call.argumentNode(undefined, 'options') ?? call.node.args.at(-1);
        return options && /XML_PARSE_(NOENT|DTDLOAD|DTDVALID)/.test(call.sourceOf(options))
          ? { message: text`${call.quote(call.node)} parses with external entities.`, at: call.node }
          : undefined;
      },
    },
    {
      paths: ['libxml2.lineNumbersDefault', 'libxml2.substituteEntitiesDefault'],
      check: (call) =>
        call.name === 'substituteEntitiesDefault' && call.argument(0)?.isTrue
          ? {
              message: text`${call.quote(call.node)} makes every parser resolve external entities.`,
              at: call.node,
            }
          : undefined,
    },
  ],
  examples: {
    bad: [
      {
        title: 'asked for',
        code: `
import xml.sax
from lxml import etree
from xml.sax.handler import feature_external_ges

def read(path):
    parser = etree.XMLParser(resolve_entities=True, no_network=False)  # report
    reader = xml.sax.make_parser()
    reader.setFeature(feature_external_ges, True)  # report
    return etree.parse(path, parser), reader
`,
      },
      {
        title: 'outside input with the defaults of lxml',
        code: `
from flask import Flask, request
from lxml import etree

app = Flask(__name__)

@app.route('/import', methods=['POST'])
def read():
    root = etree.fromstring(request.data)  # report
    return root.tag
`,
      },
    ],
    good: [
      {
        title: 'entities are left alone',
        code: `
import defusedxml.ElementTree
import xml.etree.ElementTree as ET
import xml.sax
from flask import Flask, request
from lxml import etree
from xml.sax.handler import feature_external_ges

app = Flask(__name__)

@app.route('/import', methods=['POST'])
def read():
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    a = etree.fromstring(request.data, parser)
    b = etree.fromstring(request.data, parser=etree.XMLParser(resolve_entities=False))
    c = defusedxml.ElementTree.fromstring(request.data)
    reader = xml.sax.make_parser()
    reader.setFeature(feature_external_ges, False)
    d = etree.HTML(request.data)
    return a.tag + b.tag + c.tag + d.tag
`,
      },
      {
        title: 'a file of our own',
        code: `
from lxml import etree

def read():
    return etree.parse('config.xml').getroot()
`,
      },
    ],
  },
};

function checkParser(call: CallView): Report | undefined {
  const entities = call.argument(undefined, 'resolve_entities');
  const network = call.argument(undefined, 'no_network');
  const dtd = call.argument(undefined, 'load_dtd') ?? call.argument(undefined, 'dtd_validation');
  if (entities?.isFalse || entities?.constant === 'internal') return undefined;
  if (!(entities?.isTrue || (network?.isFalse && !network.isNone) || dtd?.isTrue)) return undefined;
  const written = call.argumentNode(undefined, 'resolve_entities');
  const words = text`Parse with ${code('resolve_entities=False')}.`;
  return {
    message: text`${call.quote(call.node)} makes a parser that loads what a document names.`,
    at: call.node,
    fix: written?.kind === 'Constant' ? lineReplaced(call, written, 'False', words) : { text: words },
  };
}

function isExternalFeature(call: CallView): boolean {
  const feature = call.argument(0, 'name');
  return (
    /feature_external_(ges|pes)$/.test(feature?.path ?? '') ||
    /external-(general|parameter)-entities$/.test(String(feature?.constant ?? ''))
  );
}

/** lxml resolves entities where no parser is given that does not, or where the given one is not known. */
function resolvesEntities(flow: FlowView): boolean {
  if (!/^lxml\.(etree|objectify)\./.test(flow.sink) || !flow.call) return false;
  const parser = flow.call.argument(
    flow.call.name === 'fromstringlist' || flow.call.name === 'iterparse' ? undefined : 1,
    'parser',
  );
  if (!parser)
    return (
      flow.sink !== 'lxml.etree.XMLParser.feed' && !flow.call.argument(undefined, 'resolve_entities')?.isFalse
    );
  const maker = parser.madeBy;
  if (!maker || maker.callee.includes('HTMLParser')) return false;
  const entities = maker.argument(undefined, 'resolve_entities');
  return !entities?.isFalse && entities?.constant !== 'internal';
}
