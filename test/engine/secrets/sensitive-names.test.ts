import { personalDataKind, sensitiveKind, wordsOf } from '../../../src/engine/secrets/sensitive-names.ts';

test.each([
  ['maxTokens', 'max tokens'],
  ['HTTPServerURL', 'http server url'],
  ['X-Api-Key', 'x api key'],
  ['DB_PASSWORD', 'db password'],
])('the words of %s', (name, words) => {
  expect(wordsOf(name).join(' ')).toBe(words);
});

test.each([
  ['password', 'password'],
  ['dbPassword', 'password'],
  ['MYSQL_ROOT_PASSWORD', 'password'],
  ['password1', 'password'],
  ['smtp_pass', 'password'],
  ['passphrase', 'password'],
  ['SECRET_KEY', 'secret'],
  ['client_secret', 'secret'],
  ['JWT_SECRET_KEY', 'secret'],
  ['access_token', 'token'],
  ['bearerToken', 'token'],
  ['github_pat', 'token'],
  ['X-API-Key', 'api-key'],
  ['aws_secret_access_key', 'api-key'],
  ['ssh_private_key', 'private-key'],
  ['DATABASE_URL', 'connection-string'],
  ['credentials', 'credential'],
])('%s is a %s', (name, kind) => {
  expect(sensitiveKind(name)).toBe(kind);
});

test.each(
  `token_url password_field key_name password_hash_algorithm secret_name token_type tokenizer max_tokens
  csrf_token_header_name PASSWORD_RESET_TIMEOUT keyboard primary_key foreign_key cache_key sort_key public_key
  password_hash hashed_password token_count secret_arn is_password no_password passport compass bypass pass
  pwd_context next_token page_token pad_token AWS::SecretsManager::Secret secretary tokens aws_access_key_id
  password_validators change_password get_token`.split(/\s+/),
)('%s names no secret value', (name) => {
  expect(sensitiveKind(name)).toBeUndefined();
});

test.each([
  ['user_email', 'email'],
  ['phoneNumber', 'phone'],
  ['ssn', 'identity-number'],
  ['creditCardNumber', 'payment-card'],
  ['date_of_birth', 'birth-date'],
  ['hostname', 'host-name'],
  ['client_ip', 'host-name'],
  ['first_name', 'person-name'],
  ['email_template', undefined],
  ['phonebook', undefined],
  ['name', undefined],
])('%s says %s of a person', (name, kind) => {
  expect(personalDataKind(name)).toBe(kind);
});
