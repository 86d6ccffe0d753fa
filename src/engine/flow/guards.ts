/** Checks that end the bad path: what a condition says about the values it speaks of. */

import type { Call, Compare, CompareOperator, Comprehension, Expression } from '../syntax/ast.ts';
import { ownName } from '../syntax/headers.ts';
import { HOST, takesAddressApart } from './addresses.ts';
import { allClean, clean, cleanMarked, establish, evaluateQuietly } from './facts.ts';
import type { Frame } from './frame.ts';
import {
  hostSubject,
  isOwnHost,
  refineAddressPrefix,
  refineHostSuffix,
  refineLocalAddress,
  settleHost,
} from './guards-address.ts';
import { refineByContains, refineByGuards } from './guards-calls.ts';
import { isMadeSet, refineAll, refineSubset, refineWord } from './guards-elements.ts';
import {
  isFromOutside,
  isInside,
  PATH,
  refineDerivedPath,
  refineHalf,
  refineParents,
} from './guards-path.ts';
import { kindsWithin, kindsWithout, refinePattern } from './guards-pattern.ts';
import { refineType, subjectOfType } from './guards-types.ts';
import { elementOf } from './items.ts';
import { grantedTests, keptTest, keptVerdict, refusedTests } from './kept-tests.ts';
import { KindSet, WORD } from './kinds.ts';
import { knownElements } from './sequences.ts';
import {
  constant,
  constantOf,
  makeValue,
  NO_TAINT,
  optionsOf,
  type Taint,
  truth,
  UNKNOWN,
  type Value,
  withTaint,
} from './values.ts';

const BOUNDED = KindSet.of('size', 'truncation', 'regex-subject', 'unicode-normalize', 'resource');

/** Goes on as if the test had come out so. */
export function refine(frame: Frame, test: Expression, outcome: boolean): void {
  switch (test.kind) {
    case 'UnaryOp':
      if (test.op === 'not') refine(frame, test.operand, !outcome);
      return;
    case 'BoolOp':
      // `a and b` is true when both are; when it is false either may be.
      if ((test.op === 'and') === outcome) for (const part of test.values) refine(frame, part, outcome);
      else if (test.values.length <= MAX_BRANCHES) refineEither(frame, test.values, outcome);
      return;
    case 'NamedExpr':
      refine(frame, test.value, outcome);
      refine(frame, test.target, outcome);
      return;
    case 'Compare':
      refineCompare(frame, test, outcome);
      return;
    case 'Call':
      refineCall(frame, test, outcome);
      return;
    case 'Name': {
      if (outcome) refineCheckedName(frame, test.id);
      const kept = keptTest(frame, test.id, outcome);
      if (kept) refine(frame, kept, outcome);
      const call = keptVerdict(frame, test.id);
      if (call) refineByGuards(frame, evaluateQuietly(frame, call.func), call, outcome, true);
      for (const granted of grantedTests(frame, test, outcome)) refine(frame, granted, true);
      for (const refused of refusedTests(frame, test, outcome)) refine(frame, refused, false);
      const value = frame.state.get(test.id);
      if (!value) return;
      if (!outcome && holdsText(value)) {
        // What counts as false is empty.
        frame.state.set(test.id, withTaint(value, NO_TAINT));
        return;
      }
      const options = optionsOf(value.shape).filter((shape) => {
        const known = truth(makeValue(shape));
        return known === undefined || known === outcome;
      });
      if (options.length > 0 && options.length < optionsOf(value.shape).length) {
        frame.state.set(test.id, {
          shape: options.length === 1 ? options[0]! : { kind: 'choice', options },
          taint: value.taint,
        });
      }
      return;
    }
    case 'BinOp':
      // `set(text) - ALLOWED` is empty.
      if (!outcome && test.op === '-' && isMadeSet(test.operands[0])) refineSubset(frame, test.operands[0]);
      return;
    case 'Attribute': {
      // No host: the address leads to this one.
      const host = outcome ? undefined : hostSubject(frame, test);
      if (host) settleHost(frame, host);
      return;
    }
    default:
      return;
  }
}

/** Whether the value is outside input, and none of what the function has made itself. */
function holdsText({ shape, taint }: Value): boolean {
  return taint.length > 0 && optionsOf(shape).every(({ kind }) => kind !== 'object' && kind !== 'function');
}

/** Longer chains of `or` establish nothing. */
const MAX_BRANCHES = 6;

/** One of several tests has this outcome: what all of them would establish holds. */
function refineEither(frame: Frame, tests: readonly Expression[], outcome: boolean): void {
  const base = frame.state;
  const branches = tests.map((test) => {
    frame.state = base.fork();
    refine(frame, test, outcome);
    return frame.state;
  });
  frame.state = base;
  base.absorb(branches);
}

/** `ok = check(x)`, then `if ok:`: the name stands for the test it was given. */
function refineCheckedName(frame: Frame, name: string): void {
  const value = frame.state.get(name);
  if (value?.shape.kind !== 'instance' || !value.shape.madeBy) return;
  const { node } = value.shape.madeBy;
  if (
    value.shape.madeBy.module === frame.module &&
    /\.(match|fullmatch|search)\(\)$|re\.Match$/.test(value.shape.node.path)
  ) {
    refineCall(frame, node, true);
  }
}

/** `re.match(pattern, text) is not None`, `TABLE.get(name) is not None`, and the same of a name that keeps it. */
function refineFound(frame: Frame, found: Expression): void {
  if (found.kind === 'Name') {
    refineCheckedName(frame, found.id);
    const kept = keptTest(frame, found.id, true);
    if (kept?.kind === 'Call') refineFound(frame, kept);
  } else if (found.kind === 'NamedExpr') refineFound(frame, found.value);
  else if (found.kind === 'Call' && /^(?:match|fullmatch|search|get)$/.test(ownName(found.func)))
    refineCall(frame, found, true);
}

function refineCompare(frame: Frame, test: Compare, outcome: boolean): void {
  if (test.ops.length !== 1) {
    if (outcome) refineChain(frame, test);
    return;
  }
  const op = outcome ? test.ops[0]! : negated(test.ops[0]!);
  const right = test.comparators[0]!;
  if (right.kind === 'Constant' && right.value === 'None') {
    if (op === 'is not' || op === '!=') refineFound(frame, test.left);
    return;
  }
  const typed = subjectOfType(test.left);
  if (typed && (op === 'is' || op === '==' || op === 'in')) {
    refineType(frame, typed, right);
    return;
  }
  switch (op) {
    case '==':
    case 'is':
      refineEqual(frame, test.left, right);
      refineEqual(frame, right, test.left);
      return;
    case '!=':
    case 'is not':
      refineUnequal(frame, test.left, right);
      return;
    case 'in':
      refineMember(frame, test.left, right);
      return;
    case 'not in':
      refineLacks(frame, test.left, right);
      return;
    default:
      if (op === '<=' && isMadeSet(test.left)) refineSubset(frame, test.left);
      refineBounded(frame, test.left, right);
      refineBounded(frame, right, test.left);
  }
}

/** `0 <= x < 10` */
function refineChain(frame: Frame, test: Compare): void {
  for (const operand of [test.left, ...test.comparators]) bound(frame, operand);
}

function negated(op: CompareOperator): CompareOperator {
  const pairs: Record<CompareOperator, CompareOperator> = {
    '==': '!=',
    '!=': '==',
    '<': '>=',
    '>=': '<',
    '>': '<=',
    '<=': '>',
    is: 'is not',
    'is not': 'is',
    in: 'not in',
    'not in': 'in',
  };
  return pairs[op];
}

/** The host that the request was sent to, or another that is not from outside: the request itself may be a parameter. */
function isOwnAddress(host: Taint | undefined): boolean {
  const others = host?.filter(({ origin }) => !isOwnHost(origin));
  if (!host || !others) return false;
  return others.length < host.length
    ? others.every(({ origin }) => origin.type === 'parameter')
    : others.length === 0;
}

/** The subject equals something that does not come from outside. */
function refineEqual(frame: Frame, subject: Expression, other: Expression): void {
  const value = evaluateQuietly(frame, other);
  const compared = hostSubject(frame, subject);
  if (compared && isOwnAddress(hostSubject(frame, other, value))) {
    settleHost(frame, compared);
    return;
  }
  if (frame.taintOf(value).some((item) => item.origin.type === 'source')) return;
  if (refineDerivedPath(frame, subject)) return;
  const known = constantOf(value);
  if (known === undefined && frame.taintOf(value).length > 0) {
    // A path that is the directory itself; which one that is, the caller says.
    cleanMarked(frame, subject, 'normalized', PATH);
    return;
  }
  if (compared) {
    settleHost(frame, compared);
    return;
  }
  if (
    known === undefined &&
    other.kind !== 'Name' &&
    other.kind !== 'Attribute' &&
    other.kind !== 'Subscript'
  )
    return;
  establish(frame, subject, (before) =>
    known !== undefined
      ? { shape: constant(known).shape, taint: allClean(before.taint) }
      : withTaint(before, allClean(before.taint)),
  );
}

function refineUnequal(frame: Frame, subject: Expression, other: Expression): void {
  const value = constantOf(evaluateQuietly(frame, other));
  if (value === undefined || subject.kind !== 'Name') return;
  const before = frame.state.get(subject.id);
  if (before?.shape.kind !== 'choice') return;
  const options = before.shape.options.filter(
    (shape) => !(shape.kind === 'constant' && shape.value === value),
  );
  if (options.length > 0 && options.length < before.shape.options.length) {
    frame.state.set(subject.id, {
      shape: options.length === 1 ? options[0]! : { kind: 'choice', options },
      taint: before.taint,
    });
  }
}

/** `subject in container`: an allow-list, unless the container is text or comes from outside. */
function refineMember(frame: Frame, subject: Expression, container: Expression): void {
  if (refineParents(frame, container)) return;
  const value = evaluateQuietly(frame, container);
  const text = constantOf(value);
  if (typeof text === 'string') {
    // A piece of a known text.
    clean(frame, subject, kindsWithin(text));
    return;
  }
  if (optionsOf(value.shape).some((shape) => shape.kind === 'text' || shape.kind === 'constant')) return;
  if (refineByContains(frame, value, subject, true)) return;
  if (frame.taintOf(value).some((item) => item.origin.type === 'source' && item.origin.level === 'remote'))
    return;
  const host = hostSubject(frame, subject);
  if (host) {
    settleHost(frame, host);
    return;
  }
  const elements = knownElements(frame, value)?.map(constantOf);
  establish(frame, subject, (before) => ({
    shape:
      elements && elements.length > 0 && elements.length <= 5 && !elements.includes(undefined)
        ? elements.length === 1
          ? constant(elements[0]!).shape
          : { kind: 'choice', options: elements.map((element) => constant(element!).shape) }
        : before.shape,
    taint: allClean(before.taint),
  }));
}

/** `'/' not in subject`: the subject lacks a piece of text. */
function refineLacks(frame: Frame, piece: Expression, subject: Expression): void {
  const text = constantOf(evaluateQuietly(frame, piece));
  if (typeof text !== 'string') {
    refineByContains(frame, evaluateQuietly(frame, subject), piece, false);
    return;
  }
  if (text === '/' || text === '\\' || text === 'os.sep') clean(frame, subject, PATH);
  if (text === '..' || text === '../') refineHalf(frame, subject, 'no-parent');
  if (text === '\n' || text === '\r')
    clean(frame, subject, KindSet.of('header', 'log', 'mail-header', 'cookie-value'));
}

function refineBounded(frame: Frame, subject: Expression, other: Expression): void {
  const limit = evaluateQuietly(frame, other);
  if (frame.taintOf(limit).length > 0) return;
  bound(frame, subject);
}

/** `subject` (or `len(subject)`) has been compared with a limit. */
function bound(frame: Frame, subject: Expression): void {
  const inner =
    subject.kind === 'Call' && subject.func.kind === 'Name' && subject.func.id === 'len'
      ? subject.args[0]
      : subject;
  if (inner) clean(frame, inner, BOUNDED);
}

function refineCall(frame: Frame, test: Call, outcome: boolean): void {
  const { func } = test;
  const first = test.args[0];
  if (func.kind === 'Name') {
    if (func.id === 'isinstance' && outcome && first && test.args[1]) {
      refineType(frame, first, test.args[1]);
      return;
    }
    if (func.id === 'bool' && first) {
      refine(frame, first, outcome);
      return;
    }
    if ((func.id === 'all' || func.id === 'any') && first?.kind === 'Comprehension') {
      if (outcome === (func.id === 'all')) refineLacksAll(frame, first, outcome ? 'not in' : 'in');
      if (outcome && func.id === 'all') refineAll(frame, first);
      else if (outcome) refineAny(frame, first);
      return;
    }
  }
  if (func.kind === 'Attribute') {
    switch (func.attr) {
      case 'isdigit':
      case 'isdecimal':
      case 'isnumeric':
        if (outcome) refineWord(frame, func.value, KindSet.of('number-parse'));
        return;
      case 'isalnum':
      case 'isalpha':
      case 'isidentifier':
        if (outcome) refineWord(frame, func.value);
        return;
      case 'startswith':
        if (outcome && first) refinePrefix(frame, func.value, first);
        if (first) refineLocalAddress(frame, func.value, first, outcome);
        if (!outcome && first && /^\(?['"]\/['"]|os\.sep/.test(frame.source(first)))
          refineHalf(frame, func.value, 'relative');
        return;
      case 'isabs':
        if (!outcome && first) refineHalf(frame, first, 'relative');
        return;
      case 'is_absolute':
        if (!outcome) refineHalf(frame, func.value, 'relative');
        return;
      case 'is_relative_to':
        if (outcome) isInside(frame, func.value);
        return;
      case 'issubset':
        if (outcome) refineSubset(frame, func.value);
        return;
      case 'endswith':
        if (outcome && first) refineHostSuffix(frame, func.value, first);
        return;
      case 'get':
        // `TABLE.get(name)` gives something only for names that it has.
        if (outcome && first && test.args.length === 1 && isTable(frame, func.value))
          refineMember(frame, first, func.value);
        return;
      case 'match':
      case 'fullmatch':
      case 'search':
        refinePattern(frame, test, func.attr, outcome);
        return;
      default:
        break;
    }
  }
  const callee = evaluateQuietly(frame, func);
  refineByGuards(frame, callee, test, outcome);
  const name = ownName(func);
  const cannotBeRead =
    callee.shape.kind === 'unknown' || (callee.shape.kind === 'api' && !callee.shape.node.isModelled);
  const checked = first ?? test.keywords[0]?.value;
  if (!outcome || !checked || !CHECK_BY_NAME.test(name)) return;
  // A check whose code is not at hand is taken at its word, as is one that takes an address apart by hand.
  if (cannotBeRead) clean(frame, checked, WORD);
  else if (callee.shape.kind === 'function' && takesAddressApart(callee.shape.fn))
    clean(frame, checked, HOST);
}

function isTable(frame: Frame, expression: Expression): boolean {
  return frame.objectOf(evaluateQuietly(frame, expression))?.kind === 'dict';
}

const CHECK_BY_NAME =
  /(?:^|_)(?:is_)?(?:safe|allowed|permitted|whitelisted|trusted)(?:_|$)|(?:^|_)(?:is_valid|validate|check)_(?:url|path|redirect|file_?name|host|target|next)/i;

/** `any(host.endswith(domain) for domain in DOMAINS)`: one of them is so. */
function refineAny(frame: Frame, { element, generators }: Comprehension): void {
  const [generator] = generators;
  if (generator?.target.kind !== 'Name' || generators.length > 1 || generator.conditions.length > 0) return;
  const { id } = generator.target;
  const before = frame.state.get(id);
  frame.state.set(id, elementOf(frame, evaluateQuietly(frame, generator.iter)));
  refine(frame, element, true);
  frame.state.set(id, before ?? UNKNOWN);
}

/** `not any(c in text for c in ';|&')`, `all(c not in text for c in ';|&')`: the text holds none of these characters. */
function refineLacksAll(frame: Frame, { element, generators }: Comprehension, op: 'in' | 'not in'): void {
  const [generator] = generators;
  if (generator?.target.kind !== 'Name' || generators.length > 1 || generator.conditions.length > 0) return;
  if (element.kind !== 'Compare' || element.ops.length !== 1 || element.ops[0] !== op) return;
  if (element.left.kind !== 'Name' || element.left.id !== generator.target.id) return;
  const given = evaluateQuietly(frame, generator.iter);
  const text = constantOf(given);
  const refused = typeof text === 'string' ? [...text] : (knownElements(frame, given)?.map(constantOf) ?? []);
  if (refused.length === 0) return;
  const kinds = kindsWithout({ has: (codePoint) => !refused.includes(String.fromCodePoint(codePoint)) });
  clean(frame, element.comparators[0]!, kinds);
  if (refused.includes('..')) refineHalf(frame, element.comparators[0]!, 'no-parent');
}

/** `x.startswith(prefix)` */
function refinePrefix(frame: Frame, subject: Expression, prefix: Expression): void {
  const value = evaluateQuietly(frame, prefix);
  refineAddressPrefix(frame, subject, prefix, value);
  if (!isFromOutside(frame, prefix)) isInside(frame, subject);
}
