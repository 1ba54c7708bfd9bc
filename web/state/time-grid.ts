import type { Stretch } from '../query/time-terms.ts';

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** Widths that a person reads without counting, each in milliseconds. */
export const stepsMs = [
  ...[1, 2, 5, 10, 15, 30].map((seconds) => seconds * second),
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * minute),
  ...[1, 2, 3, 6, 12].map((hours) => hours * hour),
  ...[1, 2, 7, 14, 28, 91, 182, 365, 3_650, 36_500].map((days) => days * day),
] as const;

/** Buckets of `step` milliseconds side by side. Their edges lie on round times, so that they stay where they are while time
 *  goes on, and only whole buckets come and go. */
export interface TimeGrid {
  readonly from: number;
  readonly to: number;
  readonly step: number;
  readonly count: number;
  /** The last bucket is still being filled. */
  readonly isOpen: boolean;
}

export interface GridRequest {
  /** What is open of it ends now and begins `rangeMs` before its end. */
  readonly stretch: Stretch;
  readonly rangeMs: number;
  readonly now: number;
  /** At most so many buckets, but for what is cut at both ends. */
  readonly most: number;
  /** How far the reader's clock is ahead of UTC: days begin where the reader's do. */
  readonly zoneMs: number;
}

/** The narrowest round buckets that cover the stretch. */
export function timeGrid({ stretch, rangeMs, now, most, zoneMs }: GridRequest): TimeGrid {
  const isOpen = stretch.to === null || stretch.to > now;
  const end = stretch.to === null || stretch.to > now ? now + 1 : stretch.to;
  // A stretch that has not begun, or that ends before it begins, still is one.
  const begin = Math.min(stretch.from ?? end - rangeMs, end - 1);
  const step = stepFor(end - begin, most);
  const from = Math.floor((begin + zoneMs) / step) * step - zoneMs;
  const to = Math.ceil((end + zoneMs) / step) * step - zoneMs;
  return { from, to, step, count: Math.round((to - from) / step), isOpen };
}

/** The smallest step that cuts `spanMs` into no more than `most`. */
export function stepFor(spanMs: number, most: number): number {
  return stepsMs.find((step) => spanMs / step <= most) ?? stepsMs[stepsMs.length - 1] ?? day;
}

/** Round times inside of the grid, at most `most` of them, to be written below it. */
export function ticksOf({ from, to }: TimeGrid, most: number, zoneMs: number): number[] {
  const step = stepFor(to - from, most);
  const first = Math.ceil((from + zoneMs) / step) * step - zoneMs;
  return Array.from({ length: Math.max(0, Math.ceil((to - first) / step)) }, (_, index) => first + index * step);
}
