import { describe, expect, test } from 'vitest';
import { countOf, runSeed } from '../support/long.ts';
import { simulate } from '../support/simulation/run.ts';

const seeds = countOf(2_000, 100_000);
/** Every so many seeds one is played twice. */
const replayEvery = 100;
const timeout = countOf(240_000, 14_400_000);

describe('the pipeline in a simulated world', () => {
  test('keeps its promises whatever disk, connections and crashes do', { timeout }, async () => {
    const first = runSeed();
    const sum = { events: 0, crashes: 0, inDoubt: 0 };
    for (let seed = first; seed < first + seeds; seed += 1) {
      const run = await simulate(seed);
      expect(run.violations, `seed ${seed}; give it as HUB_TEST_SEED to begin there`).toEqual([]);
      if (seed % replayEvery === 0) expect((await simulate(seed)).trace, `seed ${seed}, again`).toBe(run.trace);
      sum.events += run.events;
      sum.crashes += run.crashes;
      sum.inDoubt += run.inDoubt;
    }
    process.stderr.write(`${seeds} seeds: ${sum.events} events, ${sum.crashes} crashes, ${sum.inDoubt} in doubt\n`);
    expect(Math.min(sum.events, sum.crashes, sum.inDoubt), 'something to go wrong').toBeGreaterThan(seeds);
  });
});
