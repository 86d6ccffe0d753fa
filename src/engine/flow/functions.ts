/** Functions: running one with parameters as symbols gives a summary; a call applies the summary. */
import type { ApiNode } from '../libraries/api.ts';
import type { Node, Parameter } from '../syntax/ast.ts';
import { classOf } from './access.ts';
import { HOST, refusesAddress, returnsCheckedAddress } from './addresses.ts';
import { isHarmless, isSelf, type Type } from './annotations.ts';
import { findsAnother, noteDispatch } from './dispatch.ts';
import { NO_ENTRIES, withEntry } from './empty.ts';
import { noteRaise } from './exits.ts';
import { clean } from './facts.ts';
import type { CallSite, Frame } from './frame.ts';
import { type Application, applyEffect, applySink, instantiate } from './instantiation.ts';
import { KindSet } from './kinds.ts';
import { ofType } from './made.ts';
import { keywordOf, positionOf } from './parameter-parts.ts';
import { ClassInfo, type FunctionInfo, type Summary } from './program.ts';
import type { HeapObject } from './state.ts';
import { type FunctionShape, type KnownArguments, summarise } from './summaries.ts';
import {
  type Arguments,
  cleaned,
  join,
  makeValue,
  NO_TAINT,
  optionsOf,
  stepped,
  tainted,
  UNKNOWN,
  type Value,
} from './values.ts';
import { watchedCall } from './wrappers.ts';

/** Ways to call a function with known values that are looked at one by one. */
const MAX_CONTEXTS = 6;
/** The same where a test calls a helper of tests. */
const MAX_TEST_CONTEXTS = 2;

/** Calls whose outcome is worked out, one for the sake of the other: a property may read itself of its parent. */
const MOST_APPLIED = 3;

export function callFunction(frame: Frame, shape: FunctionShape, args: Arguments, node: Node): Value {
  const { program } = frame;
  if (program.applied >= MOST_APPLIED) return UNKNOWN;
  program.applied++;
  try {
    return applied(frame, shape, args, node);
  } finally {
    program.applied--;
  }
}

function applied(frame: Frame, shape: FunctionShape, args: Arguments, node: Node): Value {
  const { fn } = shape;
  const bound = bindArguments(frame, shape, args, node);
  if (args.sent) bound.push(args.sent);
  if (fn.isWatched) frame.watched = [...frame.watched, watchedCall(fn, shape.self, args, bound)];
  let summary = summarise(frame.program, shape, null);
  const isFactory = returnsClosure(summary, fn);
  const known = isFactory ? closedOver(frame, fn, bound) : knownArguments(frame, fn, summary, bound);
  if (known) {
    const caller = isFactory ? `${frame.activation.id}:${node.start}` : '';
    const via: CallSite = { module: frame.module, node, outer: frame.via };
    summary = summarise(frame.program, shape, known, caller, via);
  }
  const call: Application = {
    frame,
    fn,
    summary,
    bound,
    node,
    objects: NO_ENTRIES,
    parts: NO_ENTRIES,
    stores: new Set(),
    depth: 0,
  };
  for (const dispatch of summary.dispatches.values())
    noteDispatch(frame, bound[dispatch.index] ?? UNKNOWN, dispatch.name, dispatch.behind);
  for (const passed of summary.watched)
    frame.watched = [...frame.watched, passed.map((value) => value && instantiate(call, value))];
  for (const sink of summary.sinks) applySink(call, sink);
  for (const effect of summary.effects) applyEffect(call, effect);
  for (const [index, kinds] of summary.whenReturned) {
    const argument =
      args.positionalNodes[index - (shape.self ? 1 : 0)] ??
      args.keywordNodes.get(fn.params[index]?.name ?? '');
    // Only what has a name of its own is the same thing afterwards.
    if (argument?.kind === 'Name' && kinds !== KindSet.none) clean(frame, argument, kinds);
  }
  const [checked] = args.positionalNodes;
  if (
    checked &&
    (checked.kind === 'Name' || checked.kind === 'Attribute') &&
    frame.isStatement &&
    refusesAddress(fn)
  )
    clean(frame, checked, HOST);
  if (fn.scope.nonlocals.size > 0 && shape.closure === frame.activation) rebind(call);
  if (summary.neverReturns && frame.isStatement) frame.neverReturns = true;
  if (summary.raises) noteRaise(frame, instantiate(call, summary.raises));
  let value = instantiate(call, summary.returns);
  if (value.shape.kind === 'unknown' && fn.returnType) {
    value = ofType(frame, returnType(frame, fn.returnType, fn, bound), value.taint, node);
    if (isHarmless(fn.returnType)) return { shape: value.shape, taint: NO_TAINT };
  }
  if (value.taint.length === 0) return value;
  const taint = returnsCheckedAddress(fn) ? cleaned(value.taint, HOST) : value.taint;
  return { shape: value.shape, taint: stepped(taint, frame.module, node, 'returned') };
}

/** What the annotation of a function promises at this call. */
function returnType(
  frame: Frame,
  type: Type,
  { owner }: FunctionInfo,
  [self]: readonly Value[],
): Type | null {
  if (!isSelf(type)) return type;
  return self?.shape.kind === 'class' ? self.shape.cls : ((self && classOf(frame, self)) ?? owner);
}

/** A nested function that was called may have given another value to variables of this one. */
function rebind(call: Application): void {
  const { frame, fn } = call;
  for (const name of fn.scope.nonlocals) {
    const before = frame.state.get(name);
    const after = frame.activation.cells.get(name);
    if (before && after) frame.state.set(name, join(before, instantiate(call, after)));
  }
}

/** Whether what a function returns still sees its variables: a decorator, a factory of callbacks. */
function returnsClosure(summary: Summary, fn: FunctionInfo): boolean {
  return optionsOf(summary.returns.shape).some(
    (shape) => shape.kind === 'function' && shape.closure?.fn === fn,
  );
}

/** The arguments as the inner function will see them; what lives in the caller's heap stays a symbol. */
function closedOver(
  frame: Frame,
  fn: FunctionInfo,
  bound: readonly Value[],
): ReadonlyMap<number, Value> | null {
  // A factory that calls itself would be run anew for each way down.
  if (fn.running > 0) return null;
  const known = new Map<number, Value>();
  bound.forEach((value, index) => {
    if (optionsOf(value.shape).every((shape) => shape.kind !== 'object')) known.set(index, value);
    else known.set(index, tainted(frame.taintOf(value)));
  });
  return known.size > 0 ? known : null;
}

/** Arguments by parameter index. Parameters that get nothing have their default, or nothing is known of them. */
function bindArguments(frame: Frame, shape: FunctionShape, args: Arguments, node: Node): Value[] {
  const { fn } = shape;
  const positional = shape.self ? [shape.self, ...args.positional] : args.positional;
  const used = new Set<string>();
  let next = 0;
  return fn.params.map((param, index) => {
    // Two calls of one function do not share what is made of their arguments.
    const make = (object: HeapObject): Value => {
      const id = frame.objectId(node, -1 - index);
      frame.state.setObject(id, object);
      return makeValue({ kind: 'object', id });
    };
    switch (param.passing) {
      case 'varargs': {
        const rest = positional.slice(next);
        next = positional.length;
        return args.extraPositional
          ? make({ kind: 'list', elements: rest, rest: args.extraPositional })
          : makeValue({ kind: 'tuple', elements: rest });
      }
      case 'kwargs': {
        const entries = new Map<string | number, Value>();
        for (const [name, value] of args.keywords)
          if (!used.has(name) && !fn.params.some((other) => takesByName(other, name) && other !== param))
            entries.set(name, value);
        return make({ kind: 'dict', entries, rest: args.extraKeywords && tainted(args.extraKeywords.taint) });
      }
      default: {
        if (param.passing !== 'keyword-only' && next < positional.length) return positional[next++]!;
        const named = takesByName(param, param.name) ? args.keywords.get(param.name) : undefined;
        if (named) {
          used.add(param.name);
          return named;
        }
        const place = param.passing === 'keyword-only' ? null : args.extraPositional;
        const byPlace = place && positionOf(place, next++ - positional.length);
        const byName = args.extraKeywords && keywordOf(args.extraKeywords, param.name);
        const extra = byPlace && byName ? join(byPlace, byName) : (byPlace ?? byName);
        const fallback = fn.defaults.get(index);
        if (extra) return fallback ? join(extra, fallback) : extra;
        return fallback ?? UNKNOWN;
      }
    }
  });
}

function takesByName(param: Parameter, name: string): boolean {
  return param.name === name && param.passing !== 'positional-only';
}

/** The arguments whose value or class the function asks for, where they are known here; null when that tells nothing new. */
function knownArguments(
  frame: Frame,
  fn: FunctionInfo,
  summary: Summary,
  bound: readonly Value[],
): KnownArguments | null {
  if (
    (summary.sensitive.size === 0 && summary.dispatches.size === 0 && fn.decoration !== 'classmethod') ||
    fn.summaries.size > MAX_CONTEXTS
  )
    return null;
  // What only a test passes is no reason to report the code under test.
  if (frame.module.role === 'test' && (fn.module.role !== 'test' || fn.summaries.size > MAX_TEST_CONTEXTS))
    return null;
  let known: KnownArguments = NO_ENTRIES;
  const note = (index: number, what: Value | ClassInfo) => {
    known = withEntry(known, index, what);
  };
  for (const index of summary.sensitive) {
    const value = bound[index];
    if (!value) continue;
    const giver = inputGiver(value);
    if (giver) note(index, makeValue({ kind: 'instance', node: giver, madeBy: null }));
    else if (isConcrete(value)) note(index, { shape: value.shape, taint: NO_TAINT });
    else if (!fn.types.get(index) && !(index === 0 && fn.isBound)) {
      const cls = classOf(frame, value);
      if (cls) note(index, cls);
    }
  }
  const [self] = bound;
  if (fn.decoration === 'classmethod' && self?.shape.kind === 'class' && self.shape.cls !== fn.owner)
    note(0, self);
  for (const dispatch of summary.dispatches.values()) {
    if (known.has(dispatch.index)) continue;
    const cls = classOf(frame, bound[dispatch.index] ?? UNKNOWN);
    if (cls && findsAnother(cls, dispatch)) note(dispatch.index, cls);
  }
  return known.size > 0 ? known : null;
}

/** The class of a request or a socket that is handed on: what its methods give comes from outside. */
function inputGiver({ shape }: Value): ApiNode | null {
  const node =
    shape.kind === 'instance'
      ? shape.node
      : shape.kind === 'parameter' && !(shape.type instanceof ClassInfo)
        ? shape.type
        : null;
  return node?.givesInput ? node : null;
}

function isConcrete(value: Value): boolean {
  switch (value.shape.kind) {
    case 'constant':
      return (
        value.taint.length === 0 && !(typeof value.shape.value === 'string' && value.shape.value.length > 200)
      );
    case 'function':
      return value.shape.self === null;
    case 'class':
    case 'api':
    case 'module':
      return value.taint.length === 0;
    default:
      return false;
  }
}
