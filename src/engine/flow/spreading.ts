/** All that one thing holds is put into another: `update`, `dict(other)`, `__dict__.update`, `setattr` in a loop. */
import type { Node } from '../syntax/ast.ts';
import { ANY_ATTRIBUTE, mappingOf } from './containers.ts';
import type { Frame } from './frame.ts';
import { ANY_ITEM, partOfParameter, positionOf } from './parameter-parts.ts';
import { otherKeys } from './state.ts';
import { writeAttribute, writeItem } from './storing.ts';
import {
  type Arguments,
  constant,
  makeValue,
  optionsOf,
  tainted,
  taintItem,
  UNKNOWN,
  type Value,
} from './values.ts';

/** How an effect names all items or all attributes; its value is what they come from, which the caller may know. */
export const ALL_ITEMS = '[**]';
export const ALL_ATTRIBUTES = '.**';

/** `target.update(mapping)` */
export function spreadItems(frame: Frame, target: Value, mapping: Value, node: Node): void {
  for (const shape of optionsOf(mapping.shape)) {
    const one = makeValue(shape, mapping.taint);
    const known = mappingOf(frame, one);
    for (const [key, value] of known?.entries ?? []) writeItem(frame, target, constant(key), value, node);
    if (shape.kind === 'parameter') {
      for (const { kind, ...rest } of optionsOf(target.shape))
        if (kind === 'parameter' && 'origin' in rest)
          frame.addEffect({ target: rest.origin, key: ALL_ITEMS, value: one });
      writeItem(frame, target, UNKNOWN, partOfParameter(one, ANY_ITEM), node, false);
    } else if (known) {
      if (known.rest) writeItem(frame, target, otherKeys(known) ?? UNKNOWN, known.rest, node);
    } else {
      const taint = frame.taintOf(one);
      if (taint.length > 0) writeItem(frame, target, UNKNOWN, tainted(taint), node);
    }
  }
}

/** `target.update(mapping, name=value)` and `dict.__init__(target, …)` */
export function updateItems(frame: Frame, target: Value, args: Arguments, node: Node): void {
  const [first] = args.positional;
  const mapping = first ?? (args.extraPositional && positionOf(args.extraPositional, 0));
  if (mapping) spreadItems(frame, target, mapping, node);
  if (args.extraKeywords) spreadItems(frame, target, args.extraKeywords, node);
  for (const [key, value] of args.keywords) writeItem(frame, target, constant(key), value, node);
}

/** `target.__dict__.update(mapping)` */
export function spreadAttributes(frame: Frame, target: Value, mapping: Value, node: Node): void {
  for (const shape of optionsOf(mapping.shape)) {
    const one = makeValue(shape, mapping.taint);
    const known = mappingOf(frame, one);
    for (const [key, value] of known?.entries ?? [])
      if (typeof key === 'string') writeAttribute(frame, target, key, value, node);
    if (shape.kind === 'parameter' && target.shape.kind === 'parameter') {
      frame.addEffect({ target: target.shape.origin, key: ALL_ATTRIBUTES, value: one });
      continue;
    }
    const rest = known ? known.rest : tainted(frame.taintOf(one));
    if (rest && rest.taint.length > 0) writeAttribute(frame, target, ANY_ATTRIBUTE, rest, node);
  }
}

/** `target.__dict__.update(mapping, name=value)` */
export function updateAttributes(frame: Frame, target: Value, args: Arguments, node: Node): void {
  for (const mapping of [args.positional[0], args.extraKeywords])
    if (mapping) spreadAttributes(frame, target, mapping, node);
  for (const [name, value] of args.keywords) writeAttribute(frame, target, name, value, node);
}

/** `setattr(target, name, value)`, where the name is one of many. */
export function writeSomeAttribute(frame: Frame, target: Value, value: Value, node: Node): void {
  const { shape } = value;
  if (shape.kind === 'parameter' && shape.origin.path.at(-1) === ANY_ITEM) {
    // `for name, value in values.items(): setattr(self, name, value)`
    const { activation, index, path } = shape.origin;
    const origin = path.slice(0, -1).reduce((part, key) => part.part(key), activation.origin(index));
    spreadAttributes(
      frame,
      target,
      makeValue({ kind: 'parameter', origin, type: null }, [taintItem(origin)]),
      node,
    );
  } else if (value.taint.length > 0) {
    writeAttribute(frame, target, ANY_ATTRIBUTE, value, node);
  }
}
