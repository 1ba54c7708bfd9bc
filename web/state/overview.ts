import { signal } from '@preact/signals';
import type { SeverityCounts } from '../../src/pipeline/statistics.ts';
import type { CountsApi, Histogram, Stats } from '../api/counts-api.ts';
import { stretchOf, type Stretch } from '../query/time-terms.ts';
import { sumOf, totalOf } from './counts.ts';
import { Poll } from './poll.ts';
import { rangeMs, type Range } from './ranges.ts';
import { timeGrid, type TimeGrid } from './time-grid.ts';

/** What is to be counted. */
export interface Question {
  readonly query: string;
  readonly range: Range;
  /** Buckets at most. */
  readonly most: number;
}

/** The answer to one question, all of it of the same moment. */
export interface Snapshot {
  readonly question: Question;
  /** What the time terms of the query leave. */
  readonly stretch: Stretch;
  readonly grid: TimeGrid;
  readonly buckets: readonly SeverityCounts[];
  /** Of all events in the range, or, with a search, of those that match it. */
  readonly counts: SeverityCounts;
  /** The search took too long to count everything. */
  readonly isPartial: boolean;
  readonly pace: Pace;
  readonly stats: Stats;
}

/** Events a minute. */
export interface Pace {
  /** In the last 60 seconds; or, of a stretch that is over, on average. */
  readonly perMinute: number;
  readonly isMean: boolean;
  /** The minutes up to now, oldest first. */
  readonly minutes: readonly number[];
}

export interface OverviewParts {
  readonly api: CountsApi;
  readonly isHidden: () => boolean;
  readonly zoneMs: (now: number) => number;
}

const minuteMs = 60_000;
const paceMinutes = 15;
/** A clock that differs by less is as good as right; what is measured includes the way of the answer. */
const clockSlackMs = 2_000;

/** The numbers over the list. They always come from the hub as a whole, never half counted here: a number that was guessed
 *  between two answers would have to be taken back. What arrives on the page only makes it ask sooner. */
export class Overview {
  readonly snapshot = signal<Snapshot | null>(null);
  /** Since when (milliseconds since 1970) the hub has not answered; null while it does. */
  readonly failingSince = signal<number | null>(null);
  readonly #parts: OverviewParts;
  readonly #poll: Poll;
  #question: Question = { query: '', range: '1h', most: 60 };
  /** How far the hub's clock is ahead of this one. */
  #skewMs = 0;

  constructor(parts: OverviewParts) {
    this.#parts = parts;
    this.#poll = new Poll({
      ask: (request) => this.#answer(request),
      idleMs: 5_000,
      busyMs: 2_000,
      isHidden: parts.isHidden,
    });
  }

  /** Another question, or the same when the page or the hub is back: asks at once. */
  ask(question: Question): void {
    this.#question = question;
    this.#poll.restart();
  }

  /** Events came: asks soon. */
  nudge(): void {
    this.#poll.nudge();
  }

  async #answer(request: AbortSignal): Promise<void> {
    try {
      const snapshot = await this.#read(this.#question, request);
      if (request.aborted) return;
      this.snapshot.value = snapshot;
      this.failingSince.value = null;
    } catch {
      if (!request.aborted) this.failingSince.value ??= Date.now();
    }
  }

  async #read(question: Question, request: AbortSignal): Promise<Snapshot> {
    const { query, range, most } = question;
    const stretch = stretchOf(query, this.#now());
    const isOver = stretch.to !== null && stretch.to <= this.#now();
    const recent = isOver ? null : await this.#readMinutes(query, request);
    const now = this.#now();
    const grid = timeGrid({ stretch, rangeMs: rangeMs[range], now, most, zoneMs: this.#parts.zoneMs(now) });
    const [stats, histogram] = await Promise.all([
      this.#parts.api.stats(range, request),
      this.#parts.api.histogram(
        { q: query, since: instantText(grid.from), until: instantText(grid.to), buckets: grid.count },
        request,
      ),
    ]);
    const { buckets, countedAfter } = histogram;
    const counts = query === '' ? stats.bySeverity : sumOf(buckets);
    const isPartial = countedAfter !== undefined;
    const pace = recent === null ? meanOf(counts, grid) : paceOf(recent);
    return { question, stretch, grid, buckets, counts, isPartial, pace, stats };
  }

  /** The hub says what the time is by the way. */
  async #readMinutes(q: string, request: AbortSignal): Promise<Histogram> {
    const since = `${String(paceMinutes)}m`;
    const histogram = await this.#parts.api.histogram({ q, since, buckets: paceMinutes }, request);
    const skewMs = Date.parse(histogram.to) - Date.now();
    if (Math.abs(skewMs - this.#skewMs) > clockSlackMs) this.#skewMs = skewMs;
    return histogram;
  }

  #now(): number {
    return Date.now() + this.#skewMs;
  }
}

function paceOf({ buckets }: Histogram): Pace {
  const minutes = buckets.map(totalOf);
  return { perMinute: minutes.at(-1) ?? 0, isMean: false, minutes };
}

function meanOf(counts: SeverityCounts, { from, to }: TimeGrid): Pace {
  return { perMinute: Math.round((totalOf(counts) / (to - from)) * minuteMs), isMean: true, minutes: [] };
}

function instantText(at: number): string {
  return new Date(at).toISOString();
}
