/**
 * Maps and sets that mostly stay empty are one until something is put in: an empty `Map` takes 200 bytes, and a
 * function, its run and its summary would have a dozen of them.
 */

export const NO_ENTRIES: ReadonlyMap<never, never> = new Map<never, never>();
export const NO_MEMBERS: ReadonlySet<never> = new Set<never>();

/** The map, which its owner may change, with one more entry; a new one in place of the one that all share. */
export function withEntry<K, V>(map: ReadonlyMap<K, V>, key: K, value: V): ReadonlyMap<K, V> {
  const own = map === NO_ENTRIES ? new Map<K, V>() : (map as Map<K, V>);
  return own.set(key, value);
}

/** The same for a set. */
export function withMember<T>(set: ReadonlySet<T>, member: T): ReadonlySet<T> {
  const own = set === NO_MEMBERS ? new Set<T>() : (set as Set<T>);
  return own.add(member);
}
