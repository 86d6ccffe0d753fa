/** New instances of classes of the project. */
import type { Node } from '../syntax/ast.ts';
import type { Frame } from './frame.ts';
import { callFunction } from './functions.ts';
import { ClassInfo } from './program.ts';
import { writeAttribute } from './storing.ts';
import { type Arguments, makeValue, NO_ARGUMENTS, NO_TAINT, type Taint, type Value } from './values.ts';

export function instantiateClass(frame: Frame, cls: ClassInfo, args: Arguments, node: Node): Value {
  const instance = instanceOf(frame, cls, node, NO_TAINT);
  if (cls.isA('builtins.Exception') || cls.isA('builtins.BaseException')) {
    writeAttribute(
      frame,
      instance,
      'args',
      makeValue({ kind: 'tuple', elements: args.positional }),
      node,
      true,
    );
  }
  const init = cls.member('__init__');
  if (init?.value.shape.kind === 'function') {
    callFunction(frame, { ...init.value.shape, self: instance }, args, node);
    return instance;
  }
  const fields = fieldNames(cls);
  args.positional.forEach((value, i) => {
    const field = fields[i];
    if (field !== undefined) writeAttribute(frame, instance, field, value, node, true);
  });
  for (const [name, value] of args.keywords) writeAttribute(frame, instance, name, value, node, true);
  const after = cls.member('__post_init__') ?? cls.member('__attrs_post_init__');
  if (after?.value.shape.kind === 'function') {
    callFunction(frame, { ...after.value.shape, self: instance }, NO_ARGUMENTS, node);
  }
  return instance;
}

export function instanceOf(frame: Frame, cls: ClassInfo, node: Node, taint: Taint): Value {
  return frame.make(node, { kind: 'instance', cls, attributes: new Map(), underlying: null }, taint);
}

/** The fields of a dataclass, NamedTuple or model in the order of its constructor's parameters. */
export function fieldNames(cls: ClassInfo): string[] {
  const names = new Set<string>();
  for (const base of [...cls.lookupOrder].reverse()) {
    if (!(base instanceof ClassInfo)) continue;
    for (const statement of base.node.body) {
      if (statement.kind === 'AnnAssign' && statement.target.kind === 'Name') names.add(statement.target.id);
    }
  }
  return [...names];
}
