/** Reading keys and elements of abstract values. */
import type { ApiNode } from '../libraries/api.ts';
import type { Node } from '../syntax/ast.ts';
import { readAttribute } from './access.ts';
import { aliased } from './annotations.ts';
import { CollectionType } from './collection-types.ts';
import { keysOf, mappingOf, OWN_DICT } from './containers.ts';
import type { Frame } from './frame.ts';
import { madeBy, ofType } from './made.ts';
import { matchedGroup } from './natives-patterns.ts';
import { ANY_ITEM, fieldType, partOfParameter, typedPart } from './parameter-parts.ts';
import { ClassInfo } from './program.ts';
import { readable } from './request-variables.ts';
import { sequenceOf } from './sequences.ts';
import { reachSinks } from './sinks.ts';
import { callSpecial } from './special-methods.ts';
import { anyElement, anyOf, otherKeys, type Sequence } from './state.ts';
import { effectKey, writeItem } from './storing.ts';
import {
  constantOf,
  joinAll,
  joinTaint,
  makeValue,
  optionsOf,
  resolved,
  type Shape,
  sameShape,
  type Taint,
  tainted,
  UNKNOWN,
  unmarked,
  type Value,
  withTaint,
} from './values.ts';

function elementOfClass({ element }: ApiNode, taint: Taint): Value {
  return element ? makeValue({ kind: 'instance', node: element, madeBy: null }, taint) : tainted(taint);
}

/** What a value may be, without the unknown beside a parameter that all of its taint comes from. */
function optionsWithParts({ shape, taint }: Value): readonly Shape[] {
  const options = optionsOf(shape);
  const parameter = options.find((option) => option.kind === 'parameter');
  return parameter?.kind === 'parameter' && taint.every(({ origin }) => origin === parameter.origin)
    ? options.filter(({ kind }) => kind !== 'unknown')
    : options;
}

/** `object[index]` */
export function readItem(frame: Frame, container: Value, index: Value, node: Node): Value {
  if (container.shape.kind === 'choice') {
    return joinAll(
      optionsWithParts(container).map((option) =>
        readItem(frame, makeValue(option, container.taint), index, node),
      ),
    );
  }
  const key = constantOf(index);
  const object = readable(container, key);
  const { shape, taint } = object;
  const content = frame.objectOf(object);
  if (content?.kind === 'dict') {
    if (typeof key === 'string' || typeof key === 'number') {
      const entry = content.entries.get(key);
      if (entry) return entry;
      if (content.factory && !content.rest) return madeFor(frame, object, index, content.factory, node);
      return content.rest ?? elsewhere(object, key);
    }
    if (content.factory && !content.rest) return madeFor(frame, object, index, content.factory, node);
    return anyElement(content) ?? tainted(taint);
  }
  if (content && content.kind !== 'instance') {
    const { elements, rest } = content;
    if (typeof key === 'number' && (!rest || key >= 0)) {
      const element = elements[key < 0 ? elements.length + key : key];
      if (element) return element;
    }
    return anyElement(content) ?? tainted(taint);
  }
  if (content?.kind === 'instance') {
    const field = typeof key === 'number' ? sequenceOf(frame, object)?.elements.at(key) : undefined;
    const stored = content.attributes.get(effectKey(index)) ?? content.attributes.get('[]');
    const item =
      field ??
      stored ??
      callSpecial(frame, object, '__getitem__', [index], node) ??
      callSpecial(frame, object, '__missing__', [index], node);
    if (item) return item;
    const any = key === undefined && mappingOf(frame, object);
    const part = any && anyElement(any);
    if (part) return part;
  }
  switch (shape.kind) {
    case 'tuple':
      if (typeof key === 'number')
        return shape.elements[key < 0 ? shape.elements.length + key : key] ?? UNKNOWN;
      return shape.elements.length > 0 ? joinAll(shape.elements) : UNKNOWN;
    case 'constant':
      if (typeof shape.value === 'string' && typeof key === 'number') {
        const character = shape.value.at(key);
        if (character !== undefined)
          return makeValue({ kind: 'constant', value: character, bytes: shape.bytes }, taint);
      }
      return tainted(taint);
    case 'class':
      // `Repository[Model]()`; `Color[name]` is a member.
      return shape.cls.isA('enum.Enum') ? UNKNOWN : object;
    case 'api': {
      const alias = aliased(frame, shape.node, index);
      if (alias) return alias;
      reachSinks(frame, shape.node, 'key', [index], node);
      return elementOfClass(shape.node, taint);
    }
    case 'instance':
      if (shape.node instanceof CollectionType) return ofType(frame, shape.node.indexed, taint, node);
      if (typeof key === 'string') {
        const variable = mappingOf(frame, object)?.entries.get(key);
        if (variable) return resolved(variable);
      }
      if (shape.node.path === 're.Match') return matchedGroup(frame, object, key) ?? tainted(taint);
      reachSinks(frame, shape.node, 'key', [index], node);
      return elementOfClass(shape.node, taint);
    case 'method':
      // `self.__dict__[name]`
      return shape.name === OWN_DICT && typeof key === 'string'
        ? readAttribute(frame, shape.receiver, key, node)
        : tainted(frame.taintOf(object));
    case 'parameter': {
      const part = typeof key === 'string' || typeof key === 'number' ? `[${key}]` : ANY_ITEM;
      if (shape.type instanceof CollectionType) return typedPart(object, part, shape.type.indexed);
      const field =
        shape.type instanceof ClassInfo && typeof key === 'string' ? fieldType(shape.type, key) : null;
      return typedPart(object, part, field);
    }
    default:
      return tainted(unmarked(frame.taintOf(object), 'entries', 'rooted'));
  }
}

/** What a `defaultdict` makes for a new key, and keeps. */
function madeFor(frame: Frame, object: Value, index: Value, factory: Value, node: Node): Value {
  const made = madeBy(frame, factory, node);
  writeItem(frame, object, index, made, node);
  return made;
}

/** A key that was not set here: of a parameter it may be the caller's, of a dict made here it is missing. */
function elsewhere(object: Value, key: string | number): Value {
  return object.shape.kind === 'parameter' ? partOfParameter(object, `[${key}]`) : tainted(object.taint);
}

/** The elements of a value: in their order where it is known, else any of them. */
export function elementsIn(frame: Frame, value: Value): Sequence {
  return sequenceOf(frame, value) ?? { elements: [], rest: elementOf(frame, value) };
}

/** What a loop over the value, or an index that is not known, gives. */
export function elementOf(frame: Frame, iterable: Value): Value {
  const { shape, taint } = iterable;
  if (shape.kind === 'choice') {
    return joinAll(shape.options.map((option) => elementOf(frame, makeValue(option, taint))));
  }
  const content = frame.objectOf(iterable);
  if (content?.kind === 'dict') {
    const keys = [...content.entries.keys()]
      .slice(0, 6)
      .map((key): Value => makeValue({ kind: 'constant', value: key, bytes: false }));
    const known = content.entries.size > 6 ? [] : keys;
    const others = otherKeys(content);
    const rest = others ? withTaint(others, joinTaint(taint, others.taint)) : tainted(taint);
    return others || known.length === 0 ? joinAll([rest, ...known]) : joinAll(known);
  }
  if (content && content.kind !== 'instance') return anyElement(content) ?? tainted(taint);
  const fields = content && sequenceOf(frame, iterable);
  if (fields) return anyOf(fields) ?? tainted(taint);
  if (content?.cls) {
    const { node } = content.cls;
    const iterator =
      callSpecial(frame, iterable, '__iter__', [], node) ??
      callSpecial(frame, iterable, '__aiter__', [], node);
    const isItself = iterator && optionsOf(iterator.shape).some((one) => sameShape(one, shape));
    if (iterator && !isItself) return elementOf(frame, iterator);
    const item =
      callSpecial(frame, iterable, '__next__', [], node) ??
      callSpecial(frame, iterable, '__anext__', [], node);
    if (item) return item;
    const mapping = mappingOf(frame, iterable);
    if (mapping) return joinAll([...keysOf(mapping), ...(mapping.rest ? [tainted(mapping.rest.taint)] : [])]);
  }
  switch (shape.kind) {
    case 'tuple':
      return joinAll(shape.elements);
    case 'instance':
      if (shape.node instanceof CollectionType) return ofType(frame, shape.node.iterated, taint, null);
      return elementOfClass(shape.node, taint);
    case 'api':
      return elementOfClass(shape.node, taint);
    case 'parameter':
      if (shape.type instanceof CollectionType) return typedPart(iterable, '[]', shape.type.iterated);
      return shape.type && !(shape.type instanceof ClassInfo) && shape.type.element
        ? elementOfClass(shape.type, taint)
        : partOfParameter(iterable, '[]');
    default:
      return tainted(unmarked(taint, 'entries'));
  }
}
