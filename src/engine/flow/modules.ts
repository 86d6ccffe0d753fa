/** Modules at run time: interpreting their bodies once, following imports, looking up globals. */

import type { Import, ImportFrom } from '../syntax/ast.ts';
import { defineClass, defineFunction } from './definitions.ts';
import { Frame } from './frame.ts';
import { keptInModule, outliving } from './lasting.ts';
import { type FunctionInfo, type ModuleInfo, OutOfSteps, type Program } from './program.ts';
import { joinObject, State } from './state.ts';
import { execute } from './statements.ts';
import {
  Activation,
  join,
  makeValue,
  optionsOf,
  resolved,
  UNKNOWN,
  type Value,
  withTaint,
} from './values.ts';

/** Imports deeper than this from the file under analysis are not followed. */
const MAX_IMPORT_DEPTH = 12;

/** Interprets a module's body, unless that is done or under way. */
export function runModule(program: Program, module: ModuleInfo): void {
  if (module.status !== 'fresh' || program.importDepth > MAX_IMPORT_DEPTH) return;
  module.status = 'running';
  program.importDepth++;
  const frame = new Frame(
    program,
    module,
    null,
    null,
    new Activation(null, null),
    new State(null, program.heap, true),
  );
  module.state = frame.state;
  try {
    // What stands below a `raise` or `sys.exit()` at the top level does not run today, and is looked at all the same.
    for (const statement of module.node.body) execute(frame, [statement]);
  } catch (error) {
    if (!(error instanceof OutOfSteps)) throw error;
    module.problems.push({
      reason: 'out-of-steps',
      detail: 'the module is too large to be followed in full',
    });
  } finally {
    module.status = 'done';
    // Functions that were called on the way may have changed what is there.
    for (const [id, object] of frame.state.objects()) {
      const changed = program.heap.get(id);
      program.heap.set(id, changed ? joinObject(changed, object) : object);
    }
    program.importDepth--;
  }
}

/** A name at module level; undefined when the module does not have it. */
export function lookupGlobal(program: Program, module: ModuleInfo, name: string): Value | undefined {
  runModule(program, module);
  const value = module.state?.get(name);
  const written = module.globalWrites.get(name);
  if (value) return resolved(written ? join(value, written) : value);
  if (written) return written;
  return module.status === 'done' ? undefined : definedLater(program, module, name);
}

/** A definition further down in a module that is still running: imports in a circle, calls before the end. */
function definedLater(program: Program, module: ModuleInfo, name: string): Value | undefined {
  const definition = module.definitions.get(name);
  // Taken away while it is being made: a decorator can name what it decorates.
  if (!definition || !module.definitions.delete(name)) return undefined;
  const frame = new Frame(program, module, null, null, new Activation(null, null), new State(module.state));
  const value =
    definition.kind === 'FunctionDef' ? defineFunction(frame, definition) : defineClass(frame, definition);
  module.definitions.set(name, definition);
  return value;
}

/** `import a.b.c` binds `a`; `import a.b.c as d` binds the module itself. */
export function importModules(frame: Frame, statement: Import): void {
  for (const alias of statement.names) {
    frame.module.imported.add(alias.name);
    const top = alias.name.split('.')[0]!;
    if (alias.asname) assignName(frame, alias.asname, moduleValue(frame, alias.name));
    else assignName(frame, top, moduleValue(frame, top));
  }
}

/** The module of an absolute name: a file of the project, or a library. */
export function moduleValue(frame: Frame, name: string): Value {
  const { program } = frame;
  const path = fileOf(program, name, frame.module.path);
  // A package of the project without an `__init__.py` has no file of its own; its modules do.
  const outside = () => makeValue({ kind: 'api', node: program.api.lookup(name), receiver: null });
  return path ? later(() => loaded(program, path) ?? outside()) : outside();
}

/** The project's file of an absolute name. A module named like a known library stands in its way only beside the importer. */
function fileOf(program: Program, name: string, importer: string): string | undefined {
  const path = program.paths.resolve(name, importer);
  if (path === undefined || name.includes('.') || !program.api.lookup(name).isModelled) return path;
  if (/\/__init__\.pyi?$/.test(path)) return path;
  const folder = (file: string) => file.slice(0, file.lastIndexOf('/') + 1);
  return folder(path) === '' || folder(path) === folder(importer) ? path : undefined;
}

function loaded(program: Program, path: string): Value | undefined {
  const module = program.load(path);
  return module ? makeValue({ kind: 'module', module }) : undefined;
}

/** A value that is made when it is first asked for; asked for again while it cannot be told yet: undefined. */
function later(make: () => Value | undefined): Value {
  let value: Value | undefined;
  let isUnderWay = false;
  const resolve = (): Value => {
    if (value || isUnderWay) return value ?? UNKNOWN;
    isUnderWay = true;
    try {
      value = make();
    } finally {
      isUnderWay = false;
    }
    return value ?? UNKNOWN;
  };
  return makeValue({ kind: 'import', resolve });
}

/** `from module import name` */
export function importNames(frame: Frame, statement: ImportFrom): void {
  const { program, module } = frame;
  const full = statement.level > 0 ? absoluteName(module, statement) : statement.module;
  const path =
    statement.level > 0
      ? program.paths.resolveRelative(statement.module, statement.level, module.path)
      : fileOf(program, statement.module, module.path);
  for (const alias of statement.names) {
    module.imported.add(`${full}.${alias.name}`);
    if (alias.name === '*') {
      const source = path ? program.load(path) : null;
      if (source) importAll(frame, source);
      continue;
    }
    const name = alias.asname ?? alias.name;
    rememberImport(frame, name, statement);
    assignName(frame, name, importedName(frame, statement, path, full, alias.name));
  }
}

/**
 * A name that is imported again from elsewhere, below functions, as the cells of a notebook do: the functions above
 * were written, and perhaps called, with what it meant before.
 */
function rememberImport({ fn, module, program, state }: Frame, name: string, statement: ImportFrom): void {
  if (fn || !hasFunction(state)) return;
  const builtin = program.api.builtin(name);
  const before = state.get(name) ?? (builtin && makeValue({ kind: 'api', node: builtin, receiver: null }));
  if (before && !module.earlierImports.has(name))
    module.earlierImports.set(name, { value: before, until: statement.start });
}

/** What a name meant where the function stands, if it was imported again further down. */
export function earlierImport(module: ModuleInfo, fn: FunctionInfo, name: string): Value | undefined {
  const earlier = module.earlierImports.get(name);
  return earlier && fn.node.start < earlier.until ? resolved(earlier.value) : undefined;
}

function hasFunction(state: State): boolean {
  for (const [, { shape }] of state.names()) if (shape.kind === 'function') return true;
  return false;
}

function importedName(
  frame: Frame,
  statement: ImportFrom,
  path: string | undefined,
  full: string,
  name: string,
): Value {
  const { program, module } = frame;
  // A submodule: `from package import module`.
  const inner = statement.module ? `${statement.module}.${name}` : name;
  const innerPath =
    statement.level > 0
      ? program.paths.resolveRelative(inner, statement.level, module.path)
      : fileOf(program, inner, module.path);
  if (!path && !innerPath) return apiMember(program, full, name);
  return later(() => {
    const source = path ? program.load(path) : null;
    // A package's own `from . import name` binds the very name that would be looked up.
    const value = source && source !== module ? lookupGlobal(program, source, name) : undefined;
    if (value) return value;
    // An import in a circle: the name may come further down.
    if (source && source.status !== 'done' && !innerPath) return undefined;
    return (
      (innerPath ? loaded(program, innerPath) : undefined) ??
      (source ? UNKNOWN : apiMember(program, full, name))
    );
  });
}

function apiMember(program: Program, module: string, name: string): Value {
  const node = program.api.lookup(module).member(name);
  return node.holds && !node.readSource
    ? makeValue({ kind: 'instance', node: node.holds, madeBy: null })
    : makeValue({ kind: 'api', node, receiver: null });
}

function importAll(frame: Frame, source: ModuleInfo): void {
  runModule(frame.program, source);
  for (const [name, value] of source.state?.names() ?? []) {
    if (!name.startsWith('_') && !name.startsWith('@') && !name.startsWith('§'))
      assignName(frame, name, value);
  }
}

/** The full name that a relative import means. */
function absoluteName(module: ModuleInfo, statement: ImportFrom): string {
  const parts = module.name.split('.');
  const keep = parts.length - statement.level + (module.isPackage ? 1 : 0);
  return [...parts.slice(0, Math.max(0, keep)), ...(statement.module ? [statement.module] : [])].join('.');
}

/** Binds a name in the frame's scope, or in the module's where it is declared global. */
export function assignName(frame: Frame, name: string, value: Value): void {
  const { fn } = frame;
  if (fn) {
    if (fn.scope.globals.has(name)) {
      const before = frame.module.globalWrites.get(name);
      const lasting = keptInModule(frame, name, value);
      frame.module.globalWrites.set(name, before ? join(before, lasting) : lasting);
      // What it was made here is known until the end; anything else may be changed by what is called.
      if (optionsOf(value.shape).some(({ kind }) => kind === 'object')) frame.state.set(name, value);
      else frame.state.forget(name);
      return;
    }
    if (fn.scope.nonlocals.has(name)) {
      for (let outer = frame.activation.parent; outer; outer = outer.parent) {
        const before = outer.cells.get(name);
        const after = withTaint(outliving(value), value.taint);
        if (before) outer.cells.set(name, join(before, after));
      }
    }
    if (fn.hasNested) {
      const before = frame.activation.cells.get(name);
      frame.activation.cells.set(name, before ? join(before, value) : value);
    }
  }
  frame.state.set(name, value);
}
