import { severities } from './event.ts';

/** A stretch of time in milliseconds since 1970, `to` not included, cut into `count` buckets. */
export interface BucketRange {
  readonly from: number;
  readonly to: number;
  /** At most one for each millisecond. */
  readonly count: number;
}

/** Buckets of equal width side by side, or as equal as whole milliseconds allow. */
export class TimeBuckets {
  readonly count: number;
  readonly from: number;
  readonly to: number;

  constructor({ from, to, count }: BucketRange) {
    this.from = from;
    this.to = to;
    this.count = count;
  }

  /** Where a bucket begins, which is where the one before it ends. */
  edge(index: number): number {
    // Whole widths and rest apart: their product with the index is exact over all years there are.
    const width = Math.floor((this.to - this.from) / this.count);
    const rest = (this.to - this.from) % this.count;
    return this.from + index * width + Math.floor((index * rest) / this.count);
  }

  /** The bucket that a time falls into; the time must be one of the range. */
  indexOf(time: number): number {
    let index = Math.floor(((time - this.from) / (this.to - this.from)) * this.count);
    while (index > 0 && this.edge(index) > time) index -= 1;
    while (index + 1 < this.count && this.edge(index + 1) <= time) index += 1;
    return index;
  }
}

/** Counts of no events: of each bucket in turn, one for each severity. */
export function emptyCounts(buckets: number): number[] {
  return Array.from({ length: buckets * severities.length }, () => 0);
}

export function addCount(counts: number[], bucket: number, severity: number, count: number): void {
  const at = bucket * severities.length + severity;
  counts[at] = (counts[at] ?? 0) + count;
}
