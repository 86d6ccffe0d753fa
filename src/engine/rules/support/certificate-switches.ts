/** How libraries are told not to check certificates: the arguments, and the values that turn the check off. */
import type { CallView, Place, ValueView } from '../views.ts';

const HTTP_METHODS: ReadonlySet<string> = new Set([
  'get',
  'post',
  'put',
  'patch',
  'delete',
  'head',
  'options',
  'request',
  'stream',
  'send',
]);

/** Libraries whose calls take `verify` for the certificate. */
export const VERIFY_MODULES =
  /^(requests|httpx|niquests|grequests|requests_futures|requests_html|requests_oauthlib|requests_toolbelt|curl_cffi|cachecontrol|boto3|botocore|aioboto3|hvac|github|docker|kubernetes|openstack|keystoneauth1|keystoneclient|ibm_cloud_sdk_core|authlib|oauthlib|zeep|jira|atlassian|pyVim|proxmoxer|influxdb|splunklib|vault|treq|consul|keycloak|pysolr|jenkinsapi|redfish)\./;

/** The value that turns the check off. */
type Switch = 'false' | 'true' | 'none' | 'ignore';

/** Keywords that mean the certificate whatever the function, with the value that turns the check off. */
export const SWITCHES: Readonly<Record<string, Switch>> = {
  verify_ssl: 'false',
  ssl_verify: 'false',
  verify_certs: 'false',
  verify_cert: 'false',
  validate_certs: 'false',
  validate_cert: 'false',
  verify_tls: 'false',
  tls_verify: 'false',
  ssl_verify_cert: 'false',
  verify_certificate: 'false',
  check_certificate: 'false',
  disable_ssl_certificate_validation: 'true',
  tlsAllowInvalidCertificates: 'true',
  tlsInsecure: 'true',
  tls_insecure: 'true',
  disable_ssl_verification: 'true',
  insecure_skip_verify: 'true',
  cert_check: 'false',
  server_cert_validation: 'ignore',
  cert_reqs: 'none',
  ssl_cert_reqs: 'none',
  tls_require_cert: 'none',
};

export function isSwitch(name: string): boolean {
  return name === 'verify' || name === 'ssl' || name === 'insecure' || name in SWITCHES || name in OPTIONS;
}

/** Its clients take `insecure`: https://docs.openstack.org/keystoneauth/latest/ */
export const OPENSTACK =
  /^(openstack|keystone\w*|nova\w*|neutron\w*|glance\w*|cinder\w*|heat\w*|swift\w*|ironic\w*|barbican\w*)\./;

/** Keywords that take a dictionary of options, and the entry that turns the check off. */
export const OPTIONS: Readonly<Record<string, string>> = { options: 'verify', sslopt: 'cert_reqs' };

/** False, not None, which leaves the default. */
export function isOff(value: ValueView | undefined): boolean {
  return value?.isFalse === true && !value.isNone;
}

export function usesHttpClient(place: Place): boolean {
  return ['requests', 'httpx', 'niquests'].some((name) => place.module.imports(name));
}

export function turnsOff(how: Switch | undefined, value: ValueView): boolean {
  if (how === 'false') return isOff(value);
  if (how === 'true') return value.isTrue;
  if (how === 'ignore') return value.constant === 'ignore';
  return isCertNone(value) || value.constant === 'none' || value.constant === 'NONE';
}

export function isCertNone(value: ValueView | undefined): boolean {
  return (
    value?.path === 'ssl.CERT_NONE' ||
    value?.constant === 'CERT_NONE' ||
    value?.path === 'ssl.VerifyMode.CERT_NONE'
  );
}

/** Libraries where it means something else. */
export const OTHER_VERIFY = /^(jwt|jose|PIL|itsdangerous|pydantic)\./;

/** `verify=False` means the certificate in HTTP libraries, and in a call that looks like an HTTP request. */
export function takesVerify(call: CallView): boolean {
  if (call.callee !== '' && !call.callee.startsWith('builtins.')) {
    if (VERIFY_MODULES.test(call.callee)) return true;
    if (OTHER_VERIFY.test(call.callee)) return false;
  }
  if (!HTTP_METHODS.has(call.name)) return false;
  const receiver =
    call.node.func.kind === 'Attribute' ? call.sourceOf(call.node.func.value).toLowerCase() : '';
  return /session|client|http|requests|request|api|conn|_s$|^s$|browser|scraper/.test(receiver);
}

export function isAiohttp(call: CallView): boolean {
  if (call.callee.startsWith('aiohttp.')) return true;
  return HTTP_METHODS.has(call.name) && call.module.imports('aiohttp') && call.node.func.kind === 'Attribute';
}

/** Variables of the environment, with the values that turn the check off. */
export const ENVIRONMENT: Readonly<Record<string, RegExp>> = {
  PYTHONHTTPSVERIFY: /^0$/,
  CURL_CA_BUNDLE: /^$/,
  REQUESTS_CA_BUNDLE: /^$/,
  NODE_TLS_REJECT_UNAUTHORIZED: /^0$/,
  GIT_SSL_NO_VERIFY: /^(1|true)$/i,
};

/** Options of Chromium that make it accept any certificate: https://peter.sh/experiments/chromium-command-line-switches/ */
export const BROWSER_OPTION =
  /^--(ignore-certificate-errors|allow-insecure-localhost|ignore-ssl-errors=(yes|true))$/;
