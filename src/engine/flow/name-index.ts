/** Rules by the names that they ask about. */
import type { Names } from '../rules/rule.ts';
import { NOTHING } from '../syntax/compact.ts';

/** Names whose rules are kept at most: files bring ever new ones. */
const MOST_KEPT = 200_000;

interface Asking<T> {
  readonly names: Names | undefined;
  readonly entry: T;
}

/** Finds the few of many rules that a name concerns; each name is put to the rules once. */
export class NameIndex<T> {
  private readonly asking: readonly Asking<T>[];
  /** Places in `asking` of those that list the name. */
  private readonly listed = new Map<string, number[]>();
  /** Places of those that look at each name. */
  private readonly looking: readonly number[];
  private readonly found = new Map<string, readonly T[]>();

  /** Entries without names are concerned with every name. */
  constructor(asking: readonly Asking<T>[]) {
    this.asking = asking;
    const looking: number[] = [];
    asking.forEach(({ names }, place) => {
      if (names === undefined || typeof names === 'function') looking.push(place);
      else for (const name of new Set(names)) this.list(name, place);
    });
    this.looking = looking;
  }

  private list(name: string, place: number): void {
    const places = this.listed.get(name);
    if (places) places.push(place);
    else this.listed.set(name, [place]);
  }

  /** In the order in which they were given. */
  concernedWith(name: string): readonly T[] {
    let entries = this.found.get(name);
    if (!entries) {
      const places = this.looking.filter((place) => {
        const { names } = this.asking[place]!;
        return typeof names !== 'function' || names(name);
      });
      const listed = this.listed.get(name);
      if (listed) places.push(...listed);
      entries =
        places.length === 0
          ? NOTHING
          : places.sort((one, other) => one - other).map((place) => this.asking[place]!.entry);
      if (this.found.size >= MOST_KEPT) this.found.clear();
      this.found.set(name, entries);
    }
    return entries;
  }
}
