import { code, text } from '../finding.ts';
import { hostWeaknesses } from '../regex/hosts.ts';
import { parseRegex } from '../regex/parse.ts';
import { wideRanges } from '../regex/ranges.ts';
import type { Expression } from '../syntax/ast.ts';
import type { Report, Rule } from './rule.ts';
import { PATTERN_CALLS, regexOf } from './support/regex-of.ts';
import type { CallView, CompareView } from './views.ts';

export const incompleteUrlCheck: Rule = {
  id: 'incomplete-url-check',
  title: 'Check of a host name that lets others pass',
  cwe: [20, 185],
  aspect: 'validation',
  kind: 'defect',
  severity: 'medium',
  rows: [52],
  summary:
    'A check of a URL or host that another host passes, too: `"example.com" in url`, `url.startswith("https://example.com")` without the slash, `host.endswith("example.com")` without the dot, and patterns with an unescaped dot or a missing anchor. A character range that takes in more than its author seems to mean (`[A-z]`) is reported as an advisory.',
  why: 'Redirects, requests and messages then go to `example.com.attacker.net`, `attacker.net/?example.com` or `notexample.com`.',
  fix: 'Parse the address (`urllib.parse.urlsplit(url).hostname`) and compare the host as a whole, or its end including the dot.',
  references: [
    'https://cheatsheetseries.owasp.org/cheatsheets/Unvalidated_Redirects_and_Forwards_Cheat_Sheet.html',
    'https://docs.python.org/3/library/urllib.parse.html#url-parsing-security',
  ],
  roles: { test: 'silent', example: 'silent' },
  calls: [
    { paths: PATTERN_CALLS, check: checkPattern },
    { paths: [], names: ['startswith', 'endswith'], check: checkMethod },
  ],
  on: { compare: checkMembership },
  examples: {
    bad: [
      {
        title: 'parts of a URL',
        code: `
from urllib.parse import urlparse

def is_ours(url):
    if 'example.com' in url:  # report
        return True
    if url.startswith('https://example.com'):  # report
        return True
    host = urlparse(url).netloc
    return host.endswith('example.com')  # report
`,
      },
      {
        title: 'patterns',
        code: `
import re

def is_ours(url):
    return re.match(r'^https://www.example.com/', url) or re.match(r'^(api|www).example.com$', url)  # report
`,
      },
    ],
    good: [
      {
        title: 'the whole host',
        code: `
import re
from urllib.parse import urlparse

HOSTS = {'example.com', 'www.example.com'}

def is_ours(url):
    host = urlparse(url).hostname
    if host in HOSTS or host == 'example.com' or host.endswith('.example.com'):
        return True
    if url.startswith('https://example.com/') or url.startswith('http://'):
        return True
    return re.match(r'^https://www\\.example\\.com/', url)
`,
      },
      {
        title: 'a pattern that takes an address apart',
        code: `
import re

def raw_address(repository_url, path):
    parts = re.search(r'\\bgithub\\.com[:/]([^/]+)/([^/]+)\\.git$', repository_url)
    if parts:
        owner, name = parts.groups()
        return f'https://raw.githubusercontent.com/{owner}/{name}/HEAD/{path}'
    return None
`,
      },
      {
        title: 'other texts',
        code: `
def find(text, files, hosts):
    if 'example.com' in hosts:
        return True
    if 'version.io' in text or 'setup.py' in files:
        return text.endswith('.com')
    return 'https' in text
`,
      },
    ],
  },
};

const HOST =
  /^(?:https?:\/\/)?(?:[a-z0-9-]+\.)+(?:com|org|net|edu|gov|io|dev|co|app|cloud|ai|me|info|de|uk|eu|fr|ru|cn|in|br|jp)$/i;

function isHostName(value: unknown): value is string {
  return typeof value === 'string' && HOST.test(value);
}

/** A name that is a URL, host, origin or address: `url`, `self.next_url`, `parsed.netloc`. */
function namesAddress(node: Expression): boolean {
  const name = node.kind === 'Name' ? node.id : node.kind === 'Attribute' ? node.attr : '';
  return /^(.*_)?(url|uri|host|hostname|netloc|origin|referer|referrer|href|redirect|redirect_to|domain|link|location)$/i.test(
    name,
  );
}

function checkMembership(view: CompareView): Report | undefined {
  if (view.op !== 'in' && view.op !== 'not in') return undefined;
  if (!isHostName(view.left.constant) || !namesAddress(view.rightNode) || isContainer(view)) return undefined;
  return {
    message: text`${view.quote(view.node)} also holds where ${view.quote(view.leftNode)} stands elsewhere in the address.`,
    at: view.node,
    ...(guards(view) ? {} : { kind: 'advisory' as const, severity: 'low' as const, quiet: true }),
  };
}

function isContainer(view: CompareView): boolean {
  return (
    view.right.elements !== undefined ||
    /^builtins\.(list|tuple|set|dict|frozenset)$/.test(view.right.type ?? '')
  );
}

/** Where the address comes from outside, the check is more than a convenience. */
function guards(view: CompareView): boolean {
  return (
    view.right.sources.some(({ level }) => level === 'remote') ||
    /valid|allow|trust|safe|check|verify|auth|is_ours|permitted|redirect/i.test(view.function?.name ?? '')
  );
}

function checkMethod(call: CallView): Report | undefined {
  const { func } = call.node;
  const given = call.argument(0);
  if (func.kind !== 'Attribute' || !given) return undefined;
  // What begins with a scheme is an address, whatever it is called.
  if (call.name === 'endswith' && !namesAddress(func.value)) return undefined;
  const candidates =
    given.constant !== undefined ? [given.constant] : (given.elements ?? []).map(({ constant }) => constant);
  const open = candidates.find(
    (value) =>
      isHostName(value) && (call.name === 'endswith' ? !/^https?:|^\./.test(value) : /^https?:/.test(value)),
  );
  if (typeof open !== 'string') return undefined;
  const other = call.name === 'endswith' ? `not${open}` : `${open}.attacker.net`;
  return {
    message: text`${call.quote(call.node)} also holds for ${code(other)}.`,
    at: call.node,
    ...(isGuard(call) ? {} : { kind: 'advisory' as const, severity: 'low' as const, quiet: true }),
    fix: {
      text:
        call.name === 'endswith'
          ? text`Compare with ${code(`.${open}`)}, and with the host itself.`
          : text`Compare with ${code(`${open}/`)}, or compare the parsed host.`,
    },
  };
}

function isGuard(call: CallView): boolean {
  return (
    call.receiver?.sources.some(({ level }) => level === 'remote') === true ||
    /valid|allow|trust|safe|check|verify|auth|is_ours|permitted|redirect/i.test(call.function?.name ?? '')
  );
}

/** A pattern whose groups are read: it finds the parts of an address rather than judging it. */
function takesApart(call: CallView, pattern: string): boolean {
  return (
    /\((?!\?[:=!<])/.test(pattern) &&
    call.function !== undefined &&
    /\.groups?\(|\.groupdict\(/.test(call.function.sourceOf(call.function.node))
  );
}

function checkPattern(call: CallView): readonly Report[] {
  const regex = regexOf(call);
  const parsed = regex && parseRegex(regex.pattern, regex.flags);
  if (!regex || !parsed?.ok) return [];
  const subject = call.argumentNode(1, 'string');
  const judges = isGuard(call) || !takesApart(call, regex.pattern);
  const weakness = hostWeaknesses(parsed.regex, regex.mode).find(
    ({ kind }) => kind === 'unescaped-dot' || (subject !== undefined && namesAddress(subject)),
  );
  const ranges = wideRanges(parsed.regex);
  return [
    ...(weakness && judges
      ? [
          {
            message: text`The pattern ${code(regex.pattern, 60)} is meant for ${code(weakness.host)} and also lets ${code(weakness.passes, 60)} pass.`,
            at: regex.node,
            ...(subject && namesAddress(subject)
              ? {}
              : { kind: 'advisory' as const, severity: 'low' as const, quiet: true }),
            fix: {
              text:
                weakness.kind === 'unescaped-dot'
                  ? text`Write the dots of the host as ${code('\\.')}.`
                  : text`Anchor the pattern before and after the host.`,
            },
          },
        ]
      : []),
    ...ranges.slice(0, 1).map((range) => ({
      message: text`The range ${code(range.text)} in ${code(regex.pattern, 60)} takes in ${code(range.unexpected)}, too.`,
      at: regex.node,
      cwe: [185, 20],
      kind: 'advisory' as const,
      severity: 'low' as const,
      fix: {
        text: text`Write out what is meant, such as ${code('A-Za-z')}; a hyphen that stands for itself goes to the end.`,
      },
    })),
  ];
}
