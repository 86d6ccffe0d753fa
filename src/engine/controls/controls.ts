/** Finds what protects in a file, so that two versions can be compared. Reads the tree alone, without flow. */
import type { Control } from '../project.ts';
import type { ModuleView } from '../rules/views.ts';
import type { Call, ClassDef, Expression, FunctionDef, If, Node, Statement, With } from '../syntax/ast.ts';
import { dottedName, headersOf, lastName } from '../syntax/headers.ts';
import type { LineIndex } from '../syntax/lines.ts';
import { normalised } from '../syntax/unparse.ts';
import { bodiesOf, walk, walkStatements } from '../syntax/walk.ts';
import { CallControls } from './call-controls.ts';
import { FoundControls } from './found-controls.ts';
import type { ControlKindName } from './kinds.ts';
import { checksNeeded, snake } from './needed-checks.ts';
import { isRefusal, refuses, saysUnsafe, turnsAway } from './refusals.ts';
import { Remains } from './remains.ts';
import {
  ACCESS_MIXINS,
  BEFORE_REQUESTS,
  DECORATORS,
  LOCK,
  MOST_PARTS,
  PROTECTING_CALLS,
  PROTECTING_MIDDLEWARE,
  PROTECTING_SETTINGS,
  REFUSALS,
  SANDBOX,
  SANITIZES,
  VALIDATORS,
} from './spellings.ts';
import { checkIn } from './value-checks.ts';

/** The kind that a control's key begins with. */
export function kindOfControl(control: Control): ControlKindName {
  return control.key.slice(0, control.key.indexOf('\n')) as ControlKindName;
}

/** All controls of a file, in the order of the text. */
export function controlsIn(module: ModuleView, lines: LineIndex): Control[] {
  const found = new FoundControls(module, lines);
  new ControlFinder(found).block(module.node.body, '');
  return found.all.sort(
    (a, b) => a.location.startLine - b.location.startLine || a.location.startColumn - b.location.startColumn,
  );
}

class ControlFinder {
  private readonly found: FoundControls;
  private readonly calls: CallControls;

  constructor(found: FoundControls) {
    this.found = found;
    this.calls = new CallControls(found);
  }

  block(statements: readonly Statement[], symbol: string): void {
    for (const statement of statements) this.statement(statement, symbol);
  }

  private statement(statement: Statement, symbol: string): void {
    switch (statement.kind) {
      case 'FunctionDef':
        this.functionDef(statement, join(symbol, statement.name));
        return;
      case 'ClassDef':
        this.classDef(statement, join(symbol, statement.name));
        return;
      case 'With':
        this.locks(statement, symbol);
        break;
      case 'If':
        this.condition(statement, symbol);
        for (const { test, body } of statement.elifs)
          this.condition({ ...statement, test, body, elifs: [], orelse: [] }, symbol);
        break;
      case 'ExpressionStatement':
        if (statement.value.kind === 'Call') this.calls.checkOnly(statement.value, symbol);
        break;
      case 'Raise':
        if (statement.exc && REFUSALS.test(lastName(statement.exc)))
          this.found.add('refusal', symbol, statement, '');
        break;
      case 'Assign':
        for (const target of statement.targets) this.assigned(target, statement.value, statement, symbol);
        break;
      case 'AnnAssign':
        if (statement.value) this.assigned(statement.target, statement.value, statement, symbol);
        break;
    }
    for (const header of headersOf(statement)) this.expressions(header, header, symbol);
    for (const body of bodiesOf(statement)) this.block(body, symbol);
  }

  private functionDef(fn: FunctionDef, symbol: string): void {
    const found = this.decorated(fn, symbol);
    this.hook(fn);
    for (const decorator of fn.decorators) {
      checksNeeded(decorator, found);
      this.expressions(decorator, decorator, symbol);
    }
    for (const param of fn.params) {
      if (param.default) checksNeeded(param.default, found);
      if (param.annotation) checksNeeded(param.annotation, found);
    }
    this.accessControls(found, symbol);
    const outer = this.found.remains;
    this.found.remains = new Remains(this.found.module, statementsOf(fn));
    this.block(fn.body, symbol);
    this.found.remains = outer;
  }

  /** A function that the framework calls before every request, and that turns some away. */
  private hook(fn: FunctionDef): void {
    const decorator = fn.decorators.find((one) => BEFORE_REQUESTS.test(lastName(one)));
    if (!decorator) return;
    let isCheck = false;
    walkStatements(fn.body, (statement) => {
      if (statement.kind === 'If')
        isCheck ||= refuses(statement.body) && /\b40\d\b/.test(this.found.sourceOf(statement));
    });
    if (isCheck) this.found.add('refusal', '', decorator, fn.name);
  }

  private classDef(cls: ClassDef, symbol: string): void {
    const found = this.decorated(cls, symbol);
    for (const base of cls.bases) {
      const kind = ACCESS_MIXINS.find(({ name }) => name.test(this.found.sourceOf(base)))?.kind;
      if (kind) found.set(kind, base);
      if (SANDBOX.test(lastName(base))) this.found.add('sandbox', symbol, base, '');
    }
    for (const statement of cls.body) {
      const value = assignedIn(statement, 'permission_classes');
      if (value) this.permissionClasses(value, statement, found);
      if (assignedIn(statement, 'throttle_classes')) this.found.add('throttle', symbol, statement, '');
    }
    this.accessControls(found, symbol);
    for (const statement of cls.body) if (statement.kind === 'FunctionDef') this.validator(statement, symbol);
    this.block(cls.body, symbol);
  }

  /** `clean_description` of a form, `validate_name` of a serializer: called by its name, and so gone with it. */
  private validator(fn: FunctionDef, ofClass: string): void {
    if (!VALIDATORS.test(fn.name)) return;
    const body = this.found.sourceOf(fn);
    const name = { start: fn.nameStart, end: fn.nameStart + fn.name.length };
    if (SANITIZES.test(body)) this.found.add('sanitizing', ofClass, name, fn.name);
    else if (/\braise\b/.test(body)) this.found.add('guard', ofClass, name, fn.name);
  }

  /** Several of a kind are one control: a schema for each version of an API. Those of access are gathered first. */
  private decorated(definition: FunctionDef | ClassDef, symbol: string): Map<ControlKindName, Node> {
    const found = new Map<ControlKindName, Node>();
    const added = new Set<string>();
    for (const decorator of definition.decorators) {
      const name = lastName(decorator);
      const kind = DECORATORS.find((known) => known.name.test(name))?.kind;
      const resolved =
        kind ??
        (/(^|\.)limiter\.(limit|shared_limit)$/.test(dottedName(decorator)) ? 'throttle' : undefined) ??
        (/(^|\.)validation\.(schema|query_schema)$/.test(dottedName(decorator)) ? 'schema' : undefined);
      if (!resolved) continue;
      if (resolved === 'authentication' || resolved === 'authorization') found.set(resolved, decorator);
      else if (!added.has(name)) this.found.add(resolved, symbol, decorator, name);
      added.add(name);
    }
    return found;
  }

  /** Who is let in to do a certain thing is also known. */
  private accessControls(found: ReadonlyMap<ControlKindName, Node>, symbol: string): void {
    const authorization = found.get('authorization');
    const authentication = found.get('authentication') ?? authorization;
    if (authorization) this.found.add('authorization', symbol, authorization, '');
    if (authentication) this.found.add('authentication', symbol, authentication, '');
  }

  private permissionClasses(value: Expression, at: Node, found: Map<ControlKindName, Node>): void {
    const names = this.found.sourceOf(value).match(/\w+/g) ?? [];
    const checks = names.filter((name) => /^[A-Z]/.test(name) && name !== 'AllowAny');
    if (checks.length === 0) return;
    found.set(checks.every((name) => /^IsAuthenticated/.test(name)) ? 'authentication' : 'authorization', at);
  }

  private locks(statement: With, symbol: string): void {
    const first = statement.body[0];
    for (const item of statement.items) {
      const called = item.context.kind === 'Call' ? item.context.func : item.context;
      if (!LOCK.test(snake(lastName(called)))) continue;
      const leaves =
        first && bodiesOf(first).length === 0 ? [normalised(this.found.sourceOf(first))] : undefined;
      this.found.add('lock', symbol, item, '', leaves);
    }
  }

  /** `if not request.user.is_staff: raise …`; where being one only lets somebody past other checks, nothing is kept. */
  private condition(statement: If, symbol: string): void {
    walk(statement.test, (node) => {
      if (node.kind === 'Attribute') {
        const name = lastName(node as unknown as Expression);
        const isDenied = /\bnot\b[^)]*$/.test(this.found.module.text.slice(statement.test.start, node.start));
        const branch = isDenied ? statement.body : statement.orelse;
        if (/^is_(authenticated|staff|superuser|admin)$/.test(name) && refuses(branch))
          this.found.add('authorization', symbol, statement.test, 'test');
      }
      return undefined;
    });
    const { test } = statement;
    this.partsOf(test, symbol);
    const ends = [statement.body.at(-1), statement.orelse.at(-1)];
    if (!ends.some((end) => end && turnsAway(end))) return;
    const asked = checkIn(test, this.found.module.text);
    const isNamed = ends.some((end) => end && refuses([end]) && saysUnsafe(this.found.sourceOf(end)));
    const kind = isNamed && (asked ?? 'guard') === 'guard' ? 'value-check' : asked;
    if (kind === undefined) this.askedBefore(test, ends, symbol);
    if (!kind || (kind === 'guard' && !ends.some(isRefusal)) || hasKnownCall(test)) return;
    const uses = this.found.remains.usesAfter(kind, statement, test);
    const isGeneral = kind === 'guard' || kind === 'allowlist';
    // A function that does nothing but check, and gives back what it checked.
    if (!isGeneral && uses.every((use) => use.startsWith('return '))) this.found.add(kind, symbol, test, '');
    else if (uses.length > 0) this.found.add(kind, symbol, test, '', uses);
    else if (this.found.remains.answersYesOrNo()) this.found.add(kind, symbol, test, '');
    walk(test, (node) => {
      if (node.kind === 'Call') this.found.told.add(node);
      return undefined;
    });
  }

  /** `error = validate_colour(data)`, then `if error: return error, 400`. */
  private askedBefore(test: Expression, ends: readonly (Statement | undefined)[], symbol: string): void {
    if (!ends.some((end) => end && refuses([end]))) return;
    const asked = test.kind === 'UnaryOp' ? test.operand : test.kind === 'Compare' ? test.left : test;
    const call = asked.kind === 'Name' ? this.found.remains.givenTo(asked.id) : asked;
    if (call?.kind === 'Call') this.calls.checkOnly(call, symbol);
  }

  /** `if '..' in name or name.startswith('/'):` one of several checks can go while the others stay. */
  private partsOf(test: Expression, symbol: string): void {
    if (test.kind !== 'BoolOp' || test.values.length > MOST_PARTS) return;
    const written = test.values.map((part) => normalised(this.found.sourceOf(part)));
    test.values.forEach((part, i) => {
      const kind = checkIn(part, this.found.module.text);
      if (kind && kind !== 'guard' && kind !== 'allowlist')
        this.found.add('narrowed', symbol, part, written[i]!, written.toSpliced(i, 1));
    });
  }

  private assigned(target: Expression, value: Expression, statement: Statement, symbol: string): void {
    const name =
      target.kind === 'Subscript' && target.index.kind === 'Str' ? target.index.value : lastName(target);
    if (PROTECTING_SETTINGS.get(name)?.test(this.found.sourceOf(value)))
      this.found.add('setting', symbol, statement, name);
    if (target.kind === 'Subscript') this.found.header(target.index, statement, symbol);
    if (name === 'MIDDLEWARE' || name === 'MIDDLEWARE_CLASSES') {
      walk(value, (node) => {
        const entry = node.kind === 'Str' ? (node as unknown as { value: string }).value : '';
        const kind = PROTECTING_MIDDLEWARE.get(entry);
        if (kind) this.found.add(kind, symbol, node, entry);
        return undefined;
      });
    }
  }

  /** Calls in a piece of code that belongs to no inner statement. */
  private expressions(root: Node, unit: Node, symbol: string): void {
    walk(root, (node) => {
      if (node.kind === 'Call') this.calls.look(node as Call, unit, symbol);
      return undefined;
    });
  }
}

function join(symbol: string, name: string): string {
  return symbol === '' ? name : `${symbol}.${name}`;
}

function statementsOf(fn: FunctionDef): Statement[] {
  const statements: Statement[] = [];
  walkStatements(fn.body, (statement) => statements.push(statement), false);
  return statements;
}

function assignedIn(statement: Statement, name: string): Expression | undefined {
  if (statement.kind === 'Assign') {
    return statement.targets.some((target) => target.kind === 'Name' && target.id === name)
      ? statement.value
      : undefined;
  }
  return statement.kind === 'AnnAssign' && lastName(statement.target) === name
    ? (statement.value ?? undefined)
    : undefined;
}

/** Whether a call is in it whose library says what it protects from. */
function hasKnownCall(test: Expression): boolean {
  let found = false;
  walk(test, (node) => {
    found ||= node.kind === 'Call' && PROTECTING_CALLS.has(lastName((node as Call).func));
    return undefined;
  });
  return found;
}
