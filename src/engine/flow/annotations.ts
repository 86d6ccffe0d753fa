/** What annotations promise about values. */
import type { ApiNode } from '../libraries/api.ts';
import type { Expression } from '../syntax/ast.ts';
import { evaluate, lookupName } from './expressions.ts';
import type { Frame } from './frame.ts';
import type { ClassInfo } from './program.ts';
import type { Value } from './values.ts';

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
const COLLECTIONS = /^(?:list|set|frozenset|sequence|iterable|collection)$/i;

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
      if (
        COLLECTIONS.test(name) &&
        first.every((part) => isHarmless(typeOfAnnotation(frame, part, depth + 1)))
      )
        return frame.program.api.lookup(NUMBERS);
      if (!TRANSPARENT.has(name)) return typeOfAnnotation(frame, annotation.value, depth + 1);
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
  if (value.shape.kind === 'class') return value.shape.cls;
  if (value.shape.kind === 'api') {
    const { path } = value.shape.node;
    return path === 'typing.Any' || path === 'builtins.object' ? null : value.shape.node;
  }
  return null;
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
