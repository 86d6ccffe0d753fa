/** Gathers what the interpreter meets, asks the rules about it, and keeps what they say. */
import type { Fix, RichText, Severity } from '../finding.ts';
import type { ApiNode } from '../libraries/api.ts';
import type { FileRole, Focus } from '../project.ts';
import { effectOfRole } from '../rules/role-effects.ts';
import type { Report, Reports, Rule } from '../rules/rule.ts';
import type { AssignmentView } from '../rules/views.ts';
import type {
  Call,
  Compare,
  CompareOperator,
  ExceptHandler,
  Expression,
  JoinedStr,
  Node,
  Parameter,
  Str,
} from '../syntax/ast.ts';
import type { AskedRule } from './call-rules.ts';
import type { CallingFunctions } from './callers.ts';
import { type CallSite, type Frame, isFromTest } from './frame.ts';
import { KindSet, type SinkKind } from './kinds.ts';
import { Mentions } from './mentions.ts';
import { classView, functionView, moduleView } from './place-views.ts';
import { ClassInfo, type Flow, type FunctionInfo, type ModuleInfo, type Program } from './program.ts';
import { RuleTable } from './rule-table.ts';
import { type Arguments, type SourceOrigin, type Step, tainted, taintItem, type Value } from './values.ts';
import { AssignmentInCode, CallInCode, CompareInCode, FlowInCode, StringInCode } from './views.ts';

/** One thing that a rule says, with where and how it came to it; made into a finding at the end. */
export interface Hit {
  readonly rule: Rule;
  readonly module: ModuleInfo;
  readonly symbol: string;
  readonly report: Report;
  /** The call that passes the constant which makes it so; null where the place says it all. */
  readonly via: CallSite | null;
  readonly flow: Flow | null;
  /** The fix of the report or of the rule. */
  readonly fix: Fix | undefined;
  readonly message: RichText;
  readonly severity: Severity;
}

const LEVEL_WEIGHT = { remote: 3, stored: 2, caller: 1, local: 0 } as const;

/** Ways longer than this lead through things that many parts of a program share, and one of the steps is mostly wrong. */
const MOST_CREDIBLE_STEPS = 14;

/** How often a function is run again for its own sake, and how often the summary of another is forgotten. */
const MOST_RERUNS = 2;
const MOST_FORGOTTEN = 8;

export class Collector {
  readonly hits = new Map<string, Hit>();
  /** While true nothing is reported: an expression is only being looked at again. */
  quiet = false;
  private program!: Program;
  private readonly targets: ReadonlySet<string>;
  private readonly callers: CallingFunctions | undefined;
  private readonly focus: Focus | undefined;
  /** Functions to run (again), in order, by module. */
  private readonly queue = new Map<ModuleInfo, Set<FunctionInfo>>();
  private readonly rerun = new Map<FunctionInfo, number>();
  private readonly rules: readonly Rule[];
  private readonly exceptions = new WeakMap<Node, SourceOrigin>();
  private readonly strings = new WeakSet<Str>();

  constructor(
    rules: readonly Rule[],
    targets: ReadonlySet<string>,
    callers?: CallingFunctions,
    focus?: Focus,
  ) {
    this.targets = targets;
    this.callers = callers;
    this.focus = focus;
    this.rules = rules;
  }

  attach(program: Program): void {
    this.program = program;
  }

  private isTarget(module: ModuleInfo): boolean {
    return this.targets.has(module.path);
  }

  private rulesFor(role: FileRole): RuleTable {
    return RuleTable.of(this.rules, role);
  }

  // -------------------------------------------------------------- functions to run

  /** Whether a function is run for its own sake, and not only where it is called. */
  isAsked(fn: FunctionInfo): boolean {
    // Nothing is said of copied libraries: what they do is only looked at where it is called.
    if (!this.rulesFor(fn.module.role).asksWhenRun) return false;
    return this.isTarget(fn.module) ? this.isInFocus(fn) : (this.callers?.has(fn) ?? false);
  }

  /** Not of a function out of focus that is only called: in the other version it may not be. */
  private isSpokenOf({ fn }: Frame): boolean {
    return fn === null || this.isInFocus(fn);
  }

  private isInFocus({ module, node }: FunctionInfo): boolean {
    const ranges = this.focus?.get(module.path);
    if (!ranges) return true;
    const { startLine, endLine } = module.lines.span(node.start, node.end);
    return ranges.some(({ from, to }) => from <= endLine && startLine <= to);
  }

  /** A `def` was executed. */
  defined(_frame: Frame, fn: FunctionInfo, _value: Value): void {
    if (!this.rerun.has(fn) && this.isAsked(fn)) {
      this.rerun.set(fn, 0);
      this.enqueue(fn);
    }
  }

  private enqueue(fn: FunctionInfo): void {
    const waiting = this.queue.get(fn.module);
    if (waiting) waiting.add(fn);
    else this.queue.set(fn.module, new Set([fn]));
  }

  /** Takes the functions of a module that wait to be run. */
  takeQueue(module: ModuleInfo): readonly FunctionInfo[] {
    const waiting = this.queue.get(module);
    this.queue.delete(module);
    return waiting ? [...waiting] : [];
  }

  /**
   * What a function was run with has changed: it is run again, or, where it is only called, with its next call. One
   * that is running ends with what it sees; a function that calls itself would otherwise begin anew each time.
   */
  again(fn: FunctionInfo): void {
    const isAsked = this.isAsked(fn);
    const times = this.rerun.get(fn) ?? 0;
    if (times >= (isAsked ? MOST_RERUNS : MOST_FORGOTTEN) || fn.running > 0 || fn.summaries.size === 0)
      return;
    this.rerun.set(fn, times + 1);
    fn.summaries.clear();
    if (isAsked) this.enqueue(fn);
  }

  outOfSteps(fn: FunctionInfo): void {
    const { module } = fn;
    if (module.problems.some((problem) => problem.reason === 'out-of-steps')) return;
    module.problems.push({
      reason: 'out-of-steps',
      detail: `not all of the file was followed: it was given up at \`${fn.symbol}\``,
    });
  }

  // -------------------------------------------------------------- what the interpreter meets

  /** Whether any rule speaks of what callers of a public function pass to sinks of the kind. */
  asksForCallers(kind: SinkKind): boolean {
    return this.rulesFor('production')
      .flowsTo(kind)
      .some(({ flow }) => flow.levels.caller);
  }

  /** Outside input arrived at a sink. */
  flow(frame: Frame, flow: Flow): void {
    const rules = this.rulesFor(roleOfFlow(flow)).flowsTo(flow.kind);
    if (rules.length === 0 || this.quiet || !this.touchesTarget(flow) || !this.isSpokenOf(frame)) return;
    for (const { rule, flow: spec } of rules) {
      const kind = spec.levels[flow.source.level];
      if (!kind) continue;
      const view = new FlowInCode(frame, flow, flow.site.view);
      if (spec.accepts && !spec.accepts(view)) continue;
      const key = `${rule.id}|${flow.site.module.path}|${(flow.site.call ?? flow.site.node).start}`;
      const before = this.hits.get(key);
      const doubtful = (flow.steps?.length ?? 0) > MOST_CREDIBLE_STEPS || (spec.isDoubtful?.(view) ?? false);
      const isStronger = before?.report.kind === 'advisory' && kind === 'defect' && !doubtful;
      if (
        before?.flow &&
        !isStronger &&
        (weight(before.flow) >= weight(flow) || (doubtful && before.report.kind !== 'advisory'))
      )
        continue;
      const message = spec.message(view);
      this.hits.set(key, {
        rule,
        module: flow.site.module,
        symbol: flow.site.fn?.symbol ?? '',
        report: {
          message,
          at: flow.site.call ?? flow.site.node,
          kind: doubtful ? 'advisory' : kind,
          quiet: doubtful || (spec.quiet ?? false),
        },
        via: null,
        flow,
        fix: spec.fix?.(view),
        message,
        severity: spec.severity?.(view) ?? rule.severity,
      });
    }
  }

  /** The view of the call that is being interpreted. */
  viewOf(call: Call): CallInCode | undefined {
    return this.lastCall?.node === call ? this.lastCall.view : undefined;
  }
  private lastCall: LastCall | undefined;

  private touchesTarget(flow: Flow): boolean {
    if (this.isTarget(flow.site.module) || this.isTarget(flow.source.module)) return true;
    // Whether a target had a part in it cannot be seen: a check leaves no trace. Its callers have all of theirs compared.
    if (this.callers?.isCaller(flow.site.module)) return true;
    for (let step: Step | null = flow.steps; step; step = step.prev)
      if (this.isTarget(step.module)) return true;
    return false;
  }

  /** Whether rules look at calls there: in the targets, and in what uses them. */
  private looksAt({ module, fn }: Frame): boolean {
    return this.isTarget(module) || (fn !== null && (this.callers?.has(fn) ?? false));
  }

  libraryCall(frame: Frame, node: ApiNode, receiver: Value | null, args: Arguments, call: Call): void {
    this.lastCall = undefined;
    if (this.quiet || !this.looksAt(frame)) return;
    const asked = this.rulesFor(frame.module.role).calls.concernedWith(call, node.path);
    if (node.watchers.length === 0 && asked.length === 0 && node.sinks.length === 0) return;
    const last = new LastCall(frame, call, node.path, receiver, args);
    this.lastCall = last;
    this.ask(frame, node.watchers, last);
    this.ask(frame, asked, last);
  }

  projectCall(frame: Frame, callee: FunctionInfo | ClassInfo, args: Arguments, call: Call): void {
    if (this.quiet || !this.looksAt(frame)) return;
    // A class that derives from a library's class is called like that class.
    if (callee instanceof ClassInfo) {
      for (const base of callee.lookupOrder) {
        if (base instanceof ClassInfo || base.watchers.length === 0) continue;
        this.ask(frame, base.watchers, new LastCall(frame, call, base.path, null, args));
      }
    }
    const path = callee instanceof ClassInfo ? callee.path : `${callee.module.name}.${callee.symbol}`;
    const asked = this.rulesFor(frame.module.role).calls.concernedWith(call, path);
    if (asked.length > 0) this.ask(frame, asked, new LastCall(frame, call, path, null, args));
  }

  unknownCall(frame: Frame, args: Arguments, call: Call, receiver: Value | null = null): void {
    if (this.quiet || !this.looksAt(frame)) return;
    this.lastCall = new LastCall(frame, call, '', receiver, args);
    this.ask(frame, this.rulesFor(frame.module.role).calls.concernedWith(call, ''), this.lastCall);
  }

  private ask(frame: Frame, rules: readonly AskedRule[], call: LastCall): void {
    const { role } = frame.module;
    for (const { rule, call: spec } of rules)
      if (effectOfRole(rule, role) !== 'silent') this.say(frame, rule, spec.check(call.view));
  }

  assignment(
    frame: Frame,
    node: AssignmentView['node'],
    target: Expression,
    valueNode: Expression,
    value: Value,
  ): void {
    if (this.quiet || !this.isTarget(frame.module)) return;
    if (target.kind === 'Tuple' || target.kind === 'List') {
      if (
        valueNode.kind !== 'Tuple' ||
        valueNode.elements.length !== target.elements.length ||
        value.shape.kind !== 'tuple'
      )
        return;
      const { elements } = value.shape;
      target.elements.forEach((part, i) => {
        const element = elements[i];
        const elementNode = valueNode.elements[i];
        if (element && elementNode) this.assignment(frame, node, part, elementNode, element);
      });
      return;
    }
    const name =
      target.kind === 'Name'
        ? target.id
        : target.kind === 'Attribute'
          ? target.attr
          : target.kind === 'Subscript' && target.index.kind === 'Str'
            ? target.index.value
            : '';
    const kind =
      target.kind === 'Name'
        ? 'name'
        : target.kind === 'Attribute'
          ? 'attribute'
          : target.kind === 'Subscript'
            ? 'item'
            : null;
    if (!kind) return;
    this.assigned(frame, node, kind, name, target, valueNode, value);
  }

  /** A parameter's default, where the function is defined. */
  parameterDefault(frame: Frame, param: Parameter, valueNode: Expression, value: Value): void {
    if (this.quiet || !this.isTarget(frame.module)) return;
    this.assigned(frame, param, 'default', param.name, null, valueNode, value);
  }

  /** An entry of a dict that is written out: `{'password': 'x'}`. */
  entry(frame: Frame, keyNode: Expression, key: string, valueNode: Expression, value: Value): void {
    if (this.quiet || !this.isTarget(frame.module)) return;
    this.assigned(
      frame,
      { kind: 'Assign', targets: [keyNode], value: valueNode, start: keyNode.start, end: valueNode.end },
      'item',
      key,
      null,
      valueNode,
      value,
    );
  }

  private assigned(
    frame: Frame,
    node: AssignmentView['node'],
    target: 'name' | 'attribute' | 'item' | 'default',
    name: string,
    targetNode: Expression | null,
    valueNode: Expression,
    value: Value,
  ): void {
    const asked = this.rulesFor(frame.module.role).assignments.concernedWith(name);
    if (asked.length === 0) return;
    const view = new AssignmentInCode(frame, node, target, name, targetNode, valueNode, value);
    for (const { rule, check } of asked) this.say(frame, rule, check(view));
  }

  compare(
    frame: Frame,
    node: Compare,
    left: Value,
    leftNode: Expression,
    op: CompareOperator,
    right: Value,
    rightNode: Expression,
  ): void {
    const { compares } = this.rulesFor(frame.module.role);
    if (compares.length === 0 || this.quiet || !this.isTarget(frame.module)) return;
    const view = new CompareInCode(frame, node, left, leftNode, op, right, rightNode);
    for (const rule of compares) this.say(frame, rule, rule.on!.compare!(view));
  }

  string(frame: Frame, node: Str | JoinedStr, template?: string): void {
    if (this.quiet || !this.isTarget(frame.module)) return;
    const { strings } = this.rulesFor(frame.module.role);
    if (strings.length === 0) return;
    if (node.kind === 'Str') {
      // A plain text is the same however often its function is run.
      if (this.strings.has(node)) return;
      this.strings.add(node);
    }
    const view = new StringInCode(frame, node, template);
    for (const rule of strings) this.say(frame, rule, rule.on!.string!(view));
  }

  /** The exception that an `except … as name` binds: its text is not for the outside world. */
  caught(frame: Frame, handler: ExceptHandler): Value {
    let origin = this.exceptions.get(handler);
    if (!origin) {
      origin = {
        type: 'source',
        level: 'local',
        what: 'the text of an exception',
        module: frame.module,
        node: handler.type ?? handler,
        marks: KindSet.except('response').with(KindSet.of('exception')),
      };
      this.exceptions.set(handler, origin);
    }
    return tainted([taintItem(origin)]);
  }

  /** Rules about functions, classes and the module as a whole, once it is known. */
  finish(module: ModuleInfo): void {
    for (const rule of this.rulesFor(module.role).places) {
      const on = rule.on!;
      const mentions = on.mentions && new Mentions(module.text, on.mentions);
      if (mentions?.isNone) continue;
      const isConcerned = (node: Node) => mentions?.isWithin(node) ?? true;
      if (on.function) {
        for (const fn of module.functions.values()) {
          if (fn.node.kind === 'FunctionDef' && isConcerned(fn.node))
            this.sayOf(rule, module, fn.symbol, on.function(functionView(this.program, fn)));
        }
      }
      if (on.class) {
        for (const cls of module.classes.values())
          if (isConcerned(cls.node))
            this.sayOf(rule, module, cls.symbol, on.class(classView(this.program, cls)));
      }
      if (on.module) this.sayOf(rule, module, '', on.module(moduleView(this.program, module)));
    }
  }

  // -------------------------------------------------------------- what the rules say

  private say(frame: Frame, rule: Rule, reports: Reports): void {
    if (!reports) return;
    if (frame.via && frame.module.role !== 'test' && isFromTest(frame.via)) return;
    if (!this.isSpokenOf(frame)) return;
    this.sayOf(rule, frame.module, frame.symbol, reports, frame.via);
  }

  private sayOf(
    rule: Rule,
    module: ModuleInfo,
    symbol: string,
    reports: Reports,
    via: CallSite | null = null,
  ): void {
    if (!reports) return;
    for (const report of 'message' in reports ? [reports] : reports) {
      const key = `${rule.id}|${module.path}|${report.at.start}`;
      const before = this.hits.get(key);
      if (before && !(before.report.kind === 'advisory' && report.kind !== 'advisory')) continue;
      this.hits.set(key, {
        rule,
        module,
        symbol,
        report,
        via,
        flow: null,
        fix: report.fix,
        message: report.message,
        severity: report.severity ?? rule.severity,
      });
    }
  }
}

/** A call as the interpreter met it; the view is made when a rule asks. */
class LastCall {
  readonly node: Call;
  private readonly make: () => CallInCode;
  private made: CallInCode | undefined;

  constructor(frame: Frame, node: Call, callee: string, receiver: Value | null, args: Arguments) {
    this.node = node;
    this.make = () => new CallInCode(frame, node, callee, receiver, args);
  }

  get view(): CallInCode {
    this.made ??= this.make();
    return this.made;
  }
}

/** What only a test puts in is as harmless as the test. */
export function roleOfFlow({ source, site }: Flow): FileRole {
  return source.module.role === 'test' ? 'test' : site.module.role;
}

/** Which of two flows to the same sink to show: the stronger source, then the shorter way. */
function weight(flow: Flow): number {
  return LEVEL_WEIGHT[flow.source.level] * 1000 - (flow.steps?.length ?? 0);
}
