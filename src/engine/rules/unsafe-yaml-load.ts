import { code, text } from '../finding.ts';
import type { Rule } from './rule.ts';
import { lineReplaced } from './support/replacement.ts';
import { isSafeYamlLoad, UNSAFE_LOADERS } from './support/yaml-loaders.ts';
import type { CallView } from './views.ts';

export const unsafeYamlLoad: Rule = {
  id: 'unsafe-yaml-load',
  title: 'YAML loader that makes Python objects',
  cwe: [502],
  aspect: 'parsing',
  kind: 'defect',
  severity: 'medium',
  rows: [46],
  summary:
    '`yaml.load` without a loader or with `Loader`, `UnsafeLoader` and their C versions, `yaml.unsafe_load`, and ruamel.yaml with `typ="unsafe"`: these build any Python object that the document names, whoever wrote it. Outside input that reaches such a call is reported by `unsafe-deserialization`.',
  why: 'A YAML document can name a class or function to call (`!!python/object/apply:os.system`). With an unsafe loader, every document is a program.',
  fix: 'Use `yaml.safe_load(stream)`, or pass `Loader=yaml.SafeLoader`.',
  references: [
    'https://pyyaml.org/wiki/PyYAMLDocumentation',
    'https://nvd.nist.gov/vuln/detail/CVE-2017-18342',
  ],
  calls: [
    {
      paths: ['yaml.load', 'yaml.load_all', 'yaml.unsafe_load', 'yaml.unsafe_load_all'],
      check: (call) => {
        if (isSafeYamlLoad(call) || comesFromOutside(call)) return undefined;
        const loader = call.argumentNode(1, 'Loader');
        const message = call.callee.includes('unsafe')
          ? text`${call.quote(call.node)} builds any Python object that the document names.`
          : loader
            ? text`${call.quote(call.node.func)} with ${call.quote(loader)} builds any Python object that the document names.`
            : text`${call.quote(call.node)} names no loader, so PyYAML before 6.0 builds any Python object that the document names, and later versions raise an error.`;
        return { message, at: call.node, fix: safeLoad(call) };
      },
    },
    {
      paths: ['ruamel.yaml.load', 'ruamel.yaml.load_all', 'ruamel.yaml.unsafe_load'],
      check: (call) =>
        isSafeYamlLoad(call) || comesFromOutside(call)
          ? undefined
          : {
              message: text`${call.quote(call.node)} builds any Python object that the document names.`,
              at: call.node,
              fix: { text: text`Use ${code("ruamel.yaml.YAML(typ='safe').load")}.` },
            },
    },
    {
      paths: UNSAFE_LOADERS,
      check: (call) =>
        call.positionalCount === 0
          ? undefined
          : {
              message: text`${call.quote(call.node)} builds any Python object that the document names.`,
              at: call.node,
              fix: { text: text`Use ${code('yaml.SafeLoader')}.` },
            },
    },
    {
      paths: ['ruamel.yaml.YAML'],
      check: (call) =>
        call.argument(undefined, 'typ')?.constant === 'unsafe'
          ? {
              message: text`${call.quote(call.node)} makes a loader that builds any Python object that a document names.`,
              at: call.node,
              fix: { text: text`Pass ${code("typ='safe'")}.` },
            }
          : undefined,
    },
  ],
  examples: {
    bad: [
      {
        title: 'no loader',
        code: `
import yaml

def read(path):
    with open(path) as stream:
        return yaml.load(stream)  # report
`,
      },
      {
        title: 'unsafe loaders',
        code: `
import yaml
from yaml import CLoader as Loader, unsafe_load

def read(stream):
    a = yaml.load(stream, Loader=yaml.Loader)  # report
    b = yaml.load(stream, yaml.UnsafeLoader)  # report
    c = list(yaml.load_all(stream, Loader=Loader))  # report
    return a, b, c, unsafe_load(stream)  # report
`,
      },
      {
        title: 'a loader derived from an unsafe one, or used by itself',
        code: `
import yaml

class IncludeLoader(yaml.Loader):
    pass

def read(stream):
    loader = yaml.Loader(stream)  # report
    return yaml.load(stream, Loader=IncludeLoader), loader.get_single_data()  # report
`,
      },
      {
        title: 'ruamel.yaml',
        code: `
from ruamel.yaml import YAML

yaml = YAML(typ='unsafe')  # report
`,
      },
    ],
    good: [
      {
        title: 'safe loaders',
        code: `
import yaml

class ConfigLoader(yaml.SafeLoader):
    pass

def read(stream, loader):
    a = yaml.safe_load(stream)
    b = yaml.load(stream, Loader=yaml.SafeLoader)
    c = yaml.load(stream, yaml.CSafeLoader)
    d = yaml.load(stream, Loader=getattr(yaml, 'CSafeLoader', yaml.SafeLoader))
    e = yaml.load(stream, Loader=ConfigLoader)
    f = yaml.load(stream, Loader=yaml.FullLoader)
    return a, b, c, d, e, f, yaml.load(stream, Loader=loader)
`,
      },
      {
        title: 'ruamel.yaml as it is made by default',
        code: `
from ruamel.yaml import YAML

yaml = YAML()
safe = YAML(typ='safe')
pure = YAML(typ='rt', pure=True)

def read(stream):
    return yaml.load(stream), safe.load(stream)
`,
      },
      {
        title: 'somebody else called load',
        code: `
import json

def read(stream):
    return json.load(stream)
`,
      },
    ],
  },
};

/** Then it is reported with its source. */
function comesFromOutside(call: CallView): boolean {
  const stream = call.argument(0, 'stream');
  return (
    stream?.sources.some((source) => source.level === 'remote') === true && stream.reaches('deserialize')
  );
}

function safeLoad(call: CallView) {
  const safe = call.callee.endsWith('_all') ? 'yaml.safe_load_all' : 'yaml.safe_load';
  const stream = call.node.args[0];
  const written = call.sourceOf(call.node.func);
  const plain =
    /^\w+\.(load|load_all|unsafe_load|unsafe_load_all)$/.test(written) &&
    stream &&
    call.node.args.length + call.node.keywords.length <= 2;
  if (!plain) return { text: text`Use ${code(safe)}, which builds only plain data.` };
  const module = written.slice(0, written.indexOf('.'));
  return lineReplaced(
    call,
    call.node,
    `${module}.${safe.slice('yaml.'.length)}(${call.sourceOf(stream)})`,
    text`Use ${code(safe)}, which builds only plain data.`,
  );
}
