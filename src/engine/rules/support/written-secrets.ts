/** What is said of literals that are secrets. The value itself is never shown, nor more than its first characters. */
import { type Code, code, type Fix, text } from '../../finding.ts';
import { judgeLiteral, type LiteralJudgement, mask } from '../../secrets/judge.ts';
import { isFiller } from '../../secrets/placeholder.ts';
import { sensitiveKind } from '../../secrets/sensitive-names.ts';
import type { Node } from '../../syntax/ast.ts';
import type { Report } from '../rule.ts';
import type { Place } from '../views.ts';
import type { NamedLiteral } from './literals.ts';

/** A literal whose form says what it is, whatever it is called. */
export function revealed(at: Node, value: string): Report {
  const judgement = judgeLiteral(undefined, value);
  return {
    message: text`This text ${judgement.why}: ${shown(judgement)}.`,
    at,
    severity: 'critical',
    fix: withdraw(),
  };
}

/** A literal that is a secret by its name and its look; undefined where it is none. */
export function judged(
  place: Place,
  name: string,
  at: Node,
  value: string,
  isDefault: boolean,
): Report | undefined {
  const judgement = judgeLiteral(name, value);
  // Forms are reported for every text, with or without a name; addresses by the rule for connection strings.
  if (judgement.verdict === 'no' || judgement.verdict === 'secret' || judgement.kind === 'connection-string')
    return undefined;
  const isDoubtful = judgement.verdict === 'doubtful';
  if (place.role === 'test' || place.role === 'example' || (!isDoubtful && spellsName(name, value)))
    return undefined;
  const isGuessed = judgement.verdict === 'weak-default' || isDoubtful;
  return {
    message: text`The value of ${code(name)} ${judgement.why}: ${shown(judgement)}.`,
    at,
    cwe: judgement.kind === 'password' ? [798, 259] : [798, 321],
    confidence: isGuessed || isDefault ? 'low' : 'medium',
    ...(isGuessed || isDefault ? { kind: 'advisory' as const, severity: 'medium' as const } : {}),
    quiet: isDoubtful,
    fix: withdraw(),
  };
}

/** `def connect(password='nothing-special')`: whatever it looks like, it is the password unless another is given. */
export function defaultPassword(place: Place, name: string, node: NamedLiteral['node']): Report | undefined {
  if (sensitiveKind(name) !== 'password' || node.value.length < 4 || isFiller(node.value)) return undefined;
  if (place.role === 'test' || place.role === 'example') return undefined;
  return {
    message: text`${code(name)} is ${code(mask(node.value))} unless another is given.`,
    at: node,
    cwe: [798, 259],
    kind: 'advisory',
    severity: 'low',
    confidence: 'low',
    quiet: true,
  };
}

/** `ACCESS_TOKEN = 'OS-OAUTH1:access_token'`: a name for it, not it. */
function spellsName(name: string, value: string): boolean {
  const letters = (text: string) => text.toLowerCase().replace(/[^a-z]/g, '');
  return letters(name).length >= 5 && letters(value).includes(letters(name));
}

export function shown(judgement: LiteralJudgement): Code {
  return code(judgement.masked);
}

export function withdraw(): Fix {
  return {
    text: text`Read it from the environment (${code("os.environ['…']")}) or a secret store, and withdraw this one: it stays readable in the history.`,
  };
}
