/** Lists, tuples and what else has an order: how much of it is known. */
import type { Node } from '../syntax/ast.ts';
import { elementsOf } from './containers.ts';
import type { Frame } from './frame.ts';
import { fieldNames } from './instances.ts';
import { anyOf, joinSequences, type Sequence } from './state.ts';
import { partsOfTemplate } from './template-strings.ts';
import { constantOf, join, makeValue, NO_TAINT, templateOf, textOf, UNKNOWN, type Value } from './values.ts';

/** The order of elements in a value; undefined where it has none that is known. */
export function sequenceOf(frame: Frame, value: Value): Sequence | undefined {
  const { shape } = value;
  if (shape.kind === 'tuple') return { elements: shape.elements, rest: null };
  if (shape.kind === 'choice') {
    let sum: Sequence | undefined;
    for (const option of shape.options) {
      // None has no elements: there the code fails, and what comes after speaks of the others.
      if (option.kind === 'constant' && option.value === null) continue;
      const one = sequenceOf(frame, makeValue(option, value.taint));
      if (!one) return undefined;
      sum = sum ? joinSequences(sum, one) : one;
    }
    return sum;
  }
  const object = frame.objectOf(value);
  if (!object || object.kind === 'dict') return undefined;
  if (object.kind !== 'instance') return { elements: object.elements ?? [], rest: object.rest };
  const { cls, attributes } = object;
  if (!cls?.isNamedTuple) return cls ? elementsOf(cls, attributes) : partsOfTemplate(object);
  return {
    elements: fieldNames(cls).map((name) => attributes.get(name) ?? cls.member(name)?.value ?? UNKNOWN),
    rest: null,
  };
}

/** The elements of a list or tuple whose elements are all known. */
export function knownElements(frame: Frame, value: Value): readonly Value[] | undefined {
  const { kind } = value.shape;
  if (kind !== 'tuple' && kind !== 'object' && kind !== 'parameter' && kind !== 'choice') return undefined;
  const sequence = sequenceOf(frame, value);
  return sequence && !sequence.rest ? sequence.elements : undefined;
}

/** The elements that `targets` names are given; options of another length would have failed. */
export function unpacked(frame: Frame, value: Value, targets: number): readonly Value[] | undefined {
  if (value.shape.kind !== 'choice') return knownElements(frame, value);
  const fitting = value.shape.options.filter((option) => {
    const elements = knownElements(frame, makeValue(option));
    return !elements || elements.length === targets;
  });
  const shape = fitting.length === 1 ? fitting[0]! : { kind: 'choice' as const, options: fitting };
  return fitting.length === 0 ? undefined : knownElements(frame, makeValue(shape, value.taint));
}

/** A new list; a tuple, where all of its elements are known. */
export function makeSequence(frame: Frame, node: Node, sequence: Sequence, kind: 'list' | 'tuple'): Value {
  const { elements, rest } = sequence;
  return kind === 'tuple' && !rest
    ? makeValue({ kind: 'tuple', elements })
    : frame.make(node, { kind: 'list', elements, rest }, NO_TAINT);
}

/** Longer lists are handled as one: the first elements one by one, all others together. */
const ONE_BY_ONE = 8;

/** What a function makes of each element: of the first ones one by one, of all others together. */
export function mapped(sequence: Sequence, change: (element: Value) => Value): Sequence {
  const elements = sequence.elements.slice(0, ONE_BY_ONE).map(change);
  const others = anyOf({ elements: sequence.elements.slice(ONE_BY_ONE), rest: sequence.rest });
  return { elements, rest: others && change(others) };
}

/** A sequence to which elements are added one after the other, some of them perhaps. */
export class SequenceBuilder {
  private readonly elements: Value[] = [];
  private rest: Value | null = null;

  /** Adds an element at the end; after one that is not certain the places of the others are not known. */
  add(element: Value, isCertain = true): void {
    if (isCertain && !this.rest) this.elements.push(element);
    else this.rest = this.rest ? join(this.rest, element) : element;
  }

  addAll({ elements, rest }: Sequence): void {
    for (const element of elements) this.add(element);
    if (rest) this.add(rest, false);
  }

  build(): Sequence {
    return { elements: this.elements, rest: this.rest };
  }
}

/** The bounds of a slice: null where none is given, undefined where it is not known. */
export interface Bounds {
  readonly lower: number | null | undefined;
  readonly upper: number | null | undefined;
  readonly step: number | null | undefined;
}

/** `object[lower:upper:step]`; undefined where nothing is known of the order. */
export function sliced(frame: Frame, object: Value, bounds: Bounds, node: Node): Value | undefined {
  const template = templateOf(object);
  if (template !== undefined) return slicedText(object, template, bounds);
  const { shape } = object;
  if (shape.kind === 'constant' || (shape.kind === 'object' && frame.objectOf(object)?.kind === 'set'))
    return undefined;
  const sequence = sequenceOf(frame, object);
  if (!sequence) return undefined;
  const part = makeSequence(
    frame,
    node,
    slicedSequence(sequence, bounds),
    shape.kind === 'tuple' ? 'tuple' : 'list',
  );
  return { shape: part.shape, taint: object.taint };
}

function slicedSequence(sequence: Sequence, { lower, upper, step }: Bounds): Sequence {
  const { elements, rest } = sequence;
  const from = lower ?? 0;
  if (step === -1 && lower === null && upper === null && !rest) {
    return { elements: elements.toReversed(), rest: null };
  }
  if ((step !== null && step !== 1) || lower === undefined || (rest && from < 0)) {
    return { elements: [], rest: anyOf(sequence) ?? UNKNOWN };
  }
  if (!rest) {
    return upper === undefined
      ? { elements: [], rest: anyOf({ elements: elements.slice(from), rest }) ?? UNKNOWN }
      : { elements: elements.slice(from, upper ?? undefined), rest: null };
  }
  const ends = typeof upper === 'number' && upper >= 0 && upper <= elements.length;
  return ends
    ? { elements: elements.slice(from, upper), rest: null }
    : { elements: elements.slice(from), rest };
}

/** What is known of the beginning and the end of a text stays known. */
function slicedText(object: Value, template: string, { lower, upper, step }: Bounds): Value | undefined {
  if ((step !== null && step !== 1) || lower === undefined || upper === undefined) return undefined;
  const { shape } = object;
  const isWhole = !template.includes('\0');
  const from = lower ?? 0;
  const before = template.indexOf('\0');
  const behind = template.length - 1 - template.lastIndexOf('\0');
  const knowsFrom = isWhole || (from >= 0 && from <= before);
  const knowsTo = isWhole || upper === null || (upper < 0 ? -upper <= behind : upper <= before);
  if (!knowsFrom || shape.kind === 'choice') return undefined;
  const text = knowsTo ? template.slice(from, upper ?? undefined) : `${template.slice(from, before)}\0`;
  if (shape.kind === 'constant')
    return makeValue({ kind: 'constant', value: text, bytes: shape.bytes }, object.taint);
  return textOf(text, text.includes('\0') ? object.taint : NO_TAINT);
}

/** The constant that a bound of a slice is. */
export function boundOf(value: Value | null): number | null | undefined {
  if (!value) return null;
  const known = constantOf(value);
  return typeof known === 'number' ? known : known === null ? null : undefined;
}
