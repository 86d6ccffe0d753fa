/** Functions of a module that check what they are given, known by what they do whatever they are called. */
import type { ModuleView } from '../rules/views.ts';
import type { Call, FunctionDef } from '../syntax/ast.ts';
import { ownName } from '../syntax/headers.ts';
import { walkStatements } from '../syntax/walk.ts';
import { checkIn, type ValueCheckKind } from './value-checks.ts';

/** Checks that say by what they ask what they protect. */
const SPEAKING: ReadonlySet<string> = new Set<ValueCheckKind>(['path-check', 'address-check']);

export class OwnChecks {
  private readonly module: ModuleView;
  private known: ReadonlyMap<string, ValueCheckKind> | undefined;

  constructor(module: ModuleView) {
    this.module = module;
  }

  /** What a call of a function or method of the module checks: `_resolve(folder, name)`, which refuses `..`. */
  kindOf(call: Call): ValueCheckKind | undefined {
    const name = ownName(call.func);
    const isOwn = call.func.kind === 'Name' || /^(?:self|cls)\.\w+$/.test(this.sourceOf(call.func));
    if (name === '' || !isOwn) return undefined;
    this.known ??= this.checkers();
    return this.known.get(name);
  }

  private checkers(): Map<string, ValueCheckKind> {
    const found = new Map<string, ValueCheckKind>();
    for (const { node } of this.functions()) {
      const kind = this.checkOf(node);
      if (kind) found.set(node.name, kind);
    }
    return found;
  }

  private functions() {
    return [...this.module.functions, ...this.module.classes.flatMap((cls) => cls.methods)];
  }

  private checkOf(fn: FunctionDef): ValueCheckKind | undefined {
    let kind: ValueCheckKind | undefined;
    walkStatements(
      fn.body,
      (statement) => {
        if (kind || statement.kind !== 'If' || statement.body.at(-1)?.kind !== 'Raise') return;
        const asked = checkIn(statement.test, this.module.text);
        if (asked && SPEAKING.has(asked)) kind = asked;
      },
      false,
    );
    return kind;
  }

  private sourceOf(node: { readonly start: number; readonly end: number }): string {
    return this.module.text.slice(node.start, node.end);
  }
}
