import { type Code, code } from '../../finding.ts';
import type { CallView, FlowView } from '../views.ts';

/** What a message calls the place that is reached: `cursor.execute`, or the expression where there is no call. */
export function calledAs(view: CallView | FlowView): Code {
  if (!('sink' in view)) return view.quote(view.node.func);
  if (view.call) return view.quote(view.call.node.func);
  // The sink stands in another function: its path is what is known of it.
  return view.sink ? code(view.sink.replace(/^builtins\./, '')) : view.quote(view.node);
}
