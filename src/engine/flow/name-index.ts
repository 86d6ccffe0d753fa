/** Rules by the names that they ask about. */
import type { Names } from '../rules/rule.ts';

/** Names whose rules are kept at most: files bring ever new ones. */
const MOST_KEPT = 20_000;

/** Finds the few of many rules that a name concerns; each name is put to the rules once. */
export class NameIndex<T> {
  private readonly asking: readonly { readonly names: Names | undefined; readonly entry: T }[];
  private readonly found = new Map<string, readonly T[]>();

  /** Entries without names are concerned with every name. */
  constructor(asking: readonly { readonly names: Names | undefined; readonly entry: T }[]) {
    this.asking = asking;
  }

  concernedWith(name: string): readonly T[] {
    let entries = this.found.get(name);
    if (!entries) {
      entries = this.asking
        .filter(
          ({ names }) =>
            names === undefined || (typeof names === 'function' ? names(name) : names.includes(name)),
        )
        .map(({ entry }) => entry);
      if (this.found.size >= MOST_KEPT) this.found.clear();
      this.found.set(name, entries);
    }
    return entries;
  }
}
