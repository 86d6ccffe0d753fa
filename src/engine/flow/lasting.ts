/** What outlives the function that made it: values kept in classes, modules and variables of functions around. */
import { withEntry } from './empty.ts';
import type { Frame } from './frame.ts';
import { ClassInfo, type ModuleInfo } from './program.ts';
import { type HeapObject, type Holding, joinObject, mapObject, sameObject } from './state.ts';
import {
  makeValue,
  NO_TAINT,
  optionsOf,
  type Shape,
  type Taint,
  tainted,
  UNKNOWN,
  type Value,
} from './values.ts';

/** What of a value still means something outside of the function: no parameters, no objects of its heap. */
export function outliving(value: Value): Value {
  return lastingValue(value, (shape) => (shape.kind === 'object' ? undefined : lastingShape(shape)));
}

function lastingValue(value: Value, change: (shape: Shape) => Shape | undefined): Value {
  const taint = fromSources(value.taint);
  if (value.shape.kind !== 'choice') {
    const shape = change(value.shape);
    if (!shape) return tainted(taint);
    return shape === value.shape && taint === value.taint ? value : { shape, taint };
  }
  const { options } = value.shape;
  const lasting = options.flatMap((shape) => change(shape) ?? []);
  if (lasting.length === 0) return tainted(taint);
  // `session or Session()`: one of the two is known wherever it is used.
  const isPartial = options.some((shape) => shape.kind !== 'object' && !change(shape));
  if (isPartial) lasting.push(UNKNOWN.shape);
  return { shape: lasting.length === 1 ? lasting[0]! : { kind: 'choice', options: lasting }, taint };
}

function fromSources(taint: Taint): Taint {
  return taint.every(({ origin }) => origin.type === 'source')
    ? taint
    : taint.filter(({ origin }) => origin.type === 'source');
}

function lastingShape(shape: Shape): Shape | undefined {
  switch (shape.kind) {
    case 'tuple':
    case 'partial':
    case 'method':
    case 'unknown':
      return undefined;
    case 'parameter':
      return shape.type && !(shape.type instanceof ClassInfo)
        ? { kind: 'instance', node: shape.type, madeBy: null }
        : undefined;
    default:
      return shape;
  }
}

/** Objects in objects are kept so deep. */
const MAX_DEPTH = 3;

/**
 * What an attribute holds for all methods of its class: objects too, as one for each place where the class keeps one.
 * Without `keepsTaint` only what they are, not what came from outside into this one.
 */
export function keptInClass(
  frame: Frame,
  cls: ClassInfo,
  name: string,
  value: Value,
  keepsTaint: boolean,
): Value {
  const keep = (one: Value, slot: string, depth: number): Value => {
    const kept = lastingValue(one, (shape) => {
      if (shape.kind === 'tuple' && depth < MAX_DEPTH) {
        return {
          kind: 'tuple',
          elements: shape.elements.map((element, i) => keep(element, `${slot}[${i}]`, depth + 1)),
        };
      }
      if (shape.kind !== 'object') return lastingShape(shape);
      const content = frame.state.object(shape.id);
      if (!content || depth >= MAX_DEPTH) return undefined;
      const id = frame.program.heap.has(shape.id) ? shape.id : idOf(frame, cls, slot);
      if (id === shape.id) return shape;
      // What a caller does with its own instance later says nothing of others either.
      if (keepsTaint) frame.kept = withEntry(frame.kept, shape.id, id);
      share(
        frame,
        id,
        mapObject(content, (part, holding, key) =>
          holdsMore(part)
            ? keep(part, slot + mark(holding, key), depth + 1)
            : lastingValue(part, lastingShape),
        ),
      );
      return { kind: 'object', id };
    });
    return keepsTaint ? kept : makeValue(kept.shape, NO_TAINT);
  };
  return keep(value, name, 0);
}

/** Whether what it holds is kept with it. */
function holdsMore({ shape }: Value): boolean {
  return shape.kind === 'object' || shape.kind === 'tuple' || shape.kind === 'choice';
}

/** In place of a class: keeps the objects that functions put into the globals of a module. */
const keepers = new WeakMap<ModuleInfo, ClassInfo>();

/** What a global holds for all functions: objects too, as one for each global. */
export function keptInModule(frame: Frame, name: string, value: Value): Value {
  if (!optionsOf(value.shape).some(({ kind }) => kind === 'object')) return outliving(value);
  const { module } = frame;
  let keeper = keepers.get(module);
  if (!keeper) {
    const { start, end } = module.node;
    const body = { bases: [], keywords: [], decorators: [], body: [], nameStart: start, start, end };
    keeper = new ClassInfo({ kind: 'ClassDef', name: 'globals', ...body }, module, 'globals');
    keepers.set(module, keeper);
  }
  return keptInClass(frame, keeper, name, value, true);
}

function idOf(frame: Frame, cls: ClassInfo, slot: string): number {
  let id = cls.objects.get(slot);
  if (id === undefined) {
    id = frame.program.nextObject();
    cls.objects.set(slot, id);
    // A slot is the name, and what is in what it holds: `name.part[key]`. Names may have letters of any language.
    const name = /^[^.[]+/.exec(slot)?.[0] ?? slot;
    frame.program.owners.set(id, { cls, name });
  }
  return id;
}

/** What a slot's name goes on with for a part of what it holds: `.name`, `[key]`. */
function mark(holding: Holding, key: string | number | undefined): string {
  if (key === undefined) return holding;
  return holding === '.' ? `.${key}` : `[${key}]`;
}

/** Changes an object that others see, too: they see what it may have become. Readers that came too early are run again. */
function share(frame: Frame, id: number, changed: HeapObject): void {
  const { heap, owners, collector } = frame.program;
  const before = heap.get(id);
  const after = before ? joinObject(before, changed) : changed;
  if (before && sameObject(before, after)) return;
  heap.set(id, after);
  const owner = owners.get(id);
  if (!owner) return;
  for (const fn of owner.cls.readersOf(owner.name)) if (fn !== frame.fn) collector.again(fn);
}

/** Whether a caller knows more of a value: all else others see at once. */
export function dependsOnCaller({ shape, taint }: Value): boolean {
  return (
    taint.some((item) => item.origin.type === 'parameter') ||
    optionsOf(shape).some((option) => option.kind === 'parameter')
  );
}

/** The id under which others know an object of this frame; undefined for an object that is its own. */
export function sharedId(frame: Frame, id: number): number | undefined {
  if (!frame.fn) return undefined;
  return frame.program.heap.has(id) ? id : frame.kept.get(id);
}

/** A list or dict that others see is changed by a function. */
export function changeShared(frame: Frame, id: number, change: (before: HeapObject) => HeapObject): void {
  const shared = sharedId(frame, id);
  const before = shared === undefined ? undefined : frame.program.heap.get(shared);
  if (before) share(frame, shared!, change(before));
}
