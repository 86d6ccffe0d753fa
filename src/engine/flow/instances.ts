/** New instances of classes of the project. */
import type { Node } from '../syntax/ast.ts';
import type { Frame } from './frame.ts';
import { callFunction } from './functions.ts';
import type { ClassInfo } from './program.ts';
import { writeAttribute } from './storing.ts';
import { type Arguments, NO_TAINT, type Taint, type Value } from './values.ts';

export function instantiateClass(frame: Frame, cls: ClassInfo, args: Arguments, node: Node): Value {
  const instance = instanceOf(frame, cls, node, NO_TAINT);
  const init = cls.member('__init__');
  if (init?.value.shape.kind === 'function') {
    callFunction(
      frame,
      { kind: 'function', fn: init.value.shape.fn, closure: init.value.shape.closure, self: instance },
      args,
      node,
    );
    return instance;
  }
  const fields = fieldNames(cls);
  args.positional.forEach((value, i) => {
    const field = fields[i];
    if (field !== undefined) writeAttribute(frame, instance, field, value, node, true);
  });
  for (const [name, value] of args.keywords) writeAttribute(frame, instance, name, value, node, true);
  return instance;
}

export function instanceOf(frame: Frame, cls: ClassInfo, node: Node, taint: Taint): Value {
  return frame.make(node, { kind: 'instance', cls, attributes: new Map(), underlying: null }, taint);
}

/** The fields of a dataclass, NamedTuple or model in the order of its constructor's parameters. */
function fieldNames(cls: ClassInfo): string[] {
  return cls.node.body.flatMap((statement) =>
    statement.kind === 'AnnAssign' && statement.target.kind === 'Name' ? [statement.target.id] : [],
  );
}
