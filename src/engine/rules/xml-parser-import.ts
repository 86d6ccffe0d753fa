import { code, text } from '../finding.ts';
import { walkStatements } from '../syntax/walk.ts';
import type { Report, Rule } from './rule.ts';
import type { ModuleView } from './views.ts';

export const xmlParserImport: Rule = {
  id: 'xml-parser-import',
  title: 'XML parsers without a guard against entities',
  cwe: [776, 611],
  aspect: 'parsing',
  kind: 'advisory',
  severity: 'low',
  rows: [48, 49],
  summary:
    'A module that imports the XML or XML-RPC parsers of the standard library, parses with them and does not know of `defusedxml`. Always quiet: what is parsed decides whether it matters, and `xml-entity-expansion` and `xml-external-entities` report that.',
  why: 'The parsers expand entities inside entities, so that a small document can take all memory.',
  fix: 'Import the same names from `defusedxml` where others can write the documents.',
  references: [
    'https://docs.python.org/3/library/xml.html#xml-security',
    'https://pypi.org/project/defusedxml/',
  ],
  roles: { test: 'silent', example: 'silent' },
  on: { module: check },
  examples: {
    bad: [
      {
        title: 'a parser and a server',
        code: `
from xml.etree import ElementTree  # report
import xmlrpc.server  # report

def read(path):
    return ElementTree.parse(path)
`,
      },
    ],
    good: [
      {
        title: 'parts that parse nothing',
        code: `
from xml.sax.saxutils import escape
from xml.etree import ElementTree

def write(name):
    return ElementTree.tostring(ElementTree.Element(escape(name)))
`,
      },
      {
        title: 'defusedxml beside it',
        code: `
from defusedxml.ElementTree import parse
from xml.etree import ElementTree

def read(path):
    return parse(path)
`,
      },
    ],
  },
};

/** The modules of the standard library that parse documents, or requests that are documents. */
const PARSERS =
  /^(?:xml|xml\.(?:etree|etree\.c?ElementTree|sax|sax\.expatreader|dom|dom\.(?:minidom|pulldom|expatbuilder)|parsers(?:\.expat)?)|xmlrpc(?:\.(?:server|client))?|xmlrpclib|(?:Simple|Doc)XMLRPCServer)$/;
const PARSES =
  /\b(?:iter)?parse(?:String)?\(|\bfromstring(?:list)?\(|\bXML(?:ID)?\(|XMLParser|make_parser|ParserCreate|XMLRPC|xmlrpc/i;

function check(module: ModuleView): readonly Report[] | undefined {
  if (!/\bxml|XMLRPCServer/.test(module.text) || !PARSES.test(module.text) || module.imports('defusedxml'))
    return undefined;
  const reports: Report[] = [];
  walkStatements(module.node.body, (statement) => {
    const names =
      statement.kind === 'Import'
        ? statement.names.map(({ name }) => name)
        : statement.kind === 'ImportFrom' && statement.level === 0
          ? [statement.module, ...statement.names.map(({ name }) => `${statement.module}.${name}`)]
          : [];
    const parser = names[0]?.startsWith('xml.sax.saxutils')
      ? undefined
      : names.findLast((name) => PARSERS.test(name));
    if (parser === undefined) return;
    reports.push({
      message: text`${code(parser)} expands entities; ${code('defusedxml')} has the same functions without.`,
      at: statement,
      quiet: true,
      confidence: 'low',
    });
  });
  return reports;
}
