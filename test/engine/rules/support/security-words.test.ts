import {
  credentialNameIn,
  handlesCredentials,
  meansCredential,
  meansPassword,
} from '../../../../src/engine/rules/support/security-words.ts';

test.each(['password', 'userPassword', 'DB_PASSWD', 'new_pwd'])('%s means a password', (name) => {
  expect(meansPassword(name)).toBe(true);
});

test.each(['compass', 'password_field', 'passwordUrl', 'bypass', 'pass_count'])('%s means none', (name) => {
  expect(meansPassword(name)).toBe(false);
});

test.each(['token', 'session_id', 'resetCode', 'csrf_token', 'API_KEY', 'salt', 'otp'])(
  '%s must not be guessed',
  (name) => {
    expect(meansCredential(name)).toBe(true);
  },
);

test.each(['tokenizer', 'next_page_token', 'max_tokens', 'token_count', 'cache_key', 'primary_key'])(
  '%s may be guessed',
  (name) => {
    expect(meansCredential(name)).toBe(false);
  },
);

test('functions that handle credentials', () => {
  for (const name of ['hash_password', 'makeToken', 'sign', 'authenticate', 'login']) {
    expect(handlesCredentials(name)).toBe(true);
  }
  for (const name of ['signal', 'designate', 'tokenize', 'render'])
    expect(handlesCredentials(name)).toBe(false);
});

test('finds the name in an expression', () => {
  expect(credentialNameIn('(salt + user.password).encode()')).toBe('salt');
  expect(credentialNameIn('json.dumps(items)')).toBeUndefined();
});
