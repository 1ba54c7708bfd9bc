import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matchAll } from '../../src/pipeline/filter.ts';
import { severities } from '../../src/pipeline/event.ts';
import { LogReader } from '../../src/sinks/sqlite/log-reader.ts';
import { StatisticsProjection } from '../../src/sinks/sqlite/statistics-projection.ts';
import { inTempDir } from '../support/temp-dir.ts';
import { catchUp, foldedHistogram, foldedSummary, StatisticsTestLog } from '../support/statistics-log.ts';

const start = Date.parse('2026-01-01T23:58:30.000Z');
const minute = 60_000;

const happening = fc.record({
  time: fc.integer({ min: start, max: start + 3 * minute }),
  severity: fc.constantFrom(...severities),
  source: fc.constantFrom('a', 'b', 'c'),
  channel: fc.constantFrom('tcp', 'http'),
});
const step = fc.oneof(
  { arbitrary: fc.record({ append: fc.array(happening, { maxLength: 20 }), isTold: fc.boolean() }), weight: 3 },
  { arbitrary: fc.record({ keep: fc.integer({ min: 1, max: 30 }), most: fc.integer({ min: 1, max: 40 }) }), weight: 3 },
  { arbitrary: fc.record({ removeAll: fc.constant(true) }), weight: 1 },
  { arbitrary: fc.constant('restart' as const), weight: 1 },
);

describe('a log whose beginning is removed', () => {
  it('reads and counts as the rest of an array, with consecutive positions, over restarts', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
        await inTempDir((dataDir) => {
          let log = new StatisticsTestLog(dataDir);
          let projection = new StatisticsProjection({ dataDir, epoch: log.epoch });
          let head = 0;
          let model: readonly { readonly position: number; readonly isEvent: boolean }[] = [];
          const removeThrough = (through: number): void => {
            projection.forget(through);
            log.removeThrough(through);
            model = model.filter(({ position }) => position > through);
          };
          try {
            for (const each of steps) {
              const reader = new LogReader(dataDir);
              try {
                if (each === 'restart') {
                  projection.close();
                  log.close();
                  log = log.opened();
                  projection = new StatisticsProjection({ dataDir, epoch: log.epoch });
                } else if ('append' in each) {
                  const stretch = log.append(each.append);
                  if (each.isTold) projection.add(stretch);
                  const added = Array.from({ length: each.append.length + 1 }, (_, index) => ({
                    position: head + 1 + index,
                    isEvent: index < each.append.length,
                  }));
                  model = [...model, ...added];
                  head += added.length;
                } else if ('keep' in each) {
                  const limits = { receivedBefore: null, maxEvents: each.keep, maxBytes: null };
                  const through = reader.findExpired(limits, each.most);
                  expect(through).toBe(expectedThrough(model, each.keep, each.most));
                  if (through !== null) removeThrough(through);
                } else if (model.length > 0) {
                  removeThrough(log.head);
                }
                const page = reader.read({
                  after: 0,
                  before: log.head + 1,
                  order: 'asc',
                  filter: matchAll,
                  limit: 10_000,
                  maxBytes: 1e9,
                });
                expect(page.records.map(({ position }) => position)).toEqual(model.map(({ position }) => position));
                expect(log.head).toBe(head);
                expect(log.first).toBe(model[0]?.position ?? head + 1);
              } finally {
                reader.close();
              }
            }
            catchUp(projection, log.head);
            const kept = log.events.filter(({ position }) => position >= log.first);
            expect(projection.summary(start, start + 4 * minute)).toEqual({
              head: log.head,
              ...foldedSummary(kept, start, start + 4 * minute),
            });
            const edges = [start, start + minute, start + 2 * minute, start + 3 * minute + 1];
            expect(projection.histogram({ from: start, to: start + 3 * minute, count: 3 })).toEqual(
              foldedHistogram(kept, edges.with(3, start + 3 * minute)),
            );
          } finally {
            projection.close();
            log.close();
          }
        });
      }),
      { numRuns: 40 },
    );
  });
});

/** Of the events the newest `keep` stay, and one step looks at no more than `most` records. */
function expectedThrough(
  model: readonly { readonly position: number; readonly isEvent: boolean }[],
  keep: number,
  most: number,
): number | null {
  const events = model.filter(({ isEvent }) => isEvent);
  const lastToGo = events.at(-keep - 1);
  const furthest = model[Math.min(most, model.length) - 1];
  if (lastToGo === undefined || furthest === undefined) return null;
  return Math.min(lastToGo.position, furthest.position);
}
