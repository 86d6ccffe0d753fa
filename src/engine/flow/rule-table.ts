/** Which rules ask about what. */
import type { FileRole } from '../project.ts';
import { effectOfRole } from '../rules/role-effects.ts';
import type { AssignmentRule, FlowRule, Rule } from '../rules/rule.ts';
import { CallRules } from './call-rules.ts';
import type { SinkKind } from './kinds.ts';
import { NameIndex } from './name-index.ts';

export interface AskedFlow {
  readonly rule: Rule;
  readonly flow: FlowRule;
}

export interface AskedAssignment {
  readonly rule: Rule;
  readonly check: AssignmentRule['check'];
}

/**
 * The rules that are heard in files of a role, by what they ask about. What a name concerns is learnt once and holds for
 * all analyses with the rules.
 */
export class RuleTable {
  readonly calls: CallRules;
  readonly assignments: NameIndex<AskedAssignment>;
  readonly compares: readonly Rule[];
  readonly strings: readonly Rule[];
  private readonly bySink = new Map<SinkKind, AskedFlow[]>();
  /** Those that look at whole functions, classes and files. */
  readonly places: readonly Rule[];
  /** Whether any asks about what happens when code is run. */
  readonly asksWhenRun: boolean;
  private static readonly tables = new WeakMap<readonly Rule[], Map<FileRole, RuleTable>>();

  static of(rules: readonly Rule[], role: FileRole): RuleTable {
    const tables = RuleTable.tables.get(rules) ?? new Map<FileRole, RuleTable>();
    RuleTable.tables.set(rules, tables);
    let table = tables.get(role);
    if (!table) {
      table = new RuleTable(rules.filter((rule) => effectOfRole(rule, role) !== 'silent'));
      tables.set(role, table);
    }
    return table;
  }

  private constructor(rules: readonly Rule[]) {
    this.calls = new CallRules(rules);
    this.assignments = new NameIndex(
      rules.flatMap((rule) => {
        const assignment = rule.on?.assignment;
        return assignment ? [{ names: assignment.names, entry: { rule, check: assignment.check } }] : [];
      }),
    );
    this.compares = rules.filter((rule) => rule.on?.compare);
    this.strings = rules.filter((rule) => rule.on?.string);
    this.asksWhenRun = rules.some(
      ({ flow, calls, on }) => flow || calls || on?.assignment || on?.compare || on?.string,
    );
    this.places = rules.filter(({ on }) => on?.function || on?.class || on?.module);
    for (const rule of rules) {
      for (const kind of rule.flow?.sinks ?? []) {
        const known = this.bySink.get(kind);
        const entry = { rule, flow: rule.flow! };
        if (known) known.push(entry);
        else this.bySink.set(kind, [entry]);
      }
    }
  }

  /** The rules about what reaches a kind of sink. */
  flowsTo(kind: SinkKind): readonly AskedFlow[] {
    return this.bySink.get(kind) ?? [];
  }
}
