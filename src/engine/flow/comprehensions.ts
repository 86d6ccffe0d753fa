/** Comprehensions and generator expressions: element by element, as far as these are known. */
import type { Comprehension } from '../syntax/ast.ts';
import { assign } from './assignment.ts';
import { evaluate } from './expressions.ts';
import type { Frame } from './frame.ts';
import { refine } from './guards.ts';
import { elementOf } from './items.ts';
import { mapped, SequenceBuilder, sequenceOf } from './sequences.ts';
import type { HeapObject } from './state.ts';
import { constantOf, join, NO_TAINT, truth, UNKNOWN, type Value } from './values.ts';

export function evaluateComprehension(frame: Frame, node: Comprehension): Value {
  const base = frame.state;
  const { around } = frame;
  frame.around ??= base;
  frame.state = base.fork();
  const object = node.collection === 'dict' ? collectDict(frame, node) : collectList(frame, node);
  base.absorbObjects(frame.state);
  frame.state = base;
  frame.around = around;
  return frame.make(node, object, NO_TAINT);
}

function collectList(frame: Frame, node: Comprehension): HeapObject {
  const elements = new SequenceBuilder();
  eachRound(frame, node, (isCertain) => elements.add(evaluate(frame, node.element), isCertain));
  return { kind: node.collection === 'set' ? 'set' : 'list', ...elements.build() };
}

function collectDict(frame: Frame, node: Comprehension): HeapObject {
  const entries = new Map<string | number, Value>();
  let rest: Value | null = null;
  let keys: Value | undefined;
  eachRound(frame, node, (isCertain) => {
    const key = node.key ? evaluate(frame, node.key) : UNKNOWN;
    const known = constantOf(key);
    const value = evaluate(frame, node.element);
    if (isCertain && (typeof known === 'string' || typeof known === 'number')) {
      entries.set(known, value);
    } else {
      rest = rest ? join(rest, value) : value;
      keys = keys ? join(keys, key) : key;
    }
  });
  return { kind: 'dict', entries, rest, ...(keys && { keys }) };
}

/**
 * Goes through a comprehension: element by element where it has one loop over something of known order, otherwise once
 * for all. `collect` is told whether the element is there for sure, and whether it is only one.
 */
function eachRound(frame: Frame, node: Comprehension, collect: (isCertain: boolean) => void): void {
  const [first] = node.generators;
  const iterable = evaluate(frame, first!.iter);
  const sequence = node.generators.length === 1 ? sequenceOf(frame, iterable) : undefined;
  const round = (element: Value, isOne: boolean): void => {
    assign(frame, first!.target, element);
    let isCertain = isOne;
    for (const generator of node.generators) {
      if (generator !== first)
        assign(frame, generator.target, elementOf(frame, evaluate(frame, generator.iter)));
      for (const condition of generator.conditions) {
        const known = truth(evaluate(frame, condition));
        if (known === false) return;
        if (known === undefined) isCertain = false;
        refine(frame, condition, true);
      }
    }
    collect(isCertain);
  };
  if (!sequence) {
    round(elementOf(frame, iterable), false);
    return;
  }
  const outside = frame.state;
  const { elements, rest } = mapped(sequence, (element) => element);
  for (const [i, element] of [...elements, ...(rest ? [rest] : [])].entries()) {
    frame.state = outside.fork();
    round(element, i < elements.length);
    outside.absorbObjects(frame.state);
  }
  frame.state = outside;
}
