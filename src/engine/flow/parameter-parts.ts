/** Attributes, keys and elements of parameters: the caller knows what they are. */
import { isHarmless, type Type } from './annotations.ts';
import { attributeOfField } from './form-fields.ts';
import { NUMBER_IS_HARMLESS } from './kinds.ts';
import type { ClassInfo } from './program.ts';
import { cleaned, type Taint, tainted, type Value, withTaint } from './values.ts';

/** An attribute or key of a parameter: the parameter one step deeper. */
export function partOfParameter(object: Value, key: string, type: Type | null = null): Value {
  if (object.shape.kind !== 'parameter') return tainted(object.taint);
  const { origin } = object.shape;
  const deeper = origin.part(key);
  const own = key.startsWith('.') ? attributeOfField(object.taint, key.slice(1)) : object.taint;
  const taint: Taint = own.map((item) => (item.origin === origin ? { ...item, origin: deeper } : item));
  return { shape: { kind: 'parameter', origin: deeper, type }, taint };
}

/** In the path of a parameter: what stands under some key or index; `[]` is what a loop gives. */
export const ANY_ITEM = '[*]';

/** A part of a parameter of which an annotation says what it is. */
export function typedPart(object: Value, key: string, type: Type | null): Value {
  const part = partOfParameter(object, key, type);
  return isHarmless(type) ? withTaint(part, cleaned(part.taint, NUMBER_IS_HARMLESS)) : part;
}

/** What the annotation of a field promises: `count: int` of a Pydantic model or dataclass. */
export function fieldType(cls: ClassInfo, name: string): Type | null {
  for (const base of cls.projectOrder) {
    const type = base.fields.size > 0 ? base.fields.get(name) : undefined;
    if (type) return type;
  }
  return null;
}

/** What the caller's `**kwargs` bring for a keyword: of a parameter the part under the name, of anything else any of it. */
export function keywordOf(extra: Value, name: string): Value {
  return extra.shape.kind === 'parameter' ? partOfParameter(extra, `[${name}]`) : extra;
}

/** What `*args` of the caller gives at a place: of a parameter its element there, of anything else any element. */
export function positionOf(extra: Value, place: number): Value {
  if (extra.shape.kind !== 'parameter') return extra;
  const { origin } = extra.shape;
  if (origin.path.at(-1) !== '[]') return extra;
  const whole = origin.path
    .slice(0, -1)
    .reduce((part, key) => part.part(key), origin.activation.origin(origin.index));
  const at = whole.part(`[${place}]`);
  const taint = extra.taint.map((item) => (item.origin === origin ? { ...item, origin: at } : item));
  return { shape: { ...extra.shape, origin: at }, taint };
}
