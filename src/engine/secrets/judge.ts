import { readConnectionString } from './connection-string.ts';
import { looksRandom } from './entropy.ts';
import { isFiller, isPlaceholder, isUnfilled } from './placeholder.ts';
import { type SensitiveKind, sensitiveKind } from './sensitive-names.ts';
import { findToken } from './token-formats.ts';

/**
 * secret: its form says that it is one. likely: its name says so, and the value looks the part.
 * weak-default: its name says so, and the value is one that anybody would guess.
 * doubtful: its name says so, and the value is what people write who think of no better one.
 */
export interface LiteralJudgement {
  readonly verdict: 'secret' | 'likely' | 'weak-default' | 'doubtful' | 'no';
  /** A clause for a message: "has the form of a GitHub token". */
  readonly why: string;
  readonly kind: SensitiveKind | undefined;
  readonly provider: string | undefined;
  /** What a review may show of the value: its first characters, a quarter of it at most, and its length. */
  readonly masked: string;
}

/** What nearly all literals are; the masked value, which hardly anybody asks for, is worked out when it is. */
class NoSecret implements LiteralJudgement {
  readonly verdict = 'no';
  readonly why: string;
  readonly kind: SensitiveKind | undefined;
  readonly provider = undefined;
  private readonly value: string;

  constructor(why: string, kind: SensitiveKind | undefined, value: string) {
    this.why = why;
    this.kind = kind;
    this.value = value;
  }

  get masked(): string {
    return mask(this.value);
  }
}

/** Passwords that are in every list that attackers try first, alone or with a few digits after them. */
const GUESSABLE =
  /^(?:admin|administrator|root|password|passw0rd|p@ssw0rd|p@ssword|pass|letmein|welcome|qwerty|qwertz|iloveyou|monkey|dragon|master|secret|s3cr3t|s3cret|supersecret|super-?secret|guest|user|default|login|postgres|mysql|mongo|redis|rabbitmq|sa|toor|superuser|minio(?:admin)?|changeit|hunter2|trustno1|abc|test|demo|dev|temp|temporary|keycloak|elastic|grafana|airflow|odoo|django|flask|openstack|cisco|oracle|tomcat|manager|vagrant|raspberry|ubuntu|top-?secret|sunshine|princess|football|shadow)?[-_@#]?(?:\d{0,6}|12345678\d{0,2}|123abc|abc123|1q2w3e(?:4r)?)[!#$.]*$/i;

/**
 * Judges a string literal by itself and by the name (variable, keyword, dictionary key) that it is given to.
 * For what is given to a parameter that is known to take a secret, see judgePassedSecret.
 */
export function judgeLiteral(name: string | undefined, value: string): LiteralJudgement {
  const kind = name === undefined ? undefined : sensitiveKind(name);
  const no = (why: string) => new NoSecret(why, kind, value);

  const found = findToken(value);
  if (found) {
    const { provider, what } = found.format;
    const article = /^(?:[AEIO]|npm)/.test(provider) ? 'an' : 'a';
    const why = `has the form of ${article} ${provider} ${what}`;
    return { verdict: 'secret', why, kind: kind ?? kindOf(what), provider, masked: mask(found.token) };
  }
  const connection = readConnectionString(value);
  if (connection?.hasCredentials) {
    const password = connection.password ?? '';
    const guessable = password === connection.user || GUESSABLE.test(password);
    const why = `holds the password of a ${connection.service === 'web' ? 'web server' : connection.service}`;
    return {
      verdict: guessable ? 'weak-default' : 'secret',
      why,
      kind: 'connection-string',
      provider: undefined,
      masked: mask(password),
    };
  }
  if (connection)
    return no(
      connection.password ? 'holds a placeholder for a password' : 'is an address without a password',
    );
  if (!kind) return no('has no name of a secret');
  if (/^\^.*\$$/.test(value)) return no('is a pattern');
  if (PUBLIC_KEY.test(value)) return no('is a key that clients are given');
  if (kind === 'connection-string' || kind === 'credential') return no('is no known form of credentials');
  if (isWeakDefault(kind, name ?? '', value))
    return {
      verdict: 'weak-default',
      why: `is a ${kind} that is guessed first`,
      kind,
      provider: undefined,
      masked: mask(value),
    };
  const isLabel = isPlaceholder(value, name);
  if (isInvented(kind, value, isLabel))
    return {
      verdict: 'doubtful',
      why: 'is named like a secret and made up',
      kind,
      provider: undefined,
      masked: mask(value),
    };
  if (isLabel) return no('is a placeholder or a name');
  if (!isPlausible(kind, value)) return no('does not look like a secret');
  const why = looksRandom(value) ? 'is named like a secret and looks random' : 'is named like a secret';
  return { verdict: 'likely', why, kind, provider: undefined, masked: mask(value) };
}

/**
 * Judges a literal that a library takes as a password or key: `connect(password='nova')`. There even a word
 * such as "password" is the secret; only what is empty or still to be filled in is none.
 */
export function judgePassedSecret(kind: SensitiveKind, value: string): LiteralJudgement {
  const byForm = judgeLiteral(undefined, value);
  if (byForm.verdict !== 'no') return byForm;
  const judged = { kind, provider: undefined, masked: mask(value) };
  if (value.trim() === '') return { verdict: 'no', why: 'is empty', ...judged };
  if (isUnfilled(value)) return { verdict: 'no', why: 'is still to be filled in', ...judged };
  if (!GUESSABLE.test(value) && isPlausible(kind, value))
    return { verdict: 'likely', why: `is used as a ${kind}`, ...judged };
  return { verdict: 'weak-default', why: `is used as a ${kind} and easily guessed`, ...judged };
}

/** Keys that providers mean for everybody: project keys of PostHog, publishable keys of Stripe and Clerk, Google Analytics. */
const PUBLIC_KEY = /^(?:phc_|pk_(?:live|test)_|G-[A-Z0-9]{8,12}$|UA-\d)/;

function kindOf(what: string): SensitiveKind {
  if (/private|secret key/.test(what)) return 'private-key';
  return /key/.test(what) ? 'api-key' : 'token';
}

/** What examples and templates of web frameworks sign sessions with: `SECRET_KEY = 'dev'`. */
const GUESSABLE_KEY =
  /^(?:(?:dev(?:elopment)?|test|secret|my|super|top|change(?:me)?|this|key|jwt|flask|django|app|not|so|the|very|s3cr3t|default|insecure|in|production)[-_ .!]*\d*)+$/i;

/** `password = "admin123"`; not `password = "password"`, which names a field as often. */
function isWeakDefault(kind: SensitiveKind, name: string, value: string): boolean {
  if (value.toLowerCase() === name.toLowerCase()) return false;
  if (kind === 'secret') return /(?:secret_?key|jwt_?secret)$/i.test(name) && GUESSABLE_KEY.test(value);
  if (kind !== 'password' || value.length < 4 || !GUESSABLE.test(value)) return false;
  return !/^(?:password|passwd|pass|secret|user|login|test|temp|master|default|manager)$/i.test(value);
}

/** `supersecretkey`, `my_secret_password`: words for a secret with at least one that boasts. */
const PHRASE =
  /^(?=.*(?:my|super|very|top|ultra|really|secure|strong|random|hard-?coded|insecure|this[-_]?is|s+h+h))(?:(?:my|our|the|a|an|this|is|it|so|super|very|top|ultra|really|secure|strong|random|hard-?coded|insecure|safe|long|secret|s3cr3t|password|passw0rd|passphrase|pass|pwd|key|token|api|jwt|auth|access|signing|encryption|admin|root|user|db|database|app|service|prod|string|value|s+h+h+)[-_ .!]*\d*[!?#]*)+$/i;

/** A phrase, a row of neighbours (`12345-abcde-67890`), or letters and digits too regular to be random. */
function isInvented(kind: SensitiveKind, value: string, isLabel: boolean): boolean {
  if (value.length < 8 || value.length > 100 || isFiller(value)) return false;
  if (PHRASE.test(value)) return true;
  if (isLabel || isPlausible(kind, value)) return false;
  return isRowOfNeighbours(value) || /^(?=(?:.*\d){3})(?=(?:.*[a-z]){3})[\w-]{12,}$/i.test(value);
}

function isRowOfNeighbours(value: string): boolean {
  const signs = value.toLowerCase().replace(/[^a-z0-9]/g, '');
  let run = 1;
  for (let i = 1; i < signs.length; i++) {
    const step = signs.charCodeAt(i) - signs.charCodeAt(i - 1);
    if (step === 1 || (signs[i] === '0' && signs[i - 1] === '9')) run++;
    else if (run < 4) return false;
    else run = 1;
  }
  return signs.length >= 8 && run >= 4;
}

/** Whether a value can be what its name says. */
function isPlausible(kind: SensitiveKind, value: string): boolean {
  if (value.length > 2_000) return false;
  if (kind === 'password') return value.length >= 6 && /[a-z]/i.test(value) && /[\d!@#$%^&*?+~]/.test(value);
  // Keys and tokens are made by machines; what people invent for them is long or mixed.
  if (looksRandom(value)) return true;
  const isMixed = /[^\w.:/-]/.test(value) || (/[A-Z]/.test(value) && /[a-z]/.test(value));
  return kind === 'secret' && value.length >= 12 && /[a-z]/i.test(value) && /\d/.test(value) && isMixed;
}

/** At most four characters and at most a quarter of the value are shown. */
export function mask(value: string): string {
  const shown = value.slice(0, Math.min(4, Math.floor(value.length / 4))).replace(/[^\x21-\x7e]/g, '?');
  return `${shown}… (${value.length} characters)`;
}
