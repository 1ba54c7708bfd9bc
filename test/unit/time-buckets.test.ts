import { describe, expect, it } from 'vitest';
import { firstInstant, lastInstant } from '../../src/pipeline/rfc3339.ts';
import { TimeBuckets } from '../../src/pipeline/time-buckets.ts';

describe('buckets of time', () => {
  it('stand side by side from the first instant of the range to its end', () => {
    const buckets = new TimeBuckets({ from: 5, to: 15, count: 4 });
    expect([0, 1, 2, 3, 4].map((index) => buckets.edge(index))).toEqual([5, 7, 10, 12, 15]);
  });

  it.each([
    { from: 5, to: 15, count: 4 },
    { from: -7, to: 6, count: 13 },
    { from: firstInstant, to: lastInstant, count: 999 },
    { from: 1_700_000_000_000, to: 1_700_003_600_001, count: 60 },
  ])('hold their first and last millisecond: %o', (range) => {
    const buckets = new TimeBuckets(range);
    for (let index = 0; index < range.count; index += 1) {
      expect(buckets.indexOf(buckets.edge(index))).toBe(index);
      expect(buckets.indexOf(buckets.edge(index + 1) - 1)).toBe(index);
    }
  });
});
