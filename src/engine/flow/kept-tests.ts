/**
 * Expressions that a variable stands for: a test whose outcome it keeps (`is_known = name in KNOWN`, and further down
 * `if is_known:`), and whatever else it is given only once.
 */
import type { Call, Expression, Name, Statement } from '../syntax/ast.ts';
import { ownName } from '../syntax/headers.ts';
import { bodiesOf, walkExpressions, walkStatements } from '../syntax/walk.ts';
import type { Frame } from './frame.ts';

interface Binding {
  readonly start: number;
  /** Null where the name is bound by something else than an assignment to it alone. */
  readonly value: Expression | null;
  /** The name gets the first of several things that a call gives: `ok, error = check(x)`. */
  readonly verdictOf?: Call;
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

/** The call whose verdict the variable is: `ok, error = check(x)`. */
export function keptVerdict(frame: Frame, name: string): Call | undefined {
  const bindings = bindingsOf(bodyOf(frame));
  const [only, ...others] = bindings.get(name) ?? [];
  const call = others.length === 0 ? only?.verdictOf : undefined;
  return call && !isStale(call, bindings, only!.start) ? call : undefined;
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
  return isStale(only.value, bindings, only.start) ? undefined : only.value;
}

/** Whether a name in the expression is bound anew behind it. */
function isStale(expression: Expression, bindings: Bindings, from: number): boolean {
  let found = false;
  walkExpressions(expression, (part) => {
    if (part.kind === 'Name' && bindings.get(part.id)?.some(({ start }) => start >= from)) found = true;
  });
  return found;
}

/**
 * Tests that did not hold where the name has this outcome, as their branch would have changed it: nothing was added to
 * `errors = []` by `if name not in KNOWN: errors.append(…)`, nothing made `is_valid = True` false.
 */
export function refusedTests(frame: Frame, name: Name, outcome: boolean): readonly Expression[] {
  const body = bodyOf(frame);
  const bindings = bindingsOf(body);
  const [first, ...others] = bindings.get(name.id) ?? [];
  if (!first?.value || !(outcome ? isTrue(first.value) : isEmpty(first.value) && others.length === 0))
    return NOTHING;
  if (!others.every(({ value }) => isFalse(value))) return NOTHING;
  const refused: Expression[] = [];
  for (const statement of blockWith(body, first.start)) {
    if (statement.kind !== 'If' || statement.start < first.start || statement.end > name.start) continue;
    for (const branch of [statement, ...statement.elifs]) {
      if (!branch.body.some((inner) => changes(inner, name.id))) break;
      if (!isStale(branch.test, bindings, branch.test.start)) refused.push(branch.test);
    }
  }
  return refused;
}

/** Tests that did hold where the name is true: `is_valid = False` became true only where `if name in KNOWN:` said so. */
export function grantedTests(frame: Frame, name: Name, outcome: boolean): readonly Expression[] {
  const body = bodyOf(frame);
  const bindings = bindingsOf(body);
  const [first, ...others] = bindings.get(name.id) ?? [];
  const granted = others.filter(({ value }) => !isFalse(value));
  const [only] = granted;
  if (
    !outcome ||
    !isFalse(first?.value ?? null) ||
    granted.length !== 1 ||
    !only?.value ||
    !isTrue(only.value)
  )
    return NOTHING;
  return testsAround(body, only.start).filter((test) => !isStale(test, bindings, only.start));
}

/** The tests of the branches that a place is in; none where a loop goes round it. */
function testsAround(body: readonly Statement[], start: number): readonly Expression[] {
  const around = body.find((statement) => statement.start <= start && start < statement.end);
  if (!around || around.start === start || around.kind === 'For' || around.kind === 'While') return NOTHING;
  const block = bodiesOf(around).find((inner) => inner.some((one) => one.start <= start && start < one.end));
  const branches = around.kind === 'If' ? [around, ...around.elifs] : [];
  const branch = branches.find((one) => one.body === block);
  const inner = block ? testsAround(block, start) : NOTHING;
  return branch ? [branch.test, ...inner] : inner;
}

/** The list of statements with the one that begins there. */
function blockWith(body: readonly Statement[], start: number): readonly Statement[] {
  const around = body.find((statement) => statement.start <= start && start < statement.end);
  if (!around || around.start === start) return around ? body : NOTHING;
  for (const block of bodiesOf(around)) {
    const found = blockWith(block, start);
    if (found.length > 0) return found;
  }
  return NOTHING;
}

function changes(statement: Statement, name: string): boolean {
  if (statement.kind === 'Assign')
    return statement.targets.some((target) =>
      target.kind === 'Subscript'
        ? isNamed(target.value, name)
        : isNamed(target, name) && isFalse(statement.value),
    );
  if (statement.kind !== 'ExpressionStatement' || statement.value.kind !== 'Call') return false;
  const { func } = statement.value;
  return func.kind === 'Attribute' && ADDS.has(func.attr) && isNamed(func.value, name);
}

const ADDS = new Set(['append', 'add', 'insert', 'setdefault']);

function isNamed(expression: Expression, name: string): boolean {
  return expression.kind === 'Name' && expression.id === name;
}

function isTrue(value: Expression): boolean {
  return value.kind === 'Constant' && value.value === 'True';
}

/** `[]`, `{}`, `list()` */
function isEmpty(value: Expression): boolean {
  if (value.kind === 'List') return value.elements.length === 0;
  if (value.kind === 'Dict') return value.values.length === 0;
  return value.kind === 'Call' && /^(?:list|dict|set)$/.test(ownName(value.func)) && value.args.length === 0;
}

function bodyOf({ fn, module }: Frame): readonly Statement[] {
  if (!fn) return module.node.body;
  return fn.node.kind === 'Lambda' ? NOTHING : fn.node.body;
}

const NOTHING: readonly never[] = [];

function isTest({ kind }: Expression): boolean {
  return kind === 'Call' || kind === 'Compare' || kind === 'BoolOp' || kind === 'UnaryOp' || kind === 'Name';
}

function isFalse(value: Expression | null): boolean {
  return value?.kind === 'Constant' && value.value !== 'True';
}

function awaited(value: Expression): Expression {
  return value.kind === 'Await' ? value.value : value;
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
  const add = (name: string, start: number, value: Expression | null, verdictOf?: Call): void => {
    const binding = verdictOf ? { start, value, verdictOf } : { start, value };
    const before = bindings.get(name);
    if (before) before.push(binding);
    else bindings.set(name, [binding]);
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
            else if (target.kind === 'Tuple' && target.elements[0]?.kind === 'Name') {
              const [first, ...others] = target.elements;
              const call = awaited(statement.value);
              add(
                first!.kind === 'Name' ? first!.id : '',
                target.start,
                null,
                call.kind === 'Call' ? call : undefined,
              );
              others.forEach(addTarget);
            } else addTarget(target);
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
