/** Controls that are gone from the way of a flow which both versions have: what let it pass before lets it pass still. */
import { type Finding, text } from '../engine/finding.ts';
import { symbolLines } from './symbols.ts';

/** Weaknesses that say nothing of what can happen: any check and any flow has them. */
const GENERAL: ReadonlySet<number> = new Set([20, 693]);

/**
 * A removed control as a defect, where outside input reaches through its function what the control was for. The check
 * may have been too weak to stop it, and so the flow is not new; without the check nothing is left to stop it.
 *
 * @param removed what is said of the control; its location is where it stood, in the head version.
 * @param headText the file that it stood in.
 * @param findings of the head version.
 */
export function withOpenWay(removed: Finding, headText: string, findings: readonly Finding[]): Finding {
  if (removed.kind === 'defect' || removed.symbol === '') return removed;
  const weaknesses = new Set(removed.cwe.filter((cwe) => !GENERAL.has(cwe)));
  const { path, startLine } = removed.location;
  const { from, to } = symbolLines(headText, startLine);
  const flow = findings.find(
    ({ kind, cwe, trace }) =>
      kind === 'defect' &&
      trace.length > 1 &&
      cwe.some((one) => weaknesses.has(one)) &&
      trace.some(
        ({ location }) => location.path === path && from <= location.startLine && location.startLine <= to,
      ),
  );
  if (!flow) return removed;
  return {
    ...removed,
    kind: 'defect',
    quiet: false,
    severity: flow.severity,
    message: text`${removed.message} ${flow.message}`,
    trace: [...removed.trace, ...flow.trace],
  };
}
