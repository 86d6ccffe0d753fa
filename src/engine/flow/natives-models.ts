/** Instances of models that are made of documents, and documents that are made of models. */
import type { Call } from '../syntax/ast.ts';
import { classOf } from './access.ts';
import type { Frame } from './frame.ts';
import { instantiateClass } from './instances.ts';
import { readItem } from './items.ts';
import { NUMBER_IS_HARMLESS } from './kinds.ts';
import type { Native } from './native.ts';
import { fieldsAsDict, replacedFields } from './records.ts';
import {
  type Arguments,
  cleaned,
  constant,
  constantOf,
  makeValue,
  NO_ARGUMENTS,
  NO_KEYWORDS,
  NO_TAINT,
  tainted,
  uncleaned,
  type Value,
  withTaint,
} from './values.ts';

/** An argument by position or by name. */
function given(args: Arguments, position: number, ...names: readonly string[]): Value | undefined {
  return args.positional[position] ?? names.map((name) => args.keywords.get(name)).find((value) => value);
}

/** Each field of the class is what stands under its name; undefined where the class is not one of the project. */
function modelOf(
  frame: Frame,
  cls: Value | undefined,
  document: Value | undefined,
  node: Call,
): Value | undefined {
  if (cls?.shape.kind !== 'class' || !document) return undefined;
  const object = frame.objectOf(document);
  const isKnown = object?.kind === 'dict';
  const keywords = isKnown
    ? new Map([...object.entries].flatMap(([key, value]) => (typeof key === 'string' ? [[key, value]] : [])))
    : NO_KEYWORDS;
  const rest = isKnown
    ? object.rest
    : document.shape.kind === 'parameter'
      ? document
      : tainted(frame.taintOf(document));
  return instantiateClass(frame, cls.shape.cls, { ...NO_ARGUMENTS, keywords, extraKeywords: rest }, node);
}

/** The same of a document that is still text. */
function decodedModel(
  frame: Frame,
  cls: Value | undefined,
  text: Value | undefined,
  node: Call,
): Value | undefined {
  return modelOf(frame, cls, text && tainted(uncleaned(frame.taintOf(text))), node);
}

/** `TypeAdapter(Model).validate_python(…)` */
function adapted(receiver: Value | null): Value | undefined {
  return receiver?.shape.kind === 'instance' ? receiver.shape.madeBy?.positional[0] : undefined;
}

const NUMBER_FIELD =
  /\.fields\.(?:Int|Integer|Float|Decimal|Number|Bool|Boolean|Date|DateTime|Time|TimeDelta|UUID|Enum)$/;

/** `Schema().load(document)`: a dict with the fields of the schema and no others. */
function loaded(
  frame: Frame,
  document: Value | undefined,
  node: Call,
  schema: Value | null,
): Value | undefined {
  const cls = schema && classOf(frame, schema);
  if (!cls || !document) return undefined;
  const entries = new Map<string, Value>();
  for (const base of cls.projectOrder) {
    for (const [name, { shape }] of base.members) {
      if (entries.has(name) || shape.kind !== 'instance' || !/^marshmallow\.fields\./.test(shape.node.path))
        continue;
      const value = readItem(frame, document, constant(name), node);
      const isNumber = NUMBER_FIELD.test(shape.node.path);
      entries.set(name, isNumber ? withTaint(value, cleaned(value.taint, NUMBER_IS_HARMLESS)) : value);
    }
  }
  const object = frame.make(node, { kind: 'dict', entries, rest: null }, NO_TAINT);
  const many = schema && frame.objectOf(schema);
  const isMany = many?.kind === 'instance' && many.attributes.get('many');
  return isMany && constantOf(isMany) === true ? makeValue({ kind: 'tuple', elements: [object] }) : object;
}

/** The same for several methods of a class or functions of a module. */
function each(owner: string, names: string, native: Native): readonly (readonly [string, Native])[] {
  return names.split(' ').map((name) => [`${owner}.${name}`, native]);
}

const PYDANTIC = 'pydantic.BaseModel';

export const MODEL_NATIVES: readonly (readonly [string, Native])[] = [
  ...each(
    PYDANTIC,
    'parse_obj model_validate from_orm validate model_validate_strings',
    (frame, args, node, receiver) => modelOf(frame, receiver ?? undefined, given(args, 0, 'obj'), node),
  ),
  ...each(PYDANTIC, 'parse_raw model_validate_json', (frame, args, node, receiver) =>
    decodedModel(frame, receiver ?? undefined, given(args, 0, 'b', 'json_data'), node),
  ),
  ...each(PYDANTIC, 'construct model_construct', (frame, args, node, receiver) =>
    receiver?.shape.kind === 'class' ? instantiateClass(frame, receiver.shape.cls, args, node) : undefined,
  ),
  ...each(PYDANTIC, 'dict model_dump', (frame, _args, node, receiver) =>
    fieldsAsDict(frame, receiver ?? undefined, node),
  ),
  ...each(PYDANTIC, 'copy model_copy', (frame, args, node, receiver) => {
    const update = args.keywords.get('update');
    const changes = update && frame.objectOf(update);
    const entries = changes?.kind === 'dict' ? [...changes.entries] : [];
    const keywords = new Map(
      entries.flatMap(([key, value]) => (typeof key === 'string' ? [[key, value]] : [])),
    );
    return replacedFields(frame, receiver ?? undefined, { ...NO_ARGUMENTS, keywords }, node);
  }),
  ...each(PYDANTIC, 'json model_dump_json', (frame, _args, node, receiver) => {
    const fields = fieldsAsDict(frame, receiver ?? undefined, node);
    return fields && tainted(frame.taintOf(fields));
  }),
  ...each('pydantic', 'parse_obj_as', (frame, args, node) =>
    modelOf(frame, given(args, 0, 'type_'), given(args, 1, 'obj'), node),
  ),
  ...each('pydantic.TypeAdapter', 'validate_python', (frame, args, node, receiver) =>
    modelOf(frame, adapted(receiver), args.positional[0], node),
  ),
  ...each('pydantic.TypeAdapter', 'validate_json', (frame, args, node, receiver) =>
    decodedModel(frame, adapted(receiver), args.positional[0], node),
  ),
  ...each('dacite', 'from_dict', (frame, args, node) =>
    modelOf(frame, given(args, 0, 'data_class'), given(args, 1, 'data'), node),
  ),
  ...each('cattrs', 'structure', (frame, args, node) =>
    modelOf(frame, given(args, 1, 'cl'), given(args, 0, 'obj'), node),
  ),
  ...each('msgspec', 'convert', (frame, args, node) =>
    modelOf(frame, given(args, 1, 'type'), given(args, 0, 'obj'), node),
  ),
  ...each('msgspec', 'json.decode msgpack.decode yaml.decode toml.decode', (frame, args, node) =>
    decodedModel(frame, args.keywords.get('type'), given(args, 0, 'buf'), node),
  ),
  ...each('marshmallow.Schema', 'load loads', (frame, args, node, receiver) =>
    loaded(frame, given(args, 0, 'data', 'json_data'), node, receiver),
  ),
];
