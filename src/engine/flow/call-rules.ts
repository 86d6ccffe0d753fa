/** The rules about calls of anything, whatever library it belongs to: which of them a call concerns. */
import type { CallRule, Rule } from '../rules/rule.ts';
import type { Call } from '../syntax/ast.ts';
import { ownName } from '../syntax/headers.ts';
import { NameIndex } from './name-index.ts';

export interface AskedRule {
  readonly rule: Rule;
  readonly call: CallRule;
}

export class CallRules {
  private readonly byName: NameIndex<AskedRule>;
  private readonly byKeyword: NameIndex<AskedRule>;
  private readonly byLibrary: NameIndex<AskedRule>;

  constructor(rules: readonly Rule[]) {
    const asked = rules.flatMap((rule) =>
      (rule.calls ?? []).filter(({ paths }) => paths.length === 0).map((call) => ({ rule, call })),
    );
    const isForAll = ({ names, keywords, libraries }: CallRule) => !names && !keywords && !libraries;
    this.byName = new NameIndex(
      asked
        .filter(({ call }) => call.names !== undefined || isForAll(call))
        .map((entry) => ({ names: entry.call.names, entry })),
    );
    const by = (names: 'keywords' | 'libraries') =>
      new NameIndex(
        asked
          .filter(({ call }) => call[names] !== undefined)
          .map((entry) => ({ names: entry.call[names], entry })),
      );
    this.byKeyword = by('keywords');
    this.byLibrary = by('libraries');
  }

  /** Those that a call of the path (empty where it is not known) concerns. */
  concernedWith(call: Call, path: string): readonly AskedRule[] {
    let rules = this.byName.concernedWith(ownName(call.func));
    for (const keyword of call.keywords) {
      rules = both(rules, this.byKeyword.concernedWith(keyword.name ?? '**'));
    }
    if (path === '') return rules;
    const dot = path.indexOf('.');
    return both(rules, this.byLibrary.concernedWith(dot < 0 ? path : path.slice(0, dot)));
  }
}

function both(some: readonly AskedRule[], others: readonly AskedRule[]): readonly AskedRule[] {
  if (others.length === 0) return some;
  if (some.length === 0) return others;
  const added = others.filter((other) => !some.includes(other));
  return added.length === 0 ? some : [...some, ...added];
}
