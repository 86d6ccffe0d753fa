/** Functions that check their argument: what libraries and the project's own functions say by returning. */
import { type ApiNode, kindsOf } from '../libraries/api.ts';
import type { Argument } from '../libraries/library.ts';
import type { Call, Expression } from '../syntax/ast.ts';
import { classOf } from './access.ts';
import { allClean, clean, evaluateQuietly } from './facts.ts';
import type { Frame } from './frame.ts';
import { isOwnHost } from './guards-address.ts';
import { isInside } from './guards-path.ts';
import { KindSet, WORD } from './kinds.ts';
import { argumentOf } from './sinks.ts';
import { summaryOf } from './summaries.ts';
import { type Arguments, cleaned, optionsOf, truth, type Value, withTaint } from './values.ts';

/** `filter(check, elements)`: an element that the check said yes to. */
export function accepted(frame: Frame, check: Value, element: Value): Value {
  const { shape } = check;
  if (shape.kind === 'method' && shape.name === '__contains__') {
    const isFixed = frame.taintOf(shape.receiver).every((item) => item.origin.type === 'parameter');
    return isFixed && frame.objectOf(shape.receiver) ? withTaint(element, allClean(element.taint)) : element;
  }
  if (
    shape.kind === 'api' &&
    /^builtins\.str\.is(?:alnum|alpha|digit|decimal|identifier|numeric)$/.test(shape.node.path)
  )
    return withTaint(element, cleaned(element.taint, WORD));
  if (shape.kind !== 'function') return element;
  const kinds = summaryOf(frame, shape).whenTrue.get(shape.self ? 1 : 0);
  return kinds ? withTaint(element, cleaned(element.taint, kinds)) : element;
}

/**
 * What the library or the project's own function says of its argument by returning true or false, or by the first of the
 * things that it returns (`isFirst`).
 */
export function refineByGuards(
  frame: Frame,
  callee: Value,
  test: Call,
  outcome: boolean,
  isFirst = false,
): void {
  if (callee.shape.kind === 'api' || callee.shape.kind === 'instance') {
    for (const guard of callee.shape.node.guards) {
      if (guard.result !== outcome) continue;
      const node = argumentNode(test, guard.argument ?? { position: 0 });
      if (node && !isDecidedOutside(frame, test, node)) clean(frame, node, kindsOf(guard.kinds));
    }
    return;
  }
  if (callee.shape.kind !== 'function') return;
  const summary = summaryOf(frame, callee.shape);
  // A tuple is true whatever is in it: only its first element says how it went.
  if (optionsOf(summary.returns.shape).every(({ kind }) => kind === 'tuple') !== isFirst) return;
  const offset = callee.shape.self ? 1 : 0;
  for (const [index, kinds] of outcome ? summary.whenTrue : summary.whenFalse) {
    const param = callee.shape.fn.params[index];
    const node = argumentNode(test, { position: index - offset, ...(param && { name: param.name }) });
    if (node) clean(frame, node, kinds);
  }
}

/**
 * `name in ALLOWED`, where a class of the project says what that means. False where nothing is known of what it checks:
 * whatever it is that has members is a list of what is allowed.
 */
export function refineByContains(
  frame: Frame,
  container: Value,
  subject: Expression,
  outcome: boolean,
): boolean {
  const method = classOf(frame, container)?.member('__contains__')?.value.shape;
  if (method?.kind !== 'function') return false;
  const summary = summaryOf(frame, method);
  const kinds = (outcome ? summary.whenTrue : summary.whenFalse).get(1) ?? KindSet.none;
  clean(frame, subject, kinds);
  return kinds !== KindSet.none || truth(summary.returns) !== undefined;
}

/** `url_has_allowed_host_and_scheme(url, {request.GET['host']})`: what is allowed comes from outside, too. */
function isDecidedOutside(frame: Frame, test: Call, checked: Expression): boolean {
  return [...test.args, ...test.keywords.map((keyword) => keyword.value)].some(
    (other) =>
      other !== checked &&
      frame
        .taintOf(evaluateQuietly(frame, other))
        .some(({ origin }) => origin.type === 'source' && origin.level === 'remote' && !isOwnHost(origin)),
  );
}

function argumentNode(call: Call, { position, name, receiver }: Argument): Expression | undefined {
  if (receiver) return call.func.kind === 'Attribute' ? call.func.value : undefined;
  const keyword = name === undefined ? undefined : call.keywords.find((other) => other.name === name);
  const positional = position === undefined ? undefined : call.args[position];
  return keyword?.value ?? (positional?.kind === 'Starred' ? undefined : positional);
}

/** A library call that raises unless its argument is good. */
export function guardByCall(frame: Frame, node: ApiNode, args: Arguments, call: Call): void {
  // `path.relative_to(root)` raises when the path does not begin with the root.
  if (node.name === 'relative_to' && call.func.kind === 'Attribute') isInside(frame, call.func.value);
  for (const guard of node.guards) {
    if (guard.result !== 'returns') continue;
    const argument = guard.argument ?? { position: 0 };
    const target = argumentNode(call, argument);
    if (target && (argument.receiver || argumentOf(args, argument)))
      clean(frame, target, kindsOf(guard.kinds));
  }
}
