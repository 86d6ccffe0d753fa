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
  ["open('/srv/' + target.replace('/', '_'))", false],
  ["open('/srv/' + target.replace(' ', '_'))", true],
  ["open('/srv/' + re.sub(r'[^\\w-]', '_', target))", false],
  ["open('/srv/' + re.sub(r'[^\\w/.]', '_', target))", true],
  ["open('/srv/' + re.sub(r'[^\\w]', '/', target))", true],
])('what is left of a path: %s', (line, reported) => {
  expect(lines('path-traversal', line)).toEqual(reported ? [1] : []);
});
