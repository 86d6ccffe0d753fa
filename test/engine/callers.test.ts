import { plain } from '../../src/engine/finding.ts';
import { analyseFiles, linesOf } from './support.ts';

const CLIENT =
  'import requests\n\n\ndef get(url, verify=True):\n    return requests.get(url, verify=verify, timeout=5)\n';

test('a constant that a caller passes is the cause, and the caller stands in the trace', () => {
  const files = {
    'client.py': CLIENT,
    'main.py': "from client import get\n\n\ndef main():\n    return get('https://a.example', verify=False)\n",
  };
  const { findings } = analyseFiles(files);
  const finding = findings.find(({ ruleId }) => ruleId === 'certificate-validation-disabled');
  expect(finding?.location).toMatchObject({ path: 'client.py', startLine: 5 });
  expect(
    finding?.trace.map(({ location, text }) => `${location.path}:${location.startLine} ${plain(text)}`),
  ).toEqual(["main.py:5 `get('https://a.example', verify=False)` asks for it"]);
});

test('what only a test passes is no finding in production code', () => {
  const files = {
    'client.py': CLIENT,
    'test_client.py':
      "from client import get\n\n\ndef test_get():\n    assert get('https://a.example', verify=False)\n",
  };
  expect(linesOf(analyseFiles(files).findings, 'client.py')).toEqual([]);
});

test('a test that passes it does not hide that production code does, too', () => {
  const files = {
    'client.py': CLIENT,
    'a_test.py': "from client import get\nget('https://a.example', verify=False)\n",
    'main.py': "from client import get\nget('https://a.example', verify=False)\n",
  };
  expect(linesOf(analyseFiles(files).findings, 'client.py')).toEqual(['5 certificate-validation-disabled']);
});
