import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RateLimit } from '../../src/limits/rate-limit.ts';
import { TokenBucket } from '../../src/limits/token-bucket.ts';

const rates = fc.record({ perSecond: fc.integer({ min: 1, max: 1_000 }), burst: fc.integer({ min: 1, max: 2_000 }) });
const steps = fc.array(
  fc.record({ afterMs: fc.integer({ min: 0, max: 3_000 }), count: fc.integer({ min: 1, max: 50 }) }),
  {
    maxLength: 200,
  },
);

describe('a token bucket', () => {
  it('gives who waits its turn at most the burst, the rate, and one overdraft', () => {
    fc.assert(
      fc.property(rates, steps, ({ perSecond, burst }, wanted) => {
        const bucket = new TokenBucket(perSecond, burst, 0);
        let [now, taken, largest] = [0, 0, 0];
        for (const { afterMs, count } of wanted) {
          now += afterMs;
          if (bucket.waitMs(now) > 0) continue;
          bucket.take(count, now);
          taken += count;
          largest = Math.max(largest, count);
        }
        expect(taken).toBeLessThanOrEqual(burst + (perSecond * now) / 1_000 + largest);
      }),
    );
  });

  it('has something for whoever waits as long as it says, and nothing for who comes much sooner', () => {
    fc.assert(
      fc.property(rates, steps, ({ perSecond, burst }, wanted) => {
        const bucket = new TokenBucket(perSecond, burst, 0);
        let now = 0;
        for (const { afterMs, count } of wanted) {
          now += afterMs;
          bucket.take(count, now);
          const wait = bucket.waitMs(now);
          expect(wait).toBeLessThanOrEqual(60_000 + 1_000 / perSecond);
          if (wait > 1) expect(bucket.waitMs(now + wait - 1)).toBeGreaterThan(0);
          now += wait + 0.001;
          expect(bucket.waitMs(now)).toBe(0);
        }
      }),
    );
  });
});

describe('a rate for each key', () => {
  it('treats every key as if it were alone, as long as there are not too many, and remembers only so many', () => {
    const calls = fc.array(
      fc.record({ key: fc.integer({ min: 1, max: 8 }), afterMs: fc.integer({ min: 0, max: 500 }) }),
      { maxLength: 300 },
    );
    fc.assert(
      fc.property(calls, (wanted) => {
        let now = 0;
        const [shared, small] = [8, 3].map((most) => new RateLimit(2, () => now, most)) as [RateLimit, RateLimit];
        const alone = new Map<number, TokenBucket>();
        for (const { key, afterMs } of wanted) {
          now += afterMs;
          const own = alone.get(key) ?? new TokenBucket(2, 4, now);
          alone.set(key, own);
          expect(shared.waitMs(String(key))).toBeCloseTo(own.waitMs(now), 6);
          shared.take(String(key));
          own.take(1, now);
          small.take(String(key));
          expect(small.size).toBeLessThanOrEqual(3);
        }
      }),
    );
  });
});
