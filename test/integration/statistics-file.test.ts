import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { RecordedEvent } from '../../src/pipeline/event.ts';
import { EventCounts } from '../../src/pipeline/event-counts.ts';
import { readFilter } from '../../src/pipeline/filter.ts';
import { LogReader } from '../../src/sinks/sqlite/log-reader.ts';
import { StatisticsProjection, type ProjectionOptions } from '../../src/sinks/sqlite/statistics-projection.ts';
import { catchUp, StatisticsTestLog, type Happening } from '../support/statistics-log.ts';
import { anEvent } from '../support/fake-socket.ts';
import { makeTempDir } from '../support/temp-dir.ts';

const minute = Date.parse('2026-03-01T10:00:00.000Z');

function at(seconds: number): Happening {
  return { time: minute + seconds * 1000, severity: 'info', source: 'door', channel: 'tcp' };
}

async function aLog(...happenings: readonly Happening[]): Promise<{ log: StatisticsTestLog; dataDir: string }> {
  const dataDir = await makeTempDir();
  const log = new StatisticsTestLog(dataDir);
  onTestFinished(() => log.close());
  log.append(happenings);
  return { log, dataDir };
}

function open(options: ProjectionOptions): StatisticsProjection {
  const projection = new StatisticsProjection(options);
  onTestFinished(() => projection.close());
  return projection;
}

describe('the file of the statistics', () => {
  it('is begun anew for another log', async () => {
    const { log, dataDir } = await aLog(at(1));
    const before = new StatisticsProjection({ dataDir, epoch: 'another' });
    catchUp(before, log.head);
    before.close();

    expect(open({ dataDir, epoch: log.epoch }).checkpoint).toBe(0);
  });

  it('is begun anew when it is ahead of the log', async () => {
    const { log, dataDir } = await aLog(at(1));
    const before = new StatisticsProjection({ dataDir, epoch: log.epoch });
    before.add({ after: 0, through: log.head + 1, tally: { slots: [], minutes: [] } });
    before.close();

    expect(open({ dataDir, epoch: log.epoch }).checkpoint).toBe(0);
  });

  it.each([
    ['not a database', 'w', Buffer.alloc(9_999, 'something else ')],
    ['damaged at its start', 'r+', Buffer.alloc(4_096, 7)],
  ] as const)('is begun anew when it is %s', async (_, flag, content) => {
    const { log, dataDir } = await aLog(at(1));
    const before = new StatisticsProjection({ dataDir, epoch: log.epoch });
    catchUp(before, log.head);
    before.close();
    await writeFile(join(dataDir, 'index.db'), content, { flag });

    const projection = open({ dataDir, epoch: log.epoch });

    expect(projection.checkpoint).toBe(0);
    catchUp(projection, log.head);
    expect(projection.summary(minute, minute)?.bySeverity.info).toBe(1);
  });

  it('is begun anew when a page inside is damaged', async () => {
    const { log, dataDir } = await aLog(...Array.from({ length: 500 }, (_, index) => at(index * 10)));
    const before = new StatisticsProjection({ dataDir, epoch: log.epoch });
    catchUp(before, log.head);
    before.close();
    const file = join(dataDir, 'index.db');
    const content = await readFile(file);
    content.fill(7, content.length - 4_096);
    await writeFile(file, content);

    expect(open({ dataDir, epoch: log.epoch }).checkpoint).toBe(0);
  });

  it('goes on where it was closed', async () => {
    const { log, dataDir } = await aLog(at(1));
    const before = new StatisticsProjection({ dataDir, epoch: log.epoch });
    catchUp(before, log.head);
    before.close();

    expect(open({ dataDir, epoch: log.epoch }).checkpoint).toBe(log.head);
  });

  it('never claims to have counted more than the log has', async () => {
    const { log, dataDir } = await aLog(at(1));
    const projection = open({ dataDir, epoch: log.epoch });

    expect(() => {
      projection.catchUp(log.head + 1);
    }).toThrow('the log ends at 2, before 3');
    expect(projection.checkpoint).toBe(0);
  });

  it('finds late events without looking at all that lies between', async () => {
    const { log, dataDir } = await aLog();
    const projection = open({ dataDir, epoch: log.epoch });
    const counts = new EventCounts();
    const time = new Date(minute).toISOString();
    const events: readonly RecordedEvent[] = [anEvent(1, { time }), anEvent(2, { time })];
    for (const event of events) counts.addEvent(event);
    projection.add({ after: 0, through: 50_000, tally: counts.tally });
    const late = new EventCounts();
    late.addEvent(anEvent(50_001, { time }));
    projection.add({ after: 50_000, through: 50_001, tally: late.tally });

    expect(projection.positions(minute, minute + 1)).toEqual([
      { after: 0, before: 3 },
      { after: 50_000, before: 50_002 },
    ]);
  });
});

describe('with too much of the log around the edges', () => {
  it('a summary counts from the start of the minute', async () => {
    const { log, dataDir } = await aLog(at(-1), at(0), at(30), at(59));
    const projection = open({ dataDir, epoch: log.epoch, maxEdge: 0 });
    catchUp(projection, log.head);

    const summary = projection.summary(minute + 45_000, minute + 59_000);

    expect(summary?.bySeverity.info).toBe(3);
    expect(summary?.bySource).toEqual([{ source: 'door', count: 3 }]);
    expect(summary?.perMinute).toEqual([{ time: minute, info: 3, warning: 0, error: 0, critical: 0 }]);
  });

  it('a bucket counts from the start of ten seconds, and the last one to their end', async () => {
    const { log, dataDir } = await aLog(at(1), at(9), at(10), at(31), at(39), at(40), at(69), at(70));
    const projection = open({ dataDir, epoch: log.epoch, maxEdge: 0 });
    catchUp(projection, log.head);

    const counts = projection.histogram({ from: minute + 5_000, to: minute + 65_000, count: 2 });

    expect(counts?.filter((_, index) => index % 4 === 0)).toEqual([3, 4]);
  });

  it('there is no histogram of buckets narrower than ten seconds', async () => {
    const { log, dataDir } = await aLog(at(1));
    const projection = open({ dataDir, epoch: log.epoch, maxEdge: 0 });
    catchUp(projection, log.head);

    expect(projection.histogram({ from: minute + 500, to: minute + 10_500, count: 2 })).toBeNull();
  });
});

describe('a search of the log for a histogram', () => {
  it('counts the newest first and says how far it came when it took too long', async () => {
    const { log, dataDir } = await aLog(at(1));
    log.append([at(2)]);
    const reader = new LogReader(dataDir);
    onTestFinished(() => reader.close());
    let now = 0;
    vi.spyOn(performance, 'now').mockImplementation(() => (now += 900));
    onTestFinished(() => {
      vi.restoreAllMocks();
    });

    const range = { from: minute, to: minute + 10_000, count: 1 };
    const positions = [
      { after: 0, before: 3 },
      { after: 2, before: 5 },
    ];
    const histogram = reader.count({ range, filter: readFilter({}, 0), positions });

    expect(histogram).toEqual({ counts: [1, 0, 0, 0], countedAfter: 2 });
  });
});
