import { code, text } from '../finding.ts';
import type { Statement } from '../syntax/ast.ts';
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
    'A module that imports the XML or XML-RPC parsers of the standard library, and parses with them, or makes XML-RPC servers and clients. Always quiet: what is parsed decides whether it matters, and `xml-entity-expansion` and `xml-external-entities` report that.',
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

/** The modules of the standard library that parse documents. */
const PARSERS =
  /^xml\.(?:etree\.c?ElementTree|sax|sax\.expatreader|dom\.(?:minidom|pulldom|expatbuilder)|parsers\.expat)$/;
/** Those that parse whatever a server or client sends. */
const REMOTE = /^(?:xmlrpc\.(?:server|client)|xmlrpclib|(?:Simple|Doc)XMLRPCServer)$/;
const FUNCTIONS =
  'iterparse|parse|parseString|fromstring|fromstringlist|XML|XMLID|XMLParser|make_parser|ParserCreate';
const FUNCTION = new RegExp(`^(?:${FUNCTIONS})$`);

function check(module: ModuleView): readonly Report[] | undefined {
  if (!/\bxml|XMLRPCServer/.test(module.text) || /defuse_stdlib|monkey_patch/.test(module.text))
    return undefined;
  const reports: Report[] = [];
  walkStatements(module.node.body, (statement) => {
    const parser = importedParser(module, statement);
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

/** The parser module that a statement imports, if the module parses with it. */
function importedParser(module: ModuleView, statement: Statement): string | undefined {
  if (statement.kind === 'Import') {
    return statement.names.find(
      ({ name, asname }) => REMOTE.test(name) || (PARSERS.test(name) && parsesWith(module, asname ?? name)),
    )?.name;
  }
  if (statement.kind !== 'ImportFrom' || statement.level > 0) return undefined;
  const { module: from, names } = statement;
  if (REMOTE.test(from) || (PARSERS.test(from) && names.some(({ name }) => FUNCTION.test(name)))) return from;
  const inner = names.find(
    ({ name, asname }) =>
      REMOTE.test(`${from}.${name}`) ||
      (PARSERS.test(`${from}.${name}`) && parsesWith(module, asname ?? name)),
  );
  return inner && `${from}.${inner.name}`;
}

function parsesWith(module: ModuleView, name: string): boolean {
  return new RegExp(`\\b${name.replaceAll('.', '\\.')}\\.(?:${FUNCTIONS})\\(`).test(module.text);
}
