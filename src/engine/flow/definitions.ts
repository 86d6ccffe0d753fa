/** Executing `def` and `class`: defaults, decorators, bases, bodies; and which functions frameworks will call. */
import type { ApiNode } from '../libraries/api.ts';
import type { Handler, Signature } from '../libraries/library.ts';
import type { ClassDef, Expression, FunctionDef, Lambda } from '../syntax/ast.ts';
import { ownName } from '../syntax/headers.ts';
import { isSelf, typeOfAnnotation, typeOfParameter, typeScope } from './annotations.ts';
import { annotatedDependency } from './dependencies.ts';
import { memberBehind } from './dispatch.ts';
import { withEntry } from './empty.ts';
import { evaluate } from './expressions.ts';
import { Frame } from './frame.ts';
import { callFunction } from './functions.ts';
import { registerDecorated } from './generic-functions.ts';
import {
  ClassInfo,
  type Decoration,
  FunctionInfo,
  type HandlerMatch,
  type ModuleInfo,
  type Program,
} from './program.ts';
import { State } from './state.ts';
import { execute } from './statements.ts';
import {
  Activation,
  argumentsOf,
  constant,
  constantOf,
  makeValue,
  NO_ARGUMENTS,
  UNKNOWN,
  type Value,
} from './values.ts';

/** Makes the value of a `def` or `lambda`. */
export function defineFunction(frame: Frame, node: FunctionDef | Lambda): Value {
  const { module } = frame;
  let fn = module.functions.get(node);
  const isNew = !fn;
  if (!fn) {
    const name = node.kind === 'Lambda' ? '<lambda>' : node.name;
    fn = new FunctionInfo(node, module, frame.symbol ? `${frame.symbol}.${name}` : name, frame.cls);
    module.functions.set(node, fn);
  }
  const scope = isNew && node.kind === 'FunctionDef' ? typeScope(frame, node.typeParameters) : frame;
  fn.params.forEach((param, i) => {
    if (param.default) {
      const value = evaluate(frame, param.default);
      fn.defaults = withEntry(fn.defaults, i, value);
      frame.program.collector.parameterDefault(frame, param, param.default, value);
    }
    if (isNew && param.annotation) {
      const type = typeOfParameter(scope, param);
      fn.types = withEntry(fn.types, i, type && isSelf(type) ? frame.cls : type);
      const dependency = annotatedDependency(frame, param.annotation);
      if (dependency) fn.defaults = withEntry(fn.defaults, i, dependency);
    }
  });
  if (isNew && frame.cls) fn.decoration = IMPLICIT.get(fn.name) ?? 'none';
  if (isNew && node.kind === 'FunctionDef' && node.returns)
    fn.returnType = typeOfAnnotation(scope, node.returns);
  const closure = frame.activation.fn ? frame.activation : null;
  fn.closure = closure;
  let value: Value = makeValue({ kind: 'function', fn, closure, self: null });
  if (node.kind === 'FunctionDef' && node.decorators.length > 0) {
    const paths: string[] = [];
    for (const decorator of [...node.decorators].reverse())
      value = decorate(frame, fn, decorator, value, paths);
    fn.decorators = paths.reverse();
  }
  frame.program.collector.defined(frame, fn, value);
  return value;
}

/** Methods that are bound in another way without a decorator. https://docs.python.org/3/reference/datamodel.html */
const IMPLICIT: ReadonlyMap<string, Decoration> = new Map([
  ['__new__', 'staticmethod'],
  ['__init_subclass__', 'classmethod'],
  ['__class_getitem__', 'classmethod'],
]);

const KEEPS_FUNCTION = new Set([
  'functools.wraps',
  'functools.lru_cache',
  'functools.cache',
  'contextlib.contextmanager',
]);

function decorate(
  frame: Frame,
  fn: FunctionInfo,
  decorator: Expression,
  value: Value,
  paths: string[],
): Value {
  const isCall = decorator.kind === 'Call';
  if (registerDecorated(frame, decorator, value)) return value;
  const callee = evaluate(frame, isCall ? decorator.func : decorator);
  const name = decoratorName(decorator);
  if (callee.shape.kind === 'api' || callee.shape.kind === 'instance') {
    const { node } = callee.shape;
    paths.push(node.path);
    switch (node.path) {
      case 'builtins.classmethod':
        fn.decoration = 'classmethod';
        return value;
      case 'builtins.staticmethod':
        fn.decoration = 'staticmethod';
        return value;
      case 'functools.singledispatch':
      case 'functools.singledispatchmethod':
        fn.implementations ??= [];
        return value;
    }
    // `cached_property` of many libraries, `hybrid_property`, `reify`
    if (/property$|^reify$/.test(node.name) && frame.cls) {
      fn.decoration = 'property';
      return value;
    }
    if (isCall) evaluate(frame, decorator);
    const handler = handlerFor(node, frame, decorator);
    if (handler) fn.handler = handler;
    else if (!node.isModelled && !KEEPS_FUNCTION.has(node.path)) guessHandler(frame, fn, decorator);
    return value;
  }
  if (callee.shape.kind === 'function') {
    const path = `${callee.shape.fn.module.name}.${callee.shape.fn.symbol}`;
    paths.push(path);
    fn.handler ??= handlerFor(frame.program.api.lookup(path), frame, decorator);
    if (/property/i.test(name) && !isCall) {
      fn.decoration = 'property';
      return value;
    }
    const factory = isCall ? evaluate(frame, decorator) : callee;
    if (factory.shape.kind !== 'function') return value;
    const made = callFunction(frame, factory.shape, argumentsOf([value], decorator), decorator);
    // A decorator that gives back something that cannot be followed leaves the function as it was.
    if (made.shape.kind !== 'function') return value;
    if (made.shape.fn !== fn) fn.wrappers = [...fn.wrappers, made.shape];
    return made;
  }
  if (callee.shape.kind === 'method' && (name === 'setter' || name === 'getter' || name === 'deleter')) {
    paths.push(`property.${name}`);
    return value;
  }
  paths.push(callee.shape.kind === 'class' ? callee.shape.cls.path : name ? `?.${name}` : '');
  if (name === 'setter' || name === 'deleter') {
    // `@x.setter`: the name keeps meaning the getter.
    const getter = frame.state.get(fn.name);
    if (name === 'setter' && getter?.shape.kind === 'function') getter.shape.fn.setter = fn;
    return getter ?? value;
  }
  if (isCall) evaluate(frame, decorator);
  guessHandler(frame, fn, decorator);
  return value;
}

function decoratorName(decorator: Expression): string {
  return ownName(decorator.kind === 'Call' ? decorator.func : decorator);
}

function handlerFor(node: ApiNode, frame: Frame, decorator: Expression): HandlerMatch | null {
  const handler = node.decorates.find(({ given }) => !given || isGiven(frame, decorator, given));
  return handler ? { handler, route: routeOf(frame, decorator) } : null;
}

function isGiven(
  frame: Frame,
  decorator: Expression,
  { name, type }: NonNullable<Handler['given']>,
): boolean {
  const keyword = decorator.kind === 'Call' ? decorator.keywords.find((one) => one.name === name) : undefined;
  const shape = keyword && evaluate(frame, keyword.value).shape;
  return shape?.kind === 'api' ? shape.node.isA(type) : shape?.kind === 'class' && shape.cls.isA(type);
}

function routeOf(frame: Frame, decorator: Expression): string {
  if (decorator.kind !== 'Call' || !decorator.args[0]) return '';
  const route = constantOf(evaluate(frame, decorator.args[0]));
  return typeof route === 'string' ? route : '';
}

/** Classes whose objects frameworks call the application; a route decorator of an unknown object is one of theirs. */
const APPLICATIONS = [
  'flask.Flask',
  'flask.Blueprint',
  'quart.Quart',
  'fastapi.FastAPI',
  'fastapi.APIRouter',
  'sanic.Sanic',
  'bottle.Bottle',
  'aiohttp.web.RouteTableDef',
  'starlette.applications.Starlette',
];
const ROUTE_METHODS = new Set([
  'route',
  'get',
  'post',
  'put',
  'patch',
  'delete',
  'websocket',
  'api_route',
  'head',
  'options',
]);

/** `@bp.route('/path')` where `bp` comes from a file that cannot be read. */
function guessHandler(frame: Frame, fn: FunctionInfo, decorator: Expression): void {
  if (fn.handler || decorator.kind !== 'Call' || decorator.func.kind !== 'Attribute') return;
  const method = decorator.func.attr;
  if (!ROUTE_METHODS.has(method) || !routeOf(frame, decorator).startsWith('/')) return;
  for (const application of APPLICATIONS) {
    const framework = application.split('.')[0]!;
    if (!importsFramework(frame.module, framework)) continue;
    const handler = handlerFor(frame.program.api.lookup(`${application}.${method}`), frame, decorator);
    if (handler) {
      fn.handler = handler;
      return;
    }
  }
}

/** Also where a function imports it, which may not have run when its route is defined. */
export function importsFramework(module: ModuleInfo, framework: string): boolean {
  return (
    [...module.imported].some((name) => name === framework || name.startsWith(`${framework}.`)) ||
    (module.text.includes(framework) &&
      new RegExp(`^[ \\t]+(?:from|import)[ \\t]+${framework}\\b`, 'm').test(module.text))
  );
}

/** Executes a class body and makes the value of the class. */
export function defineClass(frame: Frame, node: ClassDef): Value {
  const { module, program } = frame;
  let cls = module.classes.get(node);
  if (cls) return makeValue({ kind: 'class', cls });
  cls = new ClassInfo(node, module, frame.symbol ? `${frame.symbol}.${node.name}` : node.name);
  module.classes.set(node, cls);
  cls.setBases(node.bases.map((base) => evaluate(frame, base.kind === 'Subscript' ? base.value : base)));
  cls.decorators = node.decorators.map((decorator) => {
    const value = evaluate(frame, decorator.kind === 'Call' ? decorator.func : decorator);
    return value.shape.kind === 'api' ? value.shape.node.path : decoratorName(decorator);
  });
  for (const keyword of node.keywords) evaluate(frame, keyword.value);
  const inner = new Frame(
    program,
    module,
    null,
    cls,
    frame.fn ? frame.activation : new Activation(null, null),
    new State(null, program.heap, true),
  );
  inner.outer = typeScope(frame, node.typeParameters);
  execute(inner, node.body);
  for (const [id, object] of inner.state.objects()) program.heap.set(id, object);
  for (const [name, value] of inner.state.names()) {
    if (!cls.members.has(name)) cls.define(name, value);
  }
  for (const statement of node.body) {
    if (statement.kind === 'AnnAssign' && statement.target.kind === 'Name') {
      const type = typeOfAnnotation(inner, statement.annotation);
      if (type) cls.fields.set(statement.target.id, type);
    }
  }
  const value = makeValue({ kind: 'class', cls });
  announce(frame, cls, value);
  return value;
}

/** Tells the classes and functions that hear of each new class: metaclass, bases, decorators. */
function announce(frame: Frame, cls: ClassInfo, value: Value): void {
  const { node } = cls;
  const given = node.keywords.find(({ name }) => name === 'metaclass');
  const shape = given && evaluate(frame, given.value).shape;
  cls.metaclass =
    shape?.kind === 'class'
      ? shape.cls
      : (cls.projectOrder.find((base) => base.metaclass !== null)?.metaclass ?? null);
  if (cls.metaclass) callMetaclass(frame, cls.metaclass, cls, value);
  const hook = memberBehind(cls, cls, '__init_subclass__')?.shape;
  if (hook?.kind === 'function') {
    const options = node.keywords.filter(({ name }) => name !== null && name !== 'metaclass');
    const keywords = new Map(options.map((option) => [option.name!, evaluate(frame, option.value)]));
    const keywordNodes = new Map(options.map((option) => [option.name!, option.value]));
    callFunction(frame, { ...hook, self: value }, { ...NO_ARGUMENTS, keywords, keywordNodes }, node);
  }
  for (const decorator of [...node.decorators].reverse()) {
    const callee = evaluate(frame, decorator.kind === 'Call' ? decorator.func : decorator);
    if (callee.shape.kind !== 'function') continue;
    const taking = decorator.kind === 'Call' ? evaluate(frame, decorator) : callee;
    if (taking.shape.kind === 'function')
      callFunction(frame, taking.shape, argumentsOf([value], decorator), decorator);
  }
}

/** A metaclass makes the class or is told of it. In place of its name it gets the class, which is what `type.__new__` returns. */
function callMetaclass(frame: Frame, metaclass: ClassInfo, cls: ClassInfo, value: Value): void {
  const bases = makeValue({ kind: 'tuple', elements: cls.bases });
  const maker = metaclass.member('__new__')?.value.shape;
  if (maker?.kind === 'function') {
    const meta = makeValue({ kind: 'class', cls: metaclass });
    callFunction(frame, maker, argumentsOf([meta, value, bases, UNKNOWN], cls.node), cls.node);
  }
  const hook = metaclass.member('__init__')?.value.shape;
  if (hook?.kind === 'function') {
    const args = argumentsOf([constant(cls.name), bases, UNKNOWN], cls.node);
    callFunction(frame, { ...hook, self: value }, args, cls.node);
  }
}

/** How a framework calls the function: as decorated or registered, or as a method of a class of the framework. */
export function handlerOf(program: Program, fn: FunctionInfo): HandlerMatch | null {
  if (fn.handler || fn.node.kind === 'Lambda') return fn.handler;
  if (fn.impliedHandler === undefined) fn.impliedHandler = impliedHandler(program, fn);
  return fn.impliedHandler;
}

/** A method of a mixin that a class makes a handler, as it derives from a class of the framework, too. */
export function derivedHandler(program: Program, cls: ClassInfo, fn: FunctionInfo): HandlerMatch | null {
  return handlerOf(program, fn) ? null : handlerByClass(program, cls, fn.name);
}

function handlerByClass(program: Program, cls: ClassInfo, method: string): HandlerMatch | null {
  for (const node of describedBases(program, cls)) {
    const handler = handlerOfBase(node, method, 0);
    if (handler) return { handler, route: '' };
  }
  return null;
}

/** What data speaks of among a class and its bases; asked for each of its methods. */
function describedBases(program: Program, cls: ClassInfo): readonly ApiNode[] {
  cls.described ??= cls.lookupOrder.flatMap((base) =>
    // A framework's own repository defines the class itself, under the same path.
    base instanceof ClassInfo ? (program.api.known(base.path) ?? []) : base,
  );
  return cls.described;
}

/** The handler that a function is by its class, or by how it is written. */
function impliedHandler(program: Program, fn: FunctionInfo): HandlerMatch | null {
  const byClass = fn.owner && handlerByClass(program, fn.owner, fn.name);
  if (byClass) return byClass;
  const handler = program.api.written.find((one) =>
    one.written?.some((signature) => isWrittenAs(fn, signature)),
  );
  return handler ? { handler, route: '' } : null;
}

function isWrittenAs(fn: FunctionInfo, signature: Signature): boolean {
  const { name, parameters, methodOf } = signature;
  const params = fn.isBound ? fn.params.slice(1) : fn.params;
  if (params.length < parameters.length || (name && !name.test(fn.name))) return false;
  if (!parameters.every((pattern, i) => pattern.test(params[i]!.name))) return false;
  if (
    !signature.anyOthers &&
    params.slice(parameters.length).some((param) => param.default === null && param.passing !== 'kwargs')
  )
    return false;
  // The whole file is looked through last, as hardly any function comes so far.
  const { evidence } = signature;
  if (evidence && !evidence.test(fn.module.path) && !evidence.test(fn.module.text)) return false;
  if (signature.isMethod) return fn.owner !== null;
  if (!methodOf) return fn.owner === null || fn.name === '__call__';
  return fn.owner?.lookupOrder.some((base) => base !== fn.owner && methodOf.test(base.name)) ?? false;
}

function handlerOfBase(base: ApiNode, name: string, depth: number): HandlerMatch['handler'] | null {
  for (const handler of base.derives) {
    const { methods } = handler;
    const fits = methods
      ? methods.some((method) =>
          method.endsWith('*') ? name.startsWith(method.slice(0, -1)) : method === name,
        )
      : !name.startsWith('_');
    if (fits) return handler;
  }
  if (depth > 10) return null;
  for (const next of base.bases) {
    const handler = handlerOfBase(next, name, depth + 1);
    if (handler) return handler;
  }
  return null;
}

/** Whether the route's parameter is what stands between two slashes: `<name>`, `<string:name>`, `{name}`. */
export function isOneSegment(route: string, name: string): boolean {
  return [`<${name}>`, `<string:${name}>`, `<str:${name}>`, `<slug:${name}>`, `{${name}}`].some((part) =>
    route.includes(part),
  );
}

/** Names of route parameters that a converter makes harmless: `<int:id>` of Flask and Django, `{id:int}` of Starlette. */
export function convertedParameters(route: string): ReadonlySet<string> {
  const names = new Set<string>();
  for (const match of route.matchAll(
    /<(?:int|float|\w*uuid\w*)(?:\([^)]*\))?:(\w+)>|\{(\w+):(?:int|float|uuid)\}|\(\?P<(\w+)>(?:\\d|\[0-9\])[+*]?(?:\{\d*,?\d*\})?\)/g,
  )) {
    names.add((match[1] ?? match[2] ?? match[3])!);
  }
  return names;
}
