/** What a function does, found by running it with its parameters as symbols. */
import type { HandlerParameter } from '../libraries/library.ts';
import { isHarmless, type Type } from './annotations.ts';
import { ClassType } from './collection-types.ts';
import { convertedParameters, derivedHandler, handlerOf, isOneSegment } from './definitions.ts';
import { dependencyOf, isOfFields, provided } from './dependencies.ts';
import { NO_ENTRIES, NO_MEMBERS, withMember } from './empty.ts';
import { noteExit, noteReturn } from './exits.ts';
import { evaluate } from './expressions.ts';
import { type CallSite, Frame, isFromTest } from './frame.ts';
import { generated } from './generators.ts';
import { KindSet } from './kinds.ts';
import { kindsDeclared, partDeclared } from './model-fields.ts';
import {
  ClassInfo,
  type FunctionInfo,
  type HandlerMatch,
  OutOfSteps,
  type Program,
  type Summary,
} from './program.ts';
import { sourceOrigin } from './sources.ts';
import { State } from './state.ts';
import { execute } from './statements.ts';
import {
  Activation,
  cleaned,
  joinTaint,
  makeValue,
  NO_TAINT,
  NONE,
  type Shape,
  type Taint,
  taintItem,
  UNKNOWN,
  type Value,
} from './values.ts';
import { lookIntoWrappers } from './wrappers.ts';

export type FunctionShape = Extract<Shape, { kind: 'function' }>;

const EMPTY: Summary = {
  returns: UNKNOWN,
  objects: NO_ENTRIES,
  sinks: [],
  effects: [],
  whenReturned: NO_ENTRIES,
  whenTrue: NO_ENTRIES,
  whenFalse: NO_ENTRIES,
  raises: null,
  neverReturns: false,
  sensitive: NO_MEMBERS,
  dispatches: NO_ENTRIES,
  watched: [],
};

/** Functions called while others are being run: deeper ones are taken as unknown. */
const MAX_DEPTH = 28;

/** The key of the summary that knows nothing of the arguments. */
export function plainKey({ closure }: FunctionShape): string {
  return `${closure?.id ?? ''}|`;
}

export function summaryOf(frame: { readonly program: Program }, shape: FunctionShape): Summary {
  return summarise(frame.program, shape, null);
}

/** What is known of parameters by their index: the value, or the class that it is an instance of. */
export type KnownArguments = ReadonlyMap<number, Value | ClassInfo>;

export function summarise(
  program: Program,
  shape: FunctionShape,
  known: KnownArguments | null,
  caller = '',
  via: CallSite | null = null,
): Summary {
  const { fn } = shape;
  // What only a test passes is no reason to report production code, so its contexts are apart.
  const tested = via && isFromTest(via) ? '|test' : '';
  const key = `${plainKey(shape)}${known ? contextKey(known) : ''}${caller}${tested}`;
  const ready = fn.summaries.get(key);
  if (ready === 'running') return EMPTY;
  if (ready) return ready;
  if (program.depth > MAX_DEPTH) return EMPTY;
  if (fn.wrappers.length > 0) lookIntoWrappers(program, fn, key);
  fn.summaries.set(key, 'running');
  program.depth++;
  fn.running++;
  const { applied } = program;
  program.applied = 0;
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
    program.applied = applied;
    program.depth--;
    fn.running--;
    collector.quiet = wasQuiet;
  }
}

export function run(
  program: Program,
  shape: FunctionShape,
  known: KnownArguments | null,
  via: CallSite | null,
): Summary {
  const { fn, closure } = shape;
  const activation = new Activation(fn, closure);
  const frame = new Frame(program, fn.module, fn, null, activation, new State(null, program.heap));
  frame.via = via;
  const self = known?.get(0);
  const match =
    handlerOf(program, fn) ?? (self instanceof ClassInfo ? derivedHandler(program, self, fn) : null);
  // `wraps` made many functions of this one, of which some are handlers.
  const handler = closure && match?.closures?.has(closure) === false ? null : match;
  const converted = handler ? convertedParameters(handler.route) : new Set<string>();
  fn.params.forEach((param, index) => {
    const value = given(frame, index, known) ?? symbol(frame, fn, index, handler, converted);
    frame.state.set(param.name, value);
    if (fn.hasNested) activation.cells.set(param.name, value);
  });
  if (fn.node.kind === 'Lambda') {
    noteReturn(frame, fn.node.body, evaluate(frame, fn.node.body));
  } else {
    const live = execute(frame, fn.body);
    if (live) noteExit(frame, NONE);
  }
  if (!known && !handler) reachFromCallers(frame, fn);
  const returns = frame.yielded ? generated(frame, shape, frame.yielded) : (frame.returned ?? NONE);
  for (const [id, object] of frame.returnedObjects) frame.state.setObject(id, object);
  return {
    returns,
    objects: frame.returnedObjects,
    sinks: frame.sinks,
    effects: frame.effects,
    whenReturned: frame.whenReturned ?? NO_ENTRIES,
    whenTrue: frame.whenTrue ?? NO_ENTRIES,
    whenFalse: frame.whenFalse ?? NO_ENTRIES,
    raises: frame.raised,
    neverReturns: frame.returned === null && !fn.isGenerator && fn.body.length > 0,
    sensitive: frame.sensitive,
    dispatches: frame.dispatches,
    watched: frame.watched,
  };
}

/** What is known of a parameter at this call; of a request that is handed on, and of objects of the project, the class only. */
function given(frame: Frame, index: number, known: KnownArguments | null): Value | undefined {
  const value = known?.get(index);
  const origin = frame.activation.origin(index);
  if (value instanceof ClassInfo)
    return makeValue({ kind: 'parameter', origin, type: value }, [taintItem(origin)]);
  if (value?.shape.kind !== 'instance' || value.taint.length > 0) return value;
  return makeValue({ kind: 'parameter', origin, type: value.shape.node }, [taintItem(origin)]);
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
  const origin = frame.activation.origin(index);
  let type = fn.types.get(index) ?? null;
  if (index === 0 && fn.isBound && fn.owner) {
    if (fn.decoration === 'classmethod') return makeValue({ kind: 'class', cls: fn.owner });
    return makeValue({ kind: 'parameter', origin, type: fn.owner }, [taintItem(origin)]);
  }
  if (type instanceof ClassType) {
    // A caller may pass a derived class.
    frame.sensitive = withMember(frame.sensitive, index);
    return makeValue({ kind: 'class', cls: type.cls });
  }
  let outside: Taint = NO_TAINT;
  if (converted.has(param.name)) type ??= frame.program.api.lookup('builtins.int');
  const dependency = match && dependencyOf(fn, index);
  const value = dependency && provided(frame, dependency, type);
  if (value && (value.shape.kind !== 'unknown' || value.taint.length > 0)) return value;
  const passed = match && fn.passed?.[index];
  if (passed?.own) {
    outside = passed.own;
  } else if (match && (!dependency || isOfFields(dependency, type))) {
    const { handler } = match;
    const position = index - (fn.isBound ? 1 : 0);
    const typed = handler.parameters?.find(
      ({ at }) => at.name === param.name || (at.name === undefined && at.position === position),
    );
    const byPosition =
      typed ?? handler.parameters?.find(({ at }) => at.position === position && position >= 0);
    if (byPosition && !isAnother(byPosition, type)) {
      type ??= heldClass(fn, byPosition.heldBy) ?? frame.program.api.lookup(byPosition.type);
      if (type?.path === byPosition.type && 'readSource' in type && type.readSource) {
        const { level, what, marks } = type.readSource;
        outside = [taintItem(sourceOrigin(frame, param, level, what, marks))];
      }
    } else if (
      (handler.others ?? 'tainted') === 'tainted' &&
      !converted.has(param.name) &&
      !isHarmless(type) &&
      !isInjected(type) &&
      harmlessIn(fn, match, index) !== 'all'
    ) {
      outside = [
        taintItem(
          sourceOrigin(
            frame,
            param,
            handler.level,
            isOneSegment(match.route, param.name)
              ? 'a segment of the path'
              : (partDeclared([param.default, param.annotation]) ??
                  handler.othersWhat ??
                  `a parameter of the ${handler.what}`),
            harmlessIn(fn, match, index) === 'path' ? ['path'] : handler.othersMarks,
          ),
        ),
      ];
      outside = cleaned(
        outside,
        kindsDeclared(frame, [param.default, param.annotation]).with(passed?.clean ?? KindSet.none),
      );
    }
  } else if (!type && index === 0 && param.name === 'request' && isDjangoRequest(frame, fn)) {
    type = frame.program.api.lookup('django.http.HttpRequest');
  } else if (!type && index === 1 && fn.isBound && param.name === 'request' && isDjangoRequest(frame, fn)) {
    type = frame.program.api.lookup('django.http.HttpRequest');
  }
  if (isHarmless(type) && outside.length === 0) {
    return makeValue({ kind: 'parameter', origin, type }, NO_TAINT);
  }
  return makeValue({ kind: 'parameter', origin, type }, joinTaint([taintItem(origin)], outside));
}

/**
 * `request: ChatRequest`: where the name alone says what the framework fills a parameter with, a class of the project's
 * own says better.
 */
function isAnother({ at, type: filler }: HandlerParameter, type: Type | null): boolean {
  return at.position === undefined && type instanceof ClassInfo && !type.isA(filler);
}

/** What the framework fills a parameter with can do no harm, or no harm as a path; its name says so where it is unknown. */
function harmlessIn(fn: FunctionInfo, { handler, inputs }: HandlerMatch, index: number): 'all' | 'path' | '' {
  if (!handler.harmless) return '';
  let position = 0;
  for (let i = fn.isBound ? 1 : 0; i < index; i++) if (!isInjected(fn.types.get(i) ?? null)) position++;
  const filler = inputs?.[position];
  if (!filler) return handler.harmless.names.test(fn.params[index]!.name) ? 'all' : '';
  if (handler.harmless.inputs.test(filler)) return 'all';
  return handler.harmless.withFiles.test(filler) ? 'path' : '';
}

/** The class that an attribute of the function's class names: `form_class = LoginForm`. */
function heldClass({ owner }: FunctionInfo, attribute: string | undefined): ClassInfo | null {
  const shape = attribute === undefined ? undefined : owner?.member(attribute)?.value.shape;
  return shape?.kind === 'class' ? shape.cls : null;
}

/** A parameter called `request` is Django's where Django is imported, or where it is asked for `request.GET`. */
function isDjangoRequest(frame: Frame, fn: FunctionInfo): boolean {
  return (
    importsDjango(frame) ||
    /\brequest\.(?:GET|POST|META|COOKIES|FILES)\b/.test(fn.module.text.slice(fn.node.start, fn.node.end))
  );
}

function importsDjango(frame: Frame): boolean {
  for (const name of frame.module.imported)
    if (name === 'django' || name.startsWith('django.') || name.startsWith('rest_framework')) return true;
  return false;
}

/** Parameters that the framework fills itself: the request and response objects. */
function isInjected(type: Type | null): boolean {
  if (!type || type instanceof ClassInfo) return false;
  return type.path !== '' && !/^(builtins|typing|pydantic|collections)\./.test(type.path);
}

function contextKey(known: KnownArguments): string {
  return [...known]
    .map(([index, value]) => {
      if (value instanceof ClassInfo) return `${index}:${value.path}`;
      const { shape } = value;
      switch (shape.kind) {
        case 'constant':
          return `${index}=${typeof shape.value}:${shape.value}`;
        case 'function':
          return `${index}=${shape.fn.module.path}:${shape.fn.node.start}:${shape.closure?.id ?? ''}`;
        case 'class':
          return `${index}=${shape.cls.path}`;
        case 'api':
        case 'instance':
          return `${index}=${shape.node.path}`;
        case 'module':
          return `${index}=${shape.module.path}`;
        default:
          return `${index}`;
      }
    })
    .join(',');
}

/** What a caller of a public function passes reaches sinks: for the rules that speak of a library's input. */
function reachFromCallers(frame: Frame, fn: FunctionInfo): void {
  const { collector } = frame.program;
  if (fn.module.role !== 'production' || /(^|\.)_|<lambda>/.test(fn.symbol)) return;
  for (const { kind, origin, steps, value, site } of frame.sinks) {
    const param = fn.params[origin.index];
    if (!collector.asksForCallers(kind) || !param || origin.activation !== frame.activation) continue;
    const source = sourceOrigin(frame, param, 'caller', `a parameter of ${fn.name}`);
    collector.flow(frame, { kind, source, steps, value, site });
  }
}
