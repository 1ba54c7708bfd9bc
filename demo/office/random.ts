/** Evenly spread numbers from 0 up to, not including, 1. */
export type Random = () => number;

/** mulberry32: the same numbers for the same seed, so that the same seed makes the same day in the office. */
export function createRandom(seed: number): Random {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}

export function between(random: Random, least: number, most: number): number {
  return least + random() * (most - least);
}

/** Whether something that happens every `everyMs` on average happens in these `elapsedMs`. */
export function happens(random: Random, elapsedMs: number, everyMs: number): boolean {
  return random() < elapsedMs / everyMs;
}

export function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
