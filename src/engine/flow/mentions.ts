import type { Node } from '../syntax/ast.ts';

/** Where a file mentions what a rule speaks of. */
export class Mentions {
  private readonly places: readonly number[];

  /** The pattern has the flag `g`. */
  constructor(text: string, pattern: RegExp) {
    this.places = Array.from(text.matchAll(pattern), ({ index }) => index);
  }

  get isNone(): boolean {
    return this.places.length === 0;
  }

  isWithin({ start, end }: Node): boolean {
    let low = 0;
    let high = this.places.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.places[middle]! < start) low = middle + 1;
      else high = middle;
    }
    return low < this.places.length && this.places[low]! < end;
  }
}
