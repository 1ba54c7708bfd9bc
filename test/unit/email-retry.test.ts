import { describe, expect, it } from 'vitest';
import { pauseMs, retryWaitMs } from '../../src/sinks/email/retry.ts';

describe('the wait after a failed attempt', () => {
  it('is anything up to a bound that doubles from 5 s to 30 min', () => {
    const bounds = [1, 2, 3, 9, 10, 1_000].map((attempts) => retryWaitMs(attempts, 0, () => 1));
    expect(bounds).toEqual([5_000, 10_000, 20_000, 1_280_000, 1_800_000, 1_800_000]);
    expect(retryWaitMs(10, 0, () => 0.25)).toBe(450_000);
  });

  it('is never under what is asked for', () => {
    expect(retryWaitMs(1, 60_000, () => 0)).toBe(60_000);
  });
});

describe('a pause', () => {
  it('doubles from 1 min to 15 min', () => {
    expect([1, 2, 3, 4, 5, 99].map(pauseMs)).toEqual([60_000, 120_000, 240_000, 480_000, 900_000, 900_000]);
  });
});
