/** What an expression evaluates to. */
import type {
  BinOp,
  BoolOp,
  Call,
  Compare,
  CompareOperator,
  Dict,
  Expression,
  FormattedValue,
  JoinedStr,
  Slice,
  Str,
} from '../syntax/ast.ts';
import { readAttribute } from './access.ts';
import { behind, binary, formatted, NUMBER_FORMAT, ONE_LINE } from './arithmetic.ts';
import { assign } from './assignment.ts';
import { callAttribute, callValue } from './calls.ts';
import { evaluateComprehension } from './comprehensions.ts';
import { mappingOf } from './containers.ts';
import { defineFunction } from './definitions.ts';
import { evaluateQuietly } from './facts.ts';
import { checkedField, isCheckedData } from './form-fields.ts';
import type { Frame } from './frame.ts';
import { evaluateYield } from './generators.ts';
import { refine } from './guards.ts';
import { guardByLookup } from './guards-types.ts';
import { elementOf, elementsIn, readItem } from './items.ts';
import { KindSet, NUMBER_IS_HARMLESS } from './kinds.ts';
import { earlierImport, lookupGlobal } from './modules.ts';
import { extensionOf, isExtension } from './natives-text.ts';
import { boundOf, knownElements, makeSequence, SequenceBuilder, sliced } from './sequences.ts';
import { asText, compared } from './special-methods.ts';
import { anyOf, type Sequence } from './state.ts';
import { evaluateTemplate } from './template-strings.ts';
import {
  type Arguments,
  bool,
  cleaned,
  constant,
  constantOf,
  FALSE,
  join,
  joinTaint,
  makeValue,
  NO_KEYWORD_NODES,
  NO_KEYWORDS,
  NO_TAINT,
  NONE,
  optionsOf,
  PLAIN,
  resolved,
  type Taint,
  TRUE,
  tainted,
  textOf,
  truth,
  UNKNOWN,
  unmarked,
  type Value,
  withTaint,
} from './values.ts';

export function evaluate(frame: Frame, node: Expression): Value {
  frame.program.step();
  switch (node.kind) {
    case 'Name':
      return lookupName(frame, node.id);
    case 'Attribute': {
      const value = readAttribute(frame, evaluate(frame, node.value), node.attr, node);
      return frame.hasFacts ? withFacts(frame, node, value) : value;
    }
    case 'Call':
      return evaluateCall(frame, node);
    case 'Str':
      frame.program.collector.string(frame, node);
      return constant(node.value);
    case 'Constant':
      return node.value === 'True'
        ? TRUE
        : node.value === 'False'
          ? FALSE
          : node.value === 'None'
            ? NONE
            : UNKNOWN;
    case 'Num':
      return constant(node.value);
    case 'Bytes':
      return constant(node.value, true);
    case 'JoinedStr':
      return node.isTemplate ? evaluateTemplate(frame, node) : evaluateJoinedStr(frame, node);
    case 'BinOp':
      return evaluateBinOp(frame, node);
    case 'BoolOp':
      return evaluateBoolOp(frame, node);
    case 'Compare':
      return evaluateCompare(frame, node);
    case 'UnaryOp': {
      const operand = evaluate(frame, node.operand);
      if (node.op === 'not') {
        const known = truth(operand);
        if (known === undefined) frame.matters(operand);
        return bool(known === undefined ? undefined : !known);
      }
      const number = constantOf(operand);
      if (typeof number === 'number')
        return constant(node.op === '-' ? -number : node.op === '~' ? ~number : number);
      return tainted(operand.taint);
    }
    case 'Subscript': {
      const object = evaluate(frame, node.value);
      const index = evaluate(frame, node.index);
      if (index.shape.kind === 'parameter') frame.matters(index);
      const part = node.index.kind === 'Slice' ? readSlice(frame, object, node.index, node) : undefined;
      const read = part ?? readItem(frame, object, index, node);
      if (index.taint.length > 0) guardByLookup(frame, object, node.index);
      const whole = isCheckedData(node.value, object) ? checkedField(frame, node.value, index, read) : read;
      const item = node.index.kind === 'Slice' ? withTaint(whole, unmarked(whole.taint, 'rooted')) : whole;
      const value = isExtension(node) ? extensionOf(item) : item;
      return frame.hasFacts ? withFacts(frame, node, value) : value;
    }
    case 'Tuple':
      return makeSequence(frame, node, evaluateElements(frame, node.elements), 'tuple');
    case 'List':
      return makeSequence(frame, node, evaluateElements(frame, node.elements), 'list');
    case 'Set':
      return frame.make(node, { kind: 'set', ...evaluateElements(frame, node.elements) }, NO_TAINT);
    case 'Dict':
      return evaluateDict(frame, node);
    case 'Comprehension':
      return evaluateComprehension(frame, node);
    case 'IfExp': {
      const known = truth(evaluate(frame, node.test));
      const whenTrue = known === false ? null : inBranch(frame, node.test, true, node.body);
      const whenFalse = known === true ? null : inBranch(frame, node.test, false, node.orelse);
      return whenTrue && whenFalse ? join(whenTrue, whenFalse) : (whenTrue ?? whenFalse ?? UNKNOWN);
    }
    case 'NamedExpr': {
      const value = evaluate(frame, node.value);
      assign(frame, node.target, value);
      const before = frame.around?.get(node.target.id);
      frame.around?.set(node.target.id, before ? join(before, value) : value);
      return value;
    }
    case 'Await':
      return evaluate(frame, node.value);
    case 'Yield':
      return evaluateYield(frame, node);
    case 'Lambda':
      return defineFunction(frame, node);
    case 'Starred':
      return elementOf(frame, evaluate(frame, node.value));
    case 'Slice':
      for (const part of [node.lower, node.upper, node.step]) if (part) evaluate(frame, part);
      return UNKNOWN;
    case 'Opaque':
      return UNKNOWN;
  }
}

/** What was established about the same expression earlier, when it is read again. */
function withFacts(frame: Frame, node: Expression, value: Value): Value {
  return frame.state.get(frame.factSlot(node)) ?? value;
}

/** A name as Python looks it up: here, in the functions around, in the module, among the builtins. */
export function lookupName(frame: Frame, name: string): Value {
  const own = frame.state.get(name);
  if (own) return resolved(own);
  const { fn, program } = frame;
  if (fn?.scope.locals.has(name)) return UNKNOWN;
  if (frame.outer) return lookupName(frame.outer, name);
  for (let outer = frame.activation.parent; outer; outer = outer.parent) {
    const cell = outer.cells.get(name);
    if (cell) return resolved(cell);
  }
  const global = lookupGlobal(program, frame.module, name);
  if (global) {
    const earlier = fn && earlierImport(frame.module, fn, name);
    return earlier ? join(global, earlier) : global;
  }
  const builtin = program.api.builtin(name);
  if (builtin) return makeValue({ kind: 'api', node: builtin, receiver: null });
  const module = program.api.starImported(name);
  if (module) return makeValue({ kind: 'api', node: module, receiver: null });
  return name === '__name__' ? textOf('\0') : name === '__file__' ? textOf('/\0') : UNKNOWN;
}

function inBranch(frame: Frame, test: Expression, outcome: boolean, node: Expression): Value {
  const base = frame.state;
  frame.state = base.fork();
  refine(frame, test, outcome);
  const value = evaluate(frame, node);
  base.absorbObjects(frame.state);
  frame.state = base;
  return value;
}

function evaluateElements(frame: Frame, nodes: readonly Expression[]): Sequence {
  const elements = new SequenceBuilder();
  for (const node of nodes) {
    if (node.kind === 'Starred') {
      const spread = evaluate(frame, node.value);
      elements.addAll(elementsIn(frame, spread));
    } else {
      elements.add(evaluate(frame, node));
    }
  }
  return elements.build();
}

/** `object[1:]`; undefined where nothing is known of the order. */
function readSlice(
  frame: Frame,
  object: Value,
  { lower, upper, step }: Slice,
  node: Expression,
): Value | undefined {
  const bound = (part: Expression | null) => boundOf(part && evaluateQuietly(frame, part));
  return sliced(frame, object, { lower: bound(lower), upper: bound(upper), step: bound(step) }, node);
}

function evaluateDict(frame: Frame, node: Dict): Value {
  const entries = new Map<string | number, Value>();
  let rest: Value | null = null;
  let keys: Value | undefined;
  node.values.forEach((valueNode, i) => {
    const keyNode = node.keys[i] ?? null;
    if (!keyNode) {
      const spread = evaluate(frame, valueNode);
      const object = mappingOf(frame, spread);
      if (object) {
        for (const [key, value] of object.entries) entries.set(key, value);
        if (object.rest) rest = rest ? join(rest, object.rest) : object.rest;
      } else {
        const unknown = tainted(frame.taintOf(spread));
        rest = rest ? join(rest, unknown) : unknown;
      }
      return;
    }
    const keyValue = evaluate(frame, keyNode);
    const key = constantOf(keyValue);
    const before = frame.targets;
    if (typeof key === 'string') frame.targets = [key];
    const value = evaluate(frame, valueNode);
    frame.targets = before;
    if (typeof key === 'string' || typeof key === 'number') {
      entries.set(key, value);
      if (typeof key === 'string') frame.program.collector.entry(frame, keyNode, key, valueNode, value);
    } else {
      rest = rest ? join(rest, value) : value;
      keys = keys ? join(keys, keyValue) : keyValue;
    }
  });
  return frame.make(node, { kind: 'dict', entries, rest, ...(keys && { keys }) }, NO_TAINT);
}

function evaluateJoinedStr(frame: Frame, node: JoinedStr): Value {
  let template = '';
  let taint: Taint = NO_TAINT;
  const add = (part: Str | FormattedValue): void => {
    if (part.kind === 'Str') {
      template += part.value;
      return;
    }
    const value = asText(frame, evaluate(frame, part.value), part.value);
    for (const spec of part.formatSpec)
      if (spec.kind === 'FormattedValue')
        taint = joinTaint(taint, behind(`${template}\0`, frame.taintOf(evaluate(frame, spec.value))));
    const plain = part.conversion === null && part.formatSpec.length === 0;
    const carried = behind(template, frame.taintOf(value));
    const isQuoted = part.conversion === 'r' || part.conversion === 'a';
    const [spec] = part.formatSpec;
    const isNumber = !part.conversion && spec?.kind === 'Str' && NUMBER_FORMAT.test(spec.value);
    taint = joinTaint(
      taint,
      cleaned(carried, isNumber ? NUMBER_IS_HARMLESS : isQuoted ? ONE_LINE : KindSet.none),
    );
    template += plain ? formatted(value) : isNumber ? PLAIN : '\0';
  };
  node.parts.forEach(add);
  frame.program.collector.string(frame, node, template.replaceAll(PLAIN, '\0'));
  return textOf(template, taint);
}

function evaluateBinOp(frame: Frame, node: BinOp): Value {
  let sum = evaluate(frame, node.operands[0]!);
  for (const operand of node.operands.slice(1))
    sum = binary(frame, node.op, sum, evaluate(frame, operand), node);
  return sum;
}

function evaluateBoolOp(frame: Frame, node: BoolOp): Value {
  const base = frame.state;
  frame.state = base.fork();
  let result: Value | null = null;
  for (const [i, operand] of node.values.entries()) {
    const value = evaluate(frame, operand);
    const last = i === node.values.length - 1;
    const known = truth(value);
    if (known === undefined) frame.matters(value);
    // An operand that cannot be the outcome adds nothing: `x or y` is x only when x is true.
    const canEnd = last || known === undefined || known === (node.op === 'or');
    if (canEnd) {
      const part = !last && node.op === 'and' && known === undefined ? falsePart(value) : value;
      result = result ? join(result, part) : part;
    }
    // What stands behind the outcome is not evaluated.
    if (known === (node.op === 'or')) break;
    if (!last) refine(frame, operand, node.op === 'and');
  }
  base.absorbObjects(frame.state);
  frame.state = base;
  return result ?? UNKNOWN;
}

/** What is left of a value that counts as false: nothing that carries text. */
function falsePart(value: Value): Value {
  return value.shape.kind === 'unknown' || value.taint.length > 0 ? FALSE : value;
}

function evaluateCompare(frame: Frame, node: Compare): Value {
  let left = evaluate(frame, node.left);
  let leftNode = node.left;
  let result: boolean | undefined = true;
  node.comparators.forEach((rightNode, i) => {
    const right = evaluate(frame, rightNode);
    const op = node.ops[i]!;
    if (right.shape.kind === 'constant') frame.matters(left);
    frame.program.collector.compare(frame, node, left, leftNode, op, right, rightNode);
    const outcome = compareConstants(frame, op, left, right) ?? compared(frame, op, left, right, node);
    result = outcome === false || result === false ? false : outcome === undefined ? undefined : result;
    left = right;
    leftNode = rightNode;
  });
  return bool(result);
}

function compareConstants(frame: Frame, op: CompareOperator, left: Value, right: Value): boolean | undefined {
  const a = constantOf(left);
  if (op === 'in' || op === 'not in') {
    const found = isMember(frame, a, right);
    return found === undefined ? undefined : op === 'in' ? found : !found;
  }
  const b = constantOf(right);
  if (a === undefined || b === undefined) {
    if ((op === 'is' || op === '==') && b === null && isSomething(left)) return false;
    if ((op === 'is not' || op === '!=') && b === null && isSomething(left)) return true;
    return undefined;
  }
  switch (op) {
    case '==':
    case 'is':
      return a === b;
    case '!=':
    case 'is not':
      return a !== b;
    default:
      break;
  }
  if (a === null || b === null || typeof a !== typeof b) return undefined;
  switch (op) {
    case '<':
      return a < b;
    case '<=':
      return a <= b;
    case '>':
      return a > b;
    case '>=':
      return a >= b;
    default:
      return undefined;
  }
}

/** Whether a value is certainly not None. */
function isSomething(value: Value): boolean {
  return optionsOf(value.shape).every(
    (shape) =>
      shape.kind === 'function' ||
      shape.kind === 'class' ||
      shape.kind === 'text' ||
      shape.kind === 'tuple' ||
      shape.kind === 'module',
  );
}

function isMember(
  frame: Frame,
  needle: ReturnType<typeof constantOf>,
  container: Value,
): boolean | undefined {
  if (needle === undefined) return undefined;
  const text = constantOf(container);
  if (typeof text === 'string') return typeof needle === 'string' ? text.includes(needle) : undefined;
  const object = frame.objectOf(container);
  if (object?.kind === 'dict') {
    return object.rest || needle === null || typeof needle === 'boolean'
      ? undefined
      : object.entries.has(needle);
  }
  const elements = knownElements(frame, container);
  if (!elements) return undefined;
  const constants = elements.map(constantOf);
  if (constants.includes(needle)) return true;
  return constants.includes(undefined) ? undefined : false;
}

/** Evaluates the arguments of a call; `*` and `**` of known content are spread. */
export function evaluateArguments(frame: Frame, node: Call): Arguments {
  const positional: Value[] = [];
  // Where nothing is spread, the arguments are those that are written.
  const isSpread = node.args.some(({ kind }) => kind === 'Starred');
  const positionalNodes: Expression[] = isSpread ? [] : (node.args as Expression[]);
  let extraPositional: Value | null = null;
  const outerTargets = frame.targets;
  for (const argument of node.args) {
    if (argument.kind !== 'Starred') {
      positional.push(evaluate(frame, argument));
      if (isSpread) positionalNodes.push(argument);
      continue;
    }
    const spread = evaluate(frame, argument.value);
    const { elements, rest } = elementsIn(frame, spread);
    if (!extraPositional) {
      for (const element of elements) {
        positional.push(element);
        positionalNodes.push(argument);
      }
    }
    const others: Value | null = extraPositional ? anyOf({ elements, rest }) : rest;
    if (others) extraPositional = extraPositional ? join(extraPositional, others) : others;
  }
  if (node.keywords.length === 0) {
    return {
      positional,
      keywords: NO_KEYWORDS,
      extraPositional,
      extraKeywords: null,
      positionalNodes,
      keywordNodes: NO_KEYWORD_NODES,
    };
  }
  const keywords = new Map<string, Value>();
  const keywordNodes = new Map<string, Expression>();
  let extraKeywords: Value | null = null;
  for (const keyword of node.keywords) {
    if (keyword.name !== null) {
      frame.targets = [keyword.name, ...outerTargets];
      keywords.set(keyword.name, evaluate(frame, keyword.value));
      keywordNodes.set(keyword.name, keyword.value);
      continue;
    }
    const spread = evaluate(frame, keyword.value);
    const object = mappingOf(frame, spread);
    if (object) {
      for (const [key, value] of object.entries) {
        if (typeof key !== 'string' || keywords.has(key)) continue;
        keywords.set(key, value);
        keywordNodes.set(key, keyword.value);
      }
      if (object.rest) extraKeywords = extraKeywords ? join(extraKeywords, object.rest) : object.rest;
    }
    if (frame.hasFacts && keyword.value.kind === 'Name') {
      for (const [key, value] of frame.knownItems(keyword.value.id)) {
        keywords.set(key, value);
        keywordNodes.set(key, keyword.value);
      }
    }
    if (spread.shape.kind === 'parameter') {
      extraKeywords = extraKeywords ? join(extraKeywords, spread) : spread;
    } else if (!object) {
      const unknown = tainted(frame.taintOf(spread));
      extraKeywords = extraKeywords ? join(extraKeywords, unknown) : unknown;
    }
  }
  frame.targets = outerTargets;
  return { positional, keywords, extraPositional, extraKeywords, positionalNodes, keywordNodes };
}

function evaluateCall(frame: Frame, node: Call): Value {
  const isStatement = frame.isStatement;
  frame.isStatement = false;
  if (node.func.kind === 'Attribute') {
    const receiver = evaluate(frame, node.func.value);
    const args = evaluateArguments(frame, node);
    frame.isStatement = isStatement;
    const value = callAttribute(frame, receiver, node.func.attr, args, node);
    frame.isStatement = false;
    return frame.hasFacts ? withFacts(frame, node, value) : value;
  }
  const callee = evaluate(frame, node.func);
  const args = evaluateArguments(frame, node);
  frame.isStatement = isStatement;
  const value = callValue(frame, callee, args, node);
  frame.isStatement = false;
  return value;
}
