/** What annotations promise about values. */
import { ApiNode } from '../libraries/api.ts';
import type { Expression } from '../syntax/ast.ts';
import { collectionOf } from './collection-types.ts';
import { evaluate, lookupName } from './expressions.ts';
import type { Frame } from './frame.ts';
import type { ClassInfo } from './program.ts';
import { joinAll, makeValue, optionsOf, type Value } from './values.ts';

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
]);

/** `list[int]`: a collection of what is harmless. */
const NUMBERS = 'builtins.list[int]';
const COLLECTIONS = /^(?:list|set|frozenset|tuple|sequence|iterable|collection)$/i;

/** The class that an annotation names; null when it names none that says anything. */
export function typeOfAnnotation(frame: Frame, annotation: Expression, depth = 0): Type | null {
  if (depth > 6) return null;
  switch (annotation.kind) {
    case 'Name':
    case 'Attribute':
      return typeOfValue(evaluate(frame, annotation));
    case 'Str':
      return /^[\w.]+$/.test(annotation.value)
        ? typeOfDotted(frame, annotation.value)
        : typeOfQuoted(frame, annotation.value);
    case 'BinOp': {
      if (annotation.op !== '|') return null;
      for (const operand of annotation.operands) {
        const type = typeOfAnnotation(frame, operand, depth + 1);
        if (type) return type;
      }
      return null;
    }
    case 'Subscript': {
      const name = lastName(annotation.value);
      const first = annotation.index.kind === 'Tuple' ? annotation.index.elements : [annotation.index];
      if (name === 'Literal') return frame.program.api.lookup('typing.Literal');
      if (!TRANSPARENT.has(name)) {
        const container = typeOfAnnotation(frame, annotation.value, depth + 1);
        if (!(container instanceof ApiNode)) return container;
        const parts = first.filter(isNoEllipsis).map((part) => typeOfAnnotation(frame, part, depth + 1));
        if (COLLECTIONS.test(name) && parts.every(isHarmless)) return frame.program.api.lookup(NUMBERS);
        return collectionOf(container, parts) ?? container;
      }
      for (const part of name === 'Union' ? first : first.slice(0, 1)) {
        const type = typeOfAnnotation(frame, part, depth + 1);
        if (type) return type;
      }
      return null;
    }
    default:
      return null;
  }
}

/** `tuple[int, ...]` */
function isNoEllipsis(part: Expression): boolean {
  return part.kind !== 'Constant' || part.value !== 'Ellipsis';
}

function lastName(expression: Expression): string {
  return expression.kind === 'Name' ? expression.id : expression.kind === 'Attribute' ? expression.attr : '';
}

/** `"Optional[Foo]"`, `"Foo | None"`: the first name in it that is a class. */
function typeOfQuoted(frame: Frame, text: string): Type | null {
  for (const [name] of text.slice(0, 200).matchAll(/[A-Za-z_][\w.]*/g)) {
    if (TRANSPARENT.has(name.slice(name.lastIndexOf('.') + 1)) || name === 'None') continue;
    return typeOfDotted(frame, name);
  }
  return null;
}

function typeOfDotted(frame: Frame, dotted: string): Type | null {
  const [first, ...rest] = dotted.split('.');
  let value = lookupName(frame, first!);
  for (const name of rest) {
    if (value.shape.kind === 'api')
      value = { ...value, shape: { ...value.shape, node: value.shape.node.member(name) } };
    else return null;
  }
  return typeOfValue(value);
}

function typeOfValue(value: Value): Type | null {
  for (const shape of optionsOf(value.shape)) {
    if (shape.kind === 'class') return shape.cls;
    if (shape.kind === 'api') {
      const { path } = shape.node;
      return path === 'typing.Any' || path === 'builtins.object' ? null : shape.node;
    }
    // `T = TypeVar('T', bound=Model)`
    const bound = shape.kind === 'instance' ? shape.madeBy?.keywords.get('bound') : undefined;
    if (bound && shape.kind === 'instance' && shape.node.name === 'TypeVar') return typeOfValue(bound);
  }
  return null;
}

/** What an alias stands for: `Optional[Model]` for the class, `list[Model]` for the collection; undefined for all else. */
export function aliased(container: ApiNode, index: Value): Value | undefined {
  const parts = index.shape.kind === 'tuple' ? index.shape.elements : [index];
  if (/^(?:typing|typing_extensions)\./.test(container.path) && TRANSPARENT.has(container.name))
    return container.name === 'Union' ? joinAll(parts) : parts[0];
  const node = collectionOf(container, parts.map(typeOfValue));
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
  'typing.Literal',
  'pydantic.UUID4',
  'pydantic.PositiveInt',
  'pydantic.NonNegativeInt',
];

/** Whether a value of this class cannot carry an attacker's text: numbers, dates, identifiers, members of an enum. */
export function isHarmless(type: Type | null): boolean {
  if (!type) return false;
  return HARMLESS.some((path) => type.isA(path));
}
