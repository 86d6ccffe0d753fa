import { analyse } from '../../src/engine/analyse.ts';
import type { Focus } from '../../src/engine/project.ts';
import { linesOf, projectOf } from './support.ts';

const TEXT = `import requests

def fetch(url, verify):
    return requests.get(url, verify=verify, timeout=5)

def test_one():
    requests.get('https://a.example', verify=False, timeout=5)

class TestTwo:
    def test_two(self):
        requests.get('https://b.example', verify=False, timeout=5)

    def test_three(self):
        fetch('https://c.example', False)

requests.get('https://d.example', verify=False, timeout=5)
`;

function found(focus?: Focus): string[] {
  const result = analyse({
    project: projectOf({ 'test_a.py': TEXT }),
    targets: ['test_a.py'],
    ...(focus && { focus }),
  });
  return linesOf(result.findings, 'test_a.py').filter((line) => line.endsWith('validation-disabled'));
}

const at = (...lines: number[]) => lines.map((line) => `${line} certificate-validation-disabled`);

test('without a focus all of a file is run', () => {
  expect(found()).toEqual(at(4, 7, 11, 16));
});

test('what stands in no function is run whatever the focus', () => {
  expect(found(new Map([['test_a.py', []]]))).toEqual(at(16));
});

test('a function is run where one of its lines is in focus', () => {
  expect(found(new Map([['test_a.py', [{ from: 10, to: 10 }]]]))).toEqual(at(11, 16));
});

test('what it calls is run, but spoken of only where it is in focus, too', () => {
  expect(found(new Map([['test_a.py', [{ from: 14, to: 15 }]]]))).toEqual(at(16));
  const both = [
    { from: 3, to: 3 },
    { from: 14, to: 15 },
  ];
  expect(found(new Map([['test_a.py', both]]))).toEqual(at(4, 16));
});

test('the focus of one file leaves others alone', () => {
  expect(found(new Map([['test_b.py', []]]))).toEqual(at(4, 7, 11, 16));
});
