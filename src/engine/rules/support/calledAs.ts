import type { Code } from '../../finding.ts';
import type { CallView, FlowView } from '../views.ts';

/** What a message calls the place that is reached: `cursor.execute`, or the expression where there is no call. */
export function calledAs(view: CallView | FlowView): Code {
  const call = 'call' in view ? view.call : view;
  return call ? call.quote(call.node.func) : view.quote(view.node);
}
