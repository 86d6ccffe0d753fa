/** Finds what protects in a file, so that two versions can be compared. Reads the tree alone, without flow. */
import { type Code, code, type Location, type RichText, text } from '../finding.ts';
import type { Control } from '../project.ts';
import type { ModuleView } from '../rules/views.ts';
import type { Call, ClassDef, Expression, FunctionDef, If, Node, Statement, With } from '../syntax/ast.ts';
import { dottedName, headersOf, lastName } from '../syntax/headers.ts';
import type { LineIndex } from '../syntax/lines.ts';
import { normalised } from '../syntax/unparse.ts';
import { bodiesOf, walk, walkStatements } from '../syntax/walk.ts';
import { CONTROL_KINDS, type ControlKindName } from './kinds.ts';
import { OwnChecks } from './own-checks.ts';
import { isRefusal, refuses, saysUnsafe, turnsAway } from './refusals.ts';
import { Remains } from './remains.ts';
import {
  ACCESS_MIXINS,
  ANSWERS,
  BEFORE_REQUESTS,
  CHECKING_CALLS,
  CHECKING_DEPENDENCY,
  CONSTANT_TIME,
  DECORATORS,
  LOCK,
  MOST_PARTS,
  MOST_TEXT,
  OWNER_ONLY,
  PROTECTING_ARGUMENTS,
  PROTECTING_CALLS,
  PROTECTING_HEADERS,
  PROTECTING_MIDDLEWARE,
  PROTECTING_REPLACEMENTS,
  PROTECTING_SETTINGS,
  REFUSALS,
  SANDBOX,
  SANITIZES,
  SETS_MODE,
  STRIPPED,
  TAKES_DEPENDENCIES,
  VALIDATORS,
} from './spellings.ts';
import { checkCalled, checkIn, onlyChecks } from './value-checks.ts';

/** The kind that a control's key begins with. */
export function kindOfControl(control: Control): ControlKindName {
  return control.key.slice(0, control.key.indexOf('\n')) as ControlKindName;
}

/** All controls of a file, in the order of the text. */
export function controlsIn(module: ModuleView, lines: LineIndex): Control[] {
  const finder = new ControlFinder(module, lines);
  finder.block(module.node.body, '');
  return finder.controls.sort(
    (a, b) => a.location.startLine - b.location.startLine || a.location.startColumn - b.location.startColumn,
  );
}

class ControlFinder {
  readonly controls: Control[] = [];
  private readonly module: ModuleView;
  private readonly lines: LineIndex;
  /** Of controls in the function that is being looked at. */
  private remains: Remains;
  private readonly ownChecks: OwnChecks;
  /** Calls that belong to a control already found. */
  private readonly told = new Set<Node>();

  constructor(module: ModuleView, lines: LineIndex) {
    this.module = module;
    this.lines = lines;
    this.ownChecks = new OwnChecks(module);
    this.remains = new Remains(module, []);
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
        if (statement.value.kind === 'Call') this.checkOnly(statement.value, symbol);
        break;
      case 'Raise':
        if (statement.exc && REFUSALS.test(lastName(statement.exc)))
          this.add('refusal', symbol, statement, '');
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
      this.dependencies(decorator, found);
      this.expressions(decorator, decorator, symbol);
    }
    for (const param of fn.params) {
      if (param.default) this.dependencies(param.default, found);
      if (param.annotation) this.dependencies(param.annotation, found);
    }
    this.accessControls(found, symbol);
    const outer = this.remains;
    this.remains = new Remains(this.module, statementsOf(fn));
    this.block(fn.body, symbol);
    this.remains = outer;
  }

  /** A function that the framework calls before every request, and that turns some away. */
  private hook(fn: FunctionDef): void {
    const decorator = fn.decorators.find((one) => BEFORE_REQUESTS.test(lastName(one)));
    if (!decorator) return;
    let isCheck = false;
    walkStatements(fn.body, (statement) => {
      if (statement.kind === 'If')
        isCheck ||= refuses(statement.body) && /\b40\d\b/.test(this.sourceOf(statement));
    });
    if (isCheck) this.add('refusal', '', decorator, fn.name);
  }

  private classDef(cls: ClassDef, symbol: string): void {
    const found = this.decorated(cls, symbol);
    for (const base of cls.bases) {
      const kind = ACCESS_MIXINS.find(({ name }) => name.test(this.sourceOf(base)))?.kind;
      if (kind) found.set(kind, base);
      if (SANDBOX.test(lastName(base))) this.add('sandbox', symbol, base, '');
    }
    for (const statement of cls.body) {
      const value = assignedIn(statement, 'permission_classes');
      if (value) this.permissionClasses(value, statement, found);
      if (assignedIn(statement, 'throttle_classes')) this.add('throttle', symbol, statement, '');
    }
    this.accessControls(found, symbol);
    for (const statement of cls.body) if (statement.kind === 'FunctionDef') this.validator(statement, symbol);
    this.block(cls.body, symbol);
  }

  /** `clean_description` of a form, `validate_name` of a serializer: called by its name, and so gone with it. */
  private validator(fn: FunctionDef, ofClass: string): void {
    if (!VALIDATORS.test(fn.name)) return;
    const body = this.sourceOf(fn);
    const name = { start: fn.nameStart, end: fn.nameStart + fn.name.length };
    if (SANITIZES.test(body)) this.add('sanitizing', ofClass, name, fn.name);
    else if (/\braise\b/.test(body)) this.add('guard', ofClass, name, fn.name);
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
      else if (!added.has(name)) this.add(resolved, symbol, decorator, name);
      added.add(name);
    }
    return found;
  }

  /** Who is let in to do a certain thing is also known. */
  private accessControls(found: ReadonlyMap<ControlKindName, Node>, symbol: string): void {
    const authorization = found.get('authorization');
    const authentication = found.get('authentication') ?? authorization;
    if (authorization) this.add('authorization', symbol, authorization, '');
    if (authentication) this.add('authentication', symbol, authentication, '');
  }

  private permissionClasses(value: Expression, at: Node, found: Map<ControlKindName, Node>): void {
    const names = this.sourceOf(value).match(/\w+/g) ?? [];
    const checks = names.filter((name) => /^[A-Z]/.test(name) && name !== 'AllowAny');
    if (checks.length === 0) return;
    found.set(checks.every((name) => /^IsAuthenticated/.test(name)) ? 'authentication' : 'authorization', at);
  }

  /** `Depends(get_current_user)` and `Security(...)`, in defaults, annotations and route decorators. */
  private dependencies(expression: Expression, found: Map<ControlKindName, Node>): void {
    walk(expression, (node) => {
      if (node.kind !== 'Call') return undefined;
      const call = node as Call;
      const name = lastName(call.func);
      const [dependency] = call.args;
      if ((name !== 'Depends' && name !== 'Security') || !dependency) return undefined;
      const needs = lastName(dependency);
      if (CHECKING_DEPENDENCY.test(snake(needs))) {
        const isAuthorization = /permission|role|admin|superuser|scope/i.test(needs);
        found.set(isAuthorization ? 'authorization' : 'authentication', call);
      }
      return false;
    });
  }

  private locks(statement: With, symbol: string): void {
    const first = statement.body[0];
    for (const item of statement.items) {
      const called = item.context.kind === 'Call' ? item.context.func : item.context;
      if (!LOCK.test(snake(lastName(called)))) continue;
      const leaves = first && bodiesOf(first).length === 0 ? [normalised(this.sourceOf(first))] : undefined;
      this.add('lock', symbol, item, '', leaves);
    }
  }

  /** `if not request.user.is_staff: raise …`; where being one only lets somebody past other checks, nothing is kept. */
  private condition(statement: If, symbol: string): void {
    walk(statement.test, (node) => {
      if (node.kind === 'Attribute') {
        const name = lastName(node as unknown as Expression);
        const isDenied = /\bnot\b[^)]*$/.test(this.module.text.slice(statement.test.start, node.start));
        const branch = isDenied ? statement.body : statement.orelse;
        if (/^is_(authenticated|staff|superuser|admin)$/.test(name) && refuses(branch))
          this.add('authorization', symbol, statement.test, 'test');
      }
      return undefined;
    });
    const { test } = statement;
    this.partsOf(test, symbol);
    const ends = [statement.body.at(-1), statement.orelse.at(-1)];
    if (!ends.some((end) => end && turnsAway(end))) return;
    const asked = checkIn(test, this.module.text);
    const isNamed = ends.some((end) => end && refuses([end]) && saysUnsafe(this.sourceOf(end)));
    const kind = isNamed && (asked ?? 'guard') === 'guard' ? 'value-check' : asked;
    if (kind === undefined) this.askedBefore(test, ends, symbol);
    if (!kind || (kind === 'guard' && !ends.some(isRefusal)) || hasKnownCall(test)) return;
    const uses = this.remains.usesAfter(kind, statement, test);
    const isGeneral = kind === 'guard' || kind === 'allowlist';
    // A function that does nothing but check, and gives back what it checked.
    if (!isGeneral && uses.every((use) => use.startsWith('return '))) this.add(kind, symbol, test, '');
    else if (uses.length > 0) this.add(kind, symbol, test, '', uses);
    else if (this.remains.answersYesOrNo()) this.add(kind, symbol, test, '');
    walk(test, (node) => {
      if (node.kind === 'Call') this.told.add(node);
      return undefined;
    });
  }

  /** `error = validate_colour(data)`, then `if error: return error, 400`. */
  private askedBefore(test: Expression, ends: readonly (Statement | undefined)[], symbol: string): void {
    if (!ends.some((end) => end && refuses([end]))) return;
    const asked = test.kind === 'UnaryOp' ? test.operand : test.kind === 'Compare' ? test.left : test;
    const call = asked.kind === 'Name' ? this.remains.givenTo(asked.id) : asked;
    if (call?.kind === 'Call') this.checkOnly(call, symbol);
  }

  /** `if '..' in name or name.startswith('/'):` one of several checks can go while the others stay. */
  private partsOf(test: Expression, symbol: string): void {
    if (test.kind !== 'BoolOp' || test.values.length > MOST_PARTS) return;
    const written = test.values.map((part) => normalised(this.sourceOf(part)));
    test.values.forEach((part, i) => {
      const kind = checkIn(part, this.module.text);
      if (kind && kind !== 'guard' && kind !== 'allowlist')
        this.add('narrowed', symbol, part, written[i]!, written.toSpliced(i, 1));
    });
  }

  /** `path = sanitize_path(path)`, `validate_url(url)`, `open(safe_path(name))`: by functions of the project. */
  private namedCheck(call: Call, name: string, unit: Node, symbol: string): void {
    if (this.told.has(call)) return;
    const kind = checkCalled(name);
    const [first = call.keywords[0]?.value] = call.args;
    if (!first) return;
    if (!kind) {
      this.ownCheck(call, unit, symbol);
      return;
    }
    this.add(kind, symbol, call, '', [
      ...this.remains.inPlaceOf(call, unit)(this.sourceOf(first)),
      ...(kind === 'sanitizing' ? this.remains.callsAround(call, unit) : []),
      ...this.remains.usesAfter(kind, call, first),
      // `safe_join(a, b)` becomes `os.path.join(a, b)`.
      ...(/join$/.test(name) ? [normalised('os.path.join(')] : []),
      ...(/extract/.test(name) ? [normalised('extractall(')] : []),
    ]);
  }

  /** `resolve(folder, name)`, which raises for `..`: becomes `os.path.join(folder, name)`, or `name`. */
  private ownCheck(call: Call, unit: Node, symbol: string): void {
    const kind = this.ownChecks.kindOf(call);
    if (!kind || this.sourceOf(unit).length > MOST_TEXT) return;
    const inPlace = this.remains.inPlaceOf(call, unit);
    const values = call.args.map((value) => this.sourceOf(value));
    const left = [...values, ...this.remains.joined(call)].flatMap(inPlace);
    this.add(kind, symbol, call, lastName(call.func), left);
  }

  /** `validate_partition(drive, part)`: what else could it be called for? */
  private checkOnly(call: Call, symbol: string): void {
    const name = lastName(call.func);
    const [first] = call.args;
    if (!first || !onlyChecks(name) || checkCalled(name) || CHECKING_CALLS.test(name)) return;
    const uses = this.remains.usesAfter('value-check', call, call);
    if (uses.length > 0) this.add('guard', symbol, call, name, uses);
  }

  private assigned(target: Expression, value: Expression, statement: Statement, symbol: string): void {
    const name =
      target.kind === 'Subscript' && target.index.kind === 'Str' ? target.index.value : lastName(target);
    if (PROTECTING_SETTINGS.get(name)?.test(this.sourceOf(value)))
      this.add('setting', symbol, statement, name);
    if (target.kind === 'Subscript') this.header(target.index, statement, symbol);
    if (name === 'MIDDLEWARE' || name === 'MIDDLEWARE_CLASSES') {
      walk(value, (node) => {
        const entry = node.kind === 'Str' ? (node as unknown as { value: string }).value : '';
        const kind = PROTECTING_MIDDLEWARE.get(entry);
        if (kind) this.add(kind, symbol, node, entry);
        return undefined;
      });
    }
  }

  /** Calls in a piece of code that belongs to no inner statement. */
  private expressions(root: Node, unit: Node, symbol: string): void {
    walk(root, (node) => {
      if (node.kind === 'Call') this.call(node as Call, unit, symbol);
      return undefined;
    });
  }

  private call(call: Call, unit: Node, symbol: string): void {
    const name = lastName(call.func);
    if (CHECKING_CALLS.test(name) || this.isContextCheck(call)) {
      this.add('authorization', symbol, call, 'call');
    }
    if (this.isRefused(call, name)) this.add('refusal', symbol, call, '');
    if (/^(?:set|add)_?header$|^setdefault$/i.test(name)) this.header(call.args[0], call, symbol);
    if (name === 'CSRFProtect' || name === 'CsrfProtect') this.add('csrf', symbol, call, name);
    if (SANDBOX.test(name)) this.add('sandbox', symbol, call, '', [normalised('Environment(')]);
    this.protectingCall(call, name, unit, symbol);
    this.protectingArguments(call, symbol);
    this.namedCheck(call, name, unit, symbol);
    if (TAKES_DEPENDENCIES.test(name)) this.routerDependencies(call, name, symbol);
    if (SETS_MODE.test(name)) this.fileMode(call, name, symbol);
    if (name === 'replace') this.replacement(call, unit, symbol);
    if (name === 'sub') this.stripping(call, unit, symbol);
  }

  /** `abort(403)`, `HTTPException(status_code=403)`, `JsonResponse({…}, status=403)`, `HttpResponseForbidden(…)`. */
  private isRefused(call: Call, name: string): boolean {
    if (name === 'HttpResponseForbidden') return true;
    if (!ANSWERS.test(name)) return false;
    const status = call.keywords.find((keyword) => /^status(?:_code)?$/.test(keyword.name ?? ''))?.value;
    const said = status ?? (name === 'abort' || name.startsWith('HTTP') ? call.args[0] : undefined);
    return said !== undefined && /\b40[13]\b|UNAUTHORIZED|FORBIDDEN/.test(this.sourceOf(said));
  }

  /** `response['X-Frame-Options'] = 'DENY'`, `self.set_header('Content-Security-Policy', …)`. */
  private header(name: Expression | undefined, at: Node, symbol: string): void {
    if (name?.kind === 'Str' && PROTECTING_HEADERS.test(name.value))
      this.add('security-header', symbol, at, name.value.toLowerCase());
  }

  /** nova: `context.can(policy)`. */
  private isContextCheck(call: Call): boolean {
    return (
      call.func.kind === 'Attribute' &&
      call.func.attr === 'can' &&
      /^(context|ctxt|ctx)$/.test(lastName(call.func.value))
    );
  }

  private protectingCall(call: Call, name: string, unit: Node, symbol: string): void {
    const [first = call.keywords[0]?.value, second] = call.args;
    const kind = first && this.kindOfCall(call, name);
    if (!first || !kind) return;
    const value = this.sourceOf(first);
    this.told.add(call);
    this.add(kind, symbol, call, '', this.remains.without(kind, call, unit, value, second));
  }

  private kindOfCall(call: Call, name: string): ControlKindName | undefined {
    const known = PROTECTING_CALLS.get(name);
    if (!known) return CONSTANT_TIME.test(name) ? 'constant-time' : undefined;
    const path = this.module.resolve(call.func) || this.importedAs(dottedName(call.func));
    return known.find(({ from }) => from.test(path))?.kind;
  }

  /** `value.replace("'", "''")` */
  private replacement(call: Call, unit: Node, symbol: string): void {
    const [from, to] = call.args;
    if (call.func.kind !== 'Attribute' || from?.kind !== 'Str' || to?.kind !== 'Str') return;
    const known = PROTECTING_REPLACEMENTS.find((one) => one.from.test(from.value) && one.to.test(to.value));
    if (!known || this.told.has(call)) return;
    let value = call.func.value;
    for (; value.kind === 'Call' && value.func.kind === 'Attribute'; value = value.func.value)
      this.told.add(value);
    this.add(known.kind, symbol, call, '', [
      ...this.remains.inPlaceOf(call, unit)(this.sourceOf(value)),
      ...this.remains.usesOf(known.kind, call, this.sourceOf(value)),
    ]);
  }

  /** `include_router(audit.router, dependencies=[Depends(current_user)])`: for all routes of the router. */
  private routerDependencies(call: Call, name: string, symbol: string): void {
    const given = call.keywords.find((keyword) => keyword.name === 'dependencies');
    if (!given) return;
    const found = new Map<ControlKindName, Node>();
    this.dependencies(given.value, found);
    const [first] = call.args;
    const of = first ? normalised(this.sourceOf(first)) : '';
    for (const [kind, node] of found) this.add(kind, symbol, node, `${name} ${of}`);
  }

  /** `os.open(path, flags, 0o600)`, `os.chmod(path, 0o600)`: only the owner may read it. */
  private fileMode(call: Call, name: string, symbol: string): void {
    const [path, second, third] = call.args;
    const mode =
      call.keywords.find((keyword) => keyword.name === 'mode')?.value ?? (name === 'open' ? third : second);
    if (!path || !mode || !OWNER_ONLY.test(this.sourceOf(mode))) return;
    const value = this.sourceOf(path);
    const left = name === 'open' ? [`open(${value}`] : [`(${value}`];
    this.add('file-mode', symbol, call, name, left.map(normalised));
  }

  /** `re.sub(r'[^\w-]', '_', name)` */
  private stripping(call: Call, unit: Node, symbol: string): void {
    const [pattern, put, value] = call.args;
    const isText =
      (pattern?.kind === 'Str' || pattern?.kind === 'Bytes') &&
      (put?.kind === 'Str' || put?.kind === 'Bytes');
    if (!isText || !value || !STRIPPED.test(pattern.value) || put.value.includes('\\')) return;
    const source = this.sourceOf(value);
    this.add('stripping', symbol, call, '', [
      ...this.remains.inPlaceOf(call, unit)(source),
      ...this.remains.usesOf('stripping', call, source),
    ]);
  }

  /** The full name of what is imported in one way or another: in the branches of a condition. */
  private importedAs(name: string): string {
    if (!/^\w+$/.test(name)) return name;
    // Only blanks and tabs before it: `\s*` would read a run of empty lines again from each of them.
    const statement = new RegExp(`^[ \\t]*from[ \\t]+([\\w.]+)[ \\t]+import\\b.*\\b${name}\\b`, 'm');
    const from = statement.exec(this.module.text);
    return from ? `${from[1]}.${name}` : name;
  }

  private protectingArguments(call: Call, symbol: string): void {
    for (const keyword of call.keywords) {
      const known = keyword.name === null ? undefined : PROTECTING_ARGUMENTS.get(keyword.name);
      if (!known?.value.test(this.sourceOf(keyword.value))) continue;
      const callee = this.module.resolve(call.func) || dottedName(call.func);
      if (!known.callee.test(callee)) continue;
      const called = this.sourceOf(call.func);
      this.add(known.kind, symbol, keyword, `${keyword.name} ${normalised(called)}`, [
        normalised(`${called}(`),
      ]);
    }
  }

  private add(
    kind: ControlKindName,
    symbol: string,
    node: Node,
    detail: string,
    leaves?: readonly string[],
  ): void {
    this.controls.push({
      key: [kind, this.module.path, symbol, detail].join('\n'),
      symbol,
      location: this.locationOf(node),
      text: this.words(kind, this.quote(node)),
      ...(leaves ? { leaves } : {}),
    });
  }

  private words(kind: ControlKindName, quoted: Code): RichText {
    return text`${quoted} ${CONTROL_KINDS[kind].does}`;
  }

  private locationOf(node: Node): Location {
    return { path: this.module.path, ...this.lines.span(node.start, node.end) };
  }

  private quote(node: Node): Code {
    return code(this.sourceOf(node));
  }

  private sourceOf(node: Node): string {
    return this.module.text.slice(node.start, node.end);
  }
}

function join(symbol: string, name: string): string {
  return symbol === '' ? name : `${symbol}.${name}`;
}

/** `getCurrentUser` → `get_Current_User`. */
function snake(name: string): string {
  return name.replace(/([a-z0-9])([A-Z])/g, '$1_$2');
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
