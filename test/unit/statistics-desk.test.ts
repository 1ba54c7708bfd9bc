import { describe, expect, it } from 'vitest';
import type { Summary } from '../../src/pipeline/statistics.ts';
import { StatisticsDesk, type Counts } from '../../src/sinks/sqlite/statistics-desk.ts';
import type { StatisticsAnswer, StatisticsQuestion } from '../../src/sinks/sqlite/statistics-protocol.ts';

/** Counts of a log of ten records, which count one of them at a time. */
class FakeCounts implements Counts {
  checkpoint = 0;
  readonly head = 10;
  isDamaged = false;

  add({ after, through }: Parameters<Counts['add']>[0]): void {
    if (after === this.checkpoint) this.checkpoint = through;
  }

  forget(through: number): void {
    this.checkpoint = Math.max(this.checkpoint, through);
  }

  catchUp(): void {
    this.checkpoint += 1;
  }

  summary(): Summary | undefined {
    if (!this.isDamaged) return { ...emptySummary, head: this.checkpoint };
    this.isDamaged = false;
    this.checkpoint = 0;
    return undefined;
  }

  histogram(): number[] {
    throw new Error('the log could not be read: disk I/O error');
  }

  positions(): [] {
    return [];
  }
}

const emptySummary: Summary = {
  head: 0,
  bySeverity: { info: 0, warning: 0, error: 0, critical: 0 },
  byChannel: {},
  bySource: [],
  perMinute: [],
};

function summaryAt(through: number): StatisticsQuestion {
  return { kind: 'summary', through, since: 0, now: 0 };
}

/** A desk whose steps are made by hand. */
function aDesk() {
  const counts = new FakeCounts();
  const answers: StatisticsAnswer[] = [];
  const steps: (() => void)[] = [];
  const now = { ms: 0 };
  const failure: { error: Error | null } = { error: null };
  const desk = new StatisticsDesk({
    counts: () => {
      if (failure.error !== null) throw failure.error;
      return counts;
    },
    post: (answer) => answers.push(answer),
    later: (step) => steps.push(step),
    clock: () => now.ms,
  });
  const step = (): boolean => {
    expect(steps.length).toBeLessThan(2);
    const next = steps.shift();
    next?.();
    return next !== undefined;
  };
  const finish = () => {
    while (step());
  };
  return { desk, counts, answers, step, finish, now, failure };
}

describe('the desk of the statistics', () => {
  it('counts the log to its end without being asked', () => {
    const { desk, counts, finish } = aDesk();
    desk.start();
    finish();
    expect(counts.checkpoint).toBe(10);
  });

  it('answers once what is asked about has been counted', () => {
    const { desk, answers, step, finish } = aDesk();
    desk.start();
    desk.take(1, summaryAt(3));
    expect(answers).toEqual([]);
    step();
    step();
    expect(answers).toEqual([{ id: 1, kind: 'done', value: { ...emptySummary, head: 3 } }]);
    finish();
    expect(answers).toHaveLength(1);
  });

  it('says how far it is when that takes too long, and goes on', () => {
    const { desk, counts, answers, step, finish, now } = aDesk();
    desk.start();
    desk.take(1, summaryAt(10));
    now.ms = 2_000;
    step();
    const reason = expect.stringContaining('2 of 10 records') as string;
    expect(answers).toEqual([{ id: 1, kind: 'behind', reason }]);
    finish();
    expect(counts.checkpoint).toBe(10);
  });

  it('takes counts that begin where it is, and reads the log for others', () => {
    const { desk, counts, answers, finish } = aDesk();
    desk.start();
    finish();
    desk.take(1, { kind: 'add', stretch: { after: 10, through: 20, tally: { slots: [], minutes: [] } } });
    expect(counts.checkpoint).toBe(20);
    desk.take(2, { kind: 'add', stretch: { after: 21, through: 23, tally: { slots: [], minutes: [] } } });
    finish();
    expect(counts.checkpoint).toBe(23);
    expect(answers.map(({ kind }) => kind)).toEqual(['done', 'done']);
  });

  it('answers with what went wrong, and tries again at the next message', () => {
    const { desk, answers, finish, failure } = aDesk();
    failure.error = new Error('database or disk is full');
    desk.start();
    desk.take(1, summaryAt(10));
    finish();
    failure.error = null;
    desk.take(2, summaryAt(10));
    finish();
    expect(answers).toEqual([
      { id: 1, kind: 'failed', error: 'database or disk is full' },
      { id: 2, kind: 'done', value: { ...emptySummary, head: 10 } },
    ]);
  });

  it('lets no question that fails spoil another', () => {
    const { desk, answers, finish } = aDesk();
    desk.start();
    desk.take(1, { kind: 'histogram', through: 10, range: { from: 0, to: 1, count: 1 } });
    desk.take(2, summaryAt(10));
    finish();
    expect(answers).toEqual([
      { id: 1, kind: 'failed', error: 'the log could not be read: disk I/O error' },
      { id: 2, kind: 'done', value: { ...emptySummary, head: 10 } },
    ]);
  });

  it('counts anew for a question that found the file damaged', () => {
    const { desk, counts, answers, finish } = aDesk();
    desk.start();
    finish();
    counts.isDamaged = true;
    desk.take(1, summaryAt(10));
    expect(answers).toEqual([]);
    finish();
    expect(answers).toEqual([{ id: 1, kind: 'done', value: { ...emptySummary, head: 10 } }]);
  });
});
