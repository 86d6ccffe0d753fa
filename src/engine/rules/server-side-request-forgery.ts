import { text } from '../finding.ts';
import type { Rule } from './rule.ts';
import { calledAs } from './support/called-as.ts';
import type { FlowView } from './views.ts';

/**
 * Addresses that are looked at once more: by adapters of the session, `session.mount('http://', ValidatingAdapter())`,
 * by what the name resolves to, `ip_address(gethostbyname(host)).is_private`, or by what stands around the request,
 * `with safe_connect():`.
 */
function isLookedAtAgain({ module }: FlowView): boolean {
  return (
    /\.mount\(\s*['"]https?:\/\/['"]\s*,\s*\w*(?:Valid|Safe|Filter|Guard|Restrict|Block|SSRF)\w*\(/i.test(
      module.text,
    ) ||
    /\.is_(?:private|loopback|global|link_local)\b/.test(module.text) ||
    /\bwith\s+(?:\w+\.)*\w*(?:safe|ssrf|guard|pin_|restrict)\w*\(/i.test(module.text)
  );
}

export const serverSideRequestForgery: Rule = {
  id: 'server-side-request-forgery',
  title: 'Server-side request forgery',
  cwe: [918],
  aspect: 'network',
  kind: 'defect',
  severity: 'high',
  rows: [37],
  summary:
    'Outside input decides the host of a request that the server makes: the whole address, or the part before the first `/` of it. An address whose beginning fixes the host is not reported.',
  why: 'The server reaches what the sender cannot: services inside the network, the metadata of the cloud machine with its keys, `file:` addresses.',
  fix: 'Compare the host with a fixed set (`urlparse(url).hostname in ALLOWED`), or build the address from a fixed host and put the value into path or query.',
  references: [
    'https://cheatsheetseries.owasp.org/cheatsheets/Server_Side_Request_Forgery_Prevention_Cheat_Sheet.html',
    'https://owasp.org/Top10/A10_2021-Server-Side_Request_Forgery_%28SSRF%29/',
  ],
  flow: {
    sinks: ['url'],
    levels: { remote: 'defect' },
    accepts: (flow) => !/content of an uploaded|uploaded file|stack trace/.test(flow.source.what),
    isDoubtful: isLookedAtAgain,
    message: (flow) => {
      const known = flow.value.template?.split('\0', 1)[0];
      return known
        ? text`${flow.origin} becomes part of the host that ${calledAs(flow)} sends its request to.`
        : text`${flow.origin} decides where ${calledAs(flow)} sends its request.`;
    },
  },
  examples: {
    bad: [
      {
        title: 'a session whose adapters look at the address again',
        kind: 'advisory',
        code: `
import requests
from app.adapters import ValidatingAdapter
from flask import Flask, request

app = Flask(__name__)

class Session(requests.Session):
    def __init__(self):
        super().__init__()
        self.mount('http://', ValidatingAdapter())

@app.get('/cover')
def cover():
    return Session().get(request.args['url']).content  # report
`,
      },
      {
        title: 'a connection that is made only where it may lead, by what stands around it',
        kind: 'advisory',
        code: `
import httpx
from app.network import make_safe_connect
from fastapi import FastAPI

app = FastAPI()

@app.get('/preview')
async def preview(url: str):
    async with httpx.AsyncClient() as client:
        with make_safe_connect():
            return (await client.get(url)).text  # report
`,
      },
      {
        title: 'a host whose address is looked at first: it can change until the request',
        kind: 'advisory',
        code: `
import ipaddress
import socket
from urllib.parse import urlparse
import requests
from flask import Flask, abort, request

app = Flask(__name__)

def is_internal(host):
    return ipaddress.ip_address(socket.gethostbyname(host)).is_private

@app.get('/preview')
def preview():
    url = request.args['url']
    if is_internal(urlparse(url).hostname):
        abort(400)
    return requests.get(url).text  # report
`,
      },
      {
        title: 'the whole address',
        code: `
import aiohttp
import httpx
import requests
import urllib.request
from fastapi import FastAPI
from flask import Flask, request

app = Flask(__name__)
api = FastAPI()

@app.route('/fetch')
def fetch():
    url = request.args['url']
    urllib.request.urlopen(url)  # report
    with requests.Session() as session:
        session.post(url, json={})  # report
    return requests.get(url, timeout=5).text  # report

@api.get('/proxy')
async def proxy(url: str):
    async with httpx.AsyncClient() as client:
        await client.get(url)  # report
    async with aiohttp.ClientSession() as session:
        async with session.get(url) as response:  # report
            return await response.json()
`,
      },
      {
        title: 'the host',
        code: `
import http.client
import requests
from django.http import JsonResponse

def check(request):
    host = request.GET['host']
    requests.get('http://' + host + '/status')  # report
    requests.get(f'https://{host}.example.com/')  # report
    requests.get('https://%s/path' % host)  # report
    http.client.HTTPSConnection(host)  # report
    return JsonResponse({})
`,
      },
    ],
    good: [
      {
        title: 'checked by a function that raises',
        code: `
import ipaddress
import socket
from urllib.parse import urlparse
import requests
from flask import Flask, request

app = Flask(__name__)

def validate_url(url):
    parsed = urlparse(url)
    if parsed.scheme not in ('http', 'https'):
        raise ValueError(url)
    for info in socket.getaddrinfo(parsed.hostname, None):
        if not ipaddress.ip_address(info[4][0]).is_global:
            raise ValueError(url)

@app.route('/fetch')
def fetch():
    url = request.args['url']
    validate_url(url)
    return requests.get(url, timeout=5, allow_redirects=False).text
`,
      },
      {
        title: 'a fixed host, or a checked one',
        code: `
from urllib.parse import quote, urlparse
import requests
from django.conf import settings
from flask import Flask, abort, request

app = Flask(__name__)
API = 'https://api.example.com'
ALLOWED = {'a.example.com', 'b.example.com'}

@app.route('/user/<name>')
def user(name):
    requests.get('https://api.example.com/users/' + name)
    requests.get(f'https://api.example.com/{name}')
    requests.get(f'{API}/users/{name}')
    requests.get(settings.API_URL + '/users/' + name)
    requests.get('{}/users/{}'.format(settings.API_URL, name))
    requests.get(API, params={'name': request.args['name']})
    url = request.args['url']
    if urlparse(url).hostname not in ALLOWED:
        abort(400)
    return requests.get(url).text

@app.route('/other')
def other():
    region = request.args['region']
    if region not in ('eu', 'us'):
        abort(400)
    host = urlparse(request.args['url']).netloc
    if host not in ALLOWED:
        abort(400)
    requests.get(request.args['number'].isdigit() and 'https://example.com')
    return requests.get(f'https://{region}.example.com/').text
`,
      },
    ],
  },
};
