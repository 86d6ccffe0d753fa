/** Reading attributes of abstract values. */
import { type ApiNode, kindsOf } from '../libraries/api.ts';
import type { Node } from '../syntax/ast.ts';
import { ANY_ATTRIBUTE, OWN_DICT } from './containers.ts';
import { contextOf } from './contexts.ts';
import { noteDispatch } from './dispatch.ts';
import { attributeOfField } from './form-fields.ts';
import type { Frame } from './frame.ts';
import { callFunction } from './functions.ts';
import { readItem } from './items.ts';
import { KindSet } from './kinds.ts';
import { kindsOfField } from './model-fields.ts';
import { lookupGlobal } from './modules.ts';
import { fieldType, partOfParameter, typedPart } from './parameter-parts.ts';
import { ClassInfo } from './program.ts';
import { sourceOrigin } from './sources.ts';
import { callSpecial } from './special-methods.ts';
import type { HeapObject } from './state.ts';
import { managed } from './storing.ts';
import {
  cleaned,
  join,
  joinAll,
  joinTaint,
  makeValue,
  NO_ARGUMENTS,
  NO_TAINT,
  optionsOf,
  resolved,
  type Shape,
  type Taint,
  tainted,
  taintItem,
  UNKNOWN,
  type Value,
  withTaint,
} from './values.ts';

/** `object.name` */
export function readAttribute(frame: Frame, object: Value, name: string, node: Node): Value {
  if (object.shape.kind === 'choice') {
    return joinAll(
      object.shape.options.map((option) => readAttribute(frame, makeValue(option, object.taint), name, node)),
    );
  }
  const { shape, taint } = object;
  switch (shape.kind) {
    case 'import':
      return readAttribute(frame, resolved(object), name, node);
    case 'api': {
      const context = contextOf(frame, shape.node.path);
      if (context && !OF_CONTEXTS.has(name)) return readAttribute(frame, context, name, node);
      return memberValue(frame, shape.node.member(name), shape.node.isModelled ? null : object, taint, node);
    }
    case 'instance':
      return instanceMember(frame, shape.node, object, name, node);
    case 'module': {
      const value = lookupGlobal(frame.program, shape.module, name);
      if (value) return value;
      const path = frame.program.paths.resolve(`${shape.module.name}.${name}`, shape.module.path);
      const submodule = path ? frame.program.load(path) : null;
      return submodule ? makeValue({ kind: 'module', module: submodule }) : UNKNOWN;
    }
    case 'class':
      return (
        classMember(frame, shape.cls, null, name, node) ??
        (name === '__name__' ? makeValue({ kind: 'constant', value: shape.cls.name, bytes: false }) : UNKNOWN)
      );
    case 'object':
      return objectMember(frame, object, frame.state.object(shape.id), name, node);
    case 'parameter':
      return parameterMember(frame, object, name, node);
    case 'super':
      return superMember(frame, shape.cls, shape.self, name, node);
    case 'unknown': {
      const stored = frame.hasFacts ? storedAttribute(frame, node) : undefined;
      if (stored) return stored;
      return taint.length > 0
        ? makeValue({ kind: 'method', receiver: object, name }, attributeOfField(withoutEntries(taint), name))
        : UNKNOWN;
    }
    case 'constant':
    case 'text':
      // A member of an enum is known by what its class gives it: no number and no text has such an attribute.
      if (name === 'value') return object;
      return makeValue({ kind: 'method', receiver: object, name }, taint);
    case 'tuple':
    case 'method':
      return makeValue({ kind: 'method', receiver: object, name }, taint);
    case 'function':
    case 'partial':
      // https://docs.python.org/3/reference/datamodel.html#function.__globals__
      return name === '__globals__'
        ? makeValue({
            kind: 'instance',
            node: frame.program.api.lookup('builtins.globals()'),
            madeBy: null,
          })
        : UNKNOWN;
  }
}

/** Methods of contexts that know their attributes by name. */
const OF_CONTEXTS = new Set(['get', 'pop', 'setdefault']);

/** The value of a library member: a reference, what it is known to hold, or outside input. */
export function memberValue(
  frame: Frame,
  node: ApiNode,
  receiver: Value | null,
  taint: Taint,
  at: Node,
): Value {
  let shape: Shape = node.holds
    ? { kind: 'instance', node: node.holds, madeBy: null }
    : { kind: 'api', node, receiver };
  let out = taint;
  const source = node.readSource;
  if (source) {
    const origin = sourceOrigin(frame, at, source.level, source.what, source.marks ?? []);
    out = joinTaint(out, [taintItem(origin)]);
    if (shape.kind === 'api') shape = { kind: 'instance', node, madeBy: null };
  }
  return { shape, taint: node.sanitizers.length > 0 ? cleanedByReading(node, out) : out };
}

/** `path.name`: an attribute that is harmless where the thing itself is not. */
function cleanedByReading(node: ApiNode, taint: Taint): Taint {
  let out = taint;
  for (const { on, kinds } of node.sanitizers) if (on === 'read') out = cleaned(out, kindsOf(kinds));
  return out;
}

function instanceMember(frame: Frame, cls: ApiNode, object: Value, name: string, node: Node): Value {
  const stored = frame.hasFacts ? storedAttribute(frame, node) : undefined;
  if (stored) return stored;
  const member = cls.member(name);
  // What is inside tainted data is tainted too, whatever it is called.
  const taint = RELATIONS.has(cls.path) ? NO_TAINT : withoutEntries(object.taint);
  return memberValue(frame, member, object, HOSTS.has(name) ? cleaned(taint, HOST_MARK) : taint, node);
}

/** Fields of models that hold a row of another table: input may have chosen the row, what is in it is the database's. */
const RELATIONS = new Set(
  ['ForeignKey', 'OneToOneField', 'ManyToManyField'].map((field) => `django.db.models.${field}`),
);

/** Attributes of a parsed address that hold its host. */
const HOSTS = new Set(['netloc', 'hostname']);
const HOST_MARK = KindSet.of('host');

/** What was set on the same expression earlier in the function: `x.a = v`, then `x.a`. */
function storedAttribute(frame: Frame, node: Node): Value | undefined {
  return frame.state.get(`@${frame.source(node)}`);
}

function classMember(
  frame: Frame,
  cls: ClassInfo,
  self: Value | null,
  name: string,
  node: Node,
): Value | undefined {
  const member = cls.member(name);
  if (member) {
    const { value } = member;
    if (self) return bind(frame, value, self, name, node);
    return value.shape.kind === 'function' && value.shape.fn.decoration === 'classmethod'
      ? bind(frame, value, makeValue({ kind: 'class', cls }), name, node)
      : value;
  }
  const inherited = cls.libraryMember(name);
  return (
    inherited && memberValue(frame, inherited, self ?? makeValue({ kind: 'class', cls }), NO_TAINT, node)
  );
}

/** `super().name`: the next one in the order of the object's own class. What a library may have comes last. */
function superMember(frame: Frame, behind: ClassInfo, self: Value, name: string, node: Node): Value {
  const cls = self.shape.kind === 'class' ? self.shape.cls : (classOf(frame, self) ?? behind);
  noteDispatch(frame, self, name, behind);
  const order = cls.lookupOrder.includes(behind) ? cls.lookupOrder : behind.lookupOrder;
  let outside: ApiNode | undefined;
  for (let i = order.indexOf(behind) + 1; i < order.length; i++) {
    const base = order[i]!;
    if (base instanceof ClassInfo) {
      const member = base.members.get(name);
      if (member) return bind(frame, member, self, name, node);
    } else if (base.describedMember(name)) {
      outside = base;
      break;
    } else outside ??= base;
  }
  return outside ? memberValue(frame, outside.member(name), self, NO_TAINT, node) : UNKNOWN;
}

/** A member as seen through an instance: functions become methods, properties are called. */
function bind(frame: Frame, member: Value, self: Value, name: string, node: Node): Value {
  if (member.shape.kind === 'choice') {
    return joinAll(
      member.shape.options.map((option) => bind(frame, makeValue(option, member.taint), self, name, node)),
    );
  }
  if (member.shape.kind === 'object') return described(frame, member, self, name, node);
  if (member.shape.kind === 'partial' && member.shape.isMethod) {
    const callee = bind(frame, member.shape.callee, self, name, node);
    return makeValue({ ...member.shape, callee, isMethod: false }, member.taint);
  }
  if (member.shape.kind !== 'function' || member.shape.self) return member;
  const { fn, closure } = member.shape;
  switch (fn.decoration) {
    case 'staticmethod':
      return member;
    case 'property':
      return callFunction(frame, { kind: 'function', fn, closure, self }, NO_ARGUMENTS, node);
    case 'classmethod': {
      const cls = classOf(frame, self) ?? (self.shape.kind === 'class' ? self.shape.cls : null);
      return makeValue({
        kind: 'function',
        fn,
        closure,
        self: cls ? makeValue({ kind: 'class', cls }) : self,
      });
    }
    case 'none':
      return makeValue({ kind: 'function', fn, closure, self });
  }
}

/** What a descriptor gives; what it was given, where it is not known what that is. */
function described(frame: Frame, member: Value, self: Value, name: string, node: Node): Value {
  const cls = classOf(frame, self);
  const owner = cls ? makeValue({ kind: 'class', cls }) : UNKNOWN;
  const got = callSpecial(frame, member, '__get__', [self, owner], node);
  if (!got) return member;
  if (got.shape.kind !== 'unknown' || got.taint.length > 0) return got;
  const object = frame.objectOf(self);
  return (object?.kind === 'instance' && object.attributes.get(managed(name))) || got;
}

function objectMember(
  frame: Frame,
  object: Value,
  content: HeapObject | undefined,
  name: string,
  node: Node,
): Value {
  if (!content) return UNKNOWN;
  if (content.kind !== 'instance') return makeValue({ kind: 'method', receiver: object, name }, object.taint);
  const own = content.attributes.get(name);
  if (own) return own;
  if (name === OWN_DICT) return makeValue({ kind: 'method', receiver: object, name }, object.taint);
  if (content.cls) {
    if (name === '__class__') return makeValue({ kind: 'class', cls: content.cls });
    if (isEnumPart(content.cls, name))
      return makeValue({ kind: 'instance', node: frame.program.api.lookup('typing.Literal'), madeBy: null });
    const member = classMember(frame, content.cls, object, name, node);
    if (member) return member;
    const stored = attributeOfClass(frame, content.cls, name);
    if (stored) return stored;
    const made = generalAttribute(frame, content.cls, object, name, node);
    if (made) return made;
  }
  const some = content.attributes.get(ANY_ATTRIBUTE);
  if (some) return some;
  return content.underlying
    ? readAttribute(frame, content.underlying, name, node)
    : tainted(withoutEntries(object.taint));
}

/** What a class gives for names that it does not have. */
function generalAttribute(
  frame: Frame,
  cls: ClassInfo,
  object: Value,
  name: string,
  node: Node,
): Value | undefined {
  // https://docs.python.org/3/library/collections.html#collections.UserDict.data
  if (name === 'data' && cls.isA('collections.UserDict')) return object;
  const given = makeValue({ kind: 'constant', value: name, bytes: false });
  const general = cls.member('__getattr__')?.value.shape;
  // `__getattr__ = dict.get`
  if (general?.kind === 'api' && /^(?:get|__getitem__)$/.test(general.node.name))
    return readItem(frame, object, given, node);
  return (
    callSpecial(frame, object, '__getattr__', [given], node) ??
    callSpecial(frame, object, '__getattribute__', [given], node)
  );
}

/** What a member of an enum stands for is written in its class. */
function isEnumPart(cls: ClassInfo, name: string): boolean {
  return (name === 'value' || name === 'name') && cls.isA('enum.Enum');
}

function parameterMember(frame: Frame, object: Value, name: string, node: Node): Value {
  if (object.shape.kind !== 'parameter') return UNKNOWN;
  const { origin, type } = object.shape;
  const id = frame.parameterObject(origin);
  const content = id === undefined ? undefined : frame.state.object(id);
  const own = content?.kind === 'instance' ? content.attributes.get(name) : undefined;
  if (own) return own;
  if (name === OWN_DICT) return makeValue({ kind: 'method', receiver: object, name }, object.taint);
  if (type instanceof ClassInfo) {
    if (name === '__class__') return makeValue({ kind: 'class', cls: type });
    if (isEnumPart(type, name)) return withTaint(object, NO_TAINT);
    noteDispatch(frame, object, name, null);
    const member = classMember(frame, type, object, name, node);
    if (member && (member.shape.kind === 'function' || member.shape.kind === 'class')) return member;
    const field = fieldType(type, name);
    const whole = typedPart(object, `.${name}`, field);
    const part = withTaint(whole, cleaned(whole.taint, kindsOfField(frame, type, name)));
    const stored = attributeOfClass(frame, type, name);
    const known = member && stored ? join(member, stored) : (member ?? stored);
    if (!known) return part;
    // What other methods stored, and besides whatever the caller's instance holds.
    const isMade = optionsOf(known.shape).some(({ kind }) => kind === 'object' || kind === 'tuple');
    const shape =
      known.shape.kind === 'unknown' ? part.shape : isMade ? join(part, known).shape : known.shape;
    return { shape, taint: joinTaint(part.taint, known.taint) };
  }
  if (type) {
    const member = memberValue(frame, type.member(name), object, NO_TAINT, node);
    const part = partOfParameter(object, `.${name}`);
    return { shape: member.shape, taint: joinTaint(part.taint, member.taint) };
  }
  return partOfParameter(object, `.${name}`);
}

/** What `thing.update(form)` put under keys is not in the attributes. */
function withoutEntries(taint: Taint): Taint {
  return taint.some((item) => item.clean.has('entries'))
    ? taint.filter((item) => !item.clean.has('entries'))
    : taint;
}

function attributeOfClass(frame: Frame, cls: ClassInfo, name: string): Value | undefined {
  if (frame.fn) cls.addReader(name, frame.fn);
  let sum: Value | undefined;
  for (const base of cls.projectOrder) {
    const value = base.attributes.size > 0 ? base.attributes.get(name) : undefined;
    if (value) sum = sum ? join(sum, value) : value;
  }
  return sum;
}

/** The class of the project that a value is an instance of. */
export function classOf(frame: Frame, value: Value): ClassInfo | null {
  if (value.shape.kind === 'parameter')
    return value.shape.type instanceof ClassInfo ? value.shape.type : null;
  const object = frame.objectOf(value);
  return object?.kind === 'instance' ? object.cls : null;
}
