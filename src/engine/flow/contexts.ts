/** Objects on which applications keep what they like: those of a request (`flask.g`), of a thread, and plain namespaces. */
import type { Call } from '../syntax/ast.ts';
import type { Frame } from './frame.ts';
import { ClassInfo, type Program } from './program.ts';
import { type Arguments, makeValue, NO_TAINT, type Value } from './values.ts';

/** https://flask.palletsprojects.com/en/stable/api/#flask.g */
const OF_REQUESTS: ReadonlySet<string> = new Set(['flask.g']);

const made = new WeakMap<Program, Map<string | Call, Value>>();

/** The object behind a name of a library, where functions leave things for each other; undefined for all other names. */
export function contextOf(frame: Frame, path: string): Value | undefined {
  return OF_REQUESTS.has(path) ? sharedObject(frame, path, path) : undefined;
}

/** `threading.local()`: the same for all functions that use it. */
export function threadLocal(frame: Frame, _args: Arguments, node: Call): Value {
  return sharedObject(frame, node, 'local');
}

/** `ContextVar('user', default=None)`: what one function sets, others get. */
export function contextVariable(frame: Frame, args: Arguments, node: Call): Value {
  const variable = sharedObject(frame, node, 'variable');
  const object = frame.objectOf(variable);
  if (variable.shape.kind !== 'object' || object?.kind !== 'instance' || object.attributes.size > 0)
    return variable;
  const fallback = args.keywords.get('default');
  const keywords = new Map(fallback && [['default', fallback]]);
  const attributes = new Map<string, Value>();
  for (const name of ['get', 'set']) {
    const method = frame.program.api.lookup(`contextvars.ContextVar.${name}`);
    const callee = makeValue({ kind: 'api', node: method, receiver: null });
    attributes.set(name, makeValue({ kind: 'partial', callee, positional: [variable], keywords }));
  }
  frame.program.heap.set(variable.shape.id, { ...object, attributes });
  return variable;
}

/** `SimpleNamespace(name=value)` */
export function namespace(frame: Frame, args: Arguments, node: Call): Value | undefined {
  if (args.extraKeywords || args.positional.length > 0) return undefined;
  return frame.make(
    node,
    { kind: 'instance', cls: null, attributes: args.keywords, underlying: null },
    NO_TAINT,
  );
}

/** An object of a class of its own: what one function stores in it, others see. */
function sharedObject(frame: Frame, key: string | Call, name: string): Value {
  const { program, module } = frame;
  const objects = made.get(program) ?? new Map<string | Call, Value>();
  made.set(program, objects);
  let object = objects.get(key);
  if (!object) {
    const place = { nameStart: 0, start: 0, end: 0 };
    const cls = new ClassInfo(
      { kind: 'ClassDef', name, bases: [], keywords: [], decorators: [], body: [], ...place },
      module,
      name,
    );
    const id = program.nextObject();
    program.heap.set(id, { kind: 'instance', cls, attributes: new Map(), underlying: null });
    object = makeValue({ kind: 'object', id });
    objects.set(key, object);
  }
  return object;
}
