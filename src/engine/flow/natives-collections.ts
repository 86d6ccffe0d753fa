/** Builtin functions that make collections, or take the elements of some. https://docs.python.org/3/library/functions.html */
import { callValue } from './calls.ts';
import { mappingOf } from './containers.ts';
import type { Frame } from './frame.ts';
import { accepted } from './guards-calls.ts';
import { elementOf, elementsIn } from './items.ts';
import { KindSet } from './kinds.ts';
import type { Native } from './native.ts';
import { addressParts } from './natives-text.ts';
import { knownElements, makeSequence, mapped, SequenceBuilder } from './sequences.ts';
import { anyOf, type Sequence } from './state.ts';
import {
  type Arguments,
  argumentsOf,
  cleaned,
  constant,
  constantOf,
  join,
  joinAll,
  makeValue,
  NO_TAINT,
  NONE,
  tainted,
  truth,
  UNKNOWN,
  type Value,
} from './values.ts';

/** What goes round in a loop over the value. */
function iterated(frame: Frame, value: Value | undefined): Sequence {
  if (!value) return { elements: [], rest: null };
  const parts = addressParts(value);
  if (parts) return { elements: parts, rest: null };
  return elementsIn(frame, value);
}

const toList: Native = (frame, args, node) =>
  makeSequence(frame, node, iterated(frame, args.positional[0]), 'list');

const toSet: Native = (frame, args, node) =>
  frame.make(node, { kind: 'set', ...iterated(frame, args.positional[0]) }, NO_TAINT);

const toTuple: Native = (frame, args, node) =>
  makeSequence(frame, node, iterated(frame, args.positional[0]), 'tuple');

const toDict: Native = (frame, args, node) => {
  const entries = new Map<string | number, Value>();
  let rest: Value | null = args.extraKeywords && tainted(args.extraKeywords.taint);
  let keys: Value | undefined;
  const [first] = args.positional;
  const other = first && mappingOf(frame, first);
  if (other) {
    for (const [key, value] of other.entries) entries.set(key, value);
    ({ rest, keys } = other);
  } else if (first) {
    const { elements, rest: others } = elementsIn(frame, first);
    for (const pair of [...elements, ...(others ? [others] : [])]) {
      const [key, value] = knownElements(frame, pair) ?? [UNKNOWN, tainted(frame.taintOf(pair))];
      const name = key && constantOf(key);
      if (pair !== others && value && (typeof name === 'string' || typeof name === 'number')) {
        entries.set(name, value);
        continue;
      }
      if (key) keys = keys ? join(keys, key) : key;
      if (value) rest = rest ? join(rest, value) : value;
    }
  }
  for (const [key, value] of args.keywords) entries.set(key, value);
  return frame.make(node, { kind: 'dict', entries, rest, ...(keys && { keys }) }, NO_TAINT);
};

/** The same elements, in some order. */
const sameElements: Native = (frame, args, node) => {
  const rest = anyOf(iterated(frame, args.positional[0]));
  return frame.make(node, { kind: 'list', elements: [], rest }, NO_TAINT);
};

const reversed: Native = (frame, args, node) => {
  const elements = args.positional[0] && knownElements(frame, args.positional[0]);
  return elements
    ? makeSequence(frame, node, { elements: elements.toReversed(), rest: null }, 'list')
    : sameElements(frame, args, node, null);
};

function nextElement(frame: Frame, { positional: [first, fallback] }: Arguments): Value {
  if (!first) return UNKNOWN;
  const value = elementOf(frame, first);
  return fallback ? join(value, fallback) : value;
}

/** `max(rows, key=…)`: one of the elements. Undefined where the arguments are compared themselves. */
function oneOf(frame: Frame, { positional, keywords, extraPositional }: Arguments): Value | undefined {
  const [only] = positional;
  if (!only || positional.length > 1 || extraPositional) return undefined;
  const fallback = keywords.get('default');
  return fallback ? join(elementOf(frame, only), fallback) : elementOf(frame, only);
}

function largest(values: readonly Value[]): Value {
  const numbers = values.map(constantOf);
  return numbers.every((number) => typeof number === 'number')
    ? constant(Math.max(...numbers))
    : joinAll(values);
}

/** The smaller of several: a known limit bounds what comes from outside. */
function limited(values: readonly Value[]): Value {
  const joined = joinAll(values);
  return values.some((value) => typeof constantOf(value) === 'number')
    ? { shape: joined.shape, taint: cleaned(joined.taint, KindSet.of('size', 'truncation')) }
    : joined;
}

export const COLLECTION_NATIVES: readonly (readonly [string, Native])[] = [
  ['builtins.list', toList],
  ['builtins.tuple', toTuple],
  ['builtins.set', toSet],
  ['builtins.frozenset', toSet],
  ['builtins.dict', toDict],
  ['builtins.sorted', sameElements],
  ['builtins.reversed', reversed],
  ['builtins.min', (frame, args) => oneOf(frame, args) ?? limited(args.positional)],
  ['builtins.max', (frame, args) => oneOf(frame, args) ?? largest(args.positional)],
  ['builtins.next', nextElement],
  ['builtins.anext', nextElement],
  ['collections.deque', toList],
  ['collections.OrderedDict', toDict],
  ['weakref.WeakValueDictionary', toDict],
  ['weakref.WeakKeyDictionary', toDict],
  ['weakref.WeakSet', toSet],
  ['types.MappingProxyType', toDict],
  [
    'builtins.enumerate',
    (frame, args, node) => {
      const [first] = args.positional;
      if (!first) return UNKNOWN;
      const { elements, rest } = iterated(frame, first);
      const pair = (element: Value, place: Value): Value =>
        makeValue({ kind: 'tuple', elements: [place, element] });
      return makeSequence(
        frame,
        node,
        {
          elements: elements.map((element, i) => pair(element, constant(i))),
          rest: rest && pair(rest, UNKNOWN),
        },
        'list',
      );
    },
  ],
  [
    'builtins.zip',
    (frame, args, node) => {
      const lists = args.positional.map((value) => iterated(frame, value));
      const common = Math.min(...lists.map(({ elements }) => elements.length));
      const row = (cells: readonly (Value | null)[]): Value =>
        makeValue({ kind: 'tuple', elements: cells.map((cell) => cell ?? UNKNOWN) });
      const others = lists.map(({ elements, rest }) => anyOf({ elements: elements.slice(common), rest }));
      return makeSequence(
        frame,
        node,
        {
          elements: Array.from({ length: lists.length > 0 ? common : 0 }, (_, i) =>
            row(lists.map(({ elements }) => elements[i]!)),
          ),
          rest: others.every((other) => other !== null) ? row(others) : null,
        },
        'list',
      );
    },
  ],
  [
    'builtins.map',
    (frame, args, node) => {
      const [fn, ...lists] = args.positional;
      if (!fn) return UNKNOWN;
      const [first, ...others] = lists;
      const further = others.map((value) => elementOf(frame, value));
      const call = (element: Value) => callValue(frame, fn, argumentsOf([element, ...further], node), node);
      return makeSequence(frame, node, mapped(iterated(frame, first), call), 'list');
    },
  ],
  [
    'builtins.filter',
    (frame, args, node) => {
      const [fn, list] = args.positional;
      if (!fn || !list) return UNKNOWN;
      const passed = new SequenceBuilder();
      const { elements, rest } = mapped(iterated(frame, list), (element) => element);
      for (const element of [...elements, ...(rest ? [rest] : [])]) {
        const isKept =
          fn.shape.kind === 'constant'
            ? truth(element)
            : truth(callValue(frame, fn, argumentsOf([element], node), node));
        if (isKept !== false) passed.add(accepted(frame, fn, element), isKept && element !== rest);
      }
      return makeSequence(frame, node, passed.build(), 'list');
    },
  ],
  [
    'functools.reduce',
    (frame, args, node) => {
      const [fn, list, start] = args.positional;
      if (!fn || !list) return UNKNOWN;
      const element = elementOf(frame, list);
      return callValue(frame, fn, argumentsOf([start ? join(start, element) : element, element], node), node);
    },
  ],
  [
    'builtins.dict.fromkeys',
    (frame, args, node) => {
      const [keys, value] = args.positional;
      const rest = value ?? NONE;
      return frame.make(
        node,
        { kind: 'dict', entries: new Map(), rest, ...(keys && { keys: elementOf(frame, keys) }) },
        NO_TAINT,
      );
    },
  ],
];
