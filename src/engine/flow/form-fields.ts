/** What a validated form or serializer has made of its fields. */
import type { Expression } from '../syntax/ast.ts';
import { classOf } from './access.ts';
import { evaluateQuietly } from './facts.ts';
import type { Frame } from './frame.ts';
import { constantOf, makeValue, UNKNOWN, type Value } from './values.ts';

/** https://docs.djangoproject.com/en/stable/ref/forms/fields/, https://www.django-rest-framework.org/api-guide/fields/ */
const HARMLESS_FIELD =
  /\.(?:Integer|Float|Decimal|Boolean|NullBoolean|Date|Time|DateTime|Duration|UUID|Slug|GenericIPAddress|IPAddress|Choice|TypedChoice|MultipleChoice|TypedMultipleChoice|ModelChoice|ModelMultipleChoice|PrimaryKeyRelated|SlugRelated)Field$/;
const NUMBER_FIELD = /\.(?:Integer|Float|Decimal|Boolean|NullBoolean)Field$/;

/** Whether the expression is the checked data of a form: `form.cleaned_data`, `serializer.validated_data`. */
export function isCheckedData(expression: Expression): boolean {
  return expression.kind === 'Attribute' && /^(?:cleaned_data|validated_data)$/.test(expression.attr);
}

/** The value under a key of checked data; undefined where the form's field does not make it harmless. */
export function checkedField(frame: Frame, data: Expression, key: Value): Value | undefined {
  const name = constantOf(key);
  if (data.kind !== 'Attribute' || typeof name !== 'string') return undefined;
  const field = classOf(frame, evaluateQuietly(frame, data.value))?.member(name)?.value.shape;
  if (field?.kind !== 'instance' || !HARMLESS_FIELD.test(field.node.path)) return undefined;
  return NUMBER_FIELD.test(field.node.path)
    ? makeValue({ kind: 'instance', node: frame.program.api.lookup('builtins.int'), madeBy: null })
    : UNKNOWN;
}
