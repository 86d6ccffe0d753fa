/** Checks of values that a project writes itself, recognised by what they ask or by what they are called. */
import type { ModuleView } from '../rules/views.ts';
import type { Attribute, Call, Expression, If, Name, Node, Statement } from '../syntax/ast.ts';
import { dottedName, headersOf, lastName } from '../syntax/headers.ts';
import { normalised } from '../syntax/unparse.ts';
import { walk } from '../syntax/walk.ts';
import type { ControlKindName } from './kinds.ts';

/** Kinds of check that a project writes itself. */
export const VALUE_CHECKS = [
  'address-check',
  'path-check',
  'allowlist',
  'sanitizing',
  'value-check',
  'opt-in',
  'guard',
] as const satisfies readonly ControlKindName[];
export type ValueCheckKind = (typeof VALUE_CHECKS)[number];

/** What a condition asks, told from its text. The first that fits counts. */
const ASKED: readonly { readonly kind: ValueCheckKind; readonly asks: RegExp }[] = [
  {
    kind: 'path-check',
    asks: either(
      // '..' in path, '/' in name
      /'\.\.[/\\]{0,2}'|"\.\.[/\\]{0,2}"/i,
      /(?:'(?:\/|\\\\)'|"(?:\/|\\\\)") in\b/,
      /\bos\.(?:path\.)?(?:alt)?sep\b/,
      // Whether it lies in a directory.
      /\b(?:is_)?relative_to\(|\bcommonp(?:ath|refix)\(|\bin [\w.]+\.parents\b/,
      /\.startswith\([^()]*(?:root|base|folder|dir)\w*\b/,
      /\bis_absolute\(|\bisabs\(/,
      // Whether it is a link that leads elsewhere.
      /\bis_?link\(|\bis_symlink\(|\bissym\(|\bislnk\(/,
      // Whether it is a name and nothing else.
      /\b(?:dirname|basename)\([\w.]+\) [!=]= |\bPath\([\w.]+\)\.name [!=]= /,
    ),
  },
  {
    kind: 'address-check',
    asks: /\bhttp_host\b|\bHTTP_HOST\b|\brequest\.(?:get_host\(|host\b)|\.netloc\b|\.hostname\b|\.scheme\b|\bis_(?:private|loopback|link_local|global|reserved)\b/,
  },
  {
    kind: 'opt-in',
    asks: /\bnot (?:\w+\.)*(?:trust_remote_code|(?:allow|enable|accept|confirm)_(?:dangerous|unsafe|insecure|arbitrary|untrusted|pickle|code)\w*|dangerously_\w+|trust(?:ed)?_(?:code|pickle|source))\b/,
  },
  { kind: 'allowlist', asks: /\bin [\w.]*(?:allow|white_?list|permitted|trusted|safe)\w*/i },
];

/** Conditions that may ask for anything; a check only of what is used for something dangerous. */
const GUARD =
  /\.(?:startswith|endswith|fullmatch|match|search|isalnum|isidentifier|isdigit|isascii)\(|\bin\b/;

/** What a call checks or makes harmless, told from the last name of what is called. The first that fits counts. */
const CALLED: readonly { readonly kind: ValueCheckKind; readonly name: RegExp }[] = [
  {
    kind: 'address-check',
    name: named(
      'is_(?:un)?safe|is_valid|is_allowed|is_public|is_global|is_internal|is_private|is_local|is_blocked|validate|sanitize|sanitise|verify|check|ensure|assert|safe|restrict',
      'urls?|uri|host|hostname|redirect|redirect_\\w+|next_\\w*|domain|ip|ip_address|endpoint|ssrf',
    ),
  },
  {
    kind: 'path-check',
    name: either(
      named(
        'sanitize|sanitise|validate|secure|safe|is_(?:un)?safe|is_valid|ensure_safe|check_safe',
        'paths?|file_?name|filepath|dir|directory|folder|member|archive|join|extract|extractall',
      ),
      /^_*(?:check|verify|ensure|assert)_(?:\w+_)?(?:path|filename)$|path_validator$/,
      named('is|check|ensure|assert|validate', 'within|inside|outside|under|contained|traversal'),
      /^(?:secureFilename|sanitizePath|safeJoin|sanitizeFilename)$/,
    ),
  },
  {
    kind: 'value-check',
    name: /^_*(?:is|has|contains|check|validate|verify|ensure|assert|reject)_(?:\w+_)?(?:un)?(?:safe|safety|dangerous|malicious|trusted|injection|xss)(?:_\w+)?$/,
  },
  {
    kind: 'sanitizing',
    name: either(
      /^_*(?:sanitize|sanitise|html_?escape|escape|esc|neutrali[sz]e|bleach)(?:_\w+)?$/,
      named('clean|strip', 'html|tags|markup'),
    ),
  },
];

/** Names such as `validate_redirect_url`: what is done, then with what. */
function named(verbs: string, things: string): RegExp {
  return new RegExp(`^_*(?:${verbs})_(?:\\w+_)?(?:${things})(?:_\\w+)?$`);
}

/** One of several patterns; whether case matters is said by the first. */
function either(first: RegExp, ...others: readonly RegExp[]): RegExp {
  return new RegExp([first, ...others].map(({ source }) => source).join('|'), first.flags);
}

/** What the test of a condition checks of a value; a check by a function of the project counts too. */
export function checkIn(test: Expression, text: string): ValueCheckKind | undefined {
  const asked = text.slice(test.start, test.end);
  let named: ValueCheckKind | undefined;
  walk(test, (node) => {
    if (node.kind === 'Call') named ??= checkCalled(lastName((node as Call).func));
    return undefined;
  });
  named ??= ASKED.find(({ asks }) => asks.test(asked))?.kind;
  return named ?? (GUARD.test(asked) ? 'guard' : undefined);
}

/** What a function of this name checks of its argument, or does to it. */
export function checkCalled(name: string): ValueCheckKind | undefined {
  return CALLED.find((known) => known.name.test(name))?.kind;
}

/** Calls that only check: what they give back is not looked at. Not `check_call`, which starts a program. */
const CHECKS_ONLY =
  /^_*(?:validate|verify|check|reject|restrict|forbid|disallow)_(?!call\b|output\b|for_updates?\b)\w+$|^_*(?:raise|abort|fail|deny)_(?:if|unless)_\w+$/;

/** Whether a function of this name does nothing but check, where its result is thrown away. */
export function onlyChecks(name: string): boolean {
  return CHECKS_ONLY.test(name);
}

/** Names of what is called, or handed on to what calls it: `to_thread(validate_url, url)`. */
const CALLED_NAMES = /\w+(?=\(|,)/g;

/** Whether a line has a check of the kind, in any form. */
export function hasCheck(kind: string, line: string): boolean {
  if (ASKED.some((known) => known.kind === kind && known.asks.test(line))) return true;
  const called = CALLED.find((known) => known.kind === kind);
  return called !== undefined && (line.match(CALLED_NAMES) ?? []).some((name) => called.name.test(name));
}

/** How many checks of values there are in lines, in whatever form. */
export function countChecks(lines: readonly string[]): number {
  const text = lines.join('\n');
  const asked = ASKED.reduce(
    (sum, { asks }) => sum + (text.match(new RegExp(asks, `g${asks.flags}`)) ?? []).length,
    0,
  );
  return asked + (text.match(CALLED_NAMES) ?? []).filter((name) => checkCalled(name)).length;
}

/** Calls that do harm with a value that nobody checked. */
const DANGEROUS =
  /^(?:open|send_file|FileResponse|sendfile|rmtree|unlink|remove|rename|copyfile|copytree|move|extractall|extract|unpack_archive|import_module|__import__|getattr|setattr|hasattr|eval|exec|system|popen|Popen|run|call|check_call|check_output|execute|executemany|raw|redirect|HttpResponseRedirect|RedirectResponse|seeother|urlopen|from_string|read_text|read_bytes|write_text|write_bytes)$/;

/** Calls that say nothing of what a value is used for. */
const INCIDENTAL =
  /^(?:len|str|int|repr|isinstance|print|format|join|debug|info|warning|warn|error|exception|critical|append|lower|upper|strip|startswith|endswith|split|urlparse|urlsplit|_|gettext|\w*(?:Error|Exception)|abort|abspath|realpath|normpath|resolve|exists|is_file|is_dir|isfile|isdir|super)$/;

/**
 * What the checked values are used for behind the check: the calls that get them, and the statement that returns them.
 * Where none of it is left, the check went together with what it protected.
 */
export function usesAfter(
  kind: ControlKindName,
  check: If | Call,
  tested: Node,
  inFunction: readonly Statement[],
  module: ModuleView,
): string[] {
  const says =
    kind === 'guard' ? (name: string) => DANGEROUS.test(name) : (name: string) => !INCIDENTAL.test(name);
  const source = (node: Node) => module.text.slice(node.start, node.end);
  const names = valuesIn(tested, module);
  for (const statement of inFunction) {
    if (statement.kind !== 'Assign') continue;
    const { targets, value } = statement;
    if (statement.end <= check.start) {
      if (kind !== 'guard' && targets.some((target) => names.has(source(target))))
        addAll(names, valuesIn(value, module));
    } else if (isInside(check, statement) || [...valuesIn(value, module)].some((name) => names.has(name))) {
      for (const target of targets) names.add(source(target));
    }
  }
  const uses = new Set<string>();
  for (const statement of inFunction) {
    for (const header of headersOf(statement)) {
      const isBehind = check.kind === 'If' ? header.start >= check.test.end : header.start >= check.end;
      if (!isBehind) continue;
      if (
        kind !== 'guard' &&
        statement.kind === 'Return' &&
        statement.value &&
        names.has(source(statement.value))
      )
        uses.add(normalised(source(statement)));
      walk(header, (node) => {
        if (node.kind !== 'Call') return undefined;
        const call = node as Call;
        const last = lastName(call.func);
        if (last !== '' && says(last) && [...valuesIn(call, module)].some((name) => names.has(name)))
          uses.add(normalised(`${dottedName(call.func) === '' ? last : source(call.func)}(`));
        return undefined;
      });
    }
  }
  return [...uses];
}

function isInside(node: Node, around: Node): boolean {
  return around.start <= node.start && node.end <= around.end;
}

function addAll<T>(to: Set<T>, from: Iterable<T>): void {
  for (const item of from) to.add(item);
}

/** The variables and attributes of `self` in a piece of code, without what is called and what is imported. */
function valuesIn(root: Node, module: ModuleView): Set<string> {
  const found = new Set<string>();
  const called = new Set<Node>();
  walk(root, (node) => {
    if (node.kind === 'Call') called.add((node as Call).func);
    if (called.has(node)) return undefined;
    if (node.kind === 'Attribute') {
      const dotted = dottedName(node as Attribute);
      if (!/^(?:self|cls)\./.test(dotted)) return undefined;
      found.add(dotted);
      return false;
    }
    if (node.kind === 'Name') {
      const name = node as Name;
      if (name.id !== 'self' && name.id !== 'cls' && module.resolve(name) === '') found.add(name.id);
    }
    return undefined;
  });
  return found;
}
