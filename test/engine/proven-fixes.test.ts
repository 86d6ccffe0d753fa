import { analyseInTurns } from '../../src/engine/analyse.ts';
import type { Finding } from '../../src/engine/finding.ts';
import type { AnalysisResult } from '../../src/engine/project.ts';
import { applied, withProvenFixes } from '../../src/engine/proven-fixes.ts';
import { analyseFiles, projectOf } from './support.ts';

const LOAD = 'import yaml\n\n\ndef read(text):\n    return yaml.load(text, Loader=yaml.Loader)\n';

test('a certain fix is offered, and applying it makes the finding go away', () => {
  const [finding] = analyseFiles({ 'app.py': LOAD }).findings.filter(
    ({ ruleId }) => ruleId === 'unsafe-yaml-load',
  );
  expect(finding?.fix.replacement?.lines).toEqual(['    return yaml.safe_load(text)']);
  const after = analyseFiles({ 'app.py': applied(LOAD, finding!.fix.replacement!) });
  expect(after.findings).toEqual([]);
});

test('the change is read anew also where the files were parsed ahead', async () => {
  const { findings } = await analyseInTurns({
    project: projectOf({ 'app.py': LOAD }),
    targets: ['app.py'],
  });
  expect(findings.flatMap(({ fix }) => fix.replacement?.lines ?? [])).toEqual([
    '    return yaml.safe_load(text)',
  ]);
});

/** A finding of one rule at one line that suggests to put `lines` there. */
function suggesting(lines: readonly string[]): Finding {
  const [finding] = analyseFiles({ 'app.py': LOAD }).findings;
  return {
    ...finding!,
    fix: { text: ['x'], replacement: { path: 'app.py', startLine: 5, endLine: 5, lines } },
  };
}

test.each<[string, readonly string[], readonly Finding[]]>([
  ['does not make the finding go away', ['    return yaml.load(text)'], [suggesting([])]],
  ['brings something new', ['    return 1'], [{ ...suggesting([]), ruleId: 'another' }]],
  ['does not parse', ['    return (('], []],
])('a fix is withheld when it %s', (_title, lines, foundAfterwards) => {
  const before = [suggesting(lines)];
  const again = (): AnalysisResult => ({
    findings: foundAfterwards,
    practices: [],
    controls: [],
    contracts: [],
    files: [],
    wanted: [],
  });
  const [finding] = withProvenFixes(
    before,
    { project: projectOf({ 'app.py': LOAD }), targets: ['app.py'] },
    again,
  );
  expect(finding?.fix).toEqual({ text: ['x'] });
});

test.each([
  ['a\nb\nc\n', 2, 2, ['B'], 'a\nB\nc\n'],
  ['a\r\nb\r\nc\r\n', 2, 3, ['B', 'C'], 'a\r\nB\r\nC\r\n'],
  ['a\nb', 2, 2, ['B'], 'a\nB'],
  ['a\nb\nc\n', 2, 2, [], 'a\nc\n'],
])('%j with lines %d to %d replaced', (text, startLine, endLine, lines, expected) => {
  expect(applied(text, { path: 'app.py', startLine, endLine, lines })).toBe(expected);
});

test.each([
  [
    'a keyword that is taken out',
    'certificate-validation-disabled',
    'import requests\nrequests.get(url, verify=False, timeout=5)\n',
    'import requests\nrequests.get(url, timeout=5)\n',
  ],
  [
    'a keyword with a line of its own',
    'certificate-validation-disabled',
    'import requests\nrequests.get(\n    url,\n    verify=False,\n    timeout=5,\n)\n',
    'import requests\nrequests.get(\n    url,\n    timeout=5,\n)\n',
  ],
  [
    'a value',
    'debug-enabled',
    "from flask import Flask\napp = Flask(__name__)\napp.run('127.0.0.1', debug=True)\n",
    "from flask import Flask\napp = Flask(__name__)\napp.run('127.0.0.1', debug=False)\n",
  ],
  [
    'an argument that is added',
    'archive-path-traversal',
    "import tarfile\ntarfile.open('a.tar').extractall('b')\n",
    "import tarfile\ntarfile.open('a.tar').extractall('b', filter='data')\n",
  ],
  [
    'a comparison',
    'timing-unsafe-comparison',
    "import hmac\ndef check(request, key):\n    code = hmac.new(key, request.data, 'sha256').hexdigest()\n    return request.headers['X-Signature'] != code\n",
    "import hmac\ndef check(request, key):\n    code = hmac.new(key, request.data, 'sha256').hexdigest()\n    return not hmac.compare_digest(request.headers['X-Signature'], code)\n",
  ],
  [
    'another source of randomness',
    'insecure-randomness',
    "import random\nimport secrets\ntoken = ''.join(random.choice('abc') for _ in range(20))\n",
    "import random\nimport secrets\ntoken = ''.join(secrets.choice('abc') for _ in range(20))\n",
  ],
  [
    'a version',
    'weak-tls-version',
    'import ssl\ncontext = ssl.create_default_context()\ncontext.minimum_version = ssl.TLSVersion.TLSv1\n',
    'import ssl\ncontext = ssl.create_default_context()\ncontext.minimum_version = ssl.TLSVersion.TLSv1_2\n',
  ],
  [
    'a parser',
    'xml-external-entities',
    'from lxml import etree\nparser = etree.XMLParser(resolve_entities=True)\n',
    'from lxml import etree\nparser = etree.XMLParser(resolve_entities=False)\n',
  ],
])('%s is suggested, and proven', (_title, rule, before, after) => {
  const finding = analyseFiles({ 'app.py': before }).findings.find(({ ruleId }) => ruleId === rule);
  expect(finding?.fix.replacement && applied(before, finding.fix.replacement)).toBe(after);
});
