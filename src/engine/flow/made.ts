/** Values that are made of a class, a type or a factory alone. */
import type { Node } from '../syntax/ast.ts';
import { isHarmless, type Type } from './annotations.ts';
import { ClassType } from './collection-types.ts';
import type { Frame } from './frame.ts';
import { callFunction } from './functions.ts';
import { instanceOf, instantiateClass } from './instances.ts';
import { NUMBER_IS_HARMLESS } from './kinds.ts';
import { ClassInfo } from './program.ts';
import {
  cleaned,
  EMPTY_TEXT,
  makeValue,
  NO_ARGUMENTS,
  NO_TAINT,
  type Taint,
  tainted,
  UNKNOWN,
  type Value,
} from './values.ts';

/** Something that is only known by its class. */
export function ofType(frame: Frame, type: Type | null, taint: Taint, node: Node | null): Value {
  if (!type) return tainted(taint);
  if (type instanceof ClassType) return makeValue({ kind: 'class', cls: type.cls });
  const left = isHarmless(type) ? cleaned(taint, NUMBER_IS_HARMLESS) : taint;
  return type instanceof ClassInfo
    ? instanceOf(frame, type, node ?? type.node, left)
    : makeValue({ kind: 'instance', node: type, madeBy: null }, left);
}

/** What `defaultdict(list)` or `field(default_factory=list)` makes. */
export function madeBy(frame: Frame, { shape }: Value, node: Node): Value {
  if (shape.kind === 'function') return callFunction(frame, shape, NO_ARGUMENTS, node);
  if (shape.kind === 'class') return instantiateClass(frame, shape.cls, NO_ARGUMENTS, node);
  switch (shape.kind === 'api' ? shape.node.path : '') {
    case 'builtins.list':
    case 'collections.deque':
      return frame.make(node, { kind: 'list', elements: [], rest: null }, NO_TAINT);
    case 'builtins.set':
      return frame.make(node, { kind: 'set', elements: [], rest: null }, NO_TAINT);
    case 'builtins.dict':
    case 'collections.OrderedDict':
      return frame.make(node, { kind: 'dict', entries: new Map(), rest: null }, NO_TAINT);
    case 'builtins.str':
      return EMPTY_TEXT;
    default:
      return UNKNOWN;
  }
}
