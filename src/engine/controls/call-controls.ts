/** Controls that are calls: checks, cleaned values, protecting arguments, refusals. */
import type { Call, Node } from '../syntax/ast.ts';
import { dottedName, lastName } from '../syntax/headers.ts';
import { normalised } from '../syntax/unparse.ts';
import type { FoundControls } from './found-controls.ts';
import type { ControlKindName } from './kinds.ts';
import { checksNeeded } from './needed-checks.ts';
import { OwnChecks } from './own-checks.ts';
import {
  ANSWERS,
  CHECKING_CALLS,
  CONSTANT_TIME,
  MOST_TEXT,
  OWNER_ONLY,
  PROTECTING_ARGUMENTS,
  PROTECTING_CALLS,
  PROTECTING_REPLACEMENTS,
  SANDBOX,
  SETS_MODE,
  STRIPPED,
  TAKES_DEPENDENCIES,
} from './spellings.ts';
import { checkCalled, onlyChecks } from './value-checks.ts';

export class CallControls {
  private readonly found: FoundControls;
  private readonly ownChecks: OwnChecks;

  constructor(found: FoundControls) {
    this.found = found;
    this.ownChecks = new OwnChecks(found.module);
  }

  /** Adds what the call protects from; `unit` is the statement, or what else it stands in. */
  look(call: Call, unit: Node, symbol: string): void {
    const name = lastName(call.func);
    if (CHECKING_CALLS.test(name) || this.isContextCheck(call)) {
      this.found.add('authorization', symbol, call, 'call');
    }
    if (this.isRefused(call, name)) this.found.add('refusal', symbol, call, '');
    if (/^(?:set|add)_?header$|^setdefault$/i.test(name)) this.found.header(call.args[0], call, symbol);
    if (name === 'CSRFProtect' || name === 'CsrfProtect') this.found.add('csrf', symbol, call, name);
    if (SANDBOX.test(name)) this.found.add('sandbox', symbol, call, '', [normalised('Environment(')]);
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
    return said !== undefined && /\b40[13]\b|UNAUTHORIZED|FORBIDDEN/.test(this.found.sourceOf(said));
  }

  /** nova: `context.can(policy)`. */
  private isContextCheck(call: Call): boolean {
    return (
      call.func.kind === 'Attribute' &&
      call.func.attr === 'can' &&
      /^(context|ctxt|ctx)$/.test(lastName(call.func.value))
    );
  }

  /** `path = sanitize_path(path)`, `validate_url(url)`, `open(safe_path(name))`: by functions of the project. */
  private namedCheck(call: Call, name: string, unit: Node, symbol: string): void {
    if (this.found.told.has(call)) return;
    const kind = checkCalled(name);
    const [first = call.keywords[0]?.value] = call.args;
    if (!first) return;
    if (!kind) {
      this.ownCheck(call, unit, symbol);
      return;
    }
    this.found.add(kind, symbol, call, '', [
      ...this.found.remains.inPlaceOf(call, unit)(this.found.sourceOf(first)),
      ...(kind === 'sanitizing' ? this.found.remains.callsAround(call, unit) : []),
      ...this.found.remains.usesAfter(kind, call, first),
      // `safe_join(a, b)` becomes `os.path.join(a, b)`.
      ...(/join$/.test(name) ? [normalised('os.path.join(')] : []),
      ...(/extract/.test(name) ? [normalised('extractall(')] : []),
    ]);
  }

  /** `resolve(folder, name)`, which raises for `..`: becomes `os.path.join(folder, name)`, or `name`. */
  private ownCheck(call: Call, unit: Node, symbol: string): void {
    const kind = this.ownChecks.kindOf(call);
    if (!kind || this.found.sourceOf(unit).length > MOST_TEXT) return;
    const inPlace = this.found.remains.inPlaceOf(call, unit);
    const values = call.args.map((value) => this.found.sourceOf(value));
    const left = [...values, ...this.found.remains.joined(call)].flatMap(inPlace);
    this.found.add(kind, symbol, call, lastName(call.func), left);
  }

  /** `validate_partition(drive, part)`: what else could it be called for? */
  checkOnly(call: Call, symbol: string): void {
    const name = lastName(call.func);
    const [first] = call.args;
    if (!first || !onlyChecks(name) || checkCalled(name) || CHECKING_CALLS.test(name)) return;
    const uses = this.found.remains.usesAfter('value-check', call, call);
    if (uses.length > 0) this.found.add('guard', symbol, call, name, uses);
  }

  private protectingCall(call: Call, name: string, unit: Node, symbol: string): void {
    const [first = call.keywords[0]?.value, second] = call.args;
    const kind = first && this.kindOfCall(call, name);
    if (!first || !kind) return;
    const value = this.found.sourceOf(first);
    this.found.told.add(call);
    this.found.add(kind, symbol, call, '', this.found.remains.without(kind, call, unit, value, second));
  }

  private kindOfCall(call: Call, name: string): ControlKindName | undefined {
    const known = PROTECTING_CALLS.get(name);
    if (!known) return CONSTANT_TIME.test(name) ? 'constant-time' : undefined;
    const path = this.found.module.resolve(call.func) || this.importedAs(dottedName(call.func));
    return known.find(({ from }) => from.test(path))?.kind;
  }

  /** The full name of what is imported in one way or another: in the branches of a condition. */
  private importedAs(name: string): string {
    if (!/^\w+$/.test(name)) return name;
    // Only blanks and tabs before it: `\s*` would read a run of empty lines again from each of them.
    const statement = new RegExp(`^[ \\t]*from[ \\t]+([\\w.]+)[ \\t]+import\\b.*\\b${name}\\b`, 'm');
    const from = statement.exec(this.found.module.text);
    return from ? `${from[1]}.${name}` : name;
  }

  private protectingArguments(call: Call, symbol: string): void {
    for (const keyword of call.keywords) {
      const known = keyword.name === null ? undefined : PROTECTING_ARGUMENTS.get(keyword.name);
      if (!known?.value.test(this.found.sourceOf(keyword.value))) continue;
      const callee = this.found.module.resolve(call.func) || dottedName(call.func);
      if (!known.callee.test(callee)) continue;
      const called = this.found.sourceOf(call.func);
      this.found.add(known.kind, symbol, keyword, `${keyword.name} ${normalised(called)}`, [
        normalised(`${called}(`),
      ]);
    }
  }

  /** `value.replace("'", "''")` */
  private replacement(call: Call, unit: Node, symbol: string): void {
    const [from, to] = call.args;
    if (call.func.kind !== 'Attribute' || from?.kind !== 'Str' || to?.kind !== 'Str') return;
    const known = PROTECTING_REPLACEMENTS.find((one) => one.from.test(from.value) && one.to.test(to.value));
    if (!known || this.found.told.has(call)) return;
    let value = call.func.value;
    for (; value.kind === 'Call' && value.func.kind === 'Attribute'; value = value.func.value)
      this.found.told.add(value);
    this.found.add(known.kind, symbol, call, '', [
      ...this.found.remains.inPlaceOf(call, unit)(this.found.sourceOf(value)),
      ...this.found.remains.usesOf(known.kind, call, this.found.sourceOf(value)),
    ]);
  }

  /** `re.sub(r'[^\w-]', '_', name)` */
  private stripping(call: Call, unit: Node, symbol: string): void {
    const [pattern, put, value] = call.args;
    const isText =
      (pattern?.kind === 'Str' || pattern?.kind === 'Bytes') &&
      (put?.kind === 'Str' || put?.kind === 'Bytes');
    if (!isText || !value || !STRIPPED.test(pattern.value) || put.value.includes('\\')) return;
    const source = this.found.sourceOf(value);
    this.found.add('stripping', symbol, call, '', [
      ...this.found.remains.inPlaceOf(call, unit)(source),
      ...this.found.remains.usesOf('stripping', call, source),
    ]);
  }

  /** `include_router(audit.router, dependencies=[Depends(current_user)])`: for all routes of the router. */
  private routerDependencies(call: Call, name: string, symbol: string): void {
    const given = call.keywords.find((keyword) => keyword.name === 'dependencies');
    if (!given) return;
    const found = new Map<ControlKindName, Node>();
    checksNeeded(given.value, found);
    const [first] = call.args;
    const of = first ? normalised(this.found.sourceOf(first)) : '';
    for (const [kind, node] of found) this.found.add(kind, symbol, node, `${name} ${of}`);
  }

  /** `os.open(path, flags, 0o600)`, `os.chmod(path, 0o600)`: only the owner may read it. */
  private fileMode(call: Call, name: string, symbol: string): void {
    const [path, second, third] = call.args;
    const mode =
      call.keywords.find((keyword) => keyword.name === 'mode')?.value ?? (name === 'open' ? third : second);
    if (!path || !mode || !OWNER_ONLY.test(this.found.sourceOf(mode))) return;
    const value = this.found.sourceOf(path);
    const left = name === 'open' ? [`open(${value}`] : [`(${value}`];
    this.found.add('file-mode', symbol, call, name, left.map(normalised));
  }
}
