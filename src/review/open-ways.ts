/** Controls that are gone from the way of a flow which both versions have: what let it pass before lets it pass still. */
import { type Finding, type RichText, type TraceStep, text } from '../engine/finding.ts';
import { symbolLines } from './symbols.ts';

/** Weaknesses that say nothing of what can happen: any check and any flow has them. */
const GENERAL: ReadonlySet<number> = new Set([20, 693]);

/**
 * A removed control as a defect, where outside input reaches what the control was for, by what it looked at. The check
 * may have been too weak to stop it, and so the flow is not new; without the check nothing is left to stop it.
 *
 * @param removed what is said of the control; its location is where it stood, in the head version.
 * @param headText the file that it stood in.
 * @param findings of the head version.
 */
export function withOpenWay(removed: Finding, headText: string, findings: readonly Finding[]): Finding {
  const names = namesIn(removed.message);
  if (removed.kind === 'defect' || removed.symbol === '' || names.length === 0) return removed;
  const weaknesses = new Set(removed.cwe.filter((cwe) => !GENERAL.has(cwe)));
  const { path, startLine } = removed.location;
  const { from, to } = symbolLines(headText, startLine);
  const lines = headText.split('\n');
  const mentioned = new RegExp(`\\b(?:${names.join('|')})\\b`);
  const passesHere = ({ location }: TraceStep) =>
    location.path === path &&
    from <= location.startLine &&
    location.startLine <= to &&
    mentioned.test(lines[location.startLine - 1] ?? '');
  const flow = findings.find(
    ({ kind, cwe, trace }) =>
      kind === 'defect' &&
      trace.length > 1 &&
      cwe.some((one) => weaknesses.has(one)) &&
      trace.some(passesHere),
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

/** The variables that the control looks at: `path` of `not is_safe(self.root, path)`. */
function namesIn(message: RichText): string[] {
  const control = message.find((piece) => typeof piece !== 'string')?.code ?? '';
  const words = control.replace(/(["'])(?:(?!\1).)*\1/g, '').match(/(?<![\w.])[A-Za-z_]\w*(?![\w(])/g) ?? [];
  return words.filter(
    (word) => !/^(?:not|and|or|in|is|if|for|self|cls|os|re|any|all|None|True|False)$/.test(word),
  );
}
