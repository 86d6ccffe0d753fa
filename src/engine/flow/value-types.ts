/** The types of values, as far as they are known. */
import type { Type } from './annotations.ts';
import type { Frame } from './frame.ts';
import { optionsOf, type Value } from './values.ts';

/** The full path of the type of a value; undefined where it is not known, or one of several. */
export function typePathOf(frame: Frame, value: Value): string | undefined {
  const { shape } = value;
  switch (shape.kind) {
    case 'instance':
      return shape.node.path;
    case 'constant':
      if (shape.value === null) return 'builtins.NoneType';
      if (typeof shape.value === 'string') return shape.bytes ? 'builtins.bytes' : 'builtins.str';
      return typeof shape.value === 'boolean' ? 'builtins.bool' : 'builtins.int';
    case 'text':
      return 'builtins.str';
    case 'tuple':
      return 'builtins.tuple';
    case 'parameter':
      return shape.type?.path;
    case 'object': {
      const object = frame.objectOf(value);
      return object?.kind === 'instance' ? object.cls?.path : object && `builtins.${object.kind}`;
    }
    default:
      return undefined;
  }
}

/** The type of a value; null where it is not known, or one of several. */
export function typeOf(frame: Frame, value: Value): Type | null {
  const { shape } = value;
  // Of what `make()` returns only the way there is known.
  if (shape.kind === 'instance') return shape.node.path.endsWith('()') ? null : shape.node;
  if (shape.kind === 'parameter') return shape.type;
  const object = frame.objectOf(value);
  if (object?.kind === 'instance') return object.cls;
  const path = typePathOf(frame, value);
  return path === undefined ? null : frame.program.api.lookup(path);
}

/** The types that `isinstance(x, types)` names: one, or a tuple or union of several; null for those that are not known. */
export function typesNamed(named: Value): readonly (Type | null)[] {
  const { shape } = named;
  if (shape.kind === 'tuple') return shape.elements.flatMap(typesNamed);
  return optionsOf(shape).map((option) =>
    option.kind === 'class' ? option.cls : option.kind === 'api' ? option.node : null,
  );
}
