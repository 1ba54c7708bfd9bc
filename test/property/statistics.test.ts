import fc from 'fast-check';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { severities } from '../../src/pipeline/event.ts';
import { compileFilter, readFilter } from '../../src/pipeline/filter.ts';
import { TimeBuckets, type BucketRange } from '../../src/pipeline/time-buckets.ts';
import { LogReader } from '../../src/sinks/sqlite/log-reader.ts';
import { StatisticsProjection } from '../../src/sinks/sqlite/statistics-projection.ts';
import { catchUp, foldedHistogram, foldedSummary, StatisticsTestLog } from '../support/statistics-log.ts';

const start = Date.parse('2026-01-01T23:58:30.000Z');
const minute = 60_000;
const day = 1_440 * minute;

/** Close together around the end of a day, where minutes, hours and days meet, and some far away. */
const time = fc.oneof(
  { arbitrary: fc.integer({ min: start, max: start + 3 * minute }), weight: 6 },
  fc.integer({ min: 0, max: 18 }).map((slots) => start + slots * 10_000),
  fc.integer({ min: start - 3 * day, max: start + 3 * day }),
  fc.constantFrom(-1, 0, -minute, Date.parse('1903-05-05T05:05:05.055Z'), Date.parse('9999-12-31T23:59:59.999Z')),
);
const happening = fc.record({
  time,
  severity: fc.constantFrom(...severities),
  source: fc.integer({ min: 1, max: 14 }).map((number) => `s${String(number)}`),
  channel: fc.constantFrom('tcp', 'http', 'ws'),
});
/** Whether the statistics are told of a batch once, twice, late, or never. */
const telling = fc.constantFrom('once', 'once', 'once', 'twice', 'late', 'never');
const step = fc.oneof(
  { arbitrary: fc.tuple(telling, fc.array(happening, { maxLength: 30 })), weight: 5 },
  fc.constant('restart' as const),
);
const range = fc
  .record({ from: time, length: fc.integer({ min: 1, max: 2 * day }), wanted: fc.integer({ min: 1, max: 70 }) })
  .map(({ from, length, wanted }): BucketRange => ({ from, to: from + length, count: Math.min(length, wanted) }));

describe('the statistics', () => {
  it('equal a plain fold over the events, whatever they were told and wherever they were stopped', () => {
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 8 }),
        time,
        fc.integer({ min: 0, max: 2 * day }),
        range,
        (steps, since, toNow, buckets) => {
          inDirectory((dataDir) => {
            const log = new StatisticsTestLog(dataDir);
            const projection = run(dataDir, log, steps);
            const reader = new LogReader(dataDir);
            try {
              const now = since + toNow;
              const summary = { head: log.head, ...foldedSummary(log.events, since, now) };
              expect(projection.summary(since, now)).toEqual(summary);
              const { edge, count } = edgesOf(buckets);
              const edges = Array.from({ length: count + 1 }, (_, index) => edge(index));
              expect(projection.histogram(buckets)).toEqual(foldedHistogram(log.events, edges));
              const filter = readFilter({ q: 'source:s1* -channel:ws' }, now);
              const positions = projection.positions(buckets.from, buckets.to) ?? [];
              const matching = log.events.filter(compileFilter(filter));
              expect(reader.count({ range: buckets, filter, positions })).toEqual({
                counts: foldedHistogram(matching, edges),
                countedAfter: null,
              });
            } finally {
              reader.close();
              projection.close();
              log.close();
            }
          });
        },
      ),
      { numRuns: 60 },
    );
  });
});

function edgesOf(buckets: BucketRange): { readonly edge: (index: number) => number; readonly count: number } {
  const cut = new TimeBuckets(buckets);
  return { edge: (index) => cut.edge(index), count: buckets.count };
}

function run(
  dataDir: string,
  log: StatisticsTestLog,
  steps: readonly ('restart' | readonly [string, Parameters<StatisticsTestLog['append']>[0]])[],
): StatisticsProjection {
  const open = () => new StatisticsProjection({ dataDir, epoch: log.epoch });
  let projection = open();
  for (const each of steps) {
    if (each === 'restart') {
      projection.close();
      projection = open();
      continue;
    }
    const [told, happenings] = each;
    const stretch = log.append(happenings);
    if (told === 'late') catchUp(projection, log.head);
    if (told !== 'never') projection.add(stretch);
    if (told === 'twice') projection.add(stretch);
  }
  catchUp(projection, log.head);
  return projection;
}

function inDirectory(use: (dataDir: string) => void): void {
  const dataDir = mkdtempSync(join(tmpdir(), 'alert-hub-test-'));
  try {
    use(dataDir);
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}
