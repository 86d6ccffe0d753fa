/** Library data as a tree of names that the interpreter walks along: `flask` → `request` → `args`. */
import { KindSet } from '../flow/kinds.ts';
import type { CallRule, Rule } from '../rules/rule.ts';
import type {
  ApiPath,
  DuckSink,
  Guard,
  Handler,
  Library,
  Propagator,
  Registration,
  Sanitizer,
  Sink,
  Source,
} from './library.ts';

/** Of what no data speaks there is one node for each path, up to this many: then they are made anew. */
const MOST_MADE = 50_000;

/** A member of a library. Members without data are made on the fly. */
export class ApiNode {
  private static made = new WeakMap<ApiNode, Map<string, ApiNode>>();
  private static madeCount = 0;
  readonly path: string;
  /** Where the node really is, for an alias. */
  private target: ApiNode | null = null;
  private members: Map<string, ApiNode> | null = null;
  /** Classes that it derives from. */
  bases: readonly ApiNode[] = [];
  /** The class of what calling it returns. */
  returns: ApiNode | null = null;
  /** The class of what the attribute holds. */
  holds: ApiNode | null = null;
  /** The class of what iterating or indexing an instance gives. */
  element: ApiNode | null = null;
  /** Calling it ends the path. */
  neverReturns = false;
  readSource: Source | null = null;
  callSources: readonly Source[] = [];
  sinks: readonly Sink[] = [];
  sanitizers: readonly Sanitizer[] = [];
  guards: readonly Guard[] = [];
  propagators: readonly Propagator[] = [];
  /** Handlers that this decorator or base class makes. */
  decorates: readonly Handler[] = [];
  derives: readonly Handler[] = [];
  registers: readonly { readonly handler: Handler; readonly by: Registration }[] = [];
  watchers: readonly { readonly rule: Rule; readonly call: CallRule }[] = [];
  /** Data for every member: paths that end in `.*`. */
  private wildcard: ApiNode | null = null;
  private input: boolean | null = null;

  constructor(path: string) {
    this.path = path;
  }

  /** The last name of the path. */
  get name(): string {
    return this.path.slice(this.path.lastIndexOf('.') + 1);
  }

  /** Whether the library data knows anything of this name or below it. */
  get isModelled(): boolean {
    return this.members !== null;
  }

  private own(name: string): ApiNode | undefined {
    return this.members?.get(name);
  }

  /** The member that data speaks of, here or in a base class. */
  private modelled(name: string, depth = 0): ApiNode | undefined {
    const own = this.own(name);
    if (own) return own;
    if (depth > 12) return undefined;
    for (const base of this.bases) {
      const inherited = base.modelled(name, depth + 1);
      if (inherited) return inherited;
    }
    return undefined;
  }

  /** The member with this name that data speaks of, here or in a base class. */
  modelledMember(name: string): ApiNode | undefined {
    return this.modelled(name)?.resolved();
  }

  /** The same, or what data says of members with any name. */
  describedMember(name: string): ApiNode | undefined {
    return this.modelledMember(name) ?? (this.anyMember() ? this.member(name) : undefined);
  }

  /** The member with this name; one that no data speaks of is made for the occasion. */
  member(name: string): ApiNode {
    return this.modelledMember(name) ?? this.kept(name) ?? this.keep(name, this.unmodelled(name));
  }

  private unmodelled(name: string): ApiNode {
    const made = new ApiNode(`${this.path}.${name}`);
    const wildcard = this.anyMember();
    if (wildcard) {
      made.copyFrom(wildcard);
      made.holds = wildcard.holds;
    }
    return made;
  }

  private kept(name: string): ApiNode | undefined {
    return ApiNode.made.get(this)?.get(name);
  }

  private keep(name: string, made: ApiNode): ApiNode {
    if (++ApiNode.madeCount > MOST_MADE) {
      ApiNode.made = new WeakMap();
      ApiNode.madeCount = 0;
    }
    const members = ApiNode.made.get(this);
    if (members) members.set(name, made);
    else ApiNode.made.set(this, new Map([[name, made]]));
    return made;
  }

  /** What is said of members with any name, here or in a base class. */
  private anyMember(depth = 0): ApiNode | null {
    if (this.wildcard || depth > 12) return this.wildcard;
    for (const base of this.bases) {
      const inherited = base.anyMember(depth + 1);
      if (inherited) return inherited;
    }
    return null;
  }

  /** What a call of it returns an instance of. A class returns its own instances; by convention classes begin with a capital. */
  instanceClass(): ApiNode {
    if (this.returns) return this.returns;
    return /^[A-Z]/.test(this.name) || (this.members !== null && this.bases.length > 0)
      ? this
      : (this.own('()') ?? this.kept('()') ?? this.keep('()', new ApiNode(`${this.path}()`)));
  }

  resolved(): ApiNode {
    return this.target ?? this;
  }

  /** Whether it is, or derives from, the class with the path. */
  isA(path: ApiPath, depth = 0): boolean {
    if (this.path === path) return true;
    if (depth < 12) for (const base of this.bases) if (base.isA(path, depth + 1)) return true;
    return false;
  }

  /** Whether one of its methods gives outside input: of a request, of a socket. */
  get givesInput(): boolean {
    this.input ??=
      [...(this.members?.values() ?? [])].some((member) => member.resolved().callSources.length > 0) ||
      this.bases.some((base) => base.givesInput);
    return this.input;
  }

  private copyFrom(other: ApiNode): void {
    this.returns ??= other.returns;
    this.readSource ??= other.readSource;
    this.callSources = [...this.callSources, ...other.callSources];
    this.sinks = [...this.sinks, ...other.sinks];
    this.sanitizers = [...this.sanitizers, ...other.sanitizers];
    this.guards = [...this.guards, ...other.guards];
    this.propagators = [...this.propagators, ...other.propagators];
    this.watchers = [...this.watchers, ...other.watchers];
  }

  /** For building: what `.*` paths say holds for the members that have data of their own, too. */
  spreadWildcards(): void {
    for (const [name, member] of this.members ?? []) {
      if (this.wildcard && name !== '()' && !member.target) member.copyFrom(this.wildcard);
      member.spreadWildcards();
    }
  }

  /** For building: a member that a class describes anew keeps what its bases say of it besides. */
  inheritFacts(): void {
    for (const [name, member] of this.members ?? []) {
      if (member.target) continue;
      for (const base of this.bases) {
        const inherited = base.modelled(name)?.resolved();
        if (inherited && inherited !== member) member.complete(inherited);
      }
      member.inheritFacts();
    }
  }

  private complete(other: ApiNode): void {
    this.returns ??= other.returns;
    this.holds ??= other.holds;
    this.element ??= other.element;
    this.readSource ??= other.readSource;
    if (this.callSources.length === 0) this.callSources = other.callSources;
    if (this.sinks.length === 0) this.sinks = other.sinks;
    if (this.sanitizers.length === 0) this.sanitizers = other.sanitizers;
    if (this.guards.length === 0) this.guards = other.guards;
    if (this.propagators.length === 0) this.propagators = other.propagators;
    if (this.watchers.length === 0) this.watchers = other.watchers;
  }

  /** For building: the node at a path below this one. */
  grow(path: ApiPath): ApiNode {
    let node: ApiNode = this;
    for (const name of splitPath(path)) {
      node = node.resolved();
      if (name === '*') {
        node.members ??= new Map();
        node.wildcard ??= new ApiNode(`${node.path}.*`);
        node = node.wildcard;
        continue;
      }
      node.members ??= new Map();
      let next = node.members.get(name);
      if (!next) {
        const prefix = node.path === '' ? '' : name === '()' ? node.path : `${node.path}.`;
        next = new ApiNode(`${prefix}${name}`);
        node.members.set(name, next);
      }
      node = next;
    }
    node.members ??= new Map();
    return node;
  }

  /** For building: this node stands for another one. */
  redirect(target: ApiNode): void {
    this.target = target;
  }
}

/** `boto3.client().put_object` → boto3, client, (), put_object. */
function splitPath(path: ApiPath): string[] {
  const names = path.split('.');
  if (!path.includes('()')) return names;
  return names.flatMap((name) => (name.endsWith('()') ? [name.slice(0, -2), '()'] : [name]));
}

/** All library data, ready to be looked up. */
export class ApiIndex {
  private readonly root = new ApiNode('');
  /** Handlers that are known by how they are written. */
  readonly written: Handler[] = [];
  private readonly duckSinks = new Map<string, DuckSink[]>();
  /** Methods that register handlers whatever the receiver is, by name. */
  readonly registeringMethods = new Map<string, ApiNode>();
  private readonly builtins: ReadonlyMap<string, ApiNode>;

  constructor(libraries: readonly Library[], rules: readonly Rule[]) {
    // Aliases first, so that all later paths grow at the place they really are.
    for (const library of libraries) {
      for (const [path, target] of Object.entries(library.aliases ?? {})) {
        const node = this.root.grow(path);
        const real = this.root.grow(target).resolved();
        if (node !== real) node.redirect(real);
      }
    }
    for (const library of libraries) this.add(library);
    for (const rule of rules) {
      for (const call of rule.calls ?? []) {
        for (const path of call.paths) {
          const node = this.at(path);
          node.watchers = [...node.watchers, { rule, call }];
        }
      }
    }
    this.root.spreadWildcards();
    this.root.inheritFacts();
    this.builtins = new Map([...BUILTINS].map((name) => [name, this.lookup(`builtins.${name}`)]));
  }

  /** The node at a path, grown where it is new. */
  private at(path: ApiPath): ApiNode {
    return this.root.grow(path).resolved();
  }

  private add(library: Library): void {
    for (const [path, base] of Object.entries(library.bases ?? {})) {
      const node = this.at(path);
      node.bases = [...node.bases, ...base.map((name) => this.at(name))];
    }
    for (const [path, type] of Object.entries(library.returns ?? {})) this.at(path).returns = this.at(type);
    for (const [path, type] of Object.entries(library.attributes ?? {})) this.at(path).holds = this.at(type);
    for (const [path, type] of Object.entries(library.elements ?? {})) this.at(path).element = this.at(type);
    for (const source of library.sources ?? []) {
      for (const path of source.paths) {
        const node = this.at(path);
        if (source.on === 'read') node.readSource = source;
        else node.callSources = [...node.callSources, source];
      }
    }
    for (const sink of library.sinks ?? []) {
      for (const path of sink.paths) {
        const node = this.at(path);
        node.sinks = [...node.sinks, sink];
      }
    }
    for (const sanitizer of library.sanitizers ?? []) {
      for (const path of sanitizer.paths) {
        const node = this.at(path);
        node.sanitizers = [...node.sanitizers, sanitizer];
      }
    }
    for (const guard of library.guards ?? []) {
      for (const path of guard.paths) {
        const node = this.at(path);
        node.guards = [...node.guards, guard];
      }
    }
    for (const propagator of library.propagators ?? []) {
      for (const path of propagator.paths) {
        const node = this.at(path);
        node.propagators = [...node.propagators, propagator];
      }
    }
    for (const path of library.neverReturns ?? []) this.at(path).neverReturns = true;
    for (const handler of library.handlers ?? []) this.addHandler(handler);
    for (const sink of library.duckSinks ?? []) {
      const sinks = this.duckSinks.get(sink.method);
      if (sinks) sinks.push(sink);
      else this.duckSinks.set(sink.method, [sink]);
    }
  }

  private addHandler(handler: Handler): void {
    if (handler.written) this.written.push(handler);
    for (const path of handler.decorators ?? []) {
      const node = this.at(path);
      node.decorates = [...node.decorates, handler];
    }
    for (const path of handler.classes ?? []) {
      const node = this.at(path);
      node.derives = [...node.derives, handler];
    }
    for (const by of handler.registeredBy ?? []) {
      for (const path of by.paths) {
        const node = this.at(path);
        node.registers = [...node.registers, { handler, by }];
        if (by.ofAnyReceiver) this.registeringMethods.set(node.name, node);
      }
    }
  }

  /** The module, class, function or constant with this dotted path. */
  lookup(path: ApiPath): ApiNode {
    let node = this.root;
    for (const name of splitPath(path)) node = node === this.root ? this.top(name) : node.member(name);
    return node;
  }

  /** What data speaks of at a dotted path; undefined, and nothing made, where there is none. */
  known(path: ApiPath): ApiNode | undefined {
    let node: ApiNode | undefined = this.root;
    for (const name of splitPath(path)) {
      node = node.modelledMember(name);
      if (!node) return undefined;
    }
    return node;
  }

  /** A top-level module. */
  private top(name: string): ApiNode {
    const node = this.root.member(name);
    return node.path.startsWith('.') ? new ApiNode(name) : node;
  }

  /** The builtin with this name, or undefined where there is no data about one. */
  builtin(name: string): ApiNode | undefined {
    return this.builtins.get(name);
  }

  /** The module that a name stands for which nothing binds: it came in through a star import that is not at hand. */
  starImported(name: string): ApiNode | undefined {
    return UNMISTAKABLE_MODULES.has(name) ? this.lookup(name) : undefined;
  }

  /** Sinks by method name for receivers of unknown class. */
  ducks(method: string): readonly DuckSink[] {
    return this.duckSinks.get(method) ?? [];
  }
}

/** The kinds of a sanitizer or guard as a set. */
export function kindsOf(kinds: Sanitizer['kinds']): KindSet {
  return kinds === 'all' ? KindSet.all : KindSet.of(...kinds);
}

/** Modules whose names nobody gives to anything else. */
const UNMISTAKABLE_MODULES: ReadonlySet<string> = new Set(
  `os sys re ssl hashlib hmac pickle cPickle marshal shelve subprocess tempfile shutil sqlite3 socket urllib urllib2 urllib3
  requests yaml jwt base64 logging boto3 paramiko psycopg2 pymysql MySQLdb jinja2 flask numpy pandas torch dill`.split(
    /\s+/,
  ),
);

/** Python 3.14's builtin functions and classes, and those of Python 2 that are gone. https://docs.python.org/3/library/functions.html */
const BUILTINS: ReadonlySet<string> = new Set(
  `abs aiter all anext any ascii bin bool breakpoint bytearray bytes callable chr classmethod compile complex delattr dict
  dir divmod enumerate eval exec filter float format frozenset getattr globals hasattr hash help hex id input int
  isinstance issubclass iter len list locals map max memoryview min next object oct open ord pow print property range
  repr reversed round set setattr slice sorted staticmethod str sum super tuple type vars zip __import__ __build_class__
  raw_input unicode basestring execfile file long unichr xrange reduce cmp coerce intern apply buffer reload
  BaseException Exception ArithmeticError AssertionError AttributeError BlockingIOError BrokenPipeError BufferError
  BytesWarning ConnectionError DeprecationWarning EOFError EnvironmentError FileExistsError FileNotFoundError
  ImportError IndexError IOError KeyError KeyboardInterrupt LookupError MemoryError ModuleNotFoundError NameError
  NotImplementedError OSError OverflowError PermissionError RecursionError RuntimeError StopIteration SyntaxError
  SystemExit TimeoutError TypeError UnicodeDecodeError UnicodeEncodeError UnicodeError ValueError Warning
  ZeroDivisionError BaseExceptionGroup ExceptionGroup GeneratorExit StopAsyncIteration UserWarning FutureWarning
  RuntimeWarning SyntaxWarning ResourceWarning PendingDeprecationWarning ImportWarning UnicodeWarning EncodingWarning
  InterruptedError IsADirectoryError NotADirectoryError ProcessLookupError ChildProcessError ConnectionRefusedError
  ConnectionResetError ConnectionAbortedError ReferenceError SystemError IndentationError TabError UnboundLocalError
  UnicodeTranslateError FloatingPointError PythonFinalizationError`.split(/\s+/),
);
