/** Outside input as it enters: one origin for each expression and kind of input. */
import type { Node } from '../syntax/ast.ts';
import type { Frame } from './frame.ts';
import { KindSet, type Mark, type SinkKind, type SourceLevel } from './kinds.ts';
import type { SourceOrigin } from './values.ts';

/** The origin at a node; asked again it is the same object, so that joins know it. */
export function sourceOrigin(
  frame: Frame,
  node: Node,
  level: SourceLevel,
  what: string,
  marks: readonly (Mark | SinkKind)[] = [],
): SourceOrigin {
  const { origins } = frame.program;
  let known = origins.get(node);
  if (!known) {
    known = [];
    origins.set(node, known);
  }
  let origin = known.find((other) => other.what === what && other.level === level);
  if (!origin) {
    origin = { type: 'source', level, what, module: frame.module, node, marks: KindSet.of(...marks) };
    known.push(origin);
  }
  return origin;
}

/** What is read from a source right behind it: `['name']`, `.get('name')`. */
const KEY = /^(?:\[[^\]\n]{1,60}\]|\.(?:get|getlist|pop|getfirst|getvalue|get_argument)\([^()\n]{0,60}\))/;

/** The code of a source for people: with the key that is read from it, where one follows. */
export function sourceText({ module, node }: SourceOrigin): string {
  const written = module.text.slice(node.start, node.end);
  const key = written.endsWith(')') ? null : KEY.exec(module.text.slice(node.end, node.end + 80));
  return key ? written + key[0] : written;
}
