/** A kind of secret that can be told by its form alone. */
export interface TokenFormat {
  readonly provider: string;
  /** What it is, in the provider's words. */
  readonly what: string;
  readonly pattern: RegExp;
  /** Where the form is documented. */
  readonly documentation: string;
  /** Checks what the pattern cannot, such as a checksum; the argument is the matched text. */
  readonly verify?: (token: string) => boolean;
}

export interface FoundToken {
  readonly format: TokenFormat;
  readonly token: string;
}

/** Longer literals are data: an embedded file, a table. */
const LONGEST_TEXT = 100_000;

/** Every form but the private keys' has so many letters, digits and the like in a row; few texts have. */
const LONG_RUN = /[A-Za-z0-9_+/=-]{20}/;

/** Finds the first real-looking token in a text. Tokens that documentation shows as examples are none. */
export function findToken(text: string): FoundToken | undefined {
  if (text.length < 16 || text.length > LONGEST_TEXT) return undefined;
  if (!LONG_RUN.test(text) && !text.includes('-----BEGIN')) return undefined;
  for (const format of TOKEN_FORMATS) {
    const token = format.pattern.exec(text)?.[0];
    if (token && (format.verify?.(token) ?? true) && !isDocumented(token)) return { format, token };
  }
  return undefined;
}

/** The variety of characters that a random token of some length has at least. */
function looksRandom(token: string): boolean {
  const body = token.replace(/^[A-Za-z]{1,8}[-_.]/, '');
  if (/(.)\1{5,}/.test(body) || /(?:0123456|1234567|abcdefg|7654321)/i.test(body)) return false;
  return new Set(body).size >= Math.min(10, body.length / 2.5);
}

/** Tokens in documentation say so, or are made of a filler. */
function isDocumented(token: string): boolean {
  // A key block is long enough to hold any of the words by chance.
  if (token.startsWith('-----')) return false;
  if (/example|sample|dummy|fake|placeholder|x{5,}|your[-_]|redacted|\.{3}|\*{3}/i.test(token)) return true;
  return !looksRandom(token.slice(token.lastIndexOf('/') + 1));
}

/** The CRC-32 of zlib, unsigned. */
function crc32(text: string): number {
  let crc = 0xffffffff;
  for (let i = 0; i < text.length; i++) {
    crc ^= text.charCodeAt(i);
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return (crc ^ 0xffffffff) >>> 0;
}

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/**
 * The last six characters of a GitHub or npm token are the CRC-32 of the thirty before them, in base 62.
 * https://github.blog/engineering/platform-security/behind-githubs-new-authentication-token-formats/
 */
function hasChecksum(token: string): boolean {
  const body = token.slice(token.indexOf('_') + 1);
  let rest = crc32(body.slice(0, -6));
  let digits = '';
  for (let i = 0; i < 6; i++) {
    digits = BASE62[rest % 62] + digits;
    rest = Math.floor(rest / 62);
  }
  return digits === body.slice(-6);
}

/** The first part of a JSON Web Token is a JSON object with `alg`; unsigned tokens are no secrets. */
function isSignedToken(token: string): boolean {
  try {
    const header = JSON.parse(Buffer.from(token.split('.')[0]!, 'base64url').toString('utf8'));
    const payload = JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString('utf8'));
    // jwt.io's own example, which is in the documentation of half the world.
    return typeof header?.alg === 'string' && header.alg !== 'none' && payload?.sub !== '1234567890';
  } catch {
    return false;
  }
}

/** A PEM block that holds enough base 64 to be a key, and not only the lines around it. */
function holdsKey(block: string): boolean {
  const body = block
    .replace(/-----[A-Z0-9 ]+-----/g, '')
    .replace(/^[A-Za-z-]+:.*$/gm, '')
    .replace(/\\n|\s/g, '');
  return body.length >= 60 && /^[A-Za-z0-9+/=]+$/.test(body) && new Set(body).size > 20;
}

/** Ends of tokens: no letter, digit or hyphen may follow or precede, or it is part of something longer. */
const token = (body: string): RegExp => new RegExp(`(?<![A-Za-z0-9_-])(?:${body})(?![A-Za-z0-9_-])`);

const PROVIDERS: readonly [provider: string, what: string, body: string, documentation: string][] = [
  [
    'AWS',
    'access key',
    '(?:AKIA|ASIA)[A-Z2-7]{16}',
    'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html',
  ],
  [
    'GitHub',
    'fine-grained personal access token',
    'github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59}',
    'https://docs.github.com/en/authentication/keeping-your-account-and-data-secure/about-authentication-to-github',
  ],
  [
    'GitLab',
    'access token',
    'gl(?:pat|dt|rt|cbt|ptt|ft|imt|agent|soat)-[A-Za-z0-9_-]{20,}(?:\\.[0-9a-z.]{9,})?',
    'https://docs.gitlab.com/security/tokens/',
  ],
  [
    'Slack',
    'token',
    'xox[abeprs]-(?:\\d{9,13}-)+[A-Za-z0-9-]{16,}|xapp-\\d-[A-Z0-9]+-\\d+-[a-f0-9]{32,}',
    'https://docs.slack.dev/authentication/tokens/',
  ],
  [
    'Slack',
    'incoming webhook',
    'https://hooks\\.slack\\.com/(?:services|workflows)/T[A-Z0-9]{8,}/[AB][A-Z0-9]{8,}/[A-Za-z0-9]{16,}',
    'https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks/',
  ],
  ['Stripe', 'live key', '[sr]k_live_[A-Za-z0-9]{20,}', 'https://docs.stripe.com/keys'],
  ['Stripe', 'webhook secret', 'whsec_[A-Za-z0-9+/=]{32,}', 'https://docs.stripe.com/webhooks'],
  ['Google', 'API key', 'AIza[A-Za-z0-9_-]{35}', 'https://cloud.google.com/docs/authentication/api-keys'],
  [
    'Google',
    'OAuth client secret',
    'GOCSPX-[A-Za-z0-9_-]{28}',
    'https://developers.google.com/identity/protocols/oauth2',
  ],
  [
    'Google',
    'OAuth access token',
    'ya29\\.[A-Za-z0-9_-]{30,}',
    'https://developers.google.com/identity/protocols/oauth2',
  ],
  [
    'SendGrid',
    'API key',
    'SG\\.[A-Za-z0-9_-]{22}\\.[A-Za-z0-9_-]{43}',
    'https://www.twilio.com/docs/sendgrid/ui/account-and-settings/api-keys',
  ],
  ['Twilio', 'API key', 'SK[0-9a-f]{32}', 'https://www.twilio.com/docs/iam/api-keys'],
  [
    'Mailgun',
    'API key',
    'key-[0-9a-f]{32}',
    'https://documentation.mailgun.com/docs/mailgun/user-manual/api-key-mgmt/rbac-mgmt',
  ],
  [
    'Mailchimp',
    'API key',
    '[0-9a-f]{32}-us\\d{1,2}',
    'https://mailchimp.com/developer/marketing/guides/quick-start/',
  ],
  [
    'PyPI',
    'API token',
    'pypi-AgEIcHlwaS5vcmc[A-Za-z0-9_-]{50,}|pypi-AgENdGVzdC5weXBpLm9yZ[A-Za-z0-9_-]{50,}',
    'https://pypi.org/help/#apitoken',
  ],
  [
    'Docker Hub',
    'personal access token',
    'dckr_(?:pat|oat)_[A-Za-z0-9_-]{27,}',
    'https://docs.docker.com/security/access-tokens/',
  ],
  [
    'DigitalOcean',
    'token',
    'do[opr]_v1_[0-9a-f]{64}',
    'https://docs.digitalocean.com/reference/api/create-personal-access-token/',
  ],
  ['Hugging Face', 'access token', 'hf_[A-Za-z0-9]{34}', 'https://huggingface.co/docs/hub/security-tokens'],
  [
    'Anthropic',
    'API key',
    'sk-ant-(?:api|admin)\\d{2}-[A-Za-z0-9_-]{80,}',
    'https://docs.anthropic.com/en/api/getting-started',
  ],
  [
    'OpenAI',
    'API key',
    'sk-(?:proj-|svcacct-|admin-)[A-Za-z0-9_-]{40,}|sk-[A-Za-z0-9]{20}T3BlbkFJ[A-Za-z0-9]{20}',
    'https://platform.openai.com/docs/api-reference/authentication',
  ],
  [
    'Telegram',
    'bot token',
    '\\d{8,10}:AA[A-Za-z0-9_-]{33}',
    'https://core.telegram.org/bots/features#botfather',
  ],
  [
    'Discord',
    'bot token',
    '[MNO][A-Za-z0-9_-]{23,27}\\.[A-Za-z0-9_-]{6}\\.[A-Za-z0-9_-]{27,}',
    'https://discord.com/developers/docs/reference#authentication',
  ],
  [
    'Discord',
    'webhook',
    'https://discord(?:app)?\\.com/api/webhooks/\\d{17,20}/[A-Za-z0-9_-]{60,}',
    'https://discord.com/developers/docs/resources/webhook',
  ],
  [
    'Square',
    'access token',
    'EAAA[A-Za-z0-9_-]{60}|sq0(?:atp|csp)-[A-Za-z0-9_-]{22,43}',
    'https://developer.squareup.com/docs/build-basics/access-tokens',
  ],
  [
    'Shopify',
    'access token',
    'shp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}',
    'https://shopify.dev/docs/apps/build/authentication-authorization',
  ],
  ['Heroku', 'API key', 'HRKU-[A-Za-z0-9_-]{36,}', 'https://devcenter.heroku.com/articles/authentication'],
  [
    'Databricks',
    'personal access token',
    'dapi[0-9a-f]{32}(?:-\\d)?',
    'https://docs.databricks.com/aws/en/dev-tools/auth/pat',
  ],
  [
    'HashiCorp Vault',
    'token',
    'hv[sbr]\\.[A-Za-z0-9_-]{24,}',
    'https://developer.hashicorp.com/vault/docs/concepts/tokens',
  ],
  [
    'HashiCorp Terraform',
    'API token',
    '[A-Za-z0-9]{14}\\.atlasv1\\.[A-Za-z0-9_-]{60,}',
    'https://developer.hashicorp.com/terraform/cloud-docs/users-teams-organizations/api-tokens',
  ],
  [
    'New Relic',
    'key',
    'NRAK-[A-Z0-9]{27}|NRII-[A-Za-z0-9_-]{32}',
    'https://docs.newrelic.com/docs/apis/intro-apis/new-relic-api-keys/',
  ],
  [
    'Atlassian',
    'API token',
    'ATATT3[A-Za-z0-9_=-]{150,}',
    'https://support.atlassian.com/atlassian-account/docs/manage-api-tokens-for-your-atlassian-account/',
  ],
  ['Linear', 'API key', 'lin_(?:api|oauth)_[A-Za-z0-9]{32,}', 'https://linear.app/developers/graphql'],
  [
    'Notion',
    'integration token',
    'secret_[A-Za-z0-9]{43}|ntn_[A-Za-z0-9]{40,}',
    'https://developers.notion.com/docs/authorization',
  ],
  [
    'Grafana',
    'token',
    'gl(?:sa_[A-Za-z0-9]{32}_[0-9a-f]{8}|c_[A-Za-z0-9+/=]{40,})',
    'https://grafana.com/docs/grafana/latest/administration/service-accounts/',
  ],
  [
    'Postman',
    'API key',
    'PMAK-[0-9a-f]{24}-[0-9a-f]{34}',
    'https://learning.postman.com/docs/developer/postman-api/authentication/',
  ],
  ['Doppler', 'token', 'dp\\.(?:pt|st|ct|sa)\\.[A-Za-z0-9]{40,44}', 'https://docs.doppler.com/reference/api'],
  [
    'Pulumi',
    'access token',
    'pul-[0-9a-f]{40}',
    'https://www.pulumi.com/docs/pulumi-cloud/access-management/access-tokens/',
  ],
  ['RubyGems', 'API key', 'rubygems_[0-9a-f]{48}', 'https://guides.rubygems.org/api-key-scopes/'],
  [
    'age',
    'secret key',
    'AGE-SECRET-KEY-1[QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L]{58}',
    'https://age-encryption.org/v1',
  ],
];

const CHECKED: readonly TokenFormat[] = [
  {
    provider: 'GitHub',
    what: 'token',
    pattern: token('gh[pousr]_[A-Za-z0-9]{36}'),
    documentation:
      'https://docs.github.com/en/authentication/keeping-your-account-and-data-secure/about-authentication-to-github',
    verify: hasChecksum,
  },
  {
    provider: 'npm',
    what: 'access token',
    pattern: token('npm_[A-Za-z0-9]{36}'),
    documentation: 'https://docs.npmjs.com/about-access-tokens',
    verify: hasChecksum,
  },
  {
    provider: 'Azure',
    what: 'storage account key',
    pattern: /AccountKey=[A-Za-z0-9+/]{86}==/,
    documentation: 'https://learn.microsoft.com/azure/storage/common/storage-configure-connection-string',
    // The key of the local emulator is public.
    verify: (text) => !text.includes('Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq'),
  },
  {
    provider: 'Azure',
    what: 'shared access key',
    pattern: /SharedAccessKey=[A-Za-z0-9+/]{43}=/,
    documentation: 'https://learn.microsoft.com/azure/service-bus-messaging/service-bus-sas',
  },
  {
    provider: 'JWT',
    what: 'signed JSON Web Token',
    pattern: token('eyJ[A-Za-z0-9_-]{10,}\\.eyJ[A-Za-z0-9_-]{10,}\\.[A-Za-z0-9_-]{20,}'),
    documentation: 'https://www.rfc-editor.org/rfc/rfc7519',
    verify: isSignedToken,
  },
  {
    provider: 'PEM',
    what: 'private key',
    pattern:
      /-----BEGIN (?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)?-----(?:\s?[A-Za-z-]{1,40}: [^\n]{0,200}\n){0,5}[^-]{60,20000}(?:-----END [A-Z0-9 ]+-----)?/,
    documentation: 'https://www.rfc-editor.org/rfc/rfc7468',
    verify: holdsKey,
  },
];

/** https://docs.sentry.io says that a DSN is public, and Stripe's `_test_` keys move no money: neither is here. */
export const TOKEN_FORMATS: readonly TokenFormat[] = [
  ...PROVIDERS.map(([provider, what, body, documentation]) => ({
    provider,
    what,
    pattern: token(body),
    documentation,
  })),
  ...CHECKED,
];
