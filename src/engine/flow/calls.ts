/** What a call does: dispatch by what is called. */
import type { ApiNode } from '../libraries/api.ts';
import { kindsOf } from '../libraries/api.ts';
import type { Call } from '../syntax/ast.ts';
import { ownName } from '../syntax/headers.ts';
import { classOf, readAttribute } from './access.ts';
import { isHarmless } from './annotations.ts';
import { containerMethod, methodOfTyped } from './collection-methods.ts';
import { CollectionType } from './collection-types.ts';
import { mappingOf } from './containers.ts';
import type { Frame } from './frame.ts';
import { callFunction } from './functions.ts';
import { sendTo } from './generators.ts';
import { callGeneric, registerCalled } from './generic-functions.ts';
import { guardByCall } from './guards-calls.ts';
import { instantiateClass } from './instances.ts';
import { KindSet, NUMBER_IS_HARMLESS } from './kinds.ts';
import { callMethod, duckSinks, fallbackOf, PREDICATES } from './methods.ts';
import { NATIVE } from './natives.ts';
import { newInstance } from './natives-classes.ts';
import { ClassInfo } from './program.ts';
import { registerByName, registerHandlers } from './registrations.ts';
import { knownElements } from './sequences.ts';
import { argumentNodeOf, argumentOf, conditionsHold, reachCallSinks } from './sinks.ts';
import { sourceOrigin } from './sources.ts';
import { callSpecial } from './special-methods.ts';
import { taintTarget, writeAttribute } from './storing.ts';
import { callLater } from './task-calls.ts';
import {
  type Arguments,
  argumentsOf,
  cleaned,
  constantOf,
  joinTaint,
  NO_TAINT,
  NONE,
  optionsOf,
  type Shape,
  stepped,
  type Taint,
  tainted,
  taintItem,
  UNKNOWN,
  uncleaned,
  type Value,
} from './values.ts';

/** `receiver.name(…)` */
export function callAttribute(
  frame: Frame,
  receiver: Value,
  name: string,
  args: Arguments,
  node: Call,
): Value {
  const options = optionsOf(receiver.shape);
  if (options.length > 1) {
    const classes = options.map((shape) => classOf(frame, { shape, taint: NO_TAINT }));
    const isKnown = classes.some((cls) => cls?.member(name));
    return frame.forEachOption(
      // None has no methods, and of an instance whose class has the method the caller's knows no other.
      options.filter(
        (shape) =>
          !(shape.kind === 'constant' && shape.value === null) &&
          !(isKnown && shape.kind === 'parameter' && !shape.type),
      ),
      (shape) => callAttribute(frame, { shape, taint: receiver.taint }, name, args, node),
    );
  }
  if (name === 'start') runThread(frame, receiver, node);
  if (receiver.shape.kind === 'function') {
    if (callLater(frame, receiver.shape, name, args, node)) return UNKNOWN;
    const registered = name === 'register' && registerCalled(frame, receiver.shape.fn, args);
    if (registered) return registered;
  }
  const given = name === 'send' || name === 'asend' ? sendTo(frame, receiver, args, node) : undefined;
  if (given) return given;
  const callee = readAttribute(frame, receiver, name, node.func);
  switch (callee.shape.kind) {
    case 'function':
    case 'class':
    case 'partial':
    case 'choice':
      return callValue(frame, callee, args, node);
    case 'api': {
      const own = ofOwnClass(frame, receiver, name, args, node);
      if (own) return own;
      const type = typeOf(receiver.shape);
      const part = type instanceof CollectionType && methodOfTyped(frame, receiver, type, name, args, node);
      if (part) return part;
      const result = callApi(frame, callee.shape.node, receiver, args, node);
      if (callee.shape.node.isModelled) return result;
      return withMethodTaint(frame, result, receiver, name, args, node);
    }
    case 'instance':
      if (callee.shape.node.isModelled) return callValue(frame, callee, args, node);
      break;
    default: {
      const own = receiver.shape.kind === 'super' && ofOwnClass(frame, receiver, name, args, node);
      if (own) return own;
      break;
    }
  }
  frame.matters(receiver);
  registerByName(frame, name, args);
  const outcome = awaitedBy(receiver, name, args) ?? callbacks(frame, args, node);
  if (outcome) return outcome;
  return callMethod(frame, receiver, name, args, node);
}

/** What a task gives in the end is what its coroutine does: `loop.create_task(read(x))`, `task.result()`. */
function awaitedBy(
  receiver: Value,
  name: string,
  { positional, positionalNodes }: Arguments,
): Value | undefined {
  if (name === 'result')
    return receiver.shape.kind === 'object' && positional.length === 0 ? receiver : undefined;
  return TASK_MAKERS.has(name) && positionalNodes[0]?.kind === 'Call' ? positional[0] : undefined;
}

const TASK_MAKERS = new Set(['create_task', 'ensure_future', 'run_until_complete']);

/** What a class of the project inherits from a dict, a list or plain objects, also by `super().name(…)`. */
function ofOwnClass(
  frame: Frame,
  receiver: Value,
  name: string,
  args: Arguments,
  node: Call,
): Value | undefined {
  const { shape } = receiver;
  if (shape.kind !== 'super')
    return shape.kind === 'object' || shape.kind === 'parameter'
      ? containerMethod(frame, receiver, name, args, node)
      : undefined;
  const { self } = shape;
  const [first, second] = args.positional;
  if (name === '__new__') return newInstance(frame, args, node);
  const attribute = first && constantOf(first);
  if (name === '__setattr__' && second) {
    if (typeof attribute === 'string') writeAttribute(frame, self, attribute, second, node);
    return NONE;
  }
  return containerMethod(frame, self, name, args, node);
}

function typeOf(shape: Shape): ClassInfo | ApiNode | null {
  return shape.kind === 'parameter' ? shape.type : shape.kind === 'instance' ? shape.node : null;
}

/** A method of a library that no data describes: sinks by name, and what is inside tainted data stays tainted. */
function withMethodTaint(
  frame: Frame,
  result: Value,
  receiver: Value,
  name: string,
  args: Arguments,
  node: Call,
): Value {
  if (receiver.shape.kind === 'api' && receiver.taint.length === 0 && !receiver.shape.receiver) return result;
  duckSinks(frame, receiver, name, args, node);
  if (receiver.taint.length === 0) return result;
  const method = callMethod(frame, { shape: { kind: 'unknown' }, taint: receiver.taint }, name, args, node);
  return { shape: result.shape, taint: joinTaint(result.taint, method.taint) };
}

/** `callee(…)` for any callee. */
export function callValue(frame: Frame, callee: Value, args: Arguments, node: Call): Value {
  const { shape } = callee;
  switch (shape.kind) {
    case 'choice':
      return frame.forEachOption(
        shape.options.filter((option) => option.kind !== 'constant'),
        (option) => callValue(frame, { shape: option, taint: callee.taint }, args, node),
      );
    case 'function':
      frame.program.collector.projectCall(frame, shape.fn, args, node);
      return shape.fn.implementations
        ? callGeneric(frame, shape, args, node)
        : callFunction(frame, shape, args, node);
    case 'class':
      frame.program.collector.projectCall(frame, shape.cls, args, node);
      reachConstructor(frame, shape.cls, args, node);
      return instantiateClass(frame, shape.cls, args, node);
    case 'api':
      return callApi(frame, shape.node, shape.receiver, args, node);
    case 'instance': {
      // Not the class again: `app = DebuggedApplication(wsgi)` made it, `app(environ, start_response)` does not.
      return callApi(frame, shape.node.member('__call__'), callee, args, node);
    }
    case 'partial':
      return callValue(
        frame,
        shape.callee,
        {
          ...args,
          positional: [...shape.positional, ...args.positional],
          positionalNodes: [...shape.positional.map(() => node), ...args.positionalNodes],
          keywords: new Map([...shape.keywords, ...args.keywords]),
        },
        node,
      );
    case 'method':
      return callMethod(frame, shape.receiver, shape.name, args, node);
    case 'object': {
      const object = frame.state.object(shape.id);
      if (object?.kind !== 'instance' || !object.cls) return UNKNOWN;
      const member = readAttribute(frame, callee, '__call__', node);
      return member.shape.kind === 'function' ? callFunction(frame, member.shape, args, node) : UNKNOWN;
    }
    case 'parameter':
      if (shape.type && !(shape.type instanceof ClassInfo) && shape.type.sinks.length > 0) {
        return callApi(frame, shape.type, callee, args, node);
      }
      frame.matters(callee);
      return (
        callbacks(frame, args, node) ?? tainted(callee.taint.filter((item) => item.origin.type === 'source'))
      );
    case 'unknown':
      frame.program.collector.unknownCall(frame, args, node);
      return callbacks(frame, args, node) ?? tainted(callee.taint);
    default:
      return UNKNOWN;
  }
}

/** A call of something of a library, by what its data says. */
export function callApi(
  frame: Frame,
  node: ApiNode,
  receiver: Value | null,
  args: Arguments,
  call: Call,
): Value {
  const { collector } = frame.program;
  collector.libraryCall(frame, node, receiver, args, call);
  reachCallSinks(frame, node, receiver, args, call);
  if (node.neverReturns && frame.isStatement) frame.neverReturns = true;
  registerHandlers(frame, node, args);
  const native = NATIVE.get(node.path);
  const computed = native?.(frame, args, call, receiver);
  if (computed)
    return node.sanitizers.length > 0
      ? { shape: computed.shape, taint: sanitised(frame, node, args, computed.taint) }
      : computed;
  const ran = callbacks(frame, args, call);
  if (ran && GIVES_RESULT.has(node.name)) return ran;

  let taint: Taint = ran ? frame.taintOf(ran) : NO_TAINT;
  for (const propagator of node.propagators) {
    const given = propagated(frame, propagator.from, receiver, args);
    const passed = propagator.decodes ? uncleaned(given) : given;
    if (passed.length === 0) continue;
    if (propagator.to === undefined)
      taint = joinTaint(taint, stepped(passed, frame.module, call, 'combined'));
    else if (propagator.to === 'receiver') {
      if (call.func.kind === 'Attribute') taintTarget(frame, call.func.value, passed);
    } else {
      const target = argumentNodeOf(args, propagator.to);
      if (target) taintTarget(frame, target, passed);
    }
  }
  // A method of tainted data gives tainted data, unless its data says otherwise.
  if (
    node.propagators.length === 0 &&
    receiver &&
    node.isModelled &&
    (node.returns || !PREDICATES.has(node.name))
  ) {
    taint = joinTaint(taint, receiver.taint);
  }
  // A sanitizer passes its argument on, clean for its kinds.
  if (node.sanitizers.length > 0 && node.propagators.length === 0) {
    taint = joinTaint(taint, frame.taintOfAll(args));
  }
  // `environ.get(name, default)`
  const fallback = DEFAULTED.has(node.name) ? fallbackOf(args) : undefined;
  if (fallback) taint = joinTaint(taint, frame.taintOf(fallback));
  taint = sanitised(frame, node, args, taint);
  for (const source of node.callSources) {
    if (!conditionsHold(frame, source.when, args)) continue;
    taint = joinTaint(taint, [
      taintItem(sourceOrigin(frame, call, source.level, source.what, source.marks ?? [])),
    ]);
  }
  guardByCall(frame, node, args, call);
  const cls = node.instanceClass();
  if (isHarmless(cls) && node.callSources.length === 0) taint = cleaned(taint, NUMBER_IS_HARMLESS);
  const shape: Shape = {
    kind: 'instance',
    node: cls,
    madeBy: {
      node: call,
      callee: node.path,
      module: frame.module,
      receiver,
      positional: args.positional,
      keywords: args.keywords,
    },
  };
  return { shape, taint };
}

const DEFAULTED = new Set(['get', 'pop', 'getenv']);

function sanitised(frame: Frame, node: ApiNode, args: Arguments, taint: Taint): Taint {
  let out = taint;
  for (const sanitizer of node.sanitizers) {
    if (out.length === 0 || !conditionsHold(frame, sanitizer.when, args)) continue;
    out = cleaned(out, kindsOf(sanitizer.kinds));
    if (sanitizer.marks && out.length > 0) out = cleaned(out, KindSet.of(...sanitizer.marks));
  }
  return out;
}

function propagated(
  frame: Frame,
  from: ApiNode['propagators'][number]['from'],
  receiver: Value | null,
  args: Arguments,
): Taint {
  if (from === 'nothing') return NO_TAINT;
  if (from === 'receiver') return receiver ? frame.taintOf(receiver) : NO_TAINT;
  let taint: Taint = NO_TAINT;
  if (from === undefined) {
    return joinTaint(receiver ? frame.taintOf(receiver) : NO_TAINT, frame.taintOfAll(args));
  }
  for (const argument of from) {
    const value = argument.receiver ? receiver : argumentOf(args, argument);
    if (value) taint = joinTaint(taint, frame.taintOf(value));
  }
  return taint;
}

/** A class without a constructor of its own is made by the one of the library: `User(**data)` of `class User(Base)`. */
function reachConstructor(frame: Frame, cls: ClassInfo, args: Arguments, node: Call): void {
  if (cls.member('__init__')) return;
  for (const base of cls.lookupOrder) {
    if (!(base instanceof ClassInfo)) reachCallSinks(frame, base, null, args, node);
  }
}

/** `worker.start()` of a class that derives from a thread runs its method `run`. */
function runThread(frame: Frame, receiver: Value, node: Call): void {
  const cls = classOf(frame, receiver);
  if (cls?.isA('threading.Thread') || cls?.isA('multiprocessing.Process'))
    callSpecial(frame, receiver, 'run', [], node);
}

/** Methods that run a function they are given with the arguments that follow it. */
const RUNNERS: ReadonlyMap<string, number> = new Map([
  ['submit', 0],
  ['to_thread', 0],
  ['run_in_executor', 1],
  ['run_sync', 0],
  ['start_soon', 0],
  ['call_soon', 0],
  ['call_later', 1],
  ['call_soon_threadsafe', 0],
  ['run_in_threadpool', 0],
  ['apply_async', 0],
  ['apply', 0],
  ['spawn', 0],
  ['spawn_n', 0],
  ['start_new_thread', 0],
  ['deferToThread', 0],
  ['callInThread', 0],
  ['add_task', 0],
  ['atomic_call', 0],
  ['callback', 0],
  ['push_async_callback', 0],
]);

/** Runners whose result, once it is waited for, is the function's. */
const GIVES_RESULT = new Set([
  'to_thread',
  'run_in_executor',
  'run_sync',
  'run_in_threadpool',
  'atomic_call',
]);
const MAPS = new Set(['map', 'imap', 'imap_unordered']);

/**
 * Functions passed to a library are called by it: with the arguments that stand beside them, if that is known. The
 * result where the call gives it, or undefined.
 */
function callbacks(frame: Frame, args: Arguments, call: Call): Value | undefined {
  const name = ownName(call.func);
  if (name === 'starmap' && args.positional[0] && isCallable(args.positional[0]))
    return NATIVE.get('itertools.starmap')!(frame, args, call, null);
  if (MAPS.has(name) && args.positional[0] && isCallable(args.positional[0]))
    return NATIVE.get('builtins.map')!(frame, args, call, null);
  const at = RUNNERS.get(name);
  const callee = at === undefined ? args.keywords.get('target') : args.positional[at];
  if (!callee || !isCallable(callee)) return undefined;
  if (at === undefined) {
    const given = args.keywords.get('args');
    const positional = (given && knownElements(frame, given)) ?? [];
    const named = args.keywords.get('kwargs');
    const options = named && mappingOf(frame, named);
    const keywords = new Map(
      [...(options?.entries ?? [])].flatMap(([key, value]) =>
        typeof key === 'string' ? [[key, value]] : [],
      ),
    );
    const place = args.keywordNodes.get('args') ?? args.keywordNodes.get('kwargs') ?? call;
    callValue(frame, callee, { ...argumentsOf(positional, place), keywords }, call);
    return undefined;
  }
  const [, second] = args.positional;
  // `pool.apply(function, (first, second))`
  const packed = name.startsWith('apply') && second ? knownElements(frame, second) : undefined;
  const given = packed
    ? argumentsOf(packed, args.positionalNodes[1] ?? call)
    : {
        ...args,
        positional: args.positional.slice(at + 1),
        positionalNodes: args.positionalNodes.slice(at + 1),
      };
  const result = callValue(frame, callee, given, call);
  return GIVES_RESULT.has(name) ? result : tainted(frame.taintOf(result));
}

function isCallable(value: Value): boolean {
  return ['function', 'class', 'partial', 'api'].includes(value.shape.kind);
}
