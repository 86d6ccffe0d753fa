/** Binding values to targets. */
import type { Expression } from '../syntax/ast.ts';
import { evaluate } from './expressions.ts';
import type { Frame } from './frame.ts';
import { elementOf } from './items.ts';
import { assignName } from './modules.ts';
import { knownElements, sequenceOf, unpacked } from './sequences.ts';
import { writeAttribute, writeItem, writeSlice } from './storing.ts';
import { NO_TAINT, stepped, UNKNOWN, type Value, withTaint } from './values.ts';

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
      if (target.index.kind === 'Slice') writeSlice(frame, evaluate(frame, target.value), value);
      else writeItem(frame, evaluate(frame, target.value), evaluate(frame, target.index), value, target);
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
  const star = targets.findIndex((target) => target.kind === 'Starred');
  const elements = star >= 0 ? knownElements(frame, value) : unpacked(frame, value, targets.length);
  const sequence = elements ? { elements, rest: null } : sequenceOf(frame, value);
  targets.forEach((target, i) => {
    if (target.kind === 'Starred') {
      const list = elements
        ? { elements: elements.slice(i, elements.length - (targets.length - 1 - i)), rest: null }
        : { elements: sequence?.elements.slice(i) ?? [], rest: sequence?.rest ?? elementOf(frame, value) };
      assign(frame, target.value, frame.make(target, { kind: 'list', ...list }, NO_TAINT));
      return;
    }
    const isBehindStar = star >= 0 && i > star;
    if (elements)
      assign(frame, target, elements[isBehindStar ? elements.length - (targets.length - i) : i] ?? UNKNOWN);
    else assign(frame, target, (isBehindStar ? undefined : sequence?.elements[i]) ?? elementOf(frame, value));
  });
}
