/** Functions: running one with parameters as symbols gives a summary; a call applies the summary. */
import type { Node, Return } from '../syntax/ast.ts';
import { elementOf, partOfParameter, readAttribute, readItem, writeAttribute, writeItem } from './access.ts';
import { isHarmless } from './annotations.ts';
import { convertedParameters, handlerOf } from './definitions.ts';
import { evaluate } from './expressions.ts';
import { type CallSite, Frame, isFromTest } from './frame.ts';
import { clean, refine } from './guards.ts';
import { KindSet } from './kinds.ts';
import {
  ClassInfo,
  type Effect,
  type FunctionInfo,
  OutOfSteps,
  type ParameterSink,
  type Program,
  type Summary,
} from './program.ts';
import { reachValue } from './sinks.ts';
import { sourceOrigin } from './sources.ts';
import { type HeapObject, State } from './state.ts';
import { execute } from './statements.ts';
import {
  Activation,
  type Arguments,
  constant,
  join,
  joinTaint,
  makeValue,
  NO_TAINT,
  NONE,
  optionsOf,
  type ParameterOrigin,
  type Shape,
  type Step,
  stepped,
  type Taint,
  type TaintItem,
  tainted,
  taintItem,
  templateOf,
  textOf,
  truth,
  UNKNOWN,
  type Value,
} from './values.ts';

type FunctionShape = Extract<Shape, { kind: 'function' }>;

const EMPTY: Summary = {
  returns: UNKNOWN,
  objects: new Map(),
  sinks: [],
  effects: [],
  whenReturned: new Map(),
  whenTrue: new Map(),
  whenFalse: new Map(),
  neverReturns: false,
  sensitive: new Set(),
};

/** Functions called while others are being run: deeper ones are taken as unknown. */
const MAX_DEPTH = 28;
/** Ways to call a function with known values that are looked at one by one. */
const MAX_CONTEXTS = 6;

// ---------------------------------------------------------------- running a function

/** The summary of a function with all parameters as symbols. */
export function summaryOf(frame: { readonly program: Program }, shape: FunctionShape): Summary {
  return summarise(frame.program, shape, null);
}

function summarise(
  program: Program,
  shape: FunctionShape,
  known: ReadonlyMap<number, Value> | null,
  caller = '',
  via: CallSite | null = null,
): Summary {
  const { fn, closure } = shape;
  // What only a test passes is no reason to report production code, so its contexts are apart.
  const tested = via && isFromTest(via) ? '|test' : '';
  const key = `${closure?.id ?? ''}|${known ? contextKey(known) : ''}${caller}${tested}`;
  const ready = fn.summaries.get(key);
  if (ready === 'running') return EMPTY;
  if (ready) return ready;
  if (program.depth > MAX_DEPTH) return EMPTY;
  fn.summaries.set(key, 'running');
  program.depth++;
  // A function that is first met while an expression is only looked at again still has its say.
  const { collector } = program;
  const wasQuiet = collector.quiet;
  collector.quiet = false;
  try {
    const summary = run(program, shape, known, via);
    fn.summaries.set(key, summary);
    return summary;
  } catch (error) {
    fn.summaries.set(key, EMPTY);
    if (!(error instanceof OutOfSteps)) throw error;
    program.collector.outOfSteps(fn);
    return EMPTY;
  } finally {
    program.depth--;
    collector.quiet = wasQuiet;
  }
}

function run(
  program: Program,
  shape: FunctionShape,
  known: ReadonlyMap<number, Value> | null,
  via: CallSite | null,
): Summary {
  const { fn, closure } = shape;
  const activation = new Activation(fn, closure);
  const frame = new Frame(program, fn.module, fn, null, activation, new State(null, program.heap));
  frame.via = via;
  const handler = handlerOf(program, fn);
  const converted = handler ? convertedParameters(handler.route) : new Set<string>();
  fn.params.forEach((param, index) => {
    const value = known?.get(index) ?? symbol(frame, fn, index, handler, converted);
    frame.state.set(param.name, value);
    if (fn.hasNested) activation.cells.set(param.name, value);
  });
  if (fn.node.kind === 'Lambda') {
    const value = evaluate(frame, fn.node.body);
    frame.returned = value;
  } else {
    const live = execute(frame, fn.body);
    if (live) noteExit(frame, NONE);
  }
  if (handler?.handler.returns && frame.returned) {
    // The page that a handler returns; each `return` is looked at by itself in `noteReturn`.
  }
  const returns = frame.returned ?? NONE;
  return {
    returns: fn.isGenerator ? tainted(frame.taintOf(returns)) : returns,
    objects: objectsIn(frame, returns),
    sinks: frame.sinks,
    effects: frame.effects,
    whenReturned: frame.whenReturned ?? new Map(),
    whenTrue: frame.whenTrue ?? new Map(),
    whenFalse: frame.whenFalse ?? new Map(),
    neverReturns: frame.returned === null && !fn.isGenerator && fn.body.length > 0,
    sensitive: frame.sensitive,
  };
}

/** A parameter as a symbol, with the outside input that a framework puts into it. */
function symbol(
  frame: Frame,
  fn: FunctionInfo,
  index: number,
  match: ReturnType<typeof handlerOf>,
  converted: ReadonlySet<string>,
): Value {
  const param = fn.params[index]!;
  const origin = frame.activation.origin(index, []);
  let type = fn.types.get(index) ?? null;
  if (index === 0 && fn.isBound && fn.owner) {
    if (fn.decoration === 'classmethod') return makeValue({ kind: 'class', cls: fn.owner });
    return makeValue({ kind: 'parameter', origin, type: fn.owner }, [taintItem(origin)]);
  }
  let outside: Taint = NO_TAINT;
  if (match) {
    const { handler } = match;
    const position = index - (fn.isBound ? 1 : 0);
    const typed = handler.parameters?.find(
      ({ at }) => at.name === param.name || (at.name === undefined && at.position === position),
    );
    const byPosition =
      typed ?? handler.parameters?.find(({ at }) => at.position === position && position >= 0);
    if (byPosition) {
      type = type ?? frame.program.api.lookup(byPosition.type);
      if (type.path === byPosition.type && 'readSource' in type && type.readSource) {
        outside = [taintItem(sourceOrigin(frame, param, type.readSource.level, type.readSource.what))];
      }
    } else if (
      (handler.others ?? 'tainted') === 'tainted' &&
      !converted.has(param.name) &&
      !isHarmless(type) &&
      !isInjected(frame, fn, index, type)
    ) {
      outside = [
        taintItem(
          sourceOrigin(
            frame,
            param,
            handler.level,
            handler.othersWhat ?? `a parameter of the ${handler.what}`,
          ),
        ),
      ];
    }
  } else if (!type && index === 0 && param.name === 'request' && importsDjango(frame)) {
    type = frame.program.api.lookup('django.http.HttpRequest');
  } else if (!type && index === 1 && fn.isBound && param.name === 'request' && importsDjango(frame)) {
    type = frame.program.api.lookup('django.http.HttpRequest');
  }
  if (isHarmless(type) && outside.length === 0) {
    return makeValue({ kind: 'parameter', origin, type }, NO_TAINT);
  }
  return makeValue({ kind: 'parameter', origin, type }, joinTaint([taintItem(origin)], outside));
}

function importsDjango(frame: Frame): boolean {
  for (const name of frame.module.imported)
    if (name === 'django' || name.startsWith('django.') || name.startsWith('rest_framework')) return true;
  return false;
}

/** Parameters that the framework fills itself: FastAPI's `Depends(…)`, the request and response objects. */
function isInjected(
  frame: Frame,
  fn: FunctionInfo,
  index: number,
  type: Value['shape'] extends never ? never : unknown,
): boolean {
  const fallback = fn.defaults.get(index);
  if (fallback?.shape.kind === 'instance' && /\.(Depends|Security)$/.test(fallback.shape.node.path))
    return true;
  if (type instanceof ClassInfo) return false;
  const path = type && typeof type === 'object' && 'path' in type ? String(type.path) : '';
  void frame;
  return path !== '' && !/^(builtins|typing|pydantic)\./.test(path);
}

/** Notes a `return`: its value, and what having come here says about the parameters. */
export function noteReturn(frame: Frame, statement: Return, value: Value): void {
  const { fn } = frame;
  if (!fn) return;
  const handler = handlerOf(frame.program, fn)?.handler;
  if (handler?.returns && statement.value) {
    // `return body, status, headers`
    const page = value.shape.kind === 'tuple' ? (value.shape.elements[0] ?? value) : value;
    const site = { module: frame.module, fn, node: statement.value, call: null, path: '' };
    reachValue(frame, 'response', page, undefined, site);
    // A dict or list is made JSON.
    if (handler.returns !== 'response' && page.shape.kind !== 'object') {
      reachValue(frame, handler.returns, page, undefined, site);
    }
  }
  if (frame.guarded && statement.value) {
    const known = truth(value);
    for (const outcome of [true, false]) {
      if (known !== undefined && known !== outcome) continue;
      const base = frame.state;
      frame.state = base.fork();
      if (known === undefined) refine(frame, statement.value, outcome);
      const established = cleanParameters(frame);
      frame.state = base;
      if (outcome) frame.whenTrue = meet(frame.whenTrue, established);
      else frame.whenFalse = meet(frame.whenFalse, established);
    }
  } else if (statement.value && statement.value.kind !== 'Constant') {
    noteBooleanExpression(frame, statement, value);
  } else {
    const known = truth(value);
    const nothing = new Map<number, KindSet>();
    if (known !== false) frame.whenTrue = meet(frame.whenTrue, nothing);
    if (known !== true) frame.whenFalse = meet(frame.whenFalse, nothing);
  }
  noteExit(frame, value, false);
}

/** `return name in ALLOWED`: a check whose outcome callers act upon. */
function noteBooleanExpression(frame: Frame, statement: Return, value: Value): void {
  const node = statement.value!;
  const isTest =
    node.kind === 'Compare' || node.kind === 'BoolOp' || node.kind === 'UnaryOp' || node.kind === 'Call';
  for (const outcome of [true, false]) {
    let established = new Map<number, KindSet>();
    if (isTest && truth(value) === undefined) {
      const base = frame.state;
      frame.state = base.fork();
      refine(frame, node, outcome);
      established = cleanParameters(frame);
      frame.state = base;
    }
    if (outcome) frame.whenTrue = meet(frame.whenTrue, established);
    else frame.whenFalse = meet(frame.whenFalse, established);
  }
}

/** Notes a normal end of the function. */
export function noteExit(frame: Frame, value: Value, fallsThrough = true): void {
  frame.returned =
    frame.returned && !frame.fn?.isGenerator
      ? join(frame.returned, value)
      : frame.fn?.isGenerator && frame.returned
        ? frame.returned
        : value;
  const established = frame.guarded ? cleanParameters(frame) : new Map<number, KindSet>();
  frame.whenReturned = meet(frame.whenReturned, established);
  if (fallsThrough) frame.whenFalse = meet(frame.whenFalse, established);
}

/** Per parameter what it is clean for in the current state. */
function cleanParameters(frame: Frame): Map<number, KindSet> {
  const out = new Map<number, KindSet>();
  frame.fn?.params.forEach((param, index) => {
    const value = frame.state.get(param.name);
    const item = value?.taint.find(
      ({ origin }) => origin.type === 'parameter' && origin.index === index && origin.path.length === 0,
    );
    if (item) out.set(index, item.clean);
  });
  return out;
}

function meet(before: Map<number, KindSet> | null, now: ReadonlyMap<number, KindSet>): Map<number, KindSet> {
  if (!before) return new Map(now);
  const out = new Map<number, KindSet>();
  for (const [index, kinds] of before) {
    const other = now.get(index);
    if (other) out.set(index, kinds.and(other));
  }
  return out;
}

/** The heap objects that a value refers to, through each other. */
function objectsIn(frame: Frame, value: Value): Map<number, HeapObject> {
  const out = new Map<number, HeapObject>();
  const visit = (one: Value, depth: number): void => {
    if (depth > 4 || out.size > 40) return;
    for (const shape of optionsOf(one.shape)) {
      if (shape.kind === 'tuple') for (const element of shape.elements) visit(element, depth + 1);
      if (shape.kind !== 'object' || out.has(shape.id)) continue;
      const object = frame.state.object(shape.id);
      if (!object) continue;
      out.set(shape.id, object);
      if (object.kind === 'instance')
        for (const attribute of object.attributes.values()) visit(attribute, depth + 1);
      else {
        if (object.kind === 'dict') for (const entry of object.entries.values()) visit(entry, depth + 1);
        else for (const element of object.elements ?? []) visit(element, depth + 1);
        if (object.rest) visit(object.rest, depth + 1);
      }
    }
  };
  visit(value, 0);
  return out;
}

// ---------------------------------------------------------------- calling a function

/** Calls a function of the project: what it returns, and what it does to its arguments. */
export function callFunction(frame: Frame, shape: FunctionShape, args: Arguments, node: Node): Value {
  const { fn } = shape;
  const bound = bindArguments(frame, shape, args, node);
  let summary = summarise(frame.program, shape, null);
  const known = returnsClosure(summary, fn)
    ? closedOver(frame, bound)
    : knownArguments(frame, fn, summary, bound);
  if (known) {
    const caller = returnsClosure(summary, fn) ? `${frame.activation.id}:${node.start}` : '';
    const via: CallSite = { module: frame.module, node, outer: frame.via };
    summary = summarise(frame.program, shape, known, caller, via);
  }
  const call: Application = { frame, fn, summary, bound, node, objects: new Map(), depth: 0 };
  for (const sink of summary.sinks) applySink(call, sink);
  for (const effect of summary.effects) applyEffect(call, effect);
  for (const [index, kinds] of summary.whenReturned) {
    const argument =
      args.positionalNodes[index - (shape.self ? 1 : 0)] ??
      args.keywordNodes.get(fn.params[index]?.name ?? '');
    // Only what has a name of its own is the same thing afterwards.
    if (argument?.kind === 'Name' && kinds !== KindSet.none) clean(frame, argument, kinds);
  }
  if (summary.neverReturns && frame.isStatement) frame.neverReturns = true;
  let value = instantiate(call, summary.returns);
  if (value.shape.kind === 'unknown' && fn.returnType) {
    value =
      fn.returnType instanceof ClassInfo
        ? instanceOf(frame, fn.returnType, node, value.taint)
        : makeValue({ kind: 'instance', node: fn.returnType, madeBy: null }, value.taint);
    if (isHarmless(fn.returnType)) return { shape: value.shape, taint: NO_TAINT };
  }
  return value.taint.length > 0
    ? { shape: value.shape, taint: stepped(value.taint, frame.module, node, 'returned') }
    : value;
}

/** Whether what a function returns still sees its variables: a decorator, a factory of callbacks. */
function returnsClosure(summary: Summary, fn: FunctionInfo): boolean {
  return optionsOf(summary.returns.shape).some(
    (shape) => shape.kind === 'function' && shape.closure?.fn === fn,
  );
}

/** The arguments as the inner function will see them; what lives in the caller's heap stays a symbol. */
function closedOver(frame: Frame, bound: readonly Value[]): ReadonlyMap<number, Value> | null {
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
    switch (param.passing) {
      case 'varargs': {
        const rest = positional.slice(next);
        next = positional.length;
        return args.extraPositional
          ? frame.make(
              param,
              { kind: 'list', elements: null, rest: [...rest, args.extraPositional].reduce(join) },
              NO_TAINT,
            )
          : makeValue({ kind: 'tuple', elements: rest });
      }
      case 'kwargs': {
        const entries = new Map<string | number, Value>();
        for (const [name, value] of args.keywords)
          if (!used.has(name) && !fn.params.some((other) => other.name === name && other !== param))
            entries.set(name, value);
        // The slot belongs to the call: two calls of one function must not share their keywords.
        return frame.make(node, { kind: 'dict', entries, rest: args.extraKeywords }, NO_TAINT);
      }
      default: {
        if (param.passing !== 'keyword-only' && next < positional.length) return positional[next++]!;
        const named = args.keywords.get(param.name);
        if (named) {
          used.add(param.name);
          return named;
        }
        const extra =
          param.passing === 'keyword-only'
            ? args.extraKeywords
            : (args.extraPositional ?? args.extraKeywords);
        const fallback = fn.defaults.get(index);
        if (extra) return fallback ? join(extra, fallback) : extra;
        return fallback ?? UNKNOWN;
      }
    }
  });
}

/** The arguments whose value the function asks for, where they are known here; null when that tells nothing new. */
function knownArguments(
  frame: Frame,
  fn: FunctionInfo,
  summary: Summary,
  bound: readonly Value[],
): ReadonlyMap<number, Value> | null {
  if (summary.sensitive.size === 0 || fn.summaries.size > MAX_CONTEXTS) return null;
  const known = new Map<number, Value>();
  for (const index of summary.sensitive) {
    const value = bound[index];
    if (value && isConcrete(value)) known.set(index, { shape: value.shape, taint: NO_TAINT });
    else if (value) {
      const type = classOfArgument(frame, value);
      if (type && index > 0) {
      }
    }
  }
  return known.size > 0 ? known : null;
}

function classOfArgument(frame: Frame, value: Value): ClassInfo | null {
  const object = frame.objectOf(value);
  return object?.kind === 'instance' ? object.cls : null;
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

function contextKey(known: ReadonlyMap<number, Value>): string {
  return [...known]
    .map(([index, { shape }]) => {
      switch (shape.kind) {
        case 'constant':
          return `${index}=${typeof shape.value}:${shape.value}`;
        case 'function':
          return `${index}=${shape.fn.module.path}:${shape.fn.node.start}:${shape.closure?.id ?? ''}`;
        case 'class':
          return `${index}=${shape.cls.path}`;
        case 'api':
          return `${index}=${shape.node.path}`;
        case 'module':
          return `${index}=${shape.module.path}`;
        default:
          return `${index}`;
      }
    })
    .join(',');
}

/** One call, while its summary is being put into the caller's terms. */
interface Application {
  readonly frame: Frame;
  readonly fn: FunctionInfo;
  readonly summary: Summary;
  readonly bound: readonly Value[];
  readonly node: Node;
  readonly objects: Map<number, number>;
  depth: number;
}

/** What the caller passed where the callee speaks of a parameter. */
function argumentAt(call: Application, origin: ParameterOrigin): Value {
  const { frame } = call;
  let value = call.bound[origin.index] ?? UNKNOWN;
  for (const key of origin.path) {
    if (key.startsWith('.')) {
      const object = frame.objectOf(value);
      const own = object?.kind === 'instance' ? object.attributes.get(key.slice(1)) : undefined;
      value =
        own ??
        (value.shape.kind === 'parameter'
          ? partOfParameter(value, key)
          : readAttribute(frame, value, key.slice(1), call.node));
      if (value.shape.kind === 'method') value = tainted(value.taint);
    } else if (key === '[]') {
      value = elementOf(frame, value);
    } else {
      const name = key.slice(1, -1);
      const object = frame.objectOf(value);
      const isPosition =
        (object && object.kind !== 'dict' && object.kind !== 'instance') || value.shape.kind === 'tuple';
      value = readItem(frame, value, constant(isPosition ? Number(name) : name), call.node);
    }
  }
  return value;
}

/** Whether a symbol belongs to the function that was called. */
function isOwn(call: Application, origin: ParameterOrigin): boolean {
  return origin.activation.fn === call.fn;
}

/** A value of the callee in the caller's terms. */
function instantiate(call: Application, value: Value): Value {
  if (call.depth > 6) return UNKNOWN;
  call.depth++;
  const shape = instantiateShape(call, value.shape);
  const taint = instantiateTaint(call, value.taint);
  call.depth--;
  return shape === value.shape && taint === value.taint ? value : { shape, taint };
}

function instantiateShape(call: Application, shape: Shape): Shape {
  const { frame } = call;
  switch (shape.kind) {
    case 'parameter':
      if (isOwn(call, shape.origin)) return argumentAt(call, shape.origin).shape;
      return shape.origin.activation === frame.activation ? shape : UNKNOWN.shape;
    case 'tuple':
      return { kind: 'tuple', elements: shape.elements.map((element) => instantiate(call, element)) };
    case 'choice': {
      const options = shape.options.map((option) => instantiateShape(call, option));
      return options.map((option) => makeValue(option)).reduce(join).shape;
    }
    case 'object':
      return instantiateObject(call, shape.id);
    case 'function':
      return shape.self ? { ...shape, self: instantiate(call, shape.self) } : shape;
    case 'partial':
      return {
        kind: 'partial',
        callee: instantiate(call, shape.callee),
        positional: shape.positional.map((one) => instantiate(call, one)),
        keywords: new Map([...shape.keywords].map(([name, one]) => [name, instantiate(call, one)])),
      };
    case 'method':
      return { ...shape, receiver: instantiate(call, shape.receiver) };
    case 'super':
      return UNKNOWN.shape;
    default:
      return shape;
  }
}

/** A copy of the callee's object for this call. */
function instantiateObject(call: Application, id: number): Shape {
  const { frame } = call;
  const known = call.objects.get(id);
  if (known !== undefined) return { kind: 'object', id: known };
  const object = call.summary.objects.get(id);
  if (!object) return frame.state.object(id) ? { kind: 'object', id } : UNKNOWN.shape;
  const copy = frame.copyId(call.node, id);
  call.objects.set(id, copy);
  const map = <K>(entries: ReadonlyMap<K, Value>): Map<K, Value> =>
    new Map([...entries].map(([key, one]) => [key, instantiate(call, one)]));
  switch (object.kind) {
    case 'instance':
      frame.state.setObject(copy, {
        ...object,
        attributes: map(object.attributes),
        underlying: object.underlying ? instantiate(call, object.underlying) : null,
      });
      break;
    case 'dict':
      frame.state.setObject(copy, {
        ...object,
        entries: map(object.entries),
        rest: object.rest ? instantiate(call, object.rest) : null,
      });
      break;
    default:
      frame.state.setObject(copy, {
        ...object,
        elements: object.elements?.map((one) => instantiate(call, one)) ?? null,
        rest: object.rest ? instantiate(call, object.rest) : null,
      });
  }
  return { kind: 'object', id: copy };
}

function instantiateTaint(call: Application, taint: Taint): Taint {
  if (taint.length === 0) return taint;
  let out: Taint = NO_TAINT;
  for (const item of taint) {
    if (item.origin.type === 'source') out = joinTaint(out, [item]);
    else if (isOwn(call, item.origin)) out = joinTaint(out, carried(call, item));
    else if (item.origin.activation === call.frame.activation) out = joinTaint(out, [item]);
  }
  return out;
}

/** The taint of the argument that a symbol stands for, after what the callee did to it. */
function carried(call: Application, item: Pick<TaintItem, 'origin' | 'clean' | 'steps'>): Taint {
  const argument = argumentAt(call, item.origin as ParameterOrigin);
  return call.frame.taintOf(argument).map((one) => ({
    origin: one.origin,
    clean: one.clean.with(item.clean),
    steps: chain(item.steps, passedStep(call, one.steps)),
  }));
}

function passedStep(call: Application, prev: Step | null): Step {
  return {
    module: call.frame.module,
    node: call.node,
    what: 'passed',
    prev,
    length: (prev?.length ?? 0) + 1,
  };
}

/** The callee's steps behind the caller's. */
function chain(steps: Step | null, onto: Step): Step {
  if (!steps || onto.length > 16) return onto;
  const prev = chain(steps.prev, onto);
  return { ...steps, prev, length: prev.length + 1 };
}

/** A parameter of the callee reaches a sink: now it is known what it is. */
function applySink(call: Application, sink: ParameterSink): void {
  const { frame } = call;
  if (!isOwn(call, sink.origin)) {
    if (sink.origin.activation === frame.activation) frame.addSink(sink);
    return;
  }
  let value: Value | null = null;
  for (const item of carried(call, sink)) {
    if (item.clean.has(sink.kind)) continue;
    value ??= instantiateSinkValue(call, sink);
    if (item.origin.type === 'source') {
      frame.program.collector.flow(frame, {
        kind: sink.kind,
        source: item.origin,
        steps: item.steps,
        value,
        site: sink.site,
      });
    } else {
      frame.addSink({ ...sink, origin: item.origin, clean: item.clean, steps: item.steps, value });
    }
  }
}

function instantiateSinkValue(call: Application, sink: ParameterSink): Value {
  const template = templateOf(sink.value);
  if (template !== undefined) {
    // A text that begins with the parameter begins with what the caller passed.
    const argument = templateOf(argumentAt(call, sink.origin));
    if (argument !== undefined && template.startsWith('\0'))
      return textOf(argument + template.slice(1), sink.value.taint);
    return sink.value;
  }
  return sink.value.shape.kind === 'parameter' ? instantiate(call, sink.value) : sink.value;
}

function applyEffect(call: Application, effect: Effect): void {
  const { frame } = call;
  if (!isOwn(call, effect.origin)) return;
  const target = argumentAt(call, effect.origin);
  const value = instantiate(call, effect.value);
  if (effect.key.startsWith('.')) {
    writeAttribute(frame, target, effect.key.slice(1), value, call.node, true);
    return;
  }
  if (effect.key === '[]') {
    const object = frame.objectOf(target);
    if (object && object.kind !== 'instance' && target.shape.kind === 'object') {
      const rest = object.rest ? join(object.rest, value) : value;
      frame.state.setObject(target.shape.id, { ...object, rest });
    } else if (target.shape.kind === 'parameter') {
      frame.addEffect(target.shape.origin, '[]', value);
    }
    return;
  }
  const key = effect.key.slice(1, -1);
  writeItem(frame, target, constant(key), value, call.node);
}

// ---------------------------------------------------------------- classes

/** `Class(…)`: a new instance, with what `__init__` stores. */
export function instantiateClass(frame: Frame, cls: ClassInfo, args: Arguments, node: Node): Value {
  const instance = instanceOf(frame, cls, node, NO_TAINT);
  const init = cls.member('__init__');
  if (init?.value.shape.kind === 'function') {
    callFunction(
      frame,
      { kind: 'function', fn: init.value.shape.fn, closure: init.value.shape.closure, self: instance },
      args,
      node,
    );
    return instance;
  }
  const fields = fieldNames(cls);
  args.positional.forEach((value, i) => {
    const field = fields[i];
    if (field !== undefined) writeAttribute(frame, instance, field, value, node, true);
  });
  for (const [name, value] of args.keywords) writeAttribute(frame, instance, name, value, node, true);
  return instance;
}

function instanceOf(frame: Frame, cls: ClassInfo, node: Node, taint: Taint): Value {
  return frame.make(node, { kind: 'instance', cls, attributes: new Map(), underlying: null }, taint);
}

/** The fields of a dataclass, NamedTuple or model in the order of its constructor's parameters. */
function fieldNames(cls: ClassInfo): string[] {
  return cls.node.body.flatMap((statement) =>
    statement.kind === 'AnnAssign' && statement.target.kind === 'Name' ? [statement.target.id] : [],
  );
}
