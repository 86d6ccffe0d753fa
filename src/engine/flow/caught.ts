/** What handlers of exceptions get. */
import type { ExceptHandler } from '../syntax/ast.ts';
import { classOf } from './access.ts';
import type { Frame } from './frame.ts';
import { elementsIn } from './items.ts';
import { knownElements } from './sequences.ts';
import { makeValue, NO_TAINT, optionsOf, type Shape, type Value } from './values.ts';

/** What of the raised exceptions a handler of this type (or these) gets. */
export function caughtPart(
  frame: Frame,
  raised: Value,
  type: Value,
  handler: ExceptHandler,
  isGroup: boolean,
): Value | null {
  keepRaised(frame);
  if (isGroup) return groupOf(frame, raised, handler);

  const types = knownElements(frame, type)?.flatMap((one) => optionsOf(one.shape)) ?? optionsOf(type.shape);
  const options = optionsOf(raised.shape).filter((shape) => {
    const thrown = shape.kind === 'instance' ? shape.node : classOf(frame, makeValue(shape));
    return types.some(
      (one) =>
        (one.kind === 'api' && (/\.(?:Base)?Exception$/.test(one.node.path) || thrown?.isA(one.node.path))) ||
        (one.kind === 'class' && thrown?.isA(one.cls.path)),
    );
  });
  if (options.length === 0) return null;
  return makeValue(options.length === 1 ? options[0]! : { kind: 'choice', options }, raised.taint);
}

/** What was made on a way that ended with the exception is still there. */
function keepRaised(frame: Frame): void {
  for (const [id, object] of frame.returnedObjects)
    if (!frame.state.object(id)) frame.state.setObject(id, object);
}

/**
 * `except* ValueError as group`: a group in any case, of what was raised or of what is in the group that was.
 * https://docs.python.org/3/reference/compound_stmts.html#except-star
 */
function groupOf(frame: Frame, raised: Value, handler: ExceptHandler): Value {
  const exceptions = optionsOf(raised.shape).flatMap((shape) => {
    const inner = isGroup(shape) ? shape.madeBy?.positional[1] : undefined;
    if (!inner) return [makeValue(shape, raised.taint)];
    const { elements, rest } = elementsIn(frame, inner);
    return rest ? [...elements, rest] : elements;
  });
  const attributes = new Map([['exceptions', makeValue({ kind: 'tuple', elements: exceptions })]]);
  return frame.make(handler, { kind: 'instance', cls: null, attributes, underlying: null }, NO_TAINT);
}

type Instance = Extract<Shape, { kind: 'instance' }>;

/** `ExceptionGroup('message', [first, second])` */
export function isGroup(shape: Shape): shape is Instance {
  return shape.kind === 'instance' && /^builtins\.(?:Base)?ExceptionGroup\b/.test(shape.node.path);
}
