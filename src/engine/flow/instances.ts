/** New instances of classes of the project. */
import type { Call, ClassDef, Expression, Node, Statement } from '../syntax/ast.ts';
import { NOTHING } from '../syntax/compact.ts';
import { ownName } from '../syntax/headers.ts';
import { classOf } from './access.ts';
import { isHarmless } from './annotations.ts';
import { callValue } from './calls.ts';
import { containerKind, isException } from './containers.ts';
import type { Frame } from './frame.ts';
import { callFunction } from './functions.ts';
import { NUMBER_IS_HARMLESS } from './kinds.ts';
import { madeBy, ofType } from './made.ts';
import { fieldType, keywordOf } from './parameter-parts.ts';
import type { ClassInfo } from './program.ts';
import { updateItems } from './spreading.ts';
import { addElements, type Stores, writeAttribute } from './storing.ts';
import {
  type Arguments,
  argumentsOf,
  cleaned,
  makeValue,
  NO_ARGUMENTS,
  NO_TAINT,
  optionsOf,
  type Taint,
  tainted,
  type Value,
  withTaint,
} from './values.ts';

export function instantiateClass(frame: Frame, cls: ClassInfo, args: Arguments, node: Node): Value {
  const created = createdBy(frame, cls, args, node);
  const instance = created ?? instanceOf(frame, cls, node, NO_TAINT);
  if (isException(cls)) {
    writeAttribute(
      frame,
      instance,
      'args',
      makeValue({ kind: 'tuple', elements: args.positional }),
      node,
      new Set(),
    );
  }
  const kind = containerKind(cls);
  const [first] = args.positional;
  if (kind === 'text' && first) hold(frame, instance, first);
  const init = cls.member('__init__');
  if (init?.value.shape.kind === 'function') {
    callFunction(frame, { ...init.value.shape, self: instance }, args, node);
    return instance;
  }
  if (created) return instance;
  if (kind === 'dict') updateItems(frame, instance, args, node);
  else if (kind === 'list' && first && !cls.isNamedTuple) {
    addElements(frame, instance, first);
  }
  if (kind === 'dict') return instance;
  const stores: Stores = new Set();
  const fields = fieldNames(cls);
  const given = new Set<string>();
  const put = (name: string, value: Value): void => {
    given.add(name);
    writeAttribute(frame, instance, name, converted(frame, cls, name, value, node), node, stores);
  };
  args.positional.forEach((value, i) => {
    const field = fields[i];
    if (field !== undefined) put(field, value);
  });
  for (const [name, value] of args.keywords) put(name, value);
  const others = args.extraKeywords;
  if (others) {
    for (const name of fields.slice(args.positional.length)) {
      if (args.keywords.has(name)) continue;
      writeAttribute(frame, instance, name, promised(cls, name, keywordOf(others, name)), node, stores);
    }
  }
  const factories = fields.flatMap((name) => {
    const settings = given.has(name) ? undefined : fieldSettings(cls, name);
    const factory = settings?.get('default_factory') ?? settings?.get('factory');
    return factory ? [{ name, factory }] : [];
  });
  if (factories.length > 0)
    frame.forEachOption(factories, ({ name, factory }) => {
      const made = madeBy(frame, factory, node);
      writeAttribute(frame, instance, name, made, node, stores);
      return made;
    });
  const after = cls.member('__post_init__') ?? cls.member('__attrs_post_init__');
  if (after?.value.shape.kind === 'function') {
    callFunction(frame, { ...after.value.shape, self: instance }, NO_ARGUMENTS, node);
  }
  return instance;
}

/** What the class's own `__new__` makes, where that is known. */
function createdBy(frame: Frame, cls: ClassInfo, args: Arguments, node: Node): Value | undefined {
  const creator = cls.member('__new__')?.value.shape;
  if (creator?.kind !== 'function') return undefined;
  const given = {
    ...args,
    positional: [makeValue({ kind: 'class', cls }), ...args.positional],
    positionalNodes: [node as Expression, ...args.positionalNodes],
  };
  const made = callFunction(frame, { ...creator, self: null }, given, node);
  const shape = optionsOf(made.shape).find((option) => classOf(frame, makeValue(option)) === cls);
  return shape?.kind === 'object' ? makeValue(shape, made.taint) : undefined;
}

/** An instance of a class that is a text is what it was made from. */
export function hold(frame: Frame, { shape }: Value, underlying: Value): void {
  const object = shape.kind === 'object' ? frame.state.object(shape.id) : undefined;
  if (shape.kind !== 'object' || object?.kind !== 'instance') return;
  const isText = optionsOf(underlying.shape).every(({ kind }) => kind !== 'object' && kind !== 'tuple');
  frame.state.setObject(shape.id, {
    ...object,
    underlying: isText ? underlying : tainted(frame.taintOf(underlying)),
  });
}

/** The keywords of `name: list = field(default_factory=list)`. */
function fieldSettings(cls: ClassInfo, name: string): ReadonlyMap<string, Value> | undefined {
  const shape = cls.member(name)?.value.shape;
  return shape?.kind === 'instance' ? shape.madeBy?.keywords : undefined;
}

/** What a class makes of a value for a field: a converter of its own, or a number where a model has one. */
function converted(frame: Frame, cls: ClassInfo, name: string, value: Value, node: Node): Value {
  const converter = fieldSettings(cls, name)?.get('converter');
  if (converter && 'func' in node)
    return callValue(frame, converter, argumentsOf([value], node), node as Call);
  const type = value.taint.length > 0 && cls.isA('pydantic.BaseModel') ? fieldType(cls, name) : null;
  return type && isHarmless(type) ? ofType(frame, type, value.taint, node) : value;
}

/** What an unknown mapping has for a field: of the type that its annotation says. */
function promised(cls: ClassInfo, name: string, value: Value): Value {
  const taint = isHarmless(fieldType(cls, name)) ? cleaned(value.taint, NUMBER_IS_HARMLESS) : value.taint;
  return value.shape.kind === 'parameter' ? withTaint(value, taint) : tainted(taint);
}

export function instanceOf(frame: Frame, cls: ClassInfo, node: Node, taint: Taint): Value {
  return frame.make(node, { kind: 'instance', cls, attributes: new Map(), underlying: null }, taint);
}

/** `name = attr.ib()`, https://www.attrs.org/ */
function isAttrsField(value: Expression): boolean {
  return value.kind === 'Call' && /^(?:ib|attrib|field)$/.test(ownName(value.func));
}

/** The fields of a dataclass, NamedTuple or model in the order of its constructor's parameters. */
export function fieldNames(cls: ClassInfo): readonly string[] {
  const [first = NOTHING, ...others] = cls.projectOrder
    .map(({ node }) => ownFieldNames(node))
    .filter((names) => names.length > 0)
    .reverse();
  return others.length === 0 ? first : [...new Set([...first, ...others.flat()])];
}

/** By class; whether it has any is asked for each instance. */
const namesOfFields = new WeakMap<ClassDef, readonly string[]>();

function ownFieldNames(cls: ClassDef): readonly string[] {
  let names = namesOfFields.get(cls);
  if (!names) {
    names = [...new Set(cls.body.flatMap(fieldsOf))];
    namesOfFields.set(cls, names);
  }
  return names;
}

function fieldsOf(statement: Statement): readonly string[] {
  if (statement.kind === 'AnnAssign')
    return statement.target.kind === 'Name' ? [statement.target.id] : NOTHING;
  return statement.kind === 'Assign' && isAttrsField(statement.value)
    ? statement.targets.flatMap((target) => (target.kind === 'Name' ? [target.id] : []))
    : NOTHING;
}
