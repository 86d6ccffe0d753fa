import fc from 'fast-check';
import { readConnectionString } from '../../../src/engine/secrets/connection-string.ts';
import { alphabetOf, entropy, looksRandom } from '../../../src/engine/secrets/entropy.ts';
import { judgeLiteral, judgePassedSecret, mask } from '../../../src/engine/secrets/judge.ts';
import { isPlaceholder } from '../../../src/engine/secrets/placeholder.ts';
import { checked, HEX, pem, random } from './tokens.ts';

describe('judgeLiteral', () => {
  test.each<[string | undefined, string]>([
    [undefined, checked('ghp')],
    ['key', pem('EC PRIVATE KEY')],
    ['DATABASE_URL', 'postgresql://app:Kx93hd2Q@db.prod.internal/app'],
    ['url', 'https://deploy:S3cure99@git.corp.internal/x.git'],
    ['broker', 'amqps://svc:q8Zr!mW2@mq.prod.internal:5671/'],
  ])('%#: secret in %s', (name, value) => {
    expect(judgeLiteral(name, value).verdict).toBe('secret');
  });

  test.each([
    ['password', 'Summer2024!'],
    ['db_password', 'Tr0ub4dor&3'],
    ['adminPass', 'TNc53Dr8s7vw'],
    ['SECRET_KEY', 'django-insecure-#k8$2l!x0v3q^h7m@w1'],
    ['secret_key', random(32, HEX)],
    ['api_key', random(24)],
    ['aws_secret_access_key', random(40)],
    ['auth_token', `${random(8, HEX)}-${random(4, HEX)}-4${random(3, HEX)}-a1b2-${random(12, HEX)}`],
  ])('likely: %s = %s', (name, value) => {
    expect(judgeLiteral(name, value).verdict).toBe('likely');
  });

  test.each([
    ['password', 'admin123'],
    ['password', 'root'],
    ['passwd', 'qwerty'],
    ['db_password', 'postgres'],
    ['password', '12345678'],
    ['password', 'P@ssw0rd!'],
    ['SECRET_KEY', 'dev'],
    ['jwt_secret', 'mysecretkey'],
    ['url', 'postgresql://postgres:postgres@localhost/app'],
    ['url', 'amqp://guest:guest@rabbit:5672//'],
  ])('weak-default: %s = %s', (name, value) => {
    expect(judgeLiteral(name, value).verdict).toBe('weak-default');
  });

  test.each([
    ['password', 'super_secure_password'],
    ['API_SECRET', 'supersecretkey'],
    ['api_key', '12345-abcde-67890'],
    ['token', 'abcdef1234567890'],
  ])('doubtful: %s = %s', (name, value) => {
    expect(judgeLiteral(name, value).verdict).toBe('doubtful');
  });

  test.each<[string | undefined, string]>([
    ['password', 'password'],
    ['password', 'user_password'],
    ['token', 'token_type'],
    ['password', ''],
    ['password', 'Enter your password: '],
    ['password', 'changeme'],
    ['password', '<password>'],
    ['password', '$'.concat('{DB_PASSWORD}')],
    ['password', '{{ db.password }}'],
    ['password', '%(password)s'],
    ['password', 'auth.password'],
    ['PASSWORD', 'accounts.signup.password1'],
    ['PASSWORD', 'passwordInput2'],
    ['token', 'Bearer'],
    ['token', 'access_token'],
    ['token', '[UNK]'],
    ['TOKEN', 'GITHUB_TOKEN_V2'],
    ['api_key', 'YOUR_API_KEY'],
    ['api_key', 'api-key-header'],
    ['secret', 'projects/p1/secrets/s/versions/latest'],
    ['secret', 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:db-Ab12Cd'],
    ['private_key', '/etc/ssl/private/server.key'],
    ['private_key', 'server.pem'],
    ['token_url', random(40)],
    ['checksum', random(40, HEX)],
    ['url', 'postgresql://user:pass@host/db'],
    ['url', 'postgresql://{user}:{password}@{host}/db'],
    ['url', 'redis://localhost:6379/0'],
    ['uri', 'qemu:///system'],
    [undefined, random(64, HEX)],
    [undefined, 'admin123'],
  ])('no: %s = %s', (name, value) => {
    expect(judgeLiteral(name, value).verdict).toBe('no');
  });

  test('says what it saw', () => {
    expect(judgeLiteral('x', checked('ghp'))).toMatchObject({
      why: 'has the form of a GitHub token',
      kind: 'token',
      provider: 'GitHub',
    });
  });

  test('never shows more than four characters, nor more than a quarter', () => {
    expect(mask('abcdefgh')).toBe('ab… (8 characters)');
    expect(mask('abc')).toBe('… (3 characters)');
    fc.assert(
      fc.property(fc.string(), fc.constantFrom('password', 'api_key', undefined), (value, name) => {
        const shown = judgeLiteral(name, value).masked.split('…')[0]!;
        expect(shown.length).toBeLessThanOrEqual(Math.min(4, value.length / 4));
      }),
    );
  });
});

test.each([
  ['password', 'weak-default'],
  ['nova', 'weak-default'],
  ['admin123', 'weak-default'],
  ['Summer2024!', 'likely'],
  [checked('ghp'), 'secret'],
  ['', 'no'],
  ['{password}', 'no'],
  ['<password>', 'no'],
  ['your-password', 'no'],
])('%#: a literal that is passed as a password', (value, verdict) => {
  expect(judgePassedSecret('password', value).verdict).toBe(verdict);
});

describe('connection strings', () => {
  test('the parts of one', () => {
    expect(readConnectionString('postgresql+psycopg2://app:Kx93hd2Q@db.internal:5432/app')).toEqual({
      scheme: 'postgresql+psycopg2',
      service: 'database',
      user: 'app',
      password: 'Kx93hd2Q',
      host: 'db.internal:5432',
      hasCredentials: true,
      isLocal: false,
    });
  });

  test.each([
    ['qemu:///system', 'hypervisor', true],
    ['qemu+ssh://root@hv1.internal/system', 'hypervisor', false],
    ['redis://localhost', 'cache', true],
    ['mongodb://127.0.0.1:27017/db', 'database', true],
    ['ldap://ldap.internal', 'directory', false],
    ['mysql://root:@localhost/db', 'database', true],
    ['amqp://user:%s@host', 'broker', false],
    ['mongodb+srv://user:<password>@cluster0.mongodb.net', 'database', false],
  ])('%s holds no password', (text, service, isLocal) => {
    expect(readConnectionString(text)).toMatchObject({ service, isLocal, hasCredentials: false });
  });

  test.each(['https://example.com/a', 'not a uri', 'std::vector', 'mailto:a@b.c', 'file:///etc/hosts'])(
    '%s is none',
    (text) => {
      expect(readConnectionString(text)).toBeUndefined();
    },
  );
});

describe('placeholders', () => {
  test.each([
    '',
    'xxx',
    'your-api-key',
    'EXAMPLE',
    'dummy',
    '********',
    'aaaaaaaa',
    'None',
    '$(get_secret)',
    '@PASSWORD@',
  ])('%j is one', (value) => {
    expect(isPlaceholder(value)).toBe(true);
  });

  test.each(['Summer2024!', random(32), random(40, HEX)])('%j is none', (value) => {
    expect(isPlaceholder(value)).toBe(false);
  });
});

describe('randomness', () => {
  test('entropy is in bits per character', () => {
    expect(entropy('')).toBe(0);
    expect(entropy('aaaa')).toBe(0);
    expect(entropy('abcd')).toBe(2);
  });

  test.each([
    ['0123', 'digits'],
    ['0aF', 'base64'],
    ['0af', 'hex'],
    ['MFRGG', 'base32'],
    ['a b', 'printable'],
  ])('%s is written in %s', (text, alphabet) => {
    expect(alphabetOf(text)).toBe(alphabet);
  });

  test.each([
    'get_user_by_email_address',
    'django.contrib.auth.hashers',
    'ThisIsAClassNameOfSomeLength',
    '20240607123456789012',
    'aaaaaaaaaaaaaaaa1',
  ])('%s is not random', (text) => {
    expect(looksRandom(text)).toBe(false);
  });

  test.each([random(24), random(32, HEX), random(43)])('%s is random', (text) => {
    expect(looksRandom(text)).toBe(true);
  });
});
