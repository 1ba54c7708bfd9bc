import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backoffMs } from '../../src/client/backoff.ts';

describe('backoffMs', () => {
  it('doubles the longest wait up to the bound', () => {
    const longest = [1, 2, 3, 4, 5, 6].map((attempt) => backoffMs(attempt, { baseMs: 100, maxMs: 1_000 }, () => 1));
    expect(longest).toEqual([100, 200, 400, 800, 1_000, 1_000]);
  });

  it('stays within its bounds after any number of failures', () => {
    const limits = fc.record({
      baseMs: fc.integer({ min: 1, max: 10_000 }),
      maxMs: fc.integer({ min: 1, max: 100_000 }),
    });
    fc.assert(
      fc.property(fc.nat(), limits, fc.double({ min: 0, max: 1, noNaN: true }), (attempt, backoff, random) => {
        const waitMs = backoffMs(attempt, backoff, () => random);
        expect(waitMs).toBeGreaterThanOrEqual(0);
        expect(waitMs).toBeLessThanOrEqual(backoff.maxMs);
      }),
    );
  });
});
