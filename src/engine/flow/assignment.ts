/** Binding values to targets. */
import type { Expression } from '../syntax/ast.ts';
import { elementOf } from './access.ts';
import { evaluate, knownElements } from './expressions.ts';
import type { Frame } from './frame.ts';
import { assignName } from './modules.ts';
import { writeAttribute, writeItem } from './storing.ts';
import { stepped, UNKNOWN, type Value, withTaint } from './values.ts';

/** `target = value`, for every form of target. */
export function assign(frame: Frame, target: Expression, value: Value): void {
  switch (target.kind) {
    case 'Name': {
      const moved =
        value.taint.length > 0
          ? withTaint(value, stepped(value.taint, frame.module, target, 'assigned'))
          : value;
      assignName(frame, target.id, moved);
      if (frame.hasFacts) frame.forgetFacts(target.id);
      return;
    }
    case 'Attribute':
      writeAttribute(frame, evaluate(frame, target.value), target.attr, value, target);
      return;
    case 'Subscript':
      writeItem(frame, evaluate(frame, target.value), evaluate(frame, target.index), value, target);
      return;
    case 'Tuple':
    case 'List':
      unpack(frame, target.elements, value);
      return;
    case 'Starred':
      assign(frame, target.value, value);
      return;
    default:
      return;
  }
}

function unpack(frame: Frame, targets: readonly Expression[], value: Value): void {
  const elements = knownElements(frame, value);
  const star = targets.findIndex((target) => target.kind === 'Starred');
  targets.forEach((target, i) => {
    if (target.kind === 'Starred') {
      const rest = elements ? elements.slice(i, elements.length - (targets.length - 1 - i)) : null;
      const list = frame.make(
        target,
        { kind: 'list', elements: rest, rest: rest ? null : elementOf(frame, value) },
        [],
      );
      assign(frame, target.value, list);
      return;
    }
    const position = star >= 0 && i > star ? (elements?.length ?? 0) - (targets.length - i) : i;
    assign(frame, target, elements ? (elements[position] ?? UNKNOWN) : elementOf(frame, value));
  });
}
