/** What happens where a value arrives at a sink: a flow for the rules, or a line in the function's summary. */
import type { ApiNode } from '../libraries/api.ts';
import type { Argument, Condition, Sink } from '../libraries/library.ts';
import type { Call, Expression, Node } from '../syntax/ast.ts';
import type { Frame } from './frame.ts';
import type { SinkKind } from './kinds.ts';
import { keywordOf, positionOf } from './parameter-parts.ts';
import type { SinkSite } from './program.ts';
import { sequenceOf } from './sequences.ts';
import { type Arguments, optionsOf, UNKNOWN, type Value } from './values.ts';

/** The argument at a position or under a name; undefined when it is not given, as far as is known. */
export function argumentOf(args: Arguments, argument: Argument): Value | undefined {
  if (argument.name !== undefined) {
    const named = args.keywords.get(argument.name);
    if (named) return named;
  }
  if (argument.position !== undefined) {
    const given = args.positional[argument.position];
    if (given) return given;
    if (args.extraPositional)
      return positionOf(args.extraPositional, argument.position - args.positional.length);
  }
  return argument.name !== undefined && args.extraKeywords
    ? keywordOf(args.extraKeywords, argument.name)
    : undefined;
}

export function argumentNodeOf(args: Arguments, argument: Argument): Expression | undefined {
  const named = argument.name === undefined ? undefined : args.keywordNodes.get(argument.name);
  return named ?? (argument.position === undefined ? undefined : args.positionalNodes[argument.position]);
}

/** Whether all conditions hold for sure. A parameter that decides is noted: callers that pass constants tell more. */
export function conditionsHold(
  frame: Frame,
  conditions: readonly Condition[] | undefined,
  args: Arguments,
): boolean {
  return (conditions ?? []).every((condition) => {
    const value = argumentOf(args, condition.argument);
    if (condition.given !== undefined) return (value !== undefined) === condition.given;
    if (value) frame.matters(value);
    const options = value ? optionsOf(value.shape) : [];
    const constants = options.map((shape) => (shape.kind === 'constant' ? shape.value : undefined));
    if (condition.is !== undefined) {
      return constants.some(
        (constant) => constant === condition.is || (condition.is === true && constant === 1),
      );
    }
    if (condition.isNot !== undefined) {
      return (
        value === undefined ||
        !(constants.length > 0 && constants.every((constant) => constant === condition.isNot))
      );
    }
    return true;
  });
}

/** A call of a library function: each of its sinks gets its arguments. */
export function reachCallSinks(
  frame: Frame,
  node: ApiNode,
  receiver: Value | null,
  args: Arguments,
  call: Call,
): void {
  for (const sink of node.sinks) {
    if (sink.on && sink.on !== 'call') continue;
    if (!conditionsHold(frame, sink.when, args)) continue;
    reachArguments(frame, sink, node.path, receiver, args, call);
  }
}

/** The arguments of a call that a sink speaks of. */
export function reachArguments(
  frame: Frame,
  sink: Pick<Sink, 'kind' | 'arguments' | 'element'>,
  path: string,
  receiver: Value | null,
  args: Arguments,
  call: Call,
): void {
  const reach = (value: Value, at: Node): void => {
    // Most of what arrives is clean, and then nobody asks where.
    if (frame.taintOf(value).length === 0) return;
    reachValue(frame, sink.kind, value, sink.element, {
      module: frame.module,
      fn: frame.fn,
      node: at,
      call,
      view: frame.program.collector.viewOf(call),
      path,
    });
  };
  if (sink.arguments === '*') {
    args.positional.forEach((value, i) => {
      reach(value, args.positionalNodes[i] ?? call);
    });
    for (const [name, value] of args.keywords) reach(value, args.keywordNodes.get(name) ?? call);
    if (args.extraPositional) reach(args.extraPositional, call);
    if (args.extraKeywords) reach(args.extraKeywords, call);
    return;
  }
  for (const argument of sink.arguments ?? [{ position: 0 }]) {
    if (argument.receiver) {
      if (receiver) reach(receiver, call.func.kind === 'Attribute' ? call.func.value : call.func);
      continue;
    }
    const value = argumentOf(args, argument);
    if (value) reach(value, argumentNodeOf(args, argument) ?? call);
  }
}

/** `x[key] = value` and `x.name = value` on something of a library. */
export function reachSinks(
  frame: Frame,
  node: ApiNode,
  on: 'item' | 'attribute' | 'key',
  values: readonly Value[],
  at: Node,
): void {
  for (const sink of node.sinks) {
    if (sink.on !== on) continue;
    const selected =
      sink.arguments === '*'
        ? values.keys()
        : (sink.arguments ?? [{ position: values.length - 1 }]).map((argument) => argument.position ?? 0);
    for (const position of selected) {
      const value = values[position];
      if (!value) continue;
      reachValue(frame, sink.kind, value, undefined, {
        module: frame.module,
        fn: frame.fn,
        node: at,
        call: null,
        path: node.path,
      });
    }
  }
}

/** A value at a sink of a kind; of a list only the elements that matter. */
export function reachValue(
  frame: Frame,
  kind: SinkKind,
  value: Value,
  element: Sink['element'],
  site: SinkSite,
): void {
  const selected = selectedElements(frame, value, element);
  if (selected) for (const one of selected) reach(frame, kind, one, site);
  else if (element !== 'rest') reach(frame, kind, value, site, element);
}

/** The elements of a list that a sink speaks of; undefined where it speaks of all, or they are not known. */
export function selectedElements(
  frame: Frame,
  value: Value,
  element: Sink['element'],
): readonly Value[] | undefined {
  if (!element || element === 'any') return undefined;
  const elements = elementsOf(frame, value);
  return element === 'first' ? elements?.slice(0, 1) : elements?.slice(1);
}

function elementsOf(frame: Frame, value: Value): readonly Value[] | undefined {
  const sequence = sequenceOf(frame, value);
  if (!sequence?.rest) return sequence?.elements;
  // Which of them is the first is not known: a list made of outside words still may begin with a fixed one.
  if (sequence.elements.length === 0) return [UNKNOWN, sequence.rest];
  return [...sequence.elements, sequence.rest];
}

function reach(frame: Frame, kind: SinkKind, value: Value, site: SinkSite, element?: Sink['element']): void {
  const isOfCaller = element !== undefined && value.shape.kind === 'parameter';
  for (const item of frame.taintOf(value)) {
    if (item.clean.has(kind)) continue;
    if (item.origin.type === 'source') {
      frame.program.collector.flow(frame, { kind, source: item.origin, steps: item.steps, value, site });
    } else {
      const sink = { kind, origin: item.origin, clean: item.clean, steps: item.steps, value, site };
      frame.addSink(isOfCaller ? { ...sink, element } : sink);
    }
  }
}
