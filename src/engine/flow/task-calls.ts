/** Functions that a task queue calls later, with what is given now. */
import type { Call } from '../syntax/ast.ts';
import type { Frame } from './frame.ts';
import { callFunction } from './functions.ts';
import { sequenceOf } from './sequences.ts';
import type { FunctionShape } from './summaries.ts';
import { type Arguments, argumentsOf, UNKNOWN, type Value } from './values.ts';

/** Methods that take the arguments of the task itself. */
const TAKES_ARGUMENTS: ReadonlySet<string> = new Set(['delay', 'delay_on_commit', 'send']);

/** Methods that take them as a list and a dict, before settings of the queue. */
const TAKES_LIST: ReadonlySet<string> = new Set(['apply_async', 'send_with_options']);

/**
 * `task.delay(x)`: a method of a function that the decorator of a task queue put there. A worker calls the function;
 * what comes back at once says nothing of it. False where the method is none of these.
 * https://docs.celeryq.dev/en/stable/userguide/calling.html, https://dramatiq.io/reference.html#dramatiq.Actor
 */
export function callLater(
  frame: Frame,
  task: FunctionShape,
  name: string,
  args: Arguments,
  node: Call,
): boolean {
  if (TAKES_ARGUMENTS.has(name)) callFunction(frame, bound(task), args, node);
  else if (TAKES_LIST.has(name)) callFunction(frame, bound(task), listed(frame, args, node), node);
  else return false;
  return true;
}

/** With `bind=True` a task gets itself first. */
function bound(task: FunctionShape): FunctionShape {
  const { fn } = task;
  return fn.owner === null && fn.params[0]?.name === 'self' ? { ...task, self: UNKNOWN } : task;
}

/** `apply_async(args=(x,), kwargs={'y': y})` */
function listed(frame: Frame, { positional, keywords }: Arguments, node: Call): Arguments {
  const list = keywords.get('args') ?? positional[0];
  const named = keywords.get('kwargs') ?? positional[1];
  const elements = (list && sequenceOf(frame, list)?.elements) ?? [];
  return { ...argumentsOf(elements, node), keywords: namedIn(frame, named) };
}

function namedIn(frame: Frame, named: Value | undefined): ReadonlyMap<string, Value> {
  const object = named && frame.objectOf(named);
  return new Map(
    object?.kind === 'dict' ? [...object.entries].map(([key, value]) => [String(key), value]) : [],
  );
}
