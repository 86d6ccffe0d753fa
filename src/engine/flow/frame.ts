/** One run through the body of a module, class or function: its state, and what it collects on the way. */
import type { Expression, Node } from '../syntax/ast.ts';
import { NO_ENTRIES, NO_MEMBERS, withEntry, withMember } from './empty.ts';
import type { KindSet } from './kinds.ts';
import type {
  ClassInfo,
  Dispatch,
  Effect,
  FunctionInfo,
  ModuleInfo,
  ParameterSink,
  Program,
  WatchedCall,
} from './program.ts';
import type { HeapObject, State } from './state.ts';
import {
  type Activation,
  type Arguments,
  join,
  joinAll,
  joinTaint,
  NO_TAINT,
  type ParameterOrigin,
  type Taint,
  type Value,
} from './values.ts';

/** Where `break` and `continue` of a loop lead. */
export interface Loop {
  readonly base: State;
  readonly breaks: State[];
  readonly continues: State[];
}

const MAX_SINKS = 40;
const MAX_EFFECTS = 60;

/** The call for whose sake a function is run with known values, and the one that this happened for. */
export interface CallSite {
  readonly module: ModuleInfo;
  readonly node: Node;
  readonly outer: CallSite | null;
}

/** Whether a test is what calls in the end. */
export function isFromTest(site: CallSite): boolean {
  return site.module.role === 'test' || (site.outer !== null && isFromTest(site.outer));
}

export class Frame {
  readonly program: Program;
  readonly module: ModuleInfo;
  /** Null at module level and in class bodies. */
  readonly fn: FunctionInfo | null;
  /** The class whose body this is, or null. */
  readonly cls: ClassInfo | null;
  readonly activation: Activation;
  state: State;
  readonly loops: Loop[] = [];
  /** The join of what is returned; null as long as nothing is. */
  returned: Value | null = null;
  /** The same of what is yielded. */
  yielded: Value | null = null;
  /** The same of what is raised in the body of the `try` under execution, or outside of all. */
  raised: Value | null = null;
  /** The heap objects in what is returned, as they were at each return. */
  returnedObjects: ReadonlyMap<number, HeapObject> = NO_ENTRIES;
  readonly sinks: ParameterSink[] = [];
  readonly effects: Effect[] = [];
  sensitive: ReadonlySet<number> = NO_MEMBERS;
  /** What was looked up in the classes of parameters. */
  dispatches: ReadonlyMap<string, Dispatch> = NO_ENTRIES;
  /** The arguments of the calls of a function that is watched, also of those inside what is called. */
  watched: readonly WatchedCall[] = [];
  /** Per parameter: what is clean at every normal exit so far; null before the first exit. */
  whenReturned: ReadonlyMap<number, KindSet> | null = null;
  whenTrue: ReadonlyMap<number, KindSet> | null = null;
  whenFalse: ReadonlyMap<number, KindSet> | null = null;
  /** Slots of facts about expressions (`§`) and of what was stored into things of unknown class (`@`), by the names in them. */
  private facts: ReadonlyMap<string, Set<string>> = NO_ENTRIES;
  /** Whether any check was seen that cleans a value. */
  guarded = false;
  /** Set by the call of a function that never returns. */
  neverReturns = false;
  private madeIds: ReadonlyMap<Node, number> = NO_ENTRIES;
  /** By option and original, for calls and for what an expression makes for several options. */
  private copyIds: ReadonlyMap<Node, Map<string | number, number>> = NO_ENTRIES;
  /** Objects of this frame that a class keeps, by the ids under which it does. */
  kept: ReadonlyMap<number, number> = NO_ENTRIES;
  private parameterObjects: ReadonlyMap<ParameterOrigin, number> = NO_ENTRIES;
  /** Dotted names of the enclosing definitions. */
  readonly symbol: string;
  /** The call whose arguments are known here; null where all parameters are symbols. */
  via: CallSite | null = null;
  /** For a class body: the frame around it. */
  outer: Frame | null = null;
  /** How many special methods are being called for each other. */
  specialCalls = 0;
  /** Which of several things an expression may stand for is being looked at; '' where it is one. */
  private option = '';
  /** Around the comprehension under evaluation: where its walruses assign, too. */
  around: State | null = null;
  /** The names that the result of the expression under evaluation is given to. */
  targets: readonly string[] = [];
  /** Whether the call under evaluation is a statement by itself. */
  isStatement = false;
  /** The `except` clauses around the current statement catch errors of conversion: `ValueError`, `Exception`, bare. */
  guardedBy: readonly string[] = [];

  constructor(
    program: Program,
    module: ModuleInfo,
    fn: FunctionInfo | null,
    cls: ClassInfo | null,
    activation: Activation,
    state: State,
  ) {
    this.program = program;
    this.module = module;
    this.fn = fn;
    this.cls = cls;
    this.activation = activation;
    this.state = state;
    this.symbol = fn?.symbol ?? cls?.symbol ?? '';
  }

  /**
   * The heap id of what an expression makes, or a call of what its callee made (`original`): the same expression makes
   * the same object each time.
   */
  objectId(node: Node, original: number | '' = ''): number {
    if (original === '' && this.option === '') {
      const known = this.madeIds.get(node);
      if (known !== undefined) return known;
      const made = this.program.nextObject();
      this.madeIds = withEntry(this.madeIds, node, made);
      return made;
    }
    let ids = this.copyIds.get(node);
    if (!ids) {
      ids = new Map();
      this.copyIds = withEntry(this.copyIds, node, ids);
    }
    const key = this.option === '' ? original : this.option + original;
    let id = ids.get(key);
    if (id === undefined) {
      id = this.program.nextObject();
      ids.set(key, id);
    }
    return id;
  }

  /** Does the same for each of several: what an expression makes for one is not what it makes for another. */
  forEachOption<T>(options: readonly T[], work: (option: T) => Value): Value {
    const outer = this.option;
    const values = options.map((option, i) => {
      this.option = `${outer}${i}.`;
      return work(option);
    });
    this.option = outer;
    return joinAll(values);
  }

  /** Puts an object into the heap. */
  make(node: Node, object: HeapObject, taint: Taint): Value {
    const id = this.objectId(node);
    this.state.setObject(id, object);
    return { shape: { kind: 'object', id }, taint };
  }

  /** The heap id under which this frame keeps what it sets on a parameter. */
  parameterObject(origin: ParameterOrigin): number | undefined {
    return this.parameterObjects.get(origin);
  }

  newParameterObject(origin: ParameterOrigin): number {
    const id = this.program.nextObject();
    this.parameterObjects = withEntry(this.parameterObjects, origin, id);
    return id;
  }

  /** The heap object of a value, also of a parameter on which something was set here. */
  objectOf(value: Value): HeapObject | undefined {
    if (value.shape.kind === 'object') return this.state.object(value.shape.id);
    if (value.shape.kind === 'parameter') {
      const id = this.parameterObject(value.shape.origin);
      return id === undefined ? undefined : this.state.object(id);
    }
    return undefined;
  }

  addSink(sink: ParameterSink): void {
    if (this.sinks.length >= MAX_SINKS) return;
    const known = this.sinks.some(
      (other) =>
        other.origin === sink.origin && other.kind === sink.kind && other.site.node === sink.site.node,
    );
    if (!known) this.sinks.push(sink);
  }

  addEffect(effect: Effect): void {
    const at = this.effects.findIndex(({ target, key }) => target === effect.target && key === effect.key);
    if (at < 0) {
      if (this.effects.length < MAX_EFFECTS) this.effects.push(effect);
      return;
    }
    const before = this.effects[at]!;
    const index = before.index && effect.index && join(before.index, effect.index);
    // What is stored last is told last.
    this.effects.splice(at, 1);
    this.effects.push({ ...effect, ...(index && { index }), value: join(before.value, effect.value) });
  }

  /** Notes that the very value of a parameter matters. */
  matters(value: Value): void {
    if (value.shape.kind === 'parameter' && value.shape.origin.activation === this.activation) {
      this.sensitive = withMember(this.sensitive, value.shape.origin.index);
    }
  }

  /** All taint in a value: its own and that of everything it holds. */
  taintOf(value: Value, depth = 0): Taint {
    const { shape } = value;
    if (depth > 4) return value.taint;
    let taint = value.taint;
    if (shape.kind === 'tuple') {
      for (const element of shape.elements) taint = joinTaint(taint, this.taintOf(element, depth + 1));
      return taint;
    }
    const object = this.objectOf(value);
    if (!object) return taint;
    switch (object.kind) {
      case 'list':
      case 'set':
        for (const element of object.elements) taint = joinTaint(taint, this.taintOf(element, depth + 1));
        if (object.rest) taint = joinTaint(taint, this.taintOf(object.rest, depth + 1));
        return taint;
      case 'dict':
        for (const entry of object.entries.values()) taint = joinTaint(taint, this.taintOf(entry, depth + 1));
        if (object.keys) taint = joinTaint(taint, object.keys.taint);
        if (object.rest) taint = joinTaint(taint, this.taintOf(object.rest, depth + 1));
        return taint;
      case 'instance':
        if (object.underlying) taint = joinTaint(taint, object.underlying.taint);
        return taint;
    }
  }

  /** The taint of all arguments of a call. */
  taintOfAll(args: Arguments): Taint {
    let taint = joinTaint(args.extraPositional?.taint ?? NO_TAINT, args.extraKeywords?.taint ?? NO_TAINT);
    for (const value of args.positional) taint = joinTaint(taint, this.taintOf(value));
    for (const value of args.keywords.values()) taint = joinTaint(taint, this.taintOf(value));
    return taint;
  }

  /** Facts are only looked for when there are some. */
  get hasFacts(): boolean {
    return this.facts.size > 0;
  }

  /** Remembers something about an expression until one of the names in it is assigned anew. */
  setFact(slot: string, value: Value): void {
    this.state.set(slot, value);
    for (const [name] of slot.matchAll(/[A-Za-z_]\w*/g)) {
      const slots = this.facts.get(name);
      if (slots) slots.add(slot);
      else this.facts = withEntry(this.facts, name, new Set([slot]));
    }
  }

  /** What is known about parts of what a name stands for, such as `form['name']`, by key. */
  *knownItems(name: string): Iterable<[string, Value]> {
    for (const slot of this.facts.get(name) ?? []) {
      const [, whole, key] = /^§(\w+)(?:\[|\.get\()['"](\w+)['"][\])]$/.exec(slot) ?? [];
      const value = whole === name && key !== undefined ? this.state.get(slot) : undefined;
      if (value) yield [key!, value];
    }
  }

  /** Forgets what was known about expressions with this name in them. */
  forgetFacts(name: string): void {
    for (const slot of this.facts.get(name) ?? []) this.state.forget(slot);
  }

  /** The source text of a node. */
  source(node: Node): string {
    return this.module.text.slice(node.start, node.end);
  }

  /** The slot of a fact about an expression: its text without layout. */
  factSlot(expression: Expression): string {
    return `§${this.source(expression).replace(/\s+/g, '')}`;
  }
}
