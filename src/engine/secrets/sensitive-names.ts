/** What a name says that its value is. */
export type SensitiveKind =
  | 'password'
  | 'secret'
  | 'token'
  | 'api-key'
  | 'private-key'
  | 'credential'
  | 'connection-string';

/** `maxTokens`, `MAX_TOKENS` and `max-tokens` are all [max, tokens]. */
export function wordsOf(name: string): readonly string[] {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter(Boolean);
}

/** One word, or words that follow each other. */
const KINDS: readonly (readonly [SensitiveKind, readonly string[]])[] = [
  [
    'private-key',
    ['private key', 'privatekey', 'privkey', 'priv key', 'rsa key', 'ssh key', 'pem key', 'signing key'],
  ],
  [
    'api-key',
    [
      'api key',
      'apikey',
      'access key',
      'accesskey',
      'account key',
      'auth key',
      'authkey',
      'service key',
      'app key',
      'subscription key',
      'license key',
      'storage key',
    ],
  ],
  [
    'connection-string',
    [
      'connection string',
      'connectionstring',
      'conn string',
      'conn str',
      'connstr',
      'database url',
      'database uri',
      'db url',
      'db uri',
      'dsn',
      'broker url',
      'redis url',
      'mongo url',
      'mongo uri',
      'mongodb uri',
    ],
  ],
  [
    'password',
    [
      'password',
      'passwd',
      'pwd',
      'passphrase',
      'pass phrase',
      'passwort',
      'motdepasse',
      'contrasena',
      'senha',
      'pass word',
      'userpass',
      'dbpass',
      'pass',
      'adminpass',
      'passcode',
    ],
  ],
  [
    'secret',
    [
      'secret',
      'client secret',
      'secret key',
      'secretkey',
      'shared secret',
      'encryption key',
      'crypt key',
      'hmac key',
      'master key',
      'jwt key',
      'session key',
      'fernet key',
      'aes key',
      'cipher key',
      'encrypt key',
      'pepper',
    ],
  ],
  ['token', ['token', 'accesstoken', 'authtoken', 'bearer', 'jwt', 'pat']],
  ['credential', ['credential', 'credentials', 'creds']],
];

/**
 * The last word of a name says what the value is: `password_field` is a field. These words after a
 * sensitive one make something else of it.
 */
const HEADS = new Set(
  `name names field fields label labels url urls uri uris path paths file files filename dir directory header headers type types
  kind format interval timeout ttl expiry expires expire expiration age lifetime length len size max min count limit limits number id ids
  uuid prefix suffix regex pattern re validator validators validation policy policies hasher hashers hash hashes hashed algorithm
  algo method methods help text message messages msg error errors exception title prompt description desc doc docs hint class cls
  form view views template templates widget input endpoint route page required enabled disabled allowed optional is has auth
  function func fn callback handler provider providers service factory manager backend store storage cache repository model
  serializer schema reset change changed update updated confirm confirmation forgot rotation generator column col table index
  attr attribute attrs attributes key param params parameter option options arg args argument var env variable set get version
  location loc source src status state scope scopes scheme strategy mode level strength score rule rules user username
  encoding charset alphabet chars characters pos position start end begin eof next last list map mapping dict usage event
  action permission permissions role ref reference arn manager tokenizer count counter price limit plugin module config
  settings setting info data metadata meta session request response client server host port domain namespace context command
  cmd script cert certificate test tests verify verified verifier valid invalid check checker matches match lookup
  issuer audience claim claims subject grant exchange endpoint introspection revocation extractor parser lexer stream 
  style color icon button tooltip placeholder link href element selector xpath css locator node tag tags separator delimiter
  quota bucket account display visible hidden show hide toggle strip filter sanitizer masker mask masked redacted
  redact group groups category`.split(/\s+/),
);

/** These words before a sensitive one make something else of it: `max_tokens`, `csrf_token` in a page. */
const BEFORE = new Set(
  `max min num n total count public no without hide show invalid wrong bad missing expected unexpected input output next
  previous prev pad unk eos bos sep cls mask special stop current first last end start word sub lex parse parsed syntax
  comment string number keyword operator punctuation whitespace continuation page pagination sync cancel cancellation
  csrf xsrf is has use require requires needs allow ask prompt reset forgot change enable disable forget generate get set
  check validate verify by with per via primary foreign sort cache hot short long prompt completion reasoning image text audio cached
  placeholder indent dedent ignore skip boarding re supports hashed hash encrypted masked md5 sha1 sha256 bcrypt`.split(
    /\s+/,
  ),
);

const PHRASES = KINDS.map(
  ([kind, phrases]) => [kind, phrases.map((phrase) => ({ phrase, parts: phrase.split(' ') }))] as const,
);

/** Names that hold a sensitive word and are none, whatever stands around it. */
const HARMLESS =
  /tokeni[sz]|tokenlist|passthrough|passport|bypass|compass|passive|keyboard|secretar|passed|passing/;

/** The same names come again and again; what was found of the last few thousand is kept. */
const MOST_REMEMBERED = 20_000;
const remembered = new Map<string, SensitiveKind | undefined>();

/** What an identifier, keyword argument or dictionary key says that its value is; undefined for anything else. */
export function sensitiveKind(name: string): SensitiveKind | undefined {
  if (remembered.has(name)) return remembered.get(name);
  const kind = kindOfName(name);
  if (remembered.size >= MOST_REMEMBERED) remembered.clear();
  remembered.set(name, kind);
  return kind;
}

function kindOfName(name: string): SensitiveKind | undefined {
  // Names of resource types (`AWS::SecretsManager::Secret`), addresses and sentences name no value.
  if (/[:/<>\s]/.test(name)) return undefined;
  const words = wordsOf(name.slice(-120));
  if (!words.length || words.length > 8 || HARMLESS.test(words.join(''))) return undefined;
  const singular = words.map((word) => (word === 'pass' ? word : word.replace(/\d*$/, '').replace(/s$/, '')));
  for (const [kind, phrases] of PHRASES) {
    for (const { phrase, parts } of phrases) {
      const at = lastIndexOfPhrase(singular, parts);
      if (at < 0) continue;
      const after = words.slice(at + parts.length);
      const before = words[at - 1];
      if (after.some((word) => HEADS.has(word)) || (before && BEFORE.has(before))) continue;
      if (kind === 'token' && words[at]!.endsWith('tokens')) continue;
      // `pass` alone is a verb or a round as often as a password.
      if (
        phrase === 'pass' &&
        (words.length === 1 ||
          after.length > 0 ||
          !/^(?:db|user|admin|root|smtp|mail|email|ftp|ssh|sql|mysql|pg|login|auth|my|http|proxy|key|rabbit|redis|mq|ldap|bind)$/.test(
            before ?? '',
          ))
      )
        continue;
      if (phrase === 'pat' && !/^(?:github|gitlab|git|azure|devops|ado)$/.test(before ?? '')) continue;
      return kind;
    }
  }
  return undefined;
}

function lastIndexOfPhrase(words: readonly string[], phrase: readonly string[]): number {
  for (let at = words.length - phrase.length; at >= 0; at--) {
    let i = 0;
    while (i < phrase.length && isSameWord(words[at + i]!, phrase[i]!)) i++;
    if (i === phrase.length) return at;
  }
  return -1;
}

/** The words of names stand in the singular, those of phrases as they are said. */
function isSameWord(word: string, said: string): boolean {
  return word === said || (said.endsWith('s') && word === said.slice(0, -1));
}

/** Data about persons or infrastructure that does not belong in logs. */
export type PersonalDataKind =
  | 'email'
  | 'phone'
  | 'identity-number'
  | 'payment-card'
  | 'birth-date'
  | 'address'
  | 'health'
  | 'person-name'
  | 'location'
  | 'host-name';

const PERSONAL: readonly (readonly [PersonalDataKind, RegExp])[] = [
  ['email', /(?:^|_)(?:e_?mail|email_addr(?:ess)?|mail_addr(?:ess)?)(?:_addr(?:ess)?)?$/],
  ['phone', /(?:^|_)(?:phone|telephone|mobile|cell_?phone|msisdn)(?:_?(?:number|no|nr))?$/],
  [
    'identity-number',
    /(?:^|_)(?:ssn|social_security(?:_number)?|passport_(?:number|no)|national_id|tax_id|nino|driver_?s?_licen[cs]e(?:_number)?|cpf|aadhaar)$/,
  ],
  [
    'payment-card',
    /(?:^|_)(?:credit_?card(?:_?(?:number|no))?|card_number|cvv2?|cvc|ccn?um(?:ber)?|iban|account_number|bank_account)$/,
  ],
  ['birth-date', /(?:^|_)(?:birth_?date|date_of_birth|dob|birthday)$/],
  [
    'address',
    /(?:^|_)(?:street(?:_address)?|home_address|postal_address|postcode|zip_?code|billing_address|shipping_address)$/,
  ],
  ['health', /(?:^|_)(?:diagnos[ie]s|medical_record(?:_number)?|mrn|blood_type|health_record)$/],
  ['person-name', /(?:^|_)(?:first_name|last_name|full_?name|surname|given_name|family_name|maiden_name)$/],
  ['location', /(?:^|_)(?:latitude|longitude|geo_?location|gps)$/],
  ['host-name', /(?:^|_)(?:host_?name|fqdn|ip_?addr(?:ess)?|client_ip|remote_addr|mac_?addr(?:ess)?)$/],
];

/** What a name says about persons; undefined when nothing. */
export function personalDataKind(name: string): PersonalDataKind | undefined {
  const snake = wordsOf(name.slice(-120)).join('_');
  return PERSONAL.find(([, pattern]) => pattern.test(snake))?.[0];
}
