/** What is known of the code as a whole: its modules, classes and functions, made as the analysis meets them. */
import type { ApiIndex, ApiNode } from '../libraries/api.ts';
import type { Handler, Sink } from '../libraries/library.ts';
import type { ModulePaths } from '../names/module-paths.ts';
import { type Scope, scopeOf } from '../names/scope.ts';
import type { FileProblem, FileRole, Limits, Project } from '../project.ts';
import type { Rule } from '../rules/rule.ts';
import type { CallView, ClassView, FunctionView, ModuleView } from '../rules/views.ts';
import type { ClassDef, FunctionDef, Lambda, Module, Node, Parameter, Statement } from '../syntax/ast.ts';
import type { LineIndex } from '../syntax/lines.ts';
import type { Collector } from './collector.ts';
import { NO_ENTRIES } from './empty.ts';
import type { Probe } from './inspect.ts';
import type { KindSet, SinkKind } from './kinds.ts';
import type { HeapObject, State } from './state.ts';
import {
  type Activation,
  join,
  type ParameterOrigin,
  type SourceOrigin,
  type Step,
  type Taint,
  type Value,
} from './values.ts';

/** Raised when a file has used up its steps; caught where a file or function is begun. */
export class OutOfSteps extends Error {}

/** One analysis of one version of a repository. */
export interface Program {
  readonly project: Project;
  readonly api: ApiIndex;
  readonly rules: readonly Rule[];
  readonly limits: Limits;
  readonly paths: ModulePaths;
  readonly collector: Collector;
  /** The module in a file, parsed when first asked for; null where it cannot be had. */
  load(path: string): ModuleInfo | null;
  /** A fresh id for a heap object. */
  nextObject(): number;
  /** Lists, dicts and instances made by module and class bodies, by heap id; functions see them. */
  readonly heap: Map<number, HeapObject>;
  /** The class and attribute that keeps an object of the heap. */
  readonly owners: Map<number, { readonly cls: ClassInfo; readonly name: string }>;
  /** Outside input by the expression where it enters; see sources.ts. */
  readonly origins: WeakMap<Node, SourceOrigin[]>;
  /** Counts one step of work; throws `OutOfSteps` when the file's are used up. */
  step(): void;
  /** How rules see modules, functions and classes. */
  readonly views: Views;
  /** Listens in on one line, for `scan --debug-flow`; null in every review. */
  readonly probe: Probe | null;
  /** How deep imports under way are nested. */
  importDepth: number;
  /** How deep runs of functions are nested. */
  depth: number;
  /** How deep calls are nested whose summary is being applied, since the last run began. */
  applied: number;
}

export interface Views {
  module(info: ModuleInfo): ModuleView;
  function(fn: FunctionInfo): FunctionView;
  class(cls: ClassInfo): ClassView;
}

export class ModuleInfo {
  readonly path: string;
  /** Dotted, as it is imported. */
  readonly name: string;
  readonly text: string;
  readonly node: Module;
  readonly lines: LineIndex;
  readonly role: FileRole;
  /** Whether its body has been interpreted. */
  status: 'fresh' | 'running' | 'done' = 'fresh';
  /** The variables at module level; the final ones when `status` is done. */
  state: State | null = null;
  /** What functions assigned to globals. */
  readonly globalWrites = new Map<string, Value>();
  /** What names meant that are imported again further down, and up to where. */
  readonly earlierImports = new Map<string, { readonly value: Value; readonly until: number }>();
  readonly problems: FileProblem[] = [];
  readonly functions = new Map<Node, FunctionInfo>();
  readonly classes = new Map<Node, ClassInfo>();
  /** Classes that calls such as `namedtuple('Point', 'x y')` make. */
  readonly namedTuples = new Map<Node, ClassInfo>();
  /** Top-level definitions by name, for imports in a circle. */
  readonly definitions = new Map<string, FunctionDef | ClassDef>();
  /** Full names of everything that is imported anywhere in the file. */
  readonly imported = new Set<string>();

  constructor(path: string, name: string, text: string, node: Module, lines: LineIndex, role: FileRole) {
    this.path = path;
    this.name = name;
    this.text = text;
    this.node = node;
    this.lines = lines;
    this.role = role;
    for (const statement of node.body) {
      if (statement.kind === 'FunctionDef' || statement.kind === 'ClassDef')
        this.definitions.set(statement.name, statement);
    }
  }

  get isPackage(): boolean {
    return /(^|\/)__init__\.pyi?$/.test(this.path);
  }
}

export type Decoration = 'none' | 'classmethod' | 'staticmethod' | 'property';

/** A function that a framework calls, and how. */
export interface HandlerMatch {
  readonly handler: Handler;
  /** The route's text, for its converters; '' when unknown. */
  readonly route: string;
  /** The last names of the classes of what fills the parameters, in their order; '' for one that is not known. */
  readonly inputs?: readonly string[];
  /** Of a function inside another: the runs of that one whose function was registered; others are no handlers. */
  readonly closures?: Set<Activation>;
}

/** What a generic function calls for a first argument of one of these types; null for a type that is not known. */
export interface Implementation {
  readonly types: readonly (ClassInfo | ApiNode | null)[];
  readonly shape: Extract<Value['shape'], { kind: 'function' }>;
}

/** The arguments of a call by parameter; undefined where it is not known that there is one. */
export type WatchedCall = readonly (Value | undefined)[];

/** What reaches a parameter of a handler through the decorators around it. */
export interface Passed {
  /** What they have established of it. */
  readonly clean: KindSet;
  /** The outside input in what they give of their own; null where they hand on what they were given. */
  readonly own: Taint | null;
}

const COROUTINE = /\.(?:inlineCallbacks|coroutine|engine|ensureDeferred|tasklet)$/;

export class FunctionInfo {
  readonly node: FunctionDef | Lambda;
  readonly module: ModuleInfo;
  /** Dotted from the module's top. */
  readonly symbol: string;
  /** The class whose body it stands in. */
  readonly owner: ClassInfo | null;
  readonly params: readonly Parameter[];
  /** Values of the defaults, by parameter index, from when the definition was executed. */
  defaults: ReadonlyMap<number, Value> = NO_ENTRIES;
  /** What the annotations of the parameters promise, by index. */
  types: ReadonlyMap<number, ClassInfo | ApiNode | null> = NO_ENTRIES;
  returnType: ClassInfo | ApiNode | null = null;
  /** The run of the function around it that defined it last. */
  closure: Activation | null = null;
  decoration: Decoration = 'none';
  /** What is called when a property is assigned to. */
  setter: FunctionInfo | null = null;
  /** Full paths of the decorators as far as known. */
  decorators: readonly string[] = [];
  handler: HandlerMatch | null = null;
  /** The handler that it is by its class or by how it is written; undefined until somebody asks. */
  impliedHandler: HandlerMatch | null | undefined = undefined;
  /** By closure and context; see `summaries.ts`. */
  readonly summaries = new Map<string, Summary | 'running'>();
  /** What decorators of the project put around it, from the inside out; empty once that was looked into. */
  wrappers: readonly Extract<Value['shape'], { kind: 'function' }>[] = [];
  /** Whether its calls by the wrappers are being looked for. */
  isWatched = false;
  /** What the wrappers make of the parameters whenever they call the function, by index. */
  passed: readonly Passed[] | null = null;
  /** Of a generic function: what is called in its place for an argument of these types; null of all others. */
  implementations: Implementation[] | null = null;
  /** How many runs of it are under way: more than one where it calls itself. */
  running = 0;
  private bound: Scope | null = null;
  private nested: boolean | null = null;
  private generator: boolean | null = null;

  constructor(node: FunctionDef | Lambda, module: ModuleInfo, symbol: string, owner: ClassInfo | null) {
    this.node = node;
    this.module = module;
    this.symbol = symbol;
    this.owner = owner;
    this.params = node.params;
  }

  get name(): string {
    return this.node.kind === 'Lambda' ? '<lambda>' : this.node.name;
  }

  get body(): readonly Statement[] {
    return this.node.kind === 'Lambda' ? [] : this.node.body;
  }

  get scope(): Scope {
    this.bound ??= scopeOf(this.params, this.body);
    return this.bound;
  }

  /** Whether functions, lambdas or comprehensions inside may see its variables. */
  get hasNested(): boolean {
    this.nested ??= /\bdef\b|\blambda\b/.test(this.module.text.slice(this.node.start + 3, this.node.end));
    return this.nested;
  }

  get isGenerator(): boolean {
    this.generator ??= /\byield\b/.test(this.module.text.slice(this.node.start, this.node.end));
    return this.generator;
  }

  /** Whether what it yields is waited for, and what it returns is its result: before `async` there was this. */
  get isCoroutine(): boolean {
    return this.decorators.some((path) => COROUTINE.test(path));
  }

  /** The same function as a property of its own. */
  asProperty(setter: FunctionInfo | null): FunctionInfo {
    const { node, module, symbol, owner } = this;
    const property = new FunctionInfo(node, module, symbol, owner);
    property.defaults = this.defaults;
    property.types = this.types;
    property.returnType = this.returnType;
    property.closure = this.closure;
    property.decoration = 'property';
    property.setter = setter;
    return property;
  }

  /** Whether the first parameter is the instance or the class. */
  get isBound(): boolean {
    return this.owner !== null && this.decoration !== 'staticmethod' && this.params.length > 0;
  }
}

export class ClassInfo {
  readonly node: ClassDef;
  readonly module: ModuleInfo;
  readonly symbol: string;
  /** The full dotted name. */
  readonly path: string;
  bases: readonly Value[] = [];
  decorators: readonly string[] = [];
  /** The class of the class, where that is one of the project. */
  metaclass: ClassInfo | null = null;
  readonly members = new Map<string, Value>();
  /** What methods assign to attributes of the instance, whatever the order of calls. */
  readonly attributes = new Map<string, Value>();
  /** What a caller of a method assigned last. */
  readonly lastStored = new Map<string, Value>();
  /** Ids of the objects that its attributes hold, by attribute and place in it. */
  readonly objects = new Map<string, number>();
  /** What annotations in the class body promise of attributes. */
  readonly fields = new Map<string, ClassInfo | ApiNode>();
  /** Functions that read an attribute of its instances before all of the class was seen. */
  private readonly readers = new Map<string, Set<FunctionInfo>>();
  /** Those in its order that library data speaks of; null until somebody asks. */
  described: readonly ApiNode[] | null = null;
  /** By attribute: the classes, this one and those derived from it, of which functions have read it. */
  private readonly readOf = new Map<string, ClassInfo[]>();
  private order: readonly (ClassInfo | ApiNode)[] | null = null;
  private ownOrder: readonly ClassInfo[] | null = null;
  private readonly found = new Map<string, Member | null>();
  private readonly inherited = new Map<string, ApiNode | null>();
  /** Up to which change of any class what was found holds. */
  private foundUntil = 0;
  /** How often a member or the bases of any class have changed. */
  private static changes = 0;

  constructor(node: ClassDef, module: ModuleInfo, symbol: string) {
    this.node = node;
    this.module = module;
    this.symbol = symbol;
    this.path = `${module.name}.${symbol}`;
  }

  get name(): string {
    return this.node.name;
  }

  /** The class and its bases in the order in which attributes are looked up; C3, or depth first where that fails. */
  get lookupOrder(): readonly (ClassInfo | ApiNode)[] {
    if (!this.order) {
      this.order = [this];
      this.order = linearise(this);
    }
    return this.order;
  }

  /** Those of its order that are classes of the project. */
  get projectOrder(): readonly ClassInfo[] {
    this.ownOrder ??= this.lookupOrder.filter((base) => base instanceof ClassInfo);
    return this.ownOrder;
  }

  /** For when the bases are known. */
  setBases(bases: readonly Value[]): void {
    this.bases = bases;
    this.order = null;
    this.ownOrder = null;
    this.described = null;
    ClassInfo.changes++;
  }

  define(name: string, value: Value): void {
    if (this.members.get(name) === value) return;
    this.members.set(name, value);
    ClassInfo.changes++;
  }

  /** Whether it is or derives from the class with the full path. */
  isA(path: string): boolean {
    for (const cls of this.lookupOrder)
      if (cls instanceof ClassInfo ? cls.path === path : cls.isA(path)) return true;
    return false;
  }

  /** Whether its instances are tuples whose places have names. */
  get isNamedTuple(): boolean {
    return this.isA('typing.NamedTuple');
  }

  /** A class attribute or method, own or inherited from a class of the project. */
  member(name: string): Member | undefined {
    return this.lookUp(this.found, name, findMember);
  }

  /** What data of a library says of a member that a class of the library among the bases has. */
  libraryMember(name: string): ApiNode | undefined {
    return this.lookUp(this.inherited, name, findLibraryMember);
  }

  /** Looks a name up once, as long as no class changes. */
  private lookUp<T>(
    known: Map<string, T | null>,
    name: string,
    find: (cls: ClassInfo, name: string) => T | null,
  ): T | undefined {
    if (this.foundUntil !== ClassInfo.changes) {
      this.found.clear();
      this.inherited.clear();
      this.foundUntil = ClassInfo.changes;
    }
    let member = known.get(name);
    if (member === undefined) {
      member = find(this, name);
      known.set(name, member);
    }
    return member ?? undefined;
  }

  addReader(name: string, fn: FunctionInfo): void {
    const readers = this.readers.get(name);
    if (readers) {
      readers.add(fn);
      return;
    }
    this.readers.set(name, new Set([fn]));
    for (const cls of this.projectOrder) {
      const known = cls.readOf.get(name);
      if (known) known.push(this);
      else cls.readOf.set(name, [this]);
    }
  }

  /** Functions that read an attribute of its instances, or of those of derived classes, before all was seen. */
  *readersOf(name: string): Iterable<FunctionInfo> {
    for (const cls of this.readOf.get(name) ?? []) yield* cls.readers.get(name)!;
  }

  /** Remembers what was assigned to an attribute of an instance. True when that is news. */
  store(name: string, value: Value): boolean {
    const before = this.attributes.get(name);
    const after = before ? join(before, value) : value;
    if (after === before) return false;
    this.attributes.set(name, after);
    return true;
  }
}

/** A class attribute or method, and the class that has it. */
export interface Member {
  readonly value: Value;
  readonly owner: ClassInfo;
}

function findMember(cls: ClassInfo, name: string): Member | null {
  for (const owner of cls.projectOrder) {
    const value = owner.members.get(name);
    if (value) return { value, owner };
  }
  return null;
}

function findLibraryMember(cls: ClassInfo, name: string): ApiNode | null {
  for (const base of cls.lookupOrder) {
    if (base instanceof ClassInfo) continue;
    const member = base.describedMember(name);
    if (member?.isModelled || member?.readSource || member?.holds) return member;
  }
  return null;
}

/** C3 linearisation, https://docs.python.org/3/howto/mro.html. */
function linearise(cls: ClassInfo): readonly (ClassInfo | ApiNode)[] {
  const bases: (ClassInfo | ApiNode)[] = [];
  for (const base of cls.bases) {
    if (base.shape.kind === 'class' && base.shape.cls !== cls) bases.push(base.shape.cls);
    else if (base.shape.kind === 'api') bases.push(base.shape.node);
    else if (base.shape.kind === 'instance') bases.push(base.shape.node);
  }
  const lists: (ClassInfo | ApiNode)[][] = bases.map((base) =>
    base instanceof ClassInfo ? [...base.lookupOrder] : [base],
  );
  lists.push([...bases]);
  const order: (ClassInfo | ApiNode)[] = [cls];
  for (;;) {
    const rest = lists.filter((list) => list.length > 0);
    if (rest.length === 0) return order;
    const head =
      rest.map((list) => list[0]!).find((candidate) => !rest.some((list) => list.indexOf(candidate) > 0)) ??
      rest[0]![0]!;
    order.push(head);
    for (const list of lists) {
      const at = list.indexOf(head);
      if (at >= 0) list.splice(at, 1);
    }
  }
}

/** What a call of a function does, in terms of its parameters. */
export interface Summary {
  readonly returns: Value;
  /** Heap objects that the returned value refers to. */
  readonly objects: ReadonlyMap<number, HeapObject>;
  /** Parameters that reach sinks. */
  readonly sinks: readonly ParameterSink[];
  /** What is stored into parameters. */
  readonly effects: readonly Effect[];
  /** Having returned means that these parameters are clean for these kinds. */
  readonly whenReturned: ReadonlyMap<number, KindSet>;
  /** Having returned something true (false) means the same. */
  readonly whenTrue: ReadonlyMap<number, KindSet>;
  readonly whenFalse: ReadonlyMap<number, KindSet>;
  /** What it raises, as far as anything of that is known; null when nothing is. */
  readonly raises: Value | null;
  readonly neverReturns: boolean;
  /** Parameters whose very value matters: called, compared, asked for by a rule. */
  readonly sensitive: ReadonlySet<number>;
  /** Members that were looked up in the classes of parameters. */
  readonly dispatches: ReadonlyMap<string, Dispatch>;
  /** The arguments of the calls of a function that is watched. */
  readonly watched: readonly WatchedCall[];
}

/** A member of the class of a parameter: an argument of a derived class may have another. */
export interface Dispatch {
  readonly index: number;
  readonly name: string;
  /** The class in which it was looked up. */
  readonly type: ClassInfo;
  /** For `super()`: the class behind which the search began. */
  readonly behind: ClassInfo | null;
}

export interface ParameterSink {
  readonly kind: SinkKind;
  readonly origin: ParameterOrigin;
  readonly clean: KindSet;
  readonly steps: Step | null;
  /** The value at the sink, in terms of the parameters. */
  readonly value: Value;
  /** Which elements matter, where the value is a list that only the caller knows. */
  readonly element?: Sink['element'];
  readonly site: SinkSite;
}

/** The place of a sink, and how to speak of it. */
export interface SinkSite {
  readonly module: ModuleInfo;
  readonly fn: FunctionInfo | null;
  /** The argument, or the returned expression. */
  readonly node: Node;
  /** The whole call, where it is one. */
  readonly call: Node | null;
  /** What rules may ask of the call, as it was made where it stands. */
  readonly view?: CallView | undefined;
  /** The library path of what is called; '' for a returned page. */
  readonly path: string;
}

export interface Effect {
  /** A parameter, or an object that the function sees from outside. */
  readonly target: ParameterOrigin | number;
  /** `.name`, `[key]`, or `[]` for some element. */
  readonly key: string;
  /** For `[]`: the key, which the caller may know. */
  readonly index?: Value;
  readonly value: Value;
}

/** A flow from a source to a sink. */
export interface Flow {
  readonly kind: SinkKind;
  readonly source: SourceOrigin;
  readonly steps: Step | null;
  readonly value: Value;
  readonly site: SinkSite;
}
