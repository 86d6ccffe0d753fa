/** `itertools`, `operator` and what makes containers: which element ends up where. https://docs.python.org/3/library/itertools.html */
import type { BinaryOperator } from '../syntax/ast.ts';
import { readAttribute } from './access.ts';
import { binary } from './arithmetic.ts';
import { callAttribute, callValue } from './calls.ts';
import { mappingOf } from './containers.ts';
import type { Frame } from './frame.ts';
import { elementOf, elementsIn, readItem } from './items.ts';
import type { Native } from './native.ts';
import { knownElements, makeSequence, mapped, SequenceBuilder } from './sequences.ts';
import { anyOf, joinObject, type Sequence } from './state.ts';
import { argumentsOf, constantOf, join, makeValue, NO_TAINT, UNKNOWN, type Value } from './values.ts';

function listOf(frame: Frame, node: Parameters<Native>[2], rest: Value | null): Value {
  return frame.make(node, { kind: 'list', elements: [], rest }, NO_TAINT);
}

function tuple(elements: readonly Value[]): Value {
  return makeValue({ kind: 'tuple', elements });
}

/** Tuples with an element of each: `product(a, b)`, `zip_longest(a, b)`. */
const ofEach: Native = (frame, args, node) => {
  if (args.extraPositional) return undefined;
  const fill = args.keywords.get('fillvalue');
  const cells = args.positional.map((value) => {
    const element = elementOf(frame, value);
    return fill ? join(element, fill) : element;
  });
  return listOf(frame, node, tuple(cells));
};

/** Several elements of one: `combinations(a, 2)`, `pairwise(a)`, `batched(a, n)`. */
const several: Native = (frame, args, node) => {
  const [first] = args.positional;
  if (!first) return undefined;
  const group = frame.program.nextObject();
  frame.state.setObject(group, { kind: 'list', elements: [], rest: elementOf(frame, first) });
  return listOf(frame, node, makeValue({ kind: 'object', id: group }));
};

/** Some elements of the argument at a place, or all of them over and over. */
function elementsAt(place: number): Native {
  return (frame, args, node) => {
    const given = args.positional[place];
    return given && listOf(frame, node, anyOf(elementsIn(frame, given)));
  };
}

const repeat: Native = (frame, args, node) => args.positional[0] && listOf(frame, node, args.positional[0]);

/** `chain(a, b)`: one after the other. */
const chain: Native = (frame, args, node) => {
  if (args.extraPositional) return undefined;
  return makeSequence(frame, node, oneAfterTheOther(frame, args.positional), 'list');
};

const chainOfIterables: Native = (frame, { positional: [all] }, node) => {
  if (!all) return undefined;
  const { elements, rest } = elementsIn(frame, all);
  const flat = oneAfterTheOther(frame, rest ? [...elements, rest] : elements);
  const sequence = rest ? { elements: [], rest: anyOf(flat) } : flat;
  return makeSequence(frame, node, sequence, 'list');
};

function oneAfterTheOther(frame: Frame, parts: readonly Value[]): Sequence {
  const sequence = new SequenceBuilder();
  for (const part of parts) sequence.addAll(elementsIn(frame, part));
  return sequence.build();
}

/** `groupby(rows, key)`: what the key function says, and the rows. */
const groups: Native = (frame, args, node) => {
  const [rows] = args.positional;
  const by = args.positional[1] ?? args.keywords.get('key');
  if (!rows) return undefined;
  const row = elementOf(frame, rows);
  const key = by && constantOf(by) !== null ? callValue(frame, by, argumentsOf([row], node), node) : row;
  const group = frame.program.nextObject();
  frame.state.setObject(group, { kind: 'list', elements: [], rest: row });
  return listOf(frame, node, tuple([key, makeValue({ kind: 'object', id: group })]));
};

/** `starmap(f, pairs)`: each element holds the arguments of one call. */
export const starmap: Native = (frame, args, node) => {
  const [callee, list] = args.positional;
  if (!callee || !list) return undefined;
  const call = (element: Value): Value => {
    const elements = knownElements(frame, element);
    return elements
      ? callValue(frame, callee, argumentsOf(elements, node), node)
      : callValue(
          frame,
          callee,
          { ...argumentsOf([], node), extraPositional: elementOf(frame, element) },
          node,
        );
  };
  return makeSequence(frame, node, mapped(elementsIn(frame, list), call), 'list');
};

/** `itemgetter('a')`: a function, to be called with what the item is taken from. */
function getter(path: string): Native {
  return (frame, args) => {
    const callee = makeValue({ kind: 'api', node: frame.program.api.lookup(path), receiver: null });
    return makeValue({ kind: 'partial', callee, positional: args.positional, keywords: args.keywords });
  };
}

/** What such a function takes from its last argument: one thing, or a tuple of several. */
function taking(
  read: (frame: Frame, object: Value, what: Value, node: Parameters<Native>[2]) => Value,
): Native {
  return (frame, args, node) => {
    const object = args.positional.at(-1);
    if (!object || args.positional.length < 2) return undefined;
    const parts = args.positional.slice(0, -1).map((what) => read(frame, object, what, node));
    return parts.length === 1 ? parts[0] : tuple(parts);
  };
}

const takeAttribute = taking((frame, object, what, node) => {
  const path = constantOf(what);
  if (typeof path !== 'string') return UNKNOWN;
  return path.split('.').reduce((value, name) => readAttribute(frame, value, name, node), object);
});

const takeCalled: Native = (frame, args, node) => {
  const object = args.positional.at(-1);
  const name = args.positional[0] && constantOf(args.positional[0]);
  if (!object || typeof name !== 'string') return undefined;
  return callAttribute(frame, object, name, argumentsOf(args.positional.slice(1, -1), node), node);
};

function operator(op: BinaryOperator): Native {
  return (frame, args, node) => {
    const [left, right] = args.positional;
    return left && right && binary(frame, op, left, right, node);
  };
}

/** `Counter(words)`: the words are the keys. */
const counter: Native = (frame, args, node) => {
  const [first] = args.positional;
  if (args.keywords.size > 0 || (first && mappingOf(frame, first))) return undefined;
  const keys = first && elementOf(frame, first);
  const rest = keys ? UNKNOWN : null;
  return frame.make(node, { kind: 'dict', entries: new Map(), rest, ...(keys && { keys }) }, NO_TAINT);
};

/** `ChainMap(a, b)`: what the first has hides what the others have. */
const chainMap: Native = (frame, args, node) => {
  const mappings = args.positional.map((value) => mappingOf(frame, value));
  if (mappings.length === 0 || !mappings.every((mapping) => mapping !== undefined)) return undefined;
  const all = mappings.reduce((sum, next) => joinObject(sum, next) as typeof sum);
  const entries = new Map(mappings.toReversed().flatMap((mapping) => [...mapping.entries]));
  return frame.make(node, { ...all, entries }, NO_TAINT);
};

/** `defaultdict(list, …)` */
const defaultDict: Native = (frame, args, node) => {
  const [factory, first] = args.positional;
  const given = first && mappingOf(frame, first);
  if ((first && !given) || args.extraKeywords) return undefined;
  const entries = new Map([...(given?.entries ?? []), ...args.keywords]);
  const isFactory = factory && constantOf(factory) !== null;
  return frame.make(
    node,
    { kind: 'dict', entries, rest: given?.rest ?? null, ...(isFactory && { factory }) },
    NO_TAINT,
  );
};

export const ITERATION_NATIVES: readonly (readonly [string, Native])[] = [
  ['itertools.product', ofEach],
  ['itertools.zip_longest', ofEach],
  ...['combinations', 'permutations', 'combinations_with_replacement', 'pairwise', 'batched'].map(
    (name): [string, Native] => [`itertools.${name}`, several],
  ),
  ['itertools.compress', elementsAt(0)],
  ['itertools.islice', elementsAt(0)],
  ['itertools.accumulate', elementsAt(0)],
  ['itertools.takewhile', elementsAt(1)],
  ['itertools.dropwhile', elementsAt(1)],
  ['itertools.filterfalse', elementsAt(1)],
  ['itertools.cycle', elementsAt(0)],
  ['itertools.chain', chain],
  ['itertools.chain.from_iterable', chainOfIterables],
  ['itertools.groupby', groups],
  ['itertools.repeat', repeat],
  ['itertools.starmap', starmap],
  ...['itemgetter', 'attrgetter', 'methodcaller'].map((name): [string, Native] => [
    `operator.${name}`,
    getter(`operator.${name}.taken`),
  ]),
  ['operator.itemgetter.taken', taking(readItem)],
  ['operator.attrgetter.taken', takeAttribute],
  ['operator.methodcaller.taken', takeCalled],
  [
    'operator.getitem',
    (frame, { positional: [object, key] }, node) => object && key && readItem(frame, object, key, node),
  ],
  ['operator.add', operator('+')],
  ['operator.concat', operator('+')],
  ['operator.iadd', operator('+')],
  ['operator.mod', operator('%')],
  ['operator.or_', operator('|')],
  ['collections.Counter', counter],
  ['collections.ChainMap', chainMap],
  ['collections.defaultdict', defaultDict],
];
