/** Lists of a tree for keeps. */

/** Most lists of a tree are empty: they are one. */
export const NOTHING: readonly never[] = [];

/**
 * A list of the same elements that takes no more memory than it must: V8 makes room for 17 elements at the first
 * `push` (`JSObject::NewElementsCapacity`), and the lists of a tree have one or two.
 */
export function compact<T>(list: readonly T[]): readonly T[] {
  return list.length === 0 ? NOTHING : list.slice();
}
