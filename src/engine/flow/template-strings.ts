/**
 * Template strings: not text but its parts, so that what is interpolated can be escaped or bound by what takes them.
 * https://peps.python.org/pep-0750/
 */
import type { JoinedStr } from '../syntax/ast.ts';
import { evaluate } from './expressions.ts';
import type { Frame } from './frame.ts';
import type { HeapObject, Sequence } from './state.ts';
import { constant, constantOf, makeValue, NO_TAINT, NONE, type Value } from './values.ts';

const TEMPLATE = 'string.templatelib.Template';
export const INTERPOLATION = 'string.templatelib.Interpolation';

/** `t'select {name}'` */
export function evaluateTemplate(frame: Frame, node: JoinedStr): Value {
  const strings = [''];
  const interpolations: Value[] = [];
  const values: Value[] = [];
  for (const part of node.parts) {
    if (part.kind === 'Str') {
      strings[strings.length - 1] += part.value;
      continue;
    }
    const value = evaluate(frame, part.value);
    const attributes = new Map([
      ['value', value],
      ['expression', constant(frame.source(part.value))],
      ['conversion', part.conversion === null ? NONE : constant(part.conversion)],
    ]);
    strings.push('');
    values.push(value);
    interpolations.push(frame.make(part, seenFromOutside(frame, INTERPOLATION, attributes), NO_TAINT));
  }
  const tuple = (elements: readonly Value[]): Value => makeValue({ kind: 'tuple', elements });
  const attributes = new Map([
    ['strings', tuple(strings.map((text) => constant(text)))],
    ['interpolations', tuple(interpolations)],
    ['values', tuple(values)],
  ]);
  return frame.make(node, seenFromOutside(frame, TEMPLATE, attributes), NO_TAINT);
}

function seenFromOutside(frame: Frame, path: string, attributes: ReadonlyMap<string, Value>): HeapObject {
  const underlying = makeValue({ kind: 'instance', node: frame.program.api.lookup(path), madeBy: null });
  return { kind: 'instance', cls: null, attributes, underlying };
}

/** What a loop over a template gives: its texts that are not empty, and what stands between them. */
export function partsOfTemplate({
  underlying,
  attributes,
}: Extract<HeapObject, { kind: 'instance' }>): Sequence | undefined {
  if (underlying?.shape.kind !== 'instance' || underlying.shape.node.path !== TEMPLATE) return undefined;
  const strings = elementsAt(attributes, 'strings');
  const interpolations = elementsAt(attributes, 'interpolations');
  const elements = strings.flatMap((text, i) => [
    ...(constantOf(text) === '' ? [] : [text]),
    ...interpolations.slice(i, i + 1),
  ]);
  return { elements, rest: null };
}

function elementsAt(attributes: ReadonlyMap<string, Value>, name: string): readonly Value[] {
  const shape = attributes.get(name)?.shape;
  return shape?.kind === 'tuple' ? shape.elements : [];
}
