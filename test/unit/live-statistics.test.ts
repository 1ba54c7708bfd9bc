import { Subject } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { readFilter } from '../../src/pipeline/filter.ts';
import type { LogRecord } from '../../src/pipeline/record.ts';
import type { CountedStretch, EventCounter, StatisticsIndex } from '../../src/pipeline/statistics.ts';
import { LiveStatistics } from '../../src/sinks/statistics.ts';
import { anEvent } from '../support/fake-socket.ts';

const range = { from: 0, to: 60_000, count: 1 };

/** Events at these positions, each of its own source when `areDistinct`. */
function batch(first: number, last: number, areDistinct = false): readonly LogRecord[] {
  return Array.from({ length: last - first + 1 }, (_, index): LogRecord => {
    const source = areDistinct ? `s${String(first + index)}` : 'door';
    return { value: anEvent(first + index, { source }), json: '', statusGiven: false };
  });
}

/** Live statistics whose index keeps what it is given, and is done with it when told. */
function liveStatistics() {
  const recorded$ = new Subject<readonly LogRecord[]>();
  const added: CountedStretch[] = [];
  const inHand: { resolve: () => void; reject: (error: Error) => void }[] = [];
  const asked: string[] = [];
  const reported: unknown[] = [];
  const index: StatisticsIndex = {
    add: (stretch) => {
      added.push(stretch);
      asked.push('add');
      return new Promise((resolve, reject) => inHand.push({ resolve, reject }));
    },
    summary: async (through) => {
      asked.push(`summary ${String(through)}`);
      throw new Error('not asked for in these tests');
    },
    histogram: async () => null,
    positions: async () => [{ after: 3, before: 9 }],
    forget: async () => undefined,
    close: async () => undefined,
  };
  const counter: EventCounter = {
    count: async ({ positions }) => ({ counts: [positions.length], countedAfter: 4 }),
  };
  const reportFailure = (error: unknown) => reported.push(error);
  const statistics = new LiveStatistics({ log: { head: 7 }, index, counter, reportFailure });
  const ended = { isComplete: false };
  const subscription = statistics.sink(recorded$).subscribe({ complete: () => (ended.isComplete = true) });
  const settle = async (error?: Error) => {
    const { resolve, reject } = inHand.shift()!;
    if (error === undefined) resolve();
    else reject(error);
    await vi.advanceTimersByTimeAsync(0);
  };
  return { statistics, recorded$, added, asked, reported, ended, subscription, settle };
}

describe('live statistics', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('hand over what was recorded within a second', async () => {
    const { recorded$, added } = liveStatistics();
    recorded$.next(batch(1, 2));
    recorded$.next(batch(3, 5));
    expect(added).toEqual([]);

    await vi.advanceTimersByTimeAsync(1_000);

    expect(added).toHaveLength(1);
    expect(added[0]).toMatchObject({ after: 0, through: 5 });
    expect(added[0]?.tally?.minutes[0]?.bySource).toEqual(new Map([['door', 5]]));
  });

  it('hand over before they ask, and ask about all that the log has', async () => {
    const { statistics, recorded$, asked } = liveStatistics();
    recorded$.next(batch(1, 2));

    await expect(statistics.summary(0, 0)).rejects.toThrow();

    expect(asked).toEqual(['add', 'summary 7']);
  });

  it('hand over one stretch at a time', async () => {
    const { recorded$, added, settle } = liveStatistics();
    recorded$.next(batch(1, 2));
    await vi.advanceTimersByTimeAsync(1_000);
    recorded$.next(batch(3, 4));
    await vi.advanceTimersByTimeAsync(5_000);
    expect(added).toHaveLength(1);

    await settle();
    await vi.advanceTimersByTimeAsync(1_000);

    expect(added).toHaveLength(2);
    expect(added[1]).toMatchObject({ after: 2, through: 4 });
  });

  it('hand over at once when there is much to hold', () => {
    const { recorded$, added } = liveStatistics();
    recorded$.next(batch(1, 10_001, true));
    expect(added).toHaveLength(1);
  });

  it('hold no more than some number of sources while the index is slow, and have it read the log', async () => {
    const { recorded$, added, settle } = liveStatistics();
    recorded$.next(batch(1, 10_001, true));
    recorded$.next(batch(10_002, 70_000, true));
    await settle();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(added[1]).toEqual({ after: 10_001, through: 70_000, tally: null });
  });

  it('have the index read the log when positions are missing', async () => {
    const { recorded$, added } = liveStatistics();
    recorded$.next(batch(1, 2));
    recorded$.next(batch(4, 5));
    await vi.advanceTimersByTimeAsync(1_000);
    expect(added).toEqual([{ after: 0, through: 5, tally: null }]);
  });

  it('complete once everything is handed over', async () => {
    const { recorded$, added, ended, settle } = liveStatistics();
    recorded$.next(batch(1, 2));
    await vi.advanceTimersByTimeAsync(1_000);
    recorded$.next(batch(3, 4));
    recorded$.complete();
    await settle();
    expect(ended.isComplete).toBe(false);
    expect(added[1]).toMatchObject({ after: 2, through: 4 });

    await settle();

    expect(ended.isComplete).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('report the same failure once, and go on', async () => {
    const { recorded$, reported, settle, ended } = liveStatistics();
    for (const position of [1, 2, 3]) {
      recorded$.next(batch(position, position));
      await vi.advanceTimersByTimeAsync(1_000);
      await settle(new Error('database or disk is full'));
    }
    expect(reported).toEqual([new Error('database or disk is full')]);
    expect(ended.isComplete).toBe(false);
  });

  it('search the log for what a query matches, and for what the index cannot tell', async () => {
    const { statistics } = liveStatistics();
    const searched = { counts: [1], countedAfter: 4 };
    expect(await statistics.histogram(range, readFilter({ q: 'door' }, 0))).toEqual(searched);
    expect(await statistics.histogram(range, null)).toEqual(searched);
  });
});
