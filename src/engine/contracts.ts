/** What functions and constants mean to their users, to see whether a change makes calls dangerous that it does not touch. */
import type { FunctionInfo, ModuleInfo, Program, Summary } from './flow/program.ts';
import { summaryOf } from './flow/summaries.ts';
import { type Origin, optionsOf, type Taint, type Value } from './flow/values.ts';
import type { Contract } from './project.ts';
import type { Statement } from './syntax/ast.ts';
import { normalised } from './syntax/unparse.ts';

/** Whether callers may be worse off with the later one: it has a danger more, or checks less. */
export function isWeaker(before: Contract, after: Contract): boolean {
  for (const [danger, clean] of after.dangers) {
    const known = before.dangers.get(danger);
    if (known === undefined || (known & ~clean) !== 0n) return true;
  }
  for (const [check, kinds] of before.checks)
    if ((kinds & ~(after.checks.get(check) ?? 0n)) !== 0n) return true;
  return false;
}

/** The contracts of a module's functions that were run, and of its constants. */
export function contractsIn(program: Program, module: ModuleInfo): Contract[] {
  const functions = [...module.functions.values()].flatMap((fn) => {
    if (fn.node.kind !== 'FunctionDef' || !program.collector.isAsked(fn)) return [];
    const shape = { kind: 'function', fn, closure: fn.closure, self: null } as const;
    return [contractOf(fn, summaryOf({ program }, shape))];
  });
  return [...functions, ...module.node.body.flatMap((statement) => constantIn(module, statement))];
}

/** Longer ones are tables of data. */
const MAX_CONSTANT = 1000;

/** What a constant holds, as it is written: whoever uses it does so for what it holds. A number decides nothing. */
function constantIn(module: ModuleInfo, statement: Statement): Contract[] {
  if (statement.kind !== 'Assign' && statement.kind !== 'AnnAssign') return [];
  const target = statement.kind === 'Assign' ? statement.targets[0] : statement.target;
  const { value } = statement;
  if (target?.kind !== 'Name' || !/^_?[A-Z][A-Z0-9_]+$/.test(target.id)) return [];
  if (!value || value.kind === 'Num' || value.end - value.start > MAX_CONSTANT) return [];
  const held = normalised(module.text.slice(value.start, value.end));
  return [
    {
      path: module.path,
      symbol: target.id,
      line: module.lines.lineAt(statement.start),
      dangers: new Map([[`holds ${held}`, 0n]]),
      checks: new Map(),
    },
  ];
}

function contractOf(fn: FunctionInfo, summary: Summary): Contract {
  const dangers = new Map<string, bigint>();
  const add = (what: string, clean: bigint) => dangers.set(what, clean & (dangers.get(what) ?? clean));
  for (const { kind, origin, site } of summary.sinks) {
    const { start, end } = site.call ?? site.node;
    const place = `${site.module.path} ${site.fn?.symbol ?? ''} ${normalised(site.module.text.slice(start, end))}`;
    add(`${nameOf(origin)} reaches ${kind} in ${place}`, 0n);
  }
  for (const { origin, clean } of taintIn(summary.returns, summary))
    add(`returns ${nameOf(origin)}`, clean.kinds);
  for (const { target, key, value } of summary.effects) {
    const place = typeof target === 'number' ? 'an object of others' : nameOf(target);
    for (const item of taintIn(value, summary))
      add(`stores ${nameOf(item.origin)} in ${place}${key}`, item.clean.kinds);
  }
  const checks = new Map<string, bigint>();
  for (const outcome of ['whenReturned', 'whenTrue', 'whenFalse'] as const) {
    for (const [index, kinds] of summary[outcome])
      checks.set(`${outcome} ${fn.params[index]?.name ?? index}`, kinds.kinds);
  }
  if (summary.neverReturns) checks.set('neverReturns', 1n);
  const line = fn.module.lines.lineAt(fn.body[0]?.start ?? fn.node.start);
  return { path: fn.module.path, symbol: fn.symbol, line, dangers, checks };
}

function nameOf(origin: Origin): string {
  if (origin.type === 'source') return `${origin.level} ${origin.what}`;
  return `${origin.activation.fn?.params[origin.index]?.name ?? origin.index}${origin.path.join('')}`;
}

/** All taint in a value and in what it holds. */
function taintIn(value: Value, { objects }: Summary): Taint {
  const found = [...value.taint];
  const seen = new Set<number>();
  const visit = (one: Value): void => {
    found.push(...one.taint);
    for (const shape of optionsOf(one.shape)) {
      if (shape.kind === 'tuple') shape.elements.forEach(visit);
      const object = shape.kind === 'object' ? objects.get(shape.id) : undefined;
      if (shape.kind !== 'object' || !object || seen.has(shape.id)) continue;
      seen.add(shape.id);
      if (object.kind === 'instance') {
        for (const attribute of object.attributes.values()) visit(attribute);
        continue;
      }
      if (object.kind === 'dict') for (const entry of object.entries.values()) visit(entry);
      else object.elements.forEach(visit);
      if (object.rest) visit(object.rest);
    }
  };
  visit(value);
  return found;
}
