/** Methods of lists, sets, dicts and of classes that are mappings. https://docs.python.org/3/library/stdtypes.html */
import type { Call } from '../syntax/ast.ts';
import { classOf } from './access.ts';
import { combineSets } from './arithmetic.ts';
import type { CollectionType } from './collection-types.ts';
import { containerKind, keysOf, mappingOf, OWN_DICT } from './containers.ts';
import type { Frame } from './frame.ts';
import { elementOf, readItem } from './items.ts';
import { updateAttributes, updateItems } from './spreading.ts';
import { anyElement, otherKeys } from './state.ts';
import { addElement, addElements, writeItem } from './storing.ts';
import {
  type Arguments,
  constant,
  constantOf,
  join,
  joinAll,
  makeValue,
  NO_TAINT,
  NONE,
  UNKNOWN,
  type Value,
} from './values.ts';

/** A method of a collection of which an annotation says what is in it; undefined for those that give nothing of that. */
export function methodOfTyped(
  frame: Frame,
  receiver: Value,
  type: CollectionType,
  name: string,
  args: Arguments,
  node: Call,
): Value | undefined {
  const list = (rest: Value) => frame.make(node, { kind: 'list', elements: [], rest }, NO_TAINT);
  switch (name) {
    case 'get':
    case 'pop':
    case 'popleft':
    case 'setdefault': {
      const value = readItem(frame, receiver, args.positional[0] ?? UNKNOWN, node);
      const fallback = type.isMapping ? args.positional[1] : undefined;
      return fallback ? join(value, fallback) : value;
    }
    case 'values':
      return type.isMapping ? list(readItem(frame, receiver, UNKNOWN, node)) : undefined;
    case 'keys':
      return type.isMapping ? list(elementOf(frame, receiver)) : undefined;
    case 'items': {
      if (!type.isMapping) return undefined;
      const pair = [elementOf(frame, receiver), readItem(frame, receiver, UNKNOWN, node)];
      return list(makeValue({ kind: 'tuple', elements: pair }));
    }
    case 'copy':
      return receiver;
    default:
      return undefined;
  }
}

export function dictMethod(
  frame: Frame,
  receiver: Value,
  name: string,
  args: Arguments,
  node: Call,
): Value | undefined {
  const object = mappingOf(frame, receiver);
  if (!object) return undefined;
  const isDict = receiver.shape.kind === 'object' && frame.objectOf(receiver) === object;
  const [first, second] = args.positional;
  switch (name) {
    case 'get':
    case 'pop':
    case '__getitem__': {
      if (!first) return undefined;
      const key = constantOf(first);
      if (
        (typeof key === 'string' || typeof key === 'number') &&
        !object.entries.has(key) &&
        !object.rest &&
        isDict
      ) {
        return second ?? NONE;
      }
      const value = readItem(frame, receiver, first, node);
      if (typeof key === 'string' && object.entries.has(key)) return value;
      const fallback = second ?? (name === 'get' && isDict ? NONE : undefined);
      return fallback ? join(value, fallback) : value;
    }
    case 'setdefault':
      if (!first) return undefined;
      writeItem(
        frame,
        receiver,
        first,
        second ? join(readItem(frame, receiver, first, node), second) : UNKNOWN,
        node,
      );
      return readItem(frame, receiver, first, node);
    case 'update':
    case '__init__':
      if (receiver.shape.kind === 'method') updateAttributes(frame, receiver.shape.receiver, args, node);
      else updateItems(frame, receiver, args, node);
      return NONE;
    case '__setitem__':
      if (first && second) writeItem(frame, receiver, first, second, node);
      return NONE;
    case 'values':
      return frame.make(
        node,
        { kind: 'list', elements: [...object.entries.values()], rest: object.rest },
        NO_TAINT,
      );
    case 'keys':
      return frame.make(
        node,
        {
          kind: 'list',
          elements: keysOf(object),
          rest: otherKeys(object),
        },
        NO_TAINT,
      );
    case 'items': {
      const pairs = [...object.entries].map(([key, value]) =>
        makeValue({ kind: 'tuple', elements: [constant(key), value] }),
      );
      const rest = object.rest
        ? makeValue({ kind: 'tuple', elements: [otherKeys(object) ?? UNKNOWN, object.rest] })
        : null;
      return frame.make(node, { kind: 'list', elements: pairs, rest }, NO_TAINT);
    }
    case 'popitem': {
      const others = otherKeys(object);
      const keys = others ? [...keysOf(object), others] : keysOf(object);
      const value = anyElement(object);
      return value ? makeValue({ kind: 'tuple', elements: [joinAll(keys), value] }) : undefined;
    }
    case 'most_common': {
      const keys = [...keysOf(object), ...(otherKeys(object) ? [otherKeys(object)!] : [])];
      const pairs = keys.map((key) => makeValue({ kind: 'tuple', elements: [key, UNKNOWN] }));
      return frame.make(
        node,
        { kind: 'list', elements: [], rest: pairs.length > 0 ? joinAll(pairs) : null },
        NO_TAINT,
      );
    }
    case 'copy':
      return frame.make(node, object, receiver.taint);
    case 'clear':
      if (isDict && receiver.shape.kind === 'object')
        frame.state.setObject(receiver.shape.id, { kind: 'dict', entries: new Map(), rest: null });
      return NONE;
    default:
      return undefined;
  }
}

/** A method of an instance whose class is a dict or list, or of its `__dict__`; undefined where it is none of theirs. */
export function containerMethod(
  frame: Frame,
  receiver: Value,
  name: string,
  args: Arguments,
  node: Call,
): Value | undefined {
  if (receiver.shape.kind === 'method')
    return receiver.shape.name === OWN_DICT ? dictMethod(frame, receiver, name, args, node) : undefined;
  const cls = classOf(frame, receiver);
  const kind = cls && containerKind(cls);
  if (kind === 'dict') return dictMethod(frame, receiver, name, args, node);
  return kind === 'list' ? methodOfElements(frame, receiver, name, args, node) : undefined;
}

function methodOfElements(
  frame: Frame,
  receiver: Value,
  name: string,
  args: Arguments,
  node: Call,
): Value | undefined {
  const [first, second] = args.positional;
  switch (name) {
    case 'append':
    case 'add':
      if (first) addElement(frame, receiver, first, name === 'append');
      return NONE;
    case 'appendleft':
    case 'insert': {
      const element = second ?? first;
      if (element) addElement(frame, receiver, element, false);
      return NONE;
    }
    case 'extend':
    case 'update':
    case '__init__': {
      if (!first) return NONE;
      addElements(frame, receiver, first);
      return NONE;
    }
    case 'pop':
    case 'popleft':
    case '__getitem__':
      return readItem(frame, receiver, first ?? UNKNOWN, node);
    case 'copy':
      return receiver;
    default:
      return undefined;
  }
}

const SET_OPERATORS = { union: '|', difference: '-', intersection: '&' } as const;

export function listMethod(
  frame: Frame,
  receiver: Value,
  name: string,
  args: Arguments,
  node: Call,
): Value | undefined {
  const object = frame.objectOf(receiver);
  if (!object || object.kind === 'dict' || object.kind === 'instance') return undefined;
  const [first, second] = args.positional;
  switch (name) {
    case 'append':
    case 'add':
      if (first) addElement(frame, receiver, first, name === 'append');
      return NONE;
    case 'appendleft':
      if (first && receiver.shape.kind === 'object')
        frame.state.setObject(receiver.shape.id, { ...object, elements: [first, ...object.elements] });
      return NONE;
    case 'insert': {
      if (!second || receiver.shape.kind !== 'object') return undefined;
      const at = first && constantOf(first);
      if (typeof at === 'number' && at >= 0 && at <= object.elements.length) {
        frame.state.setObject(receiver.shape.id, {
          ...object,
          elements: object.elements.toSpliced(at, 0, second),
        });
      } else {
        addElement(frame, receiver, second, false);
      }
      return NONE;
    }
    case 'extend':
    case 'update': {
      if (!first) return undefined;
      addElements(frame, receiver, first);
      return NONE;
    }
    case 'pop':
    case 'popleft': {
      const at = name === 'popleft' ? 0 : first ? constantOf(first) : -1;
      if (typeof at === 'number' && (!object.rest || at >= 0) && receiver.shape.kind === 'object') {
        const index = at < 0 ? object.elements.length + at : at;
        const element = object.elements[index];
        if (element) {
          frame.state.setObject(receiver.shape.id, {
            ...object,
            elements: object.elements.toSpliced(index, 1),
          });
          return element;
        }
      }
      return anyElement(object) ?? UNKNOWN;
    }
    case 'clear':
      if (receiver.shape.kind === 'object')
        frame.state.setObject(receiver.shape.id, { kind: object.kind, elements: [], rest: null });
      return NONE;
    case 'remove':
    case 'discard':
      return NONE;
    case 'sort':
    case 'reverse':
      if (receiver.shape.kind === 'object') {
        const isKnown = name === 'reverse' && !object.rest;
        frame.state.setObject(receiver.shape.id, {
          kind: object.kind,
          elements: isKnown ? object.elements.toReversed() : [],
          rest: isKnown ? null : anyElement(object),
        });
      }
      return NONE;
    case 'copy':
      return frame.make(node, object, receiver.taint);
    case 'union':
    case 'difference':
    case 'intersection':
      return first && combineSets(frame, SET_OPERATORS[name], receiver, first, node);
    case 'index':
    case 'count':
      return UNKNOWN;
    default:
      return undefined;
  }
}
