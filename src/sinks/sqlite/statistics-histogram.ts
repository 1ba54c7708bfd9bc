import type Database from 'better-sqlite3';
import { severities } from '../../pipeline/event.ts';
import { slotMs } from '../../pipeline/event-counts.ts';
import { addCount, emptyCounts, TimeBuckets, type BucketRange } from '../../pipeline/time-buckets.ts';
import type { StatisticsLog } from './statistics-log.ts';
import { lengthOf, type StatisticsRuns } from './statistics-runs.ts';

/** Counts events by buckets of time. Slots that the edges of buckets cut in two are counted from the log, if that is no
 *  more than `maxEdge` positions to look at; else a bucket counts from the start of the slot that its edge is in. */
export class StatisticsHistogram {
  readonly #runs: StatisticsRuns;
  readonly #log: StatisticsLog;
  readonly #maxEdge: number;
  readonly #slots: Database.Statement<unknown[], number[]>;

  constructor(db: Database.Database, runs: StatisticsRuns, log: StatisticsLog, maxEdge: number) {
    this.#runs = runs;
    this.#log = log;
    this.#maxEdge = maxEdge;
    const sums = severities.map((severity) => `coalesce(sum(${severity}), 0)`).join(', ');
    this.#slots = db.prepare<unknown[], number[]>(`SELECT ${sums} FROM slots WHERE slot >= ? AND slot < ?`).raw();
  }

  /** See `Histogram.counts`. Null when buckets are narrower than slots and there is too much of the log to look at. */
  of(range: BucketRange): number[] | null {
    const buckets = new TimeBuckets(range);
    const edges = Array.from({ length: range.count + 1 }, (_, index) => buckets.edge(index) / slotMs);
    const cut = new Set(edges.filter((edge) => !Number.isInteger(edge)).map(Math.floor));
    const ranges = this.#runs.ofSlots([...cut]);
    if (lengthOf(ranges) > this.#maxEdge) return isFine(range) ? null : this.#sum(wholeSlots(edges));
    const counts = this.#sum(edges);
    this.#log.visit(ranges, range.from, range.to, (_, time, severity) => {
      if (cut.has(Math.floor(time / slotMs))) addCount(counts, buckets.indexOf(time), severity, 1);
    });
    return counts;
  }

  /** The slots that lie between two edges as a whole. */
  #sum(edges: readonly number[]): number[] {
    const counts = emptyCounts(edges.length - 1);
    for (let index = 0; index + 1 < edges.length; index += 1) {
      const slots = this.#slots.get(Math.ceil(edges[index] ?? 0), Math.floor(edges[index + 1] ?? 0));
      slots?.forEach((count, severity) => {
        addCount(counts, index, severity, count);
      });
    }
    return counts;
  }
}

function isFine({ from, to, count }: BucketRange): boolean {
  return (to - from) / count < slotMs;
}

/** The end is rounded up: what has just come is never missing. */
function wholeSlots(edges: readonly number[]): readonly number[] {
  return edges.map((edge, index) => (index + 1 < edges.length ? Math.floor(edge) : Math.ceil(edge)));
}
