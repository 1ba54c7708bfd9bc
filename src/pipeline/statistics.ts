import type { Position, Severity } from './event.ts';
import type { Tally } from './event-counts.ts';
import type { Filter } from './filter.ts';
import type { BucketRange } from './time-buckets.ts';

export type SeverityCounts = Readonly<Record<Severity, number>>;

/** Counts of the events whose `time` is not before some instant. */
export interface Summary {
  /** The counts are of the log up to this position. */
  readonly head: Position;
  readonly bySeverity: SeverityCounts;
  readonly byChannel: Readonly<Record<string, number>>;
  /** The ten with the most events, most first. */
  readonly bySource: readonly { readonly source: string; readonly count: number }[];
  /** One for each minute up to now, oldest first, at most {@link maxMinutes}; `time` in milliseconds since 1970. */
  readonly perMinute: readonly ({ readonly time: number } & SeverityCounts)[];
}

/** A day. */
export const maxMinutes = 1_440;

export interface Histogram {
  /** Of each bucket in turn, the events of each severity. */
  readonly counts: readonly number[];
  /** Only events after this position are counted, since the search took too long; null when all are. */
  readonly countedAfter: Position | null;
}

/** How many events there were and when. Everything that the log held at the time of the call is in the answer, and
 *  decisions are not counted.
 *
 *  Edges are exact to the millisecond, unless so many events lie around them that looking at each would take too long:
 *  then `since` counts from the start of its minute, and a bucket from the start of a slot of ten seconds.
 *
 *  Rejects with `unavailable` while the log is being counted anew and that takes longer than a moment. */
export interface Statistics {
  summary(since: number, now: number): Promise<Summary>;
  /** With a filter the log is searched, for two seconds at most. */
  histogram(range: BucketRange, filter: Filter | null): Promise<Histogram>;
}

/** What a stretch of the log adds to the counts. */
export interface CountedStretch {
  /** Exclusive. */
  readonly after: Position;
  readonly through: Position;
  /** Null when they are to be read from the log. */
  readonly tally: Tally | null;
}

/** Exclusive bounds. */
export interface PositionRange {
  readonly after: Position;
  readonly before: Position;
}

/** Where the counts are kept: a projection of the log with a checkpoint. What it is not told, or is told twice, it finds
 *  out from the log, so that no order of calls makes it wrong. `through` is the position that an answer must include. */
export interface StatisticsIndex {
  add(stretch: CountedStretch): Promise<void>;
  summary(through: Position, since: number, now: number): Promise<Summary>;
  /** See `Histogram.counts`. Null when it would take a search of the log. */
  histogram(through: Position, range: BucketRange): Promise<readonly number[] | null>;
  /** Ranges, ascending, that hold every event with a time from `from` until before `to`, among others. */
  positions(through: Position, from: number, to: number): Promise<readonly PositionRange[]>;
  /** Takes what the log holds up to `through` out of the counts. To be called before it is removed there. */
  forget(through: Position): Promise<void>;
  close(): Promise<void>;
}

export interface CountRequest {
  readonly range: BucketRange;
  readonly filter: Filter;
  /** Where to look. */
  readonly positions: readonly PositionRange[];
}

/** Counts matching events by time, newest positions first, for two seconds at most. */
export interface EventCounter {
  count(request: CountRequest): Promise<Histogram>;
}

/** How mail is going: `off` when none is set up, `paused` while the mail server refuses all of it. */
export interface EmailStatus {
  readonly state: 'off' | 'ok' | 'paused';
  readonly sent: number;
  readonly pending: number;
  readonly dead: number;
}
