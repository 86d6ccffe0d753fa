/** Checks that end the bad path: what a condition says about the values it speaks of. */

import { type ApiNode, kindsOf } from '../libraries/api.ts';
import { type AdmittedText, charactersAdmitted } from '../regex/questions.ts';
import type { Call, Compare, CompareOperator, Expression } from '../syntax/ast.ts';
import { HOST, takesAddressApart } from './addresses.ts';
import {
  allClean,
  clean,
  cleanMarked,
  cleanOrigins,
  establish,
  evaluateQuietly,
  SAME_TEXT,
} from './facts.ts';
import type { Frame } from './frame.ts';
import { KindSet, type SinkKind } from './kinds.ts';
import { knownElements } from './sequences.ts';
import { argumentOf } from './sinks.ts';
import { summaryOf } from './summaries.ts';
import {
  type Arguments,
  cleaned,
  constant,
  constantOf,
  makeValue,
  type Origin,
  optionsOf,
  type Taint,
  truth,
  type Value,
  withTaint,
} from './values.ts';

/** Numbers and names of letters and digits can still be large. */
const WORD = KindSet.except(
  'size',
  'truncation',
  'number-parse',
  'resource',
  'response',
  'mass-assignment',
  'session',
  'secret-out',
  'prompt',
);

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
      else if (test.values.length === 2) refineEither(frame, test.values, outcome);
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
      const value = frame.state.get(test.id);
      if (!value) return;
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
    case 'Attribute': {
      // No host: the address leads to this one.
      const host = outcome ? undefined : hostSubject(frame, test);
      if (host) cleanOrigins(frame, host, HOST);
      return;
    }
    default:
      return;
  }
}

/** One of two tests has this outcome: what both would establish holds. */
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

function refineCompare(frame: Frame, test: Compare, outcome: boolean): void {
  if (test.ops.length !== 1) {
    if (outcome) refineChain(frame, test);
    return;
  }
  const op = outcome ? test.ops[0]! : negated(test.ops[0]!);
  const right = test.comparators[0]!;
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

/** The host that the request was sent to. */
function isOwnHost(origin: Origin): boolean {
  return origin.type === 'source' && /^the (?:Host header|address) of the request$/.test(origin.what);
}

/** The subject equals something that does not come from outside. */
function refineEqual(frame: Frame, subject: Expression, other: Expression): void {
  const value = evaluateQuietly(frame, other);
  const compared = hostSubject(frame, subject);
  if (compared && hostSubject(frame, other)?.every((item) => isOwnHost(item.origin))) {
    cleanOrigins(
      frame,
      compared.filter((item) => !isOwnHost(item.origin)),
      HOST,
    );
    return;
  }
  if (frame.taintOf(value).some((item) => item.origin.type === 'source')) return;
  if (isDerivedPath(frame, subject)) {
    for (const name of namesIn(subject))
      clean(
        frame,
        { kind: 'Name', id: name, start: subject.start, end: subject.end },
        KindSet.of('path', 'archive-member'),
      );
    return;
  }
  const known = constantOf(value);
  if (known === undefined && frame.taintOf(value).length > 0) {
    // A path that is the directory itself; which one that is, the caller says.
    cleanMarked(frame, subject, 'normalized', KindSet.of('path', 'archive-member'));
    return;
  }
  const host = hostSubject(frame, subject);
  if (host) {
    // An empty host means a relative reference; `//evil.example` has a host, so what is left stays here.
    cleanOrigins(frame, host, HOST);
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
  const value = evaluateQuietly(frame, container);
  const text = optionsOf(value.shape).some(
    (shape) => shape.kind === 'text' || (shape.kind === 'constant' && typeof shape.value === 'string'),
  );
  if (text) return;
  if (frame.taintOf(value).some((item) => item.origin.type === 'source' && item.origin.level === 'remote'))
    return;
  const host = hostSubject(frame, subject);
  if (host) {
    cleanOrigins(frame, host, HOST);
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
  if (typeof text !== 'string') return;
  if (text === '/' || text === '\\' || text === 'os.sep')
    clean(frame, subject, KindSet.of('path', 'archive-member'));
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
      const cls = evaluateQuietly(frame, test.args[1]);
      const path = cls.shape.kind === 'api' ? cls.shape.node.path : '';
      if (/^builtins\.(int|float|bool|complex)$|^uuid\.UUID$|^datetime\./.test(path))
        clean(frame, first, WORD);
      if (path === 'builtins.str') clean(frame, first, KindSet.of('nosql'));
      return;
    }
    if (func.id === 'bool' && first) {
      refine(frame, first, outcome);
      return;
    }
    if ((func.id === 'all' || func.id === 'any') && first?.kind === 'Comprehension') {
      refineAll(frame, first, func.id === 'all' ? outcome : !outcome, func.id === 'all');
      return;
    }
  }
  if (func.kind === 'Attribute') {
    switch (func.attr) {
      case 'isdigit':
      case 'isdecimal':
      case 'isnumeric':
        if (outcome) clean(frame, func.value, WORD.with(KindSet.of('number-parse')));
        return;
      case 'isalnum':
      case 'isalpha':
      case 'isidentifier':
        if (outcome) clean(frame, func.value, WORD);
        return;
      case 'startswith':
        if (outcome && first) refinePrefix(frame, func.value, first);
        if (first) refineLocalAddress(frame, func.value, first, outcome);
        return;
      case 'is_relative_to':
        if (outcome) cleanMarked(frame, func.value, 'normalized', KindSet.of('path', 'archive-member'));
        return;
      case 'issubset':
        if (outcome) refineNames(frame, func.value);
        return;
      case 'endswith':
        return;
      case 'match':
      case 'fullmatch':
      case 'search':
        if (outcome) refinePattern(frame, test, func.attr);
        return;
      default:
        break;
    }
  }
  const callee = evaluateQuietly(frame, func);
  refineByGuards(frame, callee, test, outcome);
  const name = func.kind === 'Attribute' ? func.attr : func.kind === 'Name' ? func.id : '';
  const cannotBeRead =
    callee.shape.kind === 'unknown' || (callee.shape.kind === 'api' && !callee.shape.node.isModelled);
  const checked = first ?? test.keywords[0]?.value;
  if (!outcome || !checked || !CHECK_BY_NAME.test(name)) return;
  // A check whose code is not at hand is taken at its word, as is one that takes an address apart by hand.
  if (cannotBeRead) clean(frame, checked, WORD);
  else if (callee.shape.kind === 'function' && takesAddressApart(callee.shape.fn))
    clean(frame, checked, HOST);
}

const CHECK_BY_NAME =
  /(?:^|_)(?:is_)?(?:safe|allowed|permitted|whitelisted|trusted)(?:_|$)|(?:^|_)(?:is_valid|validate|check)_(?:url|path|redirect|file_?name|host|target|next)/i;

/** `set(fields).issubset(ALLOWED)`: there are no other names in it. */
function refineNames(frame: Frame, names: Expression): void {
  const made = names.kind === 'Call' && names.func.kind === 'Name' && /^(frozen)?set$/.test(names.func.id);
  const subject = made ? names.args[0] : names;
  if (subject) clean(frame, subject, KindSet.of('attribute', 'mass-assignment'));
}

/** `all(c in ALLOWED for c in subject)`, `not any(c in BAD for …)`. */
function refineAll(frame: Frame, comprehension: Expression, outcome: boolean, isAll: boolean): void {
  if (comprehension.kind !== 'Comprehension' || !outcome || !isAll) return;
  const { element } = comprehension;
  const generator = comprehension.generators[0];
  if (!generator || comprehension.generators.length > 1) return;
  const allowed =
    (element.kind === 'Compare' && element.ops[0] === 'in') ||
    (element.kind === 'Call' &&
      element.func.kind === 'Attribute' &&
      /^is(alnum|digit|alpha|decimal)$/.test(element.func.attr)) ||
    (element.kind === 'BoolOp' && element.op === 'or');
  if (allowed) clean(frame, generator.iter, WORD);
}

function refinePrefix(frame: Frame, subject: Expression, prefix: Expression): void {
  const value = evaluateQuietly(frame, prefix);
  if (frame.taintOf(value).some((item) => item.origin.type === 'source')) return;
  const texts = optionsOf(value.shape).flatMap((shape) =>
    shape.kind === 'tuple'
      ? shape.elements.map(constantOf)
      : [shape.kind === 'constant' ? shape.value : undefined],
  );
  // A directory without its separator also fits its neighbours: `/srv/data` and `/srv/data-old`.
  const openEnded = texts.some((text) => typeof text === 'string' && text.length > 1 && !/[/\\]$/.test(text));
  if (!openEnded) cleanMarked(frame, subject, 'normalized', KindSet.of('path', 'archive-member'));
  if (
    texts.length > 0 &&
    texts.every((text) => typeof text === 'string' && /^https?:\/\/[^/]+\//i.test(text))
  ) {
    clean(frame, subject, HOST);
  }
}

/** `x.startswith('/') and not x.startswith('//')`: both together keep a redirect on this host. */
function refineLocalAddress(frame: Frame, subject: Expression, prefix: Expression, outcome: boolean): void {
  const text = constantOf(evaluateQuietly(frame, prefix));
  if (typeof text !== 'string' || !(outcome ? /^\/$/ : /^\/[/\\]/).test(text)) return;
  cleanMarked(frame, subject, 'url-host-checked', KindSet.of('redirect'));
  clean(frame, subject, KindSet.of('url-host-checked'));
}

/** `re.fullmatch(pattern, subject)` and `compiled.match(subject)`. */
function refinePattern(frame: Frame, test: Call, method: 'match' | 'fullmatch' | 'search'): void {
  if (test.func.kind !== 'Attribute') return;
  const owner = evaluateQuietly(frame, test.func.value);
  let pattern: Value | undefined;
  let subject: Expression | undefined;
  if (owner.shape.kind === 'api' && /^(re|regex|re2)$/.test(owner.shape.node.path)) {
    pattern = test.args[0] && evaluateQuietly(frame, test.args[0]);
    subject = test.args[1];
  } else if (owner.shape.kind === 'instance' && owner.shape.madeBy) {
    pattern = owner.shape.madeBy.positional[0];
    subject = test.args[0];
  } else if (owner.shape.kind === 'unknown' || owner.shape.kind === 'parameter') {
    subject = undefined;
  }
  const text = pattern && constantOf(pattern);
  if (!subject || typeof text !== 'string') return;
  const admitted = charactersAdmitted(text, method);
  if (!admitted) return;
  const kinds = kindsWithout(admitted);
  if (kinds !== KindSet.none) clean(frame, subject, kinds);
}

/** The kinds of sink at which text of these characters only does no harm. */
export function kindsWithout(admitted: Pick<AdmittedText, 'has'>): KindSet {
  const kinds: SinkKind[] = [];
  const lacks = (...characters: string[]) =>
    characters.every((character) => !admitted.has(character.codePointAt(0)!));
  if (lacks('/', '\\')) kinds.push('path', 'archive-member');
  if (lacks("'", '"', ';', '`', '\\', ' ')) kinds.push('sql', 'nosql', 'xpath');
  if (lacks("'", '"', ';', '`', '|', '&', '$', '<', '>', '(', ')', '\n', ' ', '*', '?'))
    kinds.push('shell', 'remote-command');
  if (lacks('-')) kinds.push('argument');
  if (lacks('<', '>', '"', "'")) kinds.push('html', 'mail-html', 'xml');
  if (lacks('\n', '\r')) kinds.push('header', 'log', 'mail-header', 'cookie-value', 'cookie-name');
  if (lacks(':', '/')) kinds.push('url', 'redirect');
  if (lacks('(', ')', '*', '\\')) kinds.push('ldap-filter');
  if (lacks(',', '=', '+', '"', '\\', '<', '>', ';')) kinds.push('ldap-dn');
  if (lacks('{', '}', '%')) kinds.push('template', 'format');
  if (lacks('(', '[', '.', '"', "'")) kinds.push('code', 'attribute', 'import');
  if (lacks('*', '+', '{', '(')) kinds.push('regex');
  return KindSet.of(...kinds);
}

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

/** What the library or the project's own function says of its argument by returning true or false. */
function refineByGuards(frame: Frame, callee: Value, test: Call, outcome: boolean): void {
  if (callee.shape.kind === 'api' || callee.shape.kind === 'instance') {
    for (const guard of callee.shape.node.guards) {
      if (guard.result !== outcome) continue;
      const node = argumentNode(test, guard.argument?.position ?? 0, guard.argument?.name);
      if (node) clean(frame, node, kindsOf(guard.kinds));
    }
    return;
  }
  if (callee.shape.kind !== 'function') return;
  const summary = summaryOf(frame, callee.shape);
  const offset = callee.shape.self ? 1 : 0;
  for (const [index, kinds] of outcome ? summary.whenTrue : summary.whenFalse) {
    const param = callee.shape.fn.params[index];
    const node = argumentNode(test, index - offset, param?.name);
    if (node) clean(frame, node, kinds);
  }
}

function argumentNode(call: Call, position: number, name: string | undefined): Expression | undefined {
  const keyword = name === undefined ? undefined : call.keywords.find((other) => other.name === name);
  const positional = call.args[position];
  return keyword?.value ?? (positional?.kind === 'Starred' ? undefined : positional);
}

/** A library call that raises unless its argument is good. */
export function guardByCall(frame: Frame, node: ApiNode, args: Arguments, call: Call): void {
  for (const guard of node.guards) {
    if (guard.result !== 'returns') continue;
    const argument = guard.argument ?? { position: 0 };
    if (!argumentOf(args, argument)) continue;
    const target = argumentNode(call, argument.position ?? 0, argument.name);
    if (target) clean(frame, target, kindsOf(guard.kinds));
  }
}

/** `urlparse(x).netloc`, `parsed.hostname`: the taint of the address whose host is being compared. */
function hostSubject(frame: Frame, subject: Expression): Taint | undefined {
  const target =
    subject.kind === 'Call' && subject.func.kind === 'Attribute' && SAME_TEXT.has(subject.func.attr)
      ? subject.func.value
      : subject;
  if (target.kind === 'Attribute' && /^(netloc|hostname|host)$/.test(target.attr)) {
    return frame.taintOf(evaluateQuietly(frame, target.value));
  }
  if (target.kind === 'Name') {
    const value = frame.state.get(target.id);
    if (value?.shape.kind === 'api' && /ParseResult\.(?:netloc|hostname)$/.test(value.shape.node.path))
      return value.taint;
  }
  return undefined;
}

/** `os.path.commonpath([base, path]) == base`, `os.path.dirname(path) == base`, `path.absolute().parent == base`. */
function isDerivedPath(frame: Frame, subject: Expression): boolean {
  if (subject.kind === 'Attribute' && subject.attr === 'parent') return true;
  return subject.kind === 'Call' && /\b(commonpath|commonprefix|dirname)$/.test(frame.source(subject.func));
}

function namesIn(expression: Expression): string[] {
  switch (expression.kind) {
    case 'Name':
      return [expression.id];
    case 'Call':
      return [
        expression.func,
        ...expression.args,
        ...expression.keywords.map((keyword) => keyword.value),
      ].flatMap(namesIn);
    case 'List':
    case 'Tuple':
      return expression.elements.flatMap(namesIn);
    case 'Attribute':
    case 'Starred':
      return namesIn(expression.value);
    default:
      return [];
  }
}
