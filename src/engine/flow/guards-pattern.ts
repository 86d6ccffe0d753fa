/** Checks of which characters a text holds: patterns, and loops over its characters. */
import { has } from '../regex/charset.ts';
import { parseRegex } from '../regex/parse.ts';
import { type AdmittedText, charactersAdmitted, charactersRefused } from '../regex/questions.ts';
import type { Call } from '../syntax/ast.ts';
import { HOST } from './addresses.ts';
import { clean, evaluateQuietly } from './facts.ts';
import type { Frame } from './frame.ts';
import { settlesHost } from './guards-address.ts';
import { KindSet, type SinkKind } from './kinds.ts';
import { constantOf, type Value } from './values.ts';

/** Which characters a text may hold. */
type Characters = Pick<AdmittedText, 'has'> & Partial<Pick<AdmittedText, 'hasInside'>>;

export type PatternMethod = 'match' | 'fullmatch' | 'search';

/** `re.fullmatch(pattern, subject)` and `compiled.match(subject)`. */
export function refinePattern(frame: Frame, test: Call, method: PatternMethod, outcome: boolean): void {
  if (test.func.kind !== 'Attribute') return;
  const owner = evaluateQuietly(frame, test.func.value);
  let pattern: Value | undefined;
  let subject = test.args[0];
  if (owner.shape.kind === 'api' && /^(re|regex|re2)$/.test(owner.shape.node.path)) {
    pattern = test.args[0] && evaluateQuietly(frame, test.args[0]);
    subject = test.args[1];
  } else if (owner.shape.kind === 'instance' && owner.shape.madeBy) {
    pattern = owner.shape.madeBy.positional[0];
  }
  const text = pattern && constantOf(pattern);
  if (!subject || typeof text !== 'string') return;
  const admitted = outcome ? charactersAdmitted(text, method) : charactersLeft(text, method);
  if (admitted) clean(frame, subject, kindsWithout(admitted));
  if (outcome && settlesHost(text, method)) clean(frame, subject, HOST);
}

/** What text does no harm in which the pattern fits: `Query(pattern=r'^[a-z]+$')`. */
export function kindsAdmitted(pattern: string): KindSet {
  const admitted = charactersAdmitted(pattern, 'search');
  return admitted ? kindsWithout(admitted) : KindSet.none;
}

/** What a text can hold in which nothing fits the pattern: `if re.search(r'[^a-z]', name): raise`. */
function charactersLeft(pattern: string, method: PatternMethod): Characters | undefined {
  const parsed = parseRegex(pattern);
  if (!parsed.ok) return undefined;
  const refused = charactersRefused(parsed.regex, method);
  return refused.length === 0 ? undefined : { has: (codePoint) => !has(refused, codePoint) };
}

/** What is left of a text after `re.sub(pattern, replacement, text)`; undefined when nothing is known of it. */
export function charactersAfter(pattern: string, replacement: string): Characters | undefined {
  const left = charactersLeft(pattern, 'search');
  return (
    left && {
      has: (codePoint) => left.has(codePoint) || replacement.includes(String.fromCodePoint(codePoint)),
    }
  );
}

/** `c in 'abc'`: only these characters. */
export function kindsWithin(characters: string): KindSet {
  return kindsWithout({ has: (codePoint) => characters.includes(String.fromCodePoint(codePoint)) });
}

/** The kinds of sink at which text of these characters only does no harm. */
export function kindsWithout(admitted: Characters): KindSet {
  const kinds: SinkKind[] = [];
  const hasInside = admitted.hasInside ?? admitted.has;
  const lacks = (...characters: string[]) =>
    characters.every((character) => !admitted.has(character.codePointAt(0)!));
  if (lacks('/', '\\')) kinds.push('path', 'archive-member');
  if (lacks("'", '"', ';', '`', '\\', ' ')) kinds.push('sql', 'nosql', 'xpath');
  // A command that ends in a line break is the same command.
  if (!hasInside(10) && lacks("'", '"', ';', '`', '|', '&', '$', '<', '>', '(', ')', ' ', '*', '?'))
    kinds.push('shell', 'remote-command');
  if (lacks('-')) kinds.push('argument');
  if (lacks('<', '>')) kinds.push('html', 'mail-html', 'xml');
  if (lacks('\n', '\r')) kinds.push('header', 'log', 'mail-header', 'cookie-value', 'cookie-name');
  if (lacks(':', '/')) kinds.push('url', 'redirect');
  if (lacks('(', ')', '*', '\\')) kinds.push('ldap-filter');
  if (lacks(',', '=', '+', '"', '\\', '<', '>', ';')) kinds.push('ldap-dn');
  if (lacks('{', '}', '%')) kinds.push('template', 'format');
  if (lacks('(', '[', '.', '"', "'")) kinds.push('code', 'attribute', 'import');
  if (lacks('*', '+', '{', '(')) kinds.push('regex');
  return KindSet.of(...kinds);
}
