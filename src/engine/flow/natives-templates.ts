/** What rendering a template makes of its values. */
import { KindSet } from './kinds.ts';
import type { Native } from './native.ts';
import { type CallRecord, cleaned, constantOf, joinTaint, tainted, type Value } from './values.ts';

const MARKUP = KindSet.of('html', 'mail-html', 'xml');

/**
 * `template.render(…)`: the values are escaped, unless the environment that the template comes from is seen to be made
 * without. https://jinja.palletsprojects.com/en/stable/api/#autoescaping
 */
export const rendered: Native = (frame, args, _node, receiver) => {
  const template = receiver && recordOf(receiver);
  if (!receiver || !template) return undefined;
  const isPlain = !template.receiver || template.receiver.shape.kind === 'api';
  const maker = isPlain ? template : recordOf(template.receiver);
  if (maker && !escapes(maker)) return undefined;
  return tainted(joinTaint(frame.taintOf(receiver), cleaned(frame.taintOfAll(args), MARKUP)));
};

function recordOf({ shape }: Value): CallRecord | null {
  return shape.kind === 'instance' ? shape.madeBy : null;
}

function escapes({ keywords, node }: CallRecord): boolean {
  const setting = keywords.get('autoescape');
  return setting ? constantOf(setting) !== false : node.keywords.some(({ name }) => name === null);
}
