import { ADDRESS_FIRST, ADDRESS_SECOND, verbsOf } from './http-requests.ts';
import { type ApiPath, at, type Library, named } from './library.ts';

const RESPONSE = 'requests.Response';

function returning(type: ApiPath, others: readonly ApiPath[], ...owners: readonly ApiPath[]) {
  return Object.fromEntries([...verbsOf(...owners), ...others].map((path) => [path, type]));
}

/** HTTP clients: where a request of the server goes. What comes back was written by someone else. */
export const httpClients: Library = {
  name: 'requests, HTTPX, urllib3, httplib2, PycURL, treq, AntiSSRF',
  docs: 'https://requests.readthedocs.io/en/latest/api/',
  aliases: {
    'requests.api': 'requests',
    'requests.sessions.Session': 'requests.Session',
    'requests.sessions.session': 'requests.session',
    'requests.models.Response': RESPONSE,
    'requests.packages.urllib3': 'urllib3',
    'botocore.vendored.requests': 'requests',
    'urllib3.poolmanager.PoolManager': 'urllib3.PoolManager',
    'urllib3.poolmanager.ProxyManager': 'urllib3.ProxyManager',
    'urllib3.connectionpool.HTTPConnectionPool': 'urllib3.HTTPConnectionPool',
    'urllib3.connectionpool.HTTPSConnectionPool': 'urllib3.HTTPSConnectionPool',
  },
  returns: {
    ...returning(RESPONSE, ['requests.request', 'requests.Session.request'], 'requests', 'requests.Session'),
    ...returning('httpx.Response', ['httpx.request', 'httpx.Client.request'], 'httpx', 'httpx.Client'),
    'requests.session': 'requests.Session',
    'urllib3.PoolManager.request': 'urllib3.response.HTTPResponse',
    'urllib3.connection_from_url': 'urllib3.HTTPConnectionPool',
    'urllib3.proxy_from_url': 'urllib3.ProxyManager',
  },
  bases: {
    'httpx.AsyncClient': ['httpx.Client'],
    'requests_futures.sessions.FuturesSession': ['requests.Session'],
    'requests_html.HTMLSession': ['requests.Session'],
    'requests_oauthlib.OAuth2Session': ['requests.Session'],
    'requests_oauthlib.OAuth1Session': ['requests.Session'],
    'requests_toolbelt.sessions.BaseUrlSession': ['requests.Session'],
    'cachecontrol.CacheControl': ['requests.Session'],
    'urllib3.ProxyManager': ['urllib3.PoolManager'],
    'urllib3.HTTPSConnectionPool': ['urllib3.HTTPConnectionPool'],
    'curl_cffi.requests.Session': ['requests.Session'],
  },
  sinks: [
    {
      kind: 'url',
      paths: [
        ...ADDRESS_FIRST,
        'wget.download',
        'feedparser.parse',
        'urllib3.HTTPConnectionPool.urlopen',
        'urllib3.connection_from_url',
      ],
      arguments: [at(0, 'url'), named('url_file_stream_or_string')],
    },
    { kind: 'url', paths: ADDRESS_SECOND, arguments: [at(1, 'url')] },
    {
      kind: 'url',
      paths: ['httpx.Client', 'httpx.AsyncClient', 'aiohttp.ClientSession'],
      arguments: [named('base_url')],
    },
    // https://websocket-client.readthedocs.io/, https://docs.python-zeep.org/, https://trafilatura.readthedocs.io/
    {
      kind: 'url',
      paths: [
        'websocket.create_connection',
        'websocket.WebSocketApp',
        'websockets.connect',
        'websockets.sync.client.connect',
        'suds.client.Client',
        'zeep.Client',
        'zeep.AsyncClient',
        'newspaper.Article',
        'trafilatura.fetch_url',
        'yt_dlp.YoutubeDL.extract_info',
        'yt_dlp.YoutubeDL.download',
        'youtube_dl.YoutubeDL.extract_info',
        'youtube_dl.YoutubeDL.download',
        'git.Repo.clone_from',
        'redis.from_url',
        'redis.Redis.from_url',
      ],
      arguments: [at(0, 'url'), named('wsdl'), named('uri')],
    },
    {
      kind: 'url',
      paths: ['svg2png', 'svg2pdf', 'svg2ps', 'svg2svg'].map((name) => `cairosvg.${name}`),
      arguments: [named('url')],
    },
    { kind: 'url', paths: ['urllib3.HTTPConnectionPool'], arguments: [at(0, 'host')] },
    { kind: 'url', paths: ['urllib3.PoolManager.connection_from_url'], arguments: [at(0, 'url')] },
    { kind: 'url', paths: ['httplib2.Http.request'], arguments: [at(0, 'uri')] },
    // https://pycurl.io/docs/latest/curlobject.html#pycurl.Curl.setopt
    {
      kind: 'url',
      paths: ['pycurl.Curl().setopt', 'pycurl.Curl.setopt'],
      arguments: [at(1)],
    },
    // Tools that fetch an address and read local files as well.
    {
      kind: 'url',
      paths: [
        'pdfkit.from_url',
        'imgkit.from_url',
        'weasyprint.HTML',
        'playwright.sync_api.Page.goto',
        'playwright.async_api.Page.goto',
        'selenium.webdriver.Chrome.get',
        'selenium.webdriver.Firefox.get',
        'pandas.read_html',
      ],
      arguments: [at(0, 'url')],
    },
  ],
  sources: [
    {
      on: 'read',
      paths: [
        'requests.Response.text',
        'requests.Response.content',
        'requests.Response.raw',
        'httpx.Response.text',
        'httpx.Response.content',
        'urllib3.response.HTTPResponse.data',
      ],
      level: 'stored',
      what: 'the response of another server',
    },
    {
      on: 'call',
      paths: ['requests.Response.json', 'httpx.Response.json', 'urllib3.response.HTTPResponse.read'],
      level: 'stored',
      what: 'the response of another server',
      marks: ['json'],
    },
  ],
  // Playwright's and Pyppeteer's pages.
  duckSinks: [{ kind: 'url', method: 'goto', receiver: /^_?page$/, arguments: [at(0, 'url')] }],
  propagators: [
    { paths: ['requests.utils.quote', 'requests.utils.unquote', 'requests.compat.urljoin', 'httpx.URL'] },
  ],
};
