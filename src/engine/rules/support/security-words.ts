import { wordsOf } from '../../secrets/sensitive-names.ts';

/**
 * What names tell about their values. A name is split into words (`userPassword`, `USER_PASSWORD` → user, password),
 * so that `compass` is no password and `tokenizer` no token.
 */

const PASSWORD: ReadonlySet<string> = new Set(
  'password passwd pwd passphrase passcode pass passwords passw userpass pswd'.split(' '),
);

const CREDENTIAL: ReadonlySet<string> = new Set([
  ...PASSWORD,
  ...'secret secrets token tokens credential credentials apikey otp totp hotp nonce jwt csrf xsrf sessionid sid pin cvv ssn signature salt'.split(
    ' ',
  ),
]);

/** Two words that mean a credential only together. */
const CREDENTIAL_PAIRS: readonly (readonly [string, string])[] = [
  ['api', 'key'],
  ['access', 'key'],
  ['private', 'key'],
  ['secret', 'key'],
  ['signing', 'key'],
  ['encryption', 'key'],
  ['session', 'id'],
  ['session', 'key'],
  ['auth', 'key'],
  ['auth', 'code'],
  ['verification', 'code'],
  ['reset', 'code'],
  ['invite', 'code'],
  ['confirmation', 'code'],
  ['activation', 'code'],
  ['activation', 'key'],
  ['reset', 'key'],
  ['recovery', 'code'],
  ['security', 'code'],
  ['auth', 'hash'],
];

/** Words beside which a credential word means something else: `token_count`, `next_page_token`, `password_field`. */
const HARMLESS: ReadonlySet<string> = new Set(
  'page pagination continuation count counts num max min limit length len size type types field fields name names index idx tokenizer tokenize parser lexer placeholder label url uri path file filename form cancel cancellation sync policy rules strength ids bucket schema regex pattern format template policy prompt input output vocab embedding embeddings mask'.split(
    ' ',
  ),
);

function hasPair(words: readonly string[], pairs: readonly (readonly [string, string])[]): boolean {
  return pairs.some(([first, second]) => words.some((word, i) => word === first && words[i + 1] === second));
}

/** Whether the name means a password. */
export function meansPassword(name: string): boolean {
  const words = wordsOf(name);
  return words.some((word) => PASSWORD.has(word)) && !words.some((word) => HARMLESS.has(word));
}

/** Whether the name means something that must stay secret or must not be guessed. */
export function meansCredential(name: string): boolean {
  const words = wordsOf(name);
  return (
    (words.some((word) => CREDENTIAL.has(word)) || hasPair(words, CREDENTIAL_PAIRS)) &&
    !words.some((word) => HARMLESS.has(word))
  );
}

/** The first name in a piece of source text that means a password. */
export function passwordNameIn(source: string): string | undefined {
  return identifiersIn(source).find(meansPassword);
}

/** The first name in a piece of source text that means a credential. */
export function credentialNameIn(source: string): string | undefined {
  return identifiersIn(source).find(meansCredential);
}

function identifiersIn(source: string): readonly string[] {
  return source.match(/[A-Za-z_][A-Za-z0-9_-]*/g) ?? [];
}

/** Whether a function's name says that it handles credentials: `hash_password`, `make_token`, `sign`, `authenticate`. */
export function handlesCredentials(functionName: string): boolean {
  return (
    meansCredential(functionName) || /^_*(sign|sign_\w+|login|log_?in|authenticate|auth)$/i.test(functionName)
  );
}
