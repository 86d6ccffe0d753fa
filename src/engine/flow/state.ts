/** The variables and heap objects at one point of a function; branches are overlays that are joined again. */
import type { ClassInfo } from './program.ts';
import type { FunctionShape } from './summaries.ts';
import { join, sameValue, tainted, type Value } from './values.ts';

/** A mutable thing, by content. Objects are immutable here: a mutation puts a new one under the same id. */
export type HeapObject =
  | {
      readonly kind: 'list' | 'set';
      /** The first ones, in order. */
      readonly elements: readonly Value[];
      /** What the elements behind them can be; null when there are none. */
      readonly rest: Value | null;
      /** Of a generator: what was called to make it, and what it returns at its end. */
      readonly generator?: { readonly shape: FunctionShape; readonly outcome: Value };
    }
  | {
      readonly kind: 'dict';
      readonly entries: ReadonlyMap<string | number, Value>;
      /** What stands under other keys; null when there are none. */
      readonly rest: Value | null;
      /** What these other keys are; absent: they come from where the values come from. */
      readonly keys?: Value;
      /** Of a `defaultdict`: what makes the values of new keys. */
      readonly factory?: Value;
    }
  | {
      readonly kind: 'instance';
      /** Null for an object that was only ever seen from outside. */
      readonly cls: ClassInfo | null;
      readonly attributes: ReadonlyMap<string, Value>;
      /** What the object was before attributes were set on it here; the source of all other attributes. */
      readonly underlying: Value | null;
    };

export type DictObject = Extract<HeapObject, { kind: 'dict' }>;

/** How an object holds a part: as an attribute, under a key or at a place, as what it was made from, as other keys. */
export type Holding = '.' | '[]' | '()' | '{}';

/** What becomes of a part of an object; `key` is that of the attribute, entry or place where there is one. */
export type PartChange = (part: Value, holding: Holding, key?: string | number) => Value;

/** The map with all its values changed; the same map where none of them does. */
function mapValues<K extends string | number>(
  parts: ReadonlyMap<K, Value>,
  change: PartChange,
  holding: Holding,
): ReadonlyMap<K, Value> {
  let map: Map<K, Value> | null = null;
  for (const [key, part] of parts) {
    const after = change(part, holding, key);
    if (after === part) continue;
    map ??= new Map(parts);
    map.set(key, after);
  }
  return map ?? parts;
}

/** The object with all its parts changed. */
export function mapObject(object: HeapObject, change: PartChange): HeapObject {
  switch (object.kind) {
    case 'instance':
      return {
        ...object,
        attributes: mapValues(object.attributes, change, '.'),
        underlying: object.underlying && change(object.underlying, '()'),
      };
    case 'dict':
      return {
        ...object,
        entries: mapValues(object.entries, change, '[]'),
        rest: object.rest && change(object.rest, '[]'),
        ...(object.keys && { keys: change(object.keys, '{}') }),
      };
    default:
      return {
        ...object,
        elements: object.elements.map((part, i) => change(part, '[]', i)),
        rest: object.rest && change(object.rest, '[]'),
        ...(object.generator && {
          generator: { ...object.generator, outcome: change(object.generator.outcome, '()') },
        }),
      };
  }
}

/** The keys of a dict that are not known one by one; null when there are none. */
export function otherKeys({ rest, keys }: DictObject): Value | null {
  return rest && (keys ?? tainted(rest.taint));
}

/** A name of a variable, an id of a heap object, or a fact about an expression (its source text behind `§`). */
export type Slot = string | number;
type Content = Value | HeapObject;

/** The slot of what was stored into something of unknown class, by the text of the target: `x.name`. */
export function storedSlot(source: string): Slot & string {
  return `@${source}`;
}

/** The slot of what stands there on paths where nothing was stored: what is inside outside input comes from outside. */
export function elsewhereSlot(stored: string): Slot & string {
  return `@?${stored.slice(1)}`;
}

function isStored(slot: Slot): slot is string {
  return typeof slot === 'string' && slot.startsWith('@') && !slot.startsWith('@?');
}

/** How much of an order is known: the first elements, and what may follow them; null when nothing does. */
export interface Sequence {
  readonly elements: readonly Value[];
  readonly rest: Value | null;
}

const NOTHING: ReadonlyMap<Slot, Content | null> = new Map();

export class State {
  private readonly parent: State | null;
  /** Null where a fact was forgotten. */
  private slots: ReadonlyMap<Slot, Content | null> = NOTHING;

  /** Objects that outlive the function: those of module and class bodies. Only for a state without a parent. */
  private readonly lasting: Map<number, HeapObject> | null;
  /** Whether what is made here outlives, too: a module's functions are called before its end. */
  private readonly isLasting: boolean;

  constructor(
    parent: State | null = null,
    lasting: Map<number, HeapObject> | null = null,
    isLasting = false,
  ) {
    this.parent = parent;
    this.lasting = lasting;
    this.isLasting = isLasting;
  }

  /** Most branches change nothing: a map is made for the first slot. */
  private write(slot: Slot, content: Content | null): void {
    if (this.slots === NOTHING) this.slots = new Map();
    (this.slots as Map<Slot, Content | null>).set(slot, content);
  }

  private find(slot: Slot): Content | undefined {
    for (let state: State | null = this; state; state = state.parent) {
      const content = state.slots.get(slot);
      if (content !== undefined) return content ?? undefined;
      if (!state.parent && state.lasting && typeof slot === 'number') return state.lasting.get(slot);
    }
    return undefined;
  }

  /** What this branch (forked from `base`) holds of its own: null what it forgot, undefined what it left alone. */
  private changeSince(base: State, slot: Slot): Content | null | undefined {
    for (let state: State | null = this; state && state !== base; state = state.parent) {
      const content = state.slots.get(slot);
      if (content !== undefined) return content;
    }
    return undefined;
  }

  /** Every heap object here. */
  *objects(): Iterable<[number, HeapObject]> {
    const seen = new Set<Slot>();
    for (let state: State | null = this; state; state = state.parent) {
      for (const [slot, content] of state.slots) {
        if (typeof slot !== 'number' || content === null || seen.has(slot)) continue;
        seen.add(slot);
        yield [slot, content as HeapObject];
      }
    }
  }

  get(name: string): Value | undefined {
    return this.find(name) as Value | undefined;
  }

  set(name: string, value: Value): void {
    this.write(name, value);
  }

  object(id: number): HeapObject | undefined {
    return this.find(id) as HeapObject | undefined;
  }

  setObject(id: number, object: HeapObject): void {
    this.write(id, object);
    if (this.isLasting) this.lasting?.set(id, object);
  }

  /** Whether nothing was changed here since the fork. */
  get isUnchanged(): boolean {
    return this.slots.size === 0;
  }

  /** A branch: sees everything here, changes nothing here. */
  fork(): State {
    return new State(this);
  }

  /** A copy of what this branch changed since `base`, cut loose from what happens to the states in between. */
  detached(base: State): State {
    const copy = new State(base);
    const chain: State[] = [];
    for (let state: State | null = this; state && state !== base; state = state.parent) chain.push(state);
    for (const state of chain.reverse()) for (const [slot, content] of state.slots) copy.write(slot, content);
    return copy;
  }

  /** The same changes, as a branch of another state. */
  onTopOf(base: State): State {
    const copy = new State(base);
    for (const [slot, content] of this.slots) copy.write(slot, content);
    return copy;
  }

  /**
   * Goes on here after the branches (all forked from here, null where a branch never ends): what they left is
   * joined. False when no branch ends: nothing comes after.
   */
  absorb(branches: readonly (State | null)[]): boolean {
    const live = branches.filter((branch): branch is State => branch !== null);
    if (live.length === 0) return false;
    if (live.length === 1) {
      this.takeOver(live[0]!);
      return true;
    }
    const changed = new Set<Slot>();
    for (const branch of live) {
      for (let state: State | null = branch; state && state !== this; state = state.parent) {
        for (const slot of state.slots.keys()) changed.add(slot);
      }
    }
    const merged: [Slot, Content][] = [];
    for (const slot of changed) {
      // Read once, and only where a branch left the slot alone.
      let here: Content | null | undefined;
      let content: Content | undefined;
      let missing = false;
      for (const branch of live) {
        let other: Content | null | undefined = branch.changeSince(this, slot);
        if (other === undefined) {
          if (here === undefined) here = this.find(slot) ?? null;
          other = here;
        }
        if (other === null) missing = true;
        else content = content === undefined ? other : joinContent(content, other);
      }
      if (content === undefined) continue;
      // A variable that is unbound on one path: reading it there fails, so the other paths say what it is.
      if (missing && typeof slot === 'string' && slot.startsWith('§')) continue;
      if (missing && isStored(slot)) {
        const elsewhere = live.map((branch) => branch.find(elsewhereSlot(slot))).find((value) => value);
        if (elsewhere) content = joinContent(content, elsewhere);
      }
      merged.push([slot, content]);
    }
    for (const [slot, content] of merged) this.write(slot, content);
    return true;
  }

  /** Goes on with what the only branch that ends has left. */
  private takeOver(branch: State): void {
    if (branch.parent === this) {
      for (const [slot, content] of branch.slots) if (content !== null) this.write(slot, content);
      return;
    }
    const seen = new Set<Slot>();
    for (let state: State | null = branch; state && state !== this; state = state.parent) {
      for (const [slot, content] of state.slots) {
        if (seen.has(slot)) continue;
        seen.add(slot);
        if (content !== null) this.write(slot, content);
      }
    }
  }

  /**
   * Joins what one round of a loop (forked from here) left into what the next may begin with. False when that says
   * nothing new: another round would find the same.
   */
  absorbRound(round: State): boolean {
    let isNews = false;
    for (let state: State | null = round; state && state !== this; state = state.parent) {
      for (const slot of state.slots.keys()) {
        const left = round.find(slot);
        if (left === undefined) continue;
        const here = this.find(slot);
        // A fact of one path only is none.
        if (here === undefined && typeof slot === 'string' && slot.startsWith('§')) continue;
        const before = here ?? (isStored(slot) ? round.find(elsewhereSlot(slot)) : undefined);
        const joined = before === undefined ? left : joinContent(before, left);
        if (here !== undefined && (joined === here || sameContent(here, joined))) continue;
        isNews = true;
        this.write(slot, joined);
      }
    }
    return isNews;
  }

  /** Takes over the heap objects that a branch made or changed, and nothing of its variables. */
  absorbObjects(branch: State): void {
    const chain: State[] = [];
    for (let state: State | null = branch; state && state !== this; state = state.parent) chain.push(state);
    for (const state of chain.reverse()) {
      for (const [slot, content] of state.slots) if (typeof slot === 'number') this.write(slot, content);
    }
  }

  /** A fact or stored attribute no longer holds. */
  forget(slot: string): void {
    if (this.find(slot) !== undefined) this.write(slot, null);
  }

  /** Every variable name with a value of its own here or in the states below `base`. */
  *names(): Iterable<[string, Value]> {
    const seen = new Set<Slot>();
    for (let state: State | null = this; state; state = state.parent) {
      for (const [slot, content] of state.slots) {
        if (typeof slot !== 'string' || content === null || seen.has(slot)) continue;
        seen.add(slot);
        yield [slot, content as Value];
      }
    }
  }
}

function isHeapObject(content: Content): content is HeapObject {
  return 'kind' in content;
}

function joinContent(a: Content, b: Content): Content {
  if (a === b) return a;
  if (isHeapObject(a) !== isHeapObject(b)) return a;
  return isHeapObject(a) ? joinObject(a, b as HeapObject) : join(a, b as Value);
}

function sameContent(a: Content, b: Content): boolean {
  if (a === b) return true;
  if (isHeapObject(a) !== isHeapObject(b)) return false;
  return isHeapObject(a) ? sameObject(a, b as HeapObject) : sameValue(a, b as Value);
}

function joinOptional(a: Value | null, b: Value | null): Value | null {
  return a && b ? join(a, b) : (a ?? b);
}

/** The join of a list's elements, known and unknown. */
export function anyElement(object: HeapObject): Value | null {
  if (object.kind === 'instance') return null;
  return anyOf(
    object.kind === 'dict' ? { elements: [...object.entries.values()], rest: object.rest } : object,
  );
}

/** The join of all elements; null when there are none. */
export function anyOf({ elements, rest }: Sequence): Value | null {
  return elements.reduce<Value | null>((sum, value) => (sum ? join(sum, value) : value), rest);
}

/** Either of two orders: as far as both go, elements are joined place by place. */
export function joinSequences(a: Sequence, b: Sequence): Sequence {
  const common = Math.min(a.elements.length, b.elements.length);
  const [first, second] = [a, b].map(({ elements, rest }) =>
    anyOf({ elements: elements.slice(common), rest }),
  );
  return {
    elements: a.elements.slice(0, common).map((element, i) => join(element, b.elements[i]!)),
    rest: joinOptional(first!, second!),
  };
}

export function joinObject(a: HeapObject, b: HeapObject): HeapObject {
  if (a === b) return a;
  if (a.kind === 'dict' && b.kind === 'dict') {
    const keys = joinKeys(a, b);
    return {
      kind: 'dict',
      entries: joinMaps(a.entries, b.entries),
      rest: joinOptional(a.rest, b.rest),
      ...(keys && { keys }),
      ...(a.factory && { factory: a.factory }),
    };
  }
  if (a.kind === 'instance' && b.kind === 'instance') {
    return {
      kind: 'instance',
      cls: a.cls === b.cls ? a.cls : null,
      attributes: joinMaps(a.attributes, b.attributes),
      underlying: joinOptional(a.underlying, b.underlying),
    };
  }
  if (a.kind !== 'dict' && a.kind !== 'instance' && b.kind !== 'dict' && b.kind !== 'instance') {
    return { kind: a.kind, ...joinSequences(a, b), ...(a.generator && { generator: a.generator }) };
  }
  return a;
}

function joinKeys(a: DictObject, b: DictObject): Value | undefined {
  if (!a.rest) return b.keys;
  if (!b.rest) return a.keys;
  return a.keys && b.keys && join(a.keys, b.keys);
}

function joinMaps<K>(a: ReadonlyMap<K, Value>, b: ReadonlyMap<K, Value>): ReadonlyMap<K, Value> {
  if (a === b) return a;
  const out = new Map(a);
  for (const [key, value] of b) {
    const other = out.get(key);
    out.set(key, other ? join(other, value) : value);
  }
  return out;
}

function sameMaps<K>(a: ReadonlyMap<K, Value>, b: ReadonlyMap<K, Value>): boolean {
  if (a === b) return true;
  if (a.size !== b.size) return false;
  for (const [key, value] of a) {
    const other = b.get(key);
    if (!other || !sameValue(value, other)) return false;
  }
  return true;
}

function sameOptional(a: Value | null, b: Value | null): boolean {
  return a === b || (a !== null && b !== null && sameValue(a, b));
}

export function sameObject(a: HeapObject, b: HeapObject): boolean {
  if (a.kind === 'dict' && b.kind === 'dict')
    return (
      sameMaps(a.entries, b.entries) &&
      sameOptional(a.rest, b.rest) &&
      sameOptional(a.keys ?? null, b.keys ?? null)
    );
  if (a.kind === 'instance' && b.kind === 'instance') {
    return (
      a.cls === b.cls && sameMaps(a.attributes, b.attributes) && sameOptional(a.underlying, b.underlying)
    );
  }
  if ((a.kind === 'list' || a.kind === 'set') && a.kind === b.kind) {
    const other = b.elements;
    return (
      sameOptional(a.rest, b.rest) &&
      a.elements.length === other.length &&
      a.elements.every((element, i) => sameValue(element, other[i]!))
    );
  }
  return false;
}
