import type { Position } from '../../pipeline/event.ts';
import type { CountedStretch } from '../../pipeline/statistics.ts';
import type { BucketRange } from '../../pipeline/time-buckets.ts';

/** What the hub's thread and the statistics' thread say to each other. */

/** Answered once the log has been counted up to `through`. */
export type StatisticsQuestion = { readonly through: Position } & (
  | { readonly kind: 'summary'; readonly since: number; readonly now: number }
  | { readonly kind: 'histogram'; readonly range: BucketRange }
  | { readonly kind: 'positions'; readonly from: number; readonly to: number }
);

/** Done at once. */
export type StatisticsChange =
  { readonly kind: 'add'; readonly stretch: CountedStretch } | { readonly kind: 'forget'; readonly through: Position };

export type StatisticsRequest = StatisticsChange | StatisticsQuestion;

export type StatisticsMessage =
  { readonly kind: 'ask'; readonly id: number; readonly request: StatisticsRequest } | { readonly kind: 'close' };

/** One for each `ask`, in any order. */
export type StatisticsAnswer = { readonly id: number } & (
  | { readonly kind: 'done'; readonly value: unknown }
  /** The log is still being counted; `reason` is for people. */
  | { readonly kind: 'behind'; readonly reason: string }
  | { readonly kind: 'failed'; readonly error: string }
);
