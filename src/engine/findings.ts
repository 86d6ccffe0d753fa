/** From what rules said to findings: places, traces, fingerprints, and what a file's role changes. */
import { createHash } from 'node:crypto';
import { code, type Finding, type Kind, type Location, type TraceStep, text } from './finding.ts';
import { type Hit, roleOfFlow } from './flow/collector.ts';
import type { CallSite } from './flow/frame.ts';
import { SINK_KINDS } from './flow/kinds.ts';
import type { Flow, ModuleInfo } from './flow/program.ts';
import { sourceText } from './flow/sources.ts';
import type { Step } from './flow/values.ts';
import { effectOfRole } from './rules/role-effects.ts';
import type { Node } from './syntax/ast.ts';
import { normalised } from './syntax/unparse.ts';

export function locationOf(module: ModuleInfo, node: Node): Location {
  return { path: module.path, ...module.lines.span(node.start, node.end) };
}

/** The finding of a hit, or undefined where the file's role silences it. */
export function findingOf(hit: Hit): Finding | undefined {
  const { rule, module, report } = hit;
  const effect = effectOfRole(rule, hit.flow ? roleOfFlow(hit.flow) : module.role);
  if (effect === 'silent') return undefined;
  const stated: Kind = report.kind ?? rule.kind;
  const kind: Kind = effect === 'same' ? stated : 'advisory';
  const location = locationOf(module, report.at);
  const trace = hit.flow
    ? traceOf(hit.flow)
    : [
        ...callersOf(hit.via),
        ...(report.steps ?? []).map((step) => ({ location: locationOf(module, step.at), text: step.text })),
      ];
  return {
    ruleId: rule.id,
    cwe: report.cwe ?? rule.cwe,
    aspect: rule.aspect,
    kind,
    severity: kind === 'advisory' ? 'low' : hit.severity,
    confidence: report.confidence ?? 'high',
    message: hit.message,
    location,
    symbol: hit.symbol,
    trace,
    fix: hit.fix ?? { text: [rule.fix] },
    fingerprint: fingerprintOf(rule.id, module, hit.symbol, report.at),
    quiet: report.quiet === true || effect === 'quiet',
  };
}

/** The calls that pass what makes the place wrong, outermost first. */
function callersOf(via: CallSite | null): TraceStep[] {
  if (!via) return [];
  const { module, node } = via;
  const call = code(module.text.slice(node.start, node.end));
  return [...callersOf(via.outer), { location: locationOf(module, node), text: text`${call} asks for it` }];
}

/** Rule, path, symbol and code without layout. */
function fingerprintOf(ruleId: string, module: ModuleInfo, symbol: string, node: Node): string {
  const piece = normalised(module.text.slice(node.start, Math.min(node.end, node.start + 2000)));
  return createHash('sha256')
    .update([ruleId, module.path, symbol, piece].join('\0'))
    .digest('hex')
    .slice(0, 32);
}

/** The way of a flow in steps: the source, what happened on the way, the sink. */
function traceOf(flow: Flow): TraceStep[] {
  const steps: TraceStep[] = [];
  const source = flow.source;
  const quote = (module: ModuleInfo, node: Node) => code(module.text.slice(node.start, node.end));
  const add = (module: ModuleInfo, node: Node, words: TraceStep['text']): void => {
    const location = locationOf(module, node);
    const last = steps[steps.length - 1];
    // Several steps on one line are one to the reader; the first says where it came from.
    if (
      last &&
      last.location.path === location.path &&
      last.location.startLine === location.startLine &&
      steps.length > 1
    ) {
      steps[steps.length - 1] = { location, text: words };
      return;
    }
    steps.push({ location, text: words });
  };
  add(source.module, source.node, text`${code(sourceText(source))} is ${source.what}`);
  const chain: Step[] = [];
  for (let step: Step | null = flow.steps; step; step = step.prev) chain.push(step);
  for (const step of chain.reverse()) {
    const what = quote(step.module, step.node);
    switch (step.what) {
      case 'assigned':
        add(step.module, step.node, text`it is assigned to ${what}`);
        break;
      case 'passed':
        add(step.module, step.node, text`it is passed on in ${what}`);
        break;
      case 'returned':
        add(step.module, step.node, text`${what} returns it`);
        break;
      case 'stored':
        add(step.module, step.node, text`it is stored in ${what}`);
        break;
      case 'combined':
        add(step.module, step.node, text`it becomes part of ${what}`);
        break;
    }
  }
  const sink = flow.site.call ?? flow.site.node;
  add(flow.site.module, sink, text`it becomes ${SINK_KINDS[flow.kind]} in ${quote(flow.site.module, sink)}`);
  return steps;
}
