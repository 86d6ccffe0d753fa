/** What stands in the code when nothing but a control is taken away from it, as `normalised` code. */
import type { ModuleView } from '../rules/views.ts';
import type { Call, Expression, If, Node, Statement } from '../syntax/ast.ts';
import { lastName } from '../syntax/headers.ts';
import { normalised } from '../syntax/unparse.ts';
import { bodiesOf, walk } from '../syntax/walk.ts';
import type { ControlKindName } from './kinds.ts';
import { usesAfter } from './value-checks.ts';

export class Remains {
  private readonly module: ModuleView;
  /** The statements of the function around the control. */
  private readonly inFunction: readonly Statement[];
  /** What each variable is given; null where that is more than one value. */
  private given: Map<string, Expression | null> | undefined;

  constructor(module: ModuleView, inFunction: readonly Statement[]) {
    this.module = module;
    this.inFunction = inFunction;
  }

  /** The calls that a call stands in. */
  callsAround(call: Call, unit: Node): string[] {
    const around: string[] = [];
    walk(unit, (node) => {
      if (node !== call && node.kind === 'Call' && node.start <= call.start && call.end <= node.end) {
        const { func } = node as Call;
        if (lastName(func) !== '' && func.end <= call.start)
          around.push(normalised(`${this.sourceOf(func)}(`));
      }
      return undefined;
    });
    return around;
  }

  /** The one value that a variable is given in this function. */
  givenTo(name: string): Expression | undefined {
    if (!this.given) {
      this.given = new Map();
      for (const statement of this.inFunction) {
        if (statement.kind !== 'Assign') continue;
        for (const target of statement.targets)
          if (target.kind === 'Name')
            this.given.set(target.id, this.given.has(target.id) ? null : statement.value);
      }
    }
    return this.given.get(name) ?? undefined;
  }

  /** Whether the function answers a question with yes or no and does nothing else. */
  answersYesOrNo(): boolean {
    const answers = this.inFunction.filter((statement) => statement.kind === 'Return');
    return answers.length > 1 && answers.every(({ value }) => value !== null && isYesOrNo(value));
  }

  /** What the checked values are used for behind a check. */
  usesAfter(kind: ControlKindName, check: If | Call, tested: Node): string[] {
    return usesAfter(kind, check, tested, this.inFunction, this.module);
  }

  /** What the code around a call is with something else in its place. */
  inPlaceOf(call: Call, unit: Node): (code: string) => string[] {
    const before = this.module.text.slice(unit.start, call.start);
    const after = this.module.text.slice(call.end, unit.end);
    return (code) => [normalised(`${before}${code}${after}`), normalised(`${before}(${code})${after}`)];
  }

  /** What stands there without the protecting call. */
  without(
    kind: ControlKindName,
    call: Call,
    unit: Node,
    value: string,
    second: Expression | undefined,
  ): string[] {
    const inPlace = this.inPlaceOf(call, unit);
    switch (kind) {
      case 'constant-time': {
        const other = second ? this.sourceOf(second) : undefined;
        return other === undefined
          ? inPlace(value)
          : ['==', '!='].flatMap((operator) => [
              normalised(`${value} ${operator} ${other}`),
              normalised(`${other} ${operator} ${value}`),
            ]);
      }
      case 'url-check':
        return [value, ...this.valuesGiven(value)].map((code) => normalised(code));
      case 'plain-data':
        return ['load', 'full_load', 'unsafe_load'].map((name) =>
          normalised(`${this.sourceOf(call.func).replace(/\w+$/, name)}(`),
        );
      case 'file-name':
        return [...inPlace(value), ...this.joined(call).flatMap(inPlace), ...this.usesOf(kind, call, value)];
      case 'signature':
        return [...inPlace(value), ...this.usesAfter(kind, call, call)];
      default:
        return [...inPlace(value), ...this.withoutAny(call, unit), ...this.usesOf(kind, call, value)];
    }
  }

  /** `safe_join(folder, name)` as a plain join. */
  joined({ args }: Call): string[] {
    if (args.length < 2 || args.some(({ kind }) => kind === 'Starred')) return [];
    const parts = args.map((part) => this.sourceOf(part));
    return [`os.path.join(${parts.join(', ')})`, parts.join(' / ')];
  }

  /** What stands there without this call and the others like it: `escape(a) + escape(b)` becomes `a + b`. */
  private withoutAny(call: Call, unit: Node): string[] {
    const name = this.sourceOf(call.func);
    const alike: Call[] = [];
    walk(unit, (node) => {
      if (node.kind !== 'Call' || this.sourceOf((node as Call).func) !== name) return undefined;
      if ((node as Call).args.length > 0) alike.push(node as Call);
      return false;
    });
    if (alike.length < 2) return [];
    let left = '';
    let from = unit.start;
    for (const { start, end, args } of alike.sort((a, b) => a.start - b.start)) {
      left += this.module.text.slice(from, start) + this.sourceOf(args[0]!);
      from = end;
    }
    return [normalised(left + this.module.text.slice(from, unit.end))];
  }

  /** What the variable is given in this function: the head version may give it another name. */
  private valuesGiven(name: string): string[] {
    return this.inFunction.flatMap((statement) =>
      statement.kind === 'Assign' && statement.targets.some((target) => this.sourceOf(target) === name)
        ? [this.sourceOf(statement.value)]
        : [],
    );
  }

  /** `safe = escape(text)`: the lines that use `safe`, with `text` in its place. `text = escape(text)`: all uses. */
  usesOf(kind: ControlKindName, call: Call, value: string): string[] {
    const given = this.inFunction.find(
      (statement) =>
        statement.kind === 'Assign' && statement.targets.length === 1 && isMadeBy(statement.value, call),
    );
    const target = given?.kind === 'Assign' ? given.targets[0] : undefined;
    if (target && this.sourceOf(target) === value) return this.usesAfter(kind, call, target);
    if (target?.kind !== 'Name') return [];
    const uses = new RegExp(`(?<![\\w.])${target.id}(?!\\w|\\s*=[^=])`, 'g');
    return this.inFunction
      .filter((statement) => statement !== given && bodiesOf(statement).length === 0)
      .map((statement) => this.sourceOf(statement))
      .filter((source) => source.search(uses) >= 0)
      .map((source) => normalised(source.replace(uses, () => value)));
  }

  private sourceOf(node: Node): string {
    return this.module.text.slice(node.start, node.end);
  }
}

function isYesOrNo(value: Expression): boolean {
  switch (value.kind) {
    case 'Constant':
      return value.value === 'True' || value.value === 'False';
    case 'UnaryOp':
      return value.op === 'not';
    case 'Call':
      return /^(?:any|all|bool|is_\w+|has_\w+|fullmatch|match)$/.test(lastName(value.func));
    default:
      return value.kind === 'Compare' || value.kind === 'BoolOp';
  }
}

/** `escape(text)`, also with more done to it: `escape(text).replace('.', '%2E')`. */
function isMadeBy(value: Expression, call: Call): boolean {
  if (value === call) return true;
  return value.kind === 'Call' && value.func.kind === 'Attribute' && isMadeBy(value.func.value, call);
}
