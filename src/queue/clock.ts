/** Time, so that tests need not wait for it. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Calls back once the time has come; the returned function cancels. */
  at(time: number, callback: () => void): () => void;
}

/** setTimeout fires at once above this many milliseconds (2³¹ − 1). */
const LONGEST_TIMEOUT = 2_147_483_647;

export const systemClock: Clock = {
  now: () => Date.now(),
  at(time, callback) {
    const wait = Math.min(LONGEST_TIMEOUT, Math.max(0, time - Date.now()));
    const timer = setTimeout(callback, wait);
    return () => clearTimeout(timer);
  },
};
