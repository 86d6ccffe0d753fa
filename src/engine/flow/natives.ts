/** Functions whose result the interpreter computes itself, because data alone cannot say it. */
import type { Call } from '../syntax/ast.ts';
import { classOf, readAttribute } from './access.ts';
import { combined, formatted } from './arithmetic.ts';
import { OWN_DICT } from './containers.ts';
import { contextOf, namespace, threadLocal } from './contexts.ts';
import { evaluateQuietly } from './facts.ts';
import { checkedField } from './form-fields.ts';
import type { Frame } from './frame.ts';
import { guardByConversion } from './guards-types.ts';
import { NUMBER_IS_HARMLESS } from './kinds.ts';
import type { Native } from './native.ts';
import { CLASS_NATIVES } from './natives-classes.ts';
import { COLLECTION_NATIVES } from './natives-collections.ts';
import { IMPORT_NATIVES } from './natives-imports.ts';
import { ITERATION_NATIVES } from './natives-iteration.ts';
import { MODEL_NATIVES } from './natives-models.ts';
import { OBJECT_NATIVES } from './natives-objects.ts';
import { PATTERN_NATIVES } from './natives-patterns.ts';
import { SOURCE_NATIVES } from './natives-sources.ts';
import { TEMPLATE_NATIVES } from './natives-templates.ts';
import {
  dedented,
  joinedAddress,
  replacedParts,
  splitExtension,
  splitWords,
  substituted,
} from './natives-text.ts';
import { WAITING_NATIVES } from './natives-waiting.ts';
import { fieldsAsDict, namedTuple, replacedFields } from './records.ts';
import { knownElements } from './sequences.ts';
import { asText } from './special-methods.ts';
import { writeSomeAttribute } from './spreading.ts';
import { writeAttribute } from './storing.ts';
import { typePathOf, typesNamed } from './value-types.ts';
import {
  type Arguments,
  bool,
  cleaned,
  constant,
  constantOf,
  EMPTY_TEXT,
  join,
  joinAll,
  joinTaint,
  makeValue,
  NO_TAINT,
  optionsOf,
  type Taint,
  tainted,
  templateOf,
  textOf,
  truth,
  UNKNOWN,
  uncleaned,
  type Value,
} from './values.ts';

const toText: Native = (frame, args, node) => {
  const first = args.positional[0] && asText(frame, args.positional[0], node);
  if (!first) return EMPTY_TEXT;
  return textOf(formatted(first), frame.taintOf(first));
};

const toNumber: Native = (frame, args, node) => {
  guardByConversion(frame, args, node);
  const [first] = args.positional;
  const value = first && constantOf(first);
  if (typeof value === 'number') return constant(value);
  const base = args.positional[1] && constantOf(args.positional[1]);
  // `int('755', 8)`
  if (typeof value === 'string' && typeof base === 'number' && base >= 2 && base <= 36) {
    const number = Number.parseInt(value.replace(/^0[box]/i, ''), base);
    if (!Number.isNaN(number)) return constant(number);
  }
  if (base === undefined && typeof value === 'string' && /^\s*-?\d+\s*$/.test(value))
    return constant(Number(value));
  const type = frame.program.api.lookup('builtins.int');
  return makeValue(
    { kind: 'instance', node: type, madeBy: null },
    cleaned(first ? frame.taintOf(first) : NO_TAINT, NUMBER_IS_HARMLESS),
  );
};

const getAttribute: Native = (frame, args, node) => {
  const [object, nameValue, fallback] = args.positional;
  if (!object || !nameValue) return undefined;
  const names = optionsOf(nameValue.shape).map((option) => constantOf(makeValue(option)));
  if (!names.every((name) => typeof name === 'string')) {
    frame.matters(nameValue);
    return methodsBeginning(frame, object, nameValue, node) ?? tainted(frame.taintOf(object));
  }
  const value = joinAll(names.map((name) => readAttribute(frame, object, name, node)));
  return fallback ? join(value, fallback) : value;
};

/** At most so many methods can be meant by `getattr(self, 'do_' + action)`. */
const MAX_METHODS = 6;

/** The methods that a name can mean of which only the beginning is known. */
function methodsBeginning(frame: Frame, object: Value, name: Value, node: Call): Value | undefined {
  const [prefix = ''] = (templateOf(name) ?? '').split('\0', 1);
  const cls = prefix.length < 2 ? null : classOf(frame, object);
  if (!cls) return undefined;
  const names = cls.projectOrder.flatMap((base) =>
    [...base.members.keys()].filter((member) => member.startsWith(prefix)),
  );
  if (names.length === 0 || names.length > MAX_METHODS) return undefined;
  return joinAll([...new Set(names)].map((member) => readAttribute(frame, object, member, node)));
}

const isInstance: Native = (frame, args) => {
  const [value, cls] = args.positional;
  const path = value?.shape.kind === 'constant' ? typePathOf(frame, value) : undefined;
  // Nobody tells 1 from 1.0 here.
  if (typeof (value && constantOf(value)) === 'number') return UNKNOWN;
  const types = path === undefined || !cls ? [] : typesNamed(cls);
  // Of a type that is not known, of one that others derive from, and of a generic one nobody can tell.
  if (types.length === 0 || !types.every((type) => type !== null && PLAIN_TYPES.has(type.path)))
    return UNKNOWN;
  return bool(
    types.some((type) => type!.path === path || (path === 'builtins.bool' && type!.path === 'builtins.int')),
  );
};

const PLAIN_TYPES = new Set(
  ['str', 'bytes', 'int', 'bool', 'float', 'list', 'dict', 'tuple', 'set'].map((name) => `builtins.${name}`),
);

/** `form.cleaned_data.get('count')` */
const checkedValue: Native = (frame, args, node) =>
  node.func.kind === 'Attribute' && args.positional[0]
    ? checkedField(
        frame,
        node.func.value,
        args.positional[0],
        tainted(frame.taintOf(evaluateQuietly(frame, node.func.value))),
      )
    : undefined;

export const NATIVE: ReadonlyMap<string, Native> = new Map<string, Native>([
  ...IMPORT_NATIVES,
  ...MODEL_NATIVES,
  ...OBJECT_NATIVES,
  ...CLASS_NATIVES,
  ...COLLECTION_NATIVES,
  ...ITERATION_NATIVES,
  ...WAITING_NATIVES,
  ...PATTERN_NATIVES,
  ...SOURCE_NATIVES,
  ...TEMPLATE_NATIVES,
  ['builtins.str', toText],
  ['builtins.unicode', toText],
  ['builtins.format', toText],
  ['builtins.bytearray', (frame, args) => tainted(frame.taintOfAll(args))],
  ['builtins.memoryview', (frame, args) => tainted(frame.taintOfAll(args))],
  ['builtins.int', toNumber],
  ['builtins.float', toNumber],
  ['builtins.long', toNumber],
  ['builtins.bool', (_frame, args) => (args.positional[0] ? bool(truth(args.positional[0])) : UNKNOWN)],
  ['builtins.iter', (_frame, args) => args.positional[0] ?? UNKNOWN],
  ['builtins.aiter', (_frame, args) => args.positional[0] ?? UNKNOWN],
  ['builtins.vars', ownDict],
  ['builtins.sum', (frame, args) => tainted(frame.taintOfAll(args))],
  ['builtins.isinstance', isInstance],
  ['builtins.getattr', getAttribute],
  [
    'builtins.len',
    (frame, args) => {
      const [first] = args.positional;
      const text = first && constantOf(first);
      if (typeof text === 'string') return constant(text.length);
      const elements = first && knownElements(frame, first);
      return elements ? constant(elements.length) : UNKNOWN;
    },
  ],
  [
    'builtins.chr',
    (frame, args) => {
      const code = args.positional[0] && constantOf(args.positional[0]);
      return typeof code === 'number' && code >= 0 && code <= 0x10ffff
        ? constant(String.fromCodePoint(code))
        : // Numbers that come from outside spell any text.
          tainted(uncleaned(frame.taintOfAll(args)));
    },
  ],
  [
    'builtins.setattr',
    (frame, args, node) => {
      const [object, nameValue, value] = args.positional;
      const name = nameValue && constantOf(nameValue);
      if (!object || !value) return undefined;
      if (typeof name === 'string') writeAttribute(frame, object, name, value, node);
      else writeSomeAttribute(frame, object, value, node);
      return UNKNOWN;
    },
  ],
  [
    'builtins.super',
    (frame, args) => {
      const cls = frame.fn?.owner;
      const [given] = args.positional;
      const owner = given?.shape.kind === 'class' ? given.shape.cls : cls;
      const selfName = frame.fn?.params[0]?.name;
      const self = args.positional[1] ?? (selfName === undefined ? undefined : frame.state.get(selfName));
      return owner && self ? makeValue({ kind: 'super', cls: owner, self }) : UNKNOWN;
    },
  ],
  [
    'builtins.type',
    (frame, args) => {
      const [first] = args.positional;
      const object = first && frame.objectOf(first);
      if (object?.kind === 'instance' && object.cls) return makeValue({ kind: 'class', cls: object.cls });
      if (
        first?.shape.kind === 'parameter' &&
        first.shape.type &&
        'members' in first.shape.type &&
        'node' in first.shape.type
      ) {
        return makeValue({ kind: 'class', cls: first.shape.type });
      }
      return UNKNOWN;
    },
  ],
  ['functools.partial', (_frame, args) => partialOf(args, false)],
  ['functools.partialmethod', (_frame, args) => partialOf(args, true)],
  [
    'asyncio.gather',
    (_frame, args) =>
      args.extraPositional ? undefined : makeValue({ kind: 'tuple', elements: args.positional }),
  ],
  ['collections.namedtuple', namedTuple],
  ['typing.NamedTuple', namedTuple],
  ...['dataclasses.replace', 'copy.replace', 'attr.evolve', 'attrs.evolve'].map((path): [string, Native] => [
    path,
    (frame, args, node) => replacedFields(frame, args.positional[0], args, node),
  ]),
  ...['dataclasses.asdict', 'attr.asdict', 'attrs.asdict'].map((path): [string, Native] => [
    path,
    (frame, args, node) => fieldsAsDict(frame, args.positional[0], node),
  ]),
  ...['dataclasses.astuple', 'attr.astuple', 'attrs.astuple'].map((path): [string, Native] => [
    path,
    (frame, args, node) => {
      const fields = fieldsAsDict(frame, args.positional[0], node);
      const object = fields && frame.objectOf(fields);
      return object?.kind === 'dict'
        ? makeValue({ kind: 'tuple', elements: [...object.entries.values()] })
        : undefined;
    },
  ]),
  ['threading.local', threadLocal],
  ['types.SimpleNamespace', namespace],
  ['argparse.Namespace', namespace],
  ['flask.g.get', storedInContext],
  ['flask.g.pop', storedInContext],
  ['flask.g.setdefault', storedInContext],
  ['functools.wraps', () => makeValue({ kind: 'unknown' })],
  // What is made from an alias of a type is of that type.
  ['typing.NewType', (_frame, args) => args.positional[1]],
  ['typing.cast', (_frame, args) => args.positional[1] ?? UNKNOWN],
  ['re.sub', (frame, args) => substituted(frame, args.positional[0], args.positional[1], args.positional[2])],
  [
    're.Pattern.sub',
    (frame, args, _node, receiver) =>
      substituted(
        frame,
        receiver?.shape.kind === 'instance' ? receiver.shape.madeBy?.positional[0] : undefined,
        args.positional[0],
        args.positional[1],
      ),
  ],
  ['django.forms.Form.cleaned_data.get', checkedValue],
  ['django.forms.Form.cleaned_data.pop', checkedValue],
  ['rest_framework.serializers.Serializer.validated_data.get', checkedValue],
  ['rest_framework.serializers.Serializer.validated_data.pop', checkedValue],
  ['rest_framework.serializers.FieldValues.get', checkedValue],
  ['rest_framework.serializers.FieldValues.pop', checkedValue],
  ['urllib.parse.urlunsplit', joinedAddress],
  ['urllib.parse.urlunparse', joinedAddress],
  [
    'urllib.parse.ParseResult._replace',
    (frame, args, _node, receiver) => replacedParts(frame, args, receiver),
  ],
  ['os.path.splitext', splitExtension],
  ['textwrap.dedent', dedented],
  ['inspect.cleandoc', dedented],
  ['shlex.split', (frame, args, node) => args.positional[0] && splitWords(frame, args.positional[0], node)],
  ['os.path.join', joinPath],
  // What it is on every Unix, unless the environment says otherwise.
  ['tempfile.gettempdir', () => constant('/tmp')],
  ['posixpath.join', joinPath],
  ['configparser.RawConfigParser.set', storeOption],
  ['configparser.ConfigParser.set', storeOption],
  ['configparser.RawConfigParser.get', readOption],
  ['configparser.ConfigParser.get', readOption],
]);

function partialOf({ positional: [callee, ...positional], keywords }: Arguments, isMethod: boolean): Value {
  return callee ? makeValue({ kind: 'partial', callee, positional, keywords, isMethod }) : UNKNOWN;
}

/** `vars(thing)` */
function ownDict(frame: Frame, args: Arguments): Value {
  const [first] = args.positional;
  return first && (first.shape.kind === 'parameter' || frame.objectOf(first)?.kind === 'instance')
    ? makeValue({ kind: 'method', receiver: first, name: OWN_DICT }, first.taint)
    : tainted(frame.taintOfAll(args));
}

/** `g.get('user')` */
function storedInContext(frame: Frame, args: Arguments, node: Call): Value | undefined {
  const context = contextOf(frame, 'flask.g');
  const [nameValue, fallback] = args.positional;
  const name = nameValue && constantOf(nameValue);
  if (!context || typeof name !== 'string') return undefined;
  if (fallback && node.func.kind === 'Attribute' && node.func.attr === 'setdefault')
    writeAttribute(frame, context, name, fallback, node);
  const value = readAttribute(frame, context, name, node);
  return fallback ? join(value, fallback) : value;
}

function joinPath(frame: Frame, args: Arguments, node: Call): Value {
  let template = '';
  let taint: Taint = args.extraPositional?.taint ?? NO_TAINT;
  args.positional.forEach((value, i) => {
    const part = formatted(value);
    // An absolute part throws away what stands before it: https://docs.python.org/3/library/os.path.html#os.path.join
    if (part.startsWith('/')) template = part;
    else template += i === 0 || template.endsWith('/') ? part : `/${part}`;
    taint = joinTaint(taint, frame.taintOf(value));
  });
  return textOf(template || '\0', combined(frame, taint, node));
}

function optionSlot(frame: Frame, args: Arguments, node: Call): string | undefined {
  const section = args.positional[0] && constantOf(args.positional[0]);
  const option = args.positional[1] && constantOf(args.positional[1]);
  if (node.func.kind !== 'Attribute' || typeof section !== 'string' || typeof option !== 'string')
    return undefined;
  return `@${frame.source(node.func.value)}\0${section}\0${option.toLowerCase()}`;
}

/** `config.set(section, option, value)`, read back by `get`: options are kept apart. */
function storeOption(frame: Frame, args: Arguments, node: Call): Value | undefined {
  const slot = optionSlot(frame, args, node);
  const value = args.positional[2];
  if (!slot || !value) return undefined;
  frame.state.set(slot, value);
  return UNKNOWN;
}

function readOption(frame: Frame, args: Arguments, node: Call): Value | undefined {
  const slot = optionSlot(frame, args, node);
  return slot ? frame.state.get(slot) : undefined;
}
