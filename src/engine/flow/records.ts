/** Named tuples and dataclasses: things whose fields are known by name. https://docs.python.org/3/library/dataclasses.html */
import type { AnnAssign, Call } from '../syntax/ast.ts';
import type { Frame } from './frame.ts';
import { fieldNames } from './instances.ts';
import { ClassInfo } from './program.ts';
import { knownElements } from './sequences.ts';
import { type Arguments, constantOf, makeValue, NO_TAINT, UNKNOWN, type Value } from './values.ts';

/** `namedtuple('Point', 'x y')`, `NamedTuple('Point', [('x', int), ('y', int)])`: a class; undefined where the fields are not known. */
export function namedTuple(frame: Frame, args: Arguments, node: Call): Value | undefined {
  const { module } = frame;
  let cls = module.namedTuples.get(node);
  if (!cls) {
    const name = args.positional[0] && constantOf(args.positional[0]);
    const fields = namesOfFields(frame, args.positional[1] ?? args.keywords.get('field_names'));
    if (typeof name !== 'string' || !fields) return undefined;
    const { start, end } = node;
    const body = fields.map((id): AnnAssign => {
      const target = { kind: 'Name' as const, id, start, end };
      return { kind: 'AnnAssign', target, annotation: target, value: null, start, end };
    });
    const definition = { name, nameStart: start, bases: [], keywords: [], decorators: [], body, start, end };
    cls = new ClassInfo({ kind: 'ClassDef', ...definition }, module, name);
    cls.setBases([
      makeValue({ kind: 'api', node: frame.program.api.lookup('typing.NamedTuple'), receiver: null }),
    ]);
    module.namedTuples.set(node, cls);
  }
  return makeValue({ kind: 'class', cls });
}

function namesOfFields(frame: Frame, fields: Value | undefined): string[] | undefined {
  const text = fields && constantOf(fields);
  if (typeof text === 'string') return text.split(/[\s,]+/).filter((name) => name !== '');
  const names =
    fields &&
    knownElements(frame, fields)?.map((field) => {
      const name = constantOf(knownElements(frame, field)?.[0] ?? field);
      return typeof name === 'string' ? name : undefined;
    });
  return names?.every((name) => name !== undefined) ? names : undefined;
}

/** `pair._replace(a=1)`, `dataclasses.replace(job, a=1)`: another one that differs in these fields. */
export function replacedFields(
  frame: Frame,
  record: Value | undefined,
  args: Arguments,
  node: Call,
): Value | undefined {
  const object = record && frame.objectOf(record);
  if (object?.kind !== 'instance') return undefined;
  const attributes = new Map([...object.attributes, ...args.keywords]);
  return frame.make(node, { ...object, attributes }, record!.taint);
}

/** `pair._asdict()`, `dataclasses.asdict(job)` */
export function fieldsAsDict(frame: Frame, record: Value | undefined, node: Call): Value | undefined {
  const object = record && frame.objectOf(record);
  if (object?.kind !== 'instance' || !object.cls) return undefined;
  const entries = new Map(
    fieldNames(object.cls).map((name) => [name, object.attributes.get(name) ?? UNKNOWN]),
  );
  return frame.make(node, { kind: 'dict', entries, rest: null }, NO_TAINT);
}
