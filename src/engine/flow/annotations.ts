/** What annotations promise about values. */
import { ApiNode } from '../libraries/api.ts';
import type { Expression, Parameter, TypeParameter } from '../syntax/ast.ts';
import { collectionOf } from './collection-types.ts';
import { evaluate, lookupName } from './expressions.ts';
import { Frame } from './frame.ts';
import type { ClassInfo } from './program.ts';
import { State } from './state.ts';
import { type CallRecord, joinAll, makeValue, optionsOf, UNKNOWN, type Value } from './values.ts';

export type Type = ClassInfo | ApiNode;

/** Wrappers whose first argument says what the value is. */
const TRANSPARENT = new Set([
  'Optional',
  'Annotated',
  'Final',
  'ClassVar',
  'Required',
  'NotRequired',
  'Union',
  'Mapped',
  'Awaitable',
  'Unpack',
]);

/** `list[int]`: a collection of what is harmless. */
const NUMBERS = 'builtins.list[int]';
const LITERAL = 'typing.Literal';
const COLLECTIONS = /^(?:list|set|frozenset|tuple|sequence|iterable|collection)$/i;

/** The class of which `Self` speaks is that of the object, which the caller knows. */
export function isSelf(type: Type): boolean {
  return type.path === 'typing.Self' || type.path === 'typing_extensions.Self';
}

/** The class that an annotation names; null when it names none that says anything. */
export function typeOfAnnotation(frame: Frame, annotation: Expression, depth = 0): Type | null {
  if (depth > 6) return null;
  switch (annotation.kind) {
    case 'Name':
    case 'Attribute':
      return typeOfValue(frame, evaluate(frame, annotation));
    case 'Str':
      return /^[\w.]+$/.test(annotation.value)
        ? typeOfDotted(frame, annotation.value)
        : typeOfQuoted(frame, annotation.value);
    case 'BinOp': {
      return annotation.op === '|' ? typeOfAny(frame, annotation.operands, depth + 1) : null;
    }
    case 'Subscript': {
      const name = lastName(annotation.value);
      const first = annotation.index.kind === 'Tuple' ? annotation.index.elements : [annotation.index];
      if (name === 'Literal') return frame.program.api.lookup(LITERAL);
      if (!TRANSPARENT.has(name)) {
        const container = typeOfAnnotation(frame, annotation.value, depth + 1);
        if (!(container instanceof ApiNode)) return container;
        const parts = first.filter(isNoEllipsis).map((part) => typeOfAnnotation(frame, part, depth + 1));
        if (COLLECTIONS.test(name) && parts.every(isHarmless)) return frame.program.api.lookup(NUMBERS);
        return collectionOf(container, parts) ?? container;
      }
      return typeOfAny(frame, name === 'Union' ? first : first.slice(0, 1), depth + 1);
    }
    default:
      return null;
  }
}

/** `A | B`, `Union[A, B]` */
function typeOfAny(frame: Frame, alternatives: readonly Expression[], depth: number): Type | null {
  return mostTelling(alternatives.filter(isNoNone).map((one) => typeOfAnnotation(frame, one, depth)));
}

/** The first of several types: one that is harmless only where all of them are. */
function mostTelling(types: readonly (Type | null)[]): Type | null {
  const other = types.find((type) => type !== null && !isHarmless(type));
  return other ?? (types.includes(null) ? null : (types[0] ?? null));
}

/** The alternatives of a union, or the annotation alone. */
export function typesOfUnion(annotation: Expression): readonly Expression[] {
  if (annotation.kind === 'BinOp' && annotation.op === '|') return annotation.operands;
  const isUnion = annotation.kind === 'Subscript' && lastName(annotation.value) === 'Union';
  return isUnion && annotation.index.kind === 'Tuple' ? annotation.index.elements : [annotation];
}

function isNoNone(part: Expression): boolean {
  return part.kind !== 'Constant' || part.value !== 'None';
}

/** Where the type parameters of a definition mean something: `T` of `def first[T: Model](…)` stands for its bound. */
export function typeScope(frame: Frame, parameters: readonly TypeParameter[] | undefined): Frame {
  if (!parameters) return frame;
  const { program, module, cls, activation } = frame;
  const scope = new Frame(program, module, null, cls, activation, new State(null, program.heap));
  scope.outer = frame;
  for (const { name, bound } of parameters)
    scope.state.set(name, bound ? typesBehind(evaluate(frame, bound)) : UNKNOWN);
  return scope;
}

/** `(int, str)`: any of these. */
function typesBehind(bound: Value): Value {
  return bound.shape.kind === 'tuple' ? joinAll(bound.shape.elements) : bound;
}

/** `*args: int` and `**options: int` are collections of what is annotated, `**options: Unpack[Options]` is what it says. */
export function typeOfParameter(frame: Frame, { passing, annotation }: Parameter): Type | null {
  const type = annotation && typeOfAnnotation(frame, annotation);
  if (!type || !annotation || (passing !== 'varargs' && passing !== 'kwargs')) return type;
  if (annotation.kind === 'Subscript' && lastName(annotation.value) === 'Unpack') return type;
  const { api } = frame.program;
  if (isHarmless(type)) return api.lookup(NUMBERS);
  const name = api.lookup('builtins.str');
  const collection =
    passing === 'varargs'
      ? collectionOf(api.lookup('builtins.tuple'), [type])
      : collectionOf(api.lookup('builtins.dict'), [name, type]);
  return collection ?? null;
}

/** `tuple[int, ...]` */
function isNoEllipsis(part: Expression): boolean {
  return part.kind !== 'Constant' || part.value !== 'Ellipsis';
}

function lastName(expression: Expression): string {
  return expression.kind === 'Name' ? expression.id : expression.kind === 'Attribute' ? expression.attr : '';
}

/** `"Optional[Foo]"`, `"Foo | None"`: the first name in it that is a class. */
function typeOfQuoted(frame: Frame, text: string, depth = 0): Type | null {
  const alternatives = text.includes('[') ? [text] : text.split('|');
  const types = alternatives.map((one): Type | null | undefined => {
    for (const [name] of one.slice(0, 200).matchAll(/[A-Za-z_][\w.]*/g))
      if (!TRANSPARENT.has(name.slice(name.lastIndexOf('.') + 1)) && name !== 'None')
        return typeOfDotted(frame, name, depth);
    return undefined;
  });
  return mostTelling(types.filter((type) => type !== undefined));
}

/** A name whose value is a text again, which names a name, and so on, is followed so often. */
const MOST_TEXTS = 4;

function typeOfDotted(frame: Frame, dotted: string, depth = 0): Type | null {
  const [first, ...rest] = dotted.split('.');
  let value = lookupName(frame, first!);
  for (const name of rest) {
    if (value.shape.kind === 'api')
      value = { ...value, shape: { ...value.shape, node: value.shape.node.member(name) } };
    else return null;
  }
  return typeOfValue(frame, value, depth);
}

function typeOfValue(frame: Frame, value: Value, depth = 0): Type | null {
  const types = optionsOf(value.shape).flatMap((shape): (Type | null)[] => {
    switch (shape.kind) {
      case 'class':
        return [shape.cls];
      case 'api': {
        const { path } = shape.node;
        return [path === 'typing.Any' || path === 'builtins.object' ? null : shape.node];
      }
      case 'constant':
        // A name that is written as text; `None` says nothing.
        if (typeof shape.value !== 'string') return [];
        return [depth < MOST_TEXTS ? typeOfQuoted(frame, shape.value, depth + 1) : null];
      case 'instance':
        return [shape.node.name === 'TypeVar' && shape.madeBy ? typeOfVariable(frame, shape.madeBy) : null];
      default:
        return [null];
    }
  });
  return mostTelling(types);
}

/** `T = TypeVar('T', bound=Model)`, `Number = TypeVar('Number', int, float)` */
function typeOfVariable(frame: Frame, { positional, keywords }: CallRecord): Type | null {
  const bound = keywords.get('bound') ?? joinAll(positional.slice(1));
  return typeOfValue(frame, bound);
}

/** What an alias stands for: `Optional[Model]` for the class, `list[Model]` for the collection; undefined for all else. */
export function aliased(frame: Frame, container: ApiNode, index: Value): Value | undefined {
  const parts = index.shape.kind === 'tuple' ? index.shape.elements : [index];
  if (/^(?:typing|typing_extensions)\./.test(container.path) && TRANSPARENT.has(container.name))
    return container.name === 'Union' ? joinAll(parts) : parts[0];
  if (container.path === LITERAL || container.path === 'typing_extensions.Literal')
    return makeValue({ kind: 'api', node: frame.program.api.lookup(LITERAL), receiver: null });
  const types = parts.map((part) => typeOfValue(frame, part));
  const node = collectionOf(container, types);
  return node && makeValue({ kind: 'api', node, receiver: null });
}

const HARMLESS = [
  NUMBERS,
  'builtins.int',
  'builtins.float',
  'builtins.bool',
  'builtins.complex',
  'uuid.UUID',
  'datetime.datetime',
  'datetime.date',
  'datetime.time',
  'datetime.timedelta',
  'decimal.Decimal',
  'fractions.Fraction',
  'ipaddress.IPv4Address',
  'ipaddress.IPv6Address',
  'enum.Enum',
  'enum.IntEnum',
  'enum.StrEnum',
  'enum.Flag',
  LITERAL,
  'pydantic.UUID4',
  'pydantic.PositiveInt',
  'pydantic.NonNegativeInt',
];

/** Whether a value of this class cannot carry an attacker's text: numbers, dates, identifiers, members of an enum. */
export function isHarmless(type: Type | null): boolean {
  if (!type) return false;
  let harmless = harmlessness.get(type);
  if (harmless === undefined) {
    harmless = HARMLESS.some((path) => type.isA(path));
    harmlessness.set(type, harmless);
  }
  return harmless;
}

const harmlessness = new WeakMap<Type, boolean>();
