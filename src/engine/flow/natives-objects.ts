/** Copies of objects, references to them, and the names that a scope has. */
import { readAttribute } from './access.ts';
import { contextVariable } from './contexts.ts';
import type { Frame } from './frame.ts';
import type { Native } from './native.ts';
import { mapObject } from './state.ts';
import { taintTarget, writeAttribute } from './storing.ts';
import { join, makeValue, NONE, optionsOf, UNKNOWN, type Value } from './values.ts';

/** Objects in objects that are copied, too. */
const MAX_DEPTH = 4;

/** `copy(thing)`: what is set on the copy is not set on the thing. */
function copied(frame: Frame, value: Value, node: Parameters<Native>[2], depth: number): Value {
  const { shape } = value;
  if (shape.kind !== 'object' || depth === 0) return value;
  const object = frame.state.object(shape.id);
  if (!object) return value;
  const id = frame.objectId(node, shape.id);
  // Known from here on, for objects that hold themselves.
  frame.state.setObject(id, object);
  frame.state.setObject(
    id,
    mapObject(object, (part) => copied(frame, part, node, depth - 1)),
  );
  return makeValue({ kind: 'object', id }, value.taint);
}

function copying(depth: number): Native {
  return (frame, args, node) => {
    const [thing] = args.positional;
    return thing && optionsOf(thing.shape).length === 1 ? copied(frame, thing, node, depth) : thing;
  };
}

const itself: Native = (_frame, args) => args.positional[0];

/** `ref(thing)`: called, it gives the thing. */
const reference: Native = (frame, args) => {
  const [thing] = args.positional;
  const callee = makeValue({ kind: 'api', node: frame.program.api.lookup(REFERENT), receiver: null });
  return thing && makeValue({ kind: 'partial', callee, positional: [thing], keywords: new Map() });
};

const REFERENT = 'weakref.ref.referent';

const readVariable: Native = (frame, { positional: [variable, given], keywords }, node) => {
  if (!variable) return undefined;
  const value = readAttribute(frame, variable, 'value', node);
  const fallback = given ?? keywords.get('default');
  return fallback ? join(value, fallback) : value;
};

const setVariable: Native = (frame, { positional: [variable, value] }, node) => {
  if (variable && value) writeAttribute(frame, variable, 'value', value, node);
  return UNKNOWN;
};

/** `print(text, file=buffer)` */
const print: Native = (frame, args) => {
  const file = args.keywordNodes.get('file');
  if (file?.kind === 'Name') taintTarget(frame, file, frame.taintOfAll({ ...args, keywords: new Map() }));
  return file ? NONE : undefined;
};

export const OBJECT_NATIVES: readonly (readonly [string, Native])[] = [
  ['copy.copy', copying(1)],
  ['copy.deepcopy', copying(MAX_DEPTH)],
  ['weakref.ref', reference],
  ['weakref.WeakMethod', reference],
  [REFERENT, itself],
  ['weakref.proxy', itself],
  ['typing.assert_type', itself],
  ['typing.reveal_type', itself],
  ['typing_extensions.assert_type', itself],
  ['contextvars.ContextVar', contextVariable],
  ['contextvars.ContextVar.get', readVariable],
  ['contextvars.ContextVar.set', setVariable],
  ['builtins.print', print],
];
