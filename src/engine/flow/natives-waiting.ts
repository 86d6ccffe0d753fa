/** What is given back by what waits: event loops, executors, and context managers that are entered by a call. */
import { elementsIn } from './items.ts';
import type { Native } from './native.ts';
import { makeSequence } from './sequences.ts';
import { entered } from './statements.ts';
import { makeValue } from './values.ts';

/** The result of what is waited for. */
const result: Native = (_frame, args) => args.positional[0];

/** The same futures, in the order in which they are ready. */
const futures: Native = (frame, args, node) => {
  const given = args.positional[0] ?? args.keywords.get('fs');
  if (!given) return undefined;
  const order = elementsIn(frame, given);
  return makeSequence(frame, node, order, 'list');
};

/** `done, pending = wait(futures)` */
const waited: Native = (frame, args, node) => {
  const all = futures(frame, args, node, null);
  return all && makeValue({ kind: 'tuple', elements: [all, all] });
};

/** `stack.enter_context(manager)` */
const enter: Native = (frame, args, node) => args.positional[0] && entered(frame, args.positional[0], node);

export const WAITING_NATIVES: readonly (readonly [string, Native])[] = [
  ...[
    'asyncio.run',
    'asyncio.run_coroutine_threadsafe',
    'asyncio.create_task',
    'asyncio.ensure_future',
    'asyncio.shield',
    'asyncio.wait_for',
    'asyncio.TaskGroup.create_task',
    'asyncio.AbstractEventLoop.create_task',
    'asyncio.AbstractEventLoop.run_until_complete',
    'asgiref.sync.async_to_sync()',
    'nest_asyncio.run',
  ].map((path): [string, Native] => [path, result]),
  ['asyncio.as_completed', futures],
  ['concurrent.futures.as_completed', futures],
  ['asyncio.wait', waited],
  ['concurrent.futures.wait', waited],
  ['contextlib.nullcontext', result],
  ['contextlib.closing', result],
  ['contextlib.aclosing', result],
  ['contextlib.ExitStack.enter_context', enter],
  ['contextlib.AsyncExitStack.enter_context', enter],
  ['contextlib.AsyncExitStack.enter_async_context', enter],
];
