import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { compileFilter, matchAll, readFilter, type Filter } from '../../src/pipeline/filter.ts';
import { World } from '../support/subscription-world.ts';

const mebibyte = 1024 * 1024;
const fewestHandOvers = 1_000;
/** So little that three slow readers use it up. */
const maxMemory = 2 * mebibyte;
const filters: readonly Filter[] = [
  matchAll,
  readFilter({ source: 'a' }, 0),
  readFilter({ q: '-source:a severity>=warning' }, 0),
];
/** Two records of the last size are more than one page. */
const paddings = [0, 500, 30_000, 80_000];

type Step = (world: World) => void | Promise<void>;

const event = fc.record({
  source: fc.constantFrom('a', 'b'),
  severity: fc.constantFrom('info', 'error'),
  padding: fc.constantFrom(...paddings),
});
const weighted = (weight: number, arbitrary: fc.Arbitrary<Step>) => ({ weight, arbitrary });
const step: fc.Arbitrary<Step> = fc.oneof(
  weighted(
    4,
    fc.array(event, { minLength: 1, maxLength: 8 }).map((events) => (world: World) => {
      world.append(events);
    }),
  ),
  weighted(
    4,
    fc.constant((world: World) => {
      world.publish();
    }),
  ),
  weighted(
    1,
    fc.integer({ min: 1, max: 12 }).map((count) => (world: World) => {
      world.append(Array.from({ length: count }, () => ({ source: 'a', severity: 'info', padding: 80_000 })));
      world.publish();
    }),
  ),
  weighted(
    1,
    fc.constant((world: World) => {
      world.forgetBatch();
    }),
  ),
  weighted(
    2,
    fc.tuple(fc.nat(2), fc.nat(30)).map(([filter, back]) => (world: World) => {
      if (world.readers.length < 5) world.subscribe(filters[filter] ?? matchAll, back);
    }),
  ),
  weighted(
    4,
    fc.integer({ min: 1, max: 5 }).map((count) => (world: World) => world.log.answerReads(count)),
  ),
  weighted(
    3,
    fc.tuple(fc.nat(4), fc.integer({ min: 1, max: 4 })).map(([index, count]) => (world: World) => {
      world.reader(index)?.outlet?.take(count);
    }),
  ),
  weighted(
    1,
    fc.nat(4).map((index) => (world: World) => {
      world.cut(index);
    }),
  ),
  weighted(
    2,
    fc.nat(4).map((index) => (world: World) => {
      world.resume(index);
    }),
  ),
  weighted(
    1,
    fc.constantFrom(2_500, 12_500).map((ms) => () => {
      vi.advanceTimersByTime(ms);
    }),
  ),
);

const small = { source: 'a', severity: 'info', padding: 0 } as const;
/** What happens around the moment in which a reader of history joins the live ones. */
const seamStep: fc.Arbitrary<Step> = fc.oneof(
  fc.integer({ min: 1, max: 3 }).map((count) => (world: World) => {
    world.append(Array.from({ length: count }, () => small));
  }),
  fc.constant((world: World) => {
    world.publish();
  }),
  fc.constant((world: World) => world.log.answerReads(1)),
  fc.constant((world: World) => {
    world.reader(0)?.outlet?.take(1);
  }),
);

function expectBounds(world: World): void {
  const held = world.held();
  expect(Math.max(0, ...held), 'held for one').toBeLessThanOrEqual(mebibyte);
  expect(
    held.reduce((sum, bytes) => sum + bytes, 0),
    'held for all',
  ).toBeLessThanOrEqual(maxMemory);
}

/** Of what was published after its start, each reader has a beginning without gaps. */
function expectNoGap(world: World): void {
  for (const { filter, start, received } of world.readers) {
    const matches = compileFilter(filter);
    const due = world.log.records.map(({ value }) => value).filter((value) => value.position > start && matches(value));
    expect(received).toEqual(due.slice(0, received.length).map(({ position }) => position));
  }
}

async function play(steps: readonly Step[]): Promise<World> {
  const world = new World(maxMemory);
  for (const each of steps) {
    await each(world);
    expectBounds(world);
    expectNoGap(world);
  }
  return world;
}

describe('a subscription', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'setTimeout', 'clearTimeout', 'Date'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('gives every matching record once and in order, however it is read, cut and resumed', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40, size: 'max' }), async (steps) => {
        const world = await play(steps);
        try {
          await world.settle();
          expectNoGap(world);
          for (const { cursor, isCaughtUp, filter, start, received } of world.readers) {
            const matches = compileFilter(filter);
            const due = world.log.records.filter(({ value }) => value.position > start && matches(value));
            expect(received).toHaveLength(due.length);
            expect({ cursor, isCaughtUp }).toEqual({ cursor: world.log.head, isCaughtUp: true });
          }
          expect(world.failures).toEqual([]);
        } finally {
          world.end();
        }
      }),
      { numRuns: 300 },
    );
  });

  it('misses nothing and doubles nothing in a thousand hand-overs from history to live', async () => {
    let handOvers = 0;
    const start = fc.record({ history: fc.integer({ min: 1, max: 8 }), back: fc.nat(8) });
    await fc.assert(
      fc.asyncProperty(start, fc.array(seamStep, { maxLength: 12 }), async ({ history, back }, steps) => {
        const world = new World(maxMemory);
        try {
          world.append(Array.from({ length: history }, () => small));
          world.publish();
          world.subscribe(matchAll, back);
          for (const each of steps) await each(world);
          await world.settle();
          expectNoGap(world);
          expect(world.readers[0]?.cursor).toBe(world.log.head);
          handOvers += world.readers[0]?.handOvers ?? 0;
        } finally {
          world.end();
        }
      }),
      { numRuns: fewestHandOvers },
    );
    expect(handOvers).toBeGreaterThanOrEqual(fewestHandOvers);
  });
});
