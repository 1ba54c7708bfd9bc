import { concatWith, defer, Observable, tap } from 'rxjs';
import type { Sink } from '../pipeline/component.ts';
import type { Position } from '../pipeline/event.ts';
import { EventCounts } from '../pipeline/event-counts.ts';
import type { EventLog } from '../pipeline/event-log.ts';
import { readFilter, type Filter } from '../pipeline/filter.ts';
import type { LogRecord } from '../pipeline/record.ts';
import { RecurringFailure } from '../pipeline/recurring-failure.ts';
import type { EventCounter, Histogram, Statistics, StatisticsIndex, Summary } from '../pipeline/statistics.ts';
import type { BucketRange } from '../pipeline/time-buckets.ts';

const flushMs = 1_000;
/** Numbers that are handed over at once, before the second has passed. */
const flushSize = 10_000;
/** With more, the index being slow, nothing is held and the index reads the log instead. */
const maxSize = 50_000;
const everyEvent = readFilter({}, 0);

export interface LiveStatisticsOptions {
  readonly log: Pick<EventLog, 'head'>;
  readonly index: StatisticsIndex;
  readonly counter: EventCounter;
  readonly reportFailure: (error: unknown) => void;
}

/** Counts what is recorded as it comes by and hands the counts to the index about once a second, and before each read.
 *  The counts spare the index the reading of the log, and that is all: dropping them is always right. */
export class LiveStatistics implements Statistics {
  readonly #options: LiveStatisticsOptions;
  readonly #failure: RecurringFailure;
  #stretch: Stretch | null = null;
  #adding: Promise<unknown> | null = null;

  constructor(options: LiveStatisticsOptions) {
    this.#options = options;
    this.#failure = new RecurringFailure(options.reportFailure);
  }

  /** The sink. */
  readonly sink: Sink = (recorded$) =>
    new Observable<unknown>((subscriber) => {
      const timer = setInterval(() => void this.#flush(), flushMs);
      const subscription = recorded$
        .pipe(
          tap((batch) => {
            this.#count(batch);
          }),
          concatWith(defer(() => this.#flushAll())),
        )
        .subscribe(subscriber);
      return () => {
        clearInterval(timer);
        subscription.unsubscribe();
      };
    });

  summary(since: number, now: number): Promise<Summary> {
    void this.#flush();
    return this.#options.index.summary(this.#options.log.head, since, now);
  }

  async histogram(range: BucketRange, filter: Filter | null): Promise<Histogram> {
    const { index, counter, log } = this.#options;
    void this.#flush();
    const counts = filter === null ? await index.histogram(log.head, range) : null;
    if (counts !== null) return { counts, countedAfter: null };
    const positions = await index.positions(log.head, range.from, range.to);
    return counter.count({ range, filter: filter ?? everyEvent, positions });
  }

  #count(batch: readonly LogRecord[]): void {
    const stretch = this.#stretchTo(batch[0]?.value.position ?? 0);
    stretch.through += batch.length;
    if (stretch.counts === null) return;
    for (const { value } of batch) if (value.type === 'event') stretch.counts.addEvent(value);
    const { size } = stretch.counts;
    if (size > maxSize) stretch.counts = null;
    if (size > flushSize) void this.#flush();
  }

  /** What is counted so far, up to `position`. */
  #stretchTo(position: Position): Stretch {
    const before = position - 1;
    const stretch = (this.#stretch ??= { after: before, through: before, counts: new EventCounts() });
    // The log holds what lies between: a commit that seemed to fail, or batches from before this sink was restarted.
    if (stretch.through !== before) stretch.counts = null;
    stretch.through = before;
    return stretch;
  }

  async #flushAll(): Promise<void> {
    await this.#adding;
    await this.#flush();
  }

  /** One at a time, so that what waits for the index is bounded. */
  async #flush(): Promise<void> {
    if (this.#stretch === null || this.#adding !== null) return;
    const { after, through, counts } = this.#stretch;
    this.#stretch = null;
    this.#adding = this.#options.index
      .add({ after, through, tally: counts?.tally ?? null })
      .then(
        () => this.#failure.end(),
        (error: unknown) => this.#failure.report(error),
      )
      .finally(() => (this.#adding = null));
    await this.#adding;
  }
}

interface Stretch {
  readonly after: Position;
  through: Position;
  counts: EventCounts | null;
}
