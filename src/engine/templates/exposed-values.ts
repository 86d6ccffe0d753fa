/** The source of Jinja and Django templates: values that stand where nothing escapes them, or where escaping does not help. */

/**
 * unescaped: markup of the value stays markup. unquoted: an attribute without quotes, which a space ends. address: the
 * beginning of a link, where `javascript:` is a scheme like others. script: inside a script or an event handler.
 */
export type Exposure = 'unescaped' | 'unquoted' | 'address' | 'script';

export interface ExposedValue {
  readonly exposure: Exposure;
  /** What is put in, filters included: `user.name|safe`. */
  readonly expression: string;
  /** The variable that it begins with; '' where it begins with something else. */
  readonly name: string;
  /** The whole tag, `{{ user.name|safe }}`, and where it begins in the source. */
  readonly tag: string;
  readonly start: number;
}

const TAG = /\{#[\s\S]*?#\}|\{%-?\+?\s*(\w+)\s*([\s\S]*?)\s*[-+]?%\}|\{\{[-+]?([\s\S]*?)[-+]?\}\}/g;
/** What stands for a value in the HTML around it. */
const VALUE = '\0';
/** So many characters before a value tell what it stands in. */
const NEAR = 20_000;
const ADDRESSES = /^(?:href|src|action|formaction|data|xlink:href)$/i;
const ESCAPES =
  /\|\s*(?:e|escape|force_?escape|escapejs|tojson|urlencode|int|float|length|count|filesizeformat|linebreaks)\b/;
/** Numbers, texts of the template itself, and calls that give addresses or tokens of the application. */
const HARMLESS =
  /^(?:\d|['"]|loop\.|forloop\.|(?:url_for|url|static|csrf_token|csrf_input|get_url|range|len|_|gettext)\b|super\(\)|caller\(\)|csrf)|\b(?:csrf_token|hidden_tag|tojson|get_(?:\w+_)?url)\b/;

/** `style={{color: red}}` of another language. `${{ … }}` is one as well. */
const NO_EXPRESSION = /^[\w'"-]+\s*:/;

/** The values of a template that are exposed, in the order in which they stand there. */
export function exposedValues(source: string): readonly ExposedValue[] {
  const found: ExposedValue[] = [];
  /** Whether each block of `autoescape` around is on. */
  const blocks: boolean[] = [];
  let html = '';
  let end = 0;
  for (const match of source.matchAll(TAG)) {
    const [tag, block, rest = '', inner] = match;
    html += source.slice(end, match.index);
    end = match.index + tag.length;
    if (block === 'autoescape') blocks.push(!/^(?:off|false)$/i.test(rest));
    else if (block === 'endautoescape') blocks.pop();
    if (inner === undefined) continue;
    const expression = inner.trim();
    if (NO_EXPRESSION.test(expression) || source[match.index - 1] === '$') continue;
    const exposure = HARMLESS.test(expression)
      ? undefined
      : exposureOf(expression, html.slice(-NEAR), blocks.at(-1) ?? true);
    html += VALUE;
    if (exposure) {
      const name = /^[A-Za-z_]\w*/.exec(expression)?.[0] ?? '';
      found.push({ exposure, expression, name, tag, start: match.index });
    }
  }
  return found;
}

function exposureOf(expression: string, before: string, isEscaped: boolean): Exposure | undefined {
  if (/\|\s*safe(?:seq)?\b/.test(expression)) return 'unescaped';
  if (ESCAPES.test(expression)) return undefined;
  if (!isEscaped) return 'unescaped';
  const script = before.toLowerCase().lastIndexOf('<script');
  if (script >= 0 && before.indexOf('>', script) > 0 && !/<\/script/i.test(before.slice(script)))
    return 'script';
  return exposureInTag(before.slice(before.lastIndexOf('<') + 1));
}

/** What stands between the `<` of a tag and a value: an attribute that begins there, or nothing of the kind. */
function exposureInTag(before: string): Exposure | undefined {
  if (!/^[A-Za-z]/.test(before)) return undefined;
  const open = before.replace(/"[^"]*"|'[^']*'/g, VALUE);
  if (open.includes('>')) return undefined;
  const quoted = /([\w:@-]+)\s*=\s*(?:"([^"]*)|'([^']*))$/.exec(open);
  if (!quoted) return /\s[\w:@-]+=[^\s"'=<>`]*$/.test(open) ? 'unquoted' : undefined;
  const [, attribute = '', begun = quoted[3] ?? ''] = quoted;
  if (/^on[a-z]+$/i.test(attribute)) return 'script';
  return begun.trim() === '' && ADDRESSES.test(attribute) ? 'address' : undefined;
}
