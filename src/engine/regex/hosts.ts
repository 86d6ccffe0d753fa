import { type Automaton, automatonOf, shortestText } from './automaton.ts';
import { runMatch } from './match.ts';
import type { Character, MatchMode, Regex, RegexNode } from './syntax.ts';
import { partsOf } from './syntax.ts';

export interface HostWeakness {
  readonly kind: /** `.` stands for any character: `www.example.com` also matches `wwwXexample.com`. */
    | 'unescaped-dot'
    /** The host may stand anywhere in the text. */
    | 'missing-start'
    /** The host may be the beginning of another host. */
    | 'missing-end'
    /** `^a|b$`: an anchor belongs to one of the alternatives only. */
    | 'anchor-of-one-branch';
  readonly host: string;
  /** Offsets of the host or the dot in the pattern. */
  readonly start: number;
  readonly end: number;
  /** A text that passes and should not: the matcher was asked. */
  readonly passes: string;
}

/** Host names are recognised by these endings, which are no usual endings of files or attributes. */
const TOP_LEVEL =
  /^(?:[a-z0-9-]+\.)*[a-z0-9-]{2,}\.(?:com|org|net|edu|gov|mil|io|dev|co\.uk|com\.[a-z]{2})$/i;
const WWW = /^www\.[a-z0-9-]+\.[a-z]{2,}$/i;
const STEPS = 20_000;

/** A call is looked at each time its function is run. */
const known = new WeakMap<Regex, Map<MatchMode, readonly HostWeakness[]>>();

/** The checks of host names in a pattern that let other hosts pass, each shown by a text that passes. */
export function hostWeaknesses(regex: Regex, mode: MatchMode): readonly HostWeakness[] {
  const byMode = known.get(regex) ?? new Map<MatchMode, readonly HostWeakness[]>();
  known.set(regex, byMode);
  let weaknesses = byMode.get(mode);
  if (!weaknesses) {
    weaknesses = findWeaknesses(regex, mode);
    byMode.set(mode, weaknesses);
  }
  return weaknesses;
}

function findWeaknesses(regex: Regex, mode: MatchMode): readonly HostWeakness[] {
  const hosts = [...hostsIn(regex.root)];
  const automaton = hosts.length ? automatonOf(regex, false) : undefined;
  if (!automaton) return [];
  return hosts.flatMap((host) => weaknessesOf(regex, mode, automaton, host));
}

interface Host {
  readonly characters: readonly Character[];
  readonly name: string;
}

/** Runs of literal characters and dots that read as a host name. */
function* hostsIn(node: RegexNode): Generator<Host> {
  if (node.kind === 'sequence') {
    let run: Character[] = [];
    for (const item of [...node.items, undefined]) {
      if (item?.kind === 'character' && /^[a-z0-9.-]$/i.test(written(item))) {
        run.push(item);
        continue;
      }
      const name = run.map(written).join('');
      // `(www|beta).example.com`: the end of a host, whatever stands before its dot.
      if (TOP_LEVEL.test(name.replace(/^\./, '')) || WWW.test(name)) yield { characters: run, name };
      run = [];
    }
  }
  for (const part of partsOf(node)) yield* hostsIn(part);
}

function written(character: Character): string {
  if (character.form === 'dot') return '.';
  return character.codePoint === undefined ? '' : String.fromCodePoint(character.codePoint);
}

function weaknessesOf(regex: Regex, mode: MatchMode, automaton: Automaton, host: Host): HostWeakness[] {
  const first = host.characters[0]!;
  const last = host.characters.at(-1)!;
  const begin = automaton.positions.findIndex((position) => position.node === first);
  const finish = automaton.positions.findIndex((position) => position.node === last);
  const before = shortestText(automaton, 0, (position) => position === begin);
  const after = shortestText(automaton, finish, (position) => automaton.positions[position]!.final);
  if (before === undefined || after === undefined) return [];
  const lead = before.slice(0, -1);
  const passes = (text: string) => runMatch(regex, text, mode, STEPS).outcome === 'matched';
  if (!passes(lead + host.name + after)) return [];

  const found: HostWeakness[] = [];
  const dots = host.characters.map((character, i) => ({ character, i }));
  for (const { character, i } of dots) {
    if (character.form !== 'dot') continue;
    const other = `${host.name.slice(0, i)}x${host.name.slice(i + 1)}`;
    if (!passes(lead + other + after)) continue;
    const { start, end } = character;
    found.push({ kind: 'unescaped-dot', host: host.name, start, end, passes: lead + other + after });
  }
  const place = { host: host.name, start: first.start, end: last.end };
  const oneBranch = anchoredBranches(regex.root);
  // `//(.*\.)?trusted\.com` lets a path of another host pass for a subdomain.
  const scheme = /^[a-z]+:\/\//.exec(lead)?.[0] ?? 'https://';
  const prefixed = [
    `https://evil.test/?${lead}${host.name}${after}`,
    `${scheme}evil.test/x.${host.name}${after}`,
  ].find(passes);
  if (prefixed !== undefined && !host.name.startsWith('.'))
    found.push({
      kind: oneBranch.start ? 'anchor-of-one-branch' : 'missing-start',
      ...place,
      passes: prefixed,
    });
  const longer = [`${lead}${host.name}.evil.test${after}`, `${lead}${host.name}.evil.test`].find(passes);
  if (longer !== undefined)
    found.push({ kind: oneBranch.end ? 'anchor-of-one-branch' : 'missing-end', ...place, passes: longer });
  return found;
}

/** Whether some of the outermost branches, but not all, begin or end with an anchor. */
function anchoredBranches(root: RegexNode): { start: boolean; end: boolean } {
  if (root.kind !== 'alternation') return { start: false, end: false };
  const edges = root.branches.map((branch) => {
    const items = branch.kind === 'sequence' ? branch.items : [branch];
    return { start: items[0]?.kind === 'anchor', end: items.at(-1)?.kind === 'anchor' };
  });
  const some = (side: 'start' | 'end') =>
    edges.some((edge) => edge[side]) && !edges.every((edge) => edge[side]);
  return { start: some('start'), end: some('end') };
}
