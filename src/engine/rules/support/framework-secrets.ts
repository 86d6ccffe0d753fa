/**
 * Names under which web frameworks look for the secret that signs sessions and tokens:
 * https://flask.palletsprojects.com/en/stable/config/#SECRET_KEY,
 * https://docs.djangoproject.com/en/stable/ref/settings/#secret-key,
 * https://flask-jwt-extended.readthedocs.io/en/stable/options.html, https://flask-wtf.readthedocs.io/en/stable/config/
 */
const NAMES: ReadonlySet<string> = new Set([
  'SECRET_KEY',
  'secret_key',
  'SECRET_KEY_FALLBACKS',
  'JWT_SECRET_KEY',
  'JWT_SECRET',
  'WTF_CSRF_SECRET_KEY',
  'SECURITY_PASSWORD_SALT',
  'cookie_secret',
  'SESSION_SECRET',
  'SESSION_SECRET_KEY',
]);

/** Whether the name is that of a framework's signing secret, which has a rule of its own. */
export function isFrameworkSecretName(name: string): boolean {
  return NAMES.has(name);
}
