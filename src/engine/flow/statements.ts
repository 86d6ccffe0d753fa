/** Executing statements: one path at a time, branches joined where they meet again. */
import type { AnnAssign, Expression, For, If, Return, Statement, Try, While, With } from '../syntax/ast.ts';
import { classOf } from './access.ts';
import { typeOfAnnotation } from './annotations.ts';
import { binary } from './arithmetic.ts';
import { assign } from './assignment.ts';
import { caughtPart } from './caught.ts';
import { defineClass, defineFunction } from './definitions.ts';
import { noteRaise, noteReturn } from './exits.ts';
import { evaluate } from './expressions.ts';
import { evaluateQuietly } from './facts.ts';
import type { Frame, Loop } from './frame.ts';
import { refine } from './guards.ts';
import { refineAfterLoop } from './guards-elements.ts';
import { elementOf } from './items.ts';
import { ofType } from './made.ts';
import { executeMatch } from './match.ts';
import { assignName, importModules, importNames } from './modules.ts';
import { ClassInfo } from './program.ts';
import { callSpecial } from './special-methods.ts';
import type { State } from './state.ts';
import { addElements, deleteItem } from './storing.ts';
import { join, makeValue, NONE, truth, UNKNOWN, type Value } from './values.ts';

/** How often a loop's body is run until nothing new comes out of it. */
const MAX_ROUNDS = 3;

/** Executes statements in order. False when the end is never reached. */
export function execute(frame: Frame, body: readonly Statement[]): boolean {
  for (const statement of body) if (!executeOne(frame, statement)) return false;
  return true;
}

function executeOne(frame: Frame, statement: Statement): boolean {
  const { program } = frame;
  program.step();
  const live = executeKind(frame, statement);
  program.probe?.visit(frame, statement);
  return live;
}

function executeKind(frame: Frame, statement: Statement): boolean {
  switch (statement.kind) {
    case 'ExpressionStatement': {
      const { kind } = statement.value;
      frame.isStatement = kind === 'Call' || kind === 'Await' || kind === 'Str';
      frame.neverReturns = false;
      evaluate(frame, statement.value);
      frame.isStatement = false;
      return !frame.neverReturns;
    }
    case 'Assign': {
      const targets = statement.targets.flatMap(targetNames);
      frame.targets = targets;
      const value = evaluate(frame, statement.value);
      frame.targets = [];
      for (const target of statement.targets) {
        assign(frame, target, value);
        frame.program.collector.assignment(frame, statement, target, statement.value, value);
      }
      return true;
    }
    case 'AnnAssign': {
      if (!statement.value) return true;
      frame.targets = targetNames(statement.target);
      const value = promised(frame, statement, evaluate(frame, statement.value));
      frame.targets = [];
      assign(frame, statement.target, value);
      frame.program.collector.assignment(frame, statement, statement.target, statement.value, value);
      return true;
    }
    case 'AugAssign': {
      const before = evaluate(frame, statement.target);
      const added = evaluate(frame, statement.value);
      if (statement.op === '+' && frame.objectOf(before)?.kind === 'list') {
        addElements(frame, before, added);
      } else {
        const value = binary(frame, statement.op, before, added, statement);
        assign(frame, statement.target, value);
        // `+=` adds to what has been looked at; `&=` and `|=` change switches.
        if (statement.op === '&' || statement.op === '|')
          frame.program.collector.assignment(frame, statement, statement.target, statement.value, value);
      }
      return true;
    }
    case 'Return':
      return executeReturn(frame, statement);
    case 'If':
      return executeIf(frame, statement, 0);
    case 'For':
      return executeFor(frame, statement);
    case 'While':
      return executeWhile(frame, statement);
    case 'Try':
      return executeTry(frame, statement);
    case 'With':
      return executeWith(frame, statement);
    case 'Match':
      return executeMatch(frame, statement);
    case 'FunctionDef':
      assignName(frame, statement.name, defineFunction(frame, statement));
      return true;
    case 'ClassDef':
      assignName(frame, statement.name, defineClass(frame, statement));
      return true;
    case 'Import':
      importModules(frame, statement);
      return true;
    case 'ImportFrom':
      importNames(frame, statement);
      return true;
    case 'Raise':
      if (statement.exc) noteRaise(frame, evaluate(frame, statement.exc));
      if (statement.cause) evaluate(frame, statement.cause);
      return false;
    case 'Assert':
      evaluate(frame, statement.test);
      // Assertions are checks in tests; elsewhere `python -O` removes them.
      if (frame.module.role === 'test') refine(frame, statement.test, true);
      return true;
    case 'Delete':
      for (const target of statement.targets) {
        if (target.kind === 'Name') assignName(frame, target.id, UNKNOWN);
        else evaluate(frame, target);
        if (target.kind === 'Subscript')
          deleteItem(frame, evaluateQuietly(frame, target.value), evaluateQuietly(frame, target.index));
      }
      return true;
    case 'Break':
      leave(frame, (loop) => loop.breaks);
      return false;
    case 'Continue':
      leave(frame, (loop) => loop.continues);
      return false;
    case 'TypeAlias':
      assignName(frame, statement.name, evaluate(frame, statement.value));
      return true;
    case 'Global':
    case 'Nonlocal':
    case 'Pass':
      return true;
  }
}

/** What `self.items: list[Model] = []` promises of the attribute, and `item: Model = find()` of what is not known otherwise. */
function promised(frame: Frame, { target, annotation }: AnnAssign, value: Value): Value {
  const cls = frame.fn?.owner;
  const self =
    cls && target.kind === 'Attribute' && target.value.kind === 'Name' && frame.state.get(target.value.id);
  if (self && target.kind === 'Attribute' && classOf(frame, self) === cls && !cls.fields.has(target.attr)) {
    const type = typeOfAnnotation(frame, annotation);
    if (type) cls.fields.set(target.attr, type);
  }
  if (value.shape.kind !== 'unknown' || value.taint.length > 0) return value;
  return ofType(frame, typeOfAnnotation(frame, annotation), value.taint, target);
}

/** The names by which a value will be known: variables, attributes and keys. */
function targetNames(target: Expression): string[] {
  switch (target.kind) {
    case 'Name':
      return [target.id];
    case 'Attribute':
      return [target.attr];
    case 'Subscript':
      return target.index.kind === 'Str' ? [target.index.value] : targetNames(target.value);
    case 'Tuple':
    case 'List':
      return target.elements.flatMap(targetNames);
    case 'Starred':
      return targetNames(target.value);
    default:
      return [];
  }
}

function leave(frame: Frame, list: (loop: Loop) => State[]): void {
  const loop = frame.loops[frame.loops.length - 1];
  if (loop) list(loop).push(frame.state.detached(loop.base));
}

function executeReturn(frame: Frame, statement: Return): boolean {
  if (frame.fn && !frame.targets.length) frame.targets = [frame.fn.name];
  const value = statement.value ? evaluate(frame, statement.value) : NONE;
  frame.targets = [];
  noteReturn(frame, statement.value, value);
  return false;
}

function executeIf(frame: Frame, statement: If, from: number): boolean {
  // The `elif` branches are tried one after the other, each in the state in which all before were false.
  const base = frame.state;
  const branches: State[] = [];
  const tests = [{ test: statement.test, body: statement.body }, ...statement.elifs];
  let rest: State | null = base.fork();
  for (const { test, body } of tests.slice(from)) {
    if (!rest) break;
    frame.state = rest;
    const value = evaluate(frame, test);
    const known = isDefault(frame, test) ? undefined : truth(value);
    if (known === undefined) frame.matters(value);
    if (known !== false) {
      frame.state = rest.fork();
      refine(frame, test, true);
      if (execute(frame, body)) branches.push(frame.state);
    }
    if (known === true) {
      rest = null;
      break;
    }
    frame.state = rest.fork();
    refine(frame, test, false);
    // Long chains of `elif` must not become long chains of states.
    if (!frame.state.isUnchanged) rest = frame.state;
  }
  if (rest) {
    frame.state = rest;
    if (execute(frame, statement.orelse)) branches.push(frame.state);
  }
  frame.state = base;
  return base.absorb(branches);
}

/** `if self.debug:`, where the class sets `debug`: derived classes and Django's `as_view(debug=True)` set it anew. */
function isDefault(frame: Frame, test: Expression): boolean {
  if (test.kind === 'UnaryOp' && test.op === 'not') return isDefault(frame, test.operand);
  if (test.kind !== 'Attribute' || test.value.kind !== 'Name') return false;
  const shape = frame.state.get(test.value.id)?.shape;
  return (
    shape?.kind === 'parameter' &&
    shape.type instanceof ClassInfo &&
    shape.type.member(test.attr) !== undefined
  );
}

function executeFor(frame: Frame, statement: For): boolean {
  const iterable = evaluate(frame, statement.iter);
  const element = elementOf(frame, iterable);
  const enter = (): void => assign(frame, statement.target, element);
  const live = runLoop(frame, statement, enter, null);
  if (live) refineAfterLoop(frame, statement);
  return live;
}

function executeWhile(frame: Frame, statement: While): boolean {
  return runLoop(frame, statement, null, statement.test);
}

function runLoop(
  frame: Frame,
  statement: For | While,
  enter: (() => void) | null,
  test: Expression | null,
): boolean {
  const base = frame.state;
  const loop: Loop = { base, breaks: [], continues: [] };
  let forever = false;
  let neverEntered = false;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    frame.loops.push(loop);
    loop.continues.length = 0;
    frame.state = base.fork();
    if (test) {
      const known = truth(evaluate(frame, test));
      forever = known === true;
      neverEntered = known === false;
      if (neverEntered) {
        frame.loops.pop();
        break;
      }
      refine(frame, test, true);
    }
    enter?.();
    const live = execute(frame, statement.body);
    frame.loops.pop();
    const ends = [live ? frame.state : null, ...loop.continues];
    // What one round leaves is where the next may begin.
    const next = base.fork();
    if (!next.absorb(ends.filter((state) => state !== null))) break;
    if (!base.absorbRound(next)) break;
  }
  frame.state = base.fork();
  let exits: State | null = forever && !neverEntered ? null : frame.state;
  if (exits) {
    if (test) refine(frame, test, false);
    exits = execute(frame, statement.orelse) ? frame.state : null;
  }
  frame.state = base;
  return base.absorb([exits, ...loop.breaks]);
}

/** States along the body of a `try` that are kept for its handlers; of a longer body the first ones and the last. */
const MAX_ALONG = 8;

function executeTry(frame: Frame, statement: Try): boolean {
  const base = frame.state;
  // An exception can come from anywhere in the body: handlers begin with the join of all states along it.
  const along: State[] = [base.fork()];
  const catches = statement.handlers.length > 0 || statement.finalbody.length > 0;
  const handled = frame.guardedBy;
  frame.guardedBy = [
    ...handled,
    ...statement.handlers.map((handler) => (handler.type ? frame.source(handler.type) : '')),
  ];
  let state = base.fork();
  let live = true;
  const raisedBefore = frame.raised;
  frame.raised = null;
  for (const inner of statement.body) {
    frame.state = state;
    live = executeOne(frame, inner);
    const isLast = inner === statement.body[statement.body.length - 1];
    if (catches && (isLast || !live || along.length <= MAX_ALONG)) along.push(frame.state.detached(base));
    if (!live) break;
    state = frame.state;
  }
  frame.guardedBy = handled;
  const { raised } = frame;
  const passing = statement.handlers.length === 0 ? raised : null;
  frame.raised = raisedBefore && passing ? join(raisedBefore, passing) : (raisedBefore ?? passing);
  const ends: State[] = [];
  if (live) {
    frame.state = state;
    if (execute(frame, statement.orelse)) ends.push(frame.state);
  }
  for (const handler of statement.handlers) {
    frame.state = base.fork();
    frame.state.absorb(along.map((one) => one.onTopOf(frame.state)));
    const type = handler.type && evaluate(frame, handler.type);
    const thrown = raised && type && caughtPart(frame, raised, type, handler, statement.isGroup);
    if (handler.name) {
      const caught = frame.program.collector.caught(frame, handler);
      assignName(frame, handler.name, thrown ? join(caught, thrown) : caught);
    }
    if (execute(frame, handler.body)) ends.push(frame.state);
  }
  frame.state = base;
  if (statement.finalbody.length === 0) return base.absorb(ends);
  if (ends.length === 0) {
    // `finally` runs all the same, after a return or an exception.
    frame.state = base.fork();
    frame.state.absorb(along.map((one) => one.onTopOf(frame.state)));
    execute(frame, statement.finalbody);
    frame.state = base;
    return false;
  }
  base.absorb(ends);
  return execute(frame, statement.finalbody);
}

function executeWith(frame: Frame, statement: With): boolean {
  const managers: Value[] = [];
  for (const item of statement.items) {
    frame.targets = item.target ? targetNames(item.target) : [];
    const manager = evaluate(frame, item.context);
    frame.targets = [];
    const value = entered(frame, manager, item.context);
    if (item.target) assign(frame, item.target, value);
    if (manager.shape.kind === 'object') managers.push(manager);
  }
  const live = execute(frame, statement.body);
  for (const manager of managers.reverse())
    for (const method of ['__exit__', '__aexit__'])
      callSpecial(frame, manager, method, [UNKNOWN, UNKNOWN, UNKNOWN], statement);
  return live;
}

/** What `with manager as x` binds to x. */
export function entered(frame: Frame, manager: Value, node: Expression): Value {
  const object = frame.objectOf(manager);
  // A generator that `contextlib` makes a context manager: what it yields.
  if (object?.kind === 'list') return elementOf(frame, manager);
  if (object?.kind === 'instance' && object.cls) {
    return (
      callSpecial(frame, manager, '__enter__', [], node) ??
      callSpecial(frame, manager, '__aenter__', [], node) ??
      manager
    );
  }
  if (manager.shape.kind === 'instance') {
    const enter = manager.shape.node.member('__enter__');
    if (enter.returns)
      return makeValue(
        { kind: 'instance', node: enter.returns, madeBy: manager.shape.madeBy },
        manager.taint,
      );
  }
  return manager;
}
