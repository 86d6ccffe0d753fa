/** What rules see of a place: its module, class and function. */

import type { ApiNode } from '../libraries/api.ts';
import type { ClassView, FunctionView, ModuleView, ValueView } from '../rules/views.ts';
import type { ClassDef, Expression, FunctionDef, Module } from '../syntax/ast.ts';
import { walkStatements } from '../syntax/walk.ts';
import { handlerOf } from './definitions.ts';
import { Frame } from './frame.ts';
import { lookupGlobal } from './modules.ts';
import { PlaceOfNode } from './place.ts';
import { ClassInfo, type FunctionInfo, type ModuleInfo, type Program } from './program.ts';
import { State } from './state.ts';
import { Activation, type Shape, type Value } from './values.ts';
import { ValueOfCode } from './views.ts';

export function pathOf(shape: Shape): string | undefined {
  switch (shape.kind) {
    case 'api':
      return shape.node.path;
    case 'class':
      return shape.cls.path;
    case 'module':
      return shape.module.name;
    case 'function':
      return `${shape.fn.module.name}.${shape.fn.symbol}`;
    default:
      return undefined;
  }
}

const moduleViews = new WeakMap<ModuleInfo, ModuleView>();

export function moduleView(program: Program, info: ModuleInfo): ModuleView {
  let view = moduleViews.get(info);
  if (!view) {
    view = new ModuleOfCode(program, info);
    moduleViews.set(info, view);
  }
  return view;
}

class ModuleOfCode extends PlaceOfNode implements ModuleView {
  constructor(program: Program, info: ModuleInfo) {
    super(program, info, null, null);
  }
  override get module(): ModuleView {
    return this;
  }
  get node(): Module {
    return this.info.node;
  }
  get text(): string {
    return this.info.text;
  }
  get name(): string {
    return this.info.name;
  }
  imports(path: string): boolean {
    for (const name of this.info.imported) if (name === path || name.startsWith(`${path}.`)) return true;
    return false;
  }
  get functions(): readonly FunctionView[] {
    return [...this.info.functions.values()]
      .filter((fn) => fn.node.kind === 'FunctionDef')
      .map((fn) => functionView(this.program, fn));
  }
  get classes(): readonly ClassView[] {
    return [...this.info.classes.values()].map((cls) => classView(this.program, cls));
  }
  resolve(expression: Expression): string {
    return resolveIn(this.program, this.info, null, expression);
  }
}

const functionViews = new WeakMap<FunctionInfo, FunctionView>();

export function functionView(program: Program, fn: FunctionInfo): FunctionView {
  let view = functionViews.get(fn);
  if (!view) {
    view = new FunctionOfCode(program, fn);
    functionViews.set(fn, view);
  }
  return view;
}

class FunctionOfCode extends PlaceOfNode implements FunctionView {
  private readonly of: FunctionInfo;
  constructor(program: Program, fn: FunctionInfo) {
    super(program, fn.module, fn, fn.owner);
    this.of = fn;
  }
  get node(): FunctionDef {
    return this.of.node as FunctionDef;
  }
  get name(): string {
    return this.of.name;
  }
  get symbol(): string {
    return this.of.symbol;
  }
  get decorators(): readonly string[] {
    return this.of.decorators;
  }
  get handler(): string | undefined {
    return handlerOf(this.program, this.of)?.handler.what;
  }
  resolve(expression: Expression): string {
    return resolveIn(this.program, this.info, this.of, expression);
  }
}

const classViews = new WeakMap<ClassInfo, ClassView>();

export function classView(program: Program, cls: ClassInfo): ClassView {
  let view = classViews.get(cls);
  if (!view) {
    view = new ClassOfCode(program, cls);
    classViews.set(cls, view);
  }
  return view;
}

class ClassOfCode extends PlaceOfNode implements ClassView {
  private readonly of: ClassInfo;
  constructor(program: Program, cls: ClassInfo) {
    super(program, cls.module, null, cls);
    this.of = cls;
  }
  get node(): ClassDef {
    return this.of.node;
  }
  get name(): string {
    return this.of.name;
  }
  get symbol(): string {
    return this.of.symbol;
  }
  get bases(): readonly string[] {
    return this.of.lookupOrder
      .slice(1)
      .flatMap((base) => (base instanceof ClassInfo ? [base.path] : [base.path, ...allBases(base)]));
  }
  derivesFrom(path: string): boolean {
    return this.of.isA(path);
  }
  attribute(name: string): ValueView | undefined {
    const value = this.of.member(name)?.value ?? this.instanceAttribute(name);
    return value && new ValueOfCode(this.anyFrame(), value);
  }
  get methods(): readonly FunctionView[] {
    return [...this.of.members.values()].flatMap(({ shape }) =>
      shape.kind === 'function' && shape.fn.owner === this.of && shape.fn.node.kind === 'FunctionDef'
        ? [functionView(this.program, shape.fn)]
        : [],
    );
  }
  private instanceAttribute(name: string): Value | undefined {
    for (const cls of this.of.lookupOrder) {
      const value = cls instanceof ClassInfo ? cls.attributes.get(name) : undefined;
      if (value) return value;
    }
    return undefined;
  }
  private anyFrame(): Frame {
    return new Frame(
      this.program,
      this.info,
      null,
      this.of,
      new Activation(null, null),
      this.info.state ?? new State(),
    );
  }
}

function allBases(node: ApiNode): string[] {
  return node.bases.flatMap((base) => [base.path, ...allBases(base)]);
}

/** The full path of a name or attribute chain, by imports and definitions alone. */
function resolveIn(
  program: Program,
  module: ModuleInfo,
  fn: FunctionInfo | null,
  expression: Expression,
): string {
  switch (expression.kind) {
    case 'Call':
      return resolveIn(program, module, fn, expression.func);
    case 'Name': {
      const local = fn ? importedInside(fn).get(expression.id) : undefined;
      if (local !== undefined) return local;
      if (fn?.scope.locals.has(expression.id)) return '';
      const value = lookupGlobal(program, module, expression.id);
      if (value) return pathOf(value.shape) ?? (value.shape.kind === 'instance' ? value.shape.node.path : '');
      return program.api.builtin(expression.id)?.path ?? '';
    }
    case 'Attribute': {
      const owner = resolveIn(program, module, fn, expression.value);
      return owner === '' ? '' : program.api.lookup(owner).member(expression.attr).path;
    }
    default:
      return '';
  }
}

const importsInside = new WeakMap<FunctionInfo, ReadonlyMap<string, string>>();

/** Names that a function imports for itself. */
function importedInside(fn: FunctionInfo): ReadonlyMap<string, string> {
  let names = importsInside.get(fn);
  if (!names) {
    const found = new Map<string, string>();
    walkStatements(fn.body as FunctionDef['body'], (statement) => {
      if (statement.kind === 'Import') {
        for (const alias of statement.names) {
          const top = alias.name.split('.')[0]!;
          found.set(alias.asname ?? top, alias.asname ? alias.name : top);
        }
      } else if (statement.kind === 'ImportFrom' && statement.level === 0) {
        for (const alias of statement.names)
          found.set(alias.asname ?? alias.name, `${statement.module}.${alias.name}`);
      }
    });
    names = found;
    importsInside.set(fn, names);
  }
  return names;
}
