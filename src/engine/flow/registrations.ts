/** Functions that are given to a framework, which calls them with outside input. */

import type { ApiNode } from '../libraries/api.ts';
import { importsFramework } from './definitions.ts';
import type { Frame } from './frame.ts';
import type { HandlerMatch } from './program.ts';
import { knownElements } from './sequences.ts';
import { argumentOf } from './sinks.ts';
import { type Activation, type Arguments, constantOf, optionsOf, type Value } from './values.ts';

/** Views given to a router, callbacks given to a consumer: functions that outside input will reach. */
export function registerHandlers(frame: Frame, node: ApiNode, args: Arguments): void {
  for (const { handler, by } of node.registers) {
    const value = argumentOf(args, by.argument);
    if (!value) continue;
    const first = args.positional[0] && constantOf(args.positional[0]);
    const route = typeof first === 'string' ? first : '';
    for (const shape of optionsOf(value.shape)) {
      if (shape.kind !== 'function') continue;
      const { fn, closure } = shape;
      if (fn.handler) {
        if (!isOneMore(fn.handler, closure)) continue;
      } else {
        const inputs = by.inputs && argumentOf(args, by.inputs);
        fn.handler = {
          handler,
          route,
          ...(inputs && { inputs: fillers(frame, inputs) }),
          ...(closure && { closures: new Set([closure]) }),
        };
      }
      frame.program.collector.again(fn);
    }
  }
}

/** Wrappers that one decorator put around so many handlers are run; others are left out. */
const MOST_WRAPPERS = 40;

/** Whether a wrapper that is a handler already is one around another function, too. */
function isOneMore({ closures }: HandlerMatch, closure: Activation | null): boolean {
  if (!closures || !closure || closures.has(closure) || closures.size >= MOST_WRAPPERS) return false;
  closures.add(closure);
  return true;
}

/** `pages['save'].click(save, …)`: by the name of the method, where nothing is known of the receiver. */
export function registerByName(frame: Frame, method: string, args: Arguments): void {
  const node = frame.program.api.registeringMethods.get(method);
  if (node && importsFramework(frame.module, node.path.split('.')[0]!)) registerHandlers(frame, node, args);
}

/** The last names of the classes of what fills the parameters, in order; '' for what is not known. */
function fillers(frame: Frame, inputs: Value): string[] {
  const nameOf = (value: Value): string => {
    if (value.shape.kind === 'instance') return value.shape.node.name;
    const written = constantOf(value);
    return typeof written === 'string' ? written : '';
  };
  const listed = inputs.shape.kind === 'instance' ? undefined : knownElements(frame, inputs);
  return listed ? listed.map(nameOf) : [nameOf(inputs)];
}
