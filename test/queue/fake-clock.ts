import type { Clock } from '../../src/queue/clock.ts';

/** A clock that stands still until it is told to go on. */
export class FakeClock implements Clock {
  #now = 1_000_000;
  readonly #timers = new Set<{ readonly time: number; readonly callback: () => void }>();

  /** Milliseconds that pass with each look at the clock. */
  perLook = 0;

  now(): number {
    this.#now += this.perLook;
    return this.#now;
  }

  at(time: number, callback: () => void): () => void {
    const timer = { time, callback };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /** Lets the time pass, timer after timer in their order, and what they start settle. */
  async advance(milliseconds: number): Promise<void> {
    const end = this.#now + milliseconds;
    for (;;) {
      await settled();
      const due = [...this.#timers].filter((timer) => timer.time <= end).sort((a, b) => a.time - b.time)[0];
      if (!due) break;
      this.#timers.delete(due);
      this.#now = Math.max(this.#now, due.time);
      due.callback();
    }
    this.#now = end;
    await settled();
  }
}

/** Lets everything that needs no more than promises come to rest. */
export async function settled(): Promise<void> {
  for (let i = 0; i < 3; i++) await new Promise<void>((resolve) => setImmediate(resolve));
}
