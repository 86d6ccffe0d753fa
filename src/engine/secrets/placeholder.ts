import { wordsOf } from './sensitive-names.ts';

/** Words that people write where the reader is to put something else. */
const FILLER =
  /change.?(?:me|it|this)|replace.?(?:me|this|with)|place.?holder|your.?(?:own|api|key|token|secret|password|app|client|access|account|db|user|name|_|-)|insert.?(?:here|your)|fill.?(?:in|me)|put.?your|enter.?your|add.?your|todo|fixme|redacted|removed|hidden|masked|example|sample|dummy|fake|mock|foobar|foo.?bar|lorem|not.?(?:a.?real|used|set|needed|required|applicable)|no.?password|unused|undefined|xxx+|\*{3}|\.{3}|…|goes.?here|<[^>]+>|abcdefg|deadbeef|1a2b3c4d|(?:^|[^a-z])(?:none|null|nil|n\/a|tbd|test(?:ing)?|testpass(?:word)?|unset|unknown|optional)(?:[^a-z]|$)/i;

/** Templates of shells, Jinja, printf, str.format, Helm, CI systems. */
const TEMPLATE =
  /\$\{?[A-Za-z_]|\$\(|\{\{|\{%|\{[A-Za-z_0-9.!:]*\}|%\(|%[sdr]\b|%[A-Z_]+%|<%|#\{|@[A-Z_]+@|__[A-Z_]+__/;

/** Whether a literal is still to be filled in: a template, `<password>`, `your-password`. */
export function isUnfilled(value: string): boolean {
  return TEMPLATE.test(value) || /^<[^>]*>$|^(?:your|insert|enter|put)[-_ ]/i.test(value.trim());
}

/** Whether it says that something else is to stand there: `changeme`, `your-api-key`, `${TOKEN}`. */
export function isFiller(value: string): boolean {
  return FILLER.test(value) || TEMPLATE.test(value);
}

/** Whether a literal stands for a value, instead of being one. */
export function isPlaceholder(value: string, name?: string): boolean {
  const text = value.trim();
  if (text.length < 3) return true;
  if (isFiller(text)) return true;
  if (/^(.)\1*$/.test(text) || /^(.{1,4})\1{2,}$/.test(text)) return true;
  if (name !== undefined && repeatsName(text, name)) return true;
  return isLabel(text);
}

/** `password = "password"`, `api_key = "API_KEY"`, `token = "auth-token"`: a name for it, not it. */
function repeatsName(value: string, name: string): boolean {
  if (!/^[A-Za-z][A-Za-z0-9 _.:-]*$/.test(value)) return false;
  const words = wordsOf(value);
  const known = new Set([
    ...wordsOf(name),
    'the',
    'my',
    'a',
    'new',
    'old',
    'id',
    'key',
    'field',
    'name',
    'value',
    'type',
    'auth',
  ]);
  return words.length > 0 && words.every((word) => known.has(word));
}

/** Texts that code is made of: names, paths, addresses, sentences, markup, dates, numbers with units. */
function isLabel(text: string): boolean {
  return (
    // Sentences and messages.
    /\s/.test(text) ||
    // NAMES_OF_VARIABLES, snake_case, kebab-case, CamelCase and dotted.names without a digit in them.
    /^[A-Z]+(?:_[A-Z0-9]+)+$/.test(text) ||
    /^[a-z]+(?:[_-][a-z]+)+\d?$/.test(text) ||
    /^_*[a-z]+(?:[A-Z][a-z]+)+\d?$/.test(text) ||
    /^(?:[A-Z][a-z]+){2,}\d?$/.test(text) ||
    /^[A-Za-z_]\w*(?:[.:/][A-Za-z_][\w-]*)+$/.test(text) ||
    // Paths, addresses and file names.
    /^(?:\.{0,2}\/|~\/|[A-Za-z]:\\|\\\\)/.test(text) ||
    /^(?:https?|file|ftp|data|mailto|urn|arn|ssm|vault|env|secretsmanager|op|gs|s3|oid):/i.test(text) ||
    /^[\w./-]+\.(?:py|json|ya?ml|toml|ini|cfg|txt|pem|key|crt|cer|p12|pfx|jks|html?|xml|md|rst|js|css|csv|conf|env|log|db|pub)$/i.test(
      text,
    ) ||
    // Markup, selectors, arguments of a command, lists, header schemes.
    /^[<[({#.@&?]/.test(text) ||
    /^--?[a-z]/.test(text) ||
    /[,;=|]\S*[,;=|]/.test(text) ||
    // Versions, dates, numbers.
    /^v?\d+(?:[.:/-]\d+)+$/.test(text) ||
    /[^\x20-\x7e]/.test(text)
  );
}
