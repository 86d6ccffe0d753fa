import type { Node } from '../../syntax/ast.ts';
import type { Place } from '../views.ts';

/** The name that the line of a node assigns to: `token` in `token = ''.join(random.choice(x) for _ in y)`. */
export function assignedOnLine(place: Place, node: Node): string | undefined {
  const source = place.module.text;
  const start = source.lastIndexOf('\n', node.start - 1) + 1;
  return /^\s*(?:[\w.]+\.)?(\w+)(?:\s*:[^=]+)?\s*\+?=[^=]/.exec(source.slice(start, node.end))?.[1];
}
