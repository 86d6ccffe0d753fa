/**
 * Abstract values: what the engine believes a variable can hold at one place. A value is a shape (what it is) and
 * taint (what outside input is in it). Values are immutable; mutable containers and instances live in the heap of a
 * `State` and are values of the shape `object`.
 */
import type { ApiNode } from '../libraries/api.ts';
import type { Call, Expression, Node } from '../syntax/ast.ts';
import { KindSet, type Mark, type SourceLevel } from './kinds.ts';
import type { ClassInfo, FunctionInfo, ModuleInfo } from './program.ts';

export type ConstantValue = string | number | boolean | null;

export type Shape =
  | { readonly kind: 'unknown' }
  | { readonly kind: 'constant'; readonly value: ConstantValue; readonly bytes: boolean }
  /** A text of which parts are known; `\0` stands for each unknown part, `PLAIN` for a number or one of a few constants. */
  | { readonly kind: 'text'; readonly template: string }
  /** One of a few; never nested. */
  | { readonly kind: 'choice'; readonly options: readonly Shape[] }
  /** A member of a library: module, class, function or constant. */
  | { readonly kind: 'api'; readonly node: ApiNode; readonly receiver: Value | null }
  /** An instance of a library's class, or whatever the call of a library's function returns. */
  | { readonly kind: 'instance'; readonly node: ApiNode; readonly madeBy: CallRecord | null }
  | { readonly kind: 'module'; readonly module: ModuleInfo }
  | {
      readonly kind: 'function';
      readonly fn: FunctionInfo;
      readonly closure: Activation | null;
      readonly self: Value | null;
    }
  /** Something imported from a file of the project that is not read before it is needed. */
  | { readonly kind: 'import'; readonly resolve: () => Value }
  | { readonly kind: 'class'; readonly cls: ClassInfo }
  | { readonly kind: 'object'; readonly id: number }
  | { readonly kind: 'tuple'; readonly elements: readonly Value[] }
  /** Whatever the caller passes: parameter `index` of the function under analysis, and the way into it. */
  | {
      readonly kind: 'parameter';
      readonly origin: ParameterOrigin;
      /** The class that an annotation or the enclosing class promises. */
      readonly type: ClassInfo | ApiNode | null;
    }
  | {
      readonly kind: 'partial';
      readonly callee: Value;
      readonly positional: readonly Value[];
      readonly keywords: ReadonlyMap<string, Value>;
      /** Made by `partialmethod`: in a class it becomes a method. */
      readonly isMethod?: boolean;
    }
  | { readonly kind: 'super'; readonly cls: ClassInfo; readonly self: Value }
  /** A bound method of something that is not an instance of a known class: `text.join`. */
  | { readonly kind: 'method'; readonly receiver: Value; readonly name: string };

export interface Value {
  readonly shape: Shape;
  readonly taint: Taint;
}

/** A call of a library function that made an instance, with what was passed. */
export interface CallRecord {
  readonly node: Call;
  /** The full path of what was called. */
  readonly callee: string;
  readonly module: ModuleInfo;
  /** What it was called on, if it is a method. */
  readonly receiver: Value | null;
  readonly positional: readonly Value[];
  readonly keywords: ReadonlyMap<string, Value>;
}

/** At most a handful of items, each with another origin. */
export type Taint = readonly TaintItem[];

export interface TaintItem {
  readonly origin: Origin;
  /** Kinds of sink that it is clean for, and what else was established of it. */
  readonly clean: KindSet;
  readonly steps: Step | null;
}

export type Origin = SourceOrigin | ParameterOrigin;

/** Outside input, at the expression where it enters. */
export interface SourceOrigin {
  readonly type: 'source';
  readonly level: SourceLevel;
  readonly what: string;
  readonly module: ModuleInfo;
  readonly node: Node;
  readonly marks: KindSet;
}

/** Paths of parameters are no longer than this. */
export const MAX_PATH = 3;

/** A parameter, or a part of one. Interned: the same parameter and path are the same object. */
export class ParameterOrigin {
  readonly type = 'parameter';
  readonly activation: Activation;
  readonly index: number;
  /** Attributes (`.name`) and keys (`[key]`) from the parameter to the part, at most `MAX_PATH`. */
  readonly path: readonly string[];
  private parts: Map<string, ParameterOrigin> | null = null;

  constructor(activation: Activation, index: number, path: readonly string[]) {
    this.activation = activation;
    this.index = index;
    this.path = path;
  }

  /** One attribute or key further; paths stop growing at `MAX_PATH`. */
  part(key: string): ParameterOrigin {
    if (this.path.length >= MAX_PATH) return this;
    this.parts ??= new Map();
    let part = this.parts.get(key);
    if (!part) {
      part = new ParameterOrigin(this.activation, this.index, [...this.path, key]);
      this.parts.set(key, part);
    }
    return part;
  }
}

/** One step of a flow; a chain that leads back to where the value came from. */
export interface Step {
  readonly module: ModuleInfo;
  readonly node: Node;
  readonly what: 'assigned' | 'passed' | 'returned' | 'stored' | 'combined';
  readonly prev: Step | null;
  readonly length: number;
}

/**
 * One way of running a function: with parameters as symbols, or some of them known. Nested functions belong to the
 * activation of the function around them and see its variables through `cells`.
 */
export class Activation {
  readonly fn: FunctionInfo | null;
  readonly parent: Activation | null;
  /** What the variables that nested functions use have held so far. */
  readonly cells = new Map<string, Value>();
  private readonly origins: ParameterOrigin[] = [];
  readonly id: number;
  private static count = 0;

  constructor(fn: FunctionInfo | null, parent: Activation | null) {
    this.fn = fn;
    this.parent = parent;
    this.id = Activation.count++;
  }

  origin(index: number): ParameterOrigin {
    this.origins[index] ??= new ParameterOrigin(this, index, []);
    return this.origins[index];
  }
}

export const NO_TAINT: Taint = [];
const UNKNOWN_SHAPE: Shape = { kind: 'unknown' };
export const UNKNOWN: Value = { shape: UNKNOWN_SHAPE, taint: NO_TAINT };
export const NONE: Value = constant(null);
export const TRUE: Value = constant(true);
export const FALSE: Value = constant(false);
export const EMPTY_TEXT: Value = constant('');

/** Longest text that is kept; longer ones are cut and end in a hole. */
const MAX_TEMPLATE = 4000;
const MAX_TAINT = 5;
const MAX_CHOICES = 6;

export function constant(value: ConstantValue, bytes = false): Value {
  return { shape: { kind: 'constant', value, bytes }, taint: NO_TAINT };
}

export function bool(value: boolean | undefined): Value {
  return value === undefined ? UNKNOWN : value ? TRUE : FALSE;
}

export function makeValue(shape: Shape, taint: Taint = NO_TAINT): Value {
  return { shape, taint };
}

/** In the template of a text: a number or one of a few constants, where nobody can put a text of his own. */
export const PLAIN = '\uE000';

/** Something unknown that carries taint. */
export function tainted(taint: Taint): Value {
  return taint.length === 0 ? UNKNOWN : { shape: UNKNOWN_SHAPE, taint };
}

export function withTaint(value: Value, taint: Taint): Value {
  return value.taint === taint ? value : { shape: value.shape, taint };
}

/** A text with holes; a text without is a constant. */
export function textOf(template: string, taint: Taint = NO_TAINT): Value {
  if (template === '\0') return tainted(taint);
  const cut = template.length > MAX_TEMPLATE ? `${template.slice(0, MAX_TEMPLATE)}\0` : template;
  return cut.includes('\0') || cut.includes(PLAIN)
    ? { shape: { kind: 'text', template: cut }, taint }
    : { shape: { kind: 'constant', value: cut, bytes: false }, taint };
}

/** The known text of a value with `\0` for what is unknown; undefined where it is not known to be text. */
export function templateOf(value: Value): string | undefined {
  const { shape } = value;
  if (shape.kind === 'constant') return typeof shape.value === 'string' ? shape.value : undefined;
  return shape.kind === 'text' ? shape.template.replaceAll(PLAIN, '\0') : undefined;
}

/** The constant that a value is, or undefined. */
export function constantOf(value: Value): ConstantValue | undefined {
  return value.shape.kind === 'constant' ? value.shape.value : undefined;
}

/** Whether Python would take the value for true; undefined when that is not known. */
export function truth(value: Value): boolean | undefined {
  const { shape } = value;
  switch (shape.kind) {
    case 'constant':
      return shape.value !== null && shape.value !== false && shape.value !== 0 && shape.value !== '';
    case 'text':
      return /[^\0\uE000]/.test(shape.template) ? true : undefined;
    case 'function':
    case 'class':
    case 'module':
    case 'partial':
      return true;
    case 'tuple':
      return shape.elements.length > 0;
    case 'choice': {
      const first = truth({ shape: shape.options[0]!, taint: NO_TAINT });
      if (first === undefined) return undefined;
      return shape.options.every((option) => truth({ shape: option, taint: NO_TAINT }) === first)
        ? first
        : undefined;
    }
    default:
      return undefined;
  }
}

export function taintItem(origin: Origin, steps: Step | null = null): TaintItem {
  return { origin, clean: origin.type === 'source' ? origin.marks : KindSet.none, steps };
}

/** Both taints; of the same origin what is clean in both stays clean. */
export function joinTaint(a: Taint, b: Taint): Taint {
  if (a === b || b.length === 0) return a;
  if (a.length === 0) return b;
  let out: TaintItem[] | null = null;
  for (const item of b) {
    const items: readonly TaintItem[] = out ?? a;
    const at = items.findIndex((other) => other.origin === item.origin);
    if (at < 0) {
      if (items.length >= MAX_TAINT) {
        // Remote sources and parameters matter most: they take the place of weaker ones.
        const weaker = items.findIndex((other) => weight(other.origin) < weight(item.origin));
        if (weaker < 0) continue;
        out = [...items];
        out[weaker] = item;
      } else {
        out = [...items, item];
      }
      continue;
    }
    const other = items[at]!;
    const clean = other.clean.and(item.clean);
    if (clean !== other.clean) {
      out = out ?? [...items];
      out[at] = clean === item.clean ? item : { ...other, clean };
    }
  }
  return out ?? a;
}

function weight(origin: Origin): number {
  if (origin.type === 'parameter') return 3;
  return origin.level === 'remote' ? 4 : origin.level === 'stored' ? 2 : 1;
}

/** The taint with these kinds clean. */
export function cleaned(taint: Taint, kinds: KindSet): Taint {
  if (taint.length === 0 || kinds === KindSet.none) return taint;
  if (kinds === KindSet.all) return NO_TAINT;
  return taint.map((item) => ({ ...item, clean: item.clean.with(kinds) }));
}

/** The taint as it came in: nothing that was established of it holds any more. */
export function uncleaned(taint: Taint): Taint {
  return taint.map((item) => ({
    ...item,
    clean: item.origin.type === 'source' ? item.origin.marks : KindSet.none,
  }));
}

/** The taint with a mark taken away again: what was checked no longer holds after the value changed. */
export function unmarked(taint: Taint, ...marks: Mark[]): Taint {
  const set = KindSet.of(...marks);
  return taint.some((item) => item.clean.without(set) !== item.clean)
    ? taint.map((item) => ({ ...item, clean: item.clean.without(set) }))
    : taint;
}

const MAX_STEPS = 24;

/** The taint with one more step on its way. */
export function stepped(taint: Taint, module: ModuleInfo, node: Node, what: Step['what']): Taint {
  if (taint.length === 0) return taint;
  return taint.map((item) => {
    const prev = item.steps;
    if (prev && (prev.node === node || prev.length >= MAX_STEPS)) return item;
    return { ...item, steps: { module, node, what, prev, length: (prev?.length ?? 0) + 1 } };
  });
}

export function sameShape(a: Shape, b: Shape): boolean {
  if (a === b) return true;
  if (a.kind !== b.kind) return false;
  switch (a.kind) {
    case 'unknown':
      return true;
    case 'constant':
      return a.value === (b as typeof a).value && a.bytes === (b as typeof a).bytes;
    case 'text':
      return a.template === (b as typeof a).template;
    case 'api':
      return a.node.path === (b as typeof a).node.path && a.receiver === (b as typeof a).receiver;
    case 'instance':
      return a.node.path === (b as typeof a).node.path && a.madeBy?.node === (b as typeof a).madeBy?.node;
    case 'module':
      return a.module === (b as typeof a).module;
    case 'function':
      return (
        a.fn === (b as typeof a).fn &&
        a.closure === (b as typeof a).closure &&
        a.self === (b as typeof a).self
      );
    case 'import':
      return a.resolve === (b as typeof a).resolve;
    case 'class':
      return a.cls === (b as typeof a).cls;
    case 'object':
      return a.id === (b as typeof a).id;
    case 'parameter':
      return a.origin === (b as typeof a).origin && a.type === (b as typeof a).type;
    case 'tuple': {
      const other = b as typeof a;
      return (
        a.elements.length === other.elements.length &&
        a.elements.every((element, i) => sameValue(element, other.elements[i]!))
      );
    }
    case 'choice': {
      const other = b as typeof a;
      return (
        a.options.length === other.options.length &&
        a.options.every((option, i) => sameShape(option, other.options[i]!))
      );
    }
    case 'super':
      return a.cls === (b as typeof a).cls;
    case 'method':
      return a.name === (b as typeof a).name && sameValue(a.receiver, (b as typeof a).receiver);
    case 'partial':
      return (
        sameValue(a.callee, (b as typeof a).callee) &&
        a.positional.length === (b as typeof a).positional.length
      );
  }
}

function sameTaint(a: Taint, b: Taint): boolean {
  return (
    a === b ||
    (a.length === b.length &&
      a.every((item, i) => item.origin === b[i]!.origin && item.clean === b[i]!.clean))
  );
}

export function sameValue(a: Value, b: Value): boolean {
  return a === b || (sameTaint(a.taint, b.taint) && sameShape(a.shape, b.shape));
}

/** The value behind an import, read now. */
export function resolved(value: Value): Value {
  const { shape } = value;
  if (shape.kind === 'import') return resolved(shape.resolve());
  if (shape.kind === 'choice' && shape.options.some((option) => option.kind === 'import')) {
    return joinAll(shape.options.map((option) => resolved({ shape: option, taint: value.taint })));
  }
  return value;
}

/** What is either of the two. */
export function join(a: Value, b: Value): Value {
  if (a === b) return a;
  const shape = joinShape(a.shape, b.shape);
  const taint = joinTaint(a.taint, b.taint);
  if (shape === a.shape && taint === a.taint) return a;
  if (shape === b.shape && taint === b.taint) return b;
  return { shape, taint };
}

export function joinAll(values: readonly Value[]): Value {
  return values.length === 0 ? UNKNOWN : values.reduce(join);
}

function joinShape(a: Shape, b: Shape): Shape {
  if (sameShape(a, b)) return a;
  // Most joins are of two things of one shape each.
  if (a.kind !== 'choice' && b.kind !== 'choice' && !areAlike(a, b))
    return { kind: 'choice', options: [a, b] };
  if (a.kind === 'tuple' && b.kind === 'tuple' && areAlike(a, b)) {
    return { kind: 'tuple', elements: a.elements.map((element, i) => join(element, b.elements[i]!)) };
  }
  // A value that is unknown on one path is unknown, but `None` beside a known thing leaves the thing visible.
  let known = optionsOf(a);
  const added: Shape[] = [];
  for (const option of optionsOf(b)) {
    if (known.some((other) => sameShape(other, option))) continue;
    const like = option.kind === 'tuple' ? known.findIndex((other) => areAlike(other, option)) : -1;
    if (like >= 0) known = known.with(like, joinShape(known[like]!, option));
    else added.push(option);
  }
  if (added.length === 0 && known === optionsOf(a)) return a;
  const options = [...known, ...added];
  if (options.length > MAX_CHOICES) return UNKNOWN_SHAPE;
  return { kind: 'choice', options };
}

/** Tuples of one length: their elements are joined place by place. */
function areAlike(a: Shape, b: Shape): boolean {
  return a.kind === 'tuple' && b.kind === 'tuple' && a.elements.length === b.elements.length;
}

/** The shapes that a shape can be: itself, or the options of a choice. */
export function optionsOf(shape: Shape): readonly Shape[] {
  return shape.kind === 'choice' ? shape.options : [shape];
}

/** An argument list as evaluated: `*args` and `**kwargs` of known content are spread, `extra` is the join of the rest. */
export interface Arguments {
  readonly positional: readonly Value[];
  readonly keywords: ReadonlyMap<string, Value>;
  /** What unknown `*args` may bring. */
  readonly extraPositional: Value | null;
  /** What unknown `**kwargs` may bring. */
  readonly extraKeywords: Value | null;
  /** The expression of each argument, for quoting and for guards; the same order and names. */
  readonly positionalNodes: readonly Expression[];
  readonly keywordNodes: ReadonlyMap<string, Expression>;
  /** What a generator is sent in exchange for what it yields; see `generators.ts`. */
  readonly sent?: Value;
}

export const NO_KEYWORDS: ReadonlyMap<string, Value> = new Map();
export const NO_KEYWORD_NODES: ReadonlyMap<string, Expression> = new Map();

export const NO_ARGUMENTS: Arguments = {
  positional: [],
  keywords: NO_KEYWORDS,
  extraPositional: null,
  extraKeywords: null,
  positionalNodes: [],
  keywordNodes: NO_KEYWORD_NODES,
};

/** Positional arguments that one expression stands for. */
export function argumentsOf(positional: readonly Value[], node: Node): Arguments {
  return { ...NO_ARGUMENTS, positional, positionalNodes: positional.map(() => node as Expression) };
}
