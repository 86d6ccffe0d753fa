/**
 * Expressions that a variable stands for: a test whose outcome it keeps (`is_known = name in KNOWN`, and further down
 * `if is_known:`), and whatever else it is given only once.
 */
import type { Expression, Statement } from '../syntax/ast.ts';
import { walkExpressions, walkStatements } from '../syntax/walk.ts';
import type { Frame } from './frame.ts';

interface Binding {
  readonly start: number;
  /** Null where the name is bound by something else than an assignment to it alone. */
  readonly value: Expression | null;
}

type Bindings = ReadonlyMap<string, readonly Binding[]>;

/** By the body of the function or module. */
const known = new WeakMap<readonly Statement[], Bindings>();

/**
 * The test that the variable has the outcome of, where that is certain: it is the only one that the variable is given,
 * and what it speaks of is not bound anew afterwards. `name = False` besides says nothing of a variable that is true.
 */
export function keptTest(frame: Frame, name: string, outcome: boolean): Expression | undefined {
  const test = keptValue(frame, name, ({ value }) => outcome && isFalse(value));
  return test && isTest(test) ? test : undefined;
}

/** The only expression that the variable is given, where it still means the same. */
export function keptValue(
  frame: Frame,
  name: string,
  isIgnored: (binding: Binding) => boolean = () => false,
): Expression | undefined {
  const bindings = bindingsOf(bodyOf(frame));
  const given = bindings.get(name)?.filter((binding) => !isIgnored(binding));
  const [only] = given ?? [];
  if (given?.length !== 1 || !only?.value) return undefined;
  let isStale = false;
  walkExpressions(only.value, (part) => {
    if (part.kind === 'Name' && bindings.get(part.id)?.some(({ start }) => start >= only.start))
      isStale = true;
  });
  return isStale ? undefined : only.value;
}

function bodyOf({ fn, module }: Frame): readonly Statement[] {
  if (!fn) return module.node.body;
  return fn.node.kind === 'Lambda' ? NOTHING : fn.node.body;
}

const NOTHING: readonly Statement[] = [];

function isTest({ kind }: Expression): boolean {
  return kind === 'Call' || kind === 'Compare' || kind === 'BoolOp' || kind === 'UnaryOp' || kind === 'Name';
}

function isFalse(value: Expression | null): boolean {
  return value?.kind === 'Constant' && value.value !== 'True';
}

function bindingsOf(body: readonly Statement[]): Bindings {
  let bindings = known.get(body);
  if (!bindings) {
    bindings = collected(body);
    known.set(body, bindings);
  }
  return bindings;
}

function collected(body: readonly Statement[]): Bindings {
  const bindings = new Map<string, Binding[]>();
  const add = (name: string, start: number, value: Expression | null): void => {
    const before = bindings.get(name);
    if (before) before.push({ start, value });
    else bindings.set(name, [{ start, value }]);
  };
  const addTarget = (target: Expression): void => {
    if (target.kind === 'Name') add(target.id, target.start, null);
    else if (target.kind === 'Tuple' || target.kind === 'List') target.elements.forEach(addTarget);
    else if (target.kind === 'Starred') addTarget(target.value);
  };
  walkStatements(
    body,
    (statement) => {
      switch (statement.kind) {
        case 'Assign':
          for (const target of statement.targets) {
            if (target.kind === 'Name') add(target.id, target.start, statement.value);
            else addTarget(target);
          }
          break;
        case 'AnnAssign':
          if (statement.target.kind === 'Name' && statement.value)
            add(statement.target.id, statement.start, statement.value);
          break;
        case 'AugAssign':
        case 'For':
          addTarget(statement.target);
          break;
        case 'With':
          for (const { target } of statement.items) if (target) addTarget(target);
          break;
        case 'Try':
          for (const handler of statement.handlers) if (handler.name) add(handler.name, handler.start, null);
          break;
        case 'FunctionDef':
        case 'ClassDef':
          add(statement.name, statement.start, null);
          break;
      }
    },
    false,
  );
  return bindings;
}
