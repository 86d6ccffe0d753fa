import fc from 'fast-check';
import { findToken } from '../../../src/engine/secrets/token-formats.ts';
import { BASE32, checked, HEX, jwt, pem, random } from './tokens.ts';

test.each([
  ['AWS', `AKIA${random(16, BASE32)}`],
  ['AWS', `ASIA${random(16, BASE32)}`],
  ['GitHub', checked('ghp')],
  ['GitHub', checked('ghs')],
  ['GitHub', `github_pat_${random(22)}_${random(59)}`],
  ['GitLab', `glpat-${random(20)}`],
  ['npm', checked('npm')],
  ['Slack', `xoxb-${random(12, '123456789')}-${random(13, '123456789')}-${random(24)}`],
  ['Slack', `https://hooks.slack.com/services/T${random(9, BASE32)}/B${random(9, BASE32)}/${random(24)}`],
  ['Stripe', `sk_live_${random(24)}`],
  ['Google', `AIza${random(35)}`],
  ['SendGrid', `SG.${random(22)}.${random(43)}`],
  ['Twilio', `SK${random(32, HEX)}`],
  ['Mailgun', `key-${random(32, HEX)}`],
  ['Mailchimp', `${random(32, HEX)}-us12`],
  ['PyPI', `pypi-AgEIcHlwaS5vcmc${random(120)}`],
  ['Docker Hub', `dckr_pat_${random(27)}`],
  ['DigitalOcean', `dop_v1_${random(64, HEX)}`],
  ['Hugging Face', `hf_${random(34)}`],
  ['Anthropic', `sk-ant-api03-${random(93)}AA`],
  ['OpenAI', `sk-proj-${random(80)}`],
  ['Telegram', `${random(9, '123456789')}:AA${random(33)}`],
  ['Shopify', `shpat_${random(32, HEX)}`],
  ['Databricks', `dapi${random(32, HEX)}`],
  ['HashiCorp Vault', `hvs.${random(90)}`],
  ['New Relic', `NRAK-${random(27, BASE32)}`],
  ['Linear', `lin_api_${random(40)}`],
  [
    'Azure',
    `DefaultEndpointsProtocol=https;AccountName=a;AccountKey=${random(86)}==;EndpointSuffix=core.windows.net`,
  ],
  ['JWT', jwt({ alg: 'HS256', typ: 'JWT' })],
  ['PEM', pem('RSA PRIVATE KEY')],
  ['PEM', pem('PRIVATE KEY')],
  ['PEM', pem('OPENSSH PRIVATE KEY')],
  ['PEM', JSON.stringify({ type: 'service_account', private_key: pem('PRIVATE KEY') })],
])('%#: the form of %s', (provider, text) => {
  expect(findToken(text)?.format.provider).toBe(provider);
});

test.each([
  // Shown in the documentation of AWS and others.
  'AKIAIOSFODNN7EXAMPLE',
  'ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx',
  `sk_test_${random(24)}`,
  `pk_live_${random(24)}`,
  'xoxb-your-token-here-xxxxxxxxxxxxxxxx',
  // The checksum does not fit.
  `ghp_${random(36)}`,
  `npm_${random(36)}`,
  // An unsigned token, and the one that jwt.io shows.
  jwt({ alg: 'none' }),
  ['eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9', 'eyJzdWIiOiIxMjM0NTY3ODkwIn0', random(43)].join('.'),
  // The lines around a key, and a public key.
  '-----BEGIN RSA PRIVATE KEY-----',
  '-----BEGIN PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----',
  pem('PUBLIC KEY'),
  pem('CERTIFICATE'),
  // Public by design.
  `https://${random(32, HEX)}@o0.ingest.sentry.io/1`,
  // Parts of something longer.
  `sha512-AKIA${random(16, BASE32)}${random(60)}`,
  `/static/SK${random(32, HEX)}abcdef.js`,
  random(32, HEX),
  'https://github.com/org/repo/blob/main/README.md',
])('%#: no token', (text) => {
  expect(findToken(text)).toBeUndefined();
});

test('a token is found inside a longer text, and only the token is given', () => {
  const token = checked('gho');
  expect(findToken(`git clone https://x:${token}@github.com/o/r`)?.token).toBe(token);
});

test('never throws, whatever the text', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => void findToken(text)));
});
