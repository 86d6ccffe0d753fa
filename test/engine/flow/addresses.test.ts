import { analyseFiles } from '../support.ts';

/** Lines on which the rule reports, in a handler with `target`, text from the request. */
function lines(ruleId: string, ...body: string[]): number[] {
  const code = [
    'import os, re',
    'from urllib.parse import urljoin, urlparse, urlsplit, urlunsplit',
    'import requests',
    'from flask import Flask, redirect, request',
    'app = Flask(__name__)',
    "@app.route('/x')",
    'def x():',
    "    target = request.args['target']",
    ...body.map((line) => `    ${line}`),
  ].join('\n');
  return analyseFiles({ 'app.py': code })
    .findings.filter((finding) => finding.ruleId === ruleId)
    .map((finding) => finding.location.startLine - 8);
}

test.each([
  ["requests.get('https://a.example/' + target)", false],
  ["requests.get('https://a.example' + target)", true],
  ["requests.get(f'https://{target}.a.example/')", true],
  ["requests.get('https://%s/x' % target)", true],
  ["requests.get('https://a.example/%s' % target)", false],
  ["requests.get('{}/{}'.format(BASE, target))", false],
  ["requests.get('{1}/{0}'.format(BASE, target))", true],
  ['requests.get(BASE + target)', false],
  ['requests.get(target + BASE)', true],
])('who decides the host: %s', (line, reported) => {
  expect(lines('server-side-request-forgery', line)).toEqual(reported ? [1] : []);
});

test.each([
  ["redirect('/' + target)", true],
  ["redirect('/a/' + target)", false],
  ["redirect(urlunsplit(('', '', target, '', '')))", false],
  ["redirect(urlparse(target)._replace(netloc='', scheme='').geturl())", false],
  ['redirect(urljoin(BASE, target))', true],
  ['redirect(urlparse(BASE)._replace(path=target).geturl())', false],
  ['redirect(urlparse(BASE)._replace(netloc=target).geturl())', true],
  ["redirect(BASE.replace('{name}', target))", false],
  ["redirect(target.replace('a', 'b'))", true],
])('where a redirect leads: %s', (line, reported) => {
  expect(lines('open-redirect', line)).toEqual(reported ? [1] : []);
});

test('an address whose parts were cleared, and one on the own host', () => {
  expect(
    lines(
      'open-redirect',
      'parts = list(urlsplit(target))',
      "parts[0] = parts[1] = ''",
      'redirect(urlunsplit(parts))',
      'if urlparse(urljoin(request.host_url, target)).netloc == urlparse(request.host_url).netloc:',
      '    redirect(target)',
      'redirect(target)',
    ),
  ).toEqual([6]);
});

test.each([
  ["open('/srv/a.' + target.rsplit('.', 1)[-1])", false],
  ["open('/srv/a.' + target.split('.')[-1].lower())", false],
  ["open('/srv/' + target.rsplit('.', 1)[0])", true],
  ["open('/srv/a' + os.path.splitext(target)[1])", false],
  ["open('/srv/' + os.path.splitext(target)[0])", true],
])('the extension of a name: %s', (line, reported) => {
  expect(lines('path-traversal', line)).toEqual(reported ? [1] : []);
});

test.each([
  ["open('/srv/' + target.replace('/', '_'))", false],
  ["open('/srv/' + (target[:9] + '_').replace('/', '_'))", false],
  ["open('/srv/' + target.replace(' ', '_'))", true],
  ["open('/srv/' + re.sub(r'[^\\w-]', '_', target))", false],
  ["open('/srv/' + re.sub(r'[^\\w/.]', '_', target))", true],
  ["open('/srv/' + re.sub(r'[^\\w]', '/', target))", true],
])('what is left of a path: %s', (line, reported) => {
  expect(lines('path-traversal', line)).toEqual(reported ? [1] : []);
});

test.each([
  ['root + os.sep', false],
  ["'/srv/data'", false],
  ["request.args['root']", true],
])('a path that is the directory itself or begins with %s', (prefix, reported) => {
  const source = `
import os
from flask import request

def inside(base, name):
    target = os.path.abspath(os.path.join(base, name))
    root = os.path.abspath(base)
    if not (target == root or target.startswith(${prefix})):
        raise ValueError(name)
    return target

open(inside('/srv/data', request.args['name']))
`;
  const found = analyseFiles({ 'app.py': source }).findings;
  expect(found.map(({ ruleId }) => ruleId).includes('path-traversal')).toBe(reported);
});

test.each([
  ['from flask import make_response', true],
  ['from lab import make_response', false],
])('a route of a parameter, where the function says: %s', (line, reported) => {
  const source = `
def add_routes(blueprint, store):
    @blueprint.route('/watch/<uuid>')
    def watch(uuid):
        ${line}
        if uuid not in store:
            return f'Watch {uuid} not found', 404
        return make_response('')
`;
  const found = analyseFiles({ 'app.py': source }).findings;
  expect(found.map(({ ruleId }) => ruleId).includes('cross-site-scripting')).toBe(reported);
});

test.each([
  ["recipe.folder / f'{target}.txt'", true],
  ['recipe.count / 2', false],
  ["recipe.folder / 'list.txt'", false],
])('a path of what is not known: open(%s)', (path, reported) => {
  expect(lines('path-traversal', `open(${path})`)).toEqual(reported ? [1] : []);
  expect(lines('path-traversal', `place = ${path}`, "place.write_text('')")).toEqual(reported ? [2] : []);
});

test('a path whose parent was compared', () => {
  const body = [
    "place = recipe.folder / f'{target}.txt'",
    'if place.absolute().parent != recipe.folder:',
    '    raise ValueError',
    'place.open()',
  ];
  expect(lines('path-traversal', ...body)).toEqual([]);
  expect(lines('path-traversal', body[0] ?? '', body[3] ?? '')).toEqual([2]);
});
