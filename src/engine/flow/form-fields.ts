/** What a validated form or serializer has made of its fields. */
import type { Expression } from '../syntax/ast.ts';
import { classOf } from './access.ts';
import { evaluateQuietly } from './facts.ts';
import type { Frame } from './frame.ts';
import { keptValue } from './kept-tests.ts';
import { KindSet } from './kinds.ts';
import type { ClassInfo } from './program.ts';
import { summaryOf } from './summaries.ts';
import {
  cleaned,
  constantOf,
  makeValue,
  type Taint,
  type TaintItem,
  UNKNOWN,
  type Value,
  withTaint,
} from './values.ts';

/** https://docs.djangoproject.com/en/stable/ref/forms/fields/, https://www.django-rest-framework.org/api-guide/fields/ */
const HARMLESS_FIELD =
  /\.(?:Integer|Float|Decimal|Boolean|NullBoolean|Date|Time|DateTime|Duration|UUID|Slug|GenericIPAddress|IPAddress|Choice|TypedChoice|MultipleChoice|TypedMultipleChoice|ModelChoice|ModelMultipleChoice|PrimaryKeyRelated|SlugRelated)Field$/;
const NUMBER_FIELD = /\.(?:Integer|Float|Decimal|Boolean|NullBoolean)Field$/;

const CHECKED_DATA = /\.(?:cleaned_data|validated_data|FieldValues)$/;

/**
 * Whether the expression is the checked data of a form: `form.cleaned_data`, `serializer.validated_data`, and
 * `validated_data` as the methods of a serializer are given it.
 */
export function isCheckedData(expression: Expression, value: Value): boolean {
  const { shape } = value;
  if (shape.kind === 'instance' && CHECKED_DATA.test(shape.node.path)) return true;
  return expression.kind === 'Attribute'
    ? expression.attr === 'cleaned_data' || expression.attr === 'validated_data'
    : expression.kind === 'Name' && expression.id === 'validated_data';
}

/** `data['name']` after `data = form.cleaned_data`. */
function meant(frame: Frame, expression: Expression): Expression {
  const kept = expression.kind === 'Name' ? keptValue(frame, expression.id) : undefined;
  return kept?.kind === 'Attribute' ? kept : expression;
}

const FIELD = KindSet.of('field');

/** The value under a key of checked data, with what its form says of the field. */
export function checkedField(frame: Frame, checked: Expression, key: Value, value: Value): Value {
  const name = constantOf(key);
  const data = meant(frame, checked);
  const form =
    data.kind === 'Attribute' ? classOf(frame, evaluateQuietly(frame, data.value)) : frame.fn?.owner;
  if (!form || typeof name !== 'string') return withTaint(value, cleaned(value.taint, FIELD));
  const field = harmlessField(frame, form, name);
  return field ?? withTaint(value, cleaned(value.taint, FIELD.with(kindsValidated(frame, form, name))));
}

function harmlessField(frame: Frame, form: ClassInfo, name: string): Value | undefined {
  const field = form.member(name)?.value.shape;
  if (field?.kind !== 'instance' || !HARMLESS_FIELD.test(field.node.path)) return undefined;
  return NUMBER_FIELD.test(field.node.path)
    ? makeValue({ kind: 'instance', node: frame.program.api.lookup('builtins.int'), madeBy: null })
    : UNKNOWN;
}

/** What `def validate_name(self, value)` of a serializer lets through. */
function kindsValidated(frame: Frame, form: ClassInfo, name: string): KindSet {
  const validator = form.member(`validate_${name}`)?.value.shape;
  const admitted = validator?.kind === 'function' && summaryOf(frame, validator).whenReturned.get(1);
  return admitted || KindSet.none;
}

/** https://docs.djangoproject.com/en/stable/ref/files/uploads/#uploaded-files */
const OF_UPLOADS = new Set(['name', 'file', 'content_type', 'content_type_extra', 'size', 'charset']);

/** Attributes of a row that a field chose are the database's; those of an upload are the request's. */
export function attributeOfField(taint: Taint, name: string): Taint {
  return taint.some(isField) && !OF_UPLOADS.has(name) ? taint.filter((item) => !isField(item)) : taint;
}

function isField({ clean }: TaintItem): boolean {
  return clean !== KindSet.none && clean.has('field');
}
