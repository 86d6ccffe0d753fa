import type { ApiPath } from './library.ts';

const VERBS = ['get', 'post', 'put', 'patch', 'delete', 'head', 'options'];

/** The calls named after the methods of HTTP: `requests.get`, `requests.post`, … */
export function verbsOf(...owners: readonly ApiPath[]): readonly ApiPath[] {
  return owners.flatMap((owner) => VERBS.map((verb) => `${owner}.${verb}`));
}

/** Calls of HTTP clients that send a request, or make one, and take its address first. */
export const ADDRESS_FIRST: readonly ApiPath[] = verbsOf(
  'requests',
  'requests.Session',
  'httpx',
  'httpx.Client',
  'treq',
  'treq.client.HTTPClient',
  'curl_cffi.requests',
  'niquests',
  'grequests',
);

/** The same where the method comes first: `requests.request('GET', url)`. */
export const ADDRESS_SECOND: readonly ApiPath[] = [
  'requests.request',
  'requests.Request',
  'requests.Session.request',
  'httpx.request',
  'httpx.stream',
  'httpx.Request',
  'httpx.Client.request',
  'httpx.Client.stream',
  'httpx.Client.build_request',
  'treq.request',
  'urllib3.request',
  'urllib3.PoolManager.request',
  'urllib3.PoolManager.urlopen',
  'urllib3.PoolManager.request_encode_url',
  'urllib3.PoolManager.request_encode_body',
];

/** What urllib opens, or makes a request of. */
export const URLLIB_OPENERS: readonly ApiPath[] = [
  'urllib.request.urlopen',
  'urllib.request.urlretrieve',
  'urllib.request.Request',
  'urllib.request.OpenerDirector.open',
  'urllib.request.URLopener.open',
  'urllib.request.URLopener.retrieve',
];
